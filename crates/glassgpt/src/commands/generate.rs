//! `glassgpt generate`: let a model write, and say of each text whether it is new.

use std::io::{IsTerminal, Write};

use glassgpt_core::SamplingError;
use glassgpt_lab::engine::Writer;
use serde::Serialize;

use crate::args::{ModelArgs, SamplingArgs};
use crate::exit_codes::Exit;
use crate::interrupt;
use crate::models::ReadyModel;
use crate::output::{DIM, Out, count, json_line, left, plain, stdout, talk, thousands};

/// Let a model write.
///
/// Each text is marked: "new", or "in the data" if it stands in the corpus. The model comes from a file (--model) or is
/// trained on the spot.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    model: ModelArgs,
    /// How every text begins.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, help_heading = "Drawing")]
    prefix: String,
    /// Texts to write.
    #[arg(short, long = "count", value_name = "N", default_value_t = 20, help_heading = "Drawing",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    n: u32,
    #[command(flatten)]
    sampling: SamplingArgs,
    /// Seed of the drawing, a whole number from -9223372036854775808 to 9223372036854775807 [default: 42
    /// with --model; else the training's generator goes on, as in microgpt.py].
    #[arg(long, value_name = "N", value_parser = crate::args::seed, allow_negative_numbers = true, help_heading = "Drawing")]
    seed: Option<i64>,
    /// Print one JSON value a line and text.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

/// What stands on a line of `--json`.
#[derive(Serialize)]
struct Sample<'a> {
    r#type: &'static str,
    index: usize,
    text: &'a str,
    /// Null if nobody knows the corpus.
    in_corpus: Option<bool>,
}

/// Gets the model and lets it write.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let sampling = args.sampling.checked()?;
    let mut prefix = Vec::new();
    let model = ReadyModel::get(&args.model, args.seed, |plan, tokenizer| {
        prefix = tokenizer.encode(&args.prefix)?;
        let block_size = plan.config().block_size as usize;
        if prefix.len() >= block_size {
            return Err(SamplingError::PrefixTooLong { len: prefix.len(), max: block_size - 1, block_size }.into());
        }
        Ok(())
    })?;
    let predictor = model.engine.predictor(&model.plan, &model.params);
    let writer = Writer::new(predictor, model.tokenizer.bos(), model.random.clone(), sampling, prefix);
    let mut out = stdout();
    let mut known = Some(0);
    for (i, tokens) in writer.take(args.n as usize).enumerate() {
        interrupt::check()?;
        let text = model.tokenizer.decode(&tokens?);
        let in_corpus = model.in_corpus(&text);
        known = known.zip(in_corpus).map(|(known, yes)| known + u32::from(yes));
        if args.json {
            json_line(&mut out, &Sample { r#type: "sample", index: i + 1, text: &text, in_corpus })?;
        } else {
            print_sample(&mut out, &text, in_corpus, model.plan.config().block_size)?;
        }
    }
    if !args.json {
        talk(&match known {
            Some(known) => how_many_new(args.n - known, args.n),
            None => "the corpus is not in the model file, so it is not known which texts are in the data".to_string(),
        });
    }
    Ok(Exit::Success)
}

/// `12 of 20 texts are new`
pub(crate) fn how_many_new(new: u32, all: u32) -> String {
    let are = if new == 1 || all == 1 { "is" } else { "are" };
    format!("{} of {} {are} new", thousands(new), count(all as usize, "text"))
}

/// One text a line, and whether it is new. `longest` is the most characters a text can have.
pub(crate) fn print_sample(out: &mut Out, text: &str, in_corpus: Option<bool>, longest: u32) -> std::io::Result<()> {
    let width = (longest as usize).min(40);
    if !std::io::stdout().is_terminal() {
        // Every character as it is: [`Out`] would drop what a terminal obeys.
        let line = match in_corpus {
            Some(true) => left(text, width) + "  in the data",
            Some(false) => left(text, width) + "  new",
            None => text.to_string(),
        };
        return std::io::stdout().lock().write_all((line + "\n").as_bytes());
    }
    let text = plain(text);
    match in_corpus {
        Some(true) => writeln!(out, "{}  {DIM}in the data{DIM:#}", left(&text, width)),
        Some(false) => writeln!(out, "{}  new", left(&text, width)),
        None => writeln!(out, "{text}"),
    }
}

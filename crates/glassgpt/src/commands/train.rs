//! `glassgpt train`: train a model, then let it write with the same generator, as microgpt.py does.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use glassgpt_core::{Config, Preset, Sampling, fmath};
use glassgpt_lab::engine::{Engine, EngineKind};
use glassgpt_lab::fingerprint::sha256_of_f64;
use glassgpt_lab::model_file::SavedModel;
use serde::Serialize;

use crate::args::{EngineArgs, ExperimentArgs, checked};
use crate::commands::generate::print_sample;
use crate::commands::graph::check_graph_fits;
use crate::corpora::NamedCorpus;
use crate::exit_codes::Exit;
use crate::models::{farewell, greeting, provenance};
use crate::output::{Out, count, json_line, size, stdout, talk};
use crate::training::{Diverged, Outcome, StepFacts, train};
use crate::{files, interrupt};

/// Train a model, then let it write.
///
/// Reproduces microgpt.py bit for bit: the same losses, the same parameters, the same names. Settings not given are the
/// preset's; the corpus too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    experiment: ExperimentArgs,
    /// Seed of the random generator, any whole number [default: the preset's].
    #[arg(long, value_name = "N", allow_negative_numbers = true, help_heading = "Experiment")]
    seed: Option<i64>,
    #[command(flatten)]
    engine: EngineArgs,
    /// Texts to write after training.
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Output",
          value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    samples: u32,
    /// Temperature of these texts.
    #[arg(long, value_name = "T", default_value_t = 0.5, allow_negative_numbers = true, help_heading = "Output")]
    temperature: f64,
    /// Write the trained model to this file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Print one JSON event a line; the last one is the summary.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

/// What stands on a line of `--json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event<'a> {
    Started {
        version: &'static str,
        engine: EngineKind,
        preset: Option<Preset>,
        corpus: &'a str,
        corpus_sha256: &'a str,
        config: &'a Config,
        num_docs: usize,
        vocab_size: usize,
        num_params: usize,
        uniform_loss: f64,
    },
    Step(&'a StepFacts),
    Diverged(&'a Diverged),
    Sample {
        index: usize,
        text: &'a str,
        in_corpus: bool,
    },
    Summary(Summary),
}

#[derive(Serialize)]
struct Summary {
    engine: EngineKind,
    steps: u32,
    num_params: usize,
    num_docs: usize,
    vocab_size: usize,
    loss: f64,
    params_sha256: String,
    m_sha256: String,
    v_sha256: String,
    samples: Vec<String>,
    wall_secs: f64,
    us_per_step: f64,
}

/// Trains, writes, saves and sums up.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let began = Instant::now();
    let sampling = checked(Sampling { temperature: args.temperature, ..Sampling::default() })?;
    if let Some(path) = &args.out {
        files::check_writable(path).with_context(|| cannot_write(path))?;
    }
    let (corpus, setup) = args.experiment.set_up(args.seed)?;
    if args.engine.engine == EngineKind::Scalar {
        check_graph_fits(&setup.plan, setup.documents.longest() - 1)?;
    }
    let mut engine = Engine::new(args.engine.engine, setup);
    let mut out = stdout();
    started(args, &mut out, &engine, &corpus)?;
    let outcome = train(&mut engine, |facts| if args.json { json_line(&mut out, &Event::Step(facts)) } else { Ok(()) });
    if let Some(diverged) = outcome.as_ref().err().and_then(|error| error.downcast_ref::<Diverged>())
        && args.json
    {
        json_line(&mut out, &Event::Diverged(diverged))?;
    }
    let outcome = outcome?;
    if !args.json {
        talk(&farewell(&outcome));
    }
    if let Some(path) = &args.out {
        save(path, &engine, &outcome, &corpus)?;
    }
    let samples = write(args, &mut out, &engine, sampling, &corpus)?;
    if args.json {
        let wall_secs = began.elapsed().as_secs_f64();
        json_line(&mut out, &Event::Summary(Summary::new(&engine, &outcome, samples, wall_secs)))?;
    } else {
        talk(&format!("params_sha256 {}", sha256_of_f64(engine.params())));
    }
    Ok(Exit::Success)
}

fn started(args: &Args, out: &mut Out, engine: &Engine, corpus: &NamedCorpus) -> anyhow::Result<()> {
    if !args.json {
        talk(&greeting(engine, corpus));
        return Ok(());
    }
    let setup = engine.setup();
    let config = setup.plan.config();
    let vocab_size = setup.tokenizer.vocab_size();
    let event = Event::Started {
        version: env!("CARGO_PKG_VERSION"),
        engine: engine.kind(),
        preset: Preset::ALL.into_iter().find(|p| p.config() == *config && p.corpus() == corpus.name),
        corpus: &corpus.name,
        corpus_sha256: &corpus.sha256,
        config,
        num_docs: setup.documents.len(),
        vocab_size,
        num_params: setup.params.len(),
        uniform_loss: fmath::ln(vocab_size as f64),
    };
    json_line(out, &event)
}

/// Writes the samples, from a copy of the training's generator.
fn write(
    args: &Args,
    out: &mut Out,
    engine: &Engine,
    sampling: Sampling,
    corpus: &NamedCorpus,
) -> anyhow::Result<Vec<String>> {
    let mut samples = Vec::new();
    let mut new = 0;
    for tokens in engine.writer(sampling, Vec::new()).take(args.samples as usize) {
        interrupt::check()?;
        let text = engine.setup().tokenizer.decode(&tokens?);
        let in_corpus = corpus.corpus.contains(&text);
        new += usize::from(!in_corpus);
        let index = samples.len() + 1;
        if args.json {
            json_line(out, &Event::Sample { index, text: &text, in_corpus })?;
        } else {
            print_sample(out, &text, Some(in_corpus), engine.setup().plan.config().block_size)?;
        }
        samples.push(text);
    }
    if !args.json && !samples.is_empty() {
        talk(&format!("{new} of {} are new", count(samples.len(), "text")));
    }
    Ok(samples)
}

fn save(path: &Path, engine: &Engine, outcome: &Outcome, corpus: &NamedCorpus) -> anyhow::Result<()> {
    let setup = engine.setup();
    let model = SavedModel {
        plan: setup.plan.clone(),
        tokenizer: setup.tokenizer.clone(),
        params: setup.params.clone(),
        provenance: provenance(engine, outcome, corpus),
        corpus: Some(corpus.corpus.clone()),
    };
    let json = model.to_json()?;
    files::write_whole(path, json.as_bytes()).with_context(|| cannot_write(path))?;
    talk(&format!("wrote {} ({})", path.display(), size(json.len())));
    Ok(())
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write --out {}", path.display())
}

impl Summary {
    fn new(engine: &Engine, outcome: &Outcome, samples: Vec<String>, wall_secs: f64) -> Self {
        let setup = engine.setup();
        Self {
            engine: engine.kind(),
            steps: outcome.last.step,
            num_params: setup.params.len(),
            num_docs: setup.documents.len(),
            vocab_size: setup.tokenizer.vocab_size(),
            loss: outcome.last.loss,
            params_sha256: sha256_of_f64(&setup.params),
            m_sha256: sha256_of_f64(&engine.adam().m),
            v_sha256: sha256_of_f64(&engine.adam().v),
            samples,
            wall_secs,
            us_per_step: outcome.us_per_step(),
        }
    }
}

//! `glassgpt export`: a trained model, its loss curve or the whole run on paper.
//!
//! Why beside `train --out`: other programs read other formats, and a trace proves what a model file only says.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::ValueEnum;
use glassgpt_lab::Session;
use glassgpt_lab::address::Address;
use glassgpt_lab::engine::TrainedBy;
use glassgpt_lab::fingerprint::sha256_of_f64;
use glassgpt_lab::loss_csv::loss_csv;
use glassgpt_lab::model_file::SavedModel;
use glassgpt_lab::protocol::Command;
use glassgpt_lab::tensors::safetensors;
use glassgpt_lab::trace::Trace;

use crate::args::{EXPERIMENT_FLAGS, ExperimentArgs};
use crate::corpora::NamedCorpus;
use crate::exit_codes::Exit;
use crate::models::{fall, introduction, provenance, read_model};
use crate::output::{size, talk, write_bytes};
use crate::training::{Diverged, StepFacts};
use crate::{files, sessions};

/// Train, and write the model, its losses or the whole run to a file.
///
/// The bits are those of `glassgpt train`. Settings stay within the lab's bounds, tighter than those below, because every
/// step is kept. A run that diverges still has its trace and its csv, up to the step that failed; the exit code is 3.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to write.
    #[arg(value_name = "FORMAT")]
    format: Format,
    /// Write to this file [default: standard output].
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,
    /// Numbers to keep in the trace, as they were at the last step, such as probs or layer0.head1.weights. Can be
    /// repeated; docs/addresses.md lists them all.
    #[arg(long, value_name = "ADDRESS", help_heading = "Output")]
    observe: Vec<Address>,
    /// Take the model from this file instead of training one; for model and safetensors.
    #[arg(long, value_name = "FILE", conflicts_with_all = EXPERIMENT_FLAGS, conflicts_with = "seed")]
    model: Option<PathBuf>,
    #[command(flatten)]
    experiment: ExperimentArgs,
    /// Seed of the random generator, a whole number from -9007199254740991 to 9007199254740991
    /// [default: the preset's].
    #[arg(long, value_name = "N", value_parser = crate::args::session_seed, allow_negative_numbers = true, help_heading = "Experiment")]
    seed: Option<i64>,
}

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Settings, vocabulary and parameters as JSON: the file that `glassgpt train --out` writes.
    Model,
    /// Settings, all figures of all steps and the parameters' fingerprint as JSON: what `glassgpt replay` trains again.
    Trace,
    /// The figures of every step on a line, for spreadsheets and plots.
    Csv,
    /// The parameters in double precision, for other programs: a binary file.
    Safetensors,
}

impl Format {
    fn name(self) -> &'static str {
        match self {
            Format::Model => "model",
            Format::Trace => "trace",
            Format::Csv => "csv",
            Format::Safetensors => "safetensors",
        }
    }

    /// Whether it is about the training, which a model file does not hold.
    fn tells_of_steps(self) -> bool {
        matches!(self, Format::Trace | Format::Csv)
    }
}

/// Gets the model, by training or from a file, and writes.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    check(args)?;
    let Some(path) = &args.model else { return train(args) };
    let model = read_model(path)?;
    deliver(args, &of_model(args.format, &model)?)?;
    Ok(Exit::Success)
}

/// Refuses, before any work is done, what cannot be.
fn check(args: &Args) -> anyhow::Result<()> {
    let name = args.format.name();
    if args.model.is_some() && args.format.tells_of_steps() {
        bail!(
            "a model file does not tell of the steps that made it, so it has no {name}; leave out --model to train anew"
        );
    }
    if !args.observe.is_empty() && args.format != Format::Trace {
        bail!("--observe is for a trace, and {name} has no room for it; `glassgpt export trace` has");
    }
    match &args.out {
        Some(path) => files::check_writable(path).with_context(|| cannot_write(path)),
        None if args.format == Format::Safetensors && std::io::stdout().is_terminal() => {
            bail!("safetensors is a binary file, and standard output is a terminal; name a file with --out FILE")
        }
        None => Ok(()),
    }
}

fn train(args: &Args) -> anyhow::Result<Exit> {
    let (corpus, mut session) = sessions::set_up(&args.experiment, args.seed)?;
    if !args.observe.is_empty() {
        session.apply(Command::Observe { addresses: args.observe.clone() }).context("--observe")?;
    }
    talk(&introduction(session.trainer().setup(), &corpus.name, "fused engine"));
    let busy = sessions::train(&mut session)?;
    let diverged = diverged(&session);
    if let Some(diverged) = &diverged
        && !args.format.tells_of_steps()
    {
        return Err(diverged.clone().into());
    }
    deliver(args, &of_session(args, &session, &corpus)?)?;
    if let Some(diverged) = diverged {
        return Err(diverged.into());
    }
    tell_end(&session, busy);
    Ok(Exit::Success)
}

fn of_session(args: &Args, session: &Session, corpus: &NamedCorpus) -> anyhow::Result<Vec<u8>> {
    match args.format {
        Format::Csv => Ok(loss_csv(&session.line().records).into_bytes()),
        Format::Trace => {
            let trace = session.export();
            tell_missing(&args.observe, &trace);
            Ok(trace.to_json().into_bytes())
        }
        Format::Model | Format::Safetensors => of_model(args.format, &model(session, corpus)?),
    }
}

/// The model of a finished session, as `train` would save it.
fn model(session: &Session, corpus: &NamedCorpus) -> anyhow::Result<SavedModel> {
    let setup = session.trainer().setup();
    let records = session.line().records;
    let last = records.last().context("a finished run has at least one step")?;
    Ok(SavedModel {
        plan: setup.plan.clone(),
        tokenizer: setup.tokenizer.clone(),
        params: setup.params.clone(),
        provenance: provenance(TrainedBy::Fused, &setup.params, &last.into(), corpus),
        corpus: Some(corpus.corpus.clone()),
    })
}

fn of_model(format: Format, model: &SavedModel) -> anyhow::Result<Vec<u8>> {
    Ok(match format {
        Format::Safetensors => safetensors(&model.plan, &model.params),
        _ => model.to_json()?.into_bytes(),
    })
}

fn deliver(args: &Args, bytes: &[u8]) -> anyhow::Result<()> {
    match &args.out {
        Some(path) => {
            files::write_whole(path, bytes).with_context(|| cannot_write(path))?;
            talk(&format!("wrote {} ({})", path.display(), size(bytes.len())));
            Ok(())
        }
        None => Ok(write_bytes(bytes)?),
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write --out {}", path.display())
}

/// What a session's divergence is in the shell.
fn diverged(session: &Session) -> Option<Diverged> {
    session.status().divergence.clone().map(|divergence| Diverged {
        step: divergence.step,
        doc: divergence.doc,
        reason: divergence.reason.into(),
        learning_rate: session.experiment().config.learning_rate,
    })
}

/// A document may be too short for a position that others have.
fn tell_missing(observed: &[Address], trace: &Trace) {
    for address in observed {
        let of = |kept: &Address| Address { step: None, ..kept.clone() } == *address;
        if !trace.activations.iter().any(|reading| of(&reading.address)) {
            talk(&format!("{address} is not in the trace: the document of the last step does not have it"));
        }
    }
}

fn tell_end(session: &Session, busy: Duration) {
    let records = session.line().records;
    if let (Some(first), Some(last)) = (records.first(), records.last()) {
        let [first, last] = [first, last].map(StepFacts::from);
        talk(&format!("{} in {:.2} s", fall(&first, &last), busy.as_secs_f64()));
    }
    talk(&format!("params_sha256 {}", sha256_of_f64(session.trainer().params())));
}

//! `glassgpt train`: train a model, then let it write with the same generator, as microgpt.py does.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use glassgpt_core::{Adam, Config, Preset, Sampling, Setup, fmath};
use glassgpt_lab::engine::{Engine, EngineKind, TrainedBy, Writer};
use glassgpt_lab::fingerprint::sha256_of_f64;
use glassgpt_lab::model_file::SavedModel;
use serde::Serialize;

use crate::args::{ExperimentArgs, TrainerArgs, checked};
use crate::commands::generate::{how_many_new, print_sample};
use crate::commands::graph::check_graph_fits;
use crate::corpora::NamedCorpus;
use crate::exit_codes::{Exit, is_closed_pipe};
use crate::models::{farewell, greeting, provenance};
use crate::output::{Out, json_line, size, stdout, talk};
use crate::training::{BatchRun, Diverged, Outcome, StepFacts, Trainee, check_finite, train};
use crate::turbo_run::TurboRun;
use crate::{files, interrupt};

/// Train a model, then let it write.
///
/// Reproduces microgpt.py bit for bit: the same losses, the same parameters, the same names. Settings not given are the
/// preset's; the corpus too. Only --engine turbo gives up the bits for speed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    experiment: ExperimentArgs,
    /// Seed of the random generator, a whole number from -9223372036854775808 to 9223372036854775807
    /// [default: the preset's].
    #[arg(long, value_name = "N", value_parser = crate::args::seed, allow_negative_numbers = true, help_heading = "Experiment")]
    seed: Option<i64>,
    #[command(flatten)]
    trainer: TrainerArgs,
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
        #[serde(flatten)]
        about: About,
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

/// What trains.
#[derive(Clone, Copy, Serialize)]
struct About {
    engine: TrainedBy,
    /// Whether its bits are microgpt.py's: those of every document's gradient, if a step takes several.
    exact: bool,
    /// Null for the scalar engine, which has none.
    backend: Option<&'static str>,
    /// Documents a step.
    batch: u32,
}

#[derive(Serialize)]
struct Summary {
    #[serde(flatten)]
    about: About,
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
    let (by, batch, threads) = (args.trainer.engine, args.trainer.batch()?, args.trainer.threads()?);
    let backend = args.trainer.backend.asked()?;
    if let Some(path) = &args.out {
        if files::is_stdout(path) && (args.json || args.samples > 0) {
            bail!(
                "--out {} sends the model to standard output, where the samples and the events of --json go, too; \
                 add --samples 0 and leave --json out, or name a file",
                path.display()
            );
        }
        files::check_writable(path).with_context(|| cannot_write(path))?;
    }
    let (corpus, setup) = args.experiment.set_up(args.seed)?;
    let mut out = stdout();
    let mut trainee: Box<dyn Trainee> = match by.exact() {
        None => Box::new(TurboRun::new(setup, batch, backend)),
        Some(kind) => {
            let backend = args.trainer.backend.chosen_for(kind)?;
            if kind == EngineKind::Scalar {
                check_graph_fits(&setup.plan, setup.documents.longest() - 1)?;
            }
            if batch == 1 {
                Box::new(Engine::on(kind, backend, setup))
            } else {
                Box::new(BatchRun::start(backend, setup, batch as usize, threads))
            }
        }
    };
    let about = About { engine: by, exact: by.exact().is_some(), backend: trainee.backend_name(), batch };
    let outcome = told(args, &mut out, &mut *trainee, about, &corpus)?;
    let (setup, adam) = trainee.finish();
    if let Err(diverged) = check_finite(&setup, &outcome.last) {
        if args.json {
            json_line(&mut out, &Event::Diverged(&diverged))?;
        }
        return Err(diverged.into());
    }
    let trained = Trained { about, setup, adam, outcome };
    if let Some(path) = &args.out {
        save(path, &trained, &corpus)?;
    }
    let samples = write(args, &mut out, &trained, sampling, &corpus)?;
    if args.json {
        let wall_secs = began.elapsed().as_secs_f64();
        json_line(&mut out, &Event::Summary(trained.summary(samples, wall_secs)))?;
    } else {
        let inexact = if trained.about.exact { "" } else { " (not bit-exact)" };
        talk(&format!("params_sha256 {}{inexact}", sha256_of_f64(&trained.setup.params)));
    }
    Ok(Exit::Success)
}

/// A finished run: the experiment with its trained parameters, the optimizer's memory, and what came of it.
struct Trained {
    about: About,
    setup: Setup,
    adam: Adam,
    outcome: Outcome,
}

/// Trains, and tells about it from start to end.
fn told(
    args: &Args,
    out: &mut Out,
    engine: &mut dyn Trainee,
    about: About,
    corpus: &NamedCorpus,
) -> anyhow::Result<Outcome> {
    // A file that was asked for is written, also when nobody reads the steps any more, or never did.
    let mut heard = args.json;
    match started(args, out, engine, about, corpus) {
        Err(error) if args.out.is_some() && is_closed_pipe(&error) => heard = false,
        said => said?,
    }
    let outcome = train(engine, |facts| {
        match if heard { json_line(out, &Event::Step(facts)) } else { Ok(()) } {
            Err(error) if args.out.is_some() && is_closed_pipe(&error) => heard = false,
            said => said?,
        }
        Ok(())
    });
    if let Some(diverged) = outcome.as_ref().err().and_then(|error| error.downcast_ref::<Diverged>())
        && args.json
    {
        json_line(out, &Event::Diverged(diverged))?;
    }
    let outcome = outcome?;
    if !args.json {
        talk(&farewell(&outcome));
    }
    Ok(outcome)
}

fn started(args: &Args, out: &mut Out, engine: &dyn Trainee, about: About, corpus: &NamedCorpus) -> anyhow::Result<()> {
    if !args.json {
        talk(&greeting(engine, corpus));
        return Ok(());
    }
    let setup = engine.setup();
    let config = setup.plan.config();
    let vocab_size = setup.tokenizer.vocab_size();
    let event = Event::Started {
        version: env!("CARGO_PKG_VERSION"),
        about,
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
    trained: &Trained,
    sampling: Sampling,
    corpus: &NamedCorpus,
) -> anyhow::Result<Vec<String>> {
    let setup = &trained.setup;
    let engine = trained.about.engine.exact().unwrap_or_default();
    let predictor = engine.predictor(&setup.plan, &setup.params);
    let writer = Writer::new(predictor, setup.tokenizer.bos(), setup.random.clone(), sampling, Vec::new());
    let mut samples = Vec::new();
    let mut new = 0;
    for tokens in writer.take(args.samples as usize) {
        interrupt::check()?;
        let text = setup.tokenizer.decode(&tokens?);
        let in_corpus = corpus.corpus.contains(&text);
        new += u32::from(!in_corpus);
        let index = samples.len() + 1;
        if args.json {
            json_line(out, &Event::Sample { index, text: &text, in_corpus })?;
        } else {
            print_sample(out, &text, Some(in_corpus), setup.plan.config().block_size)?;
        }
        samples.push(text);
    }
    if !args.json && !samples.is_empty() {
        talk(&how_many_new(new, samples.len() as u32));
    }
    Ok(samples)
}

fn save(path: &Path, trained: &Trained, corpus: &NamedCorpus) -> anyhow::Result<()> {
    let setup = &trained.setup;
    let model = SavedModel {
        plan: setup.plan.clone(),
        tokenizer: setup.tokenizer.clone(),
        params: setup.params.clone(),
        provenance: provenance(trained.about.engine, &setup.params, &trained.outcome.last, corpus),
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

impl Trained {
    fn summary(&self, samples: Vec<String>, wall_secs: f64) -> Summary {
        let setup = &self.setup;
        Summary {
            about: self.about,
            steps: self.outcome.last.step,
            num_params: setup.params.len(),
            num_docs: setup.documents.len(),
            vocab_size: setup.tokenizer.vocab_size(),
            loss: self.outcome.last.loss,
            params_sha256: sha256_of_f64(&setup.params),
            m_sha256: sha256_of_f64(&self.adam.m),
            v_sha256: sha256_of_f64(&self.adam.v),
            samples,
            wall_secs,
            us_per_step: self.outcome.us_per_step(),
        }
    }
}

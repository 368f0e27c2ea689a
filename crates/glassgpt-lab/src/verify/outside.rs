//! A trace that somebody hands in: read, held against the lab's bounds, and run again.
//!
//! Why as a text: the traces travel beside the page and are fetched only by those who press the button, so the engine that
//! everyone downloads does not carry them. And whoever ran reference/microgpt.py can hand in a trace of their own.

use glassgpt_core::golden::Golden;
use glassgpt_core::{Corpus, Plan, Sampling};
use glassgpt_fused::Trainer;

use super::{GoldenRun, Verdict};
use crate::engine::Backend;
use crate::library::Library;
use crate::limits::{LIMITS, check_config, check_sampling, check_whole};
use crate::protocol::{CorpusSource, Refusal};

/// What is at fault if the trace is.
const FIELD: &str = "trace";

/// Trains the run again that `reference/microgpt.py --trace` wrote down, on the fused engine, and compares.
///
/// # Errors
/// What is wrong with the trace. It is trained in one piece, so its steps times its parameters are bounded as in an import.
pub fn verify_trace(trace: &str, library: &Library) -> Result<Verdict, Refusal> {
    let (golden, config, name) = read(trace).ok_or_else(unreadable)?;
    check_config(&config)?;
    let corpus = library.find(&CorpusSource::Named { name: name.clone() })?;
    let plan = Plan::new(config.clone(), corpus.tokenizer.vocab_size())?;
    check_whole("steps", golden.losses.len() as u32, 1, config.steps)?;
    let work = golden.losses.len() as u64 * plan.layout().n_params as u64;
    if work > u64::from(LIMITS.import_work) {
        let max = LIMITS.import_work;
        let message = format!("the trace has {work} steps times parameters; at most {max} are trained again here");
        return Err(Refusal::of(FIELD, message));
    }
    let sampling = Sampling { temperature: golden.temperature(), ..Sampling::default() };
    check_sampling(golden.samples.len().max(1) as u32, &sampling)?;
    let preset = golden.config.get("preset").map_or("trace", String::as_str);
    let run = GoldenRun { name: format!("{preset}-{name}"), config, corpus: Corpus::clone(&corpus.corpus), golden };
    Ok(run.repeat(Trainer::on(Backend::best(), run.setup()), || true).expect("nobody stops it"))
}

fn read(trace: &str) -> Option<(Golden, glassgpt_core::Config, String)> {
    let golden = Golden::parse(trace)?;
    let (config, corpus) = golden.experiment()?;
    let corpus = corpus.to_string();
    Some((golden, config, corpus))
}

fn unreadable() -> Refusal {
    Refusal::of(
        FIELD,
        "this is no trace as reference/microgpt.py --trace writes it, with its settings in the second line",
    )
}

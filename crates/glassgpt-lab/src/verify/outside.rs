//! A trace that somebody hands in: read, held against the lab's bounds, and run again.
//!
//! Why as a text: the traces travel beside the page and are fetched only by those who press the button, so the engine that
//! everyone downloads does not carry them. And whoever ran reference/microgpt.py can hand in a trace of their own.

use std::sync::Arc;

use glassgpt_core::golden::Golden;
use glassgpt_core::{Corpus, Plan, Sampling};
use glassgpt_fused::Trainer;

use super::{GoldenRun, Verdict};
use crate::engine::Backend;
use crate::limits::{LIMITS, check_config, check_sampling, check_whole};
use crate::protocol::{CorpusSource, Refusal};
use crate::tokenized::Tokenized;

/// The field of the question that all this is about.
const FIELD: &str = "trace";

/// Runs a trace again and compares. It trains in one piece, so steps times parameters are bounded as in an import.
pub(crate) fn verify(
    trace: &str,
    find: impl FnOnce(&CorpusSource) -> Result<Arc<Tokenized>, Refusal>,
) -> Result<Verdict, Refusal> {
    let (golden, config, name) = read(trace).ok_or_else(unreadable)?;
    check_config(&config)?;
    let corpus = find(&CorpusSource::Named { name: name.clone() })?;
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

//! What an experiment comes to, before a number is drawn: checked settings, vocabulary, split and baselines.
//!
//! Why apart from starting it: a page asks for this while a slider moves, and only what it says is needed to say no.

use std::sync::Arc;

use glassgpt_core::Plan;

use super::Session;
use crate::held_out::Split;
use crate::limits::{LIMITS, check_config, check_samples_every};
use crate::protocol::{CorpusSource, Experiment, Refusal, Spec};
use crate::tokenized::Tokenized;
use crate::view;

/// An experiment that can be started.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) tokenized: Arc<Tokenized>,
    pub(super) split: Split,
    pub(super) experiment: Experiment,
}

impl Planned {
    /// Checks a spec. `find` gives the corpus it names.
    pub(super) fn new(
        spec: &Spec,
        find: impl FnOnce(&CorpusSource) -> Result<Arc<Tokenized>, Refusal>,
    ) -> Result<Self, Refusal> {
        check_config(&spec.config)?;
        check_samples_every(spec)?;
        let tokenized = find(&spec.corpus)?;
        let split = Split::new(&tokenized, spec.held_out_every)?;
        let plan = Plan::new(spec.config.clone(), tokenized.tokenizer.vocab_size())?;
        let [n, max] = [plan.layout().n_params as u32, LIMITS.num_params];
        if n > max {
            let message = format!("the model would have {n} parameters; it must have at most {max}");
            return Err(Refusal::of("n_embd", message));
        }
        let experiment = view::experiment(&plan, spec, &tokenized, &split);
        Ok(Self { tokenized, split, experiment })
    }
}

impl Session {
    /// What an experiment would be, as `start` would begin it.
    pub(super) fn plan(&self, spec: &Spec) -> Result<Experiment, Refusal> {
        Ok(Planned::new(spec, |source| self.find(source))?.experiment)
    }

    /// A corpus: the present one, if it is that, so that one's own text is not read again for every move of a slider.
    pub(super) fn find(&self, source: &CorpusSource) -> Result<Arc<Tokenized>, Refusal> {
        if *source == self.spec.corpus { Ok(Arc::clone(&self.tokenized)) } else { self.library.find(source) }
    }
}

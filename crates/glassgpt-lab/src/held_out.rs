//! Documents kept out of training, and how surprised the model is by them.
//!
//! Why a fixed rule and not a draw: the split is the same whatever the seed, and drawing it would disturb the generator.

use std::sync::Arc;

use glassgpt_core::{Encoded, TokenId};
use glassgpt_fused::{Evaluator, Trainer};

use crate::limits::{LIMITS, check_whole};
use crate::protocol::{HeldOutLoss, Refusal};
use crate::tokenized::Tokenized;

/// Which part of a corpus is held out.
#[derive(Debug)]
pub(crate) struct Split {
    /// Every so many documents one is held out.
    pub(crate) every: Option<u32>,
    /// Documents held out, all of them.
    pub(crate) n_held_out: u32,
    /// Those to train on.
    pub(crate) training: Arc<Encoded>,
    /// The tokens of those that the loss is measured on.
    measured: Vec<Vec<TokenId>>,
}

impl Split {
    /// Holds out document `every` − 1, 2·`every` − 1 and so on, counted from 0 in the order of the file; none if not asked to.
    ///
    /// # Errors
    /// If nothing would be left to train on, or nothing held out.
    pub(crate) fn new(tokenized: &Tokenized, every: Option<u32>) -> Result<Self, Refusal> {
        let all = &tokenized.encoded;
        let Some(n) = every else {
            return Ok(Self { every, n_held_out: 0, training: Arc::clone(all), measured: Vec::new() });
        };
        if all.len() < 2 {
            return Err(Refusal::of("held_out_every", "the corpus has only one document; none can be held out"));
        }
        check_whole("held_out_every", n, 2, all.len() as u32)?;
        let is_held_out = |place: &usize| (place + 1).is_multiple_of(n as usize);
        let held_out = || (0..all.len()).filter(is_held_out);
        Ok(Self {
            every,
            n_held_out: held_out().count() as u32,
            training: Arc::new(all.part((0..all.len()).filter(|place| !is_held_out(place)))),
            measured: held_out()
                .take(LIMITS.held_out_docs as usize)
                .map(|place| all.document(place).to_vec())
                .collect(),
        })
    }

    /// The place in the corpus of a training document.
    pub(crate) fn place_in_corpus(&self, training_document: usize) -> u32 {
        let i = training_document as u32;
        self.every.map_or(i, |n| i + i / (n - 1))
    }

    /// The loss on held-out documents, if there are any and it is time to measure it.
    pub(crate) fn measure(&self, trainer: &Trainer) -> Option<HeldOutLoss> {
        let (step, steps) = (trainer.steps_done(), trainer.plan().config().steps);
        let due = step.is_multiple_of(LIMITS.held_out_cadence) || step == steps;
        if self.measured.is_empty() || !due {
            return None;
        }
        let mut evaluator = Evaluator::on(trainer.backend(), trainer.plan());
        let loss = evaluator.mean_loss(trainer.params(), self.measured.iter().map(Vec::as_slice));
        Some(HeldOutLoss { step, loss: loss.filter(|loss| loss.is_finite()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::Corpus;

    #[test]
    fn every_nth_document_is_held_out_and_the_others_keep_their_places() {
        let all = Tokenized::new(Corpus::parse("a\nb\nc\nd\ne\nf\ng\n").expect("a corpus"));
        let split = Split::new(&all, Some(3)).expect("enough documents");
        let training: Vec<String> = split.training.documents().map(|tokens| all.tokenizer.decode(tokens)).collect();
        assert_eq!(training, ["a", "b", "d", "e", "g"]);
        assert_eq!((split.n_held_out, &split.measured), (2, &vec![vec![7, 2, 7], vec![7, 5, 7]]));
        for (i, document) in training.iter().enumerate() {
            assert_eq!(&all.corpus.documents()[split.place_in_corpus(i) as usize], document);
        }
        assert!(Split::new(&all, Some(8)).is_err_and(|refusal| refusal.message.contains("from 2 to 7")));
        assert!(Split::new(&all, Some(1)).is_err());
    }
}

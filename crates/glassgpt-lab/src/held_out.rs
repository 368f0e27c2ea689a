//! Documents kept out of training, and how surprised the model is by them.
//!
//! Why a fixed rule and not a draw: the split is the same whatever the seed, and drawing it would disturb the generator.

use std::borrow::Cow;

use glassgpt_core::{Corpus, TokenId, Tokenizer};
use glassgpt_fused::{Evaluator, Trainer};

use crate::limits::{LIMITS, check_whole};
use crate::protocol::{HeldOutLoss, Refusal};

/// Which part of a corpus is held out.
#[derive(Debug)]
pub(crate) struct Split {
    /// Every so many documents one is held out.
    pub(crate) every: Option<u32>,
    /// Documents held out, all of them.
    pub(crate) n_held_out: u32,
    /// The tokens of those that the loss is measured on.
    measured: Vec<Vec<TokenId>>,
}

impl Split {
    /// Holds out document `every` − 1, 2·`every` − 1 and so on, counted from 0 in the order of the file; none if not asked to.
    ///
    /// # Errors
    /// If nothing would be left to train on, or nothing held out.
    pub(crate) fn new(corpus: &Corpus, tokenizer: &Tokenizer, every: Option<u32>) -> Result<Self, Refusal> {
        let Some(n) = every else {
            return Ok(Self { every, n_held_out: 0, measured: Vec::new() });
        };
        let documents = corpus.documents();
        if documents.len() < 2 {
            return Err(Refusal::of("held_out_every", "the corpus has only one document; none can be held out"));
        }
        check_whole("held_out_every", n, 2, documents.len() as u32)?;
        let held_out = || (0..documents.len()).filter(|i| (i + 1).is_multiple_of(n as usize));
        let encode = |i: usize| tokenizer.encode_document(&documents[i]).expect("the vocabulary is the whole corpus's");
        Ok(Self {
            every,
            n_held_out: held_out().count() as u32,
            measured: held_out().take(LIMITS.held_out_docs as usize).map(encode).collect(),
        })
    }

    /// The documents to train on.
    pub(crate) fn training<'c>(&self, corpus: &'c Corpus) -> Cow<'c, Corpus> {
        let Some(n) = self.every else { return Cow::Borrowed(corpus) };
        let parts = corpus.documents().chunks(n as usize).flat_map(|part| part.iter().take(n as usize - 1));
        let text = parts.map(String::as_str).collect::<Vec<_>>().join("\n");
        Cow::Owned(Corpus::parse(&text).expect("a part of a corpus is one"))
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

    #[test]
    fn every_nth_document_is_held_out_and_the_others_keep_their_places() {
        let corpus = Corpus::parse("a\nb\nc\nd\ne\nf\ng\n").expect("a corpus");
        let tokenizer = Tokenizer::new(&corpus);
        let split = Split::new(&corpus, &tokenizer, Some(3)).expect("enough documents");
        let training = split.training(&corpus);
        assert_eq!(training.documents(), ["a", "b", "d", "e", "g"]);
        assert_eq!((split.n_held_out, &split.measured), (2, &vec![vec![7, 2, 7], vec![7, 5, 7]]));
        for (i, document) in training.documents().iter().enumerate() {
            assert_eq!(&corpus.documents()[split.place_in_corpus(i) as usize], document);
        }
        assert!(Split::new(&corpus, &tokenizer, Some(8)).is_err_and(|refusal| refusal.message.contains("from 2 to 7")));
        assert!(Split::new(&corpus, &tokenizer, Some(1)).is_err());
    }
}

//! A model ready to be used: read from a file, or trained on the spot.
//!
//! Why: `generate` and `explain` ask the same way for the same thing.

use std::path::Path;

use anyhow::Context;
use glassgpt_core::{Corpus, Plan, Random, Setup, Tokenizer};
use glassgpt_lab::engine::{Engine, EngineKind, TrainedBy};
use glassgpt_lab::fingerprint::{sha256_of_f64, sha256_of_lines};
use glassgpt_lab::model_file::{Provenance, SavedModel};

use crate::args::ModelArgs;
use crate::corpora::{KARPATHY, NamedCorpus};
use crate::files;
use crate::output::{count, plain, talk, thousands};
use crate::training::{Outcome, StepFacts, Trainee, check_finite, train};

/// The seed that draws from a model file when none is given.
pub(crate) const DEFAULT_SEED: i64 = 42;

/// A model, what it was trained on, and the generator to draw from.
#[derive(Clone, Debug)]
pub(crate) struct ReadyModel {
    /// The checked settings.
    pub(crate) plan: Plan,
    /// The vocabulary.
    pub(crate) tokenizer: Tokenizer,
    /// The parameters.
    pub(crate) params: Vec<f64>,
    /// Where they come from.
    pub(crate) provenance: Provenance,
    /// The engine to predict with.
    pub(crate) engine: EngineKind,
    /// What it was trained on, if that is at hand.
    pub(crate) corpus: Option<Corpus>,
    /// What to draw from: seeded anew, or the training's own generator where it left off.
    pub(crate) random: Random,
}

impl ReadyModel {
    /// Reads or trains what `args` say, once `check` has found nothing wrong with the vocabulary and the context.
    pub(crate) fn get(
        args: &ModelArgs,
        seed: Option<i64>,
        check: impl FnOnce(&Plan, &Tokenizer) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        match &args.model {
            Some(path) => Self::read(path, seed, check),
            None => Self::train(args, seed, check),
        }
    }

    fn read(
        path: &Path,
        seed: Option<i64>,
        check: impl FnOnce(&Plan, &Tokenizer) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let model = read_model(path)?;
        check(&model.plan, &model.tokenizer)?;
        let corpus = model.corpus.or_else(|| corpus_at_hand(&model.provenance));
        Ok(Self {
            plan: model.plan,
            tokenizer: model.tokenizer,
            params: model.params,
            provenance: model.provenance,
            engine: EngineKind::Fused,
            corpus,
            random: Random::new(seed.unwrap_or(DEFAULT_SEED)),
        })
    }

    fn train(
        args: &ModelArgs,
        seed: Option<i64>,
        check: impl FnOnce(&Plan, &Tokenizer) -> anyhow::Result<()>,
    ) -> anyhow::Result<Self> {
        let kind = args.engine.engine;
        let backend = args.engine.backend.chosen_for(kind)?;
        let (corpus, setup) = args.experiment.set_up(args.train_seed)?;
        check(&setup.plan, &setup.tokenizer)?;
        let mut engine = Engine::on(kind, backend, setup);
        talk(&greeting(&engine, &corpus));
        let outcome = train(&mut engine, |_| Ok(()))?;
        check_finite(engine.setup(), &outcome.last)?;
        talk(&farewell(&outcome));
        let provenance = provenance(kind.into(), engine.params(), &outcome.last, &corpus);
        let setup = engine.setup().clone();
        Ok(Self {
            plan: setup.plan,
            tokenizer: setup.tokenizer,
            params: setup.params,
            provenance,
            engine: kind,
            corpus: Some(corpus.corpus),
            random: seed.map_or(setup.random, Random::new),
        })
    }

    /// Whether a text stands in the corpus; None if nobody knows.
    pub(crate) fn in_corpus(&self, text: &str) -> Option<bool> {
        self.corpus.as_ref().map(|corpus| corpus.contains(text))
    }
}

/// The model in a file.
pub(crate) fn read_model(path: &Path) -> anyhow::Result<SavedModel> {
    let name = path.display();
    let (bytes, name) = files::read(path).with_context(|| format!("cannot read {name}"))?;
    SavedModel::from_json(&bytes).with_context(|| name)
}

/// The corpus a model file only names, if this program has the very same one.
fn corpus_at_hand(provenance: &Provenance) -> Option<Corpus> {
    let known = match provenance.corpus.as_str() {
        "karpathy" => KARPATHY.load().ok()??,
        name => {
            glassgpt_core::corpora::embedded(name)?;
            NamedCorpus::find(name).ok()?
        }
    };
    (known.sha256 == provenance.corpus_sha256).then_some(known.corpus)
}

/// Where the parameters of a finished run come from; `last` is its last step.
pub(crate) fn provenance(engine: TrainedBy, params: &[f64], last: &StepFacts, corpus: &NamedCorpus) -> Provenance {
    Provenance {
        engine,
        steps: last.step,
        loss: last.loss,
        corpus: corpus.name.clone(),
        corpus_sha256: corpus.sha256.clone(),
        num_docs: corpus.corpus.documents().len() as u32,
        documents_sha256: Some(sha256_of_lines(corpus.corpus.documents())),
        params_sha256: sha256_of_f64(params),
        glassgpt_version: env!("CARGO_PKG_VERSION").to_string(),
    }
}

/// What is about to be trained, in a line.
pub(crate) fn greeting(engine: &dyn Trainee, corpus: &NamedCorpus) -> String {
    introduction(engine.setup(), &corpus.name, &engine.describe())
}

/// The same, of what is no [`Trainee`].
pub(crate) fn introduction(setup: &Setup, corpus: &str, trained_by: &str) -> String {
    format!(
        "{}: {}, {} tokens · {} parameters · {}, {trained_by}",
        plain(corpus),
        count(setup.documents.len(), "document"),
        setup.tokenizer.vocab_size(),
        thousands(setup.params.len() as u64),
        count(setup.plan.config().steps as usize, "step"),
    )
}

/// What came of it, in a line.
pub(crate) fn farewell(outcome: &Outcome) -> String {
    let Outcome { first, last, busy } = outcome;
    format!("{} in {:.2} s, {:.0} µs a step", fall(first, last), busy.as_secs_f64(), outcome.us_per_step())
}

/// How far the loss fell from one step to another.
pub(crate) fn fall(first: &StepFacts, last: &StepFacts) -> String {
    format!("loss {:.4} → {:.4} (smoothed {:.4})", first.loss, last.loss, last.smoothed_loss)
}

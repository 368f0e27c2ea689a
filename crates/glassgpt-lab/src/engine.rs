//! The two engines behind one door: same commands, same bits, different speed.
//!
//! Why: whoever trains should not care which engine does it, and whoever doubts can run the other one.

use glassgpt_core::{Adam, Plan, Predictor, Random, Sampling, SamplingError, ScalarPredictor, Setup, TokenId, sample};
use glassgpt_fused::FusedPredictor;
pub use glassgpt_fused::{Backend, libm_mismatch};
use serde::{Deserialize, Serialize};

/// Which engine computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// Plain arrays, no graph: what everything runs on.
    #[default]
    Fused,
    /// The readable one, on a tape of single numbers; about a hundred times slower.
    Scalar,
}

impl EngineKind {
    /// Both, the default first.
    pub const ALL: [EngineKind; 2] = [EngineKind::Fused, EngineKind::Scalar];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EngineKind::Fused => "fused",
            EngineKind::Scalar => "scalar",
        }
    }
}

/// Which arithmetic a model's parameters come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrainedBy {
    /// The fast engine: microgpt.py's bits.
    Fused,
    /// The readable engine: the same bits.
    Scalar,
    /// Single precision: near those, and not the same.
    Turbo,
}

impl TrainedBy {
    /// All, the default first.
    pub const ALL: [TrainedBy; 3] = [TrainedBy::Fused, TrainedBy::Scalar, TrainedBy::Turbo];

    /// Its name as typed by people.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.exact().map_or("turbo", EngineKind::name)
    }

    /// The engine, if it is one that gives the reference's bits.
    #[must_use]
    pub fn exact(self) -> Option<EngineKind> {
        match self {
            TrainedBy::Fused => Some(EngineKind::Fused),
            TrainedBy::Scalar => Some(EngineKind::Scalar),
            TrainedBy::Turbo => None,
        }
    }
}

impl From<EngineKind> for TrainedBy {
    fn from(kind: EngineKind) -> Self {
        match kind {
            EngineKind::Fused => TrainedBy::Fused,
            EngineKind::Scalar => TrainedBy::Scalar,
        }
    }
}

/// A model being trained by one of the engines.
#[derive(Debug)]
pub enum Engine {
    /// By the fast one.
    Fused(Box<glassgpt_fused::Trainer>),
    /// By the readable one.
    Scalar(Box<ScalarEngine>),
}

/// The scalar trainer, and the gradient of its last step.
#[derive(Debug)]
pub struct ScalarEngine {
    trainer: glassgpt_core::Trainer,
    grads: Vec<f64>,
}

impl Engine {
    /// At step 0, with the initial parameters, on the fastest backend of this processor.
    #[must_use]
    pub fn new(kind: EngineKind, setup: Setup) -> Self {
        Self::on(kind, Backend::best(), setup)
    }

    /// The same on the backend asked for. It makes no difference to the bits, and none at all to the scalar engine.
    #[must_use]
    pub fn on(kind: EngineKind, backend: Backend, setup: Setup) -> Self {
        match kind {
            EngineKind::Fused => Engine::Fused(Box::new(glassgpt_fused::Trainer::on(backend, setup))),
            EngineKind::Scalar => {
                let grads = vec![0.0; setup.params.len()];
                Engine::Scalar(Box::new(ScalarEngine { trainer: glassgpt_core::Trainer::new(setup), grads }))
            }
        }
    }

    /// Which engine it is.
    #[must_use]
    pub fn kind(&self) -> EngineKind {
        match self {
            Engine::Fused(_) => EngineKind::Fused,
            Engine::Scalar(_) => EngineKind::Scalar,
        }
    }

    /// The instruction set that does the arithmetic; None for the scalar engine, which has but one.
    #[must_use]
    pub fn backend(&self) -> Option<Backend> {
        match self {
            Engine::Fused(trainer) => Some(trainer.backend()),
            Engine::Scalar(_) => None,
        }
    }

    /// Trains on the next document. Returns its loss, in nats.
    pub fn step(&mut self) -> f64 {
        match self {
            Engine::Fused(trainer) => trainer.step(),
            Engine::Scalar(engine) => {
                let step = engine.trainer.step();
                engine.grads = step.grads;
                step.loss
            }
        }
    }

    /// Steps done.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        match self {
            Engine::Fused(trainer) => trainer.steps_done(),
            Engine::Scalar(engine) => engine.trainer.steps_done(),
        }
    }

    /// The experiment, with the parameters and the generator as they are now.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        match self {
            Engine::Fused(trainer) => trainer.setup(),
            Engine::Scalar(engine) => engine.trainer.setup(),
        }
    }

    /// The parameters as they are now.
    #[must_use]
    pub fn params(&self) -> &[f64] {
        &self.setup().params
    }

    /// The optimizer's memory.
    #[must_use]
    pub fn adam(&self) -> &Adam {
        match self {
            Engine::Fused(trainer) => trainer.adam(),
            Engine::Scalar(engine) => engine.trainer.adam(),
        }
    }

    /// The gradient of the last step's loss, in parameter order; zeros before the first.
    #[must_use]
    pub fn grads(&self) -> &[f64] {
        match self {
            Engine::Fused(trainer) => trainer.grads(),
            Engine::Scalar(engine) => &engine.grads,
        }
    }

    /// The generator, to draw from.
    pub fn random(&mut self) -> &mut Random {
        match self {
            Engine::Fused(trainer) => trainer.random(),
            Engine::Scalar(engine) => engine.trainer.random(),
        }
    }

    /// Draws one document from the experiment's own generator, which moves on. Without BOS.
    ///
    /// # Errors
    /// As [`glassgpt_core::sample`].
    pub fn sample(&mut self, sampling: &Sampling, prefix: &[TokenId]) -> Result<Vec<TokenId>, SamplingError> {
        let mut random = self.random().clone();
        let setup = self.setup();
        let mut predictor = self.kind().predictor(&setup.plan, &setup.params);
        let text = sample(&mut predictor, &mut random, sampling, setup.tokenizer.bos(), prefix);
        *self.random() = random;
        text
    }

    /// Draws documents one after the other, beginning with a copy of the experiment's generator as it is now.
    #[must_use]
    pub fn writer(&self, sampling: Sampling, prefix: Vec<TokenId>) -> Writer<'_> {
        let setup = self.setup();
        let predictor = self.kind().predictor(&setup.plan, &setup.params);
        Writer::new(predictor, setup.tokenizer.bos(), setup.random.clone(), sampling, prefix)
    }
}

impl EngineKind {
    /// This engine's predictor for given parameters.
    #[must_use]
    pub fn predictor<'a>(self, plan: &'a Plan, params: &'a [f64]) -> EnginePredictor<'a> {
        match self {
            EngineKind::Fused => EnginePredictor::Fused(Box::new(FusedPredictor::new(plan, params))),
            EngineKind::Scalar => EnginePredictor::Scalar(ScalarPredictor::new(plan, params)),
        }
    }
}

/// Next-token prediction by one of the engines.
#[derive(Debug)]
pub enum EnginePredictor<'a> {
    /// By the fast one.
    Fused(Box<FusedPredictor<'a>>),
    /// By the readable one.
    Scalar(ScalarPredictor<'a>),
}

impl Predictor for EnginePredictor<'_> {
    fn block_size(&self) -> usize {
        match self {
            EnginePredictor::Fused(predictor) => predictor.block_size(),
            EnginePredictor::Scalar(predictor) => predictor.block_size(),
        }
    }

    fn forget(&mut self) {
        match self {
            EnginePredictor::Fused(predictor) => predictor.forget(),
            EnginePredictor::Scalar(predictor) => predictor.forget(),
        }
    }

    fn read(&mut self, token: TokenId) -> &[f64] {
        match self {
            EnginePredictor::Fused(predictor) => predictor.read(token),
            EnginePredictor::Scalar(predictor) => predictor.read(token),
        }
    }
}

/// An endless row of documents drawn with one generator, each without BOS.
#[derive(Debug)]
pub struct Writer<'a> {
    predictor: EnginePredictor<'a>,
    bos: TokenId,
    random: Random,
    sampling: Sampling,
    prefix: Vec<TokenId>,
}

impl<'a> Writer<'a> {
    /// Writes with `predictor`, drawing from `random`; every document begins with `prefix`.
    #[must_use]
    pub fn new(
        predictor: EnginePredictor<'a>,
        bos: TokenId,
        random: Random,
        sampling: Sampling,
        prefix: Vec<TokenId>,
    ) -> Self {
        Self { predictor, bos, random, sampling, prefix }
    }

    /// The generator, after what has been drawn so far.
    #[must_use]
    pub fn random(&self) -> &Random {
        &self.random
    }
}

impl Iterator for Writer<'_> {
    type Item = Result<Vec<TokenId>, SamplingError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(sample(&mut self.predictor, &mut self.random, &self.sampling, self.bos, &self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::sha256_of_f64;
    use glassgpt_core::{Config, Corpus, Preset};

    fn setup() -> Setup {
        let config = Config { steps: 5, ..Preset::Gist.config() };
        Setup::new(config, &Corpus::parse("emma\nolivia\nava\n").expect("a corpus")).expect("valid settings")
    }

    #[test]
    fn both_engines_agree_to_the_bit() {
        let [mut fused, mut scalar] = EngineKind::ALL.map(|kind| Engine::new(kind, setup()));
        for _ in 0..5 {
            assert_eq!(fused.step().to_bits(), scalar.step().to_bits());
            assert_eq!(sha256_of_f64(fused.grads()), sha256_of_f64(scalar.grads()));
        }
        assert_eq!(sha256_of_f64(fused.params()), sha256_of_f64(scalar.params()));
        assert_eq!(fused.adam(), scalar.adam());
        for _ in 0..5 {
            let sampling = Sampling::default();
            assert_eq!(fused.sample(&sampling, &[]), scalar.sample(&sampling, &[]));
        }
        assert_eq!(fused.random(), scalar.random());
    }

    #[test]
    fn a_writer_draws_what_the_engine_would_draw() {
        let mut engine = Engine::new(EngineKind::Fused, setup());
        engine.step();
        let sampling = Sampling::default();
        let written: Vec<_> = engine.writer(sampling, vec![0]).take(3).collect();
        let drawn: Vec<_> = (0..3).map(|_| engine.sample(&sampling, &[0])).collect();
        assert_eq!(written, drawn);
    }
}

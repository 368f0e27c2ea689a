//! Whoever trains: the fast engine, turbo, or the tape, behind one door.
//!
//! Why: a retraining should not care, except where it must say so. All three refuse to step on where a number is not finite.

use glassgpt_core::{Predictor, Random, Sampling, Setup, TokenId, sample};
use glassgpt_fused::{STREAMS, Streams, Trainer, Turbo};

use super::silence::Silence;
use super::{RetrainEngine, RetrainSpec, TapeTrainer, TrainedOn};
use crate::glass::Glass;
use crate::intervention::{Glasses, Wearer};
use crate::protocol::Refusal;
use crate::scene::Scene;

/// A model being trained.
#[derive(Debug)]
pub(super) enum Learner {
    Exact(Box<Trainer>, Silence),
    Turbo(Box<Turbo>, Silence),
    Tape(Box<TapeTrainer>),
}

impl Learner {
    /// The fastest that can do what is asked.
    pub(super) fn new(spec: &RetrainSpec, glasses: &Glasses, mut setup: Setup) -> Result<Self, Refusal> {
        let silence = Silence::new(&spec.interventions, &setup);
        match (silence, spec.engine) {
            (Some(silence), engine) => {
                silence.begin(&mut setup);
                Ok(match engine {
                    RetrainEngine::Exact => Self::Exact(Box::new(Trainer::new(setup)), silence),
                    RetrainEngine::Turbo => Self::Turbo(Box::new(Turbo::new(setup, 1)), silence),
                })
            }
            (None, RetrainEngine::Exact) => {
                let longest = setup.documents.longest().saturating_sub(1);
                let positions = longest.min(setup.plan.config().block_size as usize);
                Glass::check_size(&setup.plan, positions)?;
                Ok(Self::Tape(Box::new(TapeTrainer::new(setup, glasses.clone()))))
            }
            (None, RetrainEngine::Turbo) => Err(Refusal::of(
                "engine",
                "engine is turbo; it must be exact unless the interventions only silence heads, units or MLPs",
            )),
        }
    }

    /// Trains on the next document. Its loss, or None if that or its gradient was not finite, and then nothing is learnt.
    pub(super) fn step(&mut self) -> Option<f64> {
        match self {
            Self::Exact(trainer, _) => {
                let loss = trainer.measure();
                (loss.is_finite() && trainer.grad_norm().is_finite()).then(|| trainer.update()).map(|()| loss)
            }
            Self::Tape(trainer) => {
                let loss = trainer.measure();
                let finite = loss.is_finite() && trainer.grads().iter().all(|grad| grad.is_finite());
                finite.then(|| trainer.update()).map(|()| loss)
            }
            Self::Turbo(turbo, _) => {
                let loss = turbo.step();
                (loss.is_finite() && turbo.is_finite()).then_some(loss)
            }
        }
    }

    /// The moment before the step that comes next, if it is of the untouched model.
    pub(super) fn scene(&self) -> Option<Scene> {
        match self {
            Self::Exact(trainer, silence) if *silence == Silence::default() => {
                Some(Scene::new(trainer.setup(), trainer.adam().clone(), trainer.steps_done()))
            }
            _ => None,
        }
    }

    pub(super) fn trained_on(&self) -> TrainedOn {
        match self {
            Self::Exact(..) => TrainedOn::Exact,
            Self::Turbo(..) => TrainedOn::Turbo,
            Self::Tape(_) => TrainedOn::Tape,
        }
    }

    /// What was learnt, in double precision.
    pub(super) fn params(&self) -> Vec<f64> {
        match self {
            Self::Exact(trainer, silence) => {
                let mut params = trainer.params().to_vec();
                silence.end(&mut params);
                params
            }
            Self::Turbo(turbo, silence) => {
                let mut params: Vec<f64> = turbo.params().iter().map(|&param| f64::from(param)).collect();
                silence.end(&mut params);
                params
            }
            Self::Tape(trainer) => trainer.setup().params.clone(),
        }
    }

    /// Writes texts, drawn as [`Streams`] draws them.
    pub(super) fn write(&self, spec: &RetrainSpec, glasses: &Glasses) -> Vec<Vec<TokenId>> {
        let (count, temperature, seed) = (spec.samples as usize, spec.temperature, spec.sample_seed);
        match self {
            Self::Exact(trainer, _) => Streams::exact(trainer.plan(), trainer.params()).write(count, temperature, seed),
            Self::Turbo(turbo, _) => Streams::turbo(turbo.plan(), turbo.params()).write(count, temperature, seed),
            Self::Tape(trainer) => {
                let Setup { plan, params, tokenizer, .. } = trainer.setup();
                let wearer = Wearer::new(plan, params, glasses);
                let block_size = plan.config().block_size as usize;
                write_slowly(
                    GlassPredictor { wearer, block_size, read: Vec::new(), logits: Vec::new() },
                    tokenizer.bos(),
                    spec,
                )
            }
        }
    }
}

/// What [`Streams`] would draw, one text after the other. A text ends where the model has diverged.
fn write_slowly(mut predictor: GlassPredictor<'_>, bos: TokenId, spec: &RetrainSpec) -> Vec<Vec<TokenId>> {
    let sampling = Sampling { temperature: spec.temperature, ..Sampling::default() };
    let streams = (spec.samples as usize).min(STREAMS);
    let mut generators: Vec<Random> =
        (0..streams).map(|stream| Random::new(spec.sample_seed.wrapping_add(stream as i64))).collect();
    let mut text = |text: usize| sample(&mut predictor, &mut generators[text % STREAMS], &sampling, bos, &[]);
    (0..spec.samples as usize).map(|i| text(i).unwrap_or_default()).collect()
}

/// Next-token prediction through glasses. It reads the whole text again for each token: texts are short.
struct GlassPredictor<'a> {
    wearer: Wearer<'a>,
    block_size: usize,
    read: Vec<TokenId>,
    logits: Vec<f64>,
}

impl Predictor for GlassPredictor<'_> {
    fn block_size(&self) -> usize {
        self.block_size
    }

    fn forget(&mut self) {
        self.read.clear();
    }

    fn read(&mut self, token: TokenId) -> &[f64] {
        self.read.push(token);
        self.logits = self.wearer.logits_after(&self.read);
        &self.logits
    }
}

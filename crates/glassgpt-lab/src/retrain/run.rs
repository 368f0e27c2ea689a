//! One retraining, in slices as long as the caller likes.
//!
//! Why slices and no clock: whoever runs it knows how long it may take before it must look up again. Dropping it cancels it.

use std::sync::Arc;

use glassgpt_core::{Corpus, Setup, TokenId, Tokenizer};

use super::learner::Learner;
use super::{RetrainDivergence, RetrainProgress, RetrainSpec, Retrained, TrainedOn};
use crate::SmoothedLoss;
use crate::fingerprint::sha256_of_f64;
use crate::intervention::{Glasses, Wearer};
use crate::limits::{LIMITS, check_config, check_whole};
use crate::non_finite::{broken_by_update, first_non_finite};
use crate::protocol::{Refusal, Sample};
use crate::scene::Scene;
use crate::wire_number::WireNumber;

/// Steps in a slice of [`retrain`]: about a millisecond of the fast engine with the default model.
const SLICE: u32 = 50;

/// A training under way.
#[derive(Debug)]
pub struct Retrain {
    spec: RetrainSpec,
    corpus: Arc<Corpus>,
    tokenizer: Tokenizer,
    glasses: Glasses,
    tokens: Vec<TokenId>,
    plan: glassgpt_core::Plan,
    learner: Learner,
    smoothed: SmoothedLoss,
    losses: Vec<f64>,
    smoothed_losses: Vec<f64>,
    divergence: Option<RetrainDivergence>,
}

impl Retrain {
    /// Checks a request and stands at step 0.
    ///
    /// # Errors
    /// The first field out of its range, or an intervention that cannot be trained under.
    pub fn new(spec: RetrainSpec, corpus: Arc<Corpus>) -> Result<Self, Refusal> {
        check(&spec)?;
        let setup = Setup::new(spec.config.clone(), &corpus)?;
        let n_params = u32::try_from(setup.params.len()).unwrap_or(u32::MAX);
        check_whole("n_embd", n_params, 1, LIMITS.num_params).map_err(|_| too_large(n_params))?;
        let scene = Scene::initial(&setup).reading(&spec.text)?;
        let glasses = Glasses::new(&spec.interventions, &scene)?;
        let Scene { tokenizer, tokens, plan, .. } = scene;
        let learner = Learner::new(&spec, &glasses, setup)?;
        let steps = spec.config.steps as usize;
        Ok(Self {
            spec,
            corpus,
            tokenizer,
            glasses,
            tokens,
            plan,
            learner,
            smoothed: SmoothedLoss::default(),
            losses: Vec::with_capacity(steps),
            smoothed_losses: Vec::with_capacity(steps),
            divergence: None,
        })
    }

    /// Trains up to `max_steps` more steps, as far as the last one or a divergence.
    pub fn advance(&mut self, max_steps: u32) -> RetrainProgress {
        for _ in 0..max_steps.min(self.spec.config.steps - self.steps_done()) {
            if self.divergence.is_some() {
                break;
            }
            match self.learner.step() {
                Some(loss) => {
                    self.losses.push(loss);
                    self.smoothed_losses.push(self.smoothed.add(loss));
                }
                None => self.divergence = Some(self.diverged()),
            }
        }
        self.progress()
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> RetrainProgress {
        let [steps_done, steps] = [self.steps_done(), self.spec.config.steps];
        let finished = steps_done == steps || self.divergence.is_some();
        RetrainProgress { steps_done, steps, smoothed_loss: self.smoothed_losses.last().copied(), finished }
    }

    /// What it gave, as far as it came.
    #[must_use]
    pub fn finish(mut self) -> Retrained {
        let params = self.learner.params();
        if self.divergence.is_none() && broken_by_update(&params).is_some() {
            self.divergence = Some(self.diverged());
        }
        let exact = self.learner.trained_on() != TrainedOn::Turbo;
        Retrained {
            steps_done: self.steps_done(),
            trained_by: self.learner.trained_on(),
            prediction: Wearer::new(&self.plan, &params, &self.glasses).predict(&self.tokens),
            samples: self.samples(),
            params_sha256: exact.then(|| sha256_of_f64(&params)),
            losses: self.losses,
            smoothed_losses: self.smoothed_losses,
            divergence: self.divergence,
        }
    }

    fn steps_done(&self) -> u32 {
        self.losses.len() as u32
    }

    fn samples(&self) -> Vec<Sample> {
        let sample = |tokens: Vec<TokenId>| {
            let text = self.tokenizer.decode(&tokens);
            Sample { in_corpus: self.corpus.contains(&text), text }
        };
        self.learner.write(&self.spec, &self.glasses).into_iter().map(sample).collect()
    }

    fn diverged(&self) -> RetrainDivergence {
        let first = self.learner.scene().as_ref().and_then(first_non_finite);
        let (address, value) = first.map(|(address, value)| (address, WireNumber(value))).unzip();
        RetrainDivergence { step: self.steps_done(), address, value }
    }
}

/// Runs a whole training. `keep_going` is asked after every slice, with the steps done; None if it said no.
///
/// # Errors
/// As [`Retrain::new`].
pub fn retrain(
    spec: RetrainSpec,
    corpus: Arc<Corpus>,
    keep_going: &mut dyn FnMut(u32) -> bool,
) -> Result<Option<Retrained>, Refusal> {
    let mut retrain = Retrain::new(spec, corpus)?;
    loop {
        let progress = retrain.advance(SLICE);
        if progress.finished {
            return Ok(Some(retrain.finish()));
        }
        if !keep_going(progress.steps_done) {
            return Ok(None);
        }
    }
}

fn check(spec: &RetrainSpec) -> Result<(), Refusal> {
    check_config(&spec.config)?;
    check_whole("samples", spec.samples, 0, LIMITS.samples)?;
    if !(spec.temperature > 0.0 && spec.temperature <= LIMITS.temperature) {
        let [value, max] = [spec.temperature, LIMITS.temperature];
        let message = format!("temperature is {value}; it must be a number above 0 and at most {max}");
        return Err(Refusal::of("temperature", message));
    }
    if spec.sample_seed.unsigned_abs() as f64 > LIMITS.seed {
        let [value, max] = [spec.sample_seed.to_string(), LIMITS.seed.to_string()];
        let message = format!("sample_seed is {value}; it must be a whole number from -{max} to {max}");
        return Err(Refusal::of("sample_seed", message));
    }
    if spec.interventions.iter().any(crate::intervention::Intervention::is_about_a_position) {
        let message = "patch, set_activation and replace_attention are about a place in one text, and training reads many; \
                       a model can be trained without a head, MLP, unit, norm, scale, residual or the positions";
        return Err(Refusal::of("interventions", message));
    }
    Ok(())
}

fn too_large(n_params: u32) -> Refusal {
    let max = LIMITS.num_params;
    Refusal::of("n_embd", format!("the model would have {n_params} parameters; it must have at most {max}"))
}

//! Adam: how a gradient becomes a step.
//!
//! Why not just follow the gradient: Adam remembers its recent mean (`m`) and mean square (`v`) and divides one by the
//! root of the other, so that a parameter whose gradient keeps its sign moves by about the learning rate, and one whose
//! gradient jumps about by much less.

// § imports
use crate::{Config, Schedule, fmath};

// § adam
/// The optimizer's memory: two numbers per parameter, in parameter order.
#[derive(Clone, Debug, PartialEq)]
pub struct Adam {
    /// Running mean of the gradient.
    pub m: Vec<f64>,
    /// Running mean of its square.
    pub v: Vec<f64>,
}

// § adam-step
/// What is the same for all parameters in one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep {
    /// The learning rate of this step.
    pub learning_rate: f64,
    /// Memory of the mean.
    pub beta1: f64,
    /// Memory of the mean square.
    pub beta2: f64,
    /// What part of its final weight the mean has gathered after this many steps.
    pub correction1: f64,
    /// The same for the mean square.
    pub correction2: f64,
    /// Keeps the division finite.
    pub eps: f64,
}

// § adam
impl Adam {
    /// No memory yet.
    #[must_use]
    pub fn new(n_params: usize) -> Self {
        Self { m: vec![0.0; n_params], v: vec![0.0; n_params] }
    }

    // § adam-step
    /// Moves every parameter against its gradient. `step` counts from 0.
    pub fn update(&mut self, config: &Config, step: u32, params: &mut [f64], grads: &[f64]) {
        let at = AdamStep::new(config, step);
        for (i, (param, &grad)) in params.iter_mut().zip(grads).enumerate() {
            *param -= at.change(&mut self.m[i], &mut self.v[i], grad); // § update
        }
    }
}

// § adam-step
impl AdamStep {
    /// The figures of step `step`, counted from 0.
    #[must_use]
    pub fn new(config: &Config, step: u32) -> Self {
        let t = f64::from(step) + 1.0;
        Self {
            learning_rate: learning_rate(config, step),
            beta1: config.beta1,
            beta2: config.beta2,
            correction1: 1.0 - fmath::pow(config.beta1, t), // § bias-correction
            correction2: 1.0 - fmath::pow(config.beta2, t), // § bias-correction
            eps: config.eps,
        }
    }

    /// Takes one gradient into memory. Returns what to take off the parameter.
    #[inline]
    pub fn change(&self, m: &mut f64, v: &mut f64, grad: f64) -> f64 {
        *m = self.beta1 * *m + (1.0 - self.beta1) * grad; // § adam-m
        *v = self.beta2 * *v + (1.0 - self.beta2) * fmath::pow(grad, 2.0); // § adam-v
        let m_hat = *m / self.correction1; // § bias-correction
        let v_hat = *v / self.correction2; // § bias-correction
        self.learning_rate * m_hat / (fmath::pow(v_hat, 0.5) + self.eps) // § update
    }
}

// § schedule
/// The learning rate of step `step`, counted from 0.
#[must_use]
pub fn learning_rate(config: &Config, step: u32) -> f64 {
    let [step, steps] = [f64::from(step), f64::from(config.steps)];
    match config.schedule {
        Schedule::Linear => config.learning_rate * (1.0 - step / steps),
        Schedule::Cosine => config.learning_rate * 0.5 * (1.0 + fmath::cos(std::f64::consts::PI * step / steps)),
        Schedule::Constant => config.learning_rate,
    }
}

//! Turbo mode: the same model and optimizer in single precision. **Not bit-exact**, and never used for a number that says it is.
//!
//! Why it exists: while a slider is dragged, an answer in a few milliseconds is worth more than the last bits, and the
//! exact engine settles it on release. People who train longer get the speed too.

use glassgpt_core::{Adam, AdamStep, Plan, Setup};

#[cfg(target_arch = "x86_64")]
use crate::arch::{Avx2, Avx512, F32x8, F32x16};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use crate::arch::{F32x4, Wasm128};
#[cfg(target_arch = "aarch64")]
use crate::arch::{N32x4, Neon};
use crate::arch::{Plain8, Portable};
use crate::backend::Backend;
use crate::kernels::math::LEAST_EXPONENT;
use crate::machine::Machine;
use crate::pass::Gradient;
use crate::shape::Shape;

/// A model being trained in single precision, some documents a step.
#[derive(Clone, Debug)]
pub struct Turbo {
    setup: Setup,
    batch: u32,
    step: u32,
    params: Vec<f32>,
    m: Vec<f32>,
    v: Vec<f32>,
    grads: Vec<f32>,
    losses: Vec<f64>,
    finite: bool,
    machine: TurboMachine,
}

/// Steps between two looks at every number.
const LOOK: u32 = 64;
/// From this loss at a position on, in nats, the right token's exponential may be the least there is, and the loss more than
/// it says. A little less than the exponent, for rounding.
const UNKNOWN: f64 = -LEAST_EXPONENT - 1e-3;

#[derive(Clone, Debug)]
enum TurboMachine {
    #[cfg(target_arch = "x86_64")]
    Avx512(Machine<F32x16>),
    #[cfg(target_arch = "x86_64")]
    Avx2(Machine<F32x8>),
    #[cfg(target_arch = "aarch64")]
    Neon(Machine<N32x4>),
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    Wasm128(Machine<F32x4>),
    Portable(Machine<Plain8>),
}

/// The same for whichever machine it is.
macro_rules! on {
    ($self:expr, |$machine:ident| $body:expr) => {
        match $self {
            #[cfg(target_arch = "x86_64")]
            TurboMachine::Avx512($machine) => $body,
            #[cfg(target_arch = "x86_64")]
            TurboMachine::Avx2($machine) => $body,
            #[cfg(target_arch = "aarch64")]
            TurboMachine::Neon($machine) => $body,
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            TurboMachine::Wasm128($machine) => $body,
            TurboMachine::Portable($machine) => $body,
        }
    };
}

impl TurboMachine {
    /// The backend asked for, or the portable one where the processor lacks it.
    fn new(backend: Backend, shape: Shape) -> Self {
        #[cfg(target_arch = "x86_64")]
        match (backend, Avx512::detect(), Avx2::detect()) {
            (Backend::Avx512, Some(proof), _) => return Self::Avx512(Machine::new(proof, shape)),
            (Backend::Avx2, _, Some(proof)) => return Self::Avx2(Machine::new(proof, shape)),
            _ => {}
        }
        #[cfg(target_arch = "aarch64")]
        if backend == Backend::Neon {
            return Self::Neon(Machine::new(Neon::default(), shape));
        }
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        if backend == Backend::Wasm128 {
            return Self::Wasm128(Machine::new(Wasm128, shape));
        }
        let _ = backend;
        Self::Portable(Machine::new(Portable, shape))
    }
}

impl Turbo {
    /// At step 0, with the initial parameters, `batch` documents a step.
    #[must_use]
    pub fn new(setup: Setup, batch: u32) -> Self {
        Self::on(Backend::best(), setup, batch)
    }

    /// On the backend asked for, or on plain arrays where the processor lacks it. They differ in their last bits.
    #[must_use]
    pub fn on(backend: Backend, setup: Setup, batch: u32) -> Self {
        let machine = TurboMachine::new(backend, Shape::of(&setup.plan));
        let params: Vec<f32> = setup.params.iter().map(|&x| x as f32).collect();
        let zeros = || vec![0.0; params.len()];
        let [m, v, grads] = [zeros(), zeros(), zeros()];
        Self { batch: batch.max(1), step: 0, m, v, grads, losses: Vec::new(), finite: true, machine, params, setup }
    }

    /// Trains on the next documents. Returns their mean loss, in nats: infinite if a single cannot tell the probability of some
    /// right token from 0, as the exact engine's is if a double cannot.
    pub fn step(&mut self) -> f64 {
        let Setup { plan, documents, .. } = &self.setup;
        let first = self.step.wrapping_mul(self.batch);
        let of_batch = (0..self.batch).map(|i| documents.of_step(first.wrapping_add(i)));
        let share = 1.0 / f64::from(self.batch);
        self.losses.clear();
        let (layout, params, grads, losses) = (plan.layout(), &self.params, &mut self.grads, &mut self.losses);
        on!(&mut self.machine, |machine| machine.measure(
            layout,
            params,
            of_batch.clone(),
            share,
            losses,
            grads,
            Gradient::Fresh
        ));
        let (mut loss, mut rest) = (0.0, &self.losses[..]);
        for tokens in of_batch {
            let (here, after) = rest.split_at((tokens.len() - 1).min(plan.config().block_size as usize));
            let known = here.iter().all(|&loss| loss < UNKNOWN);
            loss += if known { here.iter().sum::<f64>() / here.len() as f64 } else { f64::INFINITY };
            rest = after;
        }
        let at = AdamStep::new(plan.config(), self.step);
        let memory = [&mut self.m[..], &mut self.v[..]];
        let change = on!(&self.machine, |machine| machine.update(at, &mut self.params, memory, &self.grads));
        self.step += 1;
        self.finite &= change.is_finite();
        if self.step.is_multiple_of(LOOK) || self.step == plan.config().steps {
            // A gradient whose square overflowed may show in v only: its parameter then stands still.
            self.finite &= self.params.iter().chain(&self.v).all(|x| x.is_finite());
        }
        loss / f64::from(self.batch)
    }

    /// Steps done.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        self.step
    }

    /// Whether every number still is one. The losses do not tell, because turbo's exponential makes finite numbers of all.
    /// The mean change is looked at in every step, all parameters and Adam's memory in every 64th and in the last.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        self.finite
    }

    /// The plan it follows.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.setup.plan
    }

    /// The parameters as they are now.
    #[must_use]
    pub fn params(&self) -> &[f32] {
        &self.params
    }

    /// The experiment with these parameters in double precision, to go on with exactly; and the optimizer's memory.
    #[must_use]
    pub fn to_exact(&self) -> (Setup, Adam) {
        let wide = |from: &[f32]| from.iter().map(|&x| f64::from(x)).collect();
        (Setup { params: wide(&self.params), ..self.setup.clone() }, Adam { m: wide(&self.m), v: wide(&self.v) })
    }

    /// What its arithmetic runs on, for people.
    #[must_use]
    pub fn backend_name(&self) -> &'static str {
        match self.machine {
            #[cfg(target_arch = "x86_64")]
            TurboMachine::Avx512(..) => "f32 avx512",
            #[cfg(target_arch = "x86_64")]
            TurboMachine::Avx2(..) => "f32 avx2",
            #[cfg(target_arch = "aarch64")]
            TurboMachine::Neon(..) => "f32 neon",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            TurboMachine::Wasm128(..) => "f32 wasm128",
            TurboMachine::Portable(..) => "f32 portable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glassgpt_core::{Corpus, Preset};

    /// Backends with a root of their own make a parameter NaN of it at once; the others let it stand still.
    #[test]
    fn a_memory_that_overflowed_is_noticed() {
        let corpus = Corpus::parse("emma\nolivia\nava\n").expect("a corpus");
        let setup = Setup::new(Preset::Blog.config(), &corpus).expect("a preset");
        for backend in Backend::available() {
            let mut turbo = Turbo::on(backend, setup.clone(), 1);
            turbo.v[7] = f32::INFINITY;
            let noticed = (1..=LOOK).find(|_| !turbo.step().is_finite() || !turbo.is_finite());
            let expected = if backend == Backend::Portable { LOOK } else { 1 };
            assert_eq!(noticed, Some(expected), "{backend:?}");
        }
    }
}

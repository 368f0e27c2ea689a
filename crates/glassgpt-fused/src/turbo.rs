//! Turbo mode: the same model and optimizer in single precision. **Not bit-exact**, and never used for a number that says it is.
//!
//! Why it exists: while a slider is dragged, an answer in a few milliseconds is worth more than the last bits, and the
//! exact engine settles it on release. People who train longer get the speed too.

use glassgpt_core::{Adam, AdamStep, Plan, Setup};

#[cfg(target_arch = "x86_64")]
use crate::arch::{Avx2, F32x8};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use crate::arch::{F32x4, Wasm128};
#[cfg(target_arch = "aarch64")]
use crate::arch::{N32x4, Neon};
use crate::arch::{Plain8, Portable};
use crate::machine::Machine;
use crate::pass::Begin;
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
    machine: TurboMachine,
}

#[derive(Clone, Debug)]
enum TurboMachine {
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
    fn best(shape: Shape) -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(proof) = Avx2::detect() {
            return Self::Avx2(Machine::new(proof, shape));
        }
        #[cfg(target_arch = "aarch64")]
        return Self::Neon(Machine::new(Neon::default(), shape));
        #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
        return Self::Wasm128(Machine::new(Wasm128, shape));
        #[cfg(not(any(target_arch = "aarch64", all(target_arch = "wasm32", target_feature = "simd128"))))]
        Self::Portable(Machine::new(Portable, shape))
    }
}

impl Turbo {
    /// At step 0, with the initial parameters, `batch` documents a step.
    #[must_use]
    pub fn new(setup: Setup, batch: u32) -> Self {
        let shape = Shape::of(&setup.plan);
        Self::on(TurboMachine::best(shape), setup, batch)
    }

    /// On plain arrays, whatever the processor has.
    #[must_use]
    pub fn portable(setup: Setup, batch: u32) -> Self {
        let machine = Machine::new(Portable, Shape::of(&setup.plan));
        Self::on(TurboMachine::Portable(machine), setup, batch)
    }

    fn on(machine: TurboMachine, setup: Setup, batch: u32) -> Self {
        let params: Vec<f32> = setup.params.iter().map(|&x| x as f32).collect();
        let zeros = || vec![0.0; params.len()];
        let [m, v, grads] = [zeros(), zeros(), zeros()];
        Self { batch: batch.max(1), step: 0, m, v, grads, losses: Vec::new(), machine, params, setup }
    }

    /// Trains on the next documents. Returns their mean loss, in nats.
    pub fn step(&mut self) -> f64 {
        let Setup { plan, documents, .. } = &self.setup;
        let mut loss = 0.0;
        for i in 0..self.batch {
            let tokens = documents.of_step(self.step.wrapping_mul(self.batch).wrapping_add(i));
            let begin = Some(Begin { fresh: i == 0, share: 1.0 / f64::from(self.batch) });
            self.losses.clear();
            let (layout, params, grads) = (plan.layout(), &self.params, &mut self.grads);
            on!(&mut self.machine, |machine| machine.measure(layout, params, tokens, &mut self.losses, grads, begin));
            loss += self.losses.iter().sum::<f64>() / self.losses.len() as f64;
        }
        let at = AdamStep::new(plan.config(), self.step);
        let memory = [&mut self.m[..], &mut self.v[..]];
        on!(&self.machine, |machine| machine.update(at, &mut self.params, memory, &self.grads));
        self.step += 1;
        loss / f64::from(self.batch)
    }

    /// Steps done.
    #[must_use]
    pub fn steps_done(&self) -> u32 {
        self.step
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
            TurboMachine::Avx2(..) => "f32 avx2",
            #[cfg(target_arch = "aarch64")]
            TurboMachine::Neon(..) => "f32 neon",
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            TurboMachine::Wasm128(..) => "f32 wasm128",
            TurboMachine::Portable(..) => "f32 portable",
        }
    }
}

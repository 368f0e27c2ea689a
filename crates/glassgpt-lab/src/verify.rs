//! The proof on the user's own machine: runs that CPython made, run again here and compared bit by bit.
//!
//! Why in the lab: the command line prints it, and so does the page. There is no clock here; who asks for times takes them.

mod nearness;
mod outside;
mod repeating;

use glassgpt_core::golden::{Golden, TRACES};
use glassgpt_core::{Config, Corpus, Sampling, Setup, corpora, sample};
use serde::Serialize;

use crate::engine::{Backend, Engine, EngineKind};
use crate::fingerprint::{sha256_of_f64, sha256_of_words};

pub use nearness::Nearness;
pub use outside::verify_trace;
use repeating::Repeating;

/// A traced run that can be repeated.
#[derive(Clone, Debug)]
pub struct GoldenRun {
    /// The trace's name.
    pub name: String,
    config: Config,
    corpus: Corpus,
    golden: Golden,
}

/// How a repeated run compares with its trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// The trace's name.
    pub run: String,
    /// The engine that ran it.
    #[cfg_attr(feature = "ts", ts(type = "\"fused\" | \"scalar\""))]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub engine: EngineKind,
    /// The instruction set it ran on; null for the scalar engine.
    #[serde(serialize_with = "by_name")]
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub backend: Option<Backend>,
    /// Steps trained.
    pub steps: u32,
    /// Loss of the last step, in nats; null if it is not a number.
    #[cfg_attr(feature = "ts", ts(type = "number | null"))]
    pub loss: f64,
    /// Every loss is the same.
    pub losses_ok: bool,
    /// The gradient is the same wherever the trace states it.
    pub grads_ok: bool,
    /// The parameters are the same at the start and wherever the trace states them.
    pub params_ok: bool,
    /// Adam's memory is the same wherever the trace states it.
    pub moments_ok: bool,
    /// Every sample is the same.
    pub samples_ok: bool,
    /// The generator ends in the same state.
    pub generator_ok: bool,
    /// What differed first, in a sentence.
    pub first_difference: Option<String>,
    /// How near it came, where not every bit is the same.
    pub nearness: Nearness,
    /// The samples, as they were written here.
    pub samples: Vec<String>,
}

/// All traces that travel with the program.
#[must_use]
pub fn golden_runs() -> Vec<GoldenRun> {
    TRACES.into_iter().map(|(name, text)| GoldenRun::parse(name, text).expect("checked by a test")).collect()
}

impl GoldenRun {
    fn parse(name: &'static str, text: &str) -> Option<Self> {
        let golden = Golden::parse(text)?;
        let (config, corpus) = golden.experiment()?;
        let corpus = Corpus::parse(corpora::embedded(corpus)?.text).ok()?;
        Some(Self { name: name.to_string(), config, corpus, golden })
    }

    /// Steps it takes.
    #[must_use]
    pub fn steps(&self) -> u32 {
        self.golden.losses.len() as u32
    }

    /// Runs it again, the fused engine on `backend`. Stops early, with None, when `go_on` says so; it is asked before every step and sample.
    ///
    /// # Panics
    /// If the program was built with a trace whose settings are out of bounds; a test rules that out.
    pub fn verify(&self, kind: EngineKind, backend: Backend, go_on: impl FnMut() -> bool) -> Option<Verdict> {
        self.repeat(Engine::on(kind, backend, self.setup()), go_on)
    }

    fn setup(&self) -> Setup {
        Setup::new(self.config.clone(), &self.corpus).expect("the settings of traces are valid")
    }

    fn repeat(&self, mut engine: impl Repeating, mut go_on: impl FnMut() -> bool) -> Option<Verdict> {
        let mut verdict = Verdict {
            run: self.name.clone(),
            engine: engine.kind(),
            backend: engine.backend(),
            steps: self.steps(),
            loss: f64::NAN,
            losses_ok: true,
            grads_ok: true,
            params_ok: true,
            moments_ok: true,
            samples_ok: true,
            generator_ok: true,
            first_difference: None,
            nearness: Nearness::default(),
            samples: Vec::new(),
        };
        verdict.params_ok = sha256_of_f64(&engine.setup().params) == self.golden.init_sha256;
        verdict.note(verdict.params_ok, || "the initial parameters differ".into());
        for &expected in &self.golden.losses {
            if !go_on() {
                return None;
            }
            self.step(&mut engine, expected, &mut verdict);
        }
        let sampling = Sampling { temperature: self.golden.temperature(), ..Sampling::default() };
        let (tokenizer, mut random, mut predictor) =
            (&engine.setup().tokenizer, engine.setup().random.clone(), engine.predictor());
        for (i, expected) in self.golden.samples.iter().enumerate() {
            if !go_on() {
                return None;
            }
            let drawn = sample(&mut predictor, &mut random, &sampling, tokenizer.bos(), &[]);
            let text = drawn.map(|tokens| tokenizer.decode(&tokens));
            let same = text.as_ref() == Ok(expected);
            verdict.samples_ok &= same;
            verdict.note(same, || format!("sample {} should be {expected:?} and is {text:?}", i + 1));
            verdict.nearness.wrote(same);
            verdict.samples.extend(text);
        }
        let (words, index, _) = random.state();
        verdict.generator_ok = (index, sha256_of_words(words)) == self.golden.rng_end;
        verdict.note(verdict.generator_ok, || "the generator ends in another state".into());
        Some(verdict)
    }

    fn step(&self, engine: &mut impl Repeating, expected: f64, verdict: &mut Verdict) {
        let loss = engine.step();
        let step = engine.steps_done();
        verdict.loss = loss;
        let same = loss.to_bits() == expected.to_bits();
        verdict.losses_ok &= same;
        verdict.nearness.lost(step, loss, expected);
        verdict.note(same, || format!("the loss of step {step} should be {expected:?} and is {loss:?}"));
        if let Some(hash) = self.golden.grads_sha256.get(&step) {
            let same = *hash == sha256_of_f64(engine.grads());
            verdict.grads_ok &= same;
            verdict.note(same, || format!("the gradient of step {step} differs"));
        }
        if let Some(hashes) = self.golden.states.get(&step) {
            let same = hashes.params == sha256_of_f64(&engine.setup().params);
            verdict.params_ok &= same;
            verdict.note(same, || format!("the parameters after step {step} differ"));
            let adam = engine.adam();
            let same = hashes.m == sha256_of_f64(&adam.m) && hashes.v == sha256_of_f64(&adam.v);
            verdict.moments_ok &= same;
            verdict.note(same, || format!("Adam's memory after step {step} differs"));
        }
    }
}

impl Verdict {
    /// Whether everything is the same.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.first_difference.is_none()
    }

    fn note(&mut self, same: bool, difference: impl FnOnce() -> String) {
        if !same && self.first_difference.is_none() {
            self.first_difference = Some(difference());
        }
    }
}

fn by_name<S: serde::Serializer>(backend: &Option<Backend>, to: S) -> Result<S::Ok, S::Error> {
    backend.map(Backend::name).serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trace_can_be_repeated_and_its_settings_are_valid() {
        let runs = golden_runs();
        assert_eq!(runs.len(), TRACES.len());
        for run in runs {
            assert!(Setup::new(run.config.clone(), &run.corpus).is_ok(), "{}", run.name);
            assert!(run.steps() > 0 && !run.golden.samples.is_empty(), "{}", run.name);
        }
    }

    #[test]
    fn a_short_trace_is_reached_by_both_engines() {
        let runs = golden_runs();
        let run = runs.iter().find(|run| run.name == "shape-two-layers").expect("it travels with the program");
        for kind in EngineKind::ALL {
            let verdict = run.verify(kind, Backend::best(), || true).expect("nobody stopped it");
            assert_eq!(verdict.first_difference, None);
        }
    }

    #[test]
    fn a_difference_is_found_and_named() {
        let mut run = golden_runs().swap_remove(3);
        run.golden.losses[1] = f64::from_bits(run.golden.losses[1].to_bits() ^ 1);
        run.golden.samples[0].push('x');
        let verdict = run.verify(EngineKind::Fused, Backend::best(), || true).expect("nobody stopped it");
        assert!(!verdict.ok() && !verdict.losses_ok && !verdict.samples_ok && verdict.params_ok);
        assert!(verdict.first_difference.expect("one").starts_with("the loss of step 2 should be "));
    }

    #[test]
    fn it_stops_when_told() {
        let mut asked = 0;
        let run = &golden_runs()[0];
        assert_eq!(
            run.verify(EngineKind::Fused, Backend::best(), || {
                asked += 1;
                asked < 5
            }),
            None
        );
        assert_eq!(asked, 5);
    }
}

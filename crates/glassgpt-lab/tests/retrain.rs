//! What retraining promises: a session's bits, in slices or at once, with or without a piece of the model.

use std::sync::Arc;

use glassgpt_core::golden::{Golden, TRACES};
use glassgpt_core::{Activation, Config, Corpus, Preset, Setup};
use glassgpt_lab::fingerprint::sha256_of_f64;
use glassgpt_lab::intervention::*;
use glassgpt_lab::retrain::*;
use glassgpt_lab::{Library, Scene};
use proptest::prelude::*;

fn names() -> Arc<Corpus> {
    Library::embedded().get("names").expect("it is embedded")
}

fn few_names() -> Arc<Corpus> {
    Arc::new(Corpus::parse("emma\nolivia\nava\nnoah\nlea\namelie\n").expect("a corpus"))
}

fn spec(config: Config) -> RetrainSpec {
    RetrainSpec {
        config,
        engine: RetrainEngine::Exact,
        interventions: Vec::new(),
        text: "ava".into(),
        samples: 20,
        temperature: 0.5,
        sample_seed: 7,
    }
}

fn short() -> Config {
    Config { steps: 30, ..Preset::Blog.config() }
}

fn at_once(spec: RetrainSpec, corpus: Arc<Corpus>) -> Retrained {
    retrain(spec, corpus, &mut |_| true).expect("a valid spec").expect("nobody stopped it")
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|number| number.to_bits()).collect()
}

#[test]
fn the_published_run_comes_out_to_the_bit() {
    let (_, trace) = TRACES.into_iter().find(|(name, _)| *name == "blog-names").expect("it travels along");
    let golden = Golden::parse(trace).expect("a trace");
    let retrained = at_once(spec(Preset::Blog.config()), names());
    assert_eq!(bits(&retrained.losses), bits(&golden.losses));
    assert_eq!(retrained.params_sha256.as_deref(), Some(golden.states[&1000].params.as_str()));
    assert_eq!((retrained.steps_done, retrained.divergence), (1000, None));
    assert_eq!(retrained.samples.len(), 20);
}

#[test]
fn slices_make_no_difference() {
    let whole = at_once(spec(short()), few_names());
    let mut sliced = Retrain::new(spec(short()), few_names()).expect("a valid spec");
    let mut slices = [1, 7, 0, 100].into_iter();
    while !sliced.progress().finished {
        let progress = sliced.advance(slices.next().expect("these are enough"));
        assert!(progress.steps_done <= progress.steps);
    }
    assert_eq!(sliced.finish(), whole);
}

#[test]
fn turbo_comes_close() {
    let exact = at_once(spec(Preset::Blog.config()), names());
    let turbo = at_once(RetrainSpec { engine: RetrainEngine::Turbo, ..spec(Preset::Blog.config()) }, names());
    let last = |retrained: &Retrained| *retrained.smoothed_losses.last().expect("steps were done");
    assert!((last(&exact) - last(&turbo)).abs() < 0.01, "{} {}", last(&exact), last(&turbo));
    assert_eq!((turbo.params_sha256, turbo.trained_by), (None, TrainedOn::Turbo));
}

#[test]
fn the_tape_without_glasses_is_the_reference() {
    let setup = || Setup::new(short(), &few_names()).expect("valid settings");
    let mut tape = TapeTrainer::new(setup(), Glasses::none());
    let mut reference = glassgpt_core::Trainer::new(setup());
    for _ in 0..10 {
        let step = reference.step();
        assert_eq!(tape.measure().to_bits(), step.loss.to_bits());
        assert_eq!(bits(tape.grads()), bits(&step.grads));
        tape.update();
    }
    assert_eq!(bits(&tape.setup().params), bits(&reference.setup().params));
    assert_eq!(tape.adam(), reference.adam());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn weights_at_zero_train_as_the_tape_does(
        (n_head, head_dim, n_layer, block_size) in (1..=3u32, 1..=4u32, 1..=2u32, 1..=7u32),
        (squared, zero_init, seed, pick) in (any::<bool>(), any::<bool>(), any::<i32>(), any::<u32>()),
    ) {
        let activation = if squared { Activation::Relu2 } else { Activation::Relu };
        let n_embd = n_head * head_dim;
        let shape = Config { n_head, n_embd, n_layer, block_size, activation, ..short() };
        let config = Config { steps: 12, init_std: 0.2, zero_init, seed: seed.into(), ..shape };
        let layer = pick % n_layer;
        let silences = [
            vec![Intervention::ZeroHead { layer, head: pick % n_head }],
            vec![Intervention::ZeroNeuron { layer, unit: pick % (4 * n_embd) }],
            vec![Intervention::ZeroMlp { layer }],
            vec![Intervention::ZeroNeuron { layer, unit: 0 }, Intervention::ZeroMlp { layer }, Intervention::ZeroHead { layer: 0, head: 0 }],
        ];
        for interventions in silences {
            let fast = at_once(RetrainSpec { interventions: interventions.clone(), ..spec(config.clone()) }, few_names());
            prop_assert_eq!(fast.trained_by, TrainedOn::Exact);
            let setup = Setup::new(config.clone(), &few_names()).expect("valid settings");
            let glasses = Glasses::new(&interventions, &Scene::initial(&setup)).expect("they exist");
            let mut tape = TapeTrainer::new(setup, glasses);
            for loss in &fast.losses {
                prop_assert_eq!(tape.measure().to_bits(), loss.to_bits());
                tape.update();
            }
            prop_assert_eq!(fast.params_sha256, Some(sha256_of_f64(&tape.setup().params)));
        }
    }

    #[test]
    fn both_ways_of_writing_draw_the_same(seed in any::<i32>(), head in 0..4u32) {
        let config = Config { learning_rate: 0.0, init_std: 0.5, seed: seed.into(), ..short() };
        let silent = vec![Intervention::ZeroHead { layer: 0, head }];
        let setup = Setup::new(config.clone(), &few_names()).expect("valid settings");
        // Holding a parameter at what it is changes nothing where nothing is learnt, and needs the tape.
        let value = setup.params[0];
        let held = Intervention::SetParameter { address: "wte[0][0]".parse().expect("an address"), value };
        let fast = at_once(RetrainSpec { interventions: silent.clone(), ..spec(config.clone()) }, few_names());
        let slow = at_once(RetrainSpec { interventions: [silent, vec![held]].concat(), ..spec(config) }, few_names());
        prop_assert_eq!((fast.trained_by, slow.trained_by), (TrainedOn::Exact, TrainedOn::Tape));
        prop_assert_eq!(Retrained { trained_by: TrainedOn::Exact, ..slow }, fast);
    }
}

#[test]
fn a_model_can_be_trained_without_a_norm_and_with_a_number_held() {
    let without = |interventions| at_once(RetrainSpec { interventions, ..spec(short()) }, few_names());
    let normal = without(vec![]);
    let pieces = [
        Intervention::DropNorm { norm: NormAt::Mlp { layer: 0 } },
        Intervention::DropScale { layer: 0 },
        Intervention::ZeroResidual { layer: 0, around: Block::Mlp },
        Intervention::ZeroPositions {},
    ];
    for piece in pieces {
        let retrained = without(vec![piece.clone()]);
        assert_eq!(retrained.trained_by, TrainedOn::Tape);
        assert_ne!(retrained.losses, normal.losses, "{piece:?}");
        assert_eq!(retrained.divergence, None, "{piece:?}");
        assert!(retrained.smoothed_losses.last() < retrained.losses.first(), "{piece:?}");
    }
}

#[test]
fn a_held_number_is_read_and_not_trained() {
    let setup = Setup::new(short(), &few_names()).expect("valid settings");
    let address = "lm_head[0][3]".parse().expect("an address");
    let index = setup.plan.layout().lm_head.row(0).start + 3;
    let held = [Intervention::SetParameter { address, value: 0.25 }];
    let glasses = Glasses::new(&held, &Scene::initial(&setup)).expect("it exists");
    let initial = setup.params.clone();
    let mut read_as = setup.clone();
    read_as.params[index] = 0.25;
    let expected = glassgpt_core::Trainer::new(read_as).step();
    let mut tape = TapeTrainer::new(setup, glasses);
    assert_eq!(tape.measure().to_bits(), expected.loss.to_bits());
    assert_eq!((tape.grads()[index], expected.grads[index] != 0.0), (0.0, true));
    assert_eq!(bits(&tape.grads()[..index]), bits(&expected.grads[..index]));
    tape.update();
    assert_eq!(tape.setup().params[index].to_bits(), initial[index].to_bits());
    assert_ne!(tape.setup().params[index + 1], initial[index + 1]);
}

#[test]
fn a_place_in_one_text_is_refused() {
    let refusal = |spec| Retrain::new(spec, few_names()).expect_err("not for training");
    let address = || "p0/layer0.q".parse().expect("an address");
    let patch = Intervention::Patch { address: address(), from_text: "ava".into() };
    let weights = Intervention::ReplaceAttention { layer: 0, head: 0, position: 0, weights: vec![1.0] };
    for intervention in [patch, weights] {
        let refused = refusal(RetrainSpec { interventions: vec![intervention], ..spec(short()) });
        assert_eq!(refused.field.as_deref(), Some("interventions"));
        assert!(refused.message.contains("a place in one text"), "{}", refused.message);
    }
    let drop_scale = || vec![Intervention::DropScale { layer: 0 }];
    let turbo = RetrainSpec { engine: RetrainEngine::Turbo, interventions: drop_scale(), ..spec(short()) };
    let fields = [
        (turbo, "engine"),
        (RetrainSpec { temperature: 0.0, ..spec(short()) }, "temperature"),
        (RetrainSpec { samples: 101, ..spec(short()) }, "samples"),
        (RetrainSpec { text: "Zoë".into(), ..spec(short()) }, "text"),
        (spec(Config { n_embd: 1000, ..short() }), "n_embd"),
        (RetrainSpec { sample_seed: i64::MAX, ..spec(short()) }, "sample_seed"),
        (RetrainSpec { interventions: vec![Intervention::ZeroMlp { layer: 1 }], ..spec(short()) }, "layer"),
    ];
    for (spec, field) in fields {
        assert_eq!(refusal(spec).field.as_deref(), Some(field));
    }
}

#[test]
fn the_latest_request_wins() {
    let mut retrainer = Retrainer::default();
    assert_eq!((retrainer.is_idle(), retrainer.advance(10)), (true, None));
    retrainer.request(1, spec(short()), few_names()).expect("a valid spec");
    assert_eq!(retrainer.advance(10).map(|news| (news.request, news.progress.steps_done)), Some((1, 10)));
    let other = Config { seed: 1, ..short() };
    retrainer.request(2, spec(other.clone()), few_names()).expect("a valid spec");
    retrainer.request(3, spec(Config { steps: 0, ..short() }), few_names()).expect_err("no steps");
    assert_eq!(retrainer.advance(10).map(|news| (news.request, news.progress.steps_done)), Some((2, 10)));
    let news = retrainer.advance(1000).expect("it runs");
    assert_eq!(news.retrained, Some(at_once(spec(other), few_names())));
    assert!(retrainer.is_idle());
    retrainer.request(4, spec(short()), few_names()).expect("a valid spec");
    retrainer.cancel();
    assert!(retrainer.is_idle());
}

#[test]
fn whoever_asked_can_stop_it() {
    let mut asked = Vec::new();
    let mut keep_going = |steps| {
        asked.push(steps);
        steps < 100
    };
    let stopped = retrain(spec(Preset::Blog.config()), few_names(), &mut keep_going).expect("a valid spec");
    assert_eq!((stopped, asked), (None, vec![50, 100]));
}

#[test]
fn a_tiny_temperature_writes_what_the_likeliest_tokens_say() {
    for engine in [RetrainEngine::Exact, RetrainEngine::Turbo] {
        let [small, tiny] = [1e-6, 1e-308].map(|temperature| {
            at_once(RetrainSpec { engine, temperature, samples: 3, ..spec(short()) }, few_names()).samples
        });
        assert_eq!(small, tiny, "{engine:?}");
        assert!(tiny.iter().all(|sample| !sample.text.is_empty()), "{tiny:?}");
    }
}

#[test]
fn divergence_is_reported() {
    let config = Config { init_std: 10.0, learning_rate: 10.0, steps: 200, ..Preset::Gist.config() };
    let retrained = at_once(spec(config.clone()), few_names());
    let divergence = retrained.divergence.expect("these settings diverge");
    assert_eq!((divergence.step, divergence.step as usize), (retrained.steps_done, retrained.losses.len()));
    assert!(divergence.address.is_some() && divergence.value.is_some());
    assert!(retrained.losses.iter().all(|loss| loss.is_finite()));
    for spec in [
        RetrainSpec { engine: RetrainEngine::Turbo, ..spec(config.clone()) },
        RetrainSpec { interventions: vec![Intervention::DropScale { layer: 0 }], ..spec(config) },
    ] {
        let retrained = at_once(spec, few_names());
        let divergence = retrained.divergence.expect("these settings diverge");
        assert_eq!((divergence.step, divergence.address), (retrained.steps_done, None));
        serde_json::to_string(&retrained.samples).expect("plain data");
    }
}

#[test]
fn a_request_needs_only_its_settings() {
    let config = serde_json::to_value(Preset::Blog.config()).expect("plain data");
    let spec: RetrainSpec = serde_json::from_value(serde_json::json!({ "config": config })).expect("a request");
    assert_eq!((spec.engine, spec.samples, spec.temperature), (RetrainEngine::Exact, 0, 0.5));
    let unknown = serde_json::json!({ "config": config, "sampels": 3 });
    serde_json::from_value::<RetrainSpec>(unknown).expect_err("an unknown field");
}

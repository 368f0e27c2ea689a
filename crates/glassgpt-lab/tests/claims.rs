//! What the page claims about the model, and what its tips promise, tried over three seeds: prose and model must not part.
//!
//! Why with a stated spread: a claim that holds for one seed may be luck. Bounds are wider than what eight seeds showed.

mod support;

use std::sync::Arc;

use glassgpt_core::{Config, Corpus, Preset, Schedule, Setup};
use glassgpt_lab::Library;
use glassgpt_lab::intervention::Intervention;
use glassgpt_lab::protocol::{CorpusSource, Spec};
use glassgpt_lab::retrain::{RetrainEngine, RetrainSpec, Retrained, retrain};
use support::{open, run};

const SEEDS: [i64; 3] = [1, 2, 42];

fn names() -> Arc<Corpus> {
    Library::embedded().get("names").expect("it is embedded")
}

fn trained(config: Config, interventions: Vec<Intervention>) -> Retrained {
    let spec = RetrainSpec {
        config,
        engine: RetrainEngine::Exact,
        interventions,
        text: "ava".into(),
        samples: 20,
        temperature: 0.5,
        sample_seed: 7,
    };
    retrain(spec, names(), &mut |_| true).expect("a valid spec").expect("nobody stopped it")
}

fn blog(seed: i64) -> Config {
    Config { seed, ..Preset::Blog.config() }
}

/// The mean loss of the last 300 steps.
fn end(run: &Retrained) -> f64 {
    let last = &run.losses[run.losses.len().saturating_sub(300)..];
    last.iter().sum::<f64>() / last.len() as f64
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.sum::<f64>() / SEEDS.len() as f64
}

#[test]
fn on_names_heads_and_mlp_are_worth_little() {
    let without = |interventions: &dyn Fn() -> Vec<Intervention>| {
        mean(
            SEEDS
                .map(|seed| end(&trained(blog(seed), interventions())) - end(&trained(blog(seed), vec![])))
                .into_iter(),
        )
    };
    let heads = without(&|| (0..4).map(|head| Intervention::ZeroHead { layer: 0, head }).collect());
    assert!((-0.002..0.015).contains(&heads), "all heads are worth {heads} nats");
    let mlp = without(&|| vec![Intervention::ZeroMlp { layer: 0 }]);
    assert!((-0.015..0.010).contains(&mlp), "the MLP is worth {mlp} nats");
}

#[test]
fn a_hundred_steps_write_rough_names_and_ten_write_noise() {
    for seed in SEEDS {
        let loss = |steps| *trained(Config { steps, ..blog(seed) }, vec![]).smoothed_losses.last().expect("steps");
        let [ten, hundred] = [10, 100].map(loss);
        assert!(ten > 2.95 && hundred < 2.95, "seed {seed}: {ten} after 10, {hundred} after 100");
    }
}

#[test]
fn with_a_context_of_two_documents_end_after_two_letters() {
    for seed in SEEDS {
        let run = trained(Config { block_size: 2, ..blog(seed) }, vec![]);
        assert!(run.samples.iter().all(|sample| sample.text.chars().count() <= 2), "seed {seed}");
    }
}

#[test]
fn weights_of_zero_learn_nothing() {
    for seed in SEEDS {
        let run = trained(Config { init_std: 0.0, steps: 200, ..blog(seed) }, vec![]);
        let [first, last] = [run.losses[0], run.losses[199]];
        assert!((first - last).abs() < 1e-12, "seed {seed}: {first} {last}");
    }
}

#[test]
fn an_epsilon_of_one_slows_adam_down() {
    for seed in SEEDS {
        let [usual, slow] = [1e-8, 1.0].map(|eps| end(&trained(Config { eps, ..blog(seed) }, vec![])));
        assert!(slow > usual + 0.1, "seed {seed}: {usual} {slow}");
    }
}

/// The mean over the seeds of what a change of the settings adds to the loss.
fn added(change: impl Fn(Config) -> Config) -> f64 {
    mean(SEEDS.map(|seed| end(&trained(change(blog(seed)), vec![])) - end(&trained(blog(seed), vec![]))).into_iter())
}

#[test]
fn half_the_width_is_a_third_of_the_parameters_and_nearly_the_same_loss() {
    let params = |config| Setup::new(config, &names()).expect("valid settings").params.len();
    let narrow = |config| Config { n_embd: 8, ..config };
    assert_eq!([params(blog(42)), params(narrow(blog(42)))], [4192, 1328]);
    let narrower = added(narrow);
    assert!(narrower.abs() < 0.03, "half the width adds {narrower} nats");
}

#[test]
fn a_second_layer_and_other_heads_change_the_loss_of_names_little() {
    let deeper = added(|config| Config { n_layer: 2, ..config });
    assert!(deeper.abs() < 0.02, "a second layer adds {deeper} nats");
    for n_head in [2, 8] {
        let other = added(|config| Config { n_head, ..config });
        assert!(other.abs() < 0.02, "{n_head} heads add {other} nats");
    }
}

#[test]
fn too_short_a_memory_of_squares_breaks_training() {
    for seed in SEEDS {
        let diverged = |beta2| trained(Config { beta2, ..blog(seed) }, vec![]).divergence.is_some();
        assert_eq!([0.9, 0.5].map(diverged), [false, true], "seed {seed}");
    }
}

#[test]
fn a_large_rate_runs_away_and_so_do_no_usual_ones() {
    for seed in SEEDS {
        let diverged = |learning_rate| trained(Config { learning_rate, ..blog(seed) }, vec![]).divergence.is_some();
        assert_eq!([0.01, 0.2].map(diverged), [false, true], "seed {seed}");
    }
}

#[test]
fn with_a_constant_rate_the_weights_keep_moving_to_the_end() {
    for seed in SEEDS {
        let moved = |schedule| {
            let corpus = CorpusSource::Named { name: "names".into() };
            let mut session = open(&Spec::new(Config { schedule, ..blog(seed) }, corpus));
            run(&mut session, 1000);
            session.snapshot().records.last().expect("steps").mean_abs_update
        };
        let [linear, cosine, constant] = [Schedule::Linear, Schedule::Cosine, Schedule::Constant].map(moved);
        assert!(constant > 100.0 * linear.max(cosine), "seed {seed}: {linear} {cosine} {constant}");
    }
}

#[test]
fn without_memory_m_is_the_gradient_and_with_much_it_trails_behind() {
    for seed in SEEDS {
        let apart = |beta1| {
            let corpus = CorpusSource::Named { name: "names".into() };
            let mut session = open(&Spec::new(Config { beta1, ..blog(seed) }, corpus));
            run(&mut session, 50);
            let trainer = session.trainer();
            let pairs = trainer.adam().m.iter().zip(trainer.grads());
            pairs.map(|(m, grad)| (m - grad).abs()).fold(0.0, f64::max)
        };
        assert!(apart(0.0) == 0.0 && apart(0.99) > 0.01, "seed {seed}: {} {}", apart(0.0), apart(0.99));
    }
}

#[test]
fn with_zero_init_the_layers_add_nothing_at_first() {
    for seed in SEEDS {
        let first = |zero_init, interventions| {
            trained(Config { zero_init, steps: 1, ..blog(seed) }, interventions).losses[0].to_bits()
        };
        let nothing =
            || (0..4).map(|head| Intervention::ZeroHead { layer: 0, head }).chain([Intervention::ZeroMlp { layer: 0 }]);
        assert_eq!(first(true, vec![]), first(true, nothing().collect()), "seed {seed}");
        assert_ne!(first(false, vec![]), first(false, nothing().collect()), "seed {seed}");
    }
}

#[test]
fn startups_are_memorized_in_five_thousand_steps_and_names_are_not_read_twice_in_a_thousand() {
    assert!(names().documents().len() > 1000);
    for seed in SEEDS {
        let config = Config { seed, steps: 5000, ..Preset::Startups.config() };
        let corpus = CorpusSource::Named { name: "startups".into() };
        let mut session = open(&Spec { held_out_every: Some(10), ..Spec::new(config, corpus) });
        run(&mut session, 5000);
        let snapshot = session.snapshot();
        let read = snapshot.records.last().expect("steps").smoothed_loss;
        let held = snapshot.held_out.last().and_then(|held| held.loss).expect("something is held out");
        assert!(held > read + 0.3, "seed {seed}: {read} read, {held} held out");
    }
}

//! What the Lab's page asks while a hand moves, and what it costs: starting, a whole run in slices, reading, its pictures.
//!
//! Why a program: a promise of milliseconds holds on a machine, so it is measured there.
//! `cargo run --release -p glassgpt-lab --example page -- [a file of documents]`

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use glassgpt_core::{Config, Corpus, Preset, Sampling};
use glassgpt_fused::Trainer;
use glassgpt_lab::embedding_map::Table;
use glassgpt_lab::protocol::{Command, CorpusSource, Phase, Spec};
use glassgpt_lab::retrain::{RetrainSpec, retrain};
use glassgpt_lab::{Address, Library, Question, Session};

/// How long a slice of a run may take.
const SLICE: Duration = Duration::from_millis(12);

fn main() {
    let began = Instant::now();
    let mut library = Library::embedded();
    println!("the library {:.2} ms", began.elapsed().as_secs_f64() * 1e3);
    if let Some(file) = std::env::args().nth(1) {
        let text = std::fs::read_to_string(file).expect("a file of documents");
        library = library.with("file", "given", Corpus::parse(&text).expect("documents"));
    }
    for entry in library.catalog("").corpora {
        let spec = Spec::new(Preset::Blog.config(), CorpusSource::Named { name: entry.name.clone() });
        println!("{}, {} documents", entry.name, entry.num_docs);
        starting(&library, &spec);
    }
    let spec = Spec::new(Preset::Blog.config(), CorpusSource::Named { name: "names".into() });
    running(&library, &spec);
    reading(&library, &spec);
    for entry in library.catalog("").corpora.iter().filter(|entry| ["names", "file"].contains(&entry.name.as_str())) {
        let spec = Spec::new(Preset::Blog.config(), CorpusSource::Named { name: entry.name.clone() });
        pictures(&library, &spec);
    }
    pictures(&library, &Spec::new(Config { n_embd: 128, n_layer: 2, steps: 200, ..spec.config }, spec.corpus));
}

/// The least of some repetitions, in milliseconds: a busy machine adds to a time and never takes off.
fn least(times: usize, mut run: impl FnMut() -> Duration) -> f64 {
    (0..times).map(|_| run().as_secs_f64() * 1e3).fold(f64::INFINITY, f64::min)
}

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    black_box(run());
    began.elapsed()
}

fn starting(library: &Library, spec: &Spec) {
    let new = least(31, || timed(|| Session::new(spec, library.clone()).expect("a valid spec")));
    let mut session = Session::new(spec, library.clone()).expect("a valid spec");
    let start = least(31, || timed(|| session.apply(Command::Start { spec: spec.clone() }).expect("a valid spec")));
    let question = Question::Plan { spec: spec.clone() };
    let plan = least(31, || timed(|| session.ask(&question).expect("a valid spec")));
    println!("  a session {new:.2} ms, started again {start:.2} ms, planned {plan:.2} ms");
}

fn running(library: &Library, spec: &Spec) {
    let session = Session::new(spec, library.clone()).expect("a valid spec");
    let steps = spec.config.steps;
    let bare = least(41, || {
        let mut trainer: Trainer = session.trainer().clone();
        timed(|| (0..steps).map(|_| trainer.step()).sum::<f64>())
    });
    let corpus: Arc<Corpus> = Arc::clone(session.corpus());
    let again = retrain_spec(&spec.config);
    let retrained = least(41, || timed(|| retrain(again.clone(), Arc::clone(&corpus), &mut |_| true).expect("valid")));
    let mut session = Session::new(spec, library.clone()).expect("a valid spec");
    let whole = least(41, || timed(|| start_and_run(&mut session, spec)));
    println!("{steps} steps: bare {bare:.2} ms, retrained {retrained:.2} ms, started and run in slices {whole:.2} ms");
    for (what, samples_every) in [("with", Some(100)), ("without", None)] {
        let spec = Spec { samples_every, ..spec.clone() };
        let fresh = || {
            let mut session = Session::new(&spec, library.clone()).expect("a valid spec");
            session.apply(Command::Run { steps: None, pace: None }).expect("ready");
            session
        };
        let piece = least(41, || {
            let mut session = fresh();
            timed(|| session.advance(steps))
        });
        println!("  in one piece {what} automatic samples {piece:.2} ms");
    }
    let trainer: Trainer = session.trainer().clone();
    let norms = least(41, || {
        let matrices = || trainer.plan().layout().matrices().map(|matrix| trainer.grad_norm_of(matrix.range()));
        timed(|| (0..steps).map(|_| trainer.grad_norm() + matrices().sum::<f64>()).sum::<f64>())
    });
    println!("  of which lengths of gradients {norms:.2} ms");
}

fn retrain_spec(config: &Config) -> RetrainSpec {
    serde_json::from_value(serde_json::json!({ "config": config, "samples": 10 })).expect("the rest has defaults")
}

/// As a page does for every move of a slider.
fn start_and_run(session: &mut Session, spec: &Spec) {
    black_box(session.apply(Command::Start { spec: spec.clone() }).expect("a valid spec"));
    black_box(session.apply(Command::Run { steps: None, pace: None }).expect("ready"));
    while session.status().phase == Phase::Running {
        // A driver trains a few steps, looks at the clock and chooses how many come next: here, what 12 ms allow.
        let began = Instant::now();
        black_box(session.advance(20));
        let per_step = began.elapsed().as_secs_f64() / 20.0;
        let next = (SLICE.as_secs_f64() / per_step) as u32;
        black_box(session.advance(next.max(1)));
    }
}

fn reading(library: &Library, spec: &Spec) {
    let mut session = Session::new(spec, library.clone()).expect("a valid spec");
    session.apply(Command::Run { steps: Some(700), pace: None }).expect("ready");
    session.advance(700);
    let names: Vec<String> = session.experiment().matrices.iter().map(|matrix| matrix.name.clone()).collect();
    let of_matrices = |step: u32, parts: &[&str]| -> Vec<Address> {
        let all = names.iter().flat_map(|name| parts.iter().map(move |part| format!("step:{step}/{name}{part}")));
        all.map(|address| address.parse().expect("an address")).collect()
    };
    let activations = |step: u32| -> Vec<Address> {
        let names =
            ["probs", "logits", "p*/loss", "layer0.head0.weights", "layer0.head1.weights", "layer0.head2.weights"];
        let more = ["layer0.head3.weights", "layer0.q", "layer0.k", "layer0.v", "layer0.relu", "layer0.residual"];
        names.iter().chain(&more).map(|name| format!("step:{step}/{name}").parse().expect("an address")).collect()
    };
    let all = ["", ".grad", ".m", ".v", ".m_hat", ".v_hat", ".update", ".next"];
    for step in [699, 700, 695, 671, 672, 300] {
        let ask = |addresses: Vec<Address>| {
            let question = Question::Read { addresses };
            least(51, || timed(|| session.ask(&question).expect("an answer")))
        };
        println!(
            "step {step}, 700 done: gradients {:.3} ms, every part of every matrix {:.3} ms, activations {:.3} ms",
            ask(of_matrices(step, &[".grad"])),
            ask(of_matrices(step, &all)),
            ask(activations(step)),
        );
    }
}

fn ways(count: usize) -> Vec<Sampling> {
    vec![Sampling::default(); count]
}

fn pictures(library: &Library, spec: &Spec) {
    let mut session = Session::new(spec, library.clone()).expect("a valid spec");
    let steps = spec.config.steps;
    session.apply(Command::Run { steps: None, pace: None }).expect("ready");
    while session.status().phase == Phase::Running {
        session.advance(50);
    }
    println!("{}, {} parameters, {steps} steps", spec.corpus.name(), session.experiment().num_params);
    let address = |text: &str| -> Address { text.parse().expect("an address") };
    let samples = &session.snapshot().live_samples.samples;
    let texts: Vec<String> = samples.iter().chain(samples).map(|sample| sample.text.clone()).collect();
    let matrices = session.experiment().matrices.iter().map(|of| address(&format!("{}.grad", of.name))).collect();
    let questions = [
        ("corpus", Question::Corpus { source: spec.corpus.clone(), seed: Some(42) }),
        ("course of 100 steps", Question::Course { address: address("wte[1][1]"), first: 0, count: steps.min(100) }),
        ("spread of all gradients", Question::Spread { addresses: matrices, bins: 64, range: None }),
        ("map at the end", Question::EmbeddingMap { matrix: Table::Wte, step: None, reference: None }),
        ("map in the middle", Question::EmbeddingMap { matrix: Table::Wte, step: Some(steps / 2), reference: None }),
        ("score of 20 texts", Question::Score { step: None, texts }),
        (
            "writing of 10 texts",
            Question::Write { step: None, prefix: String::new(), samplings: ways(1), count: 10, seed: 42 },
        ),
        (
            "one draw in 7 ways",
            Question::NextToken { step: None, text: "a".into(), samplings: ways(7), random: Some(0.5) },
        ),
    ];
    for (name, question) in questions {
        println!("  {name} {:.2} ms", least(11, || timed(|| session.ask(&question).expect("an answer"))));
    }
    if session.experiment().num_params < 10_000 {
        let question = Question::Course { address: address("wte[1][1]"), first: 0, count: steps };
        println!(
            "  course of {steps} steps {:.2} ms",
            least(11, || timed(|| session.ask(&question).expect("an answer")))
        );
    }
}

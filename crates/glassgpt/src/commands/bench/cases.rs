//! What is measured: which model, on which engine, how many steps at a time.
//!
//! Why everything begins anew in every repetition: a step's cost depends on the document, so all repetitions and all
//! engines get the same documents.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use glassgpt_core::{Config, Corpus, Model, Plan, Preset, Sampling, Setup, Tape};
use glassgpt_fused::{BatchTrainer, Crew, Streams, Turbo};
use glassgpt_lab::engine::{Backend, Engine, EngineKind};

use super::peak;
use super::python::Python;
use crate::corpora::NamedCorpus;
use crate::threads::{self, Threads};

/// One row of the report, and how to measure it.
pub(super) struct Case {
    /// Its name: model, engine, backend or batch.
    pub(super) name: String,
    /// What is measured.
    pub(super) what: What,
    /// Repetitions at most.
    pub(super) at_most: u32,
    /// One repetition: microseconds, or for a peak thousands of millions of operations a second.
    pub(super) run: Box<dyn FnMut() -> anyhow::Result<f64>>,
    /// What came out so far.
    pub(super) figures: Vec<f64>,
}

/// What a row's figure is about.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A training step.
    Step(Step),
    /// A training step of the Python rendition.
    Python {
        /// What it calls itself.
        version: String,
    },
    /// A loss and its gradient.
    Pass {
        /// Nodes of its graph.
        nodes: usize,
    },
    /// A text written.
    Name,
    /// Multiplications and additions.
    Peak,
    /// Something the lab answers.
    Question {
        /// What a figure is of.
        unit: &'static str,
    },
}

/// What is known of a step.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The settings.
    pub(super) config: Config,
    /// Parameters.
    pub(super) num_params: usize,
    /// Documents a step.
    pub(super) documents: u32,
    /// Positions a step, on average.
    pub(super) positions: f64,
    /// Multiplications of a weight, a key or a value, each with an addition: forward once, backward twice. On average.
    pub(super) multiply_adds: f64,
}

/// Who takes the steps.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Contender {
    Fused(Backend),
    Scalar,
    /// The fused engine on several documents a step, on all cores.
    Batch {
        backend: Backend,
        batch: u32,
    },
    Turbo {
        batch: u32,
    },
}

/// How many steps a repetition takes.
#[derive(Clone, Copy, Debug)]
struct Pace {
    /// Fresh starts.
    starts: u32,
    /// Steps that are not timed, at each start.
    warm: u32,
    /// Steps that are.
    steps: u32,
}

/// Documents that Python, the scalar engine and the fused one are compared on.
const COMPARED: u32 = 20;
/// Widths along which growth is measured.
pub(super) const WIDTHS: [u32; 5] = [16, 32, 64, 128, 256];

/// Everything that is measured. `wanted` is the corpus as the user called it.
pub(super) fn all(
    corpus: &NamedCorpus,
    wanted: &str,
    backend: Option<Backend>,
    quick: bool,
) -> anyhow::Result<Vec<Case>> {
    let best = backend.unwrap_or(Backend::best());
    let backends: Vec<Backend> = Backend::available().filter(|&it| backend.is_none_or(|only| only == it)).collect();
    let steps = |full: u32, quick_steps: u32| if quick { quick_steps } else { full };
    let run_of = |full: u32, quick_steps: u32| Pace { starts: 1, warm: 0, steps: steps(full, quick_steps) };
    let warm = |full: u32, quick_steps: u32| Pace { starts: 1, warm: 1, steps: steps(full, quick_steps) };
    let mut cases = Vec::new();

    let blog = setup(Preset::Blog.config(), &corpus.corpus)?;
    for &backend in &backends {
        cases.push(training("blog", &blog, Contender::Fused(backend), run_of(1000, 40)));
    }
    cases.push(training("blog", &blog, Contender::Batch { backend: best, batch: 16 }, run_of(64, 4)));
    cases.push(training("blog", &blog, Contender::Turbo { batch: 1 }, run_of(1000, 40)));
    cases.push(training("blog", &blog, Contender::Turbo { batch: 16 }, run_of(64, 4)));

    let compared = |starts| Pace { starts, warm: 0, steps: COMPARED };
    cases.push(training("blog-20", &blog, Contender::Fused(best), compared(steps(50, 2))));
    cases.push(training("blog-20", &blog, Contender::Scalar, compared(1)));
    cases.extend(python(wanted, quick));
    cases.extend(emma(&blog, steps(10, 1)));

    let wide = setup(Config { n_embd: 64, ..Preset::Blog.config() }, &corpus.corpus)?;
    for contender in [Contender::Fused(best), Contender::Turbo { batch: 1 }] {
        cases.push(training("wide", &wide, contender, warm(100, 4)));
    }
    let big = Config { n_embd: 128, n_layer: 4, block_size: 64, ..Preset::Blog.config() };
    let big = setup(big, &joined(&corpus.corpus, 64)?)?;
    for &backend in backends.iter().filter(|&&it| it != Backend::Portable || backends.len() == 1) {
        cases.push(training("big", &big, Contender::Fused(backend), warm(5, 1)));
        cases.push(peak_of(backend, steps(4_000_000, 10_000)));
    }
    cases.push(training("big", &big, Contender::Turbo { batch: 1 }, warm(5, 1)));
    for n_embd in WIDTHS {
        let grown = setup(Config { n_embd, ..Preset::Blog.config() }, &corpus.corpus)?;
        let n = 400 * 16 * 16 / (n_embd * n_embd) + 4;
        cases.push(training(&format!("growth-{n_embd}"), &grown, Contender::Fused(best), warm(n, 2)));
    }
    cases.extend(sampling(&blog, best, steps(1000, 20), steps(1000, 10)));
    Ok(cases)
}

fn setup(config: Config, corpus: &Corpus) -> anyhow::Result<Rc<Setup>> {
    Ok(Rc::new(Setup::new(config, corpus)?))
}

/// Documents strung together, with blanks between, until each fills a context.
fn joined(corpus: &Corpus, block_size: usize) -> anyhow::Result<Corpus> {
    let mut lines = String::new();
    let mut width = 0;
    for document in corpus.documents().iter().cycle().take(corpus.documents().len() + block_size) {
        lines += document;
        width += document.chars().count() + 1;
        lines.push(if width >= block_size { '\n' } else { ' ' });
        width = if width >= block_size { 0 } else { width };
    }
    Ok(Corpus::parse(&lines)?)
}

fn training(model: &str, setup: &Rc<Setup>, contender: Contender, pace: Pace) -> Case {
    let who = match contender {
        Contender::Fused(backend) => format!("fused/{}", backend.name()),
        Contender::Scalar => "scalar".to_string(),
        Contender::Batch { batch, .. } => format!("fused-batch/{batch}"),
        Contender::Turbo { batch } => format!("turbo/{batch}"),
    };
    let documents = match contender {
        Contender::Batch { batch, .. } | Contender::Turbo { batch } => batch,
        Contender::Fused(_) | Contender::Scalar => 1,
    };
    let what = What::Step(describe(setup, documents, pace));
    let setup = Rc::clone(setup);
    let run = move || {
        let mut busy = Duration::ZERO;
        for _ in 0..pace.starts {
            let mut step = start(contender, (*setup).clone());
            (0..pace.warm).for_each(|_| step());
            let began = Instant::now();
            (0..pace.steps).for_each(|_| step());
            busy += began.elapsed();
        }
        Ok(busy.as_secs_f64() * 1e6 / f64::from(pace.starts * pace.steps))
    };
    Case::new(format!("{model}/{who}"), what, run)
}

fn start(contender: Contender, setup: Setup) -> Box<dyn FnMut()> {
    match contender {
        Contender::Batch { backend, batch } => {
            let threads = Threads::start(threads::one_a_core());
            let mut trainer = BatchTrainer::on(backend, setup, batch as usize, threads.size());
            Box::new(move || {
                black_box(trainer.step(&threads));
            })
        }
        Contender::Turbo { batch } => {
            let mut turbo = Turbo::new(setup, batch);
            Box::new(move || {
                black_box(turbo.step());
            })
        }
        Contender::Fused(_) | Contender::Scalar => {
            let mut engine = match contender {
                Contender::Fused(backend) => Engine::on(EngineKind::Fused, backend, setup),
                _ => Engine::new(EngineKind::Scalar, setup),
            };
            Box::new(move || {
                black_box(engine.step());
            })
        }
    }
}

/// Counts what the timed steps do.
fn describe(setup: &Setup, documents: u32, pace: Pace) -> Step {
    let config = setup.plan.config().clone();
    let timed = pace.warm * documents..(pace.warm + pace.steps) * documents;
    let lengths = timed.map(|step| (setup.documents.of_step(step).len() - 1).min(config.block_size as usize));
    let (mut positions, mut multiply_adds) = (0, 0.0);
    for n in lengths {
        positions += n;
        multiply_adds += document_multiply_adds(&setup.plan, n);
    }
    let per_step = 1.0 / f64::from(pace.steps);
    Step {
        num_params: setup.params.len(),
        documents,
        positions: positions as f64 * per_step,
        multiply_adds: multiply_adds * per_step,
        config,
    }
}

/// Of a document of `n` positions: every product with a weight, a key or a value, forward and twice back.
fn document_multiply_adds(plan: &Plan, n: usize) -> f64 {
    let config = plan.config();
    let [c, l, v] = [config.n_embd as usize, config.n_layer as usize, plan.vocab_size()];
    let weights = n * (12 * l * c * c + v * c);
    let looks = l * c * n * (n + 1); // n(n+1)/2 pairs, each with a key and a value
    3.0 * (weights + looks) as f64
}

fn peak_of(backend: Backend, rounds: u32) -> Case {
    Case::new(format!("peak/{}", backend.name()), What::Peak, move || Ok(peak::gflops(backend, rounds)))
}

/// The Python rendition on the compared documents: with the collector off as the script has it, and with it on.
fn python(wanted: &str, quick: bool) -> Vec<Case> {
    let Some(python) = Python::find(wanted) else { return Vec::new() };
    let case = |name: &str, collector: bool, at_most: u32| {
        let what = What::Python { version: python.version.clone() };
        let python = python.clone();
        Case { at_most, ..Case::new(name.to_string(), what, move || python.us_per_step(COMPARED, collector)) }
    };
    let off = case("blog-20/python/collector-off", false, if quick { 1 } else { 5 });
    if quick { vec![off] } else { vec![off, case("blog-20/python/collector-on", true, 3)] }
}

/// Forward and backward on the tape, for one name that everybody measures. None if the corpus lacks its letters.
fn emma(setup: &Rc<Setup>, repeats: u32) -> Option<Case> {
    let tokens = setup.tokenizer.encode_document("emma").ok()?;
    let tape = Tape::new();
    let nodes = Model::new(&setup.plan, &tape, &setup.params).loss(&tokens).graph_size().nodes();
    let setup = Rc::clone(setup);
    Some(Case::new("emma/scalar".to_string(), What::Pass { nodes }, move || {
        let began = Instant::now();
        for _ in 0..repeats {
            black_box(glassgpt_core::trainer::loss_and_grads(&setup.plan, &setup.params, &tokens));
        }
        Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(repeats))
    }))
}

/// Names written by a trained model, the same ones in every repetition.
fn sampling(setup: &Setup, backend: Backend, steps: u32, names: u32) -> Vec<Case> {
    let mut engine = Engine::on(EngineKind::Fused, backend, setup.clone());
    (0..steps).for_each(|_| {
        engine.step();
    });
    let exact_params = engine.params().to_vec();
    let exact = move || {
        let began = Instant::now();
        for tokens in engine.writer(Sampling::default(), Vec::new()).take(names as usize) {
            black_box(tokens?);
        }
        Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(names))
    };
    let mut turbo = Turbo::new(setup.clone(), 1);
    (0..steps).for_each(|_| {
        turbo.step();
    });
    let plan = setup.plan.clone();
    let params = exact_params;
    let streams = move |which: Option<&Turbo>| {
        let streams = match which {
            Some(turbo) => Streams::turbo(turbo.plan(), turbo.params()),
            None => Streams::exact(&plan, &params),
        };
        let began = Instant::now();
        black_box(streams.write(10 * names as usize, Sampling::default().temperature, 42));
        began.elapsed().as_secs_f64() * 1e5 / f64::from(names)
    };
    let side_by_side = streams.clone();
    vec![
        Case::new("sampling/exact/one-by-one".to_string(), What::Name, exact),
        Case::new("sampling/exact/streams".to_string(), What::Name, move || Ok(side_by_side(None))),
        Case::new("sampling/turbo/streams".to_string(), What::Name, move || Ok(streams(Some(&turbo)))),
    ]
}

impl Case {
    /// Measured in every round.
    pub(super) fn new(name: String, what: What, run: impl FnMut() -> anyhow::Result<f64> + 'static) -> Self {
        Self { name, what, at_most: u32::MAX, run: Box::new(run), figures: Vec::new() }
    }
}

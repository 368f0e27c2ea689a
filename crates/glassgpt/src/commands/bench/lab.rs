//! What the lab's questions cost: going to a moment, explaining, reading, looking while training, and trying without.
//!
//! Why beside the engines' figures: a page can only ask while a hand moves if an answer takes less than a frame, 16 ms.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use glassgpt_core::{Config, Preset, Setup};
use glassgpt_fused::Trainer;
use glassgpt_lab::address::{Address, Kind, Matrix, Name, Part, Scope, Tensor};
use glassgpt_lab::glass::Recording;
use glassgpt_lab::graph::{CellGraph, Raster, TensorGraph};
use glassgpt_lab::intervention::{Glasses, Intervention, effect_on_documents, effect_on_text};
use glassgpt_lab::lens::{attribute, logit_lens};
use glassgpt_lab::protocol::{Command, CorpusSource, Spec};
use glassgpt_lab::retrain::{RetrainEngine, RetrainSpec, retrain};
use glassgpt_lab::why::Explainer;
use glassgpt_lab::{Glass, Library, Reader, Scene, Session};

use super::cases::{Case, What};
use crate::corpora::NamedCorpus;

/// A frame of a page.
const FRAME: Duration = Duration::from_millis(16);
/// The row of a training that nobody looks at, and of one whose every number is read after each frame.
pub(super) const WATCHED: [&str; 2] = ["watch/nobody-looks", "watch/everything-read"];

/// Everything that is measured, in a default model that has been trained.
pub(super) fn all(corpus: &NamedCorpus, quick: bool) -> anyhow::Result<Vec<Case>> {
    let times = |full: u32| if quick { full.div_ceil(20) } else { full };
    let session = trained(corpus, quick)?;
    let trainer = session.trainer();
    let scene = Scene::new(trainer.setup(), trainer.adam().clone(), trainer.steps_done());
    let scene = Rc::new(scene.clone().reading("olivia").unwrap_or(scene));
    let mut cases = vec![watch(corpus, false, quick)?, watch(corpus, true, quick)?];
    cases.extend(travel(session, times(50)));
    cases.extend(explain(&scene, times(20)));
    cases.extend(read(&scene, times(20)));
    cases.extend(change(&scene, corpus, times(20))?);
    cases.extend(retrainings(corpus, quick));
    Ok(cases)
}

/// A question, put so many times in a repetition.
fn ask<T>(name: &str, times: u32, mut answer: impl FnMut() -> anyhow::Result<T> + 'static) -> Case {
    Case::new(name.to_string(), What::Question { unit: "us_per_answer" }, move || {
        let began = Instant::now();
        for _ in 0..times {
            black_box(answer()?);
        }
        Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(times))
    })
}

/// A session at the end of its training.
fn trained(corpus: &NamedCorpus, quick: bool) -> anyhow::Result<Session> {
    let config = Preset::Blog.config();
    let steps = if quick { 60 } else { config.steps };
    let text = corpus.corpus.documents().join("\n");
    let spec = Spec::new(config, CorpusSource::Text { name: corpus.name.clone(), text });
    let mut session = Session::new(&spec, Library::embedded())?;
    session.apply(Command::Run { steps: Some(steps), pace: None })?;
    while session.steps_done() < steps {
        session.advance(500);
    }
    Ok(session)
}

/// To moments all over the run, the mean and the worst of a repetition.
fn travel(session: Session, times: u32) -> [Case; 2] {
    let question = || What::Question { unit: "us_per_answer" };
    let session = Rc::new(std::cell::RefCell::new(session));
    let reached = session.borrow().steps_done();
    let seeks = move || -> anyhow::Result<Vec<f64>> {
        let mut session = session.borrow_mut();
        let mut place = 1u32;
        let seek = |_| {
            place = place.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let step = ((u64::from(place) * (u64::from(reached) + 1)) >> 32) as u32;
            let began = Instant::now();
            black_box(session.apply(Command::Seek { branch: None, step })?);
            Ok(began.elapsed().as_secs_f64() * 1e6)
        };
        (0..times).map(seek).collect()
    };
    let again = seeks.clone();
    [
        Case::new("travel/seek/mean".into(), question(), move || Ok(seeks()?.iter().sum::<f64>() / f64::from(times))),
        Case::new(format!("travel/seek/worst-of-{times}"), question(), move || {
            Ok(again()?.into_iter().fold(0.0, f64::max))
        }),
    ]
}

/// The tape, and what is read off it.
fn explain(scene: &Rc<Scene>, times: u32) -> Vec<Case> {
    let tape = {
        let scene = Rc::clone(scene);
        ask("explain/build-the-tape", times, move || Ok(Glass::new(&scene).tape().len()))
    };
    vec![
        tape,
        ask_tape("explain/why-depth-1", scene, times, |glass| {
            Ok(Explainer::new(glass).why(&"p1/logits[4]".parse()?, 1, 100)?)
        }),
        ask_tape("explain/gradient", scene, times, |glass| {
            Ok(Explainer::new(glass).gradient(&"layer0.attn_wq[3][2]".parse()?)?)
        }),
        ask_tape("explain/nudge", scene, times, |glass| Ok(Explainer::new(glass).nudge(&"wte[4][0]".parse()?, None)?)),
        ask_tape("graph/tensors", scene, times, |glass| Ok(TensorGraph::new(glass))),
        ask_tape("graph/cells", scene, times, |glass| Ok(CellGraph::new(glass))),
        ask_tape("graph/raster", scene, times, |glass| Ok(Raster::new(glass))),
    ]
}

/// A question to a tape that is there already.
fn ask_tape<T: 'static>(
    name: &str,
    scene: &Rc<Scene>,
    times: u32,
    answer: fn(&Glass<'_>) -> anyhow::Result<T>,
) -> Case {
    let scene = Rc::clone(scene);
    Case::new(name.to_string(), What::Question { unit: "us_per_answer" }, move || {
        let glass = Glass::new(&scene);
        let began = Instant::now();
        for _ in 0..times {
            black_box(answer(&glass)?);
        }
        Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(times))
    })
}

/// All that has a name in the model's computation of one document, and what the page shows of it.
fn read(scene: &Rc<Scene>, times: u32) -> [Case; 2] {
    let [one, other] = [Rc::clone(scene), Rc::clone(scene)];
    let addresses = activations(scene);
    [
        ask("read/compute-everything-named", times, move || Ok(Recording::new(&one))),
        ask("read/every-activation-by-address", times, move || {
            let reader = Reader::new(&other);
            Ok(addresses.iter().map(|address| reader.read(address)).collect::<Result<Vec<_>, _>>()?)
        }),
    ]
}

/// Every activation at every position.
fn activations(scene: &Scene) -> Vec<Address> {
    let config = scene.plan.config();
    let of_kind = |kind: Kind| {
        let layers = if kind.scope() == Scope::Model { 1 } else { config.n_layer };
        let heads = if kind.scope() == Scope::Head { config.n_head } else { 1 };
        let each = (0..layers).flat_map(move |layer| (0..heads).map(move |head| Tensor { kind, layer, head }));
        each.map(|tensor| Address::of(Name::Tensor { position: None, tensor }))
    };
    Kind::ALL.into_iter().flat_map(of_kind).collect()
}

/// Every parameter, its gradient and Adam's memory of it.
fn parameters(scene: &Scene) -> Vec<Address> {
    let matrices = scene.plan.layout().matrices().filter_map(|matrix| Matrix::named(&matrix.name));
    let parts = [Part::Value, Part::Grad, Part::M, Part::V];
    matrices.flat_map(|matrix| parts.map(|part| Address::of(Name::Matrix(matrix)).part(part))).collect()
}

/// A training, and everything read from its last step after every frame if somebody watches.
fn watch(corpus: &NamedCorpus, watched: bool, quick: bool) -> anyhow::Result<Case> {
    let steps = if quick { 200 } else { 10_000 };
    let setup = Setup::new(Config { steps, ..Preset::Blog.config() }, &corpus.corpus)?;
    let initial = Scene::initial(&setup);
    let addresses = [activations(&initial), parameters(&initial)].concat();
    let name = WATCHED[usize::from(watched)].to_string();
    Ok(Case::new(name, What::Question { unit: "us_per_step" }, move || {
        let mut trainer = Trainer::new(setup.clone());
        let began = Instant::now();
        let mut slice = Instant::now();
        while trainer.steps_done() < steps {
            let ends = slice.elapsed() >= FRAME;
            let scene = (watched && ends).then(|| scene_of(&trainer));
            black_box(trainer.step());
            if let Some(scene) = scene {
                let reader = Reader::beside(&scene, &trainer);
                for address in &addresses {
                    black_box(reader.read(address)?);
                }
            }
            if ends {
                slice = Instant::now();
            }
        }
        Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(steps))
    }))
}

fn scene_of(trainer: &Trainer) -> Scene {
    Scene::new(trainer.setup(), trainer.adam().clone(), trainer.steps_done())
}

/// The model with something changed, and who wrote a logit.
fn change(scene: &Rc<Scene>, corpus: &NamedCorpus, times: u32) -> anyhow::Result<Vec<Case>> {
    let documents = Setup::new(Preset::Blog.config(), &corpus.corpus)?.documents;
    let glasses = Rc::new(Glasses::new(&[Intervention::ZeroHead { layer: 0, head: 1 }], scene)?);
    let last = scene.positions() as u32 - 1;
    let [text, many, lens, logit] = [(); 4].map(|()| Rc::clone(scene));
    let same = Rc::clone(&glasses);
    Ok(vec![
        ask("change/effect-on-a-text", times, move || Ok(effect_on_text(&text, &same))),
        ask("change/effect-on-100-documents", times, move || {
            Ok(effect_on_documents(&many, &glasses, &documents, 100)?)
        }),
        ask("change/logit-lens", times, move || Ok(logit_lens(&lens, &Glasses::none()))),
        ask("change/attribution", times, move || Ok(attribute(&logit, &Glasses::none(), last, 0, false)?)),
    ])
}

/// A whole training in one call, as a slider asks for it.
fn retrainings(corpus: &NamedCorpus, quick: bool) -> [Case; 2] {
    let corpus = Arc::new(corpus.corpus.clone());
    [("retrain/exact", RetrainEngine::Exact), ("retrain/turbo", RetrainEngine::Turbo)].map(|(name, engine)| {
        let steps = if quick { 20 } else { Preset::Blog.config().steps };
        let spec = RetrainSpec {
            config: Config { steps, ..Preset::Blog.config() },
            engine,
            interventions: Vec::new(),
            text: String::new(),
            samples: 20,
            temperature: 0.5,
            sample_seed: 0,
        };
        let corpus = Arc::clone(&corpus);
        ask(name, 1, move || Ok(retrain(spec.clone(), Arc::clone(&corpus), &mut |_| true)?))
    })
}

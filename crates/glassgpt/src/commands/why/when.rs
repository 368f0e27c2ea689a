//! Which moment: the model from a file or trained on the spot, so many steps far, reading which text.
//!
//! Why checked before training: a wrong address or text should not be found out after a minute's wait.

use anyhow::{Context, bail};
use glassgpt_core::{Adam, Plan, Setup};
use glassgpt_lab::Scene;
use glassgpt_lab::address::{Address, Name};
use glassgpt_lab::engine::Engine;
use glassgpt_lab::selection::Selection;

use super::Args;
use crate::commands::graph::check_graph_fits;
use crate::models::{ReadyModel, farewell, greeting};
use crate::output::{talk, thousands};
use crate::training::train_until;

/// A moment, and how it is spoken of.
pub(super) struct When {
    /// It.
    pub(super) scene: Scene,
    /// What the model was trained on.
    pub(super) corpus: String,
}

impl When {
    /// Finds it.
    pub(super) fn new(address: &Address, args: &Args) -> anyhow::Result<Self> {
        let step = agreed(address.step, args.step, "step", address)?;
        let text = agreed(address.text.clone(), args.doc.clone(), "doc", address)?;
        if args.model.model.is_some() {
            Self::read(address, step, text, args)
        } else {
            Self::train(address, step, text, args)
        }
    }

    fn train(address: &Address, step: Option<u32>, text: Option<String>, args: &Args) -> anyhow::Result<Self> {
        let kind = args.model.engine.engine;
        let backend = args.model.engine.backend.chosen_for(kind)?;
        let (corpus, setup) = args.model.experiment.set_up(args.model.train_seed)?;
        let steps = setup.plan.config().steps;
        let step = step.unwrap_or(steps);
        if step > steps {
            bail!(
                "the step is {step}; it must be from 0 to {steps}, the steps of this training: set --steps to train longer"
            );
        }
        check(address, at(&setup, Adam::new(setup.params.len()), step, text.as_deref())?)?;
        let mut engine = Engine::on(kind, backend, setup);
        talk(&greeting(&engine, &corpus));
        if step > 0 {
            talk(&farewell(&train_until(step, &mut engine, |_| Ok(()))?));
        }
        let scene = at(engine.setup(), engine.adam().clone(), step, text.as_deref())?;
        Ok(Self { scene, corpus: corpus.name })
    }

    /// A file has the parameters of one moment, and neither the optimizer's memory nor the order of the documents.
    fn read(address: &Address, step: Option<u32>, text: Option<String>, args: &Args) -> anyhow::Result<Self> {
        let Some(text) = text else { bail!("a model file does not say what to read; say it with --doc WORD") };
        if address.part.is_of_parameters() {
            let part = address.part.name();
            bail!(
                "{address}: a model file does not hold the optimizer's memory, so there is no .{part}; leave out --model to train on the spot"
            );
        }
        let model = ReadyModel::get(&args.model, None, |_, _| Ok(()))?;
        let steps = model.provenance.steps;
        if step.is_some_and(|step| step != steps) {
            bail!("{address}: the model file holds the parameters after {steps} steps, and no others");
        }
        let tokens = model.tokenizer.encode_document(&text)?;
        let adam = Adam::new(model.params.len());
        let ReadyModel { plan, tokenizer, params, provenance, .. } = model;
        let scene = Scene { step: steps, plan, tokenizer, params, adam, tokens, is_training_document: false };
        check(address, scene.clone())?;
        Ok(Self { scene, corpus: provenance.corpus })
    }

    /// `After 1,000 steps on names, reading "emma"`
    pub(super) fn heading(&self) -> String {
        let steps = match self.scene.step {
            0 => "Before the first step".to_string(),
            1 => "After 1 step".to_string(),
            n => format!("After {} steps", thousands(n)),
        };
        format!("{steps} on {}, reading {:?}", self.corpus, self.scene.text())
    }
}

/// What address and flag say together.
fn agreed<T: PartialEq + std::fmt::Debug>(
    in_address: Option<T>,
    flag: Option<T>,
    name: &str,
    address: &Address,
) -> anyhow::Result<Option<T>> {
    if let (Some(a), Some(b)) = (&in_address, &flag)
        && a != b
    {
        bail!("the address {address} and --{name} {b:?} contradict each other; leave one of them out");
    }
    Ok(in_address.or(flag))
}

fn at(setup: &Setup, adam: Adam, step: u32, text: Option<&str>) -> anyhow::Result<Scene> {
    let scene = Scene::new(setup, adam, step);
    match text {
        Some(text) => {
            let tokens = scene.tokenizer.encode_document(text)?;
            Ok(Scene { is_training_document: tokens == scene.tokens, tokens, ..scene })
        }
        None => Ok(scene),
    }
}

/// Refuses what cannot be explained, before anything takes time.
fn check(address: &Address, scene: Scene) -> anyhow::Result<()> {
    check_fits(&scene.plan, &scene)?;
    if matches!(address.name, Name::Node(_)) {
        return Ok(()); // how many nodes there are is known when the tape is
    }
    if address.part.is_of_parameters() && !scene.is_training_document {
        let (part, text) = (address.part.name(), scene.text());
        bail!(
            "{address}: .{part} belongs to a step of training, and the next step does not train on {text:?}; leave out --doc"
        );
    }
    Selection::new(address, &scene, 0)?.single(address)?;
    Ok(())
}

fn check_fits(plan: &Plan, scene: &Scene) -> anyhow::Result<()> {
    check_graph_fits(plan, scene.positions()).context("this is explained on the scalar tape")
}

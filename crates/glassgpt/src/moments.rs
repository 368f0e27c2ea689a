//! Which moments addresses speak of: the model from a file or trained on the spot, so many steps far, reading which text.
//!
//! Why checked before training: a wrong address or text should not be found out after a minute's wait. Why in the order of
//! the steps: one training passes all of them.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use glassgpt_core::{Adam, Setup};
use glassgpt_lab::address::{Address, Name, Part};
use glassgpt_lab::engine::Engine;
use glassgpt_lab::selection::Selection;
use glassgpt_lab::{Glass, Scene};

use crate::args::ModelArgs;
use crate::commands::graph::check_graph_fits;
use crate::models::{ReadyModel, farewell, greeting};
use crate::output::{plain, talk, thousands};
use crate::training::Course;

/// Which moment, where an address does not say it.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct MomentArgs {
    /// The text to read [default: what the next step trains on].
    #[arg(long, value_name = "WORD")]
    doc: Option<String>,
    /// After this many steps of training [default: all].
    #[arg(long, value_name = "N", conflicts_with = "model")]
    step: Option<u32>,
    #[command(flatten)]
    model: ModelArgs,
}

/// A moment, and how it is spoken of.
#[derive(Debug)]
pub(crate) struct Moment {
    /// It.
    pub(crate) scene: Scene,
    /// Whether a text is read in it. If not, only parameters are asked for.
    pub(crate) reads: bool,
    /// What the model was trained on.
    corpus: String,
}

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be explained: a single number, on the scalar tape.
    Explain,
    /// To be read: any numbers, and the tape only where there is no other way.
    Read,
}

impl Purpose {
    fn needs_tape(self, address: &Address) -> bool {
        self == Purpose::Explain || address.part != Part::Value || matches!(address.name, Name::Node(_))
    }

    fn needs_text(self, address: &Address) -> bool {
        self.needs_tape(address) || !matches!(address.name, Name::Matrix(_))
    }
}

/// After which step, reading what.
type When = (u32, Option<String>);

impl MomentArgs {
    /// Whether standard input is the corpus.
    pub(crate) fn corpus_is_stdin(&self) -> bool {
        self.model.experiment.corpus.as_deref() == Some("-")
    }

    /// The moment a single number is to be explained in.
    pub(crate) fn moment(&self, address: &Address) -> anyhow::Result<Moment> {
        let mut found = None;
        self.visit(std::slice::from_ref(address), Purpose::Explain, |moment, _| {
            found = Some(moment);
            Ok(())
        })?;
        found.context("every address has a moment")
    }

    /// Goes through the moments of some addresses, the earliest first. `each` is told which addresses are about it.
    pub(crate) fn visit(
        &self,
        addresses: &[Address],
        purpose: Purpose,
        each: impl FnMut(Moment, &[usize]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        if self.model.model.is_some() {
            self.read(addresses, purpose, each)
        } else {
            self.train(addresses, purpose, each)
        }
    }

    fn train(
        &self,
        addresses: &[Address],
        purpose: Purpose,
        mut each: impl FnMut(Moment, &[usize]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let kind = self.model.engine.engine;
        let backend = self.model.engine.backend.chosen_for(kind)?;
        let (corpus, setup) = self.model.experiment.set_up(self.model.train_seed)?;
        let steps = setup.plan.config().steps;
        let stops = self.stops(addresses, steps)?;
        for ((step, text), asked) in &stops {
            if *step > steps {
                let address = &addresses[asked[0]];
                bail!(
                    "{address}: the step is {step}; it must be from 0 to {steps}, the steps of this training: set --steps to train longer"
                );
            }
            let scene = at(&setup, Adam::new(setup.params.len()), *step, text.as_deref())?;
            asked.iter().try_for_each(|&i| check(&addresses[i], purpose, &scene))?;
        }
        let last = stops.keys().last().map_or(0, |&(step, _)| step);
        let mut course = Course::new(last);
        let mut engine = Engine::on(kind, backend, setup);
        talk(&greeting(&engine, &corpus));
        for ((step, text), asked) in stops {
            if step > engine.steps_done() {
                let outcome = course.until(step, &mut engine, |_| Ok(()))?;
                if step == last {
                    talk(&farewell(&outcome));
                }
            }
            let scene = at(engine.setup(), engine.adam().clone(), step, text.as_deref())?;
            each(Moment { scene, reads: true, corpus: corpus.name.clone() }, &asked)?;
        }
        Ok(())
    }

    /// A file has the parameters of one moment, and neither the optimizer's memory nor the order of the documents.
    fn read(
        &self,
        addresses: &[Address],
        purpose: Purpose,
        mut each: impl FnMut(Moment, &[usize]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for address in addresses {
            if self.text(address)?.is_none() && purpose.needs_text(address) {
                bail!("{address}: a model file does not say what to read; say it with --doc WORD");
            }
            if address.part.is_of_parameters() {
                let part = address.part.name();
                bail!(
                    "{address}: a model file does not hold the optimizer's memory, so there is no .{part}; leave out --model to train on the spot"
                );
            }
        }
        let model = ReadyModel::get(&self.model, None, |_, _| Ok(()))?;
        let steps = model.provenance.steps;
        if let Some(address) = addresses.iter().find(|address| address.step.is_some_and(|step| step != steps)) {
            bail!("{address}: the model file holds the parameters after {steps} steps, and no others");
        }
        let ReadyModel { plan, tokenizer, params, provenance, .. } = model;
        let adam = Adam::new(params.len());
        let tokens = tokenizer.encode_document("")?;
        let bare = Scene { step: steps, plan, tokenizer, params, adam, tokens, is_training_document: false };
        for ((_, text), asked) in self.stops(addresses, steps)? {
            let scene = match &text {
                Some(text) => bare.clone().reading(text)?,
                None => bare.clone(),
            };
            asked.iter().try_for_each(|&i| check(&addresses[i], purpose, &scene))?;
            each(Moment { scene, reads: text.is_some(), corpus: provenance.corpus.clone() }, &asked)?;
        }
        Ok(())
    }

    /// Which addresses are about which moment, the earliest first; `last` is the moment if nothing else is said.
    fn stops(&self, addresses: &[Address], last: u32) -> anyhow::Result<BTreeMap<When, Vec<usize>>> {
        let mut stops: BTreeMap<When, Vec<usize>> = BTreeMap::new();
        for (i, address) in addresses.iter().enumerate() {
            let step = agreed(address.step, self.step, "step", address)?.unwrap_or(last);
            stops.entry((step, self.text(address)?)).or_default().push(i);
        }
        Ok(stops)
    }

    /// What an address is to be read in, by itself or by the flag.
    pub(crate) fn text(&self, address: &Address) -> anyhow::Result<Option<String>> {
        agreed(address.text.clone(), self.doc.clone(), "doc", address)
    }
}

impl Moment {
    /// `After 1,000 steps on names, reading "emma"`
    pub(crate) fn heading(&self) -> String {
        let steps = match self.scene.step {
            0 => "Before the first step".to_string(),
            1 => "After 1 step".to_string(),
            n => format!("After {} steps", thousands(n)),
        };
        let corpus = plain(&self.corpus);
        if self.reads {
            format!("{steps} on {corpus}, reading \"{}\"", plain(&self.scene.text()))
        } else {
            format!("{steps} on {corpus}")
        }
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
    Ok(match text {
        Some(text) => scene.reading(text)?,
        None => scene,
    })
}

/// Refuses what does not exist, before anything takes time.
fn check(address: &Address, purpose: Purpose, scene: &Scene) -> anyhow::Result<()> {
    if purpose.needs_tape(address) {
        check_graph_fits(&scene.plan, scene.positions()).with_context(|| match purpose {
            Purpose::Explain => "this is explained on the scalar tape".to_string(),
            Purpose::Read => format!("{address} is read off the scalar tape"),
        })?;
    }
    if address.part.is_of_parameters() && !scene.is_training_document {
        let (part, text) = (address.part.name(), scene.text());
        bail!(
            "{address}: .{part} belongs to a step of training, and the next step does not train on {text:?}; leave out --doc"
        );
    }
    // How many nodes a tape has does not depend on the parameters.
    let nodes = if matches!(address.name, Name::Node(_)) { Glass::new(scene).tape().len() } else { 0 };
    let selection = Selection::new(address, scene, nodes)?;
    if purpose == Purpose::Explain {
        selection.single(address)?;
    }
    Ok(())
}

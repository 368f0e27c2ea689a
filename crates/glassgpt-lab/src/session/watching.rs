//! Watching: some addresses whose numbers are told whenever they change, and the interventions in force.
//!
//! Why both here: neither has a part in training. What is watched is the untouched model.
//!
//! An address without a text is about the document of the last step trained: its activations, gradients and update, as that
//! step computed them. An address with a text is about the model as it is now. Each reading says at which step it was taken.
//! A position that a document does not have is not told of; it is told of again when a document has it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use glassgpt_core::Adam;

use super::Session;
use crate::address::Address;
use crate::glass::MAX_NODES;
use crate::intervention::Intervention;
use crate::limits::{LIMITS, check_whole};
use crate::protocol::{Event, Moment, Refusal};
use crate::question::Place;
use crate::reading::{Reader, Reading};
use crate::scene::Scene;
use crate::selection::Selection;

impl Session {
    pub(super) fn observe(&mut self, addresses: &[Address]) -> Result<Vec<Event>, Refusal> {
        check_whole("addresses", addresses.len() as u32, 1, LIMITS.addresses)?;
        let mut observed = self.observed.clone();
        for address in addresses {
            if !observed.contains(address) {
                observed.push(address.clone());
            }
        }
        self.check_watchable(&observed)?;
        self.observed = observed;
        let readings = self.readings_here();
        Ok(vec![self.observed(readings)])
    }

    pub(super) fn unobserve(&mut self, addresses: Option<&[Address]>) -> Result<Vec<Event>, Refusal> {
        let Some(addresses) = addresses else {
            self.observed.clear();
            return Ok(vec![self.observed(Vec::new())]);
        };
        if let Some(stranger) = addresses.iter().find(|address| !self.observed.contains(address)) {
            return Err(Refusal::of("addresses", format!("{stranger} is not being watched")));
        }
        self.observed.retain(|address| !addresses.contains(address));
        let readings = self.readings_here();
        Ok(vec![self.observed(readings)])
    }

    pub(super) fn intervene(&mut self, intervention: Intervention) -> Result<Vec<Event>, Refusal> {
        let scene = self.scene(&Place::default())?;
        self.interventions = self.interventions.add(intervention, &scene)?;
        Ok(vec![self.interventions_changed()])
    }

    pub(super) fn undo_intervention(&mut self, id: Option<u32>) -> Result<Vec<Event>, Refusal> {
        self.interventions = match id {
            Some(id) => self.interventions.undo(id)?,
            None => self.interventions.clear(),
        };
        Ok(vec![self.interventions_changed()])
    }

    pub(super) fn interventions_changed(&self) -> Event {
        Event::InterventionsChanged { interventions: self.interventions.clone() }
    }

    /// What is watched, as a fact; nothing if nothing is.
    pub(super) fn look_again(&mut self) -> Option<Event> {
        if self.observed.is_empty() {
            return None;
        }
        let readings = self.readings_here();
        Some(self.observed(readings))
    }

    /// Takes over what another experiment watched, as far as this one has it and it is not too much.
    pub(super) fn watch_what_exists(&mut self, observed: Vec<Address>) -> Option<Event> {
        let before = observed.len();
        self.observed.clear();
        for address in observed {
            self.observed.push(address);
            if self.check_watchable(&self.observed).is_err() {
                self.observed.pop();
            }
        }
        (before > 0).then(|| {
            let readings = self.readings_here();
            self.observed(readings)
        })
    }

    /// Whether addresses mean something in this model, in some document if not in the present one, and not too much.
    fn check_watchable(&self, observed: &[Address]) -> Result<(), Refusal> {
        if observed.len() as u32 > LIMITS.addresses {
            let [n, max] = [observed.len() as u32, LIMITS.addresses];
            return Err(Refusal::of("addresses", format!("{n} addresses would be watched; at most {max} can be")));
        }
        let texts: BTreeSet<&str> = observed.iter().filter_map(|address| address.text.as_deref()).collect();
        if texts.len() as u32 > LIMITS.watched_texts {
            let [n, max] = [texts.len() as u32, LIMITS.watched_texts];
            return Err(Refusal::of("addresses", format!("{n} texts would be watched; at most {max} can be")));
        }
        let mut frames = BTreeMap::new();
        let mut numbers = 0;
        for address in observed {
            if address.step.is_some() {
                let message = format!("{address}: what is watched moves with the experiment; leave the step out");
                return Err(Refusal::of("addresses", message));
            }
            let frame = match frames.entry(&address.text) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(self.frame(address.text.as_deref())?),
            };
            let shape = Selection::new(address, frame, MAX_NODES as usize)?.shape;
            numbers += shape.iter().map(|&axis| u64::from(axis)).product::<u64>();
        }
        if numbers > u64::from(LIMITS.observed_numbers) {
            let max = LIMITS.observed_numbers;
            let message = format!("the addresses mean up to {numbers} numbers; at most {max} can be watched");
            return Err(Refusal::of("addresses", message));
        }
        Ok(())
    }

    /// A scene to check addresses against: no parameters, and without a text the longest document there could be.
    fn frame(&self, text: Option<&str>) -> Result<Scene, Refusal> {
        let setup = self.trainer.setup();
        let frame = Scene {
            step: self.steps_done(),
            plan: setup.plan.clone(),
            tokenizer: setup.tokenizer.clone(),
            params: Vec::new(),
            adam: Adam::new(0),
            tokens: vec![setup.tokenizer.bos(); self.experiment.config.block_size as usize + 1],
            is_training_document: true,
        };
        text.map_or(Ok(frame.clone()), |text| frame.reading(text))
    }

    /// The scene to watch, if the next step is the last one before someone looks.
    pub(super) fn scene_before_step(&self) -> Option<Scene> {
        let watched = self.observed.iter().any(|address| address.text.is_none());
        watched.then(|| Scene::new(self.trainer.setup(), self.trainer.adam().clone(), self.steps_done()))
    }

    /// What is watched, after the step that began with `scene`.
    pub(super) fn look_after_step(&mut self, scene: Option<&Scene>) -> Option<Event> {
        if self.observed.is_empty() {
            return None;
        }
        let readings = self.readings_after(&self.observed, scene);
        Some(self.observed(readings))
    }

    fn observed(&mut self, readings: Vec<Reading>) -> Event {
        self.readings = readings;
        Event::Observed { readings: self.readings.clone() }
    }

    fn readings_here(&self) -> Vec<Reading> {
        self.readings_of(&self.observed)
    }

    fn readings_of(&self, observed: &[Address]) -> Vec<Reading> {
        let of_document = observed.iter().any(|address| address.text.is_none());
        let step = self.steps_done().checked_sub(1).filter(|_| of_document);
        let scene = step.map(|step| {
            let before = self.trainer_at(Moment { step, ..self.moment() }).expect("the step before was reached");
            Scene::new(before.setup(), before.adam().clone(), step)
        });
        self.readings_after(observed, scene.as_ref())
    }

    /// `scene` is the one in which the trainer's last step began. None before the first step: then the next one's is read.
    fn readings_after(&self, observed: &[Address], scene: Option<&Scene>) -> Vec<Reading> {
        let now = Scene::new(self.trainer.setup(), self.trainer.adam().clone(), self.steps_done());
        let texts: BTreeSet<&str> = observed.iter().filter_map(|address| address.text.as_deref()).collect();
        let scenes: BTreeMap<&str, Scene> =
            texts.into_iter().filter_map(|text| Some((text, now.clone().reading(text).ok()?))).collect();
        let of_texts: BTreeMap<&str, Reader<'_>> =
            scenes.iter().map(|(&text, scene)| (text, Reader::new(scene))).collect();
        let of_document = match scene {
            // Where the model diverged, the workspace holds the step that failed.
            Some(scene) if self.status.divergence.is_none() => Reader::beside(scene, &self.trainer),
            scene => Reader::new(scene.unwrap_or(&now)),
        };
        let read = |address: &Address| match &address.text {
            None => of_document.read(address).ok(),
            Some(text) => of_texts.get(text.as_str())?.read(address).ok(),
        };
        observed.iter().filter_map(read).collect()
    }
}

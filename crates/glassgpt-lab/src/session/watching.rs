//! Watching: some addresses whose numbers are told whenever they change, and the interventions in force.
//!
//! Why both here: neither has a part in training. What is watched is the untouched model.
//!
//! An address without a text is about the document of the last step trained: its activations, gradients and update, as that
//! step computed them. An address with a text is about the model as it is now. Each reading says at which step it was taken.
//! A position that a document does not have is not told of; it is told of again when a document has it.

use super::Session;
use crate::address::Address;
use crate::glass::MAX_NODES;
use crate::intervention::Intervention;
use crate::limits::LIMITS;
use crate::protocol::{Event, Moment, Refusal};
use crate::question::Place;
use crate::reading::{Reader, Reading};
use crate::scene::Scene;
use crate::selection::Selection;

impl Session {
    pub(super) fn observe(&mut self, addresses: &[Address]) -> Result<Vec<Event>, Refusal> {
        let mut observed = self.observed.clone();
        for address in addresses {
            if address.step.is_some() {
                let message = format!("{address}: what is watched moves with the experiment; leave the step out");
                return Err(Refusal::of("addresses", message));
            }
            self.check_watchable(address)?;
            if !observed.contains(address) {
                observed.push(address.clone());
            }
        }
        if observed.len() as u32 > LIMITS.addresses {
            let [n, max] = [observed.len() as u32, LIMITS.addresses];
            return Err(Refusal::of("addresses", format!("{n} addresses would be watched; at most {max} can be")));
        }
        let readings = self.readings_of(&observed);
        if readings.iter().map(|reading| reading.values.len()).sum::<usize>() > LIMITS.observed_numbers as usize {
            let max = LIMITS.observed_numbers;
            return Err(Refusal::of("addresses", format!("together they mean more than {max} numbers; watch fewer")));
        }
        self.observed = observed;
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

    /// Takes over what another experiment watched, as far as this one has it.
    pub(super) fn watch_what_exists(&mut self, observed: Vec<Address>) -> Option<Event> {
        let before = observed.len();
        self.observed = observed.into_iter().filter(|one| self.check_watchable(one).is_ok()).collect();
        (before > 0).then(|| {
            let readings = self.readings_here();
            self.observed(readings)
        })
    }

    /// Whether an address means something in this model, in some document if not in the present one.
    fn check_watchable(&self, address: &Address) -> Result<(), Refusal> {
        let mut scene = self.scene(&Place { step: None, text: address.text.clone() })?;
        if address.text.is_none() {
            scene.tokens = vec![scene.tokenizer.bos(); self.experiment.config.block_size as usize + 1];
        }
        Selection::new(address, &scene, MAX_NODES as usize).map(|_| ())
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
        let of_document = match scene {
            Some(scene) => Reader::beside(scene, &self.trainer),
            None => Reader::new(&now),
        };
        let read = |address: &Address| match &address.text {
            None => of_document.read(address).ok(),
            Some(text) => Reader::new(&now.clone().reading(text).ok()?).read(address).ok(),
        };
        observed.iter().filter_map(read).collect()
    }
}

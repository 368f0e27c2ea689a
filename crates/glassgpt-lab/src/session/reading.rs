//! Reading any numbers of any moments: each from wherever it costs least.
//!
//! Why three ways: of the last step trained, the session's own engine still has nearly everything. A gradient of another
//! step takes that step again, and what has neither text nor gradient to it is a run forward. The bits are the same.

use std::collections::BTreeMap;

use glassgpt_core::{Adam, Config, Plan};
use glassgpt_fused::Trainer;

use super::Session;
use crate::address::{Address, Name, Part};
use crate::limits::{LIMITS, check_whole};
use crate::protocol::{Moment, Refusal};
use crate::question::Place;
use crate::reading::{Reader, Reading};
use crate::scene::Scene;

impl Session {
    /// The numbers at some addresses, in their order. Addresses of one scene share its work.
    pub(crate) fn read(&self, addresses: &[Address]) -> Result<Vec<Reading>, Refusal> {
        check_whole("addresses", addresses.len() as u32, 1, LIMITS.addresses)?;
        let mut places: BTreeMap<(Option<u32>, Option<&str>), Vec<usize>> = BTreeMap::new();
        for (i, address) in addresses.iter().enumerate() {
            places.entry((address.step, address.text.as_deref())).or_default().push(i);
        }
        if places.len() as u32 > LIMITS.places {
            let [n, max] = [places.len() as u32, LIMITS.places];
            let message =
                format!("the addresses are about {n} different moments and texts; at most {max} in one reading");
            return Err(Refusal::of("addresses", message));
        }
        let mut readings: Vec<Option<Reading>> = vec![None; addresses.len()];
        let mut room = LIMITS.numbers;
        let mut read = |reader: &Reader<'_>, members: Vec<usize>| -> Result<(), Refusal> {
            for i in members {
                let reading = reader.read(&addresses[i])?;
                room = room.checked_sub(reading.values.len() as u32).ok_or_else(too_many_numbers)?;
                readings[i] = Some(reading);
            }
            Ok(())
        };
        for ((step, text), mut members) in places {
            let step = step.unwrap_or(self.steps_done());
            if text.is_none() && self.engine_shows(step) {
                let lies_there = |i: &usize| Reader::lies_in_engine(&addresses[*i]);
                let (here, others) = members.into_iter().partition(lies_there);
                read(&Reader::beside(&self.frame_of(step), &self.trainer), here)?;
                members = others;
            }
            if members.is_empty() {
                continue;
            }
            let is_of_step = |address: &Address| matches!(address.name, Name::Matrix(_)) && address.part != Part::Value;
            if text.is_none() && members.iter().any(|&i| is_of_step(&addresses[i])) {
                let (scene, trainer) = self.step_again(step)?;
                let reader =
                    trainer.as_ref().map_or_else(|| Reader::new(&scene), |trainer| Reader::beside(&scene, trainer));
                read(&reader, members)?;
            } else {
                let scene = self.scene(&Place { step: Some(step), text: text.map(str::to_string) })?;
                read(&Reader::new(&scene), members)?;
            }
        }
        Ok(readings.into_iter().flatten().collect())
    }

    /// Whether the engine's workspace still shows the step that began at a moment of the present branch.
    fn engine_shows(&self, step: u32) -> bool {
        step + 1 == self.steps_done() && self.status.divergence.is_none()
    }

    /// The step that began at a moment, without its parameters: to read beside an engine.
    pub(super) fn frame_of(&self, step: u32) -> Scene {
        let setup = self.trainer.setup();
        let settings = self.history.settings_at(Moment { step, ..self.moment() });
        let (learning_rate, schedule) = (settings.learning_rate, settings.schedule);
        let config = Config { learning_rate, schedule, ..setup.plan.config().clone() };
        Scene {
            step,
            plan: Plan::new(config, setup.plan.vocab_size()).expect("settings are checked before they become history"),
            tokenizer: setup.tokenizer.clone(),
            params: Vec::new(),
            adam: Adam::new(0),
            tokens: setup.documents.of_step(step).to_vec(),
            is_training_document: true,
        }
    }

    /// A moment of the present branch, and an engine that has just trained its step; none if the model diverges in it.
    fn step_again(&self, step: u32) -> Result<(Scene, Option<Trainer>), Refusal> {
        let mut trainer = if step == self.steps_done() {
            self.trainer.clone()
        } else {
            self.trainer_at(Moment { step, ..self.moment() })?
        };
        let scene = Scene::new(trainer.setup(), trainer.adam().clone(), step);
        let is_finite = trainer.measure().is_finite() && trainer.grad_norm().is_finite();
        if is_finite {
            trainer.update();
        }
        Ok((scene, is_finite.then_some(trainer)))
    }
}

fn too_many_numbers() -> Refusal {
    let max = LIMITS.numbers;
    Refusal::of("addresses", format!("the addresses mean more than {max} numbers; ask for fewer at a time"))
}

//! The interventions in force, each with a number to undo it by.
//!
//! Why values instead of changes in place: adding and undoing return a new list, so a session can refuse one without having
//! changed anything, and an old list is an old state.

use serde::{Deserialize, Serialize};

use super::{Glasses, Intervention};
use crate::protocol::Refusal;
use crate::scene::Scene;

/// What is in force.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interventions {
    /// In the order in which they were added.
    pub active: Vec<NumberedIntervention>,
    /// The number that the next one gets. None is used twice.
    pub next_id: u32,
}

/// An intervention with its number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberedIntervention {
    /// Its number, to undo it by.
    pub id: u32,
    /// What it is.
    pub intervention: Intervention,
}

impl Interventions {
    /// With one more. Its number is this list's `next_id`.
    ///
    /// # Errors
    /// If the model has no such place, or the value lies outside its range.
    pub fn add(&self, intervention: Intervention, scene: &Scene) -> Result<Self, Refusal> {
        let mut added = self.clone();
        added.active.push(NumberedIntervention { id: self.next_id, intervention });
        added.next_id += 1;
        added.glasses(scene)?;
        Ok(added)
    }

    /// Without one of them.
    ///
    /// # Errors
    /// If none in force has that number.
    pub fn undo(&self, id: u32) -> Result<Self, Refusal> {
        let active: Vec<_> = self.active.iter().filter(|numbered| numbered.id != id).cloned().collect();
        if active.len() == self.active.len() {
            let ids: Vec<String> = active.iter().map(|numbered| numbered.id.to_string()).collect();
            let ids = if ids.is_empty() {
                "none is in force".to_string()
            } else {
                format!("it must be {}", ids.join(" or "))
            };
            return Err(Refusal::of("id", format!("id is {id}; {ids}")));
        }
        Ok(Self { active, ..*self })
    }

    /// Without any.
    #[must_use]
    pub fn clear(&self) -> Self {
        Self { active: Vec::new(), ..*self }
    }

    /// All of them, checked against a model.
    ///
    /// # Errors
    /// As [`Glasses::new`]: none, if they were added to the same model.
    pub fn glasses(&self, scene: &Scene) -> Result<Glasses, Refusal> {
        let interventions: Vec<_> = self.active.iter().map(|numbered| numbered.intervention.clone()).collect();
        Glasses::new(&interventions, scene)
    }
}

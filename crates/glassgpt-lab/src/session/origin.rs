//! Where a fresh experiment in a session comes from: with the commands after it and the steps between them, all there is.
//!
//! Why: whoever keeps sessions need not keep what was before the last start or reset.

use serde::{Deserialize, Serialize};

use super::Session;
use crate::Library;
use crate::address::Address;
use crate::intervention::Interventions;
use crate::protocol::{Refusal, Spec};

/// All that a session at step 0 of its only branch is a function of, its corpus apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The experiment.
    pub spec: Spec,
    /// The pace of the last run before, in steps a second.
    pub pace: Option<u32>,
    /// What is watched.
    pub observed: Vec<Address>,
    /// What is in force.
    pub interventions: Interventions,
}

impl Session {
    /// Where the session came from when it was last set up or reset, if nothing was asked of it since.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            spec: self.spec.clone(),
            pace: self.status.pace,
            observed: self.observed.clone(),
            interventions: self.interventions.clone(),
        }
    }

    /// A session as it was right after it was set up or reset. Its events are numbered from 0 again.
    ///
    /// # Errors
    /// As [`Session::new`].
    pub fn from_origin(origin: Origin, library: Library) -> Result<Self, Refusal> {
        let mut session = Self::new(&origin.spec, library)?;
        session.status.pace = origin.pace;
        session.interventions = origin.interventions;
        drop(session.watch_what_exists(origin.observed));
        Ok(session)
    }
}

//! The interfaces of two older systems, so that their clients and front ends work here: S4, microGPT Cerebral Lab, with its
//! live sessions, and S0, microGPT Visualizer, with its one trained model.
//!
//! Why a folder of their own: nothing new is built on them. Where an original fails, ours does the right thing; all such
//! places stand in `docs/compat.md`.

mod s0;
mod s4;

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// What the two interfaces keep between requests.
#[derive(Default)]
pub(crate) struct Compat {
    /// Whether they are served.
    is_served: bool,
    relays: s4::Relays,
    startups: s0::Startups,
}

impl Compat {
    pub(crate) fn new(is_served: bool) -> Self {
        Self { is_served, ..Self::default() }
    }

    /// The paths that lead here.
    pub(crate) fn routes(&self) -> Router<Arc<App>> {
        if self.is_served { s4::routes().merge(s0::routes()) } else { Router::new() }
    }
}

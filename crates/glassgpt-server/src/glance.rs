//! The little that can be known of a session without asking it, and the little that can be told it so.
//!
//! Why apart: a session that trains or is being brought back must not be waited for by someone who only counts.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crate::api::Counters;
use crate::store::StoreError;

/// How a session stands.
#[derive(Clone, Copy)]
pub(crate) struct Glance {
    pub(crate) running: bool,
    pub(crate) step: u32,
    pub(crate) num_steps: u32,
    /// When it last did something or someone last asked it.
    pub(crate) last_used: Instant,
}

/// What a session and its visitors share.
pub(crate) struct Shared {
    glance: Mutex<Glance>,
    clients: AtomicUsize,
    dismissed: AtomicBool,
    failure: Mutex<Option<String>>,
    deleted: AtomicBool,
    not_saved: Mutex<Option<StoreError>>,
    counters: Arc<Counters>,
}

impl Shared {
    pub(crate) fn new(counters: Arc<Counters>) -> Self {
        let glance = Glance { running: false, step: 0, num_steps: 0, last_used: Instant::now() };
        Self {
            glance: Mutex::new(glance),
            clients: AtomicUsize::new(0),
            dismissed: AtomicBool::new(false),
            failure: Mutex::new(None),
            deleted: AtomicBool::new(false),
            not_saved: Mutex::new(None),
            counters,
        }
    }

    pub(crate) fn glance(&self) -> Glance {
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note(&self, glance: Glance) {
        *self.glance.lock().unwrap_or_else(PoisonError::into_inner) = glance;
    }

    /// Someone asked it.
    pub(crate) fn touch(&self) {
        self.glance.lock().unwrap_or_else(PoisonError::into_inner).last_used = Instant::now();
    }

    /// Sockets connected.
    pub(crate) fn clients(&self) -> usize {
        self.clients.load(Ordering::Relaxed)
    }

    /// One more socket, unless there are `most`.
    pub(crate) fn welcome(&self, most: usize) -> bool {
        let one_more = |taken| (taken < most).then_some(taken + 1);
        let welcome = self.clients.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok();
        if welcome {
            self.touch();
        }
        welcome
    }

    /// One socket less.
    pub(crate) fn farewell(&self) {
        self.touch();
        self.clients.fetch_sub(1, Ordering::Relaxed);
    }

    /// Asks it to leave at its next turn, whatever it does.
    pub(crate) fn dismiss(&self) {
        self.dismissed.store(true, Ordering::Release);
    }

    pub(crate) fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Acquire)
    }

    /// It leaves because someone deleted it.
    pub(crate) fn delete(&self) {
        self.deleted.store(true, Ordering::Release);
    }

    pub(crate) fn is_deleted(&self) -> bool {
        self.deleted.load(Ordering::Acquire)
    }

    /// It leaves because what it did could not be written down.
    pub(crate) fn could_not_save(&self, error: &StoreError) {
        *self.not_saved.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
    }

    /// Why it could not be written down, if so.
    pub(crate) fn not_saved(&self) -> Option<StoreError> {
        self.not_saved.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why it cannot go on.
    pub(crate) fn fail(&self, reason: &str) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason.to_string());
    }

    /// Why it could not go on, if so.
    pub(crate) fn failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn count_steps(&self, steps: u32) {
        self.counters.trained(steps);
    }
}

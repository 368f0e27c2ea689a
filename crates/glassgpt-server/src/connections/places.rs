//! Who is connected, and who makes room when all places are taken: the one that has been silent for longest.
//!
//! Why not simply wait until someone leaves: a few thousand connections that say nothing cost their owner nothing, and would
//! keep everyone else out for as long as a head may take. Whoever means it has said so long before they come round again.
//! Why the last places are kept: a guest that takes all others must not shut out whoever has the token.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All places for connections.
pub(super) struct Places {
    most: usize,
    /// So many of them are for those who have the token.
    kept: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    taken: usize,
    /// Those who have said nothing since the server last answered them, the longest first; each with a bell to ask it out.
    silent: BTreeMap<u64, Arc<Notify>>,
    /// The next number for one that falls silent.
    next: u64,
}

/// One place, given back when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    is_kept: bool,
}

/// Whoever has a place, and says when it is served and when it is silent.
pub(super) struct Guest {
    places: Arc<Places>,
    bell: Arc<Notify>,
    /// Its number among the silent.
    silent_since: Mutex<Option<u64>>,
}

impl Places {
    pub(super) fn new(most: usize, kept: usize) -> Self {
        Self { most, kept, state: Mutex::default() }
    }

    /// A place, for which another may have to leave; none if all who have one are being served.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Place> {
        let mut state = self.state();
        let is_full = state.taken >= self.most - self.kept && !state.ask_one_out();
        if is_full && state.taken >= self.most {
            return None;
        }
        state.taken += 1;
        Some(Place { places: self.clone(), is_kept: is_full })
    }

    /// Asks the one out that has been silent for longest, if there is one.
    pub(super) fn make_room(&self) -> bool {
        self.state().ask_one_out()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn ask_one_out(&mut self) -> bool {
        let longest = self.silent.pop_first();
        longest.is_some_and(|(_, bell)| {
            bell.notify_one();
            true
        })
    }
}

impl Place {
    /// Whether it is one of those for whoever has the token.
    pub(super) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Whoever takes it: silent until its first request.
    pub(super) fn guest(&self) -> Guest {
        let guest = Guest { places: self.places.clone(), bell: Arc::default(), silent_since: Mutex::default() };
        guest.is_silent();
        guest
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.state().taken -= 1;
    }
}

impl Guest {
    /// A request has come.
    pub(super) fn is_served(&self) {
        if let Some(number) = self.silent_since().take() {
            self.places.state().silent.remove(&number);
        }
    }

    /// The last request is answered, or none has come yet.
    pub(super) fn is_silent(&self) {
        let mut state = self.places.state();
        let number = state.next;
        state.next += 1;
        state.silent.insert(number, self.bell.clone());
        *self.silent_since() = Some(number);
    }

    /// Resolves when it has to make room.
    pub(super) async fn asked_to_leave(&self) {
        self.bell.notified().await;
    }

    fn silent_since(&self) -> MutexGuard<'_, Option<u64>> {
        self.silent_since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.is_served();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn is_asked_out(guest: &Guest) -> bool {
        timeout(Duration::from_millis(1), guest.asked_to_leave()).await.is_ok()
    }

    #[tokio::test]
    async fn the_one_silent_for_longest_makes_room() {
        let places = Arc::new(Places::new(2, 0));
        let (a, b) = (places.enter().unwrap(), places.enter().unwrap());
        let (first, second) = (a.guest(), b.guest());
        first.is_served();
        first.is_silent(); // so the second has been silent for longer now
        let c = places.enter().unwrap();
        assert!(is_asked_out(&second).await);
        assert!(!is_asked_out(&first).await);
        drop((b, second, c));
        assert_eq!(places.state().taken, 1);
    }

    #[tokio::test]
    async fn whoever_is_being_served_is_left_in_peace() {
        let places = Arc::new(Places::new(1, 0));
        let place = places.enter().unwrap();
        let guest = place.guest();
        guest.is_served();
        assert!(places.enter().is_none());
        assert!(!is_asked_out(&guest).await);
        guest.is_silent();
        assert!(places.enter().is_some());
        assert!(is_asked_out(&guest).await);
    }

    #[test]
    fn the_last_places_are_kept() {
        let places = Arc::new(Places::new(3, 1));
        let served: Vec<(Place, Guest)> = [(), (), ()]
            .into_iter()
            .map(|()| {
                let place = places.enter().unwrap();
                let guest = place.guest();
                guest.is_served();
                (place, guest)
            })
            .collect();
        assert_eq!(served.iter().map(|(place, _)| place.is_kept()).collect::<Vec<_>>(), [false, false, true]);
        assert!(places.enter().is_none());
        served[0].1.is_silent(); // so it makes room
        assert!(!places.enter().unwrap().is_kept());
    }

    #[test]
    fn whoever_leaves_is_forgotten() {
        let places = Arc::new(Places::new(1, 0));
        let place = places.enter().unwrap();
        drop(place.guest());
        assert!(places.state().silent.is_empty());
        assert!(places.enter().is_none(), "its place may still be held by a WebSocket");
        drop(place);
        assert!(places.enter().is_some());
    }
}

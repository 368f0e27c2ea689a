//! How much memory each session may use for keyframes, out of what all of them share.
//!
//! Why shares: one long run may take 64 MiB, and 256 of them would take 16 GiB. A session that is alone should not have to
//! be modest for that.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use glassgpt_lab::LIMITS;

/// What all sessions share.
pub(crate) struct Common {
    bytes: usize,
    sessions: AtomicUsize,
}

/// One session's part. It counts until it is dropped.
pub(crate) struct Share(Arc<Common>);

impl Common {
    pub(crate) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self { bytes, sessions: AtomicUsize::new(0) })
    }

    /// One more session's part.
    pub(crate) fn share(self: &Arc<Self>) -> Share {
        self.sessions.fetch_add(1, Ordering::Relaxed);
        Share(self.clone())
    }
}

impl Share {
    /// How large it is at the moment, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        let sessions = self.0.sessions.load(Ordering::Relaxed).max(1);
        (self.0.bytes / sessions).min(LIMITS.keyframe_bytes as usize)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.0.sessions.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_there_are_the_less_has_each() {
        let most = LIMITS.keyframe_bytes as usize;
        let common = Common::new(2 * most);
        let one = common.share();
        assert_eq!(one.bytes(), most);
        let others = [(); 3].map(|()| common.share());
        assert_eq!(one.bytes(), most / 2);
        drop(others);
        assert_eq!(one.bytes(), most);
    }
}

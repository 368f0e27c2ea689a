//! Which number first became infinite or no number at all, in a step that failed.
//!
//! Why a file of its own: it takes the labelled tape of that step to tell, and only here is it asked.

use glassgpt_fused::Trainer;

/// The address of that number. `trainer` has measured the failing step and not updated. None as long as nothing here can name it.
pub(crate) fn first_non_finite(_trainer: &Trainer) -> Option<String> {
    None
}

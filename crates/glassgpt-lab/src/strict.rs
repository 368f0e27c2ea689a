//! Variants without fields that refuse fields.
//!
//! Why needed: serde's `deny_unknown_fields` skips the unit variants of a tagged enum, so `{"type": "reset", "step": 5}` would
//! be a reset, and whoever wrote it would never learn that `step` was not heard.

use serde::{Deserialize, Deserializer};

/// Reads what stands beside the tag of a variant without fields: nothing.
pub(crate) fn nothing_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    Nothing::deserialize(deserializer).map(|Nothing {}| ())
}

#[cfg(test)]
mod tests {
    use crate::Question;
    use crate::protocol::Command;

    #[test]
    fn what_has_no_fields_takes_none() {
        for name in ["step", "pause", "reset"] {
            assert!(serde_json::from_str::<Command>(&format!(r#"{{"type": "{name}"}}"#)).is_ok(), "{name}");
            let more = serde_json::from_str::<Command>(&format!(r#"{{"type": "{name}", "step": 5}}"#));
            assert!(
                more.expect_err("step is not a field of it").to_string().contains("unknown field `step`"),
                "{name}"
            );
        }
        for name in ["trace", "loss_csv", "model_file", "safetensors"] {
            assert!(serde_json::from_str::<Question>(&format!(r#"{{"type": "{name}"}}"#)).is_ok(), "{name}");
            assert!(serde_json::from_str::<Question>(&format!(r#"{{"type": "{name}", "at": 5}}"#)).is_err(), "{name}");
        }
    }
}

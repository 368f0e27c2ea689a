//! The fields that S4's answers and messages have, down to the last number.
//!
//! Why no field may be more than expected: what we add is listed, so that nothing is added unnoticed.

use std::collections::BTreeSet;

use serde_json::Value;

const PROGRESS: [&str; 4] = ["step", "num_steps", "steps_remaining", "progress"];

/// Checks that an object has S4's fields and those that we add, and no other.
#[track_caller]
pub(super) fn has(value: &Value, s4: &[&str], ours: &[&str]) {
    let fields: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, s4.iter().chain(ours).copied().collect(), "{value}");
}

#[track_caller]
pub(super) fn is_metadata(metadata: &Value) {
    let s4 = [&["config", "num_docs", "vocab_size", "bos_token_id", "num_params"][..], &PROGRESS].concat();
    has(metadata, &s4, &["preset", "corpus"]);
    let config = [
        "n_embd",
        "n_head",
        "n_layer",
        "block_size",
        "learning_rate",
        "beta1",
        "beta2",
        "eps_adam",
        "num_steps",
        "temperature",
        "seed",
    ];
    has(&metadata["config"], &config, &["steps", "schedule", "eps", "activation", "init_std", "zero_init"]);
}

#[track_caller]
pub(super) fn is_train_step(event: &Value) {
    let s4 = [
        "type",
        "step_time_ms",
        "doc",
        "loss",
        "learning_rate",
        "grad_norm",
        "mean_abs_update",
        "sequence",
        "token_events",
        "last_token_event",
    ];
    has(event, &[&s4[..], &PROGRESS].concat(), &["smoothed_loss"]);
    assert_eq!(event["type"], "train_step");
    has(&event["sequence"], &["token_ids", "tokens"], &[]);
}

/// Checks what a step shows of each position, down to the last number.
#[track_caller]
pub(super) fn is_seen(event: &Value, layers: usize, heads: usize) {
    is_train_step(event);
    let positions = event["token_events"].as_array().unwrap();
    let tokens = event["sequence"]["tokens"].as_array().unwrap();
    assert_eq!((tokens.len(), &tokens[0]), (positions.len() + 1, &"<BOS>".into()));
    assert!(event["doc"].as_str().unwrap().starts_with(tokens[1].as_str().unwrap()));
    assert_eq!(positions.last(), Some(&event["last_token_event"]));
    let s4 = ["pos", "input_token_id", "input_token", "target_token_id", "target_token", "top_probs", "attention"];
    for (pos, at) in positions.iter().enumerate() {
        has(at, &s4, &["loss"]);
        assert_eq!(
            (&at["pos"], &at["input_token"], &at["target_token"]),
            (&pos.into(), &tokens[pos], &tokens[pos + 1])
        );
        let top = at["top_probs"].as_array().unwrap();
        assert_eq!(top.len(), 5);
        top.iter().for_each(|prob| has(prob, &["token_id", "token", "prob"], &[]));
        assert!(top.is_sorted_by(|a, b| a["prob"].as_f64() >= b["prob"].as_f64()));
        let attention = at["attention"].as_array().unwrap();
        assert_eq!(attention.len(), layers);
        for (l, layer) in attention.iter().enumerate() {
            has(layer, &["layer", "heads"], &[]);
            assert_eq!((&layer["layer"], layer["heads"].as_array().unwrap().len()), (&l.into(), heads));
            layer["heads"].as_array().unwrap().iter().enumerate().for_each(|(h, head)| is_head(head, h, pos));
        }
    }
}

/// Checks that a head's weights at a position are the softmax of its logits.
#[track_caller]
fn is_head(head: &Value, number: usize, pos: usize) {
    has(head, &["head", "weights", "logits"], &[]);
    assert_eq!(head["head"], number);
    let numbers =
        |of: &str| -> Vec<f64> { head[of].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect() };
    let (weights, logits) = (numbers("weights"), numbers("logits"));
    assert_eq!((weights.len(), logits.len()), (pos + 1, pos + 1));
    let total: f64 = logits.iter().map(|logit| logit.exp()).sum();
    for (weight, logit) in weights.iter().zip(logits) {
        assert!((logit.exp() / total - weight).abs() < 1e-9, "the logits are not those of the weights");
    }
}

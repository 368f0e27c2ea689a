//! The page's types are generated from the protocol, and this fails when the generated file is stale.
//!
//! `UPDATE_TYPES=1 cargo test -p glassgpt-lab --test typescript` writes it; `cargo xtask types` runs that.

use glassgpt_core::{Activation, Config, Preset, Sampling, Schedule};
use glassgpt_lab::protocol::*;
use ts_rs::TS;

fn generated() -> String {
    let cfg = ts_rs::Config::default();
    let mut text =
        String::from("// Generated from crates/glassgpt-lab/src/protocol/ by `cargo xtask types`. Do not edit.\n");
    macro_rules! types {
        ($($type:ty),* $(,)?) => {$( text.push_str(&format!("\nexport {}\n", <$type>::decl(&cfg))); )*};
    }
    types!(
        Schedule,
        Activation,
        Preset,
        Config,
        Sampling,
        CorpusSource,
        Spec,
        Command,
        MatrixShape,
        Experiment,
        Phase,
        Divergence,
        Status,
        StepRecord,
        StepDetail,
        Moment,
        Settings,
        Change,
        Branch,
        StepView,
        Sample,
        LiveSamples,
        Samples,
        AutomaticSamples,
        HeldOutLoss,
        Line,
        Event,
        NumberedEvent,
        Snapshot,
        Refusal,
        ClientMessage,
        ServerMessage,
        PresetEntry,
        CorpusEntry,
        Limits,
        Catalog,
    );
    text
}

#[test]
fn generated_types_are_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/src/lib/protocol/types.ts");
    let generated = generated();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::write(path, &generated).expect("web/src/lib/protocol exists");
    }
    let current = std::fs::read_to_string(path).unwrap_or_default();
    assert!(current == generated, "web/src/lib/protocol/types.ts is stale: run `cargo xtask types`");
}

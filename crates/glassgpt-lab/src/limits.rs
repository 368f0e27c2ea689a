//! The bounds of an experiment in the lab.
//!
//! Why tighter than the engine's own: every step is watched, so every step must be quick and its picture small enough to
//! send. The command line goes further.

use glassgpt_core::{Config, Sampling};

use crate::protocol::{Limits, Refusal, Spec};

/// What the lab allows.
pub const LIMITS: Limits = Limits {
    n_embd: 128,
    n_head: 16,
    n_layer: 4,
    block_size: 64,
    steps: 20_000,
    num_params: 1_000_000,
    learning_rate: 10.0,
    init_std: 10.0,
    samples: 100,
    samplings: 8,
    temperature: 2.0,
    pace: 10_000,
    corpus_bytes: 2 << 20,
    vocab_size: 256,
    automatic_samples: 1_000,
    held_out_docs: 100,
    held_out_cadence: 50,
    branches: 32,
    kept_steps: 100_000,
    changes: 1_000,
    keyframe_bytes: 64 << 20,
    import_work: 200_000_000,
    addresses: 1_000,
    numbers: 4_000_000,
    observed_numbers: 100_000,
    watched_texts: 8,
    places: 64,
    bins: 200,
    scored_texts: 100,
    scored_characters: 6_400,
    course_steps: 10_000,
    course_work: 50_000_000,
    seed: (1u64 << 53) as f64 - 1.0,
};

/// The bounds of a setting that is a whole number, by its name. With many steps, `samples_every` must be larger than its least.
#[must_use]
pub fn whole_bounds(field: &str) -> Option<(u32, u32)> {
    let max = match field {
        "n_embd" => LIMITS.n_embd,
        "n_head" => LIMITS.n_head,
        "n_layer" => LIMITS.n_layer,
        "block_size" => LIMITS.block_size,
        "steps" | "samples_every" => LIMITS.steps,
        "pace" => LIMITS.pace,
        _ => return None,
    };
    Some((1, max))
}

/// Checks settings against the lab's bounds, in addition to the engine's.
pub(crate) fn check_config(config: &Config) -> Result<(), Refusal> {
    // First these: a number that is too small or too large is refused with the bound that holds here, not with the engine's.
    let whole = [
        ("n_embd", config.n_embd),
        ("n_head", config.n_head),
        ("n_layer", config.n_layer),
        ("block_size", config.block_size),
        ("steps", config.steps),
    ];
    for (field, value) in whole {
        let (min, max) = whole_bounds(field).expect("it is listed there");
        check_whole(field, value, min, max)?;
    }
    config.check()?;
    check_seed(config.seed)
}

/// Checks that a seed survives JSON.
pub(crate) fn check_seed(seed: i64) -> Result<(), Refusal> {
    if seed.unsigned_abs() as f64 > LIMITS.seed {
        let max = LIMITS.seed;
        return Err(Refusal::of("seed", format!("seed is {seed}; it must be a whole number from -{max} to {max}")));
    }
    Ok(())
}

/// Checks how often samples are kept: seldom enough that a whole run has no more of them than allowed.
pub(crate) fn check_samples_every(spec: &Spec) -> Result<(), Refusal> {
    let min = spec.config.steps.div_ceil(LIMITS.automatic_samples).max(1);
    spec.samples_every.map_or(Ok(()), |every| check_whole("samples_every", every, min, LIMITS.steps))
}

/// Checks a temperature for live and automatic samples.
pub(crate) fn check_temperature(temperature: f64) -> Result<(), Refusal> {
    check_sampling(1, &Sampling { temperature, ..Sampling::default() })
}

/// Checks how samples are asked for.
pub(crate) fn check_sampling(count: u32, sampling: &Sampling) -> Result<(), Refusal> {
    check_whole("count", count, 1, LIMITS.samples)?;
    if !(0.0..=LIMITS.temperature).contains(&sampling.temperature) {
        let [value, max] = [sampling.temperature, LIMITS.temperature];
        return Err(Refusal::of("temperature", format!("temperature is {value}; it must be a number from 0 to {max}")));
    }
    Ok(sampling.check()?)
}

/// Checks a pace; None is as fast as possible.
pub(crate) fn check_pace(pace: Option<u32>) -> Result<(), Refusal> {
    pace.map_or(Ok(()), |pace| check_whole("pace", pace, 1, LIMITS.pace))
}

/// Checks a whole number against its bounds.
pub(crate) fn check_whole(field: &str, value: u32, min: u32, max: u32) -> Result<(), Refusal> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Refusal::of(field, format!("{field} is {value}; it must be a whole number from {min} to {max}")))
}

#[cfg(test)]
mod tests {
    use glassgpt_core::Preset;

    use super::*;

    #[test]
    fn what_is_refused_names_the_bound_that_holds_in_the_lab() {
        let blog = || Preset::Blog.config();
        let refused = |config: Config| check_config(&config).expect_err("out of bounds").message;
        assert!(refused(Config { steps: 0, ..blog() }).ends_with("a whole number from 1 to 20000"));
        assert!(refused(Config { n_embd: 0, ..blog() }).ends_with("a whole number from 1 to 128"));
        for n_layer in [5, 16, 17] {
            assert!(refused(Config { n_layer, ..blog() }).ends_with("a whole number from 1 to 4"), "{n_layer}");
        }
        let warm = check_temperature(-1.0).expect_err("out of bounds").message;
        assert!(warm.ends_with("a number from 0 to 2"), "{warm}");
    }
}

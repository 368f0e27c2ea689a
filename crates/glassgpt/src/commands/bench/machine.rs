//! What is known of the machine: its processor, its cores, how busy it is.
//!
//! Why: a figure without its machine says nothing, and one from a busy machine says less.

use std::fs;

/// The processor's name, family and model, as Linux tells them. The name of a virtual one may say little.
pub(super) fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let field = |wanted: &str| {
        let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
        pairs.find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim().to_string())
    };
    let name = field("model name")?;
    let numbers = field("cpu family").zip(field("model"));
    Some(numbers.map_or(name.clone(), |(family, model)| format!("{name}, family {family}, model {model}")))
}

/// Processes that wanted to run, on average over the last minute.
pub(super) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// Cores this process may use.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

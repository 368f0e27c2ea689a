//! What was found: figures, the goals and bounds of some of them, and what went wrong.
//!
//! Why goals and bounds: that nothing is lost holds on every machine, so a bound that is broken is a failure. That an answer comes in
//! time, or memory comes back soon, holds only on a free machine, so a goal that is missed is printed and recorded, and fails nothing.

use serde::Serialize;

/// The findings of one part of the soak.
#[derive(Serialize)]
pub(crate) struct Part {
    name: &'static str,
    figures: Vec<Figure>,
    /// What must not happen at all, in words.
    faults: Vec<String>,
}

/// One number.
#[derive(Serialize)]
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bound: Option<Bound>,
}

/// What a number must be.
#[derive(Clone, Copy, Serialize)]
struct Bound {
    #[serde(skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    kept: bool,
    /// Whether missing it fails nothing.
    is_goal: bool,
}

impl Part {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, figures: Vec::new(), faults: Vec::new() }
    }

    /// A number without a bound.
    pub(crate) fn tell(&mut self, what: &str, value: f64, unit: &'static str) {
        self.figures.push(Figure { what: what.to_string(), value, unit, bound: None });
    }

    /// A time that should be short.
    pub(crate) fn soon(&mut self, what: &str, millis: f64, most: f64) {
        let bound = Bound { at_most: Some(most), at_least: None, kept: millis <= most, is_goal: true };
        self.bounded(what, millis, "ms", bound);
    }

    /// A speed, a share of one or a count that should be reached.
    pub(crate) fn fast(&mut self, what: &str, value: f64, unit: &'static str, least: f64) {
        let bound = Bound { at_most: None, at_least: Some(least), kept: value >= least, is_goal: true };
        self.bounded(what, value, unit, bound);
    }

    /// An amount that should not be exceeded.
    pub(crate) fn little(&mut self, what: &str, value: f64, unit: &'static str, most: f64) {
        let bound = Bound { at_most: Some(most), at_least: None, kept: value <= most, is_goal: true };
        self.bounded(what, value, unit, bound);
    }

    /// A number that must not be exceeded, on whatever machine.
    pub(crate) fn at_most(&mut self, what: &str, value: f64, unit: &'static str, most: f64) {
        let bound = Bound { at_most: Some(most), at_least: None, kept: value <= most, is_goal: false };
        self.bounded(what, value, unit, bound);
    }

    fn bounded(&mut self, what: &str, value: f64, unit: &'static str, bound: Bound) {
        self.figures.push(Figure { what: what.to_string(), value, unit, bound: Some(bound) });
    }

    /// Something that must not happen at all.
    pub(crate) fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(what.into());
    }

    fn holds(&self) -> bool {
        let kept = |bound: Bound| bound.kept || bound.is_goal;
        self.faults.is_empty() && self.figures.iter().all(|figure| figure.bound.is_none_or(kept))
    }

    /// As lines for people.
    pub(crate) fn table(&self) -> String {
        let mut text = format!("{}\n", self.name);
        for Figure { what, value, unit, bound } in &self.figures {
            let number = match value.abs() {
                v if v >= 100.0 || v.fract() == 0.0 => format!("{value:.0}"),
                v if v >= 10.0 => format!("{value:.1}"),
                _ => format!("{value:.2}"),
            };
            text += &format!("  {what:<58} {number:>10} {unit:<8}");
            if let Some(bound) = bound {
                let goal = match (bound.at_most, bound.at_least) {
                    (Some(most), _) => format!("at most {most}"),
                    (_, least) => format!("at least {}", least.unwrap_or_default()),
                };
                let verdict = match bound {
                    Bound { kept: true, is_goal: true, .. } => "met",
                    Bound { kept: true, .. } => "kept",
                    Bound { is_goal: true, .. } => "NOT MET",
                    _ => "BROKEN",
                };
                text += &format!(" {goal}: {verdict}");
            }
            text = text.trim_end().to_string() + "\n";
        }
        for fault in &self.faults {
            text += &format!("  FAULT: {fault}\n");
        }
        text
    }
}

/// All that was found.
#[derive(Serialize)]
pub(crate) struct Report {
    /// Whether nothing is lost and every bound is kept.
    pub(crate) holds: bool,
    seed: u64,
    /// Processes that ran or waited to run, on average over a minute, at the beginning and at the end.
    load: [Option<f64>; 2],
    cores: usize,
    parts: Vec<Part>,
}

impl Report {
    pub(crate) fn new(parts: Vec<Part>, seed: u64, load_before: Option<f64>) -> Self {
        let holds = parts.iter().all(Part::holds);
        let cores = std::thread::available_parallelism().map_or(1, Into::into);
        Self { holds, seed, load: [load_before, load()], cores, parts }
    }

    /// The last line for people.
    pub(crate) fn verdict(&self) -> String {
        let [before, after] = self.load.map(|load| load.map_or("unknown".to_string(), |load| format!("{load:.2}")));
        let verdict = if self.holds { "everything held" } else { "something was broken or lost" };
        format!("seed {}, {} cores, load {before} before and {after} after: {verdict}", self.seed, self.cores)
    }
}

/// The machine's load over the last minute, where it can be told.
pub(crate) fn load() -> Option<f64> {
    std::fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

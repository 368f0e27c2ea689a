//! The line on the terminal while something takes time: how far, how fast, how long still.
//!
//! Why on standard error, and only if that is a terminal: it is talk, and a file has no use for it.

use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::output::thousands;
use crate::training::StepFacts;

/// The progress of a training run.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    began: Instant,
    told: std::cell::Cell<Option<Instant>>,
}

impl Progress {
    /// Of `steps` steps, none done.
    pub(crate) fn new(steps: u32) -> Self {
        let bar = ProgressBar::new(steps.into());
        let template = "{bar:12.yellow} {msg}";
        bar.set_style(ProgressStyle::with_template(template).expect("a valid template").progress_chars("█▉▊▋▌▍▎▏░"));
        Self { bar, began: Instant::now(), told: std::cell::Cell::new(None) }
    }

    /// One more step. The terminal hears of it ten times a second.
    pub(crate) fn tell(&self, facts: &StepFacts) {
        let recently = |told: Instant| told.elapsed() < Duration::from_millis(100);
        if self.bar.is_hidden() || self.told.get().is_some_and(recently) {
            return;
        }
        self.told.set(Some(Instant::now()));
        let speed = f64::from(facts.step) / self.began.elapsed().as_secs_f64();
        let steps = self.bar.length().unwrap_or_default();
        let left = steps.saturating_sub(facts.step.into());
        let left = HumanDuration(Duration::from_secs_f64((left as f64 / speed).min(1e9)));
        let [loss, smoothed] = [facts.loss, facts.smoothed_loss];
        let [done, steps, speed] = [u64::from(facts.step), steps, speed as u64].map(thousands);
        self.bar.set_position(facts.step.into());
        self.bar.set_message(format!(
            "{done}/{steps}  loss {loss:.3}, smoothed {smoothed:.3}  {speed} steps/s  {left:#} left"
        ));
    }
}

impl Drop for Progress {
    /// The line is cleared, however the run ended.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// The progress of a download of `bytes` bytes.
pub(crate) fn download_bar(bytes: u64) -> ProgressBar {
    let bar = ProgressBar::new(bytes);
    let template = "{bar:20.yellow} {bytes}/{total_bytes}  {bytes_per_sec}  {eta_precise}";
    bar.set_style(ProgressStyle::with_template(template).expect("a valid template").progress_chars("█▉▊▋▌▍▎▏░"));
    bar
}

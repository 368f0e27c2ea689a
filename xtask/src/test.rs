//! `cargo xtask test`: runs the stages, one line each, stops at the first that fails, and counts.
//!
//! Why the last line is plain: continuous integration reads `N passed, N failed` from it.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::shell::Shell;
use crate::stages::{STAGES, Stage};

/// How much of a failed stage's log is shown. The rest is on disk.
const LINES_SHOWN: usize = 400;

/// Runs the stages named, or all.
pub(crate) fn run(shell: &Shell, only: &[String]) -> Result<ExitCode> {
    let chosen = STAGES.iter().filter(|stage| only.is_empty() || only.iter().any(|name| name == stage.name));
    let chosen: Vec<&Stage> = chosen.collect();
    let mut times = Vec::new();
    let mut failed = false;
    for stage in &chosen {
        print!("{:<13} ", stage.name);
        std::io::stdout().flush()?;
        let log = shell.scratch().join(format!("{}.log", stage.name));
        let stage_shell = shell.logging_to(log.clone())?;
        let began = Instant::now();
        let outcome = (stage.run)(&stage_shell);
        let time = began.elapsed();
        times.push(time);
        match outcome {
            Ok(remark) => println!("{}", format!("{}  {remark}", seconds(time)).trim_end()),
            Err(error) => {
                println!("{}  FAILED", seconds(time));
                let log = log.strip_prefix(&shell.root).unwrap_or(&log).display().to_string();
                print!("\n{}", tail(&stage_shell.logged(), &log));
                println!("\n{} failed: {error:#}", stage.name);
                println!("run it again: cargo xtask test --only {}", stage.name);
                failed = true;
                break;
            }
        }
    }
    print!("{}", table(&chosen, &times, failed));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The end of a log, with a pointer to the whole.
fn tail(log: &str, path: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let cut = lines.len().saturating_sub(LINES_SHOWN);
    let mut text = if cut > 0 { format!("({cut} lines before these are in {path})\n") } else { String::new() };
    for line in &lines[cut..] {
        text += line;
        text.push('\n');
    }
    text
}

/// Every stage with its outcome and time, then the count. The last stage timed is the one that failed, if one did.
fn table(stages: &[&Stage], times: &[Duration], failed: bool) -> String {
    let passed = times.len() - usize::from(failed);
    let mut text = format!("\n{:<13} {:<8} {:>9}\n", "stage", "outcome", "time");
    for (i, stage) in stages.iter().enumerate() {
        let outcome = match i {
            i if i < passed => "passed",
            i if i < times.len() => "FAILED",
            _ => "not run",
        };
        let time = times.get(i).copied().map(seconds).unwrap_or_default();
        text += format!("{:<13} {outcome:<8} {time:>9}", stage.name).trim_end();
        text.push('\n');
    }
    text += &format!("{:<22} {:>9}\n\n", "total", seconds(times.iter().sum()));
    text + &format!("{passed} passed, {} failed\n", u32::from(failed))
}

fn seconds(time: Duration) -> String {
    format!("{:>7.1} s", time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(n_timed: usize, failed: bool) -> Vec<String> {
        let stages: Vec<&Stage> = STAGES.iter().take(3).collect();
        let times = vec![Duration::from_millis(1500); n_timed];
        table(&stages, &times, failed).lines().map(String::from).collect()
    }

    #[test]
    fn the_last_line_counts_what_passed() {
        assert_eq!(lines(3, false).last().map(String::as_str), Some("3 passed, 0 failed"));
    }

    #[test]
    fn a_failure_is_counted_and_the_rest_is_not_run() {
        let lines = lines(2, true);
        assert_eq!(lines.last().map(String::as_str), Some("1 passed, 1 failed"));
        assert!(lines[3].contains("FAILED"), "{lines:?}");
        assert!(lines[4].ends_with("not run"), "{lines:?}");
    }

    #[test]
    fn a_long_log_is_cut_at_the_front() {
        let log: String = (1..=LINES_SHOWN + 2).map(|i| format!("line {i}\n")).collect();
        let tail = tail(&log, "x.log");
        assert!(tail.starts_with("(2 lines before these are in x.log)\nline 3\n"));
        assert!(tail.ends_with(&format!("line {}\n", LINES_SHOWN + 2)));
    }
}

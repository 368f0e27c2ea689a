//! `cargo xtask measure`: figures of time, speed and size, printed beside their goals and recorded in `benches/record/`.
//!
//! Why no stage of the tests: machines are shared, and a check that fails because something else ran says nothing about the program.
//! To know how fast it is, run this on a quiet machine and compare with what was recorded before.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::shell::Shell;
use crate::{browser, lab, soak};

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Frames, drags, memory and first paint in a browser, and Lighthouse
    Browser,
    /// The whole soak: many sessions, clients, kills and abuse
    Server,
    /// `glassgpt bench --quick`: steps of training on every backend
    Engine,
}

/// What is to be done.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this part; may be given more than once
    #[arg(long, value_name = "PART")]
    only: Vec<Part>,
    /// Print, but keep no record
    #[arg(long)]
    dry: bool,
}

/// Builds the program as servers run it, measures, prints and records.
pub(crate) fn run(shell: &Shell, args: &Args) -> Result<()> {
    lab::release(shell)?;
    let wanted = |part| args.only.is_empty() || args.only.contains(&part);
    let mut record = json!({ "type": "measure", "load_before": load(), "cores": cores() });
    if wanted(Part::Engine) {
        record["engine"] = bench(shell)?;
        print_rows(&record["engine"]);
    }
    if wanted(Part::Server) {
        record["server"] = soak::report(shell)?;
        print_parts(&record["server"]);
    }
    if wanted(Part::Browser) {
        record["browser"] = browser_figures(shell)?;
        println!("\nbrowser");
        figures(&record["browser"]).iter().for_each(|figure| println!("{}", line(figure)));
    }
    record["load_after"] = load();
    if args.dry { Ok(()) } else { keep(shell, &record) }
}

/// Measures the page; the figures come as lines of a file.
fn browser_figures(shell: &Shell) -> Result<Value> {
    let file = shell.scratch().join("figures.jsonl");
    fs::create_dir_all(shell.scratch())?;
    fs::write(&file, [])?;
    browser::figures(shell, &shell.released(), &file)?;
    parse(&fs::read_to_string(&file)?)
}

/// One JSON object a line.
fn parse(lines: &str) -> Result<Value> {
    let figures: Result<Vec<Value>, _> = lines.lines().map(serde_json::from_str).collect();
    Ok(Value::Array(figures.context("a figure is no JSON")?))
}

fn bench(shell: &Shell) -> Result<Value> {
    let output = shell.command(shell.released()).args(["bench", "--quick", "--json"]).output()?;
    serde_json::from_slice(&output.stdout).context("`glassgpt bench` printed no JSON")
}

fn print_rows(bench: &Value) {
    println!("\nengine");
    for row in figures(&bench["rows"]) {
        println!("{}", line(&json!({ "what": row["name"], "value": row["median"], "unit": row["unit"] })));
    }
}

fn print_parts(report: &Value) {
    for part in figures(&report["parts"]) {
        println!("\nserver: {}", part["name"].as_str().unwrap_or_default());
        figures(&part["figures"]).iter().for_each(|figure| println!("{}", line(figure)));
        figures(&part["faults"]).iter().for_each(|fault| println!("  FAULT: {fault}"));
    }
}

fn figures(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A figure beside its goal, for people.
fn line(figure: &Value) -> String {
    let value = figure["value"].as_f64().unwrap_or(f64::NAN);
    let text = |name: &str| figure[name].as_str().unwrap_or_default();
    let on = if text("on").is_empty() { String::new() } else { format!(" ({})", text("on")) };
    let most = figure["goal"].as_f64().or(figure["bound"]["at_most"].as_f64());
    let least = figure["at_least"].as_f64().or(figure["bound"]["at_least"].as_f64());
    let goal = match (most, least) {
        (Some(most), _) => format!("  at most {most}: {}", met(value <= most)),
        (_, Some(least)) => format!("  at least {least}: {}", met(value >= least)),
        _ => String::new(),
    };
    format!("  {:<72} {value:>10.2} {}{goal}", format!("{}{on}", text("what")), text("unit"))
}

fn met(is_met: bool) -> &'static str {
    if is_met { "met" } else { "NOT MET" }
}

/// Writes it where records lie, under the day and the commit.
fn keep(shell: &Shell, record: &Value) -> Result<()> {
    let commit = shell.answer("git", &["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_string());
    let date = shell.answer("date", &["+%F"]).unwrap_or_else(|| "undated".to_string());
    let name = format!("benches/record/{date}-measure-{commit}.json");
    fs::write(shell.root.join(Path::new(&name)), serde_json::to_string_pretty(record)? + "\n")?;
    println!("\nrecorded in {name}");
    Ok(())
}

/// The machine's load over the last minute, where the system says it.
fn load() -> Value {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|load| load.parse::<f64>().ok()).map_or(Value::Null, Value::from)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_stands_beside_its_goal() {
        let at_most = line(&json!({ "what": "gap", "value": 35.0, "unit": "ms", "goal": 34, "on": "files" }));
        assert!(at_most.contains("gap (files)") && at_most.ends_with("35.00 ms  at most 34: NOT MET"), "{at_most}");
        let at_least = line(&json!({ "what": "score", "value": 96, "unit": "points", "at_least": 95 }));
        assert!(at_least.ends_with("96.00 points  at least 95: met"), "{at_least}");
        let soak = line(&json!({ "what": "p99", "value": 6.0, "unit": "ms", "bound": { "at_most": 50.0 } }));
        assert!(soak.ends_with("at most 50: met"), "{soak}");
    }

    #[test]
    fn figures_come_a_line_each() -> Result<()> {
        assert_eq!(parse("{\"value\":1}\n{\"value\":2}\n")?, json!([{ "value": 1 }, { "value": 2 }]));
        assert!(parse("what").is_err());
        Ok(())
    }
}

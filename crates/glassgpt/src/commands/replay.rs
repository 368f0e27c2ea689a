//! `glassgpt replay`: a trace trained again, and the first figure that came out differently.
//!
//! Why: whoever is given a trace need not believe it.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use glassgpt_lab::Session;
use glassgpt_lab::trace::{Difference, ReplayReport, Trace};
use serde::Serialize;

use crate::exit_codes::Exit;
use crate::output::{BAD, BOLD, Out, count, json_line, plain, stdout, talk};
use crate::{files, libm_check, sessions};

/// Train a trace again and compare every bit.
///
/// Losses, learning rates, gradients' norms, samples, watched numbers and the parameters at the end must come out as the
/// trace says. If they do not, the exit code is 1.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A file written by `glassgpt export trace`, or - for standard input.
    #[arg(value_name = "TRACE")]
    trace: String,
    /// Print one JSON value.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    r#type: &'static str,
    corpus: &'a str,
    /// The version that wrote the trace.
    written_by: &'a str,
    #[serde(flatten)]
    report: &'a ReplayReport,
}

/// Reads, trains and compares.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let name = if args.trace == "-" { "standard input" } else { &args.trace };
    let (bytes, _) = files::read(Path::new(&args.trace)).with_context(|| format!("cannot read {name}"))?;
    let trace = Trace::from_json(&bytes).with_context(|| name.to_string())?;
    let library = sessions::library_for(&trace.spec.corpus)?;
    if !args.json {
        let [steps, by] = [count(trace.steps.len(), "step"), trace.glassgpt_version.clone()];
        talk(&format!("{}: {steps}, written by glassgpt {by}; training them again", plain(&trace.corpus.name)));
    }
    let (_, report) = Session::import(&trace, library).with_context(|| name.to_string())?;
    let mut out = stdout();
    if args.json {
        let (corpus, written_by) = (trace.corpus.name.as_str(), trace.glassgpt_version.as_str());
        json_line(&mut out, &Answer { r#type: "replay", corpus, written_by, report: &report })?;
    } else {
        print(&mut out, &trace, &report)?;
    }
    if report.reproduced {
        return Ok(Exit::Success);
    }
    libm_check::excuse();
    Ok(Exit::Difference)
}

fn print(out: &mut Out, trace: &Trace, report: &ReplayReport) -> anyhow::Result<()> {
    let ReplayReport { expected_params_sha256: expected, found_params_sha256: found, .. } = report;
    if report.reproduced {
        let steps = count(report.num_steps as usize, "step");
        writeln!(out, "{BOLD}Reproduced: {steps}, the same to the last bit.{BOLD:#}")?;
        writeln!(out, "  params_sha256 {found}")?;
        return Ok(());
    }
    writeln!(out, "{BAD}Not reproduced.{BAD:#}")?;
    if let Some(difference) = &report.first_difference {
        print_difference(out, difference)?;
    }
    if let Some(address) = &report.first_different_activation {
        writeln!(out, "  {address} came out differently")?;
    }
    if !report.same_samples {
        writeln!(out, "  what the model wrote on the way came out differently")?;
    }
    if !report.same_held_out {
        writeln!(out, "  the losses on held-out documents came out differently")?;
    }
    if !report.same_end {
        let at = trace.divergence.as_ref().map(|divergence| divergence.step);
        let expected = at.map_or("does not diverge".to_string(), |step| format!("diverges at step {step}"));
        writeln!(
            out,
            "  the trace {expected}; here it ended otherwise, after {}",
            count(report.num_steps as usize, "step")
        )?;
    }
    if !report.same_params {
        writeln!(out, "  the parameters at the end came out differently:")?;
        writeln!(out, "    trace  {expected}")?;
        writeln!(out, "    here   {found}")?;
    }
    Ok(())
}

fn print_difference(out: &mut Out, difference: &Difference) -> anyhow::Result<()> {
    let Difference { step, figure, expected, found } = difference;
    writeln!(out, "  the first figure that differs is {figure} of step {step}:")?;
    writeln!(out, "    trace  {}", exact(*expected))?;
    writeln!(out, "    here   {}", exact(*found))?;
    Ok(())
}

/// With as many digits as tell it from every other double.
fn exact(figure: Option<f64>) -> String {
    figure.map_or("none".to_string(), |x| format!("{x:?}").trim_end_matches(".0").to_string())
}

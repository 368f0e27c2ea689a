//! `glassgpt verify`: the proof, on your own machine, that every bit is microgpt.py's.

use std::io::Write;
use std::time::Instant;

use glassgpt_lab::engine::EngineKind;
use glassgpt_lab::verify::{Verdict, golden_runs};
use serde::Serialize;

use crate::args::engine;
use crate::backend::BackendArgs;
use crate::exit_codes::Exit;
use crate::interrupt::{self, Interrupted};
use crate::output::{BAD, BOLD, Out, json_line, stdout, thousands};
use crate::{libm_check, table::Side, table::Table};

/// Run CPython's golden runs again and compare every bit.
///
/// The runs were made by reference/microgpt.py with plain CPython and travel with the program. Losses, gradients,
/// parameters, Adam's memory, samples and the random generator must come out the same.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this engine [default: both].
    #[arg(long, value_name = "NAME", value_parser = engine())]
    engine: Option<EngineKind>,
    #[command(flatten)]
    backend: BackendArgs,
    /// Print one JSON value a run, and a summary.
    #[arg(long)]
    json: bool,
}

/// What stands on a line of `--json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event<'a> {
    Verdict {
        #[serde(flatten)]
        verdict: &'a Verdict,
        ok: bool,
        secs: f64,
    },
    Summary {
        ok: bool,
        runs: usize,
        differing: usize,
    },
}

/// Runs all of them and compares.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let backend = args.backend.chosen_for(args.engine.unwrap_or_default())?;
    let mut out = stdout();
    let mut verdicts = Vec::new();
    for run in golden_runs() {
        for kind in EngineKind::ALL.into_iter().filter(|&kind| args.engine.is_none_or(|only| only == kind)) {
            let began = Instant::now();
            let verdict = run.verify(kind, backend, || !interrupt::requested()).ok_or(Interrupted)?;
            let secs = began.elapsed().as_secs_f64();
            if args.json {
                json_line(&mut out, &Event::Verdict { verdict: &verdict, ok: verdict.ok(), secs })?;
            }
            verdicts.push((verdict, secs));
        }
    }
    let differing = verdicts.iter().filter(|(verdict, _)| !verdict.ok()).count();
    if args.json {
        json_line(&mut out, &Event::Summary { ok: differing == 0, runs: verdicts.len(), differing })?;
    } else {
        print(&mut out, &verdicts, differing)?;
    }
    Ok(if differing == 0 { Exit::Success } else { Exit::Difference })
}

fn print(out: &mut Out, verdicts: &[(Verdict, f64)], differing: usize) -> anyhow::Result<()> {
    let [left, right] = [Side::Left, Side::Right];
    let mut table = Table::new(&[
        ("run", left),
        ("engine", left),
        ("steps", right),
        ("loss", right),
        ("∇", left),
        ("θ", left),
        ("m,v", left),
        ("text", left),
        ("rng", left),
        ("secs", right),
    ]);
    for (verdict, secs) in verdicts {
        table.row(vec![
            verdict.run.to_string(),
            verdict.engine.name().to_string(),
            thousands(verdict.steps),
            format!("{:.4} {}", verdict.loss, mark(verdict.losses_ok)),
            mark(verdict.grads_ok).to_string(),
            mark(verdict.params_ok).to_string(),
            mark(verdict.moments_ok).to_string(),
            mark(verdict.samples_ok).to_string(),
            mark(verdict.generator_ok).to_string(),
            format!("{secs:.2}"),
        ]);
    }
    table.print(out)?;
    if differing == 0 {
        writeln!(out, "{BOLD}All {} runs are the same to the last bit.{BOLD:#}", verdicts.len())?;
        return Ok(());
    }
    writeln!(out, "{BAD}{differing} of {} runs differ.{BAD:#}", verdicts.len())?;
    for (verdict, _) in verdicts {
        if let Some(difference) = &verdict.first_difference {
            writeln!(out, "  {} ({}): {difference}", verdict.run, verdict.engine.name())?;
        }
    }
    libm_check::excuse();
    Ok(())
}

fn mark(ok: bool) -> char {
    if ok { '✓' } else { '✗' }
}

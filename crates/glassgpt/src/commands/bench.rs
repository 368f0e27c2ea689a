//! `glassgpt bench`: how fast each engine is on this machine, all in one run.
//!
//! Why in rounds: the machine is rarely quiet. Every round measures everything once, so that what disturbs one row disturbs
//! its neighbours too; the median tells what to expect, the minimum what the code can do.

mod cases;
mod lab;
mod machine;
mod peak;
mod python;
mod report;

use indicatif::{ProgressBar, ProgressStyle};

use crate::backend::BackendArgs;
use crate::exit_codes::Exit;
use crate::interrupt;
use crate::output::{json_line, stdout, talk};

/// Measure how fast the engines are here.
///
/// Every figure is the median and the minimum of several repetitions; all rows take turns, so that other work on the
/// machine hits them alike. The models are the preset `blog` and larger ones made from it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// names, startups, dinosaurs, words, karpathy, a file with one document a line, or - for standard input.
    #[arg(long, value_name = "NAME|FILE", default_value = "names")]
    corpus: String,
    #[command(flatten)]
    backend: BackendArgs,
    /// What the lab's questions cost instead: seek, explain, read, watch, change, retrain.
    #[arg(long, conflicts_with = "backend")]
    lab: bool,
    /// Few steps, two rounds: to see that it works, not to quote.
    #[arg(long)]
    quick: bool,
    /// Print one JSON value.
    #[arg(long)]
    json: bool,
}

/// Rounds of a full run, and of a quick one.
const ROUNDS: [u32; 2] = [15, 2];

/// Measures and tells.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let backend = args.backend.asked()?;
    let corpus = crate::corpora::NamedCorpus::find(&args.corpus)?;
    let load_before = machine::load();
    let mut cases =
        if args.lab { lab::all(&corpus, args.quick)? } else { cases::all(&corpus, &args.corpus, backend, args.quick)? };
    let rounds = ROUNDS[usize::from(args.quick)];
    let bar = progress(cases.iter().map(|case| u64::from(rounds.min(case.at_most))).sum());
    for round in 0..rounds {
        for case in cases.iter_mut().filter(|case| round < case.at_most) {
            interrupt::check()?;
            bar.set_message(case.name.clone());
            let figure = (case.run)()?;
            case.figures.push(figure);
            bar.inc(1);
        }
    }
    bar.finish_and_clear();
    let report = report::Report::new(&corpus, args.quick, load_before, &cases);
    let mut out = stdout();
    if args.json {
        json_line(&mut out, &report)?;
    } else {
        report.print(&mut out)?;
        if args.quick {
            talk("A quick run: the figures are rough.");
        }
    }
    Ok(Exit::Success)
}

fn progress(n: u64) -> ProgressBar {
    let bar = ProgressBar::new(n);
    let template = "{bar:12.yellow} {pos}/{len}  {msg}";
    bar.set_style(ProgressStyle::with_template(template).expect("a valid template").progress_chars("█▉▊▋▌▍▎▏░"));
    bar
}

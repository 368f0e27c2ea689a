//! `glassgpt read`: the numbers at any addresses, as tables or as JSON.
//!
//! Why beside `why`: to look at many numbers at once is the question that comes before asking about one.

mod grid;
mod page;

use std::io::{BufRead, IsTerminal};
use std::str::FromStr;

use anyhow::{Context, bail};
use glassgpt_lab::address::{Address, AddressError};
use glassgpt_lab::{Reader, Reading};
use serde::Serialize;

use crate::exit_codes::Exit;
use crate::moments::{MomentArgs, Purpose};
use crate::output::{json_line, stdout};

/// Read any numbers: weights, activations, attention, probabilities, gradients, Adam's memory.
///
/// Each ADDRESS names one number or many, such as p1/logits[4], probs, layer0.head1.weights, wte[4],
/// layer0.attn_wq.grad or step:120/text:ava/loss; docs/addresses.md lists them all. The numbers are those of the model
/// reading one text: after training, or after --step steps of it, just before the next update. One training serves all
/// addresses.
#[derive(Debug, clap::Args)]
#[expect(rustdoc::broken_intra_doc_links, reason = "this is help text for a terminal, and [4] an index in it")]
pub(crate) struct Args {
    /// What to read; - takes addresses from standard input, one a line.
    #[arg(value_name = "ADDRESS", required = true)]
    addresses: Vec<Asked>,
    #[command(flatten)]
    moment: MomentArgs,
    /// Show every number of tables that are too long or too wide.
    #[arg(long, help_heading = "Output")]
    full: bool,
    /// Print one JSON value per address, with every number in full.
    #[arg(long, conflicts_with = "full", help_heading = "Output")]
    json: bool,
}

/// An address, or where more of them are.
#[derive(Clone, Debug)]
enum Asked {
    Address(Address),
    StandardInput,
}

impl FromStr for Asked {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text == "-" { Ok(Asked::StandardInput) } else { text.parse().map(Asked::Address) }
    }
}

/// The numbers at an address, and the moment they are of.
#[derive(Debug, Serialize)]
struct Answer {
    r#type: &'static str,
    step: u32,
    /// The text read; None if none was, because only parameters were asked for.
    text: Option<String>,
    #[serde(flatten)]
    reading: Reading,
    /// The moment, for people.
    #[serde(skip)]
    heading: String,
    #[serde(skip)]
    labels: page::Labels,
}

/// Gets the model to those moments and reads.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let addresses = all_asked(args)?;
    let mut answers: Vec<Option<Answer>> = addresses.iter().map(|_| None).collect();
    args.moment.visit(&addresses, Purpose::Read, |moment, asked| {
        let reader = Reader::new(&moment.scene);
        for &i in asked {
            let text = args.moment.text(&addresses[i])?;
            let reading = reader.read(&Address { text, ..addresses[i].clone() })?;
            answers[i] = Some(Answer {
                r#type: "reading",
                step: moment.scene.step,
                text: moment.reads.then(|| moment.scene.text()),
                labels: page::Labels::of(&reading, &moment.scene),
                reading,
                heading: moment.heading(),
            });
        }
        Ok(())
    })?;
    let answers: Vec<Answer> = answers.into_iter().flatten().collect();
    let mut out = stdout();
    if args.json {
        answers.iter().try_for_each(|answer| json_line(&mut out, answer))?;
    } else {
        page::print(&mut out, &answers, args.full)?;
    }
    Ok(Exit::Success)
}

/// The addresses in the order asked for, those from standard input where the `-` stands.
fn all_asked(args: &Args) -> anyhow::Result<Vec<Address>> {
    let mut addresses = Vec::new();
    for asked in &args.addresses {
        match asked {
            Asked::Address(address) => addresses.push(address.clone()),
            Asked::StandardInput if args.moment.corpus_is_stdin() => {
                bail!("standard input cannot be both --corpus - and the addresses")
            }
            Asked::StandardInput => addresses.append(&mut from_stdin()?),
        }
    }
    if addresses.is_empty() {
        bail!("there is no address on standard input; write one a line, such as p1/logits[4]");
    }
    Ok(addresses)
}

fn from_stdin() -> anyhow::Result<Vec<Address>> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        crate::output::talk("addresses, one a line, then Ctrl-D:");
    }
    let mut addresses = Vec::new();
    for (i, line) in stdin.lock().lines().enumerate() {
        let line = line.context("cannot read standard input")?;
        if !line.trim().is_empty() {
            addresses.push(line.trim().parse().with_context(|| format!("line {}", i + 1))?);
        }
    }
    Ok(addresses)
}

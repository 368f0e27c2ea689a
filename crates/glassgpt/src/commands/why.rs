//! `glassgpt why`: any number of the model, explained down to parameters and characters.

mod below;
mod formulas;
mod page;
mod rows;

use glassgpt_lab::Glass;
use glassgpt_lab::address::{Address, Part};
use glassgpt_lab::why::{Consumers, Explainer, Ladder, MAX_RUNGS, Nudge};
use serde::Serialize;

use crate::exit_codes::Exit;
use crate::moments::MomentArgs;
use crate::output::{json_line, stdout};

/// Explain any number: how it was computed, from what, down to parameters and characters.
///
/// ADDRESS names the number, such as p1/logits[4], p2/layer0.head1.weights[0], layer0.attn_wq[3][2].grad or
/// wte[4][0].update; docs/addresses.md lists them all. The numbers are those of the model reading one text: after
/// training, or after --step steps of it, just before the next update.
#[derive(Debug, clap::Args)]
#[expect(rustdoc::broken_intra_doc_links, reason = "this is help text for a terminal, and [4] an index in it")]
pub(crate) struct Args {
    /// The number.
    #[arg(default_value = "loss")]
    address: Address,
    #[command(flatten)]
    moment: MomentArgs,
    /// Explain its gradient instead, the same as ADDRESS.grad: what each use of it contributed, in order.
    #[arg(long, help_heading = "Explanation")]
    gradient: bool,
    /// How far down: 0 for the number alone, 1 for what it was made from as well, and so on.
    #[arg(long, value_name = "N", default_value_t = 1, help_heading = "Explanation")]
    depth: u32,
    /// The most numbers to explain.
    #[arg(
        long, value_name = "N", default_value_t = 100, help_heading = "Explanation",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_RUNGS)),
    )]
    limit: u32,
    /// Say as well what was made from it.
    #[arg(long, help_heading = "Explanation")]
    uses: bool,
    /// Change it by ε up and down, and compare the loss with the gradient [ε: 1e-5, or 1e-5 of it if it is above 1].
    #[arg(
        long, value_name = "ε", num_args = 0..=1, require_equals = true, allow_negative_numbers = true,
        help_heading = "Explanation",
    )]
    nudge: Option<Option<f64>>,
    /// Show every row of long tables and every number of a kind.
    #[arg(long, help_heading = "Output")]
    full: bool,
    /// Print one JSON value with every number in full.
    #[arg(long, conflicts_with = "full", help_heading = "Output")]
    json: bool,
}

/// All that is told.
#[derive(Serialize)]
struct Answer {
    r#type: &'static str,
    #[serde(flatten)]
    ladder: Ladder,
    #[serde(skip_serializing_if = "Option::is_none")]
    uses: Option<Consumers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nudge: Option<Nudge>,
}

/// Gets the model to that moment and explains.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let address = asked(args)?;
    let moment = args.moment.moment(&address)?;
    let glass = Glass::new(&moment.scene);
    let explainer = Explainer::new(&glass);
    let itself = Address { part: Part::Value, ..address.clone() };
    let answer = Answer {
        r#type: "why",
        ladder: explainer.why(&address, args.depth, args.limit)?,
        uses: args.uses.then(|| explainer.consumers(&itself)).transpose()?,
        nudge: args.nudge.map(|epsilon| explainer.nudge(&itself, epsilon)).transpose()?,
    };
    let mut out = stdout();
    if args.json {
        json_line(&mut out, &answer)?;
    } else {
        page::print(&mut out, &answer, &moment, args.full)?;
    }
    Ok(Exit::Success)
}

/// The address, with `--gradient` taken in.
fn asked(args: &Args) -> anyhow::Result<Address> {
    match (args.gradient, args.address.part) {
        (false, _) | (true, Part::Grad) => Ok(args.address.clone()),
        (true, Part::Value) => Ok(args.address.clone().part(Part::Grad)),
        (true, part) => {
            let part = part.name();
            anyhow::bail!("{} is the optimizer's and has no gradient; leave out .{part} or --gradient", args.address)
        }
    }
}

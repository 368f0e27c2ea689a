//! `glassgpt graph`: how many single numbers stand behind one loss, by operation.

use anyhow::bail;
use glassgpt_core::{Model, Op, Plan, Tape};
use glassgpt_lab::glass::expected_nodes;
use serde::Serialize;

use crate::args::ExperimentArgs;
use crate::exit_codes::Exit;
use crate::output::{count, json_line, plain, stdout, thousands, titled};
use crate::table::{Side, Table};

/// Count the scalar graph behind the loss of one document.
///
/// The readable engine puts every number of the loss down as a node: its parameters, the constants, and one node for
/// each addition and product, up to the loss itself. An edge leads from a node to one it was made from.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The document.
    word: String,
    #[command(flatten)]
    experiment: ExperimentArgs,
    /// Seed of the initial parameters, a whole number from -9223372036854775808 to 9223372036854775807; it
    /// does not change the counts.
    #[arg(long, value_name = "N", value_parser = crate::args::seed, allow_negative_numbers = true, help_heading = "Experiment")]
    seed: Option<i64>,
    /// Print one JSON value.
    #[arg(long, help_heading = "Output")]
    json: bool,
}

#[derive(Serialize)]
struct Counts<'a> {
    r#type: &'static str,
    word: &'a str,
    positions: usize,
    vocab_size: usize,
    num_params: usize,
    nodes: usize,
    edges: usize,
    by_op: Vec<OpCounts>,
    loss: f64,
}

#[derive(Serialize)]
struct OpCounts {
    op: Op,
    nodes: usize,
    edges: usize,
}

/// The most nodes that are put down: about 4 GiB.
const MAX_NODES: u64 = 40_000_000;

/// Builds the graph and counts.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let (_, setup) = args.experiment.set_up(args.seed)?;
    let tokens = setup.tokenizer.encode_document(&args.word)?;
    let positions = (tokens.len() - 1).min(setup.plan.config().block_size as usize);
    check_graph_fits(&setup.plan, positions)?;
    let tape = Tape::new();
    let loss = Model::new(&setup.plan, &tape, &setup.params).loss(&tokens);
    let size = loss.graph_size();
    let by_op = size.by_op().map(|(op, nodes)| OpCounts { op, nodes, edges: op.arity() * nodes });
    let counts = Counts {
        r#type: "graph",
        word: &args.word,
        positions,
        vocab_size: setup.tokenizer.vocab_size(),
        num_params: setup.params.len(),
        nodes: size.nodes(),
        edges: size.edges(),
        by_op: by_op.collect(),
        loss: loss.data(),
    };
    let mut out = stdout();
    if args.json {
        json_line(&mut out, &counts)?;
        return Ok(Exit::Success);
    }
    let title = format!("The graph behind the loss of \"{}\"", plain(&args.word));
    titled(&mut out, &title, ", ", &read(&counts, tokens.len() - 1))?;
    let side = Side::Right;
    let mut table = Table::new(&[("operation", Side::Left), ("nodes", side), ("edges", side)]);
    for OpCounts { op, nodes, edges } in &counts.by_op {
        let name = format!("{:9} {}", op.name(), spelled(*op));
        table.row(vec![name, thousands(*nodes as u64), thousands(*edges as u64)]);
    }
    table.row(vec!["all".into(), thousands(counts.nodes as u64), thousands(counts.edges as u64)]);
    let shares: Vec<f64> = counts.by_op.iter().map(|of| of.nodes as f64 / counts.nodes as f64).collect();
    table.bars(&shares, 30);
    table.print(&mut out)?;
    Ok(Exit::Success)
}

fn read(counts: &Counts, wanted: usize) -> String {
    let cut =
        if counts.positions < wanted { format!(" of {wanted}: the context holds no more") } else { String::new() };
    let params = thousands(counts.num_params as u64);
    format!("{}{cut}, {} tokens, {params} parameters", count(counts.positions, "position"), counts.vocab_size)
}

fn spelled(op: Op) -> &'static str {
    match op {
        Op::Parameter => "a number that is learned",
        Op::Constant => "a plain number",
        Op::Add => "a + b",
        Op::Mul => "a · b",
        Op::Pow => "a to a fixed power",
        Op::Log => "ln a",
        Op::Exp => "e to the power a",
        Op::Relu => "max(0, a)",
    }
}

/// Refuses a graph that would not fit into memory.
pub(crate) fn check_graph_fits(plan: &Plan, positions: usize) -> anyhow::Result<()> {
    let nodes = expected_nodes(plan, positions.min(plan.config().block_size as usize));
    if nodes > MAX_NODES {
        bail!(
            "the scalar graph of a document would have about {} nodes; it must have at most {}: \
             use the fused engine, or a smaller --n-embd, --n-layer or --block-size",
            thousands(nodes),
            thousands(MAX_NODES)
        );
    }
    Ok(())
}

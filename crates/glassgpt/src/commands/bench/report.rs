//! What came out: rows, ratios, and both as JSON or as a table.
//!
//! Why ratios: microseconds belong to a machine and its day, ratios of one run travel better.

use std::io::Write;

use glassgpt_core::Config;
use glassgpt_lab::engine::Backend;
use serde::Serialize;

use super::cases::{Case, WIDTHS, What};
use super::lab::WATCHED;
use super::machine;
use crate::corpora::NamedCorpus;
use crate::output::{BOLD, DIM, Out, thousands};
use crate::table::{Side, Table};

/// Everything, as one JSON value.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    r#type: &'static str,
    version: &'static str,
    quick: bool,
    machine: Machine,
    corpus: CorpusFacts,
    rows: Vec<Row>,
    ratios: Vec<Ratio>,
}

#[derive(Debug, Serialize)]
struct Machine {
    processor: Option<String>,
    target: String,
    cores: usize,
    backends: Vec<&'static str>,
    load_before: Option<f64>,
    load_after: Option<f64>,
}

#[derive(Debug, Serialize)]
struct CorpusFacts {
    name: String,
    sha256: String,
    documents: usize,
}

/// One figure: microseconds a step, pass or name; for a peak, GFLOP/s.
#[derive(Debug, Default, Serialize)]
struct Row {
    name: String,
    unit: &'static str,
    median: f64,
    /// The best: the least time, or the highest rate.
    best: f64,
    repetitions: usize,
    #[serde(flatten)]
    more: More,
}

/// What only some rows have. Derived figures come from the median and, as `_best`, from the best.
#[derive(Debug, Default, Serialize)]
#[serde(default)]
struct More {
    #[serde(skip_serializing_if = "Option::is_none")]
    shape: Option<Shape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_params: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents_per_step: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    positions_per_step: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    us_per_document: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    us_per_document_best: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    us_per_param_token: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    us_per_param_token_best: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gflops: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gflops_best: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share_of_peak: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share_of_peak_best: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nodes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    names_per_sec: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    names_per_sec_best: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    python: Option<String>,
    /// How much longer a step takes when everything is read after each frame, as a share of one that nobody watches.
    #[serde(skip_serializing_if = "Option::is_none")]
    overhead: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overhead_best: Option<f64>,
}

/// The sizes of a model.
#[derive(Clone, Copy, Debug, Serialize)]
struct Shape {
    n_embd: u32,
    n_head: u32,
    n_layer: u32,
    block_size: u32,
}

/// How many times longer one row takes than another.
#[derive(Debug, Serialize)]
struct Ratio {
    what: String,
    slower: String,
    faster: String,
    median: f64,
    best: f64,
}

impl Report {
    /// Sums up what the cases measured.
    pub(super) fn new(corpus: &NamedCorpus, quick: bool, load_before: Option<f64>, cases: &[Case]) -> Self {
        let mut rows: Vec<Row> = cases.iter().filter(|case| !case.figures.is_empty()).map(row).collect();
        compare_with_peak(&mut rows);
        compare_with_unwatched(&mut rows);
        Self {
            r#type: "bench",
            version: env!("CARGO_PKG_VERSION"),
            quick,
            machine: Machine {
                processor: machine::processor(),
                target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
                cores: machine::cores(),
                backends: Backend::available().map(Backend::name).collect(),
                load_before,
                load_after: machine::load(),
            },
            corpus: CorpusFacts {
                name: corpus.name.clone(),
                sha256: corpus.sha256.clone(),
                documents: corpus.corpus.documents().len(),
            },
            ratios: ratios(&rows),
            rows,
        }
    }

    /// For people.
    pub(super) fn print(&self, out: &mut Out) -> std::io::Result<()> {
        let Machine { processor, cores, load_before, load_after, .. } = &self.machine;
        let load = |load: &Option<f64>| load.map_or("?".to_string(), |load| format!("{load:.1}"));
        let processor = processor.as_deref().unwrap_or("unknown processor");
        writeln!(out, "{BOLD}{processor}{BOLD:#}, {cores} cores, load {} to {}", load(load_before), load(load_after))?;
        let CorpusFacts { name, documents, .. } = &self.corpus;
        writeln!(out, "{name}: {} documents", thousands(*documents as u64))?;
        for (prefixes, heading) in SECTIONS {
            let rows: Vec<&Row> =
                self.rows.iter().filter(|row| prefixes.iter().any(|p| row.name.starts_with(p))).collect();
            if rows.is_empty() {
                continue;
            }
            writeln!(out, "\n{BOLD}{heading}{BOLD:#}")?;
            let right = Side::Right;
            let mut table = Table::new(&[("", Side::Left), ("median", right), ("best", right), ("", Side::Left)]);
            for row in rows {
                table.row(vec![row.name.clone(), row.figure(row.median), row.figure(row.best), row.remark()]);
            }
            table.print(out)?;
        }
        if self.ratios.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{BOLD}In this run{BOLD:#}  {DIM}medians; of the best{DIM:#}")?;
        let mut table = Table::new(&[("", Side::Left), ("", Side::Right), ("", Side::Right)]);
        for ratio in &self.ratios {
            table.row(vec![ratio.what.clone(), times(ratio.median), times(ratio.best)]);
        }
        table.print(out)
    }
}

/// How the rows are grouped for people, by the beginnings of their names.
const SECTIONS: [(&[&str], &str); 13] = [
    (&["blog/"], "A training step of `blog` (n_embd 16), a run from its start"),
    (&["blog-20/"], "The same, its first 20 documents"),
    (&["emma/"], "Loss and gradient of \"emma\" on the tape"),
    (&["wide/"], "A training step, n_embd 64"),
    (&["big/", "peak/"], "A training step, n_embd 128, n_layer 4, block_size 64, contexts full"),
    (&["growth-"], "Growth: a training step of `blog` at other widths"),
    (&["sampling/"], "Names written"),
    (&["watch/"], "A training step of `blog`, everything on screen read every 16 ms or not"),
    (&["travel/"], "Going to a moment of a run"),
    (&["explain/", "graph/"], "Explaining, on the tape of one document"),
    (&["read/"], "Reading one document"),
    (&["change/"], "The model with a head left out, and who wrote a logit"),
    (&["retrain/"], "A whole training, with 20 names written"),
];

impl Row {
    fn figure(&self, x: f64) -> String {
        let digits = if x < 100.0 { format!("{x:.2}") } else { thousands(x.round() as u64) };
        if self.unit == "gflops" { format!("{digits} GFLOP/s") } else { format!("{digits} µs") }
    }

    fn remark(&self) -> String {
        let More { names_per_sec, nodes, gflops, us_per_document, share_of_peak, python, .. } = &self.more;
        if let Some(rate) = names_per_sec {
            return format!("{} names/s", thousands(*rate as u64));
        }
        if let Some(nodes) = nodes {
            return format!("{} nodes", thousands(*nodes as u64));
        }
        if let Some(overhead) = self.more.overhead {
            return format!("{:+.1} %", overhead * 100.0).replace('-', "−");
        }
        if let Some(python) = python {
            return python.clone();
        }
        if self.name.starts_with("growth-") {
            return self
                .more
                .us_per_param_token
                .map_or(String::new(), |x| format!("{:.3} ns a parameter and token", x * 1e3));
        }
        if let (true, Some(gflops)) = (self.name.starts_with("big/"), gflops) {
            let share = match share_of_peak {
                Some(share) => format!(", {:.0} % of the peak", share * 100.0),
                None if self.name.contains("turbo") => String::new(),
                None => ", peak not measured".to_string(),
            };
            return format!("{gflops:.1} GFLOP/s{share}");
        }
        match (us_per_document, self.more.documents_per_step) {
            (Some(us), Some(documents)) if documents > 1 => format!("{us:.2} µs a document"),
            _ => String::new(),
        }
    }
}

fn row(case: &Case) -> Row {
    let mut sorted = case.figures.clone();
    sorted.sort_by(f64::total_cmp);
    let (n, middle) = (sorted.len(), sorted.len() / 2);
    let median = if n % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 };
    let is_rate = matches!(case.what, What::Peak);
    let best = if is_rate { sorted[n - 1] } else { sorted[0] };
    let (unit, more) = match &case.what {
        What::Peak => ("gflops", More::default()),
        What::Question { unit } => (*unit, More::default()),
        What::Pass { nodes } => ("us_per_pass", More { nodes: Some(*nodes), ..More::default() }),
        What::Python { version } => ("us_per_step", More { python: Some(version.clone()), ..More::default() }),
        What::Name => (
            "us_per_name",
            More { names_per_sec: Some(1e6 / median), names_per_sec_best: Some(1e6 / best), ..More::default() },
        ),
        What::Step(step) => {
            let param_tokens = step.num_params as f64 * step.positions;
            let documents = f64::from(step.documents);
            let flops = 2.0 * step.multiply_adds;
            let Config { n_embd, n_head, n_layer, block_size, .. } = step.config;
            let more = More {
                shape: Some(Shape { n_embd, n_head, n_layer, block_size }),
                num_params: Some(step.num_params),
                documents_per_step: Some(step.documents),
                positions_per_step: Some(step.positions),
                us_per_document: Some(median / documents),
                us_per_document_best: Some(best / documents),
                us_per_param_token: Some(median / param_tokens),
                us_per_param_token_best: Some(best / param_tokens),
                gflops: Some(flops / median / 1e3),
                gflops_best: Some(flops / best / 1e3),
                ..More::default()
            };
            ("us_per_step", more)
        }
    };
    Row { name: case.name.clone(), unit, median, best, repetitions: n, more }
}

/// How much of its backend's peak each step of the fused engine reaches.
fn compare_with_peak(rows: &mut [Row]) {
    let peaks: Vec<(String, f64, f64)> = rows
        .iter()
        .filter_map(|row| Some((format!("/fused/{}", row.name.strip_prefix("peak/")?), row.median, row.best)))
        .collect();
    for row in rows {
        if let Some((_, median, best)) = peaks.iter().find(|(end, ..)| row.name.ends_with(end)) {
            row.more.share_of_peak = row.more.gflops.map(|gflops| gflops / median);
            row.more.share_of_peak_best = row.more.gflops_best.map(|gflops| gflops / best);
        }
    }
}

/// What watching costs.
fn compare_with_unwatched(rows: &mut [Row]) {
    let alone = rows.iter().find(|row| row.name == WATCHED[0]).map(|row| (row.median, row.best));
    if let (Some((median, best)), Some(watched)) = (alone, rows.iter_mut().find(|row| row.name == WATCHED[1])) {
        watched.more.overhead = Some(watched.median / median - 1.0);
        watched.more.overhead_best = Some(watched.best / best - 1.0);
    }
}

fn ratios(rows: &[Row]) -> Vec<Ratio> {
    let starting = |start: &str| rows.iter().find(|row| row.name.starts_with(start));
    let mut ratios = Vec::new();
    let mut compare = |what: &str, slower: Option<&Row>, faster: Option<&Row>, per_token: bool| {
        let (Some(slower), Some(faster)) = (slower, faster) else { return };
        let of = |row: &Row| match (per_token, &row.more) {
            (true, More { us_per_param_token: Some(median), us_per_param_token_best: Some(best), .. }) => {
                (*median, *best)
            }
            _ => (row.median, row.best),
        };
        let ((slower_median, slower_best), (faster_median, faster_best)) = (of(slower), of(faster));
        ratios.push(Ratio {
            what: what.to_string(),
            slower: slower.name.clone(),
            faster: faster.name.clone(),
            median: slower_median / faster_median,
            best: slower_best / faster_best,
        });
    };
    let fused = starting("blog-20/fused/");
    let python = "blog-20/python/collector";
    compare("our microgpt.py with Python's collector to fused", starting(&format!("{python}-on")), fused, false);
    compare("our microgpt.py without it, as it runs, to fused", starting(&format!("{python}-off")), fused, false);
    compare("scalar to fused", starting("blog-20/scalar"), fused, false);
    let avx512 = starting("blog/fused/avx512");
    compare("fused: AVX2 to AVX-512", starting("blog/fused/avx2"), avx512, false);
    compare("fused: portable to AVX-512", starting("blog/fused/portable"), avx512, false);
    compare("fused to turbo", starting("blog/fused/"), starting("blog/turbo/1"), false);
    let growth = || rows.iter().filter(|row| WIDTHS.iter().any(|n| row.name.starts_with(&format!("growth-{n}/"))));
    let per_token = |row: &&Row| row.more.us_per_param_token.unwrap_or_default();
    let by = |a: &&Row, b: &&Row| per_token(a).total_cmp(&per_token(b));
    compare("growth: dearest parameter and token to cheapest", growth().max_by(by), growth().min_by(by), true);
    ratios
}

fn times(x: f64) -> String {
    if x < 100.0 { format!("{x:.2} ×") } else { format!("{} ×", thousands(x.round() as u64)) }
}

//! `glassgpt data`: what the models learn from, and where to get the original.

use std::collections::BTreeMap;
use std::io::Write;

use clap::Subcommand;
use glassgpt_core::Tokenizer;
use glassgpt_core::corpora::EMBEDDED;
use serde::Serialize;

use crate::corpora::{Fetched, KARPATHY, NamedCorpus};
use crate::download::Download;
use crate::exit_codes::Exit;
use crate::output::{BOLD, Out, count, fact, json_line, line_width, plain, size, stdout, talk, thousands, titled};
use crate::progress::download_bar;
use crate::table::{Side, Table};

/// Look at the training data, or fetch the original names.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the corpora known by name
    List {
        /// Print one JSON value a corpus.
        #[arg(long)]
        json: bool,
    },
    /// Show a corpus: vocabulary, lengths, letters
    Show {
        /// names, startups, dinosaurs, words, karpathy, a file, or - for standard input.
        #[arg(value_name = "NAME|FILE")]
        corpus: String,
        /// Print one JSON value.
        #[arg(long)]
        json: bool,
    },
    /// Fetch the original names that microgpt.py was published with
    Fetch {
        /// What to fetch.
        #[arg(value_parser = ["karpathy"])]
        name: String,
        /// Fetch it again even if it is there.
        #[arg(long)]
        force: bool,
        /// Fetch it from somewhere else; it must be the same file.
        #[arg(long, hide = true, default_value = KARPATHY.url)]
        url: String,
    },
}

/// What is known of a corpus.
#[derive(Serialize)]
struct Statistics {
    r#type: &'static str,
    name: String,
    documents: usize,
    unique: usize,
    vocab_size: usize,
    vocab: String,
    longest: usize,
    mean_length: f64,
    bytes: usize,
    sha256: String,
    /// How many documents have each length, in characters.
    lengths: BTreeMap<usize, usize>,
    /// How often each character occurs.
    letters: BTreeMap<char, usize>,
}

/// Lists, shows or fetches.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.action {
        Action::List { json } => list(*json)?,
        Action::Show { corpus, json } => show(corpus, *json)?,
        Action::Fetch { force, url, .. } => fetch(&KARPATHY, *force, url)?,
    }
    Ok(Exit::Success)
}

fn list(json: bool) -> anyhow::Result<()> {
    let mut out = stdout();
    let side = Side::Right;
    let mut table = Table::new(&[
        ("corpus", Side::Left),
        ("documents", side),
        ("unique", side),
        ("tokens", side),
        ("longest", side),
        ("what it is", Side::Left),
    ]);
    let embedded = EMBEDDED.iter().map(|corpus| (corpus.name, corpus.about));
    for (name, about) in embedded.chain([(KARPATHY.name, KARPATHY.about)]) {
        if name == KARPATHY.name && KARPATHY.load()?.is_none() {
            let unknown = || "–".to_string();
            let about = "`data fetch karpathy` fetches it".to_string();
            table.row(vec![name.into(), unknown(), unknown(), unknown(), unknown(), about]);
            continue;
        }
        let it = Statistics::of(&NamedCorpus::find(name)?);
        if json {
            json_line(&mut out, &it)?;
        }
        let mut cells = vec![name.to_string()];
        cells.extend([it.documents, it.unique, it.vocab_size, it.longest].map(|n| thousands(n as u64)));
        cells.push(about.to_string());
        table.row(cells);
    }
    if !json {
        table.print(&mut out)?;
    }
    Ok(())
}

fn show(wanted: &str, json: bool) -> anyhow::Result<()> {
    let corpus = NamedCorpus::find(wanted)?;
    let it = Statistics::of(&corpus);
    let mut out = stdout();
    if json {
        return json_line(&mut out, &it);
    }
    let longest = line_width().min(80) - 20;
    let examples: Vec<String> = corpus.corpus.documents().iter().take(5).map(|text| cut(text, longest)).collect();
    let about = format!("{}, such as {}", count(it.documents, "document"), examples.join(", "));
    titled(&mut out, &plain(&it.name), ": ", &about)?;
    let mut line = |name: &str, value: String| fact(&mut out, name, 12, &value);
    line("unique", thousands(it.unique as u64))?;
    line("vocabulary", format!("{} tokens: {} and BOS", it.vocab_size, count(it.vocab_size - 1, "character")))?;
    line("length", format!("{:.2} characters on average, {} at most", it.mean_length, it.longest))?;
    line("size", size(it.bytes))?;
    line("sha256", it.sha256.clone())?;
    histogram(
        &mut out,
        "Documents by length",
        it.lengths.iter().map(|(length, &n)| (length.to_string(), n)).collect(),
    )?;
    let mut letters: Vec<(String, usize)> = it.letters.iter().map(|(c, &n)| (shown(*c), n)).collect();
    letters.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
    histogram(&mut out, "Characters by frequency", letters)
}

/// The beginning of a text, and how much of it there is if that is not all.
fn cut(text: &str, longest: usize) -> String {
    let all = text.chars().count();
    if all <= longest {
        return plain(text).into_owned();
    }
    let beginning: String = text.chars().take(longest).collect();
    format!("{}… ({})", plain(&beginning), count(all, "character"))
}

/// Lines of at most this many bars; the rest is summed up.
const MAX_BARS: usize = 60;

fn histogram(out: &mut Out, title: &str, mut bars: Vec<(String, usize)>) -> anyhow::Result<()> {
    let all: usize = bars.iter().map(|(_, n)| n).sum();
    let largest = bars.iter().map(|&(_, n)| n).max().unwrap_or(1) as f64;
    let rest = bars.split_off(bars.len().min(MAX_BARS));
    writeln!(out, "\n{BOLD}{title}{BOLD:#}")?;
    let mut table = Table::new(&[("", Side::Right), ("", Side::Right), ("", Side::Right)]);
    let shares: Vec<f64> = bars.iter().map(|&(_, n)| n as f64 / largest).collect();
    for (name, n) in bars {
        let percent = format!("{:.1} %", n as f64 * 100.0 / all as f64);
        table.row(vec![name, thousands(n as u64), percent]);
    }
    table.bars(&shares, 40);
    table.print(out)?;
    if !rest.is_empty() {
        let n: usize = rest.iter().map(|(_, n)| n).sum();
        writeln!(out, "  and {} more with {} together; --json has them all", rest.len(), thousands(n as u64))?;
    }
    Ok(())
}

/// A character as itself if it shows, else as its escape.
fn shown(c: char) -> String {
    if c.is_whitespace() || c.is_control() { format!("{c:?}") } else { c.to_string() }
}

fn fetch(what: &Fetched, force: bool, url: &str) -> anyhow::Result<()> {
    let target = what.path()?;
    if !force && what.load().is_ok_and(|corpus| corpus.is_some()) {
        talk(&format!("{} is there already: {}", what.name, target.display()));
        return Ok(());
    }
    let bar = download_bar(what.bytes);
    let download = Download { url, sha256: what.sha256, bytes: what.bytes, target: &target };
    let fetched = download.fetch(|got| bar.set_position(got));
    bar.finish_and_clear();
    fetched?;
    talk(&format!(
        "fetched {} ({}), checked its SHA-256, and kept it in {}",
        what.name,
        size(what.bytes as usize),
        target.display()
    ));
    talk("use it with --corpus karpathy");
    Ok(())
}

impl Statistics {
    fn of(corpus: &NamedCorpus) -> Self {
        let documents = corpus.corpus.documents();
        let tokenizer = Tokenizer::new(&corpus.corpus);
        let mut lengths = BTreeMap::new();
        let mut letters = BTreeMap::new();
        for document in documents {
            *lengths.entry(document.chars().count()).or_default() += 1;
            for c in document.chars() {
                *letters.entry(c).or_default() += 1;
            }
        }
        let characters: usize = letters.values().sum();
        Self {
            r#type: "corpus",
            name: corpus.name.clone(),
            documents: documents.len(),
            unique: corpus.corpus.n_unique(),
            vocab_size: tokenizer.vocab_size(),
            vocab: tokenizer.chars().iter().collect(),
            longest: lengths.keys().max().copied().unwrap_or(0),
            mean_length: characters as f64 / documents.len() as f64,
            bytes: corpus.bytes,
            sha256: corpus.sha256.clone(),
            lengths,
            letters,
        }
    }
}

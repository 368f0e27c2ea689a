//! `cargo xtask source`: the algorithm in both languages as the page shows it, in web/source/: highlighted lines, which concept
//! each belongs to, and what explains it.
//!
//! Why made and not written: the page shows the very text that runs. Concepts are marked in it, explanations name the lines
//! they are about, and whatever does not fit together stops the build with a list of what is missing.

mod content;
mod coverage;
mod lines;
mod marks;

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::page::files;
use crate::shell::Shell;
use content::Concept;
use coverage::{Annotated, Names, Shown, annotate};
use lines::Language;

/// The files that the algorithm consists of, in reading order. What is left out of `glassgpt-core` stores or guards: `encoded.rs`,
/// `fmath.rs`, `corpora.rs`, `golden.rs`.
const FILES: [(Language, &str); 12] = [
    (Language::Python, "reference/microgpt.py"),
    (Language::Rust, "crates/glassgpt-core/src/corpus.rs"),
    (Language::Rust, "crates/glassgpt-core/src/tokenizer.rs"),
    (Language::Rust, "crates/glassgpt-core/src/config.rs"),
    (Language::Rust, "crates/glassgpt-core/src/layout.rs"),
    (Language::Rust, "crates/glassgpt-core/src/random.rs"),
    (Language::Rust, "crates/glassgpt-core/src/setup.rs"),
    (Language::Rust, "crates/glassgpt-core/src/value.rs"),
    (Language::Rust, "crates/glassgpt-core/src/model.rs"),
    (Language::Rust, "crates/glassgpt-core/src/adam.rs"),
    (Language::Rust, "crates/glassgpt-core/src/trainer.rs"),
    (Language::Rust, "crates/glassgpt-core/src/sampling.rs"),
];

/// Where explanations are written.
const CONTENT: &str = "web/src/content/source";
/// Where the page finds what is made.
const FOLDER: &str = "web/source";
/// Colours text by its grammar.
const HIGHLIGHTER: &str = "web/build/highlight.mjs";

/// Sizes of a model that prose may mention beside its settings.
const SIZES: [&str; 6] = ["vocab_size", "num_params", "num_docs", "head_dim", "hidden", "bos"];

/// Makes it, unless web/source/ holds what would come out. The page's packages must be installed.
pub(crate) fn build(shell: &Shell) -> Result<()> {
    let work = Work::read(&shell.root)?;
    let annotated = work.annotate()?;
    let (folder, stamp) = (shell.root.join(FOLDER), shell.scratch().join("source"));
    let now = work.fingerprint(&fs::read_to_string(shell.root.join(HIGHLIGHTER))?);
    if fs::read_to_string(&stamp).is_ok_and(|known| known == now) && folder.join("concepts.json").is_file() {
        return Ok(());
    }
    let coloured = highlight(shell, &work.files)?;
    let mut made = vec![("concepts.json".to_string(), concepts_json(&work.parts))];
    for language in Language::ALL {
        let of = |(file, _): &(&Shown, _)| file.language == language;
        let shown = work.files.iter().zip(annotated.iter().zip(&coloured)).filter(of);
        let files: Vec<Value> = shown.map(|(file, (annotated, lines))| file_json(file, annotated, lines)).collect();
        made.push((format!("{}.json", language.key()), json!({ "files": files })));
    }
    for (part, concepts) in &work.parts {
        made.push((format!("texts/{part}.json"), texts_json(concepts)));
    }
    write(&folder, &made)?;
    fs::create_dir_all(shell.scratch())?;
    Ok(fs::write(stamp, now)?)
}

/// Everything that is put together.
struct Work {
    files: Vec<Shown>,
    /// Explanations by the file that they are written in.
    parts: Vec<(String, Vec<Concept>)>,
    names: Names,
}

impl Work {
    fn read(root: &Path) -> Result<Self> {
        let read = |path: &str| fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"));
        let mut sources = Vec::new();
        for (language, path) in FILES {
            sources.push(Shown { language, path, text: read(path)? });
        }
        let mut parts = Vec::new();
        for file in files(&root.join(CONTENT))?.iter().filter(|file| file.extension().is_some_and(|ext| ext == "md")) {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let concepts = content::parse(&fs::read_to_string(file)?);
            parts.push((name.clone(), concepts.map_err(|what| anyhow::anyhow!("{CONTENT}/{name}.md:{what}"))?));
        }
        let names = names(&read("docs/addresses.md")?, &sources)?;
        Ok(Self { files: sources, parts, names })
    }

    fn concepts(&self) -> Vec<Concept> {
        self.parts.iter().flat_map(|(_, concepts)| concepts.clone()).collect()
    }

    fn annotate(&self) -> Result<Vec<Annotated>> {
        match annotate(&self.files, &self.concepts(), &self.names) {
            Ok(annotated) => Ok(annotated),
            Err(complaints) => {
                bail!("the explanations in {CONTENT} and the sources do not fit together:\n{}", complaints.join("\n"))
            }
        }
    }

    /// A short text that differs when what is made would.
    fn fingerprint(&self, highlighter: &str) -> String {
        let mut hasher = DefaultHasher::new();
        for file in &self.files {
            (file.path, &file.text).hash(&mut hasher);
        }
        format!("{:?}", self.parts).hash(&mut hasher);
        (highlighter, include_str!("source.rs"), include_str!("source/marks.rs")).hash(&mut hasher);
        format!("{:016x}\n", hasher.finish())
    }
}

/// What may be named: addresses from the first column of their tables, settings from the fields of `Config`.
fn names(addresses: &str, files: &[Shown]) -> Result<Names> {
    let rows = addresses.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let addresses: BTreeSet<String> = rows.map(String::from).collect();
    let config = files.iter().find(|file| file.path.ends_with("config.rs")).context("config.rs is shown")?;
    let fields = config.text.lines().skip_while(|line| !line.starts_with("pub struct Config"));
    let fields = fields.take_while(|line| *line != "}").filter_map(|line| line.trim().strip_prefix("pub "));
    let fields = fields.filter_map(|line| line.split_once(": ")).map(|(name, _)| name.to_string());
    let settings: BTreeSet<String> = fields.chain(SIZES.map(String::from)).collect();
    ensure!(addresses.len() > 40 && settings.len() > 15, "docs/addresses.md or Config look different from before");
    Ok(Names { addresses, settings })
}

/// The lines of every file as pieces of text, each with the name of its colour before it.
fn highlight(shell: &Shell, files: &[Shown]) -> Result<Vec<Value>> {
    let asked: Vec<Value> =
        files.iter().map(|file| json!({ "language": file.language.key(), "text": file.text })).collect();
    let [from, to] = ["highlight-in.json", "highlight-out.json"].map(|name| shell.scratch().join(name));
    fs::create_dir_all(shell.scratch())?;
    fs::write(&from, json!(asked).to_string())?;
    shell.run(shell.command("node").arg(HIGHLIGHTER).arg(&from).arg(&to))?;
    let coloured: Vec<Value> = serde_json::from_str(&fs::read_to_string(&to)?)?;
    for (file, lines) in files.iter().zip(&coloured) {
        let spelled = lines.as_array().context("the highlighter gives lines")?.iter().map(text_of).collect::<Vec<_>>();
        ensure!(spelled.join("\n") == file.text.trim_end_matches('\n'), "{} is not what was coloured", file.path);
    }
    Ok(coloured)
}

fn text_of(line: &Value) -> String {
    let pieces = line.as_array().into_iter().flatten().skip(1).step_by(2);
    pieces.filter_map(Value::as_str).collect()
}

fn file_json(file: &Shown, annotated: &Annotated, lines: &Value) -> Value {
    let regions: Vec<Value> =
        annotated.regions.iter().map(|r| json!([r.concepts, r.first, r.last, r.headed])).collect();
    let explained: Vec<Value> = annotated.lines.iter().map(|e| json!([e.line, e.concept, e.entry])).collect();
    json!({ "path": file.path, "lines": lines, "regions": regions, "explained": explained })
}

/// What all of the page needs to know: every concept, and of its explanations when they hold and which numbers they are about.
fn concepts_json(parts: &[(String, Vec<Concept>)]) -> Value {
    let concept = |part: &str, c: &Concept| {
        json!({
            "id": c.id, "title": c.title, "summary": c.summary, "formula": c.formula, "numbers": c.numbers, "part": part,
            "only": c.only.as_ref().map(|(language, why)| json!([language.key(), why])),
            "entries": c.entries.iter().map(|e| json!({ "when": e.when, "numbers": e.numbers })).collect::<Vec<_>>(),
        })
    };
    parts.iter().flat_map(|(part, concepts)| concepts.iter().map(move |c| concept(part, c))).collect()
}

fn texts_json(concepts: &[Concept]) -> Value {
    let texts = |concept: &Concept| -> Value { concept.entries.iter().map(|e| json!(e.texts)).collect() };
    Value::Object(concepts.iter().map(|concept| (concept.id.clone(), texts(concept))).collect())
}

/// Writes the files, and leaves none of before.
fn write(folder: &Path, made: &[(String, Value)]) -> Result<()> {
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder.join("texts"))?;
    for (name, content) in made {
        fs::write(folder.join(name), content.to_string()).with_context(|| format!("cannot write {FOLDER}/{name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work() -> Work {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ lies inside the repository");
        Work::read(root).expect("the sources and their explanations can be read")
    }

    #[test]
    fn every_line_has_its_explanation_and_every_explanation_its_line() {
        let annotated = work().annotate().unwrap_or_else(|error| panic!("{error:#}"));
        assert_eq!(annotated.len(), FILES.len());
    }

    #[test]
    fn only_what_is_no_part_of_the_algorithm_is_explained_as_a_whole() {
        let work = work();
        let annotated = work.annotate().expect("it fits together");
        let rest = annotated.iter().flat_map(|file| &file.lines).filter(|line| line.as_rest);
        let wholes: BTreeSet<&str> = rest.map(|line| line.concept.as_str()).collect();
        let allowed = BTreeSet::from(["accessors", "names", "refusals"]);
        assert!(wholes.is_subset(&allowed), "{wholes:?} may not be explained as a whole");
    }
}

//! The lines of source that compute a number: in the Rust that is explained here, and in the Python it is held against.
//!
//! Why found and not numbered: line numbers go stale with every edit. A line is looked up by what it says, and a test
//! fails when it no longer says it, or says it twice.

mod needles;

use std::collections::HashMap;
use std::sync::LazyLock;

use glassgpt_core::{Activation, Op, sources};
use serde::Serialize;

use crate::address::{Kind, Part};

/// Some lines of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SourceLines {
    /// The file, from the root of the repository.
    pub file: &'static str,
    /// The first line, from 1.
    pub first_line: u32,
    /// The last line.
    pub last_line: u32,
    /// The lines, without the indentation that they share.
    pub code: String,
}

/// A file that lines are shown of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum File {
    Value,
    Model,
    Adam,
    Python,
}

impl File {
    fn path(self) -> &'static str {
        match self {
            File::Value => "crates/glassgpt-core/src/value.rs",
            File::Model => "crates/glassgpt-core/src/model.rs",
            File::Adam => "crates/glassgpt-core/src/adam.rs",
            File::Python => "reference/microgpt.py",
        }
    }

    fn text(self) -> &'static str {
        match self {
            File::Value => sources::VALUE,
            File::Model => sources::MODEL,
            File::Adam => sources::ADAM,
            File::Python => include_str!("../../../reference/microgpt.py"),
        }
    }
}

/// What a line says, and where.
type Needle = (File, &'static str);

static FOUND: LazyLock<HashMap<Needle, SourceLines>> =
    LazyLock::new(|| needles::all().map(|needle| (needle, find(needle))).collect());

/// The lines that compute a kind of number: Rust first, then Python, each from the outside in. Only lines that run with this
/// activation.
#[must_use]
pub fn of_kind(kind: Kind, activation: Activation) -> Vec<SourceLines> {
    found(needles::of_kind(kind, activation))
}

/// The lines that compute a part; none for the value, which its kind tells.
#[must_use]
pub fn of_part(part: Part) -> Vec<SourceLines> {
    found(needles::of_part(part))
}

/// The lines that do an operation and say its derivative.
#[must_use]
pub fn of_op(op: Op) -> Vec<SourceLines> {
    found(needles::of_op(op))
}

/// The lines that average a document's loss.
#[must_use]
pub fn of_document_loss() -> Vec<SourceLines> {
    found(&needles::DOCUMENT_LOSS)
}

/// The lines that put the parameters down.
#[must_use]
pub fn of_parameters() -> Vec<SourceLines> {
    found(&needles::PARAMETERS)
}

fn found(needles: &[Needle]) -> Vec<SourceLines> {
    needles.iter().filter_map(|needle| FOUND.get(needle).cloned()).collect()
}

/// What is looked for, and how much of it is meant, in bytes.
fn sought(needle: &str) -> (String, usize) {
    (needle.replace('⏎', "\n"), needle.find('⏎').unwrap_or(needle.len()))
}

/// The whole lines in which a needle stands.
fn find((file, needle): Needle) -> SourceLines {
    let text = file.text();
    let (sought, len) = sought(needle);
    let at = text.find(&sought).unwrap_or_default();
    let line = |at: usize| text[..at].bytes().filter(|&byte| byte == b'\n').count();
    let (first, last) = (line(at), line(at + len));
    let lines: Vec<&str> = text.lines().skip(first).take(last - first + 1).collect();
    let indent = lines.iter().map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let code: Vec<&str> = lines.iter().map(|line| without_mark(&line[indent..])).collect();
    let [first_line, last_line] = [first, last].map(|line| line as u32 + 1);
    SourceLines { file: file.path(), first_line, last_line, code: code.join("\n") }
}

/// A line without the concepts that are marked at its end; see `xtask/src/source/marks.rs`. A comment before them stays.
fn without_mark(line: &str) -> &str {
    let code = line.rsplit_once('§').map_or(line, |(code, _)| code.trim_end());
    code.strip_suffix("//").or(code.strip_suffix('#')).unwrap_or(code).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_needle_is_found_exactly_once() {
        for (file, needle) in needles::all() {
            let found = file.text().matches(&sought(needle).0).count();
            assert_eq!(found, 1, "{}: {needle:?} is there {found} times", file.path());
            let lines = &FOUND[&(file, needle)];
            let at = lines.first_line as usize - 1;
            let text: Vec<&str> =
                file.text().lines().skip(at).take(lines.code.lines().count()).map(str::trim).collect();
            let text: Vec<&str> = text.into_iter().map(without_mark).collect();
            assert_eq!(text, lines.code.lines().map(str::trim).collect::<Vec<_>>());
            assert_eq!(lines.last_line as usize, at + text.len());
        }
    }

    #[test]
    fn everything_has_lines_in_both_languages() {
        let both = |what: &str, lines: Vec<SourceLines>| {
            for language in [".rs", ".py"] {
                assert!(lines.iter().any(|lines| lines.file.ends_with(language)), "{what} has no lines in {language}");
            }
        };
        for activation in [Activation::Relu, Activation::Relu2] {
            Kind::ALL.into_iter().for_each(|kind| both(kind.name(), of_kind(kind, activation)));
        }
        Part::ALL.into_iter().filter(|&part| part != Part::Value).for_each(|part| both(part.name(), of_part(part)));
        Op::ALL.into_iter().for_each(|op| both(op.name(), of_op(op)));
        both("the document's loss", of_document_loss());
        both("parameters", of_parameters());
    }

    #[test]
    fn only_lines_that_ran_are_named() {
        let squares = |activation| of_kind(Kind::Act, activation).iter().any(|lines| lines.code.contains("** 2"));
        assert!(squares(Activation::Relu2));
        assert!(!squares(Activation::Relu), "relu squares nothing");
        let relu2 = of_kind(Kind::Act, Activation::Relu2);
        assert!(relu2.iter().all(|lines| !lines.code.contains("Activation::Relu =>")), "{relu2:?}");
    }
}

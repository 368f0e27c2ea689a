//! `cargo xtask tidy`: the rules that no compiler knows.
//!
//! Why as a test: what is written in ARCHITECTURE.md and in the house style stays true only if a machine reads it too.

mod code;
mod graph;
mod rules;
mod words;

use std::fs;

use anyhow::{Context, Result, bail};

use crate::page::files;
use crate::shell::Shell;

/// A file to look at: its path from the root, with forward slashes, and its text.
pub(crate) struct Source {
    path: String,
    text: String,
}

/// Checks everything; an error counts what was found, after it has been told.
pub(crate) fn run(shell: &Shell) -> Result<String> {
    let sources = read(shell)?;
    let mut complaints: Vec<String> = sources.iter().flat_map(rules::check).collect();
    complaints.extend(sentences(shell)?.iter().flat_map(words::check));
    complaints.extend(rules::check_lengths(&sources, &rules::LONG_FILES));
    let architecture = fs::read_to_string(shell.root.join("ARCHITECTURE.md"));
    complaints.extend(graph::check(&architecture.unwrap_or_default(), &graph::from_metadata(&shell.metadata)));
    for complaint in &complaints {
        shell.say(complaint)?;
    }
    match complaints.len() {
        0 => Ok(format!("{} files", sources.len())),
        1 => bail!("tidy found one thing to fix"),
        n => bail!("tidy found {n} things to fix"),
    }
}

/// The files whose sentences people read.
fn sentences(shell: &Shell) -> Result<Vec<Source>> {
    let mut paths = Vec::new();
    for folder in ["web/src/lib/messages", "web/src/content", "docs"] {
        paths.extend(files(&shell.root.join(folder))?);
    }
    paths.extend(["README.md", "CONTRIBUTING.md"].map(|name| shell.root.join(name)));
    let mut sources = Vec::new();
    for file in paths {
        let path = file.strip_prefix(&shell.root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if words::concern(&path) {
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {path}"))?;
            sources.push(Source { path, text });
        }
    }
    Ok(sources)
}

fn read(shell: &Shell) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in ["crates", "xtask", "fuzz/fuzz_targets", "reference", "web/src", "web/tests", "web/e2e"] {
        let folder = shell.root.join(folder);
        if !folder.is_dir() {
            continue;
        }
        for file in files(&folder)? {
            let path = file.strip_prefix(&shell.root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            if rules::concern(&path) {
                let text = fs::read_to_string(&file).with_context(|| format!("cannot read {path}"))?;
                sources.push(Source { path, text });
            }
        }
    }
    Ok(sources)
}

//! Builds the page in web/ and makes sure that the program embeds the page just built.
//!
//! Why that takes care: rust-embed lists the page's files while the crate compiles, so cargo notices a changed file but
//! not a new one, and above all not a page where there was none. When the set of files changes, the embedding sources
//! are touched.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};

use crate::shell::Shell;
use crate::{source, tools, wasm};

/// What npm and the tests write into web/.
const OUTPUTS: [&str; 4] = ["node_modules", "dist", "test-results", "playwright-report"];

/// Installs the page's packages, unless they are those of package-lock.json already.
pub(crate) fn install(shell: &Shell) -> Result<()> {
    tools::node(shell)?;
    let web = shell.root.join("web");
    // npm writes its own record last, so an interrupted installation is repeated.
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    let wanted = modified(&web.join("package-lock.json")).max(modified(&web.join("package.json")));
    if installed > wanted {
        return Ok(());
    }
    // The tests use the machine's Chromium; older Playwrights would fetch one of their own.
    let mut npm = shell.npm(["ci", "--no-audit", "--no-fund"]);
    shell.run(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    // Where npm found nothing to do, it may have left its record as old as it was.
    let record = web.join("node_modules/.package-lock.json");
    touch(&record, SystemTime::now()).context("npm left no record of what it installed")
}

/// Installs and builds all that the page's sources ask for.
pub(crate) fn prepare(shell: &Shell) -> Result<()> {
    install(shell)?;
    source::build(shell)?;
    wasm::build(shell)
}

/// Builds the page.
pub(crate) fn build(shell: &Shell) -> Result<()> {
    prepare(shell)?;
    let dist = shell.root.join("web/dist");
    let before = fs::metadata(dist.join("index.html")).and_then(|metadata| metadata.modified()).ok();
    shell.run(&mut shell.npm(["run", "build"]))?;
    announce(shell, &dist, before)
}

/// Builds the page if one of its sources is newer than the last build.
pub(crate) fn build_if_stale(shell: &Shell) -> Result<()> {
    prepare(shell)?;
    let dist = shell.root.join("web/dist");
    let is_fresh = modified(&stamp(shell)) > newest(&shell.root.join("web"))?;
    if !is_fresh || !dist.join("index.html").is_file() {
        return build(shell);
    }
    let before = modified(&dist.join("index.html"));
    announce(shell, &dist, Some(before))
}

/// Lets cargo know whether the page differs from the one it was told of last. `before`: when that one was written.
fn announce(shell: &Shell, dist: &Path, before: Option<SystemTime>) -> Result<()> {
    let now = fingerprint(dist)?;
    let is_known = fs::read_to_string(stamp(shell)).is_ok_and(|known| known == now);
    match before {
        // The same page again: as old as it was, or cargo would compile it in anew.
        Some(before) if is_known => files(dist)?.iter().try_for_each(|file| touch(file, before))?,
        _ => touch_embedding_sources(shell)?,
    }
    fs::create_dir_all(shell.scratch())?;
    Ok(fs::write(stamp(shell), now)?)
}

fn touch_embedding_sources(shell: &Shell) -> Result<()> {
    let mut n_touched = 0;
    for source in files(&shell.root.join("crates"))? {
        let is_rust = source.extension().is_some_and(|extension| extension == "rs");
        if is_rust && fs::read_to_string(&source)?.contains("rust_embed") {
            touch(&source, SystemTime::now())?;
            n_touched += 1;
        }
    }
    ensure!(
        n_touched > 0,
        "no source under crates/ mentions rust_embed: xtask/src/page.rs must learn who embeds the page"
    );
    Ok(())
}

/// Holds the fingerprint of the page cargo was told of last; written after every build.
fn stamp(shell: &Shell) -> PathBuf {
    shell.scratch().join("page")
}

fn touch(file: &Path, time: SystemTime) -> io::Result<()> {
    File::options().append(true).open(file)?.set_modified(time)
}

/// A short text that differs when a file of the page, or its name, does.
fn fingerprint(dist: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files(dist).with_context(|| format!("`npm run build` left no {}", dist.display()))? {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}\n", hasher.finish()))
}

/// When a file was written; the beginning of time if it is not there.
fn modified(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// When the newest source below `folder` was written. Folders count, except the first: they change when a file goes.
fn newest(folder: &Path) -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if OUTPUTS.iter().any(|output| entry.file_name() == *output) {
            continue;
        }
        newest = newest.max(modified(&entry.path()));
        if entry.file_type()?.is_dir() {
            newest = newest.max(self::newest(&entry.path())?);
        }
    }
    Ok(newest)
}

/// All files below a folder, in a fixed order.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

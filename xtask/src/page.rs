//! Builds the page in web/, and leaves one that came out the same as old as it was.
//!
//! Why that takes care: the program embeds the page, and compiles it in anew whenever a file or folder of it is newer
//! (glassgpt-server's build.rs). That takes minutes, and most builds of the page change nothing in it.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::shell::Shell;
use crate::{source, tools, wasm};

/// What of web/ no page is made of: what npm and the tests write, and the tests.
const NO_SOURCES: [&str; 9] =
    ["node_modules", "dist", "test-results", "playwright-report", "e2e", "e2e-server", "measure", "shots", "tests"];

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
    let before = fingerprint(&dist).ok().zip(newest(&dist).ok());
    shell.run(&mut shell.npm(["run", "build"]))?;
    let now = fingerprint(&dist).with_context(|| format!("`npm run build` left no {}", dist.display()))?;
    if let Some((_, age)) = before.filter(|(before, _)| *before == now) {
        make_as_old_as(&dist, age)?;
    }
    fs::create_dir_all(shell.scratch())?;
    Ok(fs::write(stamp(shell), [])?)
}

/// Builds the page if one of its sources is newer than the last build.
pub(crate) fn build_if_stale(shell: &Shell) -> Result<()> {
    prepare(shell)?;
    let dist = shell.root.join("web/dist");
    let is_fresh = modified(&stamp(shell)) > newest_source(&shell.root.join("web"))?;
    if is_fresh && dist.join("index.html").is_file() {
        return Ok(());
    }
    build(shell)
}

/// Gives a folder and all that is in it the same age.
fn make_as_old_as(folder: &Path, time: SystemTime) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            make_as_old_as(&entry.path(), time)?;
        } else {
            touch(&entry.path(), time)?;
        }
    }
    // Windows opens no folder; there the program takes in the page again.
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.set_modified(time) }
}

/// As old as the last build of the page, which may have left the page as old as it was.
fn stamp(shell: &Shell) -> PathBuf {
    shell.scratch().join("page")
}

fn touch(file: &Path, time: SystemTime) -> io::Result<()> {
    File::options().append(true).open(file)?.set_modified(time)
}

/// A number that differs when a file of the page, or its name, does.
fn fingerprint(dist: &Path) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files(dist)? {
        file.hash(&mut hasher);
        fs::read(&file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// When a file was written; the beginning of time if it is not there.
fn modified(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// When the newest source in `web` was written.
fn newest_source(web: &Path) -> io::Result<SystemTime> {
    let mut time = SystemTime::UNIX_EPOCH;
    for entry in fs::read_dir(web)? {
        let entry = entry?;
        if !NO_SOURCES.iter().any(|name| entry.file_name() == *name) {
            time = time.max(newest(&entry.path())?);
        }
    }
    Ok(time)
}

/// When the newest of a file or folder and all that is in it was written. Folders count: they change when a file goes.
fn newest(path: &Path) -> io::Result<SystemTime> {
    let mut time = modified(path);
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            time = time.max(newest(&entry?.path())?);
        }
    }
    Ok(time)
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

#[cfg(all(test, not(windows)))]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_page_that_came_out_the_same_is_as_old_as_it_was_folders_and_all() -> io::Result<()> {
        let page = std::env::temp_dir().join(format!("glassgpt-page-{}", std::process::id()));
        let write = |text: &str| {
            let _gone = fs::remove_dir_all(&page);
            fs::create_dir_all(page.join("assets"))?;
            fs::write(page.join("index.html"), "page")?;
            fs::write(page.join("assets/page.js"), text)
        };
        write("1")?;
        let (before, long_ago) = (fingerprint(&page)?, SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000));
        write("1")?;
        assert_eq!(fingerprint(&page)?, before);
        make_as_old_as(&page, long_ago)?;
        assert_eq!(newest(&page)?, long_ago);
        write("2")?;
        assert_ne!(fingerprint(&page)?, before);
        fs::remove_dir_all(&page)
    }
}

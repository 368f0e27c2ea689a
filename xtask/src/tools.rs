//! The programs we need that Rust does not bring: each is found, fetched where that is safe, or asked for in one line.
//!
//! Why fetch at all: on a machine with only Rust and Node, the two commands should simply work.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::shell::Shell;

const CARGO_DENY: &str = "0.20.2";
/// The target for browsers.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Node and npm are there, and new enough.
pub(crate) fn node(shell: &Shell) -> Result<()> {
    let get = "get Node 20.19, 22.12 or newer, with npm, from https://nodejs.org/en/download and run this again";
    let Some(version) = shell.answer("node", &["--version"]) else {
        bail!("Node is missing, which builds the page: {get}")
    };
    if !builds_page(&version) {
        bail!("Node {version} is too old for the page: {get}");
    }
    if !shell.npm(["--version"]).output().is_ok_and(|output| output.status.success()) {
        bail!("npm is missing beside Node {version}: {get}");
    }
    Ok(())
}

/// Whether a Node of this version satisfies `engines` in web/package.json, or is newer than anything it knows.
fn builds_page(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    match (parts.next(), parts.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        (None, _) => false,
    }
}

/// The name of a Python 3.
pub(crate) fn python(shell: &Shell) -> Result<&'static str> {
    let is_python3 =
        |name: &&str| shell.answer(name, &["-c", "import sys; print(sys.version_info[0])"]).as_deref() == Some("3");
    ["python3", "python"].into_iter().find(is_python3).context(
        "Python 3 is missing, which computes the golden vectors: get it from https://www.python.org/downloads \
         (Debian: apt-get install -y python3) and run this again",
    )
}

/// The WebAssembly target is installed; rustup adds it if need be.
pub(crate) fn wasm_target(shell: &Shell) -> Result<()> {
    let installed = || {
        let libdir = shell.answer("rustc", &["--print", "target-libdir", "--target", WASM]);
        libdir.is_some_and(|libdir| Path::new(&libdir).is_dir())
    };
    if installed() {
        return Ok(());
    }
    let added = shell.run(shell.command("rustup").args(["target", "add", WASM]));
    added.with_context(|| format!("the {WASM} target is missing: add it (rustup target add {WASM}) and run this again"))
}

/// cargo-deny is installed; cargo builds it if need be.
pub(crate) fn cargo_deny(shell: &Shell) -> Result<()> {
    if shell.cargo(["deny", "--version"]).output().is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    // Unoptimised it compiles in a third of the time, and still judges in seconds.
    let installed =
        shell.run(&mut shell.cargo(["install", "cargo-deny", "--debug", "--locked", "--version", CARGO_DENY]));
    installed.context("cargo-deny is missing: install it (cargo install cargo-deny --locked) and run this again")
}

/// make is there, if this system's program has jemalloc inside; apt installs it if need be (Debian, as root).
pub(crate) fn make(shell: &Shell) -> Result<()> {
    if !cfg!(all(target_os = "linux", target_env = "gnu")) || shell.answer("make", &["--version"]).is_some() {
        return Ok(());
    }
    let missing = "make is missing, which builds jemalloc: install it (Debian, as root: apt-get install -y make) and run this again";
    apt_install(shell, "make", missing)
}

/// A Chromium or Chrome: `$CHROMIUM`, else one in a usual place, else (Debian, as root) the one apt installs.
pub(crate) fn chromium(shell: &Shell) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(named)
        } else {
            bail!("CHROMIUM names {}, which is no file: unset it or name a Chromium", named.display())
        };
    }
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    let missing = "Chromium is missing, which tests the page: install it (Debian, as root: apt-get install -y chromium) \
                   or set CHROMIUM to the path of a Chromium or Chrome, and run this again";
    apt_install(shell, "chromium", missing)?;
    find_chromium().context(missing)
}

/// Has apt install a package, on Debian and as root; elsewhere `missing` says what to do.
fn apt_install(shell: &Shell, package: &str, missing: &'static str) -> Result<()> {
    let is_root = shell.answer("id", &["-u"]).as_deref() == Some("0");
    if !is_root || !Path::new("/etc/debian_version").exists() {
        bail!(missing);
    }
    let apt = |args: &[&str]| {
        shell.run(shell.command("apt-get").args(args).env("DEBIAN_FRONTEND", "noninteractive")).context(missing)
    };
    apt(&["update"])?;
    apt(&["install", "-y", package])
}

fn find_chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    const APPS: [&str; 3] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    on_path.chain(APPS.map(PathBuf::from)).find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_nodes_are_refused() {
        for good in ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v24.1.0"] {
            assert!(builds_page(good), "{good}");
        }
        for bad in ["v18.20.4", "v20.18.1", "v21.7.0", "v22.11.0", "", "what"] {
            assert!(!builds_page(bad), "{bad}");
        }
    }
}

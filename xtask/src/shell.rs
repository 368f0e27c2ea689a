//! Where commands run and where their output goes: to the terminal, or to the log of the stage that runs them.
//!
//! Why logs: a stage that passes deserves one line, and one that fails deserves all of its output.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The repository, and what commands print to.
pub(crate) struct Shell {
    /// The repository's root, where commands run.
    pub(crate) root: PathBuf,
    /// What `cargo metadata` says of the workspace.
    pub(crate) metadata: serde_json::Value,
    log: Option<PathBuf>,
}

impl Shell {
    /// A shell that prints to the terminal.
    pub(crate) fn new() -> Result<Self> {
        // Cargo sets it for `cargo xtask`; the compiled-in value serves a binary started by hand.
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&xtask).parent().context("xtask/ lies inside the repository")?.to_path_buf();
        let mut shell = Self { root, metadata: serde_json::Value::Null, log: None };
        let metadata =
            shell.cargo(["metadata", "--format-version", "1", "--no-deps"]).stderr(Stdio::inherit()).output();
        let metadata = metadata.context("cannot start cargo")?.stdout;
        shell.metadata = serde_json::from_slice(&metadata).context("`cargo metadata` failed")?;
        Ok(shell)
    }

    /// The same shell, printing to a new file.
    pub(crate) fn logging_to(&self, log: PathBuf) -> Result<Self> {
        fs::create_dir_all(self.scratch())?;
        File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        Ok(Self { root: self.root.clone(), metadata: self.metadata.clone(), log: Some(log) })
    }

    /// Cargo's target directory.
    pub(crate) fn target(&self) -> PathBuf {
        self.metadata["target_directory"].as_str().map_or_else(|| self.root.join("target"), PathBuf::from)
    }

    /// Where xtask keeps its own files.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target().join("xtask")
    }

    /// The program as `cargo build` makes it, which is the one that the tests run, too.
    pub(crate) fn glassgpt(&self) -> PathBuf {
        self.target().join("debug").join(format!("glassgpt{}", std::env::consts::EXE_SUFFIX))
    }

    /// The program as `cargo build --release` makes it.
    pub(crate) fn released(&self) -> PathBuf {
        self.target().join("release").join(format!("glassgpt{}", std::env::consts::EXE_SUFFIX))
    }

    /// An example, as `cargo build` makes it.
    pub(crate) fn example(&self, name: &str) -> PathBuf {
        self.target().join("debug/examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A command in the repository's root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// A cargo command, by the cargo that runs us.
    ///
    /// Why not with all of the environment: cargo tells us there which package we are. Some build scripts read that, and
    /// what they build would be built again, here after a cargo by hand and there after us.
    pub(crate) fn cargo<const N: usize>(&self, args: [&str; N]) -> Command {
        let mut command = self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(args);
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
                command.env_remove(name);
            }
        }
        command
    }

    /// An npm command in web/.
    pub(crate) fn npm<const N: usize>(&self, args: [&str; N]) -> Command {
        // On Windows npm is a batch file, which is found only by its full name.
        let mut command = self.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.current_dir(self.root.join("web")).args(args);
        command
    }

    /// Runs a command to its end; an error if it fails.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let line = shown(command);
        self.say(&format!("$ {line}"))?;
        if self.log.is_some() {
            // Some tools colour even what goes to a file.
            command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(self.log_file()?).stderr(self.log_file()?);
        }
        let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
        if !status.success() {
            bail!("`{line}` failed ({status})");
        }
        Ok(())
    }

    /// What a short command prints, or None if it cannot be started or fails.
    pub(crate) fn answer(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Option<String> {
        let output = self.command(program).args(args).stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
    }

    /// Adds a line to the log, or tells it on the terminal.
    pub(crate) fn say(&self, line: &str) -> Result<()> {
        match &self.log {
            Some(_) => writeln!(self.log_file()?, "{line}")?,
            None => eprintln!("{line}"),
        }
        Ok(())
    }

    /// What has been logged so far.
    pub(crate) fn logged(&self) -> String {
        let bytes = self.log.as_ref().and_then(|log| fs::read(log).ok()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    fn log_file(&self) -> Result<File> {
        let log = self.log.as_ref().context("this shell has no log")?;
        OpenOptions::new().append(true).open(log).with_context(|| format!("cannot write {}", log.display()))
    }
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    // What is taken out of the environment only we have in ours.
    for (name, value) in command.get_envs().filter_map(|(name, value)| Some((name, value?))) {
        words.push(format!("{}={}", name.to_string_lossy(), quoted(value)));
    }
    let program = Path::new(command.get_program());
    // The full path of cargo says nothing; that of our own program tells which build it is.
    let is_cargo = program.file_stem() == Some(OsStr::new("cargo"));
    words.push(if is_cargo { "cargo".into() } else { quoted(program.as_os_str()) });
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.contains(' ') || word.is_empty() { format!("'{word}'") } else { word.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["doc", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").env_remove("CARGO_PKG_NAME");
        assert_eq!(shown(&command), "RUSTDOCFLAGS='-D warnings' cargo doc --no-deps");
    }
}

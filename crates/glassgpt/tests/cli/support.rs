//! Runs the real program, away from the user's own data and terminal.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program with these arguments, a data directory of its own, and no colours.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glassgpt"));
    command.args(args).env("NO_COLOR", "1").env("COLUMNS", "80").env("XDG_DATA_HOME", "/nonexistent/glassgpt-test");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// How a run ended.
pub(crate) struct Run {
    /// The exit code.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it said.
    pub(crate) stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("it ended by itself"),
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Run {
    /// Every line of standard output, as JSON.
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON value a line")).collect()
    }
}

/// Runs it to its end.
pub(crate) fn run(args: &[&str]) -> Run {
    command(args).output().expect("it starts").into()
}

/// Runs it and expects success.
pub(crate) fn good(args: &[&str]) -> Run {
    let run = run(args);
    assert_eq!(run.code, 0, "{args:?}: {}", run.stderr);
    run
}

/// Runs it, expects this exit code and nothing on standard output, and returns what it said.
pub(crate) fn bad(code: i32, args: &[&str]) -> String {
    let run = run(args);
    assert_eq!((run.code, run.stdout.as_str()), (code, ""), "{args:?}: {}", run.stderr);
    run.stderr
}

/// A directory that is removed at the end.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty one.
    pub(crate) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("glassgpt-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary directory can be written to");
        Self(folder)
    }

    /// The path of a file in it.
    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_string()
    }

    /// It.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The names of the files in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("it exists");
        entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// The original names, where `../shared` is present.
pub(crate) fn original_names() -> Option<&'static str> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/names.txt");
    Path::new(path).exists().then_some(path)
}

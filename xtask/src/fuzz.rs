//! `cargo xtask fuzz`: inputs by chance for every target, until one breaks a promise or the time is over.
//!
//! Why no stage of `cargo xtask test`: it takes a nightly compiler and minutes, and chance may break a change that is not at
//! fault. What it found once stays among the seeds, which the tests repeat.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::shell::Shell;

/// As much memory as a target may take, in MiB. They take a third of it.
const MEMORY: u32 = 2048;
/// As long as a single input may take, in seconds.
const PATIENCE: u32 = 20;

/// Runs one target, or all of them, for so many seconds each.
pub(crate) fn run(shell: &Shell, only: Option<&str>, seconds: u32) -> Result<()> {
    let targets = chosen(names(shell)?, only)?;
    find_tools(shell)?;
    for target in targets {
        // New inputs go to the first folder; the second is read.
        let [found, seeds] = ["corpus", "seeds"].map(|folder| format!("fuzz/{folder}/{target}"));
        fs::create_dir_all(shell.root.join(&found)).with_context(|| format!("cannot make {found}"))?;
        let mut command = shell.command("rustup");
        command.args(["run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", "fuzz", &target, &found, &seeds, "--"]);
        command.arg(format!("-dict=fuzz/words/{target}.txt")).arg(format!("-max_total_time={seconds}"));
        command.arg(format!("-rss_limit_mb={MEMORY}")).arg(format!("-timeout={PATIENCE}"));
        shell.run(command.arg("-print_final_stats=1")).with_context(|| {
            format!("{target} broke a promise: make the input in fuzz/artifacts/{target} a test, and then mend it")
        })?;
        println!("{target}: no promise broken in {seconds} s");
    }
    Ok(())
}

/// The targets there are.
fn names(shell: &Shell) -> Result<Vec<String>> {
    let programs = fs::read_dir(shell.root.join("fuzz/fuzz_targets")).context("cannot read fuzz/fuzz_targets")?;
    let mut names = Vec::new();
    for program in programs {
        let file = program?.file_name().to_string_lossy().into_owned();
        names.extend(file.strip_suffix(".rs").map(String::from));
    }
    names.sort_unstable();
    Ok(names)
}

fn chosen(names: Vec<String>, only: Option<&str>) -> Result<Vec<String>> {
    match only {
        None => Ok(names),
        Some(only) if names.iter().any(|name| name == only) => Ok(vec![only.to_string()]),
        Some(only) => bail!("there is no target {only}; the targets are {}", names.join(", ")),
    }
}

/// What fuzzing takes is there. Nothing is installed unasked: a second compiler is large.
fn find_tools(shell: &Shell) -> Result<()> {
    let nightly = |args: &[&str]| shell.answer("rustup", &[&["run", "nightly"], args].concat());
    if nightly(&["rustc", "--version"]).is_none() {
        bail!(
            "a nightly Rust is missing, which fuzzing takes: get it with `rustup toolchain install nightly --profile minimal` \
             and run this again"
        );
    }
    if nightly(&["cargo", "fuzz", "--version"]).is_none() {
        bail!("cargo-fuzz is missing: get it with `cargo install cargo-fuzz --locked` and run this again");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both() -> Vec<String> {
        vec!["address".into(), "model".into()]
    }

    #[test]
    fn one_target_can_be_chosen_and_a_wrong_one_is_named() {
        assert_eq!(chosen(both(), None).expect("all"), both());
        assert_eq!(chosen(both(), Some("model")).expect("one of them"), ["model"]);
        let error = chosen(both(), Some("modle")).expect_err("none of them").to_string();
        assert_eq!(error, "there is no target modle; the targets are address, model");
    }
}

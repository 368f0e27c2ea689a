//! The stages of `cargo xtask test`, cheapest first.
//!
//! Why one table: the flags, the list, the run and the count at the end all read it.

use anyhow::Result;

use crate::shell::Shell;
use crate::{api, browser, lab, page, site, soak, tidy, tools, wasm};

/// One thing that is checked.
pub(crate) struct Stage {
    /// What it goes by.
    pub(crate) name: &'static str,
    /// What it does, in one line.
    pub(crate) about: &'static str,
    /// Does it, and says something short about it.
    pub(crate) run: fn(&Shell) -> Result<String>,
}

/// All stages in order. Each sets up what it needs, so that each can be run alone.
pub(crate) const STAGES: [Stage; 19] = [
    Stage {
        name: "fmt",
        about: "cargo fmt --all --check",
        run: |shell| quiet(shell.run(&mut shell.cargo(["fmt", "--all", "--", "--check", "--color", "never"]))),
    },
    Stage { name: "tidy", about: "module docs, crate graph, unsafe, leftovers, file lengths", run: tidy::run },
    Stage { name: "npm", about: "npm ci in web/", run: |shell| quiet(page::install(shell)) },
    Stage {
        name: "svelte-check",
        about: "npm run check",
        run: |shell| quiet(page::prepare(shell).and_then(|()| shell.run(&mut shell.npm(["run", "check"])))),
    },
    Stage {
        name: "vitest",
        about: "npm test",
        run: |shell| quiet(page::prepare(shell).and_then(|()| shell.run(&mut shell.npm(["test"])))),
    },
    Stage { name: "page", about: "npm run build", run: |shell| quiet(page::build(shell)) },
    Stage {
        name: "clippy",
        about: "cargo clippy, all targets, warnings denied",
        run: |shell| {
            let mut clippy = shell.cargo(["clippy", "--workspace", "--all-targets"]);
            quiet(shell.run(clippy.args(lab::FEATURES).args(["--", "-D", "warnings"])))
        },
    },
    Stage {
        name: "tests",
        about: "cargo test: unit and integration tests, generated TypeScript types current",
        run: |shell| {
            let mut test = shell.cargo(["test", "--workspace", "--lib", "--bins", "--tests", "--examples"]);
            shell.run(test.args(lab::FEATURES).env("GLASSGPT_EXAMPLES", "all"))?;
            Ok(format!("{} tests", count_tests(&shell.logged())))
        },
    },
    Stage {
        name: "doctests",
        about: "cargo test --doc: the examples in the documentation",
        run: |shell| {
            shell.run(shell.cargo(["test", "--workspace", "--doc"]).args(lab::FEATURES))?;
            Ok(format!("{} tests", count_tests(&shell.logged())))
        },
    },
    Stage {
        name: "docs",
        about: "cargo doc, warnings denied",
        run: |shell| {
            let mut doc = shell.cargo(["doc", "--workspace", "--no-deps"]);
            quiet(shell.run(doc.args(lab::FEATURES).env("RUSTDOCFLAGS", "-D warnings")))
        },
    },
    Stage { name: "wasm", about: "cargo xtask wasm: the lab for the browser", run: wasm::check },
    Stage {
        name: "verify",
        about: "glassgpt verify: both engines reach the stored bits",
        run: |shell| {
            lab::program(shell)?;
            quiet(shell.run(shell.command(shell.glassgpt()).arg("verify")))
        },
    },
    Stage {
        name: "reference",
        about: "reference/vectors.py --quick: the stored bits are CPython's",
        run: |shell| {
            let python = tools::python(shell)?;
            quiet(shell.run(shell.command(python).args(["reference/vectors.py", "--quick"])))
        },
    },
    Stage { name: "api", about: "schemathesis: the interface is as /api/openapi.json says", run: api::run },
    Stage {
        name: "soak",
        about: "a short cargo xtask soak: many clients, kills and abuse; nothing lost, nothing stuck",
        run: soak::quick,
    },
    Stage { name: "site", about: "the static site builds and no part of it is too heavy", run: site::weigh },
    Stage {
        name: "browser",
        about: "npm run e2e: the real page, handed out by glassgpt lab",
        run: browser::with_program,
    },
    Stage {
        name: "browser-files",
        about: "npm run smoke: what differs on the static site, on a plain file host",
        run: browser::with_files,
    },
    Stage {
        name: "deny",
        about: "cargo deny: licences, banned crates, sources",
        run: |shell| {
            tools::cargo_deny(shell)?;
            let args = ["deny", "--all-features", "check", "bans", "licenses", "sources"];
            quiet(shell.run(&mut shell.cargo(args)))
        },
    },
];

/// The stages' names.
pub(crate) fn names() -> [&'static str; STAGES.len()] {
    STAGES.map(|stage| stage.name)
}

/// Prints the stages.
pub(crate) fn list() {
    for stage in &STAGES {
        println!("{:<13} {}", stage.name, stage.about);
    }
}

fn quiet(result: Result<()>) -> Result<String> {
    result.map(|()| String::new())
}

/// How many tests passed, by the summaries in what `cargo test` printed.
fn count_tests(log: &str) -> u32 {
    let summaries = log.lines().filter(|line| line.starts_with("test result:"));
    summaries.filter_map(|line| line.split_once(" passed")?.0.rsplit(' ').next()?.parse::<u32>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_counted_over_all_crates() {
        let log = "running 3 tests\ntest result: ok. 3 passed; 0 failed; 0 ignored\n\
                   test result: \u{1b}[32mok\u{1b}[m. 14 passed; 0 failed\ntest says: 9 passed";
        assert_eq!(count_tests(log), 17);
    }

    #[test]
    fn every_name_is_used_once() {
        let mut names = names().to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STAGES.len());
    }
}

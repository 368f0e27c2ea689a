//! Which stages a change can have broken: `cargo xtask test --changed`.
//!
//! Why by path and not by what is compiled: the page embeds sources, and tests read files that no compiler knows of. What is not
//! listed here can break anything, so it asks for all stages.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use crate::shell::Shell;

/// Where files lie, and the stages that look at them. The first that fits counts.
const RULES: &[(&str, &[&str])] = &[
    ("web/e2e-server/", &["svelte-check", "browser"]),
    ("web/e2e/", &["svelte-check", "browser", "browser-files"]),
    ("web/measure/", &["svelte-check"]),
    ("web/shots/", &["svelte-check"]),
    ("web/tests/", &["svelte-check", "vitest"]),
    ("web/src/content/api/", &["svelte-check", "vitest", "page", "tests", "browser"]),
    ("web/", &["tidy", "npm", "svelte-check", "vitest", "page", "tests", "site", "browser", "browser-files"]),
    ("benches/", &[]),
    ("docs/", &["tidy", "tests"]),
    ("crates/glassgpt/", &["fmt", "tidy", "clippy", "tests", "doctests", "docs", "verify"]),
    ("crates/glassgpt-fuzz/", &["fmt", "tidy", "clippy", "tests"]),
    ("crates/glassgpt-proof/", &["fmt", "tidy", "clippy", "tests", "wasm", "vitest", "browser"]),
    ("crates/glassgpt-server/examples/", &["fmt", "tidy", "clippy", "soak"]),
    ("crates/glassgpt-server/tests/", &["fmt", "tidy", "clippy", "tests"]),
    ("crates/glassgpt-server/", &["fmt", "tidy", "clippy", "tests", "doctests", "docs", "api", "soak", "browser"]),
    ("crates/glassgpt-wasm/", &["fmt", "tidy", "clippy", "tests", "docs", "wasm", "vitest", "site", "browser-files"]),
    ("reference/", &["tests", "reference", "vitest", "page", "browser"]),
    ("xtask/", &["fmt", "tidy", "clippy", "tests"]),
    ("README.md", &["tidy"]),
    ("CHANGELOG.md", &["tidy"]),
    ("CONTRIBUTING.md", &["tidy"]),
    ("ARCHITECTURE.md", &["tidy"]),
];

/// The stages for what differs from `base`, untracked files included; None if any stage may be concerned.
pub(crate) fn stages(shell: &Shell, base: &str) -> Result<Option<BTreeSet<&'static str>>> {
    let git = |args: &[&str]| shell.answer("git", args);
    let missing = || format!("git knows no commit {base}: name one with --base");
    let changed = git(&["diff", "--name-only", "--no-renames", base, "--"]).with_context(missing)?;
    let new = git(&["ls-files", "--others", "--exclude-standard"]).unwrap_or_default();
    Ok(concerned(changed.lines().chain(new.lines())))
}

fn concerned<'a>(files: impl Iterator<Item = &'a str>) -> Option<BTreeSet<&'static str>> {
    let mut stages = BTreeSet::new();
    for file in files {
        let (_, of) = RULES.iter().find(|(path, _)| file.starts_with(path))?;
        stages.extend(of.iter().copied());
    }
    Some(stages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stages::names;

    #[test]
    fn every_stage_named_is_one() {
        let known = names();
        for (path, stages) in RULES {
            assert!(stages.iter().all(|stage| known.contains(stage)), "{path}: {stages:?}");
        }
    }

    #[test]
    fn a_file_concerns_the_stages_of_the_first_rule_that_fits() {
        let of = |file: &str| concerned([file].into_iter()).map(|stages| stages.into_iter().collect::<Vec<_>>());
        assert_eq!(of("web/tests/kit/rows.test.ts"), Some(vec!["svelte-check", "vitest"]));
        assert_eq!(of("benches/record/README.md"), Some(vec![]));
        assert_eq!(of("crates/glassgpt-core/src/model.rs"), None, "the engine concerns everything");
        assert_eq!(of("Cargo.lock"), None);
    }
}

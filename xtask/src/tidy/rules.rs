//! The rules for single files: how they open, what may not be left in them, how long they may be.
//!
//! Why each rule is a function of a path and a text: its tests show it failing without a file on disk.

use super::Source;
use super::code::code_only;

/// Files past this length ask which concept they lack.
const MAX_LINES: usize = 600;

/// Files that may be longer, each with its reason.
pub(crate) const LONG_FILES: [(&str, &str); 1] =
    [("web/src/lib/protocol/types.ts", "generated: as long as the protocol has types")];

/// The only place for unsafe code.
const UNSAFE_ROOM: &str = "crates/glassgpt-fused/src/arch/";

/// Words that may not be committed, and where they are looked for.
const RUST_LEFTOVERS: [&str; 4] = ["todo!", "unimplemented!", "dbg!", "#[ignore"];
const WEB_LEFTOVERS: [&str; 5] = [".only(", "test.skip", "it.skip", "describe.skip", "test.fixme"];

/// Whether a file is looked at.
pub(crate) fn concern(path: &str) -> bool {
    ["rs", "ts", "svelte", "css", "py"].iter().any(|ext| has_ext(path, ext)) && !path.contains("/target/")
}

/// All complaints about one file, as `path:line: what`.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    if has_ext(&source.path, "rs") {
        complaints.extend(check_module_docs(source));
        complaints.extend(check_rust_code(source));
    } else if has_ext(&source.path, "ts") || has_ext(&source.path, "svelte") {
        complaints.extend(check_opening_comment(source));
        complaints.extend(check_web_code(source));
    }
    complaints
}

/// Files over the limit that are not listed, and listed ones that need not be.
pub(crate) fn check_lengths(sources: &[Source], listed: &[(&str, &str)]) -> Vec<String> {
    let is_long = |source: &&Source| source.text.lines().count() > MAX_LINES;
    let is_listed = |source: &&Source| listed.iter().any(|(path, _)| *path == source.path);
    let too_long = sources.iter().filter(is_long).filter(|source| !is_listed(source)).map(|source| {
        let n = source.text.lines().count();
        format!(
            "{}: {n} lines; find the concept it lacks, or list it in xtask/src/tidy/rules.rs with a reason",
            source.path
        )
    });
    let stale = listed.iter().filter(|(path, _)| !sources.iter().filter(is_long).any(|source| source.path == *path));
    too_long
        .chain(stale.map(|(path, _)| format!("{path}: listed as long in xtask/src/tidy/rules.rs, and is not")))
        .collect()
}

/// A Rust file opens with `//!` and a sentence.
fn check_module_docs(source: &Source) -> Option<String> {
    let docs = source.text.lines().map_while(|line| line.strip_prefix("//!")).collect::<Vec<_>>().join("\n");
    let is_sentence = docs.split_whitespace().count() >= 3 && docs.contains(['.', '?', '!', ':']);
    (!is_sentence).then(|| format!("{}:1: must open with `//!` and a sentence: what it is, and why", source.path))
}

/// A TypeScript or Svelte file opens with a comment; a Svelte file may have it inside its first script tag.
fn check_opening_comment(source: &Source) -> Option<String> {
    let mut lines = source.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let opening = if first.starts_with("<script") { lines.next().unwrap_or_default() } else { first };
    let is_comment = ["//", "/*", "<!--"].iter().any(|start| opening.starts_with(start));
    (!is_comment).then(|| format!("{}:1: must open with a comment: what it is, and why", source.path))
}

/// Rust code is finished, and unsafe only in its room.
fn check_rust_code(source: &Source) -> Vec<String> {
    let code = code_only(&source.text);
    let mut complaints = Vec::new();
    for leftover in RUST_LEFTOVERS {
        complaints
            .extend(lines_with(&code, leftover).map(|n| format!("{}:{n}: `{leftover}` is left over", source.path)));
    }
    if !source.path.starts_with(UNSAFE_ROOM) {
        let found = lines_with(&code, "unsafe");
        complaints.extend(found.map(|n| format!("{}:{n}: unsafe code may stand only in {UNSAFE_ROOM}", source.path)));
    }
    complaints
}

/// The page's code is finished, and computes nothing at random.
fn check_web_code(source: &Source) -> Vec<String> {
    let is_comment = |line: &str| ["//", "*", "/*", "<!--"].iter().any(|start| line.trim_start().starts_with(start));
    let lines = source.text.lines().map(|line| if is_comment(line) { "" } else { line });
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut complaints = Vec::new();
    for leftover in WEB_LEFTOVERS {
        complaints
            .extend(lines_with(&code, leftover).map(|n| format!("{}:{n}: `{leftover}` is left over", source.path)));
    }
    if source.path.starts_with("web/src/") {
        let found = lines_with(&code, "Math.random");
        complaints
            .extend(found.map(|n| format!("{}:{n}: chance comes from the engine, not from Math.random", source.path)));
    }
    complaints
}

/// Numbers of the lines that contain a word, where it is a word of its own.
fn lines_with<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let is_here = move |line: &str| {
        line.match_indices(word).any(|(at, _)| {
            let joined_before = word.starts_with(is_part) && line[..at].ends_with(is_part);
            let joined_after = word.ends_with(is_part) && line[at + word.len()..].starts_with(is_part);
            !joined_before && !joined_after
        })
    };
    code.lines().enumerate().filter(move |(_, line)| is_here(line)).map(|(i, _)| i + 1)
}

fn has_ext(path: &str, ext: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == ext)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    /// The complaints about a file, one a line.
    fn complaints(path: &str, text: &str) -> String {
        check(&source(path, text)).join("\n")
    }

    /// The complaints about Rust code in a file that is well otherwise.
    fn in_rust(path: &str, code: &str) -> String {
        complaints(path, &format!("//! A file that is well documented.\n{code}\n"))
    }

    #[test]
    fn a_rust_file_opens_with_a_sentence() {
        assert_eq!(complaints("crates/a/src/lib.rs", "//! What it is, and\n//! why.\n\nfn f() {}\n"), "");
        for bad in [
            "",
            "fn f() {}",
            "\n//! Too late it is.",
            "//!",
            "//! Stub.",
            "// Not of the module, this.",
            "//! no end to it",
        ] {
            assert!(complaints("crates/a/src/lib.rs", bad).contains("lib.rs:1: must open with `//!`"), "{bad:?}");
        }
    }

    #[test]
    fn a_web_file_opens_with_a_comment() {
        for good in
            ["// What it is.\n", "/** What it is. */\n", "<!-- What it is. -->\n", "<script lang=\"ts\">\n  // What.\n"]
        {
            assert_eq!(complaints("web/src/A.svelte", good), "", "{good:?}");
        }
        for bad in ["", "import a from 'a'\n// Late.", "<script lang=\"ts\">\n  let a = 1\n", "<p>a</p>"] {
            assert!(complaints("web/src/A.svelte", bad).contains(":1: must open with a comment"), "{bad:?}");
            assert!(complaints("web/e2e/a.ts", bad).contains(":1: must open with a comment"), "{bad:?}");
        }
    }

    #[test]
    fn leftovers_in_rust_are_found() {
        for bad in
            ["todo!()", "unimplemented!(\"x\")", "dbg!(x);", "    #[ignore]", "#[ignore = \"slow\"]", "std::dbg!(1)"]
        {
            assert!(in_rust("crates/a/src/a.rs", bad).contains("a.rs:2: `"), "{bad:?}");
        }
        for good in ["// todo!()", "let a = \"dbg!\";", "my_todo!()", "/// `unimplemented!` is not used"] {
            assert_eq!(in_rust("crates/a/src/a.rs", good), "", "{good:?}");
        }
    }

    #[test]
    fn unsafe_has_one_room() {
        for bad in ["unsafe { f() }", "unsafe fn f() {}", "pub unsafe trait T {}", "#[unsafe(no_mangle)]"] {
            assert!(in_rust("crates/glassgpt-core/src/a.rs", bad).contains("a.rs:2: unsafe code"), "{bad:?}");
            assert!(in_rust("crates/glassgpt-fused/src/arch.rs", bad).contains("unsafe code"), "{bad:?}");
            assert_eq!(in_rust("crates/glassgpt-fused/src/arch/avx2.rs", bad), "");
        }
        assert_eq!(in_rust("crates/glassgpt-core/src/a.rs", "#![forbid(unsafe_code)] // no unsafe here"), "");
    }

    #[test]
    fn leftovers_in_the_page_are_found() {
        let in_web = |path: &str, code: &str| complaints(path, &format!("// What it is.\n{code}\n"));
        for bad in ["test.only('x', f)", "describe.only('x', f)", "test.skip('x', f)", "it.skip('x', f)"] {
            assert!(in_web("web/src/a.test.ts", bad).contains("a.test.ts:2: `"), "{bad:?}");
            assert!(in_web("web/e2e/a.ts", bad).contains("a.ts:2: `"), "{bad:?}");
        }
        assert!(in_web("web/src/a.ts", "const x = Math.random()").contains("a.ts:2: chance comes from the engine"));
        assert_eq!(in_web("web/e2e/a.ts", "const port = Math.random()"), "");
        assert_eq!(in_web("web/src/a.ts", "// no Math.random here\nconst x = test.skipped"), "");
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        let file = |n_lines: usize| [source("crates/a/src/a.rs", &"x\n".repeat(n_lines))];
        let listed = [("crates/a/src/a.rs", "one table")];
        assert!(check_lengths(&file(MAX_LINES), &[]).is_empty());
        assert!(check_lengths(&file(MAX_LINES + 1), &[])[0].contains("a.rs: 601 lines"));
        assert!(check_lengths(&file(MAX_LINES + 1), &listed).is_empty());
        assert!(check_lengths(&file(MAX_LINES), &listed)[0].contains("listed as long"));
        assert!(check_lengths(&[], &listed)[0].contains("listed as long"));
    }

    #[test]
    fn only_sources_concern_us() {
        assert!(concern("crates/a/src/a.rs") && concern("web/src/A.svelte") && concern("reference/microgpt.py"));
        assert!(!concern("crates/a/golden/random.txt") && !concern("crates/a/fuzz/target/x.rs"));
    }
}

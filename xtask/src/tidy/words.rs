//! Words that do not come back: private metaphors, British spellings and turns of phrase that make a reader stop.
//!
//! Why a rule: a list in a style guide is read once. Looked at are the sentences that people see: messages, content and documents, without
//! their code. Names in the code are another matter.

use super::Source;

/// A word, in lower case, and what to say instead. A word that ends in `*` may go on.
const WORDS: [(&str, &str); 29] = [
    ("whoever", "anyone who"),
    ("had again", "get back"),
    ("have again", "get back"),
    ("how-manieth", "which"),
    ("by lot", "at random"),
    ("makes of", "turns … into"),
    ("so many", "a number"),
    ("mend", "correct, fix"),
    ("mended", "corrected, fixed"),
    ("mends", "corrects, fixes"),
    ("silenced", "off"),
    ("memoris*", "memoriz…"),
    ("optimis*", "optimiz…"),
    ("initialis*", "initializ…"),
    ("normalis*", "normaliz…"),
    ("tokenis*", "tokeniz…"),
    ("behaviour*", "behavior"),
    ("colour*", "color"),
    ("learnt", "learned"),
    ("grey", "gray"),
    ("favour*", "favor"),
    ("four thousand million", "four billion"),
    ("tell", "show, report, say"),
    ("tells", "shows, reports, says"),
    ("told", "shown, reported, said"),
    ("alike", "similar, the same"),
    ("dice", "random generator"),
    ("ink", "color"),
    ("notebook", "stream, cache"),
];

/// Whether a file holds sentences for people.
pub(crate) fn concern(path: &str) -> bool {
    path.starts_with("web/src/lib/messages/")
        || (path.ends_with(".md") && (path.starts_with("web/src/content/") || path.starts_with("docs/")))
        || ["README.md", "CONTRIBUTING.md"].contains(&path)
}

/// All complaints about one file, as `path:line: what`.
pub(crate) fn check(source: &Source) -> Vec<String> {
    let is_markdown = source.path.ends_with(".md");
    let mut complaints = Vec::new();
    let mut in_code = false;
    for (n, line) in (1..).zip(source.text.lines()) {
        if is_markdown && line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let line = if is_markdown { without_code(line) } else { line.to_string() }.to_lowercase();
        for (word, better) in WORDS {
            if stands_in(&line, word) {
                complaints.push(format!("{}:{n}: \"{word}\" does not come back: {better}", source.path));
            }
        }
    }
    complaints
}

/// A line of Markdown without what stands between backquotes.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}

fn stands_in(line: &str, word: &str) -> bool {
    let (word, goes_on) = word.strip_suffix('*').map_or((word, false), |word| (word, true));
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !is_letter(before) && (goes_on || !is_letter(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        check(&Source { path: path.to_string(), text: text.to_string() }).len()
    }

    #[test]
    fn words_are_found_whole_and_in_any_case() {
        assert_eq!(complaints("web/src/lib/messages/en/home.ts", "\"Whoever optimises this\""), 2);
        assert_eq!(complaints("web/src/lib/messages/en/home.ts", "\"Recommended settings\""), 0);
    }

    #[test]
    fn code_in_documents_is_no_sentence() {
        assert_eq!(complaints("docs/a.md", "`colour` is a field\n```\ncolour\n```\n"), 0);
        assert_eq!(complaints("docs/a.md", "a colour\n"), 1);
    }

    #[test]
    fn only_sentences_for_people_are_looked_at() {
        assert!(concern("web/src/content/source/01-text.md") && concern("README.md"));
        assert!(!concern("crates/glassgpt-lab/src/lib.rs") && !concern("web/src/lib/kit/colour.ts"));
    }
}

//! Which lines of a source do or declare something, so that each of them can be held to have an explanation.
//!
//! Why no parser: the sources shown are formatted by one hand. What has neither a word nor a number in it (a closing
//! bracket), comments, docstrings and attributes say nothing that needs explaining; everything else does.

use super::marks::is_comment;

/// A language that the algorithm is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    /// The reference.
    Python,
    /// `glassgpt-core`.
    Rust,
}

impl Language {
    pub(crate) const ALL: [Language; 2] = [Language::Python, Language::Rust];

    /// As people say it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Language::Python => "Python",
            Language::Rust => "Rust",
        }
    }

    /// As code fences and the highlighter name it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Language::Python => "python",
            Language::Rust => "rust",
        }
    }

    /// What comments begin with.
    pub(crate) fn comment(self) -> &'static str {
        match self {
            Language::Python => "#",
            Language::Rust => "//",
        }
    }
}

/// For each line, whether it needs an explanation.
pub(crate) fn telling(text: &str, language: Language) -> Vec<bool> {
    let mut quiet = Quiet::default();
    text.lines()
        .map(|line| {
            let silent = match language {
                Language::Python => quiet.docstring(line),
                Language::Rust => quiet.attribute(line),
            };
            !silent && !is_comment(line, language.comment()) && line.contains(char::is_alphanumeric)
        })
        .collect()
}

/// Whether we are inside something that goes over several lines.
#[derive(Default)]
struct Quiet {
    inside: bool,
}

impl Quiet {
    fn docstring(&mut self, line: &str) -> bool {
        let begins = !self.inside && line.trim_start().starts_with("\"\"\"");
        if !begins && !self.inside {
            return false;
        }
        let quotes = line.matches("\"\"\"").count();
        self.inside = if begins { quotes == 1 } else { quotes == 0 };
        true
    }

    fn attribute(&mut self, line: &str) -> bool {
        let begins = !self.inside && line.trim_start().starts_with("#[");
        if !begins && !self.inside {
            return false;
        }
        self.inside = !line.trim_end().ends_with(']');
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str, language: Language) -> Vec<&str> {
        text.lines().zip(telling(text, language)).filter(|(_, telling)| *telling).map(|(line, _)| line.trim()).collect()
    }

    #[test]
    fn python_without_comments_docstrings_and_brackets() {
        let text = "\"\"\"Doc\nmore: x = 1\n\"\"\"\nimport a\n\ndef f():\n    \"\"\"One line.\"\"\"\n    # note\n    g(  # why\n    )\n    return \"x\"\n";
        assert_eq!(kept(text, Language::Python), ["import a", "def f():", "g(  # why", "return \"x\""]);
    }

    #[test]
    fn rust_without_comments_attributes_and_brackets() {
        let text = "//! Doc.\n#[derive(A)]\npub struct A {\n    /// What.\n    #[error(\n        \"x\"\n    )]\n    a: u8,\n}\nf(|x| {\n    x\n});\n} else {\n";
        assert_eq!(kept(text, Language::Rust), ["pub struct A {", "a: u8,", "f(|x| {", "x", "} else {"]);
    }
}

//! Reads the explanations in web/src/content/source: Markdown that people can read as it is, in a form that a machine can check.
//!
//! A concept is a chapter: `# name · Title`, a sentence, and facts (`- formula:`, `- numbers:`, `- only in Rust: why`). Then come its
//! lines: a fence for each language with the lines as they stand in the source, facts (`- when:`, `- numbers:`), and the
//! explanation as a list of three, from beginner to expert. A fence with nothing but `…` explains the rest of the regions
//! as a whole: for what is no part of the algorithm.

use super::lines::Language;

/// How deep an explanation goes: with school mathematics, for who builds, for who knows.
pub(crate) const DEPTHS: usize = 3;

/// What a fence says that explains all that is left.
pub(crate) const REST: &str = "…";

/// A concept of the algorithm.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Concept {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) formula: Option<String>,
    /// Addresses of its live values, with P, L and H as docs/addresses.md has them.
    pub(crate) numbers: Vec<String>,
    /// The one language that has it, and why.
    pub(crate) only: Option<(Language, String)>,
    pub(crate) entries: Vec<Entry>,
    /// Where it begins in its file, from 1.
    pub(crate) line: usize,
}

/// Lines that are explained together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    pub(crate) lines: Vec<(Language, String)>,
    /// A setting and the value it must have for the lines to run.
    pub(crate) when: Option<(String, String)>,
    pub(crate) numbers: Vec<String>,
    pub(crate) texts: Vec<String>,
    /// Where it begins in its file, from 1.
    pub(crate) line: usize,
}

/// The concepts of a file, or what is wrong with it, with the line.
pub(crate) fn parse(text: &str) -> Result<Vec<Concept>, String> {
    let mut concepts: Vec<Concept> = Vec::new();
    let mut fence: Option<Language> = None;
    for (i, line) in text.lines().enumerate() {
        let n = i + 1;
        let fail = |what: &str| Err(format!("{n}: {what}"));
        if let Some(rest) = line.strip_prefix("# ").filter(|_| fence.is_none()) {
            let Some((id, title)) = rest.split_once(" · ") else { return fail("a chapter begins `# name · Title`") };
            concepts.push(Concept { id: id.into(), title: title.into(), line: n, ..Concept::default() });
            continue;
        }
        let Some(concept) = concepts.last_mut() else {
            if line.trim().is_empty() || line.starts_with("<!--") {
                continue;
            }
            return fail("there is text before the first chapter");
        };
        if let Some(language) = fence {
            if line == "```" {
                fence = None;
            } else if let Some(entry) = concept.entries.last_mut() {
                entry.lines.push((language, line.trim().to_string()));
            }
            continue;
        }
        if let Some(name) = line.strip_prefix("```") {
            let Some(language) = Language::ALL.into_iter().find(|language| language.key() == name) else {
                return fail("a fence is ```python or ```rust");
            };
            let is_new = concept.entries.last().is_none_or(|entry| !entry.texts.is_empty());
            if is_new {
                concept.entries.push(Entry { line: n, ..Entry::default() });
            }
            fence = Some(language);
        } else if let Some(fact) = line.strip_prefix("- ") {
            take_fact(concept, fact).map_err(|what| format!("{n}: {what}"))?;
        } else if let Some((_, text)) = line.split_once(". ").filter(|(number, _)| is_number(number)) {
            let Some(entry) = concept.entries.last_mut() else { return fail("an explanation needs a fence before it") };
            entry.texts.push(text.trim().into());
        } else if !line.trim().is_empty() {
            if concept.entries.is_empty() {
                concept.summary = join(&concept.summary, line.trim());
                continue;
            }
            let text = concept.entries.last_mut().and_then(|entry| entry.texts.last_mut());
            match text.filter(|_| line.starts_with("   ")) {
                Some(text) => *text = join(text, line.trim()),
                None => return fail("this line belongs to nothing"),
            }
        }
    }
    match fence {
        Some(_) => Err("the last fence is not closed".into()),
        None => Ok(concepts),
    }
}

fn take_fact(concept: &mut Concept, fact: &str) -> Result<(), String> {
    let (key, value) = fact.split_once(": ").ok_or("a fact is `- name: value`")?;
    let only = |language: Language| key == format!("only in {}", language.name());
    let numbers = || value.split(", ").map(|number| number.trim_matches('`').to_string()).collect();
    if let Some(language) = Language::ALL.into_iter().find(|&language| only(language)) {
        concept.only = Some((language, value.into()));
        return Ok(());
    }
    match (key, concept.entries.last_mut()) {
        ("formula", None) => concept.formula = Some(value.trim_matches('`').into()),
        ("numbers", None) => concept.numbers = numbers(),
        ("numbers", Some(entry)) => entry.numbers = numbers(),
        ("when", Some(entry)) => {
            let (setting, wanted) = value.split_once(" = ").ok_or("`when` is `setting = value`")?;
            entry.when = Some((setting.into(), wanted.into()));
        }
        _ => return Err(format!("`{key}` is no fact that may stand here")),
    }
    Ok(())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn join(before: &str, after: &str) -> String {
    if before.is_empty() { after.into() } else { format!("{before} {after}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
<!-- What this file is. -->
# one · The first

A sentence
over two lines.

- formula: `a = b`
- numbers: `pP/sum`, `loss`

```python
  a = b  # why
c
```
```rust
let a = b;
```
- when: activation = relu2
- numbers: `pP/act`
1. For all.
   And more.
2. For some.
3. For few.

```python
…
```
1. a
2. b
3. c

# two · The second

Short.

- only in Rust: Python has none.
";

    #[test]
    fn a_file_is_read_whole() {
        let concepts = parse(TEXT).expect("it is well formed");
        assert_eq!(concepts.len(), 2);
        let [one, two] = &concepts[..] else { panic!("two concepts") };
        assert_eq!((one.id.as_str(), one.title.as_str()), ("one", "The first"));
        assert_eq!(one.summary, "A sentence over two lines.");
        assert_eq!(one.formula.as_deref(), Some("a = b"));
        assert_eq!(one.numbers, ["pP/sum", "loss"]);
        let [entry, rest] = &one.entries[..] else { panic!("two entries") };
        let python = |line: &str| (Language::Python, line.to_string());
        assert_eq!(entry.lines, [python("a = b  # why"), python("c"), (Language::Rust, "let a = b;".into())]);
        assert_eq!(entry.when, Some(("activation".into(), "relu2".into())));
        assert_eq!(entry.numbers, ["pP/act"]);
        assert_eq!(entry.texts, ["For all. And more.", "For some.", "For few."]);
        assert_eq!(rest.lines, [python(REST)]);
        assert_eq!(two.only, Some((Language::Rust, "Python has none.".into())));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, complaint) in [
            ("text", "1: there is text"),
            ("# one", "1: a chapter begins"),
            ("# one · A\n```c\n", "2: a fence is"),
            ("# one · A\n```rust\n", "not closed"),
            ("# one · A\n1. text", "2: an explanation needs"),
            ("# one · A\n- when: x = y", "2: `when` is no fact"),
            ("# one · A\n```rust\na\n```\n- when: x", "5: `when` is"),
            ("# one · A\n```rust\na\n```\n1. b\nmore", "6: this line belongs"),
        ] {
            let error = parse(text).expect_err("it is not well formed");
            assert!(error.contains(complaint), "{error}");
        }
    }
}

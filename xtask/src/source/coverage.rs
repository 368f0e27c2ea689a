//! Holds the explanations against the sources: no line without an explanation, no explanation without a line, no region
//! without a concept, no concept without a region.
//!
//! Why by the text of the line: an edit of the source is then noticed by whoever makes it, wherever the line has moved to.

use std::collections::{BTreeMap, BTreeSet};

use super::content::{Concept, DEPTHS, REST};
use super::lines::{Language, telling};
use super::marks::{Region, innermost, regions, without_mark};

/// A file that the page shows.
pub(crate) struct Shown {
    pub(crate) language: Language,
    /// From the repository's root.
    pub(crate) path: &'static str,
    pub(crate) text: String,
}

/// Names that explanations may use for live values.
pub(crate) struct Names {
    /// What can stand in an address, as docs/addresses.md spells it: `pP/layerL.q`, `wte`.
    pub(crate) addresses: BTreeSet<String>,
    /// Settings and sizes that the page knows of any model.
    pub(crate) settings: BTreeSet<String>,
}

/// A line and what explains it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Explained {
    /// From 0.
    pub(crate) line: usize,
    /// The concept's name, and the place of the entry in it.
    pub(crate) concept: String,
    pub(crate) entry: usize,
    /// Whether the entry explains the rest of its regions as a whole.
    pub(crate) as_rest: bool,
}

/// What explains each line of a file, and its regions.
pub(crate) struct Annotated {
    pub(crate) regions: Vec<Region>,
    pub(crate) lines: Vec<Explained>,
}

/// Parts of an address that a number may end with.
const PARTS: [&str; 7] = ["grad", "m", "v", "m_hat", "v_hat", "update", "next"];

/// The parameter in sight: the one pinned, or one that the reader's token uses.
const PARAMETER: &str = "PARAMETER";

/// Every file annotated, or every complaint.
pub(crate) fn annotate(files: &[Shown], concepts: &[Concept], names: &Names) -> Result<Vec<Annotated>, Vec<String>> {
    let mut complaints = of_content(concepts, names);
    let by_id: BTreeMap<&str, &Concept> = concepts.iter().map(|concept| (concept.id.as_str(), concept)).collect();
    let mut used: BTreeSet<(&str, usize, Language, &str)> = BTreeSet::new();
    let mut marked: BTreeSet<(Language, String)> = BTreeSet::new();
    let mut annotated = Vec::new();
    for file in files {
        let (language, lines) = (file.language, file.text.lines().collect::<Vec<_>>());
        let regions = regions(&file.text, language.comment());
        for name in regions.iter().flat_map(|region| &region.concepts) {
            marked.insert((language, name.clone()));
            if !by_id.contains_key(name.as_str()) {
                complaints.push(format!("{}: `§ {name}` is no concept of web/src/content/source", file.path));
            }
        }
        let inner = innermost(&regions, lines.len());
        let mut found = Vec::new();
        for (i, is_telling) in telling(&file.text, language).into_iter().enumerate() {
            if !is_telling {
                continue;
            }
            let says = without_mark(lines[i], language.comment()).trim();
            let Some(region) = inner[i] else {
                complaints.push(format!("{}:{}: belongs to no concept: {says}", file.path, i + 1));
                continue;
            };
            let of_region = region.concepts.iter().filter_map(|id| by_id.get(id.as_str()));
            let entries = of_region.flat_map(|concept| concept.entries.iter().enumerate().map(move |e| (*concept, e)));
            let speaks = |text: &str| {
                let mut those = entries.clone().flat_map(|(concept, (at, entry))| {
                    let lines = entry.lines.iter().filter(|(of, line)| *of == language && line == text);
                    lines.map(move |(_, line)| (concept, at, line.as_str()))
                });
                (those.next(), those.next())
            };
            let (concept, entry, line) = match speaks(says) {
                (Some(one), None) => one,
                (Some(_), Some(_)) => {
                    complaints.push(format!("{}:{}: is explained twice: {says}", file.path, i + 1));
                    continue;
                }
                (None, _) => match speaks(REST) {
                    (Some(rest), _) => rest,
                    (None, _) => {
                        let names = region.concepts.join(", ");
                        complaints.push(format!("{}:{}: has no explanation in {names}: {says}", file.path, i + 1));
                        continue;
                    }
                },
            };
            used.insert((concept.id.as_str(), entry, language, line));
            found.push(Explained { line: i, concept: concept.id.clone(), entry, as_rest: line == REST });
        }
        annotated.push(Annotated { regions, lines: found });
    }
    for concept in concepts {
        for language in Language::ALL {
            let wanted = concept.only.as_ref().is_none_or(|(only, _)| *only == language);
            if wanted != marked.contains(&(language, concept.id.clone())) {
                let what = if wanted { "has no region" } else { "has a region after all" };
                complaints.push(format!("{}: {what} in {}", concept.id, language.name()));
            }
        }
        for (at, entry) in concept.entries.iter().enumerate() {
            for (language, line) in &entry.lines {
                if !used.contains(&(concept.id.as_str(), at, *language, line.as_str())) {
                    complaints.push(format!(
                        "{}: explains a {} line that is not there: {line}",
                        concept.id,
                        language.name()
                    ));
                }
            }
        }
    }
    if complaints.is_empty() { Ok(annotated) } else { Err(complaints) }
}

/// What is wrong with the explanations, whatever the sources say.
fn of_content(concepts: &[Concept], names: &Names) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut seen = BTreeSet::new();
    for concept in concepts {
        let mut complain = |what: String| complaints.push(format!("{}: {what}", concept.id));
        if !seen.insert(&concept.id) {
            complain("there are two of this name".into());
        }
        if concept.title.is_empty() || concept.summary.is_empty() {
            complain("has no title or no summary".into());
        }
        if concept.entries.is_empty() {
            complain("explains nothing".into());
        }
        let of_entries = concept.entries.iter().flat_map(|entry| &entry.numbers);
        for address in concept.numbers.iter().chain(of_entries).filter(|address| !names.knows(address)) {
            complain(format!("`{address}` is no address of docs/addresses.md"));
        }
        for entry in &concept.entries {
            let full = entry.texts.len() == DEPTHS && entry.texts.iter().all(|text| !text.is_empty());
            if !full {
                complain(format!("the entry at line {} has not {DEPTHS} depths", entry.line));
            }
            if let Some((setting, _)) = entry.when.as_ref().filter(|(setting, _)| !names.settings.contains(setting)) {
                complain(format!("`{setting}` is no setting"));
            }
            let texts = entry.texts.iter().chain([&concept.summary]);
            for name in texts.flat_map(|text| placeholders(text)).filter(|name| !names.may_be_told(name)) {
                complain(format!("{{{name}}} is neither a setting nor an address"));
            }
        }
    }
    complaints
}

/// What stands in braces, outside of code.
fn placeholders(text: &str) -> Vec<&str> {
    let outside = text.split('`').step_by(2);
    outside.flat_map(|text| text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default())).collect()
}

impl Names {
    /// Whether an address names numbers of every model.
    fn knows(&self, address: &str) -> bool {
        let tensor = |name: &str| name.split('[').next().unwrap_or(name).replacen("p*/", "pP/", 1);
        if address == PARAMETER || self.addresses.contains(&tensor(address)) {
            return true;
        }
        let Some((bare, part)) = address.rsplit_once('.') else { return false };
        PARTS.contains(&part) && (bare == PARAMETER || part == "grad" && self.addresses.contains(&tensor(bare)))
    }

    /// Whether prose may have it filled in.
    fn may_be_told(&self, name: &str) -> bool {
        self.settings.contains(name) || self.knows(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::parse;
    use super::*;

    const RUST: &str = "// § one\nfn f() {\n    a();\n    b(); // § two\n}\n";
    const PYTHON: &str = "# § one, two\ndef f():\n    a()\n";
    const CONTENT: &str = "\
# one · One

It is the {n_embd} first.

- numbers: `pP/sum`, `PARAMETER.m_hat`

```python
def f():
a()
```
```rust
fn f() {
a();
```
1. x {loss}
2. y
3. z

# two · Two

The second.

```rust
b();
```
1. x
2. y
3. z
";

    fn complaints(content: &str, rust: &str, python: &str) -> String {
        let names = Names {
            addresses: ["loss", "pP/sum"].map(String::from).into(),
            settings: ["n_embd", "activation"].map(String::from).into(),
        };
        let shown = |language, path, text: &str| Shown { language, path, text: text.into() };
        let files = [shown(Language::Rust, "f.rs", rust), shown(Language::Python, "f.py", python)];
        let concepts = parse(content).expect("it is well formed");
        annotate(&files, &concepts, &names).err().unwrap_or_default().join("\n")
    }

    #[test]
    fn what_is_complete_is_fine() {
        assert_eq!(complaints(CONTENT, RUST, PYTHON), "");
        let rest = CONTENT.replace("fn f() {\na();", "…");
        assert_eq!(complaints(&rest, RUST, PYTHON), "");
    }

    #[test]
    fn every_gap_is_found() {
        let edited = RUST.replace("a();", "a2();");
        let found = complaints(CONTENT, &edited, PYTHON);
        assert!(found.contains("f.rs:3: has no explanation in one: a2();"), "{found}");
        assert!(found.contains("one: explains a Rust line that is not there: a();"), "{found}");
        let cases = [
            (CONTENT.replace("a()\n", ""), "f.py:3: has no explanation in one, two: a()"),
            (CONTENT.replace("a()\n", "a()\na()\n"), "f.py:3: is explained twice: a()"),
            (CONTENT.replace("3. z\n\n# two", "# two"), "one: the entry at line 7 has not 3 depths"),
            (CONTENT.replace("pP/sum", "pP/total"), "one: `pP/total` is no address"),
            (CONTENT.replace("{loss}", "{lost}"), "one: {lost} is neither"),
            (CONTENT.replace("The second.", "- only in Rust: why"), "two: has no title or no summary"),
            (CONTENT.replace("The second.", "B.\n\n- only in Rust: why"), "two: has a region after all in Python"),
            (CONTENT.replace("# two · Two", "# three · Three"), "f.rs: `§ two` is no concept"),
            (CONTENT.replace("# two · Two", "# three · Three"), "three: has no region in Python"),
            (
                CONTENT.replace("```\n1. x\n2. y\n3. z\n", "```\n- when: depth = 2\n1. x\n2. y\n3. z\n"),
                "`depth` is no setting",
            ),
        ];
        for (content, complaint) in cases {
            let found = complaints(&content, RUST, PYTHON);
            assert!(found.contains(complaint), "{complaint:?} is not in:\n{found}");
        }
        let bare = RUST.replace("// § one\n", "");
        assert!(complaints(CONTENT, &bare, PYTHON).contains("f.rs:1: belongs to no concept: fn f() {"));
    }
}

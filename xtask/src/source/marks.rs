//! The concepts that the sources mark in their own text: which lines belong to which.
//!
//! Why within the code and not beside it: a table of line numbers goes stale with the first edit, and nobody notices. Two
//! spellings are all there is. `// § name` on a line of its own begins a region, up to the next mark at its indentation or
//! the end of the block. `code // § name` names that line and whatever is indented below it. A mark may name several
//! concepts, and the innermost region of a line is the one that counts.

/// Lines that are about some concepts. Lines are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// Names, as the mark spells them.
    pub(crate) concepts: Vec<String>,
    /// Its first line: the mark, or the line marked.
    pub(crate) first: usize,
    /// Its last line that says something.
    pub(crate) last: usize,
    /// Whether the first line is a mark and nothing else.
    pub(crate) headed: bool,
}

/// All regions of a text, in the order of their first lines. `comment` is `#` or `//`.
pub(crate) fn regions(text: &str, comment: &str) -> Vec<Region> {
    let lines: Vec<&str> = text.lines().collect();
    let marks: Vec<Option<Mark>> = lines.iter().map(|line| mark(line, comment)).collect();
    let is_heading = |i: usize| marks[i].as_ref().is_some_and(|mark| mark.code.trim().is_empty());
    let mut regions = Vec::new();
    for (first, mark) in marks.iter().enumerate() {
        let Some(mark) = mark else { continue };
        let headed = is_heading(first);
        let ends = |i: usize| {
            let (here, there) = (indent(lines[first]), indent(lines[i]));
            there < here || there == here && (!headed || marks[i].is_some())
        };
        let end = (first + 1..lines.len()).find(|&i| !lines[i].trim().is_empty() && ends(i)).unwrap_or(lines.len());
        // What stands last and says nothing belongs to what follows.
        let says = |i: &usize| !lines[*i].trim().is_empty() && (!is_comment(lines[*i], comment) || is_heading(*i));
        let last = (first..end).rev().find(says).unwrap_or(first);
        regions.push(Region { concepts: mark.concepts.clone(), first, last, headed });
    }
    regions
}

/// The innermost region of each line.
pub(crate) fn innermost(regions: &[Region], n_lines: usize) -> Vec<Option<&Region>> {
    let mut inner = vec![None; n_lines];
    for region in regions {
        inner[region.first..=region.last].fill(Some(region));
    }
    inner
}

/// A line without its mark and the spaces before that.
pub(crate) fn without_mark<'a>(line: &'a str, comment: &str) -> &'a str {
    mark(line, comment).map_or(line, |mark| mark.code.trim_end())
}

/// Whether a line is a comment and nothing else.
pub(crate) fn is_comment(line: &str, comment: &str) -> bool {
    line.trim_start().starts_with(comment)
}

/// How far a line stands in.
pub(crate) fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

struct Mark<'a> {
    /// What stands before the mark; a comment there keeps its words.
    code: &'a str,
    concepts: Vec<String>,
}

fn mark<'a>(line: &'a str, comment: &str) -> Option<Mark<'a>> {
    let (before, names) = line.rsplit_once("§ ")?;
    let concepts: Vec<String> = names.split(", ").map(String::from).collect();
    let is_name = |name: &String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let in_comment = before.contains(&format!("{comment} "));
    let code = before.trim_end();
    let code = code.strip_suffix(comment).unwrap_or(code);
    (in_comment && concepts.iter().all(is_name)).then_some(Mark { code, concepts })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PYTHON: &str = "\
# § outer
class A:
    '''What it is.'''

    # § inner
    def f(self):
        x = 1  # § one
        for y in x:  # what it does § two, three
            print(y)

            print(x)
        return x

    # § next
    def g(self):
        return 2


# ------------ a title
# § other
def h():
    return '§ none'
";

    fn spelled(text: &str, comment: &str) -> Vec<String> {
        let spell = |r: &Region| format!("{} {}-{}", r.concepts.join("+"), r.first + 1, r.last + 1);
        regions(text, comment).iter().map(spell).collect()
    }

    #[test]
    fn a_region_ends_with_its_block_or_at_the_next_mark_of_its_kind() {
        let expected = ["outer 1-15", "inner 5-12", "one 7-7", "two+three 8-11", "next 14-16", "other 20-22"];
        assert_eq!(spelled(PYTHON, "#"), expected.map(|s| s.replace("1-15", "1-16")));
    }

    #[test]
    fn the_innermost_region_counts() {
        let all = regions(PYTHON, "#");
        let inner = innermost(&all, PYTHON.lines().count());
        let name = |line: usize| inner[line - 1].map(|region| region.concepts.join("+"));
        assert_eq!(name(3).as_deref(), Some("outer"));
        assert_eq!(name(7).as_deref(), Some("one"));
        assert_eq!(name(11).as_deref(), Some("two+three"));
        assert_eq!(name(12).as_deref(), Some("inner"));
        assert_eq!(name(19), None);
    }

    #[test]
    fn a_mark_at_the_end_of_a_line_ends_what_stood_above_it() {
        let rust = "fn f() {\n    // § a\n    let x = g(\n        1,\n    );\n    h() // § b\n}\n";
        assert_eq!(spelled(rust, "//"), ["a 2-5", "b 6-6"]);
    }

    #[test]
    fn a_line_is_told_without_its_mark() {
        assert_eq!(without_mark("    x = 1  # § one", "#"), "    x = 1");
        assert_eq!(without_mark("    x = 1  # why § one, two-3", "#"), "    x = 1  # why");
        assert_eq!(without_mark("let a = b; // § c", "//"), "let a = b;");
        for unmarked in ["a = '§ b'", "a  # § Not A Name", "# a § is explained here."] {
            assert_eq!(without_mark(unmarked, "#"), unmarked);
        }
    }
}

//! Words and figures on the terminal: one JSON value a line, numbers with separators, bars, styles.
//!
//! Why here: standard output is data. Everything goes through a writer that reports failure, so that a closed pipe ends
//! the program quietly, and that drops colors where nobody would see them.

use std::borrow::Cow;
use std::io::{StdoutLock, Write};

use anstyle::Style;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

/// Standard output. Styles are dropped unless it is a terminal that shows them; `NO_COLOR` is respected.
pub(crate) type Out = anstream::AutoStream<StdoutLock<'static>>;

/// For headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// For what is less important.
pub(crate) const DIM: Style = Style::new().dimmed();
/// For what was asked for.
pub(crate) const MARK: Style = anstyle::AnsiColor::Yellow.on_default().bold();
/// For what is wrong.
pub(crate) const BAD: Style = anstyle::AnsiColor::Red.on_default().bold();

/// Standard output, for the whole run.
pub(crate) fn stdout() -> Out {
    anstream::stdout().lock()
}

/// One value on one line, every character of it: [`Out`] would take some for colors. Control characters are escaped, DEL and those
/// above it, too, which JSON allows raw and terminals obey.
pub(crate) fn json_line(_held: &mut Out, value: &impl Serialize) -> anyhow::Result<()> {
    let line = serde_json::to_string(value)?;
    let mut safe = String::with_capacity(line.len() + 1);
    for c in line.chars() {
        match c {
            '\u{7f}'..='\u{9f}' => safe += &format!("\\u{:04x}", u32::from(c)),
            c => safe.push(c),
        }
    }
    safe.push('\n');
    // The lock that `Out` holds is this thread's, so taking it once more waits for nobody.
    std::io::stdout().lock().write_all(safe.as_bytes())?;
    Ok(())
}

/// A text of the user's as people may see it: control characters, which a terminal would obey, are escaped.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Columns that a text takes on a terminal: two for a CJK character, none for a mark on the letter before.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// Spaces after a text, up to this many columns in all.
pub(crate) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Spaces before a text, up to this many columns in all.
pub(crate) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// A paragraph folded at spaces, so that no line has more columns than `width`, unless a word alone has.
pub(crate) fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is always one");
        if line.is_empty() {
            *line += word;
        } else if columns(line) + 1 + columns(word) <= width {
            line.push(' ');
            *line += word;
        } else {
            lines.push(word.to_string());
        }
    }
    lines
}

/// A name and its value, which goes on below itself: at spaces, or anywhere if it has none.
pub(crate) fn fact(out: &mut Out, name: &str, indent: usize, value: &str) -> std::io::Result<()> {
    let width = line_width() - indent;
    for (i, line) in folded(value, width).iter().enumerate() {
        let cells: Vec<char> = line.chars().collect();
        for (j, piece) in cells.chunks(if columns(line) > width { width } else { cells.len().max(1) }).enumerate() {
            let name = if (i, j) == (0, 0) { name } else { "" };
            let piece: String = piece.iter().collect();
            writeln!(out, "{DIM}{}{DIM:#}{piece}", left(name, indent))?;
        }
    }
    Ok(())
}

/// A title and what is to be said of it: on one line if both fit, else below each other.
pub(crate) fn titled(out: &mut Out, title: &str, between: &str, rest: &str) -> std::io::Result<()> {
    let width = line_width();
    if columns(title) + columns(between) + columns(rest) <= width {
        return writeln!(out, "{BOLD}{title}{BOLD:#}{between}{rest}");
    }
    folded(title, width).iter().try_for_each(|line| writeln!(out, "{BOLD}{line}{BOLD:#}"))?;
    folded(rest, width).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Bytes on standard output, every one of them: [`Out`] would take some for colours.
pub(crate) fn write_bytes(bytes: &[u8]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// A line of talk on standard error. Nobody listening is no error.
pub(crate) fn talk(line: &str) {
    writeln!(anstream::stderr(), "{line}").ok();
}

/// Characters on a line: what COLUMNS says, or the terminal, or 80 where there is none.
pub(crate) fn line_width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| width.0.into());
    said.or_else(terminal).unwrap_or(80).clamp(40, 1000)
}

/// `43,091`
pub(crate) fn thousands(n: impl TryInto<u64>) -> String {
    let digits = n.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 document`, `2,915 documents`
pub(crate) fn count(n: usize, one: &str) -> String {
    format!("{} {one}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// A bar of up to `width` characters, in eighths of one.
pub(crate) fn bar(share: f64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share.clamp(0.0, 1.0) * width as f64 * 8.0).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// One character for a share of the whole, from a dot for nothing to a full block.
pub(crate) fn column(share: f64) -> char {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if share > 0.0 { HEIGHTS[((share * 8.0) as usize).min(7)] } else { '·' }
}

/// `names` with `s` quoted, or `BOS` bare.
pub(crate) fn quoted(label: &str) -> String {
    if label == "BOS" { label.to_string() } else { format!("\"{}\"", plain(label)) }
}

/// A size in plain units.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{:.1} KiB", bytes as f64 / 1024.0),
        _ => format!("{:.1} MiB", bytes as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_separators() {
        assert_eq!(thousands(0u64), "0");
        assert_eq!(thousands(999u64), "999");
        assert_eq!(thousands(1000u64), "1,000");
        assert_eq!(thousands(1_234_567u64), "1,234,567");
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(plain("emma"), "emma");
        assert_eq!(plain("a\u{1b}[31mb\u{7f}"), "a\\u{1b}[31mb\\u{7f}");
    }

    #[test]
    fn widths_are_those_of_a_terminal() {
        assert_eq!(left("李", 4), "李  ");
        assert_eq!(right("नमस\u{94d}", 5), "  नमस\u{94d}");
        assert_eq!(folded("one two three", 7), ["one two", "three"]);
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(0.5, 4), "██");
        assert_eq!(bar(0.53, 4), "██▏");
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(f64::NAN, 4), "");
    }
}

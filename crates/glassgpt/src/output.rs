//! Words and figures on the terminal: one JSON value a line, numbers with separators, bars, styles.
//!
//! Why here: standard output is data. Everything goes through a writer that reports failure, so that a closed pipe ends
//! the program quietly, and that drops colours where nobody would see them.

use std::io::{StdoutLock, Write};

use anstyle::Style;
use serde::Serialize;

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

/// One value on one line.
pub(crate) fn json_line(out: &mut Out, value: &impl Serialize) -> anyhow::Result<()> {
    let line = serde_json::to_string(value)?;
    writeln!(out, "{line}")?;
    Ok(())
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
    if label == "BOS" { label.to_string() } else { format!("\"{label}\"") }
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
    fn bars_are_as_long_as_their_share() {
        assert_eq!(bar(0.0, 4), "");
        assert_eq!(bar(0.5, 4), "██");
        assert_eq!(bar(0.53, 4), "██▏");
        assert_eq!(bar(1.0, 4), "████");
        assert_eq!(bar(f64::NAN, 4), "");
    }
}

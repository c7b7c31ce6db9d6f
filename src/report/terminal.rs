//! Text on a terminal: wrapped lines, columns side by side, what heads every answer.

use std::fmt::Write;

use crate::documents::Header;
use crate::units::plain;

/// Breaks a text into lines of at most `width` characters, `indent` before each but the first. What may not be parted stays on one line.
pub(crate) fn wrap(text: &str, width: usize, indent: &str) -> String {
    let body = text.trim_start_matches(' ');
    let mut line = " ".repeat(text.len() - body.len());
    let mut lines = Vec::new();
    let mut fresh = true;
    for word in body.split(' ') {
        if !fresh && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        line.push_str(word);
        fresh = false;
    }
    lines.push(line);
    lines.join("\n").replace('\u{A0}', " ")
}

/// The assumptions that head every answer; no line where nothing is assumed in words.
pub(super) fn assumption_lines(head: &Header) -> Vec<String> {
    if head.assumptions.is_empty() {
        return Vec::new();
    }
    let each = head.assumptions.iter().map(|text| format!("- {}", plain(text)));
    [String::new(), "Assumed:".to_owned()].into_iter().chain(each).collect()
}

/// Columns side by side, the first to the left, numbers to the right; as many as `width` takes.
pub(crate) fn aligned(rows: &[Vec<String>], width: usize) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widest: Vec<usize> =
        (0..columns).map(|c| rows.iter().map(|row| row[c].chars().count()).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = format!("  {:<first$}", row[0], first = widest[0]);
        for (cell, wide) in row.iter().zip(&widest).skip(1) {
            let next = format!("  {cell:>wide$}");
            if line.chars().count() + next.chars().count() <= width {
                line.push_str(&next);
            }
        }
        let _ = writeln!(out, "{}", line.trim_end().replace('\u{A0}', " "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_between_words() {
        assert_eq!(wrap("one two three four", 9, "  "), "one two\n  three\n  four");
        assert_eq!(wrap("  one two", 6, "    "), "  one\n    two");
        assert_eq!(wrap("", 9, ""), "");
    }
}

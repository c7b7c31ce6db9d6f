//! Findings on a terminal: wrapped lines, columns side by side.

use std::fmt::Write;

use crate::findings::{Block, Finding, Table};

/// A name in a table has so many characters before it is broken into lines.
const LEAST_NAME: usize = 20;

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

/// A finding for a terminal of `width` columns.
pub fn terminal(found: &Finding, width: usize) -> String {
    let width = width.clamp(60, 110);
    found.blocks.iter().fold(String::new(), |mut out, block| {
        match block {
            Block::Sentence(text) => out.push_str(&(wrap(text, width, "  ") + "\n")),
            Block::Gap => out.push('\n'),
            Block::List(rows) => out.push_str(&list(rows, width)),
            Block::Table(table) => out.push_str(&rows(table, width)),
        }
        out
    })
}

/// Names with what is said of each, the texts below each other.
pub(super) fn list(rows: &[(String, String)], width: usize) -> String {
    let column = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0).min(width / 2);
    let line = |(name, text): &(String, String)| {
        let pad = " ".repeat(column.saturating_sub(name.chars().count()));
        wrap(&format!("  {name}{pad}  {text}"), width, &" ".repeat(column + 4)) + "\n"
    };
    rows.iter().map(line).collect()
}

/// A table's columns side by side, the first to the left and in several lines where it must be, numbers to the right; as many as `width`
/// takes, those of a whole table in several parts below each other.
pub(crate) fn rows(table: &Table, width: usize) -> String {
    let texts = table.texts();
    let widest = |c: usize| texts.iter().map(|row| row[c].chars().count()).max().unwrap_or(0);
    let Some((&names, figures)) =
        (0..texts[0].len()).map(widest).collect::<Vec<usize>>().split_first().map(|(a, b)| (a, b.to_vec()))
    else {
        return String::new();
    };
    if table.is_whole && figures.len() > 1 {
        let mut used = 2 + names.min(LEAST_NAME);
        let fit = figures.iter().take_while(|wide| {
            used += *wide + 2;
            used <= width
        });
        let fit = fit.count().max(1);
        if fit < figures.len() {
            let part = |from: usize, to: usize| {
                let heads = table.columns.iter().filter(|column| column.head.is_some()).enumerate();
                let kept = heads.filter(|(i, _)| *i == 0 || (from..to).contains(&(i - 1)));
                let columns = kept.map(|(_, column)| column.clone()).collect();
                rows(&Table { columns, ..table.clone() }, width)
            };
            return part(0, fit) + "\n" + &part(fit, figures.len());
        }
    }
    let room = width.saturating_sub(2 + figures.iter().map(|wide| wide + 2).sum::<usize>()).max(LEAST_NAME).min(names);
    let mut out = String::new();
    for (i, row) in texts.iter().enumerate() {
        if let Some((_, text)) = table.left_out.as_ref().filter(|(before, _)| before + 1 == i) {
            let _ = writeln!(out, "  {text}");
        }
        let name = wrap(&row[0], room, "  ");
        let mut lines = name.lines();
        let mut line = format!("  {:<room$}", lines.next().unwrap_or_default());
        for (cell, wide) in row[1..].iter().zip(&figures) {
            let next = format!("  {cell:>wide$}");
            if line.chars().count() + next.chars().count() <= width {
                line.push_str(&next);
            }
        }
        let line = line.trim_end().replace('\u{A0}', " ");
        let rest: String = lines.map(|line| format!("\n  {line}")).collect();
        let note = i.checked_sub(1).and_then(|i| table.notes.get(i)).filter(|note| !note.is_empty());
        let note = note.map_or_else(String::new, |note| {
            let beside = line.chars().count() + note.chars().count() + 4 <= width;
            format!("{}({note})", if beside { "  " } else { "\n      " })
        });
        let _ = writeln!(out, "{line}{note}{rest}");
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

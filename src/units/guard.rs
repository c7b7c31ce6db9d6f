//! What keeps a text from being taken for a formula.
//!
//! A spreadsheet that opens a table runs what begins with =, +, - or @. Names and tags are whatever somebody wrote.

use super::format::plain_lines;

/// Whether a spreadsheet may take `text`, or a part of it that a comma, semicolon or tab sets off, for a formula.
///
/// A table written with commas is also read with semicolons, and the other way round: a cell may begin after any of them.
pub(crate) fn looks_like_a_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.split(SEPARATORS).any(|part| part.trim_start_matches(unseen).starts_with(SIGNS))
}

/// `text` as a cell of a table: nothing unprintable, and an apostrophe before whatever could be taken for a formula.
pub(crate) fn guarded(text: &str) -> String {
    if !looks_like_a_formula(text) {
        return plain_lines(text);
    }
    let mut safe = String::new();
    for part in text.split_inclusive(SEPARATORS) {
        let first = safe.is_empty();
        if part.trim_start_matches(unseen).starts_with(SIGNS) || first && part.starts_with(['\t', '\r', '\n']) {
            safe.push('\'');
        }
        safe.push_str(&plain_lines(part));
    }
    safe
}

/// The text that [`guarded`] made safe: without its apostrophes.
pub(crate) fn unguarded(cell: &str) -> String {
    let parts = cell.split_inclusive(SEPARATORS);
    let guards = |rest: &&str| rest.trim_start_matches(unseen).starts_with(SIGNS) || rest.starts_with(['\r', '\n']);
    parts.map(|part| part.strip_prefix('\'').filter(guards).unwrap_or(part)).collect()
}

/// What begins a formula, and its full-width forms, which some spreadsheets read alike.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What may end a cell.
const SEPARATORS: [char; 5] = [',', ';', '\t', '\r', '\n'];

/// What a reader may skip before the first sign: space, control characters, what has no width, quotes.
fn unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '"' | '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}')
        || matches!(c, '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(c, '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}')
        || matches!(c, '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_gets_an_apostrophe() {
        for text in ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "  =1", "\"=1"] {
            assert_eq!(guarded(text), format!("'{text}"), "{text:?}");
            assert!(looks_like_a_formula(text), "{text:?}");
        }
        assert_eq!(guarded("\t=1"), "'\u{fffd}'=1");
        assert_eq!(guarded("\rx"), "'\u{fffd}x");
        assert_eq!(guarded("\u{202e}=1"), "'\u{fffd}=1");
        assert_eq!(guarded("\u{200b}=1"), "'\u{fffd}=1");
        assert!(looks_like_a_formula("\u{200b}=1"));
        assert_eq!(guarded("\u{1b}=1"), "'\u{fffd}=1");
    }

    #[test]
    fn what_was_guarded_reads_back() {
        for text in [
            "=1",
            "  =1",
            "+5 %",
            "a, -b",
            "north;=1+1",
            "x,y",
            "'tis",
            "\"=1\"",
            "plain",
            "CRM export.\nWithout partners.",
            "a\r\nb",
            "x\n=1",
            "\n=1",
            "\nx",
        ] {
            assert_eq!(unguarded(&guarded(text)), text);
        }
    }

    #[test]
    fn what_runs_only_with_another_separator_gets_one_too() {
        assert_eq!(guarded("north;=1+1"), "north;'=1+1");
        assert_eq!(guarded("a, -b"), "a,' -b");
        assert!(looks_like_a_formula("north;=1+1"));
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in
            ["", "Europe", "segment=large", "Asia-Pacific", "a, b; c", "<script>", "1-2", "e-mail@example.com", "日本"]
        {
            assert_eq!(guarded(text), text);
            assert!(!looks_like_a_formula(text), "{text:?}");
        }
    }
}

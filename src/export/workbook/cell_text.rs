//! Texts as cells hold them.

use crate::units::plain;

/// What a cell can hold, in the units in which spreadsheets count.
const MOST_UNITS: usize = 32_767;

/// How many lines a text takes at a width in letters.
pub(super) fn lines_of(text: &str, width: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in text.split(' ') {
        let letters = word.chars().count();
        if used > 0 && used + 1 + letters > width {
            lines += 1;
            used = 0;
        }
        used += letters + usize::from(used > 0);
        lines += used / (width + 1);
        used %= width + 1;
    }
    lines
}

/// A text as a cell can hold it: nothing unprintable, not too long.
pub(super) fn cell_text(text: &str) -> String {
    // XML has no place for the two that are no characters.
    let mut text = plain(text).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}");
    if text.encode_utf16().count() > MOST_UNITS {
        let mut units = 0;
        let end = text.char_indices().find(|(_, c)| {
            units += c.len_utf16();
            units >= MOST_UNITS
        });
        text.truncate(end.map_or(text.len(), |(i, _)| i));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_into_lines() {
        for (text, width, lines) in
            [("", 5, 1), ("one two", 7, 1), ("one two", 6, 2), ("one two three", 5, 3), ("abcdefgh", 3, 3)]
        {
            assert_eq!(lines_of(text, width), lines, "{text}");
        }
    }

    #[test]
    fn a_text_fits_its_cell() {
        assert_eq!(cell_text("a\u{1b}b\u{ffff}"), "a\u{fffd}b\u{fffd}");
        for text in ["x".repeat(40_000), "\u{1F600}".repeat(20_000), "x".repeat(32_768)] {
            let cut = cell_text(&text);
            assert!(cut.ends_with('…') && (32_760..=32_767).contains(&cut.encode_utf16().count()), "{}", cut.len());
        }
        assert_eq!(cell_text(&"x".repeat(32_767)).len(), 32_767);
    }
}

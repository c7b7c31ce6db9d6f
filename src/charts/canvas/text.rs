//! Texts from outside, made fit to be drawn: cleaned, cut to a width, broken into lines.

use super::font;

/// Replaces what would break a file or turn a line around: control characters, marks of writing direction, characters
/// without width and those that XML does not allow.
pub(in crate::charts) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => ' ',
            '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFFE}'
            | '\u{FFFF}' => char::REPLACEMENT_CHARACTER,
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// Escapes a text for XML.
pub(in crate::charts) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}

/// The text, or as much of it as `room` takes with an ellipsis.
pub(in crate::charts) fn fit(text: &str, size: f64, bold: bool, room: f64) -> String {
    let text = clean(text);
    if font::width(&text, size, bold) <= room {
        return text;
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |n: usize| {
        let head: String = letters[..n].iter().collect();
        format!("{}…", head.trim_end_matches(|c: char| !c.is_alphanumeric()))
    };
    // The longest cut that fits; widths grow with the number of letters.
    let (mut fits, mut fails) = (0, letters.len());
    while fails - fits > 1 {
        let n = fits.midpoint(fails);
        if font::width(&cut(n), size, bold) <= room {
            fits = n;
        } else {
            fails = n;
        }
    }
    cut(fits)
}

/// The text, or its beginning and its end with an ellipsis between them: names that begin alike stay apart.
pub(in crate::charts) fn fit_middle(text: &str, size: f64, bold: bool, room: f64) -> String {
    let text = clean(text);
    let letters: Vec<char> = text.chars().collect();
    let cut = |n: usize| {
        let (head, tail) = (&letters[..n.div_ceil(2)], &letters[letters.len() - n / 2..]);
        let (head, tail) = (head.iter().collect::<String>(), tail.iter().collect::<String>());
        format!("{}…{}", head.trim_end(), tail.trim_start())
    };
    let fits = |text: &String| font::width(text, size, bold) <= room;
    let longest = (0..letters.len()).rev().map(cut).find(fits);
    if fits(&text) { text } else { longest.unwrap_or_else(|| "…".to_owned()) }
}

/// "Europe: win rate", of which the region's name gives way first.
pub(in crate::charts) fn short_name(name: &str, size: f64, bold: bool, room: f64) -> String {
    let Some((region, what)) = name.rsplit_once(": ") else {
        return fit(name, size, bold, room);
    };
    let what = format!(": {what}");
    let left = (room - font::width(&what, size, bold)).max(0.3 * room);
    fit(&format!("{}{what}", fit(region, size, bold, left)), size, bold, room)
}

/// Breaks a text at its spaces into at most `lines` lines of width `room`; what is left over is cut off.
pub(in crate::charts) fn wrap(text: &str, size: f64, bold: bool, room: f64, lines: usize) -> Vec<String> {
    let text = clean(text);
    let mut found: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        // The last line takes all that is left, to be cut below.
        let last = found.len() == lines;
        match found.last_mut() {
            Some(line) if last || joins(line, word, size, bold, room) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => found.push(word.to_owned()),
        }
    }
    found.iter().map(|line| fit(line, size, bold, room)).collect()
}

/// A heading on one line if there is room; else on two, broken where its sense breaks, or near the middle; else on `lines`.
pub(in crate::charts) fn heading(text: &str, size: f64, bold: bool, room: f64, lines: usize) -> Vec<String> {
    let text = clean(text);
    let fits = |line: &str| font::width(line, size, bold) <= room;
    if fits(&text) {
        return vec![text];
    }
    for mark in ["; ", ": "].into_iter().filter(|_| lines > 1) {
        if let Some(at) = text.rfind(mark) {
            let (first, second) = (&text[..=at], &text[at + mark.len()..]);
            if fits(first) && fits(second) {
                return vec![first.to_owned(), second.to_owned()];
            }
        }
    }
    // The narrowest room that takes no more lines.
    let narrower = (10..=20).map(|i| room * f64::from(i) / 20.0);
    let whole = |lines: &Vec<String>| lines.join(" ") == text;
    (2..=lines)
        .flat_map(|lines| narrower.clone().map(move |room| (room, lines)))
        .map(|(room, lines)| wrap(&text, size, bold, room, lines))
        .find(whole)
        .unwrap_or_else(|| wrap(&text, size, bold, room, lines))
}

fn joins(line: &str, word: &str, size: f64, bold: bool, room: f64) -> bool {
    font::width(&format!("{line} {word}"), size, bold) <= room
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_become_harmless() {
        assert_eq!(clean("a\u{202E}b\u{0}c\u{7F}d\ne"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d e");
        assert_eq!(escaped("<script>\"R&D\"</script>'"), "&lt;script&gt;&quot;R&amp;D&quot;&lt;/script&gt;&apos;");
        assert_eq!(clean("Île-de-France, Łódź, São Paulo"), "Île-de-France, Łódź, São Paulo");
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        let long = "Österreichisch-ungarische Vertriebsgesellschaft";
        let cut = fit(long, 14.0, false, 120.0);
        assert!(cut.ends_with('…') && font::width(&cut, 14.0, false) <= 120.0);
        assert!(font::width(&cut, 14.0, false) > 100.0, "{cut}");
        assert_eq!(fit("short", 14.0, false, 120.0), "short");
        assert_eq!(fit_middle("Plan of the board, high case", 14.0, false, 120.0), "Plan of t…igh case");
        assert_eq!(fit_middle("short", 14.0, false, 120.0), "short");
    }

    #[test]
    fn lines_break_at_spaces() {
        let lines = wrap("one two three four five six", 14.0, false, 80.0, 9);
        assert!(lines.len() > 1);
        assert_eq!(lines.join(" "), "one two three four five six");
        let cut = wrap("one two three four five six", 14.0, false, 80.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…'));
        assert!(wrap("", 14.0, false, 80.0, 2).is_empty());
    }

    #[test]
    fn headings_break_where_their_sense_does() {
        let text = "ARR in December 2028: about 3; 8 chances in 10 of 2 to 4";
        assert_eq!(heading(text, 23.0, true, 2_000.0, 2), [text]);
        assert_eq!(
            heading(text, 23.0, true, 500.0, 2),
            ["ARR in December 2028: about 3;", "8 chances in 10 of 2 to 4"]
        );
        assert_eq!(heading("aaa bbb ccc ddd", 23.0, true, 180.0, 2), ["aaa bbb", "ccc ddd"]);
        assert_eq!(heading("aaa bbb ccc", 23.0, true, 60.0, 3), ["aaa", "bbb", "ccc"]);
    }
}

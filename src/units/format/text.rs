//! Texts, names, counts and lists in sentences.

use super::number::thousands;

/// A list in a sentence names so many items at most.
const MAX_LISTED: usize = 12;

/// A text in one line, without what could garble a screen: a new line becomes a space; other control characters, what has no width, and
/// what turns the writing direction, U+FFFD.
pub(crate) fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").chars().map(|c| if c == '\n' { ' ' } else { printable(c) }).collect()
}

/// The same with its new lines as they are: for a cell of a table, which holds them.
#[cfg(feature = "export")]
pub(crate) fn plain_lines(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let ends = c == '\n' || c == '\r' && letters.peek() == Some(&'\n');
        lines.push(if ends { c } else { printable(c) });
    }
    lines
}

fn printable(c: char) -> char {
    if c.is_control() || is_invisible(c) { '\u{FFFD}' } else { c }
}

/// The same JSON without such characters as they are: in its texts they are written as escapes, which read as the same text.
pub(crate) fn plain_json(json: String) -> String {
    // Between texts, JSON has no control characters but those of its layout.
    let unplain = |c: char| (c.is_control() || is_invisible(c)) && !matches!(c, '\n' | '\r' | '\t');
    if !json.contains(unplain) {
        return json;
    }
    let mut plain = String::with_capacity(json.len());
    let mut units = [0; 2];
    for c in json.chars() {
        if unplain(c) {
            c.encode_utf16(&mut units).iter().for_each(|unit| plain.push_str(&format!("\\u{unit:04x}")));
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Whether a character breaks the line, hides, or turns the writing direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text with its first letter as a capital, as a sentence or a title begins.
pub(crate) fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text of at most `longest` characters; what is cut off is shown as "…".
pub(crate) fn shorten(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest - 1).chain(['…']).collect()
}

/// A count with its noun: "1 month", "12 months".
pub(crate) fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n as f64), if n == 1 { "" } else { "s" })
}

/// "5 to 9", or one of both where they are alike.
pub(crate) fn between<T: PartialEq + std::fmt::Display>(least: T, most: T) -> String {
    if least == most { most.to_string() } else { format!("{least} to {most}") }
}

/// A list in a sentence: "a, b and c".
pub(crate) fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => format!("{} and {}", join(first, ", "), last.as_ref()),
    }
}

/// A list in a sentence, of which a long one ends with "and 48 more".
pub(crate) fn list_some<S: AsRef<str>>(items: &[S]) -> String {
    if items.len() <= MAX_LISTED { list(items) } else { join_some(items, ", ") }
}

/// Items with `between` them; of a long list the first ones, and how many more there are.
pub(crate) fn join_some<S: AsRef<str>>(items: &[S], between: &str) -> String {
    if items.len() <= MAX_LISTED {
        return join(items, between);
    }
    let (first, more) = items.split_at(MAX_LISTED - 1);
    format!("{} and {} more", join(first, between), more.len())
}

/// Items with `between` them.
fn join<S: AsRef<str>>(items: &[S], between: &str) -> String {
    items.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_steer_a_terminal() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\u{9b}"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
        assert_eq!(plain("March.\nNo list.\r\nYet\r!"), "March. No list. Yet\u{fffd}!");
    }

    #[test]
    fn json_is_the_same_text_without_what_steers_a_terminal() {
        let text = "T\u{9b}31m\u{202e}\u{2028}{\"event\":\"forged\"}\u{85}\u{7f}\u{e0041}\u{feff}é日\n";
        let json = serde_json::json!({ "name": text });
        for raw in [json.to_string(), format!("{json:#}\n")] {
            let escaped = plain_json(raw.clone());
            assert!(raw.contains('\u{9b}') && escaped.contains(r"\u009b31m\u202e\u2028"), "{escaped}");
            assert_eq!(plain(&escaped.replace('\n', "")), escaped.replace('\n', ""));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).unwrap(), json);
        }
    }

    #[test]
    fn sentences_begin_with_a_capital() {
        assert_eq!(["total bookings", "ARR", "élan", ""].map(capitalize), ["Total bookings", "ARR", "Élan", ""]);
    }

    #[test]
    fn long_lists_and_names_are_cut() {
        let items: Vec<String> = (1..=60).map(|n| n.to_string()).collect();
        assert_eq!(list_some(&items), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 49 more");
        assert_eq!([list(&items[..0]), list(&items[..1]), list(&items[..3])], ["", "1", "1, 2 and 3"]);
        assert_eq!(shorten(&"x".repeat(10_000), 80).chars().count(), 80);
        assert_eq!(shorten("Europe", 6), "Europe");
    }

    #[test]
    fn counts_have_their_plurals() {
        assert_eq!([count(1, "month"), count(0, "month"), count(12, "month")], ["1 month", "0 months", "12 months"]);
    }
}

//! A field of another type than its own, in plain words.

use super::seal::DAMAGED;
use crate::scenario::Fault;

/// The first field of a text that keeps it from being a document of a run, or a part of one: where it is, and serde's message.
pub(super) fn misread(file: &str, path: &str, message: &str) -> Fault {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let path = if path == "." { "" } else { path };
    let named = |field: &str| if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") };
    for (start, found) in [("missing field `", "nothing"), ("duplicate field `", "it twice")] {
        if let Some(field) = message.strip_prefix(start) {
            let path = named(field.trim_end_matches('`'));
            return damaged(file, path, found.to_owned(), "it once, as a run writes it".to_owned());
        }
    }
    let (found, allowed) = said(message);
    damaged(file, path.to_owned(), found, allowed)
}

/// A field that holds something else than what a run writes.
pub(super) fn damaged(file: &str, path: String, found: String, allowed: String) -> Fault {
    Fault { file: file.to_owned(), path, found, allowed, hint: DAMAGED.to_owned() }
}

/// What was found and what is allowed, of serde's message.
fn said(message: &str) -> (String, String) {
    let kinds = ["invalid type: ", "invalid value: ", "unknown variant ", "invalid length "];
    let rest = kinds.iter().find_map(|kind| Some((*kind, message.strip_prefix(kind)?)));
    match rest.and_then(|(kind, rest)| Some((kind, rest.split_once(", expected ")?))) {
        Some(("unknown variant ", (found, allowed))) => {
            (format!("the text {}", found.replace('`', "\"")), allowed.replace('`', ""))
        }
        Some(("invalid length ", (found, _))) => (format!("{found} elements"), "as many as a run writes".to_owned()),
        Some((_, (found, allowed))) => (of_value(found), of_type(allowed)),
        None if message == "number out of range" => {
            ("a number too large for double precision".to_owned(), "a number".to_owned())
        }
        // Where one of some words should stand, the reader says no more.
        None if message == "expected value" => {
            ("something else than text".to_owned(), "one of the words that a run writes, in quotes".to_owned())
        }
        None => (message.to_owned(), "what a run writes".to_owned()),
    }
}

/// A value, as serde calls it.
fn of_value(found: &str) -> String {
    const SHOWN: usize = 60;
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let text = match kind {
        "string" => format!("the text {value}"),
        "integer" | "boolean" => value.trim_matches('`').to_owned(),
        "floating" => value.trim_start_matches("point ").trim_matches('`').to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "an object".to_owned(),
        "unit" => "null".to_owned(),
        _ => found.to_owned(),
    };
    if text.chars().count() > SHOWN { text.chars().take(SHOWN).chain(['…']).collect() } else { text }
}

/// A type, as serde calls it.
fn of_type(expected: &str) -> String {
    let (kind, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    match (kind, rest) {
        ("f64", _) => "a number".to_owned(),
        ("usize" | "u64" | "u32", _) => "a whole number of 0 or more".to_owned(),
        ("struct", _) => "an object".to_owned(),
        ("a", "string") => "text in quotes".to_owned(),
        ("a", "sequence") => "a list".to_owned(),
        ("string", "or map") => "one of the words that a run writes, in quotes".to_owned(),
        _ => expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_in_plain_words() {
        for (message, found, allowed) in [
            ("invalid type: string \"x\", expected f64", "the text \"x\"", "a number"),
            ("invalid type: null, expected usize", "null", "a whole number of 0 or more"),
            ("invalid value: integer `-1`, expected u64", "-1", "a whole number of 0 or more"),
            ("invalid type: floating point `1.5`, expected a string", "1.5", "text in quotes"),
            ("invalid type: map, expected a sequence", "an object", "a list"),
            ("unknown variant `p11`, expected one of `p10`, `p50`", "the text \"p11\"", "one of p10, p50"),
            ("invalid length 0, expected struct Share with 2 elements", "0 elements", "as many as a run writes"),
        ] {
            assert_eq!(said(message), (found.to_owned(), allowed.to_owned()), "{message}");
        }
    }
}

//! JSON as a tree: keys in order, none twice, faults with line and column.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::units::SyntaxFault;

/// Longest piece of the faulty line that is shown.
const SHOWN: usize = 100;

/// Far more than any scenario has, and few enough that a hostile file fills no memory.
const MOST_MEMBERS: usize = 10_000;

/// The rows of a table that stands in a scenario, at most.
const MOST_ELEMENTS: usize = 100_000;

/// A file, and those that it extends, hold no more values together: a value takes up to 210 bytes of memory.
pub(crate) const MOST_VALUES: usize = 800_000;

/// A text is drawn and printed again and again; none of a scenario is as long.
const MOST_BYTES: usize = 100_000;

/// Reads one JSON document of at most as many values as are `left`, which then are fewer.
///
/// # Errors
/// [`SyntaxFault`] for bytes that are no UTF-8, no JSON, nested too deeply, an object with a key twice, more values than are left, or
/// a text of more than 100,000 bytes.
pub(super) fn parse(file: &str, bytes: &[u8], left: &Cell<usize>) -> Result<Value, SyntaxFault> {
    let text = utf8(file, bytes, "a scenario")?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = Tree { left }.deserialize(&mut reader).and_then(|tree| reader.end().map(|()| tree));
    read.map_err(|error| SyntaxFault::of_json(file, text, &error))
}

/// The text of a file that should hold `what`.
pub(crate) fn utf8<'a>(file: &str, bytes: &'a [u8], what: &str) -> Result<&'a str, SyntaxFault> {
    let whole = |message: String| SyntaxFault { file: file.to_owned(), message, place: None };
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| {
        whole(format!(
            "not UTF-8 text: byte {} is {:#04x}; save the file as UTF-8",
            e.valid_up_to() + 1,
            bytes[e.valid_up_to()]
        ))
    })?;
    if text.trim().is_empty() {
        return Err(whole(format!("the file is empty; {what} is a JSON object")));
    }
    Ok(text)
}

impl SyntaxFault {
    /// A text that is no JSON: where, and that line, or the piece of a long one.
    pub(crate) fn of_json(file: &str, text: &str, error: &serde_json::Error) -> SyntaxFault {
        let whole = |message: String| SyntaxFault { file: file.to_owned(), message, place: None };
        let open = if error.is_eof() { unclosed(text) } else { None };
        let (line, column) = open.as_ref().map_or((error.line(), error.column().max(1)), |(at, _)| {
            let before = &text[..*at];
            (before.matches('\n').count() + 1, before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1)
        });
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(text, _)| text).to_owned();
        let message = match message.as_str() {
            _ if error.is_eof() => open.map_or("it ends in the middle of a value".to_owned(), |(_, message)| message),
            "recursion limit exceeded" => "nested more than 127 levels deep".to_owned(),
            "number out of range" => "a number too large for double precision".to_owned(),
            _ => message,
        };
        let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or("");
        // serde_json counts bytes; people count characters.
        let chars = shown.char_indices().take_while(|(at, _)| at + 1 < column).count();
        let from = chars.saturating_sub(SHOWN / 2);
        let piece: String =
            shown.chars().skip(from).take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let place = (line.max(1), chars + 1, piece);
        if from > 0 {
            whole(format!("line {line}, column {}: {message}; near: {}", chars + 1, place.2))
        } else {
            SyntaxFault { place: Some(place), ..whole(message) }
        }
    }
}

/// Where what is not closed at the end of a JSON text was opened, in bytes, and what to say of it.
fn unclosed(text: &str) -> Option<(usize, String)> {
    let line = |at: usize| &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..];
    let indent = |at: usize| line(at).len() - line(at).trim_start_matches([' ', '\t']).len();
    let what = |at: usize| if text[at..].starts_with('{') { "object" } else { "list" };
    let (mut open, mut unlike, mut quote, mut escaped) = (Vec::new(), None, None, false);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', Some(_)) => escaped = true,
            ('"', Some(_)) => quote = None,
            (_, Some(_)) => {}
            ('"', None) => quote = Some(at),
            ('{' | '[', None) => open.push(at),
            ('}' | ']', None) => {
                let first = line(at).trim_start_matches([' ', '\t']).starts_with(c);
                // What is closed further left than it was opened was perhaps not closed there.
                unlike = unlike.or(open.pop().filter(|opened| first && indent(*opened) > indent(at)));
            }
            _ => {}
        }
    }
    match (quote, unlike, open.last()) {
        (Some(at), ..) => Some((at, "the text that begins here has no closing quote".to_owned())),
        (_, Some(at), Some(_)) => Some((
            at,
            format!("the file ends too soon: a bracket is missing; is the {} that is opened here closed?", what(at)),
        )),
        (_, None, Some(at)) => {
            Some((*at, format!("the file ends too soon: the {} that is opened here is not closed", what(*at))))
        }
        _ => None,
    }
}

/// Reads a value in whose objects no key stands twice, of at most as many values as are left.
#[derive(Clone, Copy)]
struct Tree<'a> {
    left: &'a Cell<usize>,
}

impl Tree<'_> {
    fn text<E: serde::de::Error>(text: &str) -> Result<&str, E> {
        if text.len() > MOST_BYTES {
            return Err(E::custom(format!("a text of {} bytes; at most {MOST_BYTES} are read", text.len())));
        }
        Ok(text)
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| {
            D::Error::custom(format!("more than {MOST_VALUES} values in a scenario and the files that it extends"))
        })?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, x: bool) -> Result<Value, E> {
        Ok(Value::Bool(x))
    }
    fn visit_u64<E>(self, x: u64) -> Result<Value, E> {
        Ok(x.into())
    }
    fn visit_i64<E>(self, x: i64) -> Result<Value, E> {
        Ok(x.into())
    }
    fn visit_f64<E: serde::de::Error>(self, x: f64) -> Result<Value, E> {
        Number::from_f64(x).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }
    fn visit_str<E: serde::de::Error>(self, x: &str) -> Result<Value, E> {
        Ok(Tree::text(x)?.into())
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
            if list.len() > MOST_ELEMENTS {
                return Err(A::Error::custom(format!("more than {MOST_ELEMENTS} elements in one list")));
            }
        }
        // A list of one has room for four, of what may be millions.
        list.shrink_to_fit();
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            Tree::text(&key)?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the key \"{key}\" stands twice in this object")));
            }
            let value = entries.next_value_seed(self)?;
            map.insert(key, value);
            if map.len() > MOST_MEMBERS {
                return Err(A::Error::custom(format!(
                    "more than {MOST_MEMBERS} keys in one object; a scenario has at most 1000 regions"
                )));
            }
        }
        let mut exact = Map::with_capacity(map.len());
        exact.extend(map);
        Ok(Value::Object(exact))
    }
}

/// A value as it is shown in a fault: short, on one line, with its type where that is the point.
pub(super) fn describe(value: &Value) -> String {
    let short = |text: String| {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if text.chars().count() > 60 { format!("{}…", text.chars().take(60).collect::<String>()) } else { text }
    };
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(x) => x.to_string(),
        Value::Number(x) => x.to_string(),
        Value::String(x) => format!("the text {}", short(format!("{x:?}"))),
        Value::Array(x) => format!("a list of {}", x.len()),
        Value::Object(x) if x.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => format!("the object {}", short(value.to_string())),
    }
}

//! Walking a JSON tree with a list of faults at hand: what is wrong is noted and reading goes on.

use std::cell::RefCell;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::json::describe;
use crate::units::{Fault, Typed, closest};

/// The faults gathered so far, and where each field of the tree came from.
pub(super) struct Reading {
    /// Files, the latest first, each with its own tree.
    pub(super) layers: Vec<(String, Value)>,
    /// JSON pointers that an option set, with the option as typed.
    pub(super) options: Vec<(String, String)>,
    /// The tables that sections of the scenario were taken from.
    pub(super) tables: Vec<Table>,
    pub(super) faults: RefCell<Vec<Fault>>,
}

/// A section of the scenario that was read from a table: where each of its rows and fields stands there.
pub(super) struct Table {
    /// The section: actuals, pipeline or contracts.
    pub(super) section: &'static str,
    pub(super) file: String,
    /// The line of each row.
    pub(super) lines: Vec<u64>,
    /// The field of a row and what its column is called.
    pub(super) columns: Vec<(&'static str, String)>,
    /// The places of cells that could not be read.
    pub(super) faulty: HashSet<String>,
}

impl Table {
    /// A table of which no row could be read.
    pub(super) fn without_rows(section: &'static str, file: String) -> Table {
        Table { section, file, lines: Vec::new(), columns: Vec::new(), faulty: HashSet::new() }
    }

    /// Where the value at a JSON pointer stands: "row 5, Close Date", "row 5", or the table as a whole.
    fn place(&self, pointer: &str) -> Option<String> {
        let mut steps = pointer.strip_prefix('/')?.strip_prefix(self.section)?.split('/').skip(1);
        let Some(line) = steps.next().and_then(|row| self.lines.get(row.parse::<usize>().ok()?)) else {
            return Some(String::new());
        };
        let Some(field) = steps.next() else { return Some(format!("row {line}")) };
        let column = self.columns.iter().find(|(key, _)| *key == field).map_or(field, |(_, column)| column.as_str());
        Some(format!("row {line}, {column}"))
    }
}

/// A value of the tree and where it stands.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pub(super) reading: &'a Reading,
    pub(super) value: &'a Value,
    pub(super) path: String,
    pointer: String,
}

/// An object being read; it notes which keys were asked for, so that the others can be named as unknown.
pub(super) struct Object<'a> {
    node: Node<'a>,
    map: &'a Map<String, Value>,
    asked: Vec<String>,
}

/// What a number must be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
    /// Whether `low` itself is left out.
    pub(super) above: bool,
    /// What such a number is called: "a share", "an amount".
    pub(super) what: &'static str,
}

impl Range {
    pub(super) const fn new(what: &'static str, low: f64, high: f64) -> Range {
        Range { low, high, above: false, what }
    }

    pub(super) const fn above(what: &'static str, low: f64, high: f64) -> Range {
        Range { low, high, above: true, what }
    }

    pub(super) fn holds(&self, x: f64) -> bool {
        x >= self.low && x <= self.high && !(self.above && x == self.low)
    }

    pub(super) fn allowed(&self) -> String {
        let number = |x: f64| {
            // A double has not all its digits.
            if x == u64::MAX as f64 {
                u64::MAX.to_string()
            } else if x.abs() >= 1e6 {
                format!("{x:e}")
            } else {
                format!("{x}")
            }
        };
        if self.above {
            format!("{}, above {} and at most {}", self.what, number(self.low), number(self.high))
        } else {
            format!("{}, {} to {}", self.what, number(self.low), number(self.high))
        }
    }

    /// What the writer probably meant.
    fn hint(&self, x: f64) -> String {
        let percent = x / 100.0;
        if matches!(self.high, 1.0 | 10.0)
            && self.what != "a correlation"
            && x >= 2.0
            && x > self.high
            && self.holds(percent)
        {
            format!("{x} is above {}; did you mean {percent}?", self.high)
        } else if x < 0.0 && self.low == 0.0 {
            "negative numbers are not allowed here".to_owned()
        } else {
            String::new()
        }
    }
}

impl Reading {
    pub(super) fn root<'a>(&'a self, tree: &'a Value) -> Node<'a> {
        Node { reading: self, value: tree, path: String::new(), pointer: String::new() }
    }

    /// Notes a fault of the field at `path`.
    pub(super) fn fault(
        &self,
        path: &str,
        pointer: &str,
        found: String,
        allowed: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let in_table = self.tables.iter().find_map(|table| Some((table, table.place(pointer)?)));
        // A cell that could not be read is not missing as well.
        if in_table.as_ref().is_some_and(|(table, place)| table.faulty.contains(place)) {
            return;
        }
        let in_table = in_table.map(|(table, place)| (table.file.clone(), place));
        let (file, path) = in_table.unwrap_or_else(|| (self.source(pointer), path.to_owned()));
        self.faults.borrow_mut().push(Fault { file, path, found, allowed: allowed.into(), hint: hint.into() });
    }

    /// Whether a fault of a section was noted.
    pub(super) fn is_faulty(&self, section: &str) -> bool {
        let table = self.tables.iter().find(|table| table.section == section);
        let faults = self.faults.borrow();
        faults.iter().any(|fault| match table {
            Some(table) => fault.file == table.file,
            None => fault.path.starts_with(section),
        })
    }

    /// Where the value at a JSON pointer was written; of a missing one, its nearest parent. A list replaces that of the file
    /// below it whole, so what is missing in an element of it is missing in the list's own file. Options lie over all files: an
    /// object of which one sets a member was as it should be without it.
    pub(super) fn source(&self, pointer: &str) -> String {
        let is_below = |below: &str, above: &str| below.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
        let is_written = self.layers.iter().any(|(_, tree)| tree.pointer(pointer).is_some());
        let is_member = |set: &str| is_below(set, pointer) && !(is_written && set[pointer.len() + 1..].contains('/'));
        let set = |set: &String| pointer == set || is_below(pointer, set) || !pointer.is_empty() && is_member(set);
        if let Some((_, option)) = self.options.iter().rev().find(|(pointer, _)| set(pointer)) {
            return option.clone();
        }
        let mut at = pointer;
        loop {
            let in_list = |tree: &Value| {
                let mut parents = at.match_indices('/').map(|(end, _)| &at[..end]);
                parents.any(|parent| tree.pointer(parent).is_some_and(Value::is_array))
            };
            let written = |(_, tree): &&(String, Value)| tree.pointer(at).is_some() || in_list(tree);
            if let Some((file, _)) = self.layers.iter().find(written) {
                return file.clone();
            }
            match at.rfind('/') {
                Some(end) => at = &at[..end],
                None => {
                    return self.layers.first().map_or_else(String::new, |(file, _)| file.clone());
                }
            }
        }
    }
}

impl<'a> Node<'a> {
    pub(super) fn fault(&self, found: String, allowed: impl Into<String>, hint: impl Into<String>) {
        self.reading.fault(&self.path, &self.pointer, found, allowed, hint);
    }

    /// Notes that this value is not what is allowed.
    pub(super) fn wrong(&self, allowed: &str, hint: &str) {
        self.fault(describe(self.value), allowed, hint);
    }

    fn child(&self, key: &str, value: &'a Value) -> Node<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let escaped = key.replace('~', "~0").replace('/', "~1");
        Node { reading: self.reading, value, path, pointer: format!("{}/{escaped}", self.pointer) }
    }

    pub(super) fn object(&self) -> Option<Object<'a>> {
        match self.value {
            Value::Object(map) => Some(Object { node: self.clone(), map, asked: Vec::new() }),
            _ => {
                self.wrong("an object in braces", "");
                None
            }
        }
    }

    /// The entries of an object whose keys the writer chooses.
    pub(super) fn entries(&self) -> Vec<(&'a String, Node<'a>)> {
        match self.value {
            Value::Object(map) => map.iter().map(|(key, value)| (key, self.child(key, value))).collect(),
            _ => {
                self.wrong("an object in braces", "");
                Vec::new()
            }
        }
    }

    /// The elements of a list, each named by its `name` where it has one.
    pub(super) fn list(&self) -> Vec<Node<'a>> {
        let Value::Array(items) = self.value else {
            self.wrong("a list in brackets", "");
            return Vec::new();
        };
        items.iter().enumerate().map(|(i, value)| self.element(i, value)).collect()
    }

    pub(super) fn element(&self, i: usize, value: &'a Value) -> Node<'a> {
        let label = value.get("name").and_then(Value::as_str).map_or_else(|| i.to_string(), str::to_owned);
        Node {
            reading: self.reading,
            value,
            path: format!("{}[{label}]", self.path),
            pointer: format!("{}/{i}", self.pointer),
        }
    }

    pub(super) fn number(&self, range: Range) -> Option<f64> {
        let Some(x) = self.value.as_f64() else {
            self.wrong(&range.allowed(), &self.hint_of_text());
            return None;
        };
        if !range.holds(x) {
            self.wrong(&range.allowed(), &range.hint(x));
            return None;
        }
        // -0.0 reads as 0.
        Some(x + 0.0)
    }

    /// What to do about a text in the place of a number.
    pub(super) fn hint_of_text(&self) -> String {
        let Some(text) = self.value.as_str() else { return String::new() };
        match Typed::Any.read(text) {
            Ok(share) if text.trim().ends_with('%') => format!("a percentage is written as a share: {share}"),
            Ok(_) if text.trim().parse::<f64>().is_ok() => "numbers are written without quotes".to_owned(),
            Ok(number) => format!("a number is written out: {number}"),
            Err(hint) => hint,
        }
    }

    pub(super) fn whole(&self, range: Range) -> Option<u64> {
        // Seeds use all 64 bits, more than a double holds.
        if let Some(x) = self.value.as_u64().filter(|x| (range.low..=range.high).contains(&(*x as f64))) {
            return Some(x);
        }
        let x = self.number(range)?;
        if x.fract() != 0.0 || x >= (1u64 << 53) as f64 {
            self.wrong(&format!("{} without decimals", range.allowed()), "");
            return None;
        }
        Some(x as u64)
    }

    pub(super) fn text(&self) -> Option<String> {
        if let Value::String(text) = self.value {
            return Some(text.clone());
        }
        self.wrong("text in quotes", "");
        None
    }

    pub(super) fn truth(&self) -> Option<bool> {
        let found = self.value.as_bool();
        if found.is_none() {
            self.wrong("true or false", "");
        }
        found
    }

    /// One of some words.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let allowed = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
        let Value::String(text) = self.value else {
            self.wrong(&format!("one of {allowed}"), "");
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<String> = words.iter().map(|(word, _)| (*word).to_owned()).collect();
            self.wrong(&format!("one of {allowed}"), &closest(text, known.iter()));
        }
        found
    }
}

impl<'a> Object<'a> {
    /// The value of a key, if it is there.
    pub(super) fn get(&mut self, key: &str) -> Option<Node<'a>> {
        if !self.asked.iter().any(|asked| asked == key) {
            self.asked.push(key.to_owned());
        }
        self.map.get(key).map(|value| self.node.child(key, value))
    }

    /// The value of a key that must be there.
    pub(super) fn required(&mut self, key: &str, allowed: &str) -> Option<Node<'a>> {
        let found = self.get(key);
        if found.is_none() {
            let missing = self.node.child(key, &Value::Null);
            missing.fault("nothing".to_owned(), allowed, "this field is required");
        }
        found
    }

    pub(super) fn number(&mut self, key: &str, range: Range, default: f64) -> f64 {
        self.get(key).and_then(|node| node.number(range)).unwrap_or(default)
    }

    pub(super) fn whole(&mut self, key: &str, range: Range, default: u64) -> u64 {
        self.get(key).and_then(|node| node.whole(range)).unwrap_or(default)
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.get(key).and_then(|node| node.text())
    }

    pub(super) fn list(&mut self, key: &str) -> Vec<Node<'a>> {
        self.get(key).map_or_else(Vec::new, |node| node.list())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.map.keys().map(String::as_str)
    }

    /// The keys that no option has set.
    pub(super) fn written_keys(&self) -> Vec<&'a str> {
        let options = &self.node.reading.options;
        let is_set = |key: &str| options.iter().any(|(set, _)| *set == format!("{}/{key}", self.node.pointer));
        self.keys().filter(|key| !is_set(key)).collect()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    pub(super) fn node(&self) -> &Node<'a> {
        &self.node
    }

    /// Names the keys that nobody asked for. Every object may carry a note and a source.
    pub(super) fn close(self) {
        for (key, value) in self.map {
            if !self.asked.contains(key) {
                let allowed = format!("one of {}", self.asked.join(", "));
                self.node.child(key, value).fault(
                    "an unknown key".to_owned(),
                    allowed,
                    closest(key, self.asked.iter()),
                );
            }
        }
    }
}

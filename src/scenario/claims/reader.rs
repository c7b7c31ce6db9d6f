//! How a field of a claim is read: each kind of field once.

use indexmap::IndexMap;

use super::quoted_number::{QuotedNumber, RoundingUnit};
use crate::scenario::metric::Metric;
use crate::scenario::parts;
use crate::scenario::reader::{Node, Object, Range};

/// A way of reading the field of a key as a `T`; `None` where it is missing or faulty, which is noted.
pub(super) trait Read<T> {
    /// Reads the field of a key, where it stands.
    fn read(&self, o: &mut Object, key: &str) -> Option<T>;
}

/// An object that is read field by field.
pub(super) trait Entry: Sized {
    /// Reads the fields of the object.
    fn read(o: &mut Object) -> Option<Self>;

    /// Reads a node that has to be such an object, and no more than that.
    fn of(node: &Node) -> Option<Self> {
        let mut o = node.object()?;
        let found = Self::read(&mut o);
        o.close();
        found
    }
}

/// A quoted number, with how far it is off at most unless the writer says so.
#[derive(Clone, Copy)]
pub(super) struct Number(pub(super) Range, pub(super) RoundingUnit);

impl Read<QuotedNumber> for Number {
    fn read(&self, o: &mut Object, key: &str) -> Option<QuotedNumber> {
        o.required(key, &self.0.allowed()).and_then(|node| QuotedNumber::read(&node, self.0, self.1))
    }
}

impl Read<Option<QuotedNumber>> for Number {
    fn read(&self, o: &mut Object, key: &str) -> Option<Option<QuotedNumber>> {
        Some(o.get(key).and_then(|node| QuotedNumber::read(&node, self.0, self.1)))
    }
}

/// The same number for each of some keys.
impl Read<IndexMap<String, QuotedNumber>> for Number {
    fn read(&self, o: &mut Object, key: &str) -> Option<IndexMap<String, QuotedNumber>> {
        let node = o.required(key, "an object with each region's share");
        let entries = node.map_or_else(Vec::new, |node| node.entries());
        let read = |(key, node): (&String, Node)| Some((key.clone(), QuotedNumber::read(&node, self.0, self.1)?));
        Some(entries.into_iter().filter_map(read).collect())
    }
}

/// A text, with what is allowed where one is required.
pub(super) struct Text(pub(super) &'static str);

impl Read<String> for Text {
    fn read(&self, o: &mut Object, key: &str) -> Option<String> {
        o.required(key, self.0).and_then(|node| node.text())
    }
}

impl Read<Option<String>> for Text {
    fn read(&self, o: &mut Object, key: &str) -> Option<Option<String>> {
        Some(o.text(key))
    }
}

impl Read<Vec<String>> for Text {
    fn read(&self, o: &mut Object, key: &str) -> Option<Vec<String>> {
        Some(o.list(key).iter().filter_map(Node::text).collect())
    }
}

/// Tags with their values.
pub(super) struct Tags;

impl Read<Option<IndexMap<String, String>>> for Tags {
    fn read(&self, o: &mut Object, key: &str) -> Option<Option<IndexMap<String, String>>> {
        Some(o.get(key).map(|node| parts::tags(&node)))
    }
}

/// A metric by its key.
pub(super) struct MetricKey;

impl Read<Metric> for MetricKey {
    fn read(&self, o: &mut Object, key: &str) -> Option<Metric> {
        o.required(key, "the name of a metric").and_then(|node| parts::metric(&node))
    }
}

/// A number of months, or a month counted from 1.
pub(super) struct Months;

impl Read<usize> for Months {
    fn read(&self, o: &mut Object, key: &str) -> Option<usize> {
        o.required(key, &parts::MONTHS.allowed())
            .and_then(|node| node.whole(parts::MONTHS))
            .map(|months| months as usize)
    }
}

impl Read<Option<usize>> for Months {
    fn read(&self, o: &mut Object, key: &str) -> Option<Option<usize>> {
        Some(o.get(key).and_then(|node| node.whole(parts::MONTHS)).map(|months| months as usize))
    }
}

/// One of some words, required.
pub(super) struct Word<T: 'static>(pub(super) &'static [(&'static str, T)]);

impl<T: Copy> Read<T> for Word<T> {
    fn read(&self, o: &mut Object, key: &str) -> Option<T> {
        let words: Vec<&str> = self.0.iter().map(|(word, _)| *word).collect();
        let allowed = match words.split_last() {
            Some((last, [_, ..])) => format!("{} or {last}", words[..words.len() - 1].join(", ")),
            _ => words.join(""),
        };
        o.required(key, &allowed).and_then(|node| node.word(self.0))
    }
}

/// One of some words, or the usual one.
pub(super) struct WordOrUsual<T: 'static>(pub(super) &'static [(&'static str, T)]);

impl<T: Copy + Default> Read<T> for WordOrUsual<T> {
    fn read(&self, o: &mut Object, key: &str) -> Option<T> {
        Some(o.get(key).and_then(|node| node.word(self.0)).unwrap_or_default())
    }
}

/// Objects: a list of them, or one that may be missing.
pub(super) struct Objects;

impl<T: Entry> Read<Vec<T>> for Objects {
    fn read(&self, o: &mut Object, key: &str) -> Option<Vec<T>> {
        Some(o.list(key).iter().filter_map(T::of).collect())
    }
}

impl<T: Entry> Read<Option<T>> for Objects {
    fn read(&self, o: &mut Object, key: &str) -> Option<Option<T>> {
        Some(o.get(key).and_then(|node| T::of(&node)))
    }
}

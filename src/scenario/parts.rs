//! Parts that several objects of a scenario file have: remarks, tags, metrics and numbers of months.

use indexmap::IndexMap;

use super::metric::Metric;
use super::reader::{Node, Object, Range};
use crate::units::Month;

/// A number of months, or a month counted from 1.
pub(super) const MONTHS: Range = Range::new("months", 1.0, 600.0);

/// The note and the source of an object.
pub(super) fn remarks(o: &mut Object) -> (Option<String>, Option<String>) {
    (o.text("note"), o.text("source"))
}

/// Tags with their values.
pub(super) fn tags(node: &Node) -> IndexMap<String, String> {
    let entries = node.entries();
    if entries.len() > 20 {
        node.fault(format!("{} tags", entries.len()), "at most 20 tags", "");
    }
    let mut tags = IndexMap::new();
    for (key, node) in entries {
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
            node.fault(format!("the key {key:?}"), "lower-case letters, digits and underscores", "");
        }
        if let Some(value) = node.text() {
            tags.insert(key.clone(), value);
        }
    }
    tags
}

/// A metric by its key.
pub(super) fn metric(node: &Node) -> Option<Metric> {
    let words: Vec<(&str, Metric)> = Metric::ALL.map(|metric| (metric.key(), metric)).into();
    node.word(&words)
}

/// A month such as 2027-03.
pub(super) fn month(node: &Node) -> Option<Month> {
    let found = node.value.as_str().and_then(|text| text.parse().ok());
    if found.is_none() {
        node.wrong("a month such as \"2027-03\", in quotes, years 1900 to 2999", "");
    }
    found
}

//! Levers: things that one could do, with what they cost and what they change.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;

use super::parts::remarks;
use super::reader::{Node, Object, Range};

/// Something that one could do, with what it costs and what it changes. It changes no number of the forecast.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Lever {
    /// What it is called, unlike the others.
    pub name: String,
    /// What it costs over all months played.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub cost: f64,
    /// Paths with the factor on every draw, or on the number where the field is fixed; * stands for all regions.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub multiply: IndexMap<String, f64>,
    /// Paths with what the field is then: a number, or a quantity.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, with = "IndexMap<String, super::quantity::Quantity>"))]
    pub set: IndexMap<String, Value>,
    /// A remark on it, which changes no number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where the figures come from, such as a report or a system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// No scenario has more.
pub(super) const MOST: usize = 100;
const COST: Range = Range::new("an amount of money", 0.0, 1e15);
const FACTOR: Range = Range::above("a factor", 0.0, 1e6);
pub(super) fn read(node: &Node) -> Option<Lever> {
    let mut o = node.object()?;
    let name = o.required("name", "text in quotes").and_then(|n| n.text());
    let cost = o.required("cost", &COST.allowed()).and_then(|n| n.number(COST));
    let multiply = entries(&mut o, "multiply", |n| n.number(FACTOR));
    let set = entries(&mut o, "set", |n| {
        let sound = n.value.is_number() || n.value.is_object();
        if !sound {
            n.wrong("a number, or a quantity in braces", "");
        }
        sound.then(|| n.value.clone())
    });
    let (note, source) = remarks(&mut o);
    if name.as_deref().is_some_and(|name| name.is_empty() || name.contains(['[', ']'])) {
        node.fault(format!("the name {:?}", name.as_deref().unwrap_or("")), "a name of its own, without brackets", "");
    }
    let given = |key: &str| node.value.get(key).and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    if !["multiply", "set"].into_iter().any(|key| given(key) || o.has(key) && !node.value[key].is_object()) {
        node.fault("nothing that it changes".to_owned(), "multiply, set, or both, with at least one path", "");
    }
    o.close();
    Some(Lever { name: name?, cost: cost?, multiply, set, note, source })
}

/// Paths with what each is to become.
fn entries<T>(o: &mut Object, key: &str, read: impl Fn(&Node) -> Option<T>) -> IndexMap<String, T> {
    let nodes = o.get(key).map_or_else(Vec::new, |node| node.entries());
    nodes.into_iter().filter_map(|(path, node)| Some((path.clone(), read(&node)?))).collect()
}

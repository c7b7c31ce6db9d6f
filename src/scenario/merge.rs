//! Laying one scenario file over another.

use serde_json::{Map, Value};

use super::field_table::FIELDS;

/// Lays `patch` over `base`: objects merge, null removes, everything else replaces (RFC 7396), and so does a quantity:
/// with `"mean"` in the base and `"low"` in the patch, a merged one would be neither.
pub(super) fn merge(base: &mut Value, patch: &Value) {
    merge_at(&mut Vec::new(), base, patch);
}

fn merge_at<'a>(path: &mut Vec<&'a str>, base: &mut Value, patch: &'a Value) {
    let Value::Object(changes) = patch else {
        *base = patch.clone();
        return;
    };
    if !base.is_object() || is_quantity(path) {
        *base = Value::Object(Map::new());
    }
    if let Value::Object(map) = base {
        for (key, change) in changes {
            if change.is_null() {
                map.shift_remove(key);
            } else {
                path.push(key);
                merge_at(path, map.entry(key.as_str()).or_insert(Value::Null), change);
                path.pop();
            }
        }
    }
}

/// The patch that makes `changed` of `base` when it is laid over that: what is other in it, null where something is gone, quantities and lists whole.
pub(crate) fn patch(base: &Map<String, Value>, changed: &Map<String, Value>) -> Map<String, Value> {
    patch_at(&mut Vec::new(), base, changed)
}

fn patch_at<'a>(
    path: &mut Vec<&'a str>,
    base: &'a Map<String, Value>,
    changed: &'a Map<String, Value>,
) -> Map<String, Value> {
    let gone = base.keys().filter(|key| !changed.contains_key(*key)).map(|key| (key.clone(), Value::Null));
    let mut patch: Map<String, Value> = gone.collect();
    for (key, value) in changed.iter().filter(|(key, value)| base.get(*key) != Some(value)) {
        path.push(key);
        let value = match (base.get(key), value) {
            (Some(Value::Object(of_base)), Value::Object(of_changed)) if !is_quantity(path) => {
                Value::Object(patch_at(path, of_base, of_changed))
            }
            _ => value.clone(),
        };
        patch.insert(key.clone(), value);
        path.pop();
    }
    patch
}

/// Whether the field at this path is a quantity. Elements of lists are none: a list is replaced as a whole.
fn is_quantity(path: &[&str]) -> bool {
    match path {
        ["regions", _, field @ ..] => {
            let field = field.join(".");
            FIELDS.iter().any(|spec| spec.path == field)
        }
        _ => false,
    }
}

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

//! The fingerprint of a scenario.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::scenario::Scenario;

/// SHA-256 of the resolved scenario in canonical JSON (keys sorted, no spaces, shortest numbers), in hexadecimal: equal
/// for two scenarios that mean the same law and questions. Names, labels, notes, sources, assumptions, trials and seed
/// are left out, defaults are written in.
pub fn scenario_hash(scenario: &Scenario) -> String {
    let mut tree = serde_json::to_value(scenario).expect("a scenario has only text keys and finite numbers");
    let top = tree.as_object_mut().expect("a scenario is an object");
    top.shift_remove("assumptions");
    top.shift_remove("simulation");
    strip(&mut tree);
    let mut text = String::new();
    canonical(&tree, &mut text);
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !matches!(key.as_str(), "name" | "label" | "note" | "source") || value.is_object());
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_unstable();
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                out.push_str(&Value::String(key.clone()).to_string());
                out.push(':');
                canonical(&map[key], out);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (i, item) in list.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        // 1 and 1.0 are the same number.
        Value::Number(x) => match x.as_f64() {
            Some(x) if x.abs() < 9e15 => out.push_str(&format!("{x}")),
            _ => out.push_str(&x.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

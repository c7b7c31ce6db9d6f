//! The fingerprint of a scenario.

use serde_json::Value;

use crate::scenario::{Scenario, Section, section};
use crate::units::digest;

/// SHA-256 of the resolved scenario in canonical JSON (keys sorted, no spaces, shortest numbers), in hexadecimal: equal
/// for two scenarios that mean the same law and questions. Names (but of stages), labels, notes, sources, assumptions,
/// calls, levers, what a plan states, trials and seed are left out, defaults are written in.
pub fn scenario_hash(scenario: &Scenario) -> String {
    digest(canonical(&meaning(scenario)).as_bytes())
}

/// A scenario's tree without what changes no number.
pub(crate) fn meaning(scenario: &Scenario) -> Value {
    let mut tree = serde_json::to_value(scenario).expect("a scenario has only text keys and finite numbers");
    let top = tree.as_object_mut().expect("a scenario is an object");
    top.retain(|key, _| !matches!(section(key), Section::Words | Section::Sampling | Section::Aside));
    strip(&mut tree, "");
    tree
}

/// A tree in canonical JSON: the same text for trees that mean the same.
pub(crate) fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Takes out what changes no number. Tags are the writer's own words, and the names of stages address draws: both stay.
fn strip(value: &mut Value, inside: &str) {
    match value {
        Value::Object(map) if inside != "tags" => {
            map.retain(|key, value| {
                let words = matches!(key.as_str(), "label" | "note" | "source") || key == "name" && inside != "stages";
                !value.is_null() && (value.is_object() || !words)
            });
            // A fixed number written as an object is that number.
            if let (1, Some(number)) = (map.len(), map.get("value").filter(|number| number.is_number())) {
                *value = number.clone();
            } else {
                map.iter_mut().for_each(|(key, value)| strip(value, key));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| strip(item, inside)),
        _ => {}
    }
}

fn write(value: &Value, out: &mut String) {
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
                write(&map[key], out);
            }
            out.push('}');
        }
        Value::Array(list) => {
            out.push('[');
            for (i, item) in list.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn hash(region: &str, rest: &str) -> String {
        let text = format!(
            r#"{{"name": "a", "start": "2027-01", "months": 3 {rest}, "regions": {{"name": {{"leads": {{"monthly": 5}},
                "cycle": {{"mean_days": 9}}, "deal_size": {{"mean": 1}} {region}}}}}}}"#
        );
        scenario_hash(
            &load("a".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap_or_else(|faults| panic!("{faults}")),
        )
    }

    #[test]
    fn only_what_changes_a_number_changes_the_hash() {
        let plain = hash(r#", "conversion": 0.5"#, "");
        let words = r#", "assumptions": ["x"], "simulation": {"trials": 7, "seed": 8}, "note": "n", "stated": {"launch": {"month": 2}},
            "levers": [{"name": "Training", "cost": 5, "multiply": {"regions.name.conversion": 1.1}}]"#;
        for (region, rest) in [
            (r#", "conversion": {"value": 0.5, "note": "why"}"#, ""),
            (r#", "conversion": 0.5, "label": "Name", "retention": 0.0"#, words),
        ] {
            assert_eq!(hash(region, rest), plain, "{region} {rest}");
        }
        for (region, rest) in [
            (r#", "conversion": 0.5, "tags": {"source": "web"}"#, ""),
            (r#", "conversion": 0.51"#, ""),
            (r#", "conversion": 0.5"#, r#", "currency": "USD""#),
        ] {
            assert_ne!(hash(region, rest), plain, "{region} {rest}");
        }
    }
}

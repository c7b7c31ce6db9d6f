//! The JSON Schema of scenario files, generated from the types that they are read into.

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::{Value, json};

use super::quantity::Quantity;
use super::region::Region;
use super::types::Scenario;

/// The schema that editors complete and check scenario files with.
///
/// Files that `extend` another give only what they change, so nothing is required in them.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = SchemaGenerator::new(settings).into_root_schema_for::<Scenario>().to_value();
    schema["title"] = json!("revcast scenario");
    let properties = schema["properties"].as_object_mut().expect("a scenario is an object");
    properties.insert("$schema".into(), json!({"type": "string", "description": "This schema, for the editor."}));
    properties.insert(
        "extends".into(),
        json!({"type": "string", "description": "Another scenario file, relative to this one, that this one changes."}),
    );
    // A file that extends another is a patch: objects merge and null removes, so only its keys can be checked here.
    let mut required = schema.as_object_mut().and_then(|s| s.remove("required")).unwrap_or_default();
    if let Some(required) = required.as_array_mut() {
        // It has a default, which the generator cannot see behind the pattern.
        required.retain(|field| field != "currency");
    }
    let whole =
        json!({"required": required, "properties": {"regions": {"additionalProperties": {"$ref": "#/$defs/Region"}}}});
    allow_null(&mut schema);
    schema["if"] = json!({"required": ["extends"]});
    schema["else"] = whole;
    schema
}

/// Null removes a field, so every field that is not required may be null.
fn allow_null(schema: &mut Value) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |key: &str| required.as_array().is_some_and(|list| list.iter().any(|r| r == key));
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for (key, property) in properties.iter_mut() {
            let nullable = property.to_string().contains("\"null\"");
            if !is_required(key) && !nullable && key != "$schema" {
                let described = property.as_object_mut().and_then(|p| p.shift_remove("description"));
                let mut either = json!({"anyOf": [property, {"type": "null"}]});
                if let Some(text) = described {
                    either["description"] = text;
                }
                *property = either;
            }
        }
    }
    let definitions = schema.get_mut("$defs").and_then(Value::as_object_mut);
    definitions.into_iter().flat_map(|definitions| definitions.values_mut()).for_each(allow_null);
}

pub(super) fn regions(generator: &mut SchemaGenerator) -> Schema {
    // Registers the region's definition; the reference itself stands in the branch for files that extend nothing.
    let _ = generator.subschema_for::<Region>();
    json_schema!({
        "type": "object",
        "description": "The selling lines; keys are lower-case letters, digits and underscores.",
        "minProperties": 1,
        "maxProperties": 1000,
        "propertyNames": {"pattern": "^[a-z0-9_]+$", "not": {"const": "total"}},
        "additionalProperties": {"type": ["object", "null"]}
    })
}

pub(super) fn month(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[12][09][0-9]{2}-(0[1-9]|1[0-2])$|^2[0-9]{3}-(0[1-9]|1[0-2])$"})
}

pub(super) fn currency(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "string", "pattern": "^[A-Z]{3}$", "default": "EUR"})
}

impl JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let form = |required: Value, properties: Value| {
            let mut all = json!({"note": {"type": "string"}, "source": {"type": "string"}});
            for (key, value) in properties.as_object().expect("written as an object") {
                all[key] = value.clone();
            }
            json!({"type": "object", "required": required, "properties": all, "additionalProperties": false})
        };
        let number = json!({"type": "number"});
        let spread = json!({"type": "number", "minimum": 0});
        let shape = json!({"enum": ["beta", "lognormal", "normal", "gamma"]});
        let numbers = json!({"type": "array", "items": number, "minItems": 1});
        json_schema!({
            "description": "A number, or what is believed about one that is not known: mean and sd (or cv), low and high (and mode), two percentiles, or values with weights.",
            "anyOf": [
                number,
                form(json!(["value"]), json!({"value": number})),
                form(json!(["mean", "sd"]), json!({"mean": number, "sd": spread, "shape": shape})),
                form(json!(["mean", "cv"]), json!({"mean": number, "cv": spread, "shape": shape})),
                form(json!(["low", "mode", "high"]), json!({"low": number, "mode": number, "high": number, "shape": {"enum": ["pert", "triangular"]}})),
                form(json!(["low", "high"]), json!({"low": number, "high": number, "shape": {"const": "uniform"}})),
                form(json!(["values", "weights"]), json!({"values": numbers, "weights": numbers})),
                {
                    "type": "object",
                    "minProperties": 2,
                    "properties": {"note": {"type": "string"}, "source": {"type": "string"}},
                    "patternProperties": {"^p[1-9][0-9]?$": number},
                    "additionalProperties": false
                }
            ]
        })
    }
}

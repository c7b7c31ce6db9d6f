//! The JSON Schema of scenario files, generated from the types that they are read into.

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

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
        // They may be left out, which the generator cannot see behind their own schemas.
        required.retain(|field| {
            !["currency", "backtest", "actuals", "pipeline", "contracts"].iter().any(|known| field == known)
        });
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

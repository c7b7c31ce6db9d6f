//! The JSON Schema of types that the generator cannot see through: months, currencies, regions by key, quantities.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::backtest_record::BacktestRecord;
use super::quantity::Quantity;
use super::region::Region;
use super::running::{Actual, ContractInForce, OpenDeal};

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

/// Rows, or the name of a file with them.
fn rows<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    let row = generator.subschema_for::<T>();
    json_schema!({"anyOf": [{"type": "string"}, {"type": "array", "items": row, "maxItems": 100_000}, {"type": "null"}]})
}

pub(super) fn actuals(generator: &mut SchemaGenerator) -> Schema {
    rows::<Actual>(generator)
}

pub(super) fn pipeline(generator: &mut SchemaGenerator) -> Schema {
    rows::<OpenDeal>(generator)
}

pub(super) fn backtest(generator: &mut SchemaGenerator) -> Schema {
    let record = generator.subschema_for::<BacktestRecord>();
    json_schema!({"anyOf": [{"type": "string"}, record]})
}

pub(super) fn contracts(generator: &mut SchemaGenerator) -> Schema {
    rows::<ContractInForce>(generator)
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

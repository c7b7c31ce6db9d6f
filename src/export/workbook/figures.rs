//! What stands in the table of all figures beside the bands: every other estimate of `forecast.json`, by its place there.

use serde::Serialize;
use serde_json::{Map, Value};

use super::context::SheetContext;
use super::data::{DataSheet, Row};
use crate::export::ExportError;
use crate::forecast::Bands;
use crate::stats::Estimate;
use crate::units::format::capitalize;

/// What an item of a list is called: the first of these that it has, with all of those.
const NAMES: [&str; 6] = ["label", "name", "who", "id", "key", "path"];
const MORE: [&str; 5] = ["metric", "period", "region", "at", "due"];

/// Adds them.
pub(super) fn add(data: &mut DataSheet, context: &SheetContext) -> Result<(), ExportError> {
    let forecast = context.forecast;
    part(data, "Main figure", &forecast.main)?;
    part(data, "Target", &forecast.targets)?;
    part(data, "Call", &forecast.calls)?;
    part(data, "Payback", &forecast.payback)?;
    part(data, "Bookings by source", &forecast.source_stacks)?;
    part(data, "Quota attainment by class", &forecast.executive_classes)?;
    part(data, "Open deals and renewals", &context.answer.pipeline)?;
    part(data, "Since the earlier run", &context.answer.moved)?;
    part(data, "With --deep", &context.answer.deep)
}

fn part(data: &mut DataSheet, figure: &str, of: &impl Serialize) -> Result<(), ExportError> {
    walk(data, figure, String::new(), &serde_json::to_value(of)?)
}

fn walk(data: &mut DataSheet, figure: &str, path: String, value: &Value) -> Result<(), ExportError> {
    let inner = |name: &str| if path.is_empty() { capitalize(name) } else { format!("{path}, {name}") };
    match value {
        Value::Array(items) => items.iter().enumerate().try_for_each(|(i, item)| {
            let name = name_of(item).unwrap_or_else(|| (i + 1).to_string());
            walk(data, figure, inner(&name), item)
        }),
        Value::Object(map) => {
            if let Some(bands) = bands(map) {
                return data.add(&Row::new(figure, path, bands));
            }
            if let Some(found) = estimate(value) {
                return data.add(&Row::new(figure, path, Bands { mean: found, ..Bands::default() }));
            }
            for (key, value) in map {
                let labels = map.get("periods").and_then(Value::as_array);
                match (labels, value.get("value").and_then(Value::as_array)) {
                    (Some(labels), Some(values)) => {
                        for (i, label) in labels.iter().enumerate().take(values.len()) {
                            let at = |field: &str| value.get(field).and_then(|column| column.get(i)?.as_f64());
                            let mean = Estimate { value: at("value"), error: at("error") };
                            let name = format!("{}, {}", words(key), label.as_str().unwrap_or_default());
                            data.add(&Row::new(figure, inner(&name), Bands { mean, ..Bands::default() }))?;
                        }
                    }
                    _ => walk(data, figure, inner(&words(key)), value)?,
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// An estimate, where there is one: with a value that is known, and a place for its error.
fn estimate(value: &Value) -> Option<Estimate> {
    let error = value.get("error")?;
    Some(Estimate { value: Some(value.get("value")?.as_f64()?), error: error.as_f64() })
}

/// The estimates under the names of percentiles, where a table has them.
fn bands(map: &Map<String, Value>) -> Option<Bands<Estimate>> {
    let of = |key: &str| map.get(key).and_then(estimate);
    let bands = Bands::from_columns(Bands::<Estimate>::COLUMNS.map(|name| of(name).unwrap_or_default()));
    let is_whole = map.keys().all(|key| Bands::<Estimate>::COLUMNS.contains(&key.as_str()));
    (is_whole && bands.columns().iter().any(|found| found.value.is_some())).then_some(bands)
}

fn name_of(item: &Value) -> Option<String> {
    let of = |name: &&str| item.get(*name)?.as_str();
    let name = NAMES.iter().find_map(of).map(str::to_owned);
    let parts: Vec<String> = name.into_iter().chain(MORE.iter().filter_map(of).map(words)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A field's name as words.
fn words(key: &str) -> String {
    key.replace('_', " ")
}

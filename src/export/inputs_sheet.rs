//! The sheet of a scenario's inputs, to be filled in with a spreadsheet and read back with `--set-file`.

use serde_json::{Map, Value};

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::scenario::{NUMBERS, Scenario, percentile};
use crate::units::plain;

/// Columns between `value` and `source` that are there only where an input uses them.
const OPTIONAL: [&str; 4] = ["mean", "sd", "cv", "shape"];

/// The sheet: path, what it is, its value or range, source and note; one row a field. Read back unchanged, it changes nothing.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn inputs_csv(scenario: &Scenario, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let mut rows: Vec<(String, Value)> =
        scenario.quantities().into_iter().map(|(path, quantity)| (path, quantity.written().clone())).collect();
    for (key, region) in &scenario.regions {
        for (i, stage) in region.stages.iter().flatten().enumerate() {
            let named = format!("regions.{key}.stages[{}].", stage.name);
            for (path, _) in &mut rows {
                if let Some(field) = path.strip_prefix(&named) {
                    *path = format!("regions.{key}.stages[{}].{field}", element(&stage.name, i));
                }
            }
        }
    }
    rows.extend(plain_numbers(scenario));
    let mut used: Vec<String> = Vec::new();
    for object in rows.iter().filter_map(|(_, value)| value.as_object()) {
        let more = object.keys().filter(|key| OPTIONAL.contains(&key.as_str()) || percentile(key).is_some());
        used.extend(more.cloned());
    }
    // Percentiles, which are not among the optional ones, follow them in their own order.
    let place = |key: &String| OPTIONAL.iter().position(|o| o == key).unwrap_or(OPTIONAL.len());
    used.sort_by_key(|key| (place(key), key.len(), key.clone()));
    used.dedup();
    let columns: Vec<&str> = ["path", "what", "value", "low", "mode", "high"]
        .into_iter()
        .chain(used.iter().map(String::as_str))
        .chain(["source", "note"])
        .collect();
    let mut table = CsvTable::begin(style, Vec::new())?;
    for column in &columns {
        table.text(column)?;
    }
    table.end()?;
    for (path, value) in &rows {
        for column in &columns {
            match (*column, value) {
                ("path", _) => table.text(path)?,
                ("what", _) => table.text(&scenario.label(path))?,
                ("value", Value::Object(law)) => cell(&mut table, single(law, &columns).as_ref())?,
                ("value", plain) => cell(&mut table, Some(plain))?,
                (column, range) => cell(&mut table, range.get(column))?,
            }
        }
        table.end()?;
    }
    table.finish()
}

/// What stands in the column `value`: a fixed number, or a law that the other columns cannot hold, which is values with weights.
fn single(law: &Map<String, Value>, columns: &[&str]) -> Option<Value> {
    if let Some(value) = law.get("value") {
        return Some(value.clone());
    }
    let beyond = law.keys().any(|key| !columns.contains(&key.as_str()));
    let bare = || law.iter().filter(|(key, _)| !matches!(key.as_str(), "note" | "source"));
    beyond.then(|| Value::Object(bare().map(|(key, value)| (key.clone(), value.clone())).collect()))
}

fn cell(table: &mut CsvTable<Vec<u8>>, value: Option<&Value>) -> Result<(), ExportError> {
    match value {
        None => table.text(""),
        Some(Value::String(text)) => table.text(text),
        Some(value) if value.is_number() => table.number(value.as_f64()),
        Some(value) => table.text(&value.to_string()),
    }
}

/// How a path names an element of a list: by its name where a table and a path can hold that, else by its number.
fn element(name: &str, index: usize) -> String {
    let fit = plain(name) == name && !name.contains([']', '\n', '\r', '\t']) && name.trim() == name;
    if fit && name.parse::<usize>().is_err() { name.to_owned() } else { index.to_string() }
}

/// The plain numbers that an analyst may want to change.
fn plain_numbers(scenario: &Scenario) -> Vec<(String, Value)> {
    let mut rows = Vec::new();
    for (key, region) in &scenario.regions {
        let numbers = NUMBERS.iter().filter(|spec| spec.in_sheet);
        let numbers =
            numbers.filter_map(|spec| Some((format!("regions.{key}.{}", spec.path), (spec.get)(region)?.into())));
        rows.extend(numbers);
    }
    rows.push(("market.volatility".to_owned(), scenario.market.volatility.into()));
    rows.push(("market.persistence".to_owned(), scenario.market.persistence.into()));
    rows.push(("contract.term_months".to_owned(), scenario.contract.term_months.into()));
    for (i, item) in scenario.investment.iter().enumerate() {
        rows.push((format!("investment[{}].amount", element(&item.name, i)), item.amount.into()));
    }
    for (i, target) in scenario.targets.iter().enumerate() {
        rows.push((format!("targets[{}].at_least", element(&target.name, i)), target.at_least.into()));
    }
    rows
}

//! The sheet of a scenario's inputs, to be filled in with a spreadsheet and read back with `--set-file`.

use serde_json::Value;

use super::ExportError;
use crate::scenario::Scenario;

/// Columns between `value` and `source` that are there only where an input uses them.
const OPTIONAL: [&str; 4] = ["mean", "sd", "cv", "shape"];

/// The sheet: path, what it is, its value or range, source and note; one row a field. Read back unchanged, it changes nothing.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn inputs_csv(scenario: &Scenario) -> Result<Vec<u8>, ExportError> {
    let mut rows: Vec<(String, Value)> =
        scenario.quantities().into_iter().map(|(path, quantity)| (path, quantity.written().clone())).collect();
    rows.extend(plain_numbers(scenario));
    let mut used: Vec<String> = Vec::new();
    for object in rows.iter().filter_map(|(_, value)| value.as_object()) {
        let more = object.keys().filter(|key| OPTIONAL.contains(&key.as_str()) || is_percentile(key));
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
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(&columns)?;
    for (path, value) in &rows {
        let what = scenario.label(path);
        let cells = columns.iter().map(|column| match *column {
            "path" => path.clone(),
            "what" => what.clone(),
            "value" => single(value, &columns),
            column => text(value.get(column)),
        });
        table.write_record(cells)?;
    }
    table.into_inner().map_err(|error| ExportError::Io(error.into_error()))
}

fn is_percentile(key: &str) -> bool {
    key.strip_prefix('p').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// The cell of a fixed number, and of a law that the other columns cannot hold: values with weights.
fn single(value: &Value, columns: &[&str]) -> String {
    match value {
        Value::Object(object) => match object.get("value") {
            Some(value) => value.to_string(),
            None if object.keys().all(|key| columns.contains(&key.as_str())) => String::new(),
            None => {
                let law = object.iter().filter(|(key, _)| !matches!(key.as_str(), "note" | "source"));
                Value::Object(law.map(|(key, value)| (key.clone(), value.clone())).collect()).to_string()
            }
        },
        value => number(value),
    }
}

/// 900000 and not 900000.0.
fn number(value: &Value) -> String {
    value.as_f64().map_or_else(|| value.to_string(), |x| x.to_string())
}

fn text(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => number(value),
    }
}

/// The plain numbers that an analyst may want to change.
fn plain_numbers(scenario: &Scenario) -> Vec<(String, Value)> {
    let mut rows = Vec::new();
    for (key, region) in &scenario.regions {
        rows.extend(region.cycle.iter().map(|cycle| (format!("regions.{key}.cycle.cv"), Value::from(cycle.cv))));
        rows.push((format!("regions.{key}.deal_size.cv"), region.deal_size.cv.into()));
    }
    rows.push(("market.volatility".to_owned(), scenario.market.volatility.into()));
    rows.push(("market.persistence".to_owned(), scenario.market.persistence.into()));
    rows.push(("contract.term_months".to_owned(), scenario.contract.term_months.into()));
    // A name with a bracket in it cannot stand in a path.
    let named = |list: &str, name: &str, field: &str| {
        (!name.contains(']') && name.parse::<usize>().is_err()).then(|| format!("{list}[{name}].{field}"))
    };
    let investment = scenario.investment.iter();
    rows.extend(investment.filter_map(|item| Some((named("investment", &item.name, "amount")?, item.amount.into()))));
    let targets = scenario.targets.iter();
    rows.extend(
        targets.filter_map(|target| Some((named("targets", &target.name, "at_least")?, target.at_least.into()))),
    );
    rows
}

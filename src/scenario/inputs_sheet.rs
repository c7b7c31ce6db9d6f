//! Inputs kept in a spreadsheet: one row a field, with its value or range, where it was found and why it is believed.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value};

use super::event_paths::domain_outside_regions;
use super::fields::{FieldName, in_region};
use super::layers::Setting;
use super::quantity::percentile;
use super::unit::Unit;
use crate::tables::{Row, Sheet};
use crate::units::{Fault, Faults, Typed};

/// The columns of numbers that make up a range, in the order of the sheet; p10 and p90 stand for any percentiles.
const NUMBERS: [&str; 8] = ["low", "mode", "high", "mean", "sd", "cv", "p10", "p90"];
const ALLOWED: &str = "path, what, value, low, mode, high, mean, sd, cv, shape, p10, p90, source, note";

/// Reads a sheet of inputs into settings, in the order of its rows. A row without a value or range leaves its field alone.
///
/// # Errors
/// [`Faults`] of all rows.
pub fn read_inputs(file: &str, bytes: &[u8]) -> Result<Vec<Setting>, Faults> {
    let known = |name: &str| {
        ["path", "what", "value", "shape", "source", "note"].contains(&name)
            || NUMBERS.contains(&name)
            || percentile(name).is_some()
    };
    let sheet = Sheet::read(file, bytes, &["path"], &known, ALLOWED)?;
    let (mut settings, mut faults): (Vec<Setting>, Vec<Fault>) = Default::default();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for row in sheet.rows() {
        let path = row.text("path");
        if path.is_empty() {
            faults.push(row.fault("path", "nothing", "the path of a field, such as regions.europe.conversion", ""));
        } else if outside_brackets(path).contains([',', ';', '\t']) {
            let hint = "are the cells of all rows parted by the same sign as those of the first?";
            faults.push(row.fault("path", format!("\"{path}\""), "the path of a field", hint));
        } else if !seen.insert(path) {
            faults.push(row.fault("path", format!("{path} a second time"), "each path once", ""));
        }
        match value(&row) {
            Ok(Some(value)) => settings.push(Setting { option: row.place(), path: path.to_owned(), value }),
            Ok(None) => {}
            Err(mut found) => faults.append(&mut found),
        }
    }
    if faults.is_empty() { Ok(settings) } else { Err(Faults::Fields(faults)) }
}

/// A path without the names in its brackets, which may hold any sign.
fn outside_brackets(path: &str) -> String {
    path.split('[').map(|part| part.split_once(']').map_or(part, |(_, after)| after)).collect()
}

/// What a row sets its field to, as JSON or text.
fn value(row: &Row) -> Result<Option<String>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut range = Map::new();
    let typed = typed(row.text("path"));
    for column in row.filled() {
        if NUMBERS.contains(&column) || percentile(column).is_some() {
            let typed = if column == "cv" { Typed::Any } else { typed };
            match row.number(column, typed).map(Number::from_f64) {
                Ok(number) => drop(range.insert(column.to_owned(), number.map_or(Value::Null, whole))),
                Err(fault) => faults.push(fault),
            }
        }
    }
    let (single, shape) = (row.text("value"), row.text("shape"));
    let ranged = !range.is_empty() || !shape.is_empty();
    if !single.is_empty() && ranged {
        faults.push(row.fault("value", "a value beside a range", "either a value or a range", ""));
    }
    if range.is_empty() && !shape.is_empty() {
        faults.push(row.fault("shape", "a shape without a range", "low, mode and high, or mean and sd, beside it", ""));
    }
    let read = row.read(single, typed);
    if read.as_ref().is_err_and(|hint| !hint.is_empty()) && single.starts_with(|c: char| c.is_ascii_digit() || c == '-')
    {
        faults.extend(row.number("value", typed).err());
    }
    let remarks: Vec<&str> = ["source", "note"].into_iter().filter(|column| !row.text(column).is_empty()).collect();
    // A whole number may have more digits than a double holds.
    let exact = single.parse::<u64>().ok().map(Number::from);
    let number = exact.or_else(|| read.ok().and_then(Number::from_f64));
    let object = serde_json::from_str::<Value>(single).ok().filter(Value::is_object);
    let empty = single.is_empty() && range.is_empty();
    if let (Some(column), false) = (remarks.first(), takes_remarks(row.text("path")) || empty) {
        faults.push(row.fault(
            column,
            "a remark on a field that has none",
            "remarks on uncertain inputs",
            "write it into the scenario file, as \"note\" or \"source\" beside the field",
        ));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    if empty {
        return Ok(None);
    }
    if !shape.is_empty() {
        range.insert("shape".to_owned(), shape.into());
    }
    let mut written = match (number, object) {
        (Some(number), _) if remarks.is_empty() => return Ok(Some(whole(number).to_string())),
        (Some(number), _) => Map::from_iter([("value".to_owned(), whole(number))]),
        (None, Some(Value::Object(object))) => object,
        _ if single.is_empty() => range,
        // Text that is no number is for the scenario's own reading to judge.
        _ => return Ok(Some(single.to_owned())),
    };
    for column in remarks {
        written.insert(column.to_owned(), row.text(column).into());
    }
    Ok(Some(Value::Object(written).to_string()))
}

/// How the numbers of the field at a path are typed.
fn typed(path: &str) -> Typed {
    match Unit::of(path) {
        Unit::Money | Unit::Days | Unit::Months => Typed::Amount,
        Unit::Share | Unit::Rate | Unit::Number | Unit::Exponent => Typed::Any,
    }
}

/// 36 and not 36.0: fields that count want whole numbers.
fn whole(number: Number) -> Value {
    match number.as_f64() {
        _ if number.is_u64() => Value::Number(number),
        Some(x) if x.fract() == 0.0 && x.abs() < 9e15 => Value::from(x as i64),
        _ => Value::Number(number),
    }
}

/// Whether the field at a path is a quantity, which may carry note and source.
fn takes_remarks(path: &str) -> bool {
    let name = in_region(path).and_then(|(_, field)| FieldName::parse(field));
    name.is_some_and(|name| name.parameter.is_none()) || domain_outside_regions(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_settings() {
        let text = "path;value;low;mode;high;p10;p90;source;note\n\
            regions.europe.conversion;;20%;25%;32%;;;CRM;last year\n\
            regions.europe.deal_size.mean;15000;;;;;;;\n\
            regions.europe.retention;0,9;;;;;;CRM;\n\
            regions.europe.expansion;;;;;0,01;0,05;;\n\
            regions.europe.leads.monthly;;;;;;;;\n\
            start;2027-03;;;;;;;\n\
            months;24;;;;;;;\n";
        let found: Vec<(String, String)> =
            read_inputs("i.csv", text.as_bytes()).unwrap().into_iter().map(|s| (s.path, s.value)).collect();
        let expected = [
            ("conversion", r#"{"low":0.2,"mode":0.25,"high":0.32,"source":"CRM","note":"last year"}"#),
            ("deal_size.mean", "15000"),
            ("retention", r#"{"value":0.9,"source":"CRM"}"#),
            ("expansion", r#"{"p10":0.01,"p90":0.05}"#),
            ("start", "2027-03"),
            ("months", "24"),
        ];
        assert_eq!(found.len(), expected.len());
        for ((path, value), (field, text)) in found.iter().zip(expected) {
            assert!(path.ends_with(field) && value == text, "{path} {value}");
        }
    }

    #[test]
    fn faults_name_their_rows() {
        let text = "path,value,low,mode,high,note\n,5,,,,\na.b,1,,,,\na.b,2,,,,\nc.d,1,2,3,4,\ne.f,,x,3,4,\nmonths,12,,,,why\n";
        let Err(Faults::Fields(faults)) = read_inputs("i.csv", text.as_bytes()) else { panic!("it has faults") };
        let shown: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.path, f.found)).collect();
        assert_eq!(
            shown,
            [
                "row 2, path: nothing",
                "row 4, path: a.b a second time",
                "row 5, value: a value beside a range",
                "row 6, low: \"x\"",
                "row 7, note: a remark on a field that has none",
            ]
        );
    }
}

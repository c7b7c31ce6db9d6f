//! The tables that a scenario names: their rows take the place of the name, as if they had been written there.

use std::io;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};

#[cfg(feature = "export")]
use super::data_columns::layout;
use super::reader::{Reading, Table};
use super::running::DataFile;
#[cfg(feature = "export")]
use crate::units::Currency;

/// What gives the bytes of a file.
pub(super) type Open<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// The sections that may be the name of a table.
const SECTIONS: [&str; 3] = ["actuals", "pipeline", "contracts"];

/// Replaces the names of tables in a scenario's tree by their rows, and tells where these came from.
pub(super) fn lay_in(tree: &mut Value, reading: &mut Reading, scenario: &Path, open: Option<Open>) -> Vec<DataFile> {
    let mut files = Vec::new();
    for section in SECTIONS {
        let pointer = format!("/{section}");
        let Some(Value::String(name)) = tree.get(section) else { continue };
        let name = name.clone();
        // Relative to the file that names it; to the scenario's own where an option does.
        let source = reading.source(&pointer);
        let from =
            reading.layers.iter().find(|(file, _)| *file == source).map_or(scenario, |(file, _)| Path::new(file));
        let path = tidy(&from.parent().unwrap_or(Path::new("")).join(&name));
        let shown = path.display().to_string();
        let read = open.ok_or_else(|| "a table cannot be named here".to_owned()).and_then(|open| {
            open(&path).map_err(|error| {
                let missing = error.kind() == std::io::ErrorKind::NotFound;
                if missing { format!("{shown}: no such file") } else { format!("{shown}: {error}") }
            })
        });
        let rows = match read {
            Ok(bytes) => {
                let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
                let rows = rows(section, shown, &bytes, tree, reading);
                files.push(DataFile { section: section.to_owned(), file: name, rows: rows.len(), sha256 });
                rows
            }
            Err(found) => {
                reading.fault(section, &pointer, found, "a CSV file that can be read, or a list of rows", "");
                Vec::new()
            }
        };
        tree[section] = Value::Array(rows);
    }
    files
}

/// The rows of a table. What is wrong with it is noted, and where its rows stand.
#[cfg(feature = "export")]
fn rows(section: &'static str, file: String, bytes: &[u8], tree: &Value, reading: &mut Reading) -> Vec<Value> {
    let currency = tree.get("currency").and_then(Value::as_str).unwrap_or("EUR");
    let currency = Currency::new(currency).unwrap_or_default();
    let signs = [currency.to_string(), currency.symbol().trim().to_owned()];
    let table = match layout(section).read(&file, bytes, &signs) {
        Ok(table) => table,
        Err(faults) => {
            reading.faults.borrow_mut().extend(faults.into_list());
            reading.tables.push(Table { section, file, lines: Vec::new(), columns: Vec::new() });
            return Vec::new();
        }
    };
    let mut rows = table.rows;
    let labelled = |label: &str| {
        let regions = tree.get("regions")?.as_object()?;
        let called =
            |region: &Value| region.get("label").and_then(Value::as_str).is_some_and(|l| l.eq_ignore_ascii_case(label));
        let key = regions.iter().find(|(key, region)| *key == label || called(region)).map(|(key, _)| key.clone());
        key.map(Value::String)
    };
    for row in &mut rows {
        if let Some(key) = row.get("region").and_then(Value::as_str).and_then(labelled) {
            row["region"] = key;
        }
    }
    reading.faults.borrow_mut().extend(table.faults);
    reading.tables.push(Table { section, file, lines: table.lines, columns: table.columns });
    rows
}

#[cfg(not(feature = "export"))]
fn rows(section: &'static str, file: String, _: &[u8], _: &Value, reading: &mut Reading) -> Vec<Value> {
    reading.fault(section, &format!("/{section}"), file, "a list of rows: this program was built without tables", "");
    reading.tables.push(Table { section, file: String::new(), lines: Vec::new(), columns: Vec::new() });
    Vec::new()
}

/// A path without `.` and without `a/..`, so that one file has one name.
pub(super) fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

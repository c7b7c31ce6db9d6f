//! The tables that a scenario names: their rows take the place of the name, as if they had been written there.

use std::io;
use std::path::{Component, Path, PathBuf};

use indexmap::IndexMap;
use serde_json::Value;

use super::backtest_record::BacktestRecord;
#[cfg(feature = "export")]
use super::data_columns::layout;
use super::draws::DRAWS;
use super::reader::{Reading, Table};
use super::running::{DataFile, OtherColumn};
#[cfg(feature = "export")]
use crate::units::Currency;
use crate::units::digest;

/// The rows of a table as they could stand in the scenario, and its further columns.
type Rows = (Vec<Value>, Vec<OtherColumn>);

/// What gives the bytes of a file.
pub(super) type Open<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;

/// The sections that may be the name of a table.
pub(super) const SECTIONS: [&str; 3] = ["actuals", "pipeline", "contracts"];

/// Where the tables of a scenario are.
pub(super) enum Tables<'a> {
    /// In files, whose bytes this gives.
    Files(Open<'a>),
    /// They have been read before.
    Read(&'a [DataFile]),
}

/// Replaces the names of tables in a scenario's tree by their rows, and tells where these came from.
pub(super) fn lay_in(tree: &mut Value, reading: &mut Reading, scenario: &Path, tables: &Tables) -> Vec<DataFile> {
    let open = match tables {
        Tables::Files(open) => Some(open),
        Tables::Read(_) => None,
    };
    let mut files = Vec::new();
    for section in SECTIONS {
        let pointer = format!("/{section}");
        let Some(Value::String(name)) = tree.get(section) else { continue };
        let name = name.clone();
        let path = place(reading, scenario, &pointer, &name);
        let shown = path.display().to_string();
        let read = open
            .ok_or_else(|| "a table cannot be named here".to_owned())
            .and_then(|open| open(&path).map_err(|error| format!("{shown}: {}", unopened(&error))));
        let rows = match read {
            Ok(bytes) => {
                let sha256 = digest(&bytes);
                let (rows, other) = rows(section, shown, &bytes, tree, reading);
                files.push(DataFile {
                    section: section.to_owned(),
                    file: name,
                    rows: rows.len(),
                    sha256,
                    other,
                    columns: IndexMap::new(),
                });
                rows
            }
            Err(found) => {
                reading.fault(section, &pointer, found, "a CSV file that can be read, or a list of rows", "");
                Vec::new()
            }
        };
        tree[section] = Value::Array(rows);
    }
    match tables {
        Tables::Files(open) => {
            lay_in_backtest(tree, reading, scenario, open);
            files.extend(draws_of(tree, reading, scenario, open));
        }
        Tables::Read(known) => files = known.to_vec(),
    }
    files
}

/// Replaces the name of a back-test by what it says of bands.
fn lay_in_backtest(tree: &mut Value, reading: &mut Reading, scenario: &Path, open: &Open) {
    let Some(name) = tree.get("backtest").and_then(Value::as_str).map(str::to_owned) else { return };
    let path = place(reading, scenario, "/backtest", &name);
    let shown = path.display();
    let found = match open(&path) {
        Ok(bytes) => BacktestRecord::read(&name, digest(&bytes), &bytes)
            .ok_or_else(|| format!("{shown}, which is no back-test of a next month or week")),
        Err(error) => Err(format!("{shown}: {}", unopened(&error))),
    };
    match found {
        Ok(record) => tree["backtest"] = serde_json::to_value(record).unwrap_or_default(),
        Err(found) => {
            reading.fault("backtest", "/backtest", found, "a file of revcast backtest, such as backtest.json", "");
            tree["backtest"] = Value::Null;
        }
    }
}

/// The folder that a file which a field names is relative to: that of the file that names it; of the scenario's own where an option does.
pub(super) fn folder(reading: &Reading, pointer: &str, scenario: &Path) -> PathBuf {
    let source = reading.source(pointer);
    let from = reading.layers.iter().find(|(file, _)| *file == source).map_or(scenario, |(file, _)| Path::new(file));
    from.parent().unwrap_or(Path::new("")).to_owned()
}

/// The path of a table by its name.
fn place(reading: &Reading, scenario: &Path, pointer: &str, name: &str) -> PathBuf {
    tidy(&folder(reading, pointer, scenario).join(name))
}

/// The table of joint draws that a scenario names. Its hash is written into the tree, so that it is part of what the scenario means.
#[cfg(feature = "export")]
fn draws_of(tree: &mut Value, reading: &mut Reading, scenario: &Path, open: &Open) -> Option<DataFile> {
    let pointer = format!("/{DRAWS}/file");
    let name = tree.pointer(&pointer)?.as_str()?.to_owned();
    let path = place(reading, scenario, &pointer, &name);
    let shown = path.display().to_string();
    let fault = |key: &str, found: String, allowed: String, hint: &str| {
        reading.fault(&format!("{DRAWS}.{key}"), &format!("/{DRAWS}/{key}"), found, allowed, hint);
    };
    let bytes = match open(&path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let found = format!("{shown}: {}", unopened(&error));
            fault("file", found, "a Parquet or CSV file that can be read".to_owned(), "");
            return None;
        }
    };
    let sha256 = digest(&bytes);
    let columns = crate::tables::draws(&shown, bytes);
    let columns = columns.map_err(|faults| reading.faults.borrow_mut().extend(faults)).ok()?;
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    if let Some(said) = tree.pointer("/draws/rows").and_then(Value::as_u64).filter(|said| *said != rows as u64) {
        fault("rows", said.to_string(), format!("{rows}, as many as {shown} has"), "");
    }
    if let Some(said) = tree.pointer("/draws/sha256").and_then(Value::as_str).filter(|said| *said != sha256) {
        fault(
            "sha256",
            said.to_owned(),
            format!("{sha256}, that of {shown}"),
            "the file is another than the scenario was written with",
        );
    }
    tree[DRAWS]["sha256"] = sha256.clone().into();
    Some(DataFile { section: DRAWS.to_owned(), file: name, rows, sha256, other: Vec::new(), columns })
}

#[cfg(not(feature = "export"))]
fn draws_of(tree: &mut Value, reading: &mut Reading, _: &Path, _: &Open) -> Option<DataFile> {
    let name = tree.pointer("/draws/file")?.to_string();
    reading.fault("draws.file", "/draws/file", name, "no joint draws: this program was built without tables", "");
    None
}

/// The rows of a table and its further columns. What is wrong with it is noted, and where its rows stand.
#[cfg(feature = "export")]
fn rows(section: &'static str, file: String, bytes: &[u8], tree: &Value, reading: &mut Reading) -> Rows {
    let currency = tree.get("currency").and_then(Value::as_str).and_then(Currency::new);
    let table = match layout(section).read(&file, bytes, currency.or_else(|| Currency::new("EUR"))) {
        Ok(table) => table,
        Err(faults) => {
            reading.faults.borrow_mut().extend(faults.into_list());
            reading.tables.push(Table::without_rows(section, file));
            return (Vec::new(), Vec::new());
        }
    };
    let others = table.others().map(|(name, cells)| OtherColumn::of(name, cells));
    let others = others.filter(|column| column.texts.iter().any(|text| !text.is_empty())).collect();
    let has_created = table.columns.iter().any(|(key, _)| *key == "created");
    let mut rows = table.rows;
    if let ("pipeline", false, Some(day)) = (section, has_created, tree.get("as_of")) {
        rows.iter_mut().for_each(|row| row["created"] = day.clone());
    }
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
    let faulty = table.faults.iter().map(|fault| fault.path.clone()).collect();
    reading.faults.borrow_mut().extend(table.faults);
    reading.tables.push(Table { section, file, lines: table.lines, columns: table.columns, faulty });
    (rows, others)
}

#[cfg(not(feature = "export"))]
fn rows(section: &'static str, file: String, _: &[u8], _: &Value, reading: &mut Reading) -> Rows {
    reading.fault(section, &format!("/{section}"), file, "a list of rows: this program was built without tables", "");
    reading.tables.push(Table::without_rows(section, String::new()));
    (Vec::new(), Vec::new())
}

/// A path without `.` and without `a/..`, so that one file has one name.
pub(crate) fn tidy(path: &Path) -> PathBuf {
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

/// What stands in the place of a file that could not be opened or read.
pub(crate) fn unopened(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::IsADirectory => "a folder".to_owned(),
        _ => error.to_string(),
    }
}

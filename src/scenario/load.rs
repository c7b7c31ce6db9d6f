//! Loading a scenario: its file, the files that it extends, and what `--set` changes.

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::data_files::{self, Tables, tidy, unopened};
use super::layers::Setting;
use super::running::DataFile;
use super::types::Scenario;
use super::{apply, json, layers};
use crate::units::{Fault, Faults, SyntaxFault};

/// How many files may extend each other in a row.
const MAX_CHAIN: usize = 16;

/// Reads the scenario at `file`, with what it extends and with `settings` laid over it. `open` gives a file's bytes.
///
/// # Errors
/// [`Faults`] with everything that is wrong: a syntax fault alone, all other faults together.
pub fn load(
    file: &Path,
    settings: &[Setting],
    open: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<Scenario, Faults> {
    let (reading, scenario) =
        layers::read(file.display().to_string(), chain(file, open)?, settings, &Tables::Files(open));
    if let Some(scenario) = &scenario {
        apply::check(&reading, scenario);
    }
    layers::sound(reading, scenario)
}

/// Reads a scenario that stands whole in a document: it extends nothing, and has the rows of its tables in it, however many they are; `data`
/// says what these were, with the columns of its joint draws.
///
/// # Errors
/// [`Faults`] with everything that is wrong.
pub(crate) fn read_whole(file: &str, tree: Value, data: &[DataFile]) -> Result<Scenario, Faults> {
    if let Some(base) = tree.get("extends").filter(|base| !base.is_null()) {
        return Err(Faults::Fields(vec![Fault {
            file: file.to_owned(),
            path: "extends".to_owned(),
            found: format!("{}: no such file", json::describe(base)),
            allowed: "a scenario that stands whole in its document".to_owned(),
            hint: String::new(),
        }]));
    }
    let (reading, scenario) = layers::read(file.to_owned(), vec![(file.to_owned(), tree)], &[], &Tables::Read(data));
    if let Some(scenario) = &scenario {
        apply::check(&reading, scenario);
    }
    layers::sound(reading, scenario)
}

/// Reads what the tables of a scenario have to be about: its months, its as-of day, its regions. The tables need not be there yet, and what
/// else may be wrong is left to [`load`].
///
/// # Errors
/// [`Faults`] of what is read.
pub fn outline(
    file: &Path,
    settings: &[Setting],
    open: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<Scenario, Faults> {
    let no_table: data_files::Open = &|_| Err(io::ErrorKind::NotFound.into());
    let (reading, scenario) =
        layers::read(file.display().to_string(), chain(file, open)?, settings, &Tables::Files(no_table));
    let read = ["name", "start", "months", "fiscal_year", "as_of", "regions"];
    let is_read = |fault: &Fault| read.contains(&fault.path.split(['.', '[']).next().unwrap_or_default());
    reading.faults.borrow_mut().retain(is_read);
    layers::sound(reading, scenario)
}

/// The file and those it extends, each with its tree, the file first.
fn chain(file: &Path, open: &dyn Fn(&Path) -> io::Result<Vec<u8>>) -> Result<Vec<(String, Value)>, Faults> {
    let mut layers: Vec<(String, Value)> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut next = tidy(file);
    let left = Cell::new(json::MOST_VALUES);
    loop {
        let shown = next.display().to_string();
        let fault = |found: String, allowed: &str, hint: &str| {
            let (file, path) = layers.last().map_or((shown.clone(), ""), |(file, _)| (file.clone(), "extends"));
            Faults::Fields(vec![Fault {
                file,
                path: path.to_owned(),
                found,
                allowed: allowed.to_owned(),
                hint: hint.to_owned(),
            }])
        };
        if seen.contains(&next) {
            let round: Vec<String> = seen.iter().chain([&next]).map(|p| p.display().to_string()).collect();
            return Err(fault(
                format!("a circle: {}", round.join(" extends ")),
                "a file that does not extend itself",
                "",
            ));
        }
        if seen.len() == MAX_CHAIN {
            return Err(fault(format!("more than {MAX_CHAIN} files that extend each other"), "fewer", ""));
        }
        let bytes = open(&next).map_err(|error| {
            let missing = error.kind() == io::ErrorKind::NotFound;
            let folder = error.kind() == io::ErrorKind::IsADirectory;
            let found = unopened(&error);
            // A file that extends another is itself what is shown; the other must be named.
            let found = if layers.is_empty() { found } else { format!("{shown}: {found}") };
            let named = next.with_extension("json");
            let hint = if missing && named != next && open(&named).is_ok() {
                format!("did you mean {}?", named.display())
            } else if folder && layers.is_empty() {
                format!("`revcast batch {shown}` plays all scenarios of a folder")
            } else {
                String::new()
            };
            fault(found, "a scenario file that can be read", &hint)
        })?;
        let tree = json::parse(&shown, &bytes, &left).map_err(Faults::Syntax)?;
        if !tree.is_object() {
            return Err(Faults::Syntax(SyntaxFault {
                file: shown,
                message: "a scenario is a JSON object in braces".to_owned(),
                place: None,
            }));
        }
        let base = tree.get("extends").cloned();
        layers.push((shown, tree));
        seen.push(next.clone());
        match base {
            None | Some(Value::Null) => return Ok(layers),
            Some(Value::String(base)) => next = tidy(&next.parent().unwrap_or(Path::new("")).join(base)),
            Some(other) => {
                let file = layers.last().map(|(file, _)| file.clone()).unwrap_or_default();
                let found = json::describe(&other);
                return Err(Faults::Fields(vec![Fault {
                    file,
                    path: "extends".into(),
                    found,
                    allowed: "the name of a scenario file".into(),
                    hint: String::new(),
                }]));
            }
        }
    }
}

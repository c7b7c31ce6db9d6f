//! A scenario read from layers: files that lie over each other, and options over them.

use std::cell::{Cell, RefCell};
use std::path::Path;

use serde_json::{Map, Value};

use super::check::check;
use super::data_files::{Tables, folder};
use super::event_paths::event_of;
use super::merge::merge;
use super::path::{FieldPath, PathFault};
use super::reader::Reading;
use super::types::Scenario;
use super::{data_files, draws, json, read};
use crate::units::{Fault, Faults};

/// A field set from outside the file: `--set PATH=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The option as it was typed, for messages.
    pub option: String,
    /// The path of the field.
    pub path: String,
    /// JSON; what is no JSON is taken as text.
    pub value: String,
}

impl Setting {
    /// The option, cut where it would hide the message.
    fn shown(&self) -> String {
        const SHOWN: usize = 70;
        let flat: String = self.option.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if flat.chars().count() <= SHOWN { flat } else { flat.chars().take(SHOWN).chain(['…']).collect() }
    }
}

impl Scenario {
    /// The scenario with some of its fields set, read and checked again. Its levers are left out: they are of the scenario as it
    /// stands.
    ///
    /// # Errors
    /// [`Faults`] as of [`load`](super::load).
    pub fn with(&self, settings: &[Setting]) -> Result<Scenario, Faults> {
        let bare = Scenario { levers: Vec::new(), ..self.clone() };
        let tree = serde_json::to_value(&bare).expect("a scenario has only text keys and finite numbers");
        let tables = Tables::Read(&self.data);
        let (reading, scenario) = read(self.file.clone(), vec![(self.file.clone(), tree)], settings, &tables);
        sound(reading, scenario)
    }
}

/// Reads what the files say, the first one being the scenario's own, with `settings` laid over it; what is wrong is noted.
/// `tables` are those that it names.
pub(super) fn read(
    file: String,
    layers: Vec<(String, Value)>,
    settings: &[Setting],
    tables: &Tables,
) -> (Reading, Option<Scenario>) {
    let mut tree = Value::Object(Map::new());
    for (_, layer) in layers.iter().rev() {
        merge(&mut tree, layer);
    }
    let mut reading = Reading { layers, options: Vec::new(), tables: Vec::new(), faults: RefCell::default() };
    let left = Cell::new(json::MOST_VALUES);
    // Rows that a file has are there once it is read.
    let (of_rows, of_fields): (Vec<&Setting>, Vec<&Setting>) =
        settings.iter().partition(|setting| is_of_row(&setting.path));
    of_fields.into_iter().for_each(|setting| set(&mut tree, setting, &mut reading, &left));
    let data = data_files::lay_in(&mut tree, &mut reading, Path::new(&file), tables);
    of_rows.into_iter().for_each(|setting| set(&mut tree, setting, &mut reading, &left));
    let mut scenario = read::scenario(&reading.root(&tree));
    if let Some(scenario) = &mut scenario {
        if let Some(from) = &mut scenario.fitted_from {
            from.folder = folder(&reading, "/fitted_from/export", Path::new(&file));
        }
        scenario.data = data;
        scenario.file = file;
        draws::attach(&reading, &tree, scenario);
        check(&reading, scenario);
    }
    (reading, scenario)
}

/// Whether a path names a row of a table: `pipeline[A-17].win_probability`.
fn is_of_row(path: &str) -> bool {
    data_files::SECTIONS.iter().any(|section| path.strip_prefix(section).is_some_and(|rest| rest.starts_with('[')))
}

/// Sets a field in the tree; what is wrong is noted.
fn set(tree: &mut Value, setting: &Setting, reading: &mut Reading, left: &Cell<usize>) {
    let value = json::parse(&setting.shown(), setting.value.as_bytes(), left)
        .unwrap_or_else(|_| Value::String(setting.value.clone()));
    // Whether an event happens is set by its chance: 1 or 0.
    let path = match event_of(&setting.path) {
        Some(_) => setting.path.replace("].happens", "].chance"),
        None => setting.path.clone(),
    };
    match FieldPath::parse(&path).and_then(|path| path.set(tree, &value)) {
        Ok(pointers) => reading.options.extend(pointers.into_iter().map(|pointer| (pointer, setting.shown()))),
        Err(PathFault { path, found, allowed, hint }) => {
            reading.faults.borrow_mut().push(Fault { file: setting.shown(), path, found, allowed, hint });
        }
    }
}

/// The scenario, where nothing wrong was noted in reading it.
///
/// # Errors
/// [`Faults`] that were noted.
pub(super) fn sound(reading: Reading, scenario: Option<Scenario>) -> Result<Scenario, Faults> {
    let faults = reading.faults.into_inner();
    match scenario {
        Some(scenario) if faults.is_empty() => Ok(scenario),
        _ => Err(Faults::Fields(faults)),
    }
}

//! From files and `--set` options to a scenario: what a file extends, what an option changes, then reading and checking.

use std::cell::RefCell;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value};

use super::check::check;
use super::fault::{Fault, Faults, SyntaxFault};
use super::json;
use super::merge::merge;
use super::path::{FieldPath, PathFault};
use super::read;
use super::reader::Reading;
use super::types::Scenario;

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
    read_layers(file.display().to_string(), chain(file, open)?, settings)
}

impl Scenario {
    /// The scenario with some of its fields set, read and checked again. Its levers are left out: they are of the scenario as it
    /// stands.
    ///
    /// # Errors
    /// [`Faults`] as of [`load`].
    pub fn with(&self, settings: &[Setting]) -> Result<Scenario, Faults> {
        let bare = Scenario { levers: Vec::new(), ..self.clone() };
        let tree = serde_json::to_value(&bare).expect("a scenario has only text keys and finite numbers");
        read_layers(self.file.clone(), vec![(self.file.clone(), tree)], settings)
    }
}

/// Reads what the files say, the first one being the scenario's own, with `settings` laid over it.
fn read_layers(file: String, layers: Vec<(String, Value)>, settings: &[Setting]) -> Result<Scenario, Faults> {
    let mut tree = Value::Object(Map::new());
    for (_, layer) in layers.iter().rev() {
        merge(&mut tree, layer);
    }
    let mut reading = Reading { layers, options: Vec::new(), faults: RefCell::default() };
    for setting in settings {
        let value = json::parse(&setting.shown(), setting.value.as_bytes())
            .unwrap_or_else(|_| Value::String(setting.value.clone()));
        match FieldPath::parse(&setting.path).and_then(|path| path.set(&mut tree, &value)) {
            Ok(pointers) => {
                reading.options.extend(pointers.into_iter().map(|pointer| (pointer, setting.shown())));
            }
            Err(PathFault { path, found, allowed, hint }) => {
                reading.faults.borrow_mut().push(Fault { file: setting.shown(), path, found, allowed, hint });
            }
        }
    }
    let mut scenario = read::scenario(&reading.root(&tree));
    if let Some(scenario) = &mut scenario {
        scenario.file = file;
        check(&reading, scenario);
    }
    let faults = reading.faults.into_inner();
    match scenario {
        Some(scenario) if faults.is_empty() => Ok(scenario),
        _ => Err(Faults::Fields(faults)),
    }
}

/// The file and those it extends, each with its tree, the file first.
fn chain(file: &Path, open: &dyn Fn(&Path) -> io::Result<Vec<u8>>) -> Result<Vec<(String, Value)>, Faults> {
    let mut layers: Vec<(String, Value)> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut next = tidy(file);
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
            let found = if missing { "no such file".to_owned() } else { error.to_string() };
            // A file that extends another is itself what is shown; the other must be named.
            let found = if layers.is_empty() { found } else { format!("{shown}: {found}") };
            let named = next.with_extension("json");
            let hint = if missing && named != next && open(&named).is_ok() {
                format!("did you mean {}?", named.display())
            } else {
                String::new()
            };
            fault(found, "a scenario file that can be read", &hint)
        })?;
        let tree = json::parse(&shown, &bytes).map_err(Faults::Syntax)?;
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

/// A path without `.` and without `a/..`, so that one file has one name.
fn tidy(path: &Path) -> PathBuf {
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
    out
}

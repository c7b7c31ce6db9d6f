//! Applying a lever, or a factor, to a scenario.

use indexmap::IndexSet;
use serde_json::Value;

use super::layers::Setting;
use super::lever::Lever;
use super::reader::Reading;
use super::scaling::{Field, FieldValue};
use super::sections::{Section, section};
use super::types::Scenario;
use super::unit::Unit;
use crate::units::{Fault, Faults, closest, few_digits};

/// What a lever may change.
const MOVABLE: [&str; 6] = ["regions", "market", "investment", "changes", "one_offs", "rates"];

/// Notes names that are taken, and levers that cannot be applied. These are looked for where all else that they change is
/// sound.
pub(super) fn check(reading: &Reading, scenario: &Scenario) {
    // What asks about the scenario may be faulty, and its words.
    let asks = |fault: &Fault| {
        let key = fault.path.split(['.', '[']).next().unwrap_or_default();
        matches!(section(key), Section::Words | Section::Question | Section::Aside)
    };
    let sound = reading.faults.borrow().iter().all(asks);
    // What is asked of the scenario has faults of its own.
    let bare = Scenario { targets: Vec::new(), calls: Vec::new(), claims: None, ..scenario.clone() };
    for (i, lever) in scenario.levers.iter().enumerate() {
        let pointer = format!("/levers/{i}");
        if scenario.levers[..i].iter().any(|before| before.name == lever.name) {
            let found = format!("the name \"{}\" twice", lever.name);
            reading.fault(&format!("levers[{}].name", lever.name), &pointer, found, "a name of its own", "");
        }
        if let (true, Err(faults)) = (sound, bare.apply(lever)) {
            for fault in faults.into_list() {
                reading.fault(&fault.path, &pointer, fault.found, fault.allowed, fault.hint);
            }
        }
    }
}

/// A field that a lever moves, and the entry that says so.
struct ChangedField {
    /// `levers[NAME].multiply.PATH`.
    entry: String,
    field: Field,
    action: LeverAction,
}

/// What a lever does to a field.
#[derive(Clone)]
enum LeverAction {
    Times(f64),
    Set(Value),
}

impl Scenario {
    /// The scenario with a lever applied: numbers set or multiplied, every draw of what is uncertain multiplied. It has no levers
    /// of its own.
    ///
    /// # Errors
    /// [`Faults`] where a path names nothing that can be changed, or where what comes of it is no sound scenario.
    pub fn apply(&self, lever: &Lever) -> Result<Scenario, Faults> {
        let (changed, mut faults) = self.changed_by(lever);
        let settings: Vec<Setting> = changed.iter().filter_map(ChangedField::setting).collect();
        let set = self.with_or_as_it_is(&settings);
        let set = set.map_err(|found| {
            faults.extend(found.into_list().into_iter().map(|fault| located(fault, lever, &changed)));
        });
        let set = match set {
            Ok(set) if faults.is_empty() => set,
            _ => return Err(Faults::Fields(faults)),
        };
        let times = |factor: f64| {
            let draws = changed.iter().filter(|changed| matches!(changed.field.value, FieldValue::Draws { .. }));
            let draws = draws.filter(|changed| matches!(changed.action, LeverAction::Times(x) if x == factor));
            draws.map(|changed| changed.field.path.as_str()).collect::<Vec<&str>>()
        };
        let factors: IndexSet<u64> = lever.multiply.values().map(|factor| factor.to_bits()).collect();
        let factors = factors.into_iter().map(f64::from_bits);
        Ok(factors.fold(set, |scenario, factor| scenario.scaled(&times(factor), factor)))
    }

    /// The scenario with every draw of some quantities multiplied by a factor, fixed ones among them. It has no levers.
    ///
    /// # Errors
    /// [`Faults`] where a fixed one may not be that.
    pub fn times(&self, paths: &[String], factor: f64) -> Result<Scenario, Faults> {
        let quantities = self.quantities();
        let named = quantities.iter().filter(|(path, _)| paths.contains(path));
        let (mut settings, mut draws) = (Vec::new(), Vec::new());
        for (path, quantity) in named {
            match quantity.law().as_fixed() {
                None => draws.push(path.as_str()),
                Some(x) => settings.push(Setting {
                    option: format!("{path} × {factor}"),
                    path: path.clone(),
                    value: (x * factor).to_string(),
                }),
            }
        }
        Ok(self.with_or_as_it_is(&settings)?.scaled(&draws, factor))
    }

    /// The scenario with some of its fields set, without its levers; read again only where something is set.
    fn with_or_as_it_is(&self, settings: &[Setting]) -> Result<Scenario, Faults> {
        if settings.is_empty() { Ok(Scenario { levers: Vec::new(), ..self.clone() }) } else { self.with(settings) }
    }

    /// The fields that a lever moves, and what is wrong with how it names them.
    fn changed_by(&self, lever: &Lever) -> (Vec<ChangedField>, Vec<Fault>) {
        let (mut changed, mut faults): (Vec<ChangedField>, Vec<Fault>) = Default::default();
        let times = lever.multiply.iter().map(|(path, factor)| ("multiply", path, LeverAction::Times(*factor)));
        let set = lever.set.iter().map(|(path, value)| ("set", path, LeverAction::Set(value.clone())));
        for (key, path, action) in times.chain(set) {
            let entry = format!("levers[{}].{key}.{path}", lever.name);
            match self.movable(path) {
                Err(fault) => {
                    let found =
                        if fault.path == *path { fault.found } else { format!("{}: {}", fault.path, fault.found) };
                    faults.push(Fault { path: entry, found, ..fault });
                }
                Ok(fields) => {
                    for field in fields {
                        faults.extend(beyond(&field, &action, &entry, &self.file));
                        changed.push(ChangedField { entry: entry.clone(), field, action: action.clone() });
                    }
                }
            }
        }
        changed.sort_by(|a, b| a.field.path.cmp(&b.field.path));
        for (i, other) in changed.iter().enumerate() {
            let within = |one: &&ChangedField| {
                let rest = other.field.path.strip_prefix(one.field.path.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if let Some(one) = changed[..i].iter().find(within) {
                let same = one.field.path == other.field.path;
                let found = if same { "the same field twice" } else { "a part of a field that is moved as a whole" };
                faults.push(Fault {
                    file: self.file.clone(),
                    path: other.entry.clone(),
                    found: format!("{}: {found}", other.field.path),
                    allowed: "each field once, and either a quantity or a parameter of it".to_owned(),
                    hint: String::new(),
                });
            }
        }
        (changed, faults)
    }

    /// The fields of a path that a lever may move.
    fn movable(&self, path: &str) -> Result<Vec<Field>, Fault> {
        let first = path.split(['.', '[']).next().unwrap_or_default();
        if MOVABLE.contains(&first) {
            return self.fields(path);
        }
        // Far names are no help.
        let known: Vec<String> =
            MOVABLE.iter().filter(|name| name.get(..1) == first.get(..1)).map(|name| (*name).to_owned()).collect();
        Err(Fault {
            file: self.file.clone(),
            path: path.to_owned(),
            found: format!("\"{path}\""),
            allowed: "a path below regions, market, investment, changes, one_offs or rates".to_owned(),
            hint: closest(first, known.iter()),
        })
    }
}

/// Draws of a share end at 1; their mean has to stay below.
fn beyond(field: &Field, action: &LeverAction, entry: &str, file: &str) -> Option<Fault> {
    let (LeverAction::Times(factor), FieldValue::Draws { mean, .. }) = (action, field.value) else { return None };
    (Unit::of(&field.path) == Unit::Share && mean * factor > 1.0).then(|| Fault {
        file: file.to_owned(),
        path: entry.to_owned(),
        found: format!("{}: a mean of {}", field.path, few_digits(mean * factor)),
        allowed: "a share, 0 to 1".to_owned(),
        hint: format!("a factor of at most {}", few_digits(1.0 / mean)),
    })
}

impl ChangedField {
    /// What is set, where it is a number that moves.
    fn setting(&self) -> Option<Setting> {
        let value = match (&self.action, self.field.value) {
            (LeverAction::Set(value), _) => value.to_string(),
            (LeverAction::Times(factor), FieldValue::Number(x)) => self.field.settled(x * factor).to_string(),
            (LeverAction::Times(_), FieldValue::Draws { .. }) => return None,
        };
        Some(Setting { option: self.entry.clone(), path: self.field.path.clone(), value })
    }
}

/// A fault of a scenario with a lever applied, said of the lever.
fn located(fault: Fault, lever: &Lever, changed: &[ChangedField]) -> Fault {
    let near = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    let entry =
        changed.iter().find(|changed| near(&changed.field.path, &fault.path)).map(|changed| changed.entry.clone());
    let path = entry.unwrap_or_else(|| format!("levers[{}]", lever.name));
    Fault { found: format!("{}: {}", fault.path, fault.found), path, ..fault }
}

//! Levers: things that one could do, with what they cost and what they change.

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use serde_json::Value;

use super::fault::{Fault, Faults};
use super::load::Setting;
use super::path::closest;
use super::reader::{Node, Object, Range, Reading};
use super::scaling::{Field, Holds};
use super::types::Scenario;
use super::unit::Unit;
use crate::units::few_digits;

/// Something that one could do, with what it costs and what it changes. It changes no number of the forecast.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Lever {
    /// What it is called, unlike the others.
    pub name: String,
    /// What it costs over all months played.
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub cost: f64,
    /// Paths with the factor on every draw, or on the number where the field is fixed; * stands for all regions.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub multiply: IndexMap<String, f64>,
    /// Paths with what the field is then: a number, or a quantity.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(default, with = "IndexMap<String, super::quantity::Quantity>"))]
    pub set: IndexMap<String, Value>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// No scenario has more.
pub(super) const MOST: usize = 100;
const COST: Range = Range::new("an amount of money", 0.0, 1e15);
const FACTOR: Range = Range::above("a factor", 0.0, 1e6);
/// What a lever may change.
const MOVABLE: [&str; 3] = ["regions", "market", "investment"];

pub(super) fn read(node: &Node) -> Option<Lever> {
    let mut o = node.object()?;
    let name = o.required("name", "text in quotes").and_then(|n| n.text());
    let cost = o.required("cost", &COST.allowed()).and_then(|n| n.number(COST));
    let multiply = entries(&mut o, "multiply", |n| n.number(FACTOR));
    let set = entries(&mut o, "set", |n| {
        let sound = n.value.is_number() || n.value.is_object();
        if !sound {
            n.wrong("a number, or a quantity in braces", "");
        }
        sound.then(|| n.value.clone())
    });
    let (note, source) = super::read::remarks(&mut o);
    if name.as_deref().is_some_and(|name| name.is_empty() || name.contains(['[', ']'])) {
        node.fault(format!("the name {:?}", name.as_deref().unwrap_or("")), "a name of its own, without brackets", "");
    }
    let given = |key: &str| node.value.get(key).and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    if !["multiply", "set"].into_iter().any(|key| given(key) || o.has(key) && !node.value[key].is_object()) {
        node.fault("nothing that it changes".to_owned(), "multiply, set, or both, with at least one path", "");
    }
    o.close();
    Some(Lever { name: name?, cost: cost?, multiply, set, note, source })
}

/// Paths with what each is to become.
fn entries<T>(o: &mut Object, key: &str, read: impl Fn(&Node) -> Option<T>) -> IndexMap<String, T> {
    let nodes = o.get(key).map_or_else(Vec::new, |node| node.entries());
    nodes.into_iter().filter_map(|(path, node)| Some((path.clone(), read(&node)?))).collect()
}

/// Notes names that are taken, and levers that cannot be pulled. These are looked for where all else that they change is
/// sound.
pub(super) fn check(reading: &Reading, scenario: &Scenario, sound: bool) {
    // What is asked of the scenario has faults of its own.
    let bare = Scenario { targets: Vec::new(), calls: Vec::new(), stated: None, ..scenario.clone() };
    for (i, lever) in scenario.levers.iter().enumerate() {
        let pointer = format!("/levers/{i}");
        if scenario.levers[..i].iter().any(|before| before.name == lever.name) {
            let found = format!("the name \"{}\" twice", lever.name);
            reading.fault(&format!("levers[{}].name", lever.name), &pointer, found, "a name of its own", "");
        }
        if let (true, Err(faults)) = (sound, bare.pull(lever)) {
            for fault in faults.into_list() {
                reading.fault(&fault.path, &pointer, fault.found, fault.allowed, fault.hint);
            }
        }
    }
}

/// A field that a lever moves, and the entry that says so.
struct Moved {
    /// `levers[NAME].multiply.PATH`.
    entry: String,
    field: Field,
    becomes: Becomes,
}

enum Becomes {
    Times(f64),
    Set(Value),
}

impl Scenario {
    /// The scenario with a lever pulled: numbers set or multiplied, every draw of what is uncertain multiplied. It has no levers
    /// of its own.
    ///
    /// # Errors
    /// [`Faults`] where a path names nothing that can be moved, or where what comes of it is no sound scenario.
    pub fn pull(&self, lever: &Lever) -> Result<Scenario, Faults> {
        let (moved, mut faults) = self.moved_by(lever);
        let settings: Vec<Setting> = moved.iter().filter_map(Moved::setting).collect();
        let set = self.with_or_as_it_is(&settings);
        let set = set.map_err(|found| {
            faults.extend(found.into_list().into_iter().map(|fault| located(fault, lever, &moved)));
        });
        let set = match set {
            Ok(set) if faults.is_empty() => set,
            _ => return Err(Faults::Fields(faults)),
        };
        let times = |factor: f64| {
            let draws = moved.iter().filter(|moved| matches!(moved.field.holds, Holds::Draws { .. }));
            let draws = draws.filter(|moved| matches!(moved.becomes, Becomes::Times(x) if x == factor));
            draws.map(|moved| moved.field.path.as_str()).collect::<Vec<&str>>()
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
    fn moved_by(&self, lever: &Lever) -> (Vec<Moved>, Vec<Fault>) {
        let (mut moved, mut faults): (Vec<Moved>, Vec<Fault>) = Default::default();
        let times = lever.multiply.iter().map(|(path, factor)| ("multiply", path, Becomes::Times(*factor)));
        let set = lever.set.iter().map(|(path, value)| ("set", path, Becomes::Set(value.clone())));
        for (key, path, becomes) in times.chain(set) {
            let entry = format!("levers[{}].{key}.{path}", lever.name);
            match self.movable(path) {
                Err(fault) => {
                    let found =
                        if fault.path == *path { fault.found } else { format!("{}: {}", fault.path, fault.found) };
                    faults.push(Fault { path: entry, found, ..fault });
                }
                Ok(fields) => {
                    for field in fields {
                        faults.extend(beyond(&field, &becomes, &entry, &self.file));
                        let becomes = match &becomes {
                            Becomes::Times(factor) => Becomes::Times(*factor),
                            Becomes::Set(value) => Becomes::Set(value.clone()),
                        };
                        moved.push(Moved { entry: entry.clone(), field, becomes });
                    }
                }
            }
        }
        moved.sort_by(|a, b| a.field.path.cmp(&b.field.path));
        for (i, other) in moved.iter().enumerate() {
            let holds = |one: &&Moved| {
                let rest = other.field.path.strip_prefix(one.field.path.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if let Some(one) = moved[..i].iter().find(holds) {
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
        (moved, faults)
    }

    /// The fields of a path that a lever may move.
    fn movable(&self, path: &str) -> Result<Vec<Field>, Fault> {
        let first = path.split(['.', '[']).next().unwrap_or_default();
        if MOVABLE.contains(&first) {
            return self.fields(path);
        }
        let known = MOVABLE.map(str::to_owned);
        Err(Fault {
            file: self.file.clone(),
            path: path.to_owned(),
            found: format!("\"{path}\""),
            allowed: "a path below regions, market or investment".to_owned(),
            hint: closest(first, known.iter()),
        })
    }
}

/// Draws of a share end at 1; their mean has to stay below.
fn beyond(field: &Field, becomes: &Becomes, entry: &str, file: &str) -> Option<Fault> {
    let (Becomes::Times(factor), Holds::Draws { mean, .. }) = (becomes, field.holds) else { return None };
    (Unit::of(&field.path) == Unit::Share && mean * factor > 1.0).then(|| Fault {
        file: file.to_owned(),
        path: entry.to_owned(),
        found: format!("{}: a mean of {}", field.path, few_digits(mean * factor)),
        allowed: "a share, 0 to 1".to_owned(),
        hint: format!("a factor of at most {}", few_digits(1.0 / mean)),
    })
}

impl Moved {
    /// What is set, where it is a number that moves.
    fn setting(&self) -> Option<Setting> {
        let value = match (&self.becomes, self.field.holds) {
            (Becomes::Set(value), _) => value.to_string(),
            (Becomes::Times(factor), Holds::Number(x)) => (x * factor).to_string(),
            (Becomes::Times(_), Holds::Draws { .. }) => return None,
        };
        Some(Setting { option: self.entry.clone(), path: self.field.path.clone(), value })
    }
}

/// A fault of a scenario with a lever pulled, said of the lever.
fn located(fault: Fault, lever: &Lever, moved: &[Moved]) -> Fault {
    let near = |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
    let entry = moved.iter().find(|moved| near(&moved.field.path, &fault.path)).map(|moved| moved.entry.clone());
    let path = entry.unwrap_or_else(|| format!("levers[{}]", lever.name));
    Fault { found: format!("{}: {}", fault.path, fault.found), path, ..fault }
}

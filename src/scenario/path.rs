//! Paths that name fields: `regions.europe.leads.growth[0].rate`, `regions.*.conversion`, `…stages[Qualification].pass`.

use serde_json::{Map, Value};

use super::json::describe;
use crate::units::closest;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    /// All entries of an object.
    Star,
    /// An element of a list, counted from 0.
    Index(usize),
    /// The element of a list with this `name`.
    Named(String),
}

/// A path that was read step by step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldPath(Vec<Step>);

/// Why a value cannot be set: the path up to the fault, what was found, what is allowed, a hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathFault {
    pub(super) path: String,
    pub(super) found: String,
    pub(super) allowed: String,
    pub(super) hint: String,
}

/// Whether the keys of the object at a path are names, or paths, which stand in brackets.
fn is_by_name(path: &str) -> bool {
    path.ends_with(".closing.by_stage") || path.starts_with("changes[") && path.ends_with("].multiply")
}

/// Whether what stands at a path are the rows of a table, which are called by their ids.
fn is_of_rows(path: &str) -> bool {
    matches!(path, "pipeline" | "contracts")
}

/// Where the row of a list stands whose id is a number.
fn row_of(list: &[Value], id: usize) -> Option<usize> {
    let id = id.to_string();
    list.iter().position(|row| row.get("id").and_then(Value::as_str) == Some(&id))
}

/// What an element of a list is called in paths: its name, of a row its id.
fn name_of(element: &Value) -> Option<&str> {
    element.get("name").or_else(|| element.get("id"))?.as_str()
}

/// Where a bracket that was opened before `inside` is closed again. A path that a change multiplies may have brackets of its own.
fn closing_bracket(key: &str, inside: &str) -> Option<usize> {
    let mut open = 1;
    inside.char_indices().find_map(|(i, c)| {
        open += match c {
            '[' if key == "multiply" => 1,
            ']' => -1,
            _ => 0,
        };
        (open == 0).then_some(i)
    })
}

/// Far more keys than any field is deep.
const MOST_STEPS: usize = 32;

/// As much of a text as a message takes.
fn cut(text: &str) -> String {
    const SHOWN: usize = 80;
    if text.chars().count() <= SHOWN { text.to_owned() } else { text.chars().take(SHOWN).chain(['…']).collect() }
}

impl FieldPath {
    pub(super) fn parse(text: &str) -> Result<FieldPath, PathFault> {
        let fault = |found: String| PathFault {
            path: cut(text),
            found,
            allowed:
                "keys joined by dots, list elements in brackets, * for all regions: regions.europe.leads.growth[0].rate"
                    .to_owned(),
            hint: String::new(),
        };
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let key = &rest[..end];
            match key {
                "" => return Err(fault("an empty key".to_owned())),
                "*" => steps.push(Step::Star),
                key => steps.push(Step::Key(key.to_owned())),
            }
            rest = &rest[end..];
            while let Some(inside) = rest.strip_prefix('[') {
                let close =
                    closing_bracket(key, inside).ok_or_else(|| fault("a bracket that is not closed".to_owned()))?;
                let name = &inside[..close];
                steps.push(name.parse().map_or_else(|_| Step::Named(name.to_owned()), Step::Index));
                rest = &inside[close + 1..];
            }
            if steps.len() > MOST_STEPS {
                return Err(PathFault { path: cut(text), ..fault(format!("more than {MOST_STEPS} keys")) });
            }
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(FieldPath(steps)),
                None => return Err(fault(format!("\"{rest}\" after a bracket"))),
            }
        }
    }

    /// Sets the field in `tree`, null removing it, and gives the JSON pointers of what was set.
    pub(super) fn set(&self, tree: &mut Value, value: &Value) -> Result<Vec<String>, PathFault> {
        if let [Step::Key(key), ..] = self.0.as_slice()
            && matches!(key.as_str(), "extends" | "$schema")
        {
            return Err(PathFault {
                path: key.clone(),
                found: "a key of the file".to_owned(),
                allowed: "a field of the scenario".to_owned(),
                hint: "name the other file itself as the scenario".to_owned(),
            });
        }
        let mut done = Vec::new();
        descend(tree, &self.0, String::new(), String::new(), value, &mut done)?;
        Ok(done)
    }

    /// The fields that it names in `tree`, each with its path written out: elements of lists by their names where they have
    /// some. Regions that a * stands for and that lack the field are left out.
    pub(super) fn find<'v>(&self, tree: &'v Value) -> Result<Vec<(String, &'v Value)>, PathFault> {
        // Setting it says all that can be wrong with a path, but for a field that would be made.
        let pointers = self.set(&mut tree.clone(), &Value::Bool(true))?;
        let (found, missing): (Vec<_>, Vec<_>) =
            pointers.iter().map(|pointer| written_out(tree, pointer)).partition(Result::is_ok);
        match missing.into_iter().find_map(Result::err) {
            Some(fault) if found.is_empty() || !self.0.contains(&Step::Star) => Err(fault),
            _ => Ok(found.into_iter().flatten().collect()),
        }
    }
}

/// The path of a JSON pointer and what stands there.
pub(super) fn written_out<'v>(tree: &'v Value, pointer: &str) -> Result<(String, &'v Value), PathFault> {
    let (mut path, mut value) = (String::new(), tree);
    for key in pointer.split('/').skip(1) {
        let inside = value;
        value = inside.pointer(&format!("/{key}")).ok_or_else(|| PathFault {
            path: if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") },
            found: "no such field".to_owned(),
            allowed: inside
                .as_object()
                .map_or_else(|| "a path that exists".to_owned(), |map| format!("one of {}", keys(map))),
            hint: inside.as_object().map_or_else(String::new, |map| closest(key, map.keys())),
        })?;
        path = match (inside.is_array(), name_of(value)) {
            (false, _) if is_by_name(&path) => format!("{path}[{}]", key.replace("~1", "/").replace("~0", "~")),
            (true, Some(name)) => format!("{path}[{name}]"),
            (true, None) => format!("{path}[{key}]"),
            (false, _) if path.is_empty() => key.to_owned(),
            (false, _) => format!("{path}.{key}"),
        };
    }
    Ok((path, value))
}

fn descend(
    tree: &mut Value,
    steps: &[Step],
    path: String,
    pointer: String,
    value: &Value,
    done: &mut Vec<String>,
) -> Result<(), PathFault> {
    let Some((step, rest)) = steps.split_first() else {
        *tree = value.clone();
        done.push(pointer);
        return Ok(());
    };
    let fault = |path: &str, found: String, allowed: String, hint: String| {
        Err(PathFault { path: path.to_owned(), found, allowed, hint })
    };
    let joined = |key: &str| {
        if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
    };
    match (step, tree) {
        (Step::Key(key), Value::Object(map)) => {
            let named_by_user = path == "regions";
            let made = !map.contains_key(key);
            if made {
                if named_by_user {
                    return fault(
                        &joined(key),
                        "no such region".to_owned(),
                        format!("one of {}", keys(map)),
                        closest(key, map.keys()),
                    );
                }
                if value.is_null() {
                    return Ok(());
                }
                let list = matches!(rest.first(), Some(Step::Index(_) | Step::Named(_)));
                map.insert(key.clone(), if list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) });
            }
            if rest.is_empty() && value.is_null() {
                map.shift_remove(key);
                return Ok(());
            }
            let child = map.get_mut(key).expect("the key was inserted above");
            let set = descend(child, rest, joined(key), format!("{pointer}/{key}"), value, done);
            if made && set.is_err() {
                // A path that leads nowhere leaves no half-made objects behind.
                map.shift_remove(key);
            }
            set
        }
        (Step::Star, Value::Object(map)) if path == "regions" => {
            for (key, child) in map.iter_mut() {
                descend(child, rest, joined(key), format!("{pointer}/{key}"), value, done)?;
            }
            Ok(())
        }
        (Step::Star, _) => fault(
            &joined("*"),
            "a * where there are no regions".to_owned(),
            "* only after regions".to_owned(),
            String::new(),
        ),
        (Step::Index(i), Value::Array(list)) => {
            // Ids of rows may be numbers.
            let of_row = Some(*i).filter(|_| is_of_rows(&path)).and_then(|id| row_of(list, id));
            let at = of_row.unwrap_or(*i);
            match list.get_mut(at) {
                Some(child) => descend(child, rest, format!("{path}[{i}]"), format!("{pointer}/{at}"), value, done),
                None => {
                    let allowed = match list.len() {
                        0 => "an element of a list that has some".to_owned(),
                        n => format!("0 to {} (counted from 0)", n - 1),
                    };
                    fault(
                        &format!("{path}[{i}]"),
                        "no such element".to_owned(),
                        allowed,
                        "or set the whole list".to_owned(),
                    )
                }
            }
        }
        (Step::Named(name), Value::Array(list)) => {
            let names: Vec<String> = list.iter().filter_map(|item| name_of(item).map(str::to_owned)).collect();
            match list.iter().position(|item| name_of(item) == Some(name)) {
                Some(i) => {
                    descend(&mut list[i], rest, format!("{path}[{name}]"), format!("{pointer}/{i}"), value, done)
                }
                None => fault(
                    &format!("{path}[{name}]"),
                    "no element of that name".to_owned(),
                    format!("one of {}", names.join(", ")),
                    closest(name, names.iter()),
                ),
            }
        }
        // Stages that factors of open deals are given for, and paths that a change multiplies, are keys, which stand in brackets.
        (Step::Named(name), Value::Object(map)) if is_by_name(&path) && map.contains_key(name) => {
            let child = map.get_mut(name).expect("the map was asked above");
            let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
            descend(child, rest, format!("{path}[{name}]"), pointer, value, done)
        }
        (Step::Key(key), Value::Number(x)) => fault(
            &joined(key),
            format!("the fixed number {x}, which has no parameter \"{key}\""),
            "a parameter of a quantity that has it".to_owned(),
            format!("set the quantity itself: {path}={x}, or give it a range: {path}={{\"low\": …, \"high\": …}}"),
        ),
        (step, other) => {
            let what = match step {
                Step::Key(key) => joined(key),
                Step::Index(i) => format!("{path}[{i}]"),
                Step::Named(name) => format!("{path}[{name}]"),
                Step::Star => joined("*"),
            };
            fault(
                &what,
                format!("{} is {}", if path.is_empty() { "the scenario" } else { &path }, describe(other)),
                "a path that exists".to_owned(),
                String::new(),
            )
        }
    }
}

fn keys(map: &Map<String, Value>) -> String {
    let shown: Vec<&str> = map.keys().take(12).map(String::as_str).collect();
    shown.join(", ") + if map.len() > 12 { ", …" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tree() -> Value {
        json!({"months": 12, "regions": {"europe": {"conversion": {"mean": 0.2, "sd": 0.1}, "stages": [{"name": "Demo", "pass": 0.5}]}, "asia": {"conversion": 0.3}}})
    }

    fn set(path: &str, value: Value) -> Result<Value, PathFault> {
        let mut tree = tree();
        FieldPath::parse(path)?.set(&mut tree, &value)?;
        Ok(tree)
    }

    #[test]
    fn fields_parameters_elements_and_all_regions_are_set() {
        assert_eq!(set("months", json!(24)).unwrap()["months"], 24);
        assert_eq!(
            set("regions.europe.conversion.mean", json!(0.25)).unwrap()["regions"]["europe"]["conversion"],
            json!({"mean": 0.25, "sd": 0.1})
        );
        assert_eq!(
            set("regions.europe.stages[Demo].pass", json!(0.6)).unwrap()["regions"]["europe"]["stages"][0]["pass"],
            0.6
        );
        assert_eq!(
            set("regions.europe.stages[0].pass", json!(0.6)).unwrap()["regions"]["europe"]["stages"][0]["pass"],
            0.6
        );
        let both = set("regions.*.conversion", json!(0.1)).unwrap();
        assert_eq!(
            (&both["regions"]["europe"]["conversion"], &both["regions"]["asia"]["conversion"]),
            (&json!(0.1), &json!(0.1))
        );
        assert_eq!(set("market.volatility", json!(0.1)).unwrap()["market"]["volatility"], 0.1);
        assert!(set("regions.asia", Value::Null).unwrap()["regions"].get("asia").is_none());
    }

    #[test]
    fn fields_are_found_under_their_written_out_paths() {
        let tree = tree();
        let found = |path: &str| {
            let fields = FieldPath::parse(path).and_then(|path| path.find(&tree));
            fields.map(|fields| fields.into_iter().map(|(path, _)| path).collect::<Vec<_>>())
        };
        assert_eq!(found("regions.*.conversion").unwrap(), ["regions.europe.conversion", "regions.asia.conversion"]);
        assert_eq!(found("regions.*.stages[0].pass").unwrap_err().path, "regions.asia.stages[0]");
        assert_eq!(found("regions.europe.stages[0].pass").unwrap(), ["regions.europe.stages[Demo].pass"]);
        assert_eq!(found("regions.europe.conversion.mean").unwrap(), ["regions.europe.conversion.mean"]);
        let fault = found("regions.europe.conversoin").unwrap_err();
        assert_eq!((fault.path.as_str(), fault.found.as_str()), ("regions.europe.conversoin", "no such field"));
        assert_eq!(fault.hint, "did you mean \"conversion\"?");
    }

    #[test]
    fn paths_that_lead_nowhere_say_so() {
        for path in [
            "regions.eurpe.conversion",
            "regions.asia.conversion.mean",
            "regions.europe.stages[2].pass",
            "regions.europe.stages[Deno].pass",
            "a..b",
            "regions.europe.stages[0",
            "regions.europe.stages[0]x",
            "*.x",
            "months.x",
            "",
        ] {
            assert!(set(path, json!(1)).is_err(), "{path}");
        }
        assert_eq!(set("regions.eurpe.conversion", json!(1)).unwrap_err().hint, "did you mean \"europe\"?");
    }
}

//! What somebody changes in a scenario, and the settings that say the same.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::scenario::{Fault, Faults, Scenario, Setting};

/// Something that is changed in a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Adjustment {
    /// A field is set, as `--set PATH=VALUE` does.
    Set {
        /// The path of the field.
        set: String,
        /// What it is then.
        to: Value,
    },
    /// A field is moved so that the mean of its draws is so much; how much is known of it stays.
    Move {
        /// The path of the field.
        r#move: String,
        /// The mean.
        to: f64,
    },
    /// A lever is pulled.
    Pull {
        /// The name of the lever.
        pull: String,
    },
}

/// The settings that changes of a scenario come to, each field once: fields are set and moved one after the other, then levers are pulled, whenever
/// they were, so that each multiplies what the field has come to.
///
/// # Errors
/// [`Faults`] where one names nothing that can be changed so.
pub(super) fn settings(scenario: &Scenario, changes: &[Adjustment]) -> Result<Vec<Setting>, Faults> {
    let mut settings: Vec<Setting> = Vec::new();
    let is_lever = |change: &&Adjustment| matches!(change, Adjustment::Pull { .. });
    let levers = changes.iter().filter(is_lever);
    for change in changes.iter().filter(|change| !is_lever(change)).chain(levers) {
        let more = match change {
            Adjustment::Set { set, to } => {
                vec![Setting { option: option(set, to), path: set.clone(), value: to.to_string() }]
            }
            Adjustment::Move { r#move, to } => {
                scenario.at_mean(r#move, *to).map_err(|fault| Faults::Fields(vec![fault]))?
            }
            Adjustment::Pull { pull } => pulled(scenario, pull, &settings)?,
        };
        for setting in more {
            settings.retain(|before| !is_within(&before.path, &setting.path));
            settings.push(setting);
        }
    }
    Ok(settings)
}

/// Whether a path is another one, or a part of it.
fn is_within(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// "regions.europe.conversion.mean=0.23"
fn option(path: &str, to: &Value) -> String {
    format!("{path}={to}")
}

/// What a lever sets, and what it multiplies of the scenario as it was changed before.
fn pulled(scenario: &Scenario, name: &str, before: &[Setting]) -> Result<Vec<Setting>, Faults> {
    let Some(lever) = scenario.levers.iter().find(|lever| lever.name == name) else {
        return Err(Faults::Fields(vec![Fault {
            file: scenario.file.clone(),
            path: "levers".to_owned(),
            found: format!("no lever {name}"),
            allowed: "a lever of the scenario".to_owned(),
            hint: String::new(),
        }]));
    };
    let moved = if before.is_empty() { scenario.clone() } else { scenario.with(before)? };
    let set = lever.set.iter().map(|(path, to)| Setting {
        option: option(path, to),
        path: path.clone(),
        value: to.to_string(),
    });
    let mut settings: Vec<Setting> = set.collect();
    for (path, factor) in &lever.multiply {
        let multiplied = moved.multiplied(path, *factor).map_err(|fault| Faults::Fields(vec![fault]))?;
        settings.extend(multiplied.into_iter().map(without_remarks));
    }
    Ok(settings)
}

/// A quantity without what is said of it, which changes no number and would fill the command that sets it.
fn without_remarks(setting: Setting) -> Setting {
    let Ok(Value::Object(mut quantity)) = serde_json::from_str(&setting.value) else { return setting };
    quantity.retain(|key, _| !matches!(key.as_str(), "note" | "source"));
    Setting { value: Value::Object(quantity).to_string(), ..setting }
}

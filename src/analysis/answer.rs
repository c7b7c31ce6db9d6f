//! The whole of `forecast.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Deep, Moved, seal};
use crate::forecast::{DAMAGED, Forecast, misread};
use crate::scenario::{Fault, Faults};
use crate::units::Locale;

/// What a run answers, as it is written to `forecast.json`: the forecast, and beside it what was asked with `--deep` and
/// `--since`.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The forecast.
    #[serde(flatten)]
    pub forecast: Forecast,
    /// What takes further simulation; absent where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deep: Option<Deep>,
    /// What moved since an earlier run; absent where it was compared with none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
}

/// What stands beside a forecast.
#[derive(Deserialize)]
struct Beside {
    deep: Option<Deep>,
    moved: Option<Moved>,
}

/// No number beside a forecast is larger; one that is would be drawn nowhere.
const LARGEST: f64 = 1e100;

/// Numbers that cannot have come out of a run.
fn too_large(file: &str, bytes: &[u8]) -> Vec<Fault> {
    let mut found = Vec::new();
    if let Ok(Value::Object(mut document)) = serde_json::from_slice::<Value>(bytes) {
        for part in ["deep", "moved"] {
            if let Some(value) = document.shift_remove(part) {
                walk(&value, part.to_owned(), &mut found);
            }
        }
    }
    let fault = |(path, x): (String, f64)| Fault {
        file: file.to_owned(),
        path,
        found: format!("{x:e}"),
        allowed: format!("at most {LARGEST:e}"),
        hint: DAMAGED.to_owned(),
    };
    found.into_iter().map(fault).collect()
}

fn walk(value: &Value, path: String, found: &mut Vec<(String, f64)>) {
    match value {
        Value::Number(x) => found.extend(x.as_f64().filter(|x| x.abs() > LARGEST).map(|x| (path, x))),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, item)| walk(item, format!("{path}[{i}]"), found)),
        Value::Object(map) => map.iter().for_each(|(key, item)| walk(item, format!("{path}.{key}"), found)),
        _ => {}
    }
}

impl Answer {
    /// Reads the document that a run wrote; `file` names it in messages.
    ///
    /// # Errors
    /// [`Faults`] as of [`Forecast::read`], of the forecast or of what stands beside it.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Answer, Faults> {
        let forecast = Forecast::read(file, bytes)?;
        let beside: Beside = serde_json::from_slice(bytes)
            .map_err(|_| Faults::Fields(vec![misread::<Beside>(file, &String::from_utf8_lossy(bytes))]))?;
        let answer = Answer { forecast, deep: beside.deep, moved: beside.moved };
        let mut faults = answer.faults(file);
        faults.extend(answer.moved.iter().flat_map(|moved| moved.faults(file, &answer.forecast)));
        faults.extend(too_large(file, bytes));
        if faults.is_empty() {
            faults.extend(seal::fault(file, bytes));
        }
        if faults.is_empty() { Ok(answer) } else { Err(Faults::Fields(faults)) }
    }

    /// Numbers are from here on told as a locale writes them; the document itself stays the same.
    pub fn write_as(&mut self, locale: Locale) {
        self.forecast.currency = self.forecast.currency.clone().written_as(locale);
    }

    /// Steps and levers are about the targets of the forecast.
    fn faults(&self, file: &str) -> Vec<Fault> {
        let wanted = self.forecast.targets.len();
        let Some(deep) = &self.deep else { return Vec::new() };
        let steps = deep.steps.iter().enumerate().map(|(i, step)| (format!("deep.steps[{i}].targets"), &step.effect));
        let levers = deep.levers.iter().enumerate().map(|(i, l)| (format!("deep.levers[{i}].targets"), &l.effect));
        let faulty = steps.chain(levers).filter(|(_, effect)| effect.targets.len() != wanted);
        faulty
            .map(|(path, effect)| Fault {
                file: file.to_owned(),
                path,
                found: format!("{} targets", effect.targets.len()),
                allowed: format!("{wanted}, as many as the forecast has"),
                hint: "the file was changed or damaged after the run: copy it again, or run its scenario again"
                    .to_owned(),
            })
            .collect()
    }
}

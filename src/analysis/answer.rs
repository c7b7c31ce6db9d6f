//! The whole of `forecast.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Attribution, Pipeline, WhatIf};
use crate::documents::{Body, DAMAGED, Document, Kind, read};
#[cfg(any(feature = "export", test))]
use crate::documents::{FORMAT, Header};
use crate::forecast::Forecast;
use crate::scenario::{Fault, Faults};
use crate::units::Locale;

/// What a run answers, the body of `forecast.json`: the forecast, beside it what may become of open deals, and what was asked
/// with `--deep` and `--since`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The forecast of the scenario.
    pub forecast: Forecast,
    /// What takes further simulation; absent where it was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deep: Option<WhatIf>,
    /// What moved since an earlier run; absent where it was compared with none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Attribution>,
    /// What may become of the open deals and of the contracts in force, as far as there is room for; absent where there are neither.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Pipeline>,
}

impl Body for Answer {
    const KIND: Kind = Kind::Forecast;
}

/// No number beside a forecast is larger; one that is would be drawn nowhere.
const LARGEST: f64 = 1e100;

/// A fault of a field of the document.
fn fault(file: &str, path: String, found: String, allowed: String) -> Fault {
    Fault { file: file.to_owned(), path, found, allowed, hint: DAMAGED.to_owned() }
}

/// Numbers that cannot have come out of a run.
fn too_large(file: &str, part: &str, value: &impl Serialize) -> Vec<Fault> {
    let mut found = Vec::new();
    walk(&serde_json::to_value(value).unwrap_or_default(), format!("body.{part}"), &mut found);
    let fault = |(path, x): (String, f64)| fault(file, path, format!("{x:e}"), format!("at most {LARGEST:e}"));
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
    /// A forecast with what was asked beside it. Where a sensitivity was analysed, its split and its shares of the variance take the place
    /// of those that the run estimated.
    pub fn new(mut forecast: Forecast, deep: Option<WhatIf>, moved: Option<Attribution>) -> Answer {
        if let Some(sensitivity) = deep.as_ref().and_then(|deep| deep.sensitivity.as_ref()) {
            sensitivity.put_into(&mut forecast.main);
        }
        Answer { forecast, deep, moved, pipeline: None }
    }

    /// Reads the document that a run wrote; `file` names it in messages. Fields that it does not know are passed over.
    ///
    /// ```
    /// # use revcast::analysis::Answer;
    /// let faults = Answer::read("forecast.json", br#"{"kind": "solution"}"#).unwrap_err();
    /// assert!(faults.to_string().starts_with("forecast.json\n  found:   what `revcast solve` found"));
    /// ```
    ///
    /// # Errors
    /// [`Faults`] of a text that is no such document, of the first field that has another type, or of everything in it that does not
    /// agree.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Answer, Faults> {
        let faults = |document: &mut Document<Answer>| {
            document.body.forecast.header = document.header.clone();
            document.body.faults(file)
        };
        Ok(read(Answer::KIND, file, bytes, faults)?.body)
    }

    /// The document of the answer, under the header of its forecast.
    #[cfg(any(feature = "export", test))]
    pub(crate) fn document(&self) -> Document<&Answer, &Header> {
        Document { kind: Answer::KIND, format: FORMAT, header: &self.forecast.header, body: self }
    }

    /// Numbers are from here on told as a locale writes them; the document itself stays the same.
    pub fn write_as(&mut self, locale: Locale) {
        self.forecast.currency = self.forecast.currency.clone().written_as(locale);
    }

    /// What does not agree: in the forecast, and in what stands beside it, whose steps and levers are about its targets.
    fn faults(&self, file: &str) -> Vec<Fault> {
        let mut faults = self.forecast.faults(file);
        let wanted = self.forecast.targets.len();
        if let Some(deep) = &self.deep {
            let steps = deep.steps.iter().enumerate().map(|(i, step)| (format!("steps[{i}]"), &step.effect));
            let levers = deep.levers.iter().enumerate().map(|(i, lever)| (format!("levers[{i}]"), &lever.effect));
            let faulty = steps.chain(levers).filter(|(_, effect)| effect.targets.len() != wanted);
            faults.extend(faulty.map(|(path, effect)| {
                let found = format!("{} targets", effect.targets.len());
                let path = format!("body.deep.{path}.effect.targets");
                fault(file, path, found, format!("{wanted}, as many as the forecast has"))
            }));
            faults.extend(too_large(file, "deep", deep));
        }
        if let Some(moved) = &self.moved {
            faults.extend(moved.faults(file, &self.forecast));
            faults.extend(too_large(file, "moved", moved));
        }
        if let Some(pipeline) = &self.pipeline {
            faults.extend(too_large(file, "pipeline", pipeline));
        }
        faults
    }
}

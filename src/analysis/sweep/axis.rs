//! An axis of the grid: fields, and the values or factors that they take in turn.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::analysis::fields::unfit_factor;
use crate::scenario::{Fault, Field, FieldValue, Scenario, Setting};
use crate::units::Typed;

/// Fields that are moved together, and where to.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// As it was typed: PATH=VALUES or PATH*=FACTORS.
    pub(super) typed: String,
    /// The path, which may stand for several fields.
    pub(super) path: String,
    /// Whether values or factors.
    pub(super) how: How,
    /// What is taken in turn, as it was typed.
    pub(super) values: Vec<String>,
}

/// What is set in a scenario, and the quantities whose draws are multiplied by what.
pub(super) type Moves = (Vec<Setting>, Vec<(String, f64)>);

/// How fields take what an axis gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// As their value: a number fixes what was uncertain.
    Value,
    /// As the factor on every draw, or on the number where the field is one.
    Factor,
}

/// What an option says.
pub(super) const OPTION: &str = "--grid";

impl Axis {
    /// Reads `PATH=VALUE,VALUE,…` or `PATH*=FACTOR,FACTOR,…`.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong with it.
    pub fn parse(typed: &str) -> Result<Axis, Fault> {
        let fault = |found: String, allowed: &str| Fault {
            file: format!("{OPTION} {typed}"),
            path: String::new(),
            found,
            allowed: allowed.to_owned(),
            hint: "for example --grid 'regions.*.conversion*=0.9,1.0,1.1' or --grid 'market.volatility=0.05,0.1,0.2'"
                .to_owned(),
        };
        let form = "PATH=VALUE,VALUE,… or PATH*=FACTOR,FACTOR,…";
        let (path, values) = typed.split_once('=').ok_or_else(|| fault("no =".to_owned(), form))?;
        let (path, how) = match path.trim().strip_suffix('*') {
            // "regions.*" names regions, of which none is a number.
            Some(path) if !path.ends_with('.') && !path.is_empty() => (path, How::Factor),
            _ => (path.trim(), How::Value),
        };
        let values: Vec<String> = apart(values).into_iter().map(|value| value.trim().to_owned()).collect();
        if path.is_empty() || values.iter().any(String::is_empty) {
            return Err(fault("an empty path or value".to_owned(), form));
        }
        if how == How::Factor
            && let Some(wrong) = values.iter().find(|value| number(value).is_none())
        {
            return Err(fault(format!("{wrong}, which is no number"), "a number as factor"));
        }
        let meaning = |value: &String| number(value).map_or_else(|| value.clone(), |x| x.to_string());
        for (i, value) in values.iter().enumerate() {
            if values[..i].iter().any(|other| meaning(other) == meaning(value)) {
                return Err(fault(format!("{value} twice"), "each value once"));
            }
        }
        Ok(Axis { typed: typed.to_owned(), path: path.to_owned(), how, values })
    }

    /// How many values it has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has none, which no axis that was read has.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Its fields in a scenario. Of values it is what was typed that is set.
    pub(super) fn fields(&self, scenario: &Scenario) -> Result<Vec<Field>, Fault> {
        scenario.fields(&self.path).map_err(|fault| Fault { file: self.option(), ..fault })
    }

    /// The option, for messages.
    pub(super) fn option(&self) -> String {
        format!("{OPTION} {}", self.typed)
    }

    /// What is set in the scenario for one of the values, and the quantities whose draws are multiplied by what.
    pub(super) fn moves(&self, scenario: &Scenario, i: usize) -> Result<Moves, Vec<Fault>> {
        let value = &self.values[i];
        let setting = |path: &str, value: String| Setting { option: self.option(), path: path.to_owned(), value };
        if self.how == How::Value {
            return Ok((vec![setting(&self.path, value.clone())], Vec::new()));
        }
        let factor = number(value).unwrap_or(1.0);
        let fields = self.fields(scenario).map_err(|fault| vec![fault])?;
        let faults: Vec<Fault> = fields.iter().filter_map(|field| unfit_factor(field, factor, OPTION, "")).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let (mut settings, mut draws) = (Vec::new(), Vec::new());
        for field in fields {
            match field.value {
                FieldValue::Number(x) => {
                    let value = field.settled(x * factor).to_string();
                    settings.push(setting(&field.path, value));
                }
                FieldValue::Draws { .. } => draws.push((field.path, factor)),
            }
        }
        Ok((settings, draws))
    }
}

/// The finite number that a text stands for.
pub(super) fn number(text: &str) -> Option<f64> {
    Typed::Any.read(text).ok()
}

/// The values of a list with commas; those inside braces, brackets and quotes belong to a value.
fn apart(list: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut from, mut found) = (0_usize, false, 0, Vec::new());
    let mut before = ' ';
    for (at, c) in list.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                found.push(&list[from..at]);
                from = at + 1;
            }
            _ => {}
        }
        before = c;
    }
    found.push(&list[from..]);
    found
}

/// A value as it is written to a document: a number where it is one.
pub(super) fn written(value: &str) -> Value {
    serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_factors_are_read() {
        let axis = Axis::parse("regions.*.conversion*=0.9, 1.0,1.1").unwrap();
        assert_eq!((axis.path.as_str(), axis.how, axis.len()), ("regions.*.conversion", How::Factor, 3));
        let axis = Axis::parse(r#"regions.a.conversion={"low": 0.1, "high": 0.2},0.3"#).unwrap();
        assert_eq!(
            (axis.how, axis.values),
            (How::Value, vec![r#"{"low": 0.1, "high": 0.2}"#.to_owned(), "0.3".to_owned()])
        );
        assert_eq!(Axis::parse("regions.*=1,2").unwrap().path, "regions.*");
        for wrong in ["", "a", "a=", "a=1,,2", "=1", "a*=x", "a*=nan", "a=1,1.0", "*=1", "a*=1,2,1"] {
            assert!(wrong == "*=1" || Axis::parse(wrong).is_err(), "{wrong}");
        }
    }
}

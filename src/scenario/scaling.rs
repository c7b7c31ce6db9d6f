//! Fields that an analysis moves: found by their paths, and quantities multiplied draw by draw.

use serde_json::{Map, Value};

use super::draws::DRAWS;
use super::fields::{FieldName, in_region};
use super::json::describe;
use super::layers::Setting;
use super::path::{FieldPath, PathFault};
use super::quantity::Quantity;
use super::types::Scenario;
use super::unit::Unit;
use crate::stats::to_digits;
use crate::units::Fault;

/// A field that can be moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its path, written out.
    pub path: String,
    /// The number or the draws that it holds.
    pub value: FieldValue,
}

impl Field {
    /// What the field holds where it is asked to hold a number: people are counted in whole ones.
    pub fn settled(&self, value: f64) -> f64 {
        if counts_people(&self.path) { (value + 0.5).floor().max(0.0) } else { value }
    }
}

/// Whether the field at a path counts people: those there, or those of a hire.
pub(crate) fn counts_people(path: &str) -> bool {
    let field = in_region(path).and_then(|(_, field)| field.strip_prefix("team."));
    field.is_some_and(|field| field.ends_with(".headcount") || field.contains(".hires[") && field.ends_with("].count"))
}

/// The content of a field that can be moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldValue {
    /// One number: a fixed quantity, a parameter of an uncertain one, or a plain field.
    Number(f64),
    /// An uncertain quantity, drawn in each trial.
    Draws {
        /// The mean of its draws.
        mean: f64,
        /// The factor up to which all draws but 1 in 10,000 stay in the field's domain: below 1 for a share.
        most: f64,
    },
}

/// A share's draws, multiplied, end here.
const WHOLE: f64 = 1.0;

impl Scenario {
    /// The fields that a path names, `*` standing for all regions.
    ///
    /// # Errors
    /// A [`Fault`] where there is no such field, or where it holds no number that could be moved by a little.
    pub fn fields(&self, path: &str) -> Result<Vec<Field>, Fault> {
        let fault =
            |PathFault { path, found, allowed, hint }| Fault { file: self.file.clone(), path, found, allowed, hint };
        let tree = serde_json::to_value(self).expect("a scenario has only text keys and finite numbers");
        let named = FieldPath::parse(path).and_then(|path| path.find(&tree)).map_err(fault)?;
        let field = |(path, value): (String, &Value)| {
            if let Some(quantity) = self.quantity(&path) {
                return Ok(Field { value: value_of(&path, quantity), path });
            }
            let is_parameter = || {
                let name = in_region(&path).and_then(|(_, field)| FieldName::parse(field));
                name.is_some_and(|name| name.parameter.is_some())
            };
            match value {
                // What is counted is written as a whole number; all others are written with a point.
                Value::Number(x) if x.is_f64() || is_parameter() || counts_people(&path) => {
                    Ok(Field { path, value: FieldValue::Number(x.as_f64().unwrap_or(f64::NAN)) })
                }
                other => Err(fault(refused(path, other))),
            }
        };
        named.into_iter().map(field).collect()
    }

    /// What to set so that the fields of a path are so many times what they are: of what is uncertain all that is written as an amount of it, its
    /// range and spread among them, so that it stays in its domain and can be read again.
    ///
    /// # Errors
    /// A [`Fault`] where there is no such field, or where it takes its values from joint draws.
    pub fn multiplied(&self, path: &str, factor: f64) -> Result<Vec<Setting>, Fault> {
        let setting = |Field { path, value }: Field| {
            let value = match (value, self.quantity(&path)) {
                (FieldValue::Number(x), _) if counts_people(&path) => Value::from((x * factor + 0.5).floor() as u64),
                (FieldValue::Number(x), _) => Value::from(to_digits(x * factor, DIGITS)),
                _ if self.data.iter().any(|file| file.section == DRAWS && file.columns.contains_key(&path)) => {
                    return Err(Fault {
                        file: self.file.clone(),
                        path,
                        found: "values from joint draws, which a factor would part from each other".to_owned(),
                        allowed: "a field with a range of its own".to_owned(),
                        hint: "revcast sweep --grid takes factors on them".to_owned(),
                    });
                }
                (_, quantity) => times(serde_json::to_value(quantity).unwrap_or_default(), factor),
            };
            Ok(Setting { option: format!("{path} × {factor}"), path, value: value.to_string() })
        };
        self.fields(path)?.into_iter().map(setting).collect()
    }

    /// What to set so that the mean of a field's draws is so much: of a fixed number it alone; of what is uncertain the mean where that is written, its
    /// spread staying as it is, else all its amounts.
    ///
    /// # Errors
    /// As of [`Scenario::multiplied`].
    pub fn at_mean(&self, path: &str, mean: f64) -> Result<Vec<Setting>, Fault> {
        let set = |path: String, value: f64| {
            let value = Value::from(value).to_string();
            vec![Setting { option: format!("{path}={value}"), path, value }]
        };
        let mut settings = Vec::new();
        for field in self.fields(path)? {
            let settled = field.settled(mean);
            let has_mean = || {
                let written = self.quantity(&field.path).and_then(|quantity| serde_json::to_value(quantity).ok());
                written.is_some_and(|written| written.get("mean").is_some())
            };
            settings.extend(match field.value {
                FieldValue::Number(_) if counts_people(&field.path) => {
                    let value = Value::from(settled as u64).to_string();
                    vec![Setting { option: format!("{}={value}", field.path), path: field.path, value }]
                }
                FieldValue::Number(_) => set(field.path, settled),
                FieldValue::Draws { .. } if has_mean() => set(format!("{}.mean", field.path), mean),
                FieldValue::Draws { mean: 0.0, .. } => {
                    return Err(Fault {
                        file: self.file.clone(),
                        path: field.path,
                        found: "a range about 0, which no factor moves".to_owned(),
                        allowed: "a mean with a spread, or a range about another number".to_owned(),
                        hint: String::new(),
                    });
                }
                FieldValue::Draws { mean: now, .. } => self.multiplied(&field.path, mean / now)?,
            });
        }
        Ok(settings)
    }

    /// The scenario with every draw of some quantities multiplied by a factor. Shares end at 1, draw by draw.
    pub fn scaled(&self, paths: &[&str], factor: f64) -> Scenario {
        let mut scaled = self.clone();
        for path in paths {
            let most = if Unit::of(path) == Unit::Share { WHOLE } else { f64::INFINITY };
            if let Some(quantity) = scaled.quantity(path).map(|quantity| quantity.times(factor, most)) {
                scaled.set_quantity(path, quantity);
            }
        }
        scaled
    }
}

/// Digits of what was multiplied, without the noise of binary fractions.
const DIGITS: i32 = 12;

/// A quantity as it is written with all its amounts multiplied. Shapes, weights and the spread as a part of the mean stay.
fn times(mut written: Value, factor: f64) -> Value {
    let multiply = |value: &mut Value| {
        if let Some(x) = value.as_f64() {
            *value = Value::from(to_digits(x * factor, DIGITS));
        }
    };
    for (key, value) in written.as_object_mut().into_iter().flatten() {
        match value {
            Value::Array(values) if key == "values" => values.iter_mut().for_each(multiply),
            value if !matches!(key.as_str(), "cv" | "shape" | "weights") => multiply(value),
            _ => {}
        }
    }
    written
}

fn value_of(path: &str, quantity: &Quantity) -> FieldValue {
    let law = quantity.law();
    match law.as_fixed() {
        Some(x) => FieldValue::Number(x),
        None => FieldValue::Draws {
            mean: law.mean(),
            most: if Unit::of(path) == Unit::Share { WHOLE / law.quantile(0.9999) } else { f64::INFINITY },
        },
    }
}

fn refused(path: String, value: &Value) -> PathFault {
    let fault = |found: String, hint: String| PathFault {
        path,
        found,
        allowed: "a number that can be a little more or less, or an uncertain quantity".to_owned(),
        hint,
    };
    let inside = |map: &Map<String, Value>| {
        let names: Vec<&str> =
            map.iter().filter(|(_, value)| !value.is_string()).map(|(key, _)| key.as_str()).collect();
        format!("name a number in it: {}", names.join(", "))
    };
    match value {
        Value::Number(x) => fault(
            format!("{x}, a whole number"),
            "what is counted has no value in between; try each with --set".to_owned(),
        ),
        Value::Object(map) => fault("an object".to_owned(), inside(map)),
        other => fault(describe(other), String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::load;
    use super::*;

    fn scenario() -> Scenario {
        let text = r#"{"name": "x", "start": "2027-01", "months": 12, "market": {"volatility": 0.1},
            "regions": {
                "a": {"leads": {"monthly": {"mean": 100, "cv": 0.1}, "growth": [{"from_month": 2, "rate": {"low": 0, "high": 0.1}}]},
                      "conversion": {"low": 0.2, "mode": 0.25, "high": 0.5}, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000},
                      "retention": {"mean": 0.9, "sd": 0.05}},
                "b": {"leads": {"monthly": 50, "growth": {"low": 0, "high": 0.1}},
                      "stages": [{"name": "Demo", "pass": {"low": 0.3, "high": 0.5}, "mean_days": 10}], "deal_size": {"mean": 1000}}},
            "investment": [{"name": "Team", "amount": 10000, "months": 6}]}"#;
        load("s.json".as_ref(), &[], &|_| Ok(text.into())).unwrap_or_else(|faults| panic!("{faults}"))
    }

    #[test]
    fn quantities_parameters_and_plain_numbers_are_found() {
        let scenario = scenario();
        let found = |path: &str| scenario.fields(path).unwrap();
        assert_eq!(found("regions.*.leads.monthly").len(), 2);
        assert_eq!(found("regions.b.leads.monthly")[0].value, FieldValue::Number(50.0));
        assert_eq!(found("regions.a.leads.monthly.mean")[0].value, FieldValue::Number(100.0));
        assert_eq!(found("market.volatility")[0].value, FieldValue::Number(0.1));
        assert_eq!(found("investment[Team].amount")[0].value, FieldValue::Number(10_000.0));
        // Only one of the regions has it.
        assert_eq!(found("regions.*.conversion").len(), 1);
        let FieldValue::Draws { most, .. } = found("regions.a.conversion")[0].value else { panic!("it is uncertain") };
        assert!((1.9..2.2).contains(&most), "{most}");
    }

    #[test]
    fn what_cannot_be_moved_by_a_little_says_so() {
        let scenario = scenario();
        let hint = |path: &str| scenario.fields(path).unwrap_err().hint;
        assert_eq!(hint("regions.a.convrsion"), "did you mean \"conversion\"?");
        assert_eq!(hint("regions.a.leads"), "name a number in it: monthly, growth, ramp, overdispersion");
        for path in ["months", "contract.term_months", "simulation.seed", "regions.a.leads.growth[0].from_month"] {
            assert!(scenario.fields(path).unwrap_err().found.ends_with("a whole number"), "{path}");
        }
        assert!(scenario.fields("start").is_err() && scenario.fields("regions.a.tags.x").is_err());
    }

    #[test]
    fn every_quantity_can_be_scaled_and_no_other_moves() {
        let before = scenario();
        let paths: Vec<String> = before.quantities().into_iter().map(|(path, _)| path).collect();
        for path in &paths {
            let after = before.scaled(&[path], 1.5);
            for ((other, was), (_, is)) in before.quantities().iter().zip(after.quantities()) {
                let factor = if other == path { 1.5 } else { 1.0 };
                let most = if Unit::of(other) == Unit::Share { 1.0 } else { f64::INFINITY };
                for p in [0.1, 0.5, 0.9] {
                    assert_eq!(is.law().quantile(p), (was.law().quantile(p) * factor).min(most), "{other} by {path}");
                }
            }
        }
    }

    #[test]
    fn what_is_multiplied_can_be_written_and_has_the_draws_times_the_factor() {
        let before = scenario();
        for (path, quantity) in before.quantities() {
            let settings = before.multiplied(&path, 0.9).unwrap();
            let after = before.with(&settings).unwrap_or_else(|faults| panic!("{path}: {faults}"));
            let law = after.quantity(&path).unwrap().law();
            assert!((law.mean() - 0.9 * quantity.law().mean()).abs() < 1e-9, "{path}");
            // A share with a mean and an sd keeps its form, and with it the law that stays below 1.
            let far = if path.ends_with("retention") { 0.01 } else { 1e-9 };
            for p in [0.1, 0.5, 0.9] {
                let (is, was) = (law.quantile(p), quantity.law().quantile(p));
                assert!((is - 0.9 * was).abs() <= far * was.abs(), "{path}: {is} {was}");
            }
        }
        assert!(before.multiplied("regions.a.convrsion", 0.9).is_err());
    }

    #[test]
    fn a_scenario_reads_back_as_it_is() {
        let scenario = scenario();
        let again = scenario.with(&[]).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(serde_json::to_value(&scenario).unwrap(), serde_json::to_value(&again).unwrap());
    }
}

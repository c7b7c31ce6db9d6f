//! Conditions on a forecast, a figure against a bound: "Year 1 >= 0.5", "P50 < 15000000".

use crate::analysis::Answer;
use crate::scenario::Scenario;
use crate::units::few_digits;

/// A rule that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// The text that was found.
    pub found: String,
    /// What to write instead.
    pub hint: String,
}

/// The figure that a rule is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AlertFigure {
    /// The chance of the target of this name.
    Target(String),
    /// A percentile of the main figure.
    Percentile(Percentile),
}

/// The percentiles of the main figure that rules may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Percentile {
    P10,
    P50,
    P90,
}

/// A condition on a forecast: a target's chance, or P10, P50 or P90 of the main figure, against a bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub(super) subject: AlertFigure,
    at_least: bool,
    /// Whether the bound itself is left out.
    strict: bool,
    bound: f64,
}

impl AlertFigure {
    /// The figure that a rule names: one of the scenario's targets, or a percentile.
    pub(super) fn named(name: &str, scenario: &Scenario) -> Result<AlertFigure, Misread> {
        let name = name.trim();
        // A target may be called P50; what a scenario calls its own comes first.
        if scenario.targets.iter().any(|target| target.name == name) {
            return Ok(AlertFigure::Target(name.to_owned()));
        }
        let percentile = match name.to_lowercase().as_str() {
            "p10" => Percentile::P10,
            "p50" | "median" => Percentile::P50,
            "p90" => Percentile::P90,
            _ => {
                let names: Vec<&str> = scenario.targets.iter().map(|target| target.name.as_str()).collect();
                let hint = if names.is_empty() {
                    "the scenario has no targets".to_owned()
                } else {
                    format!("its targets are: {}", names.join(", "))
                };
                return Err(Misread { found: format!("no target \"{name}\""), hint });
            }
        };
        Ok(AlertFigure::Percentile(percentile))
    }

    /// The value of the figure now, with its standard error.
    pub(super) fn value(&self, answer: &Answer) -> Option<(f64, Option<f64>)> {
        match self {
            AlertFigure::Target(name) => {
                let target = answer.forecast.targets.iter().find(|target| target.name == *name)?;
                Some((target.probability.known(), target.probability.error))
            }
            AlertFigure::Percentile(percentile) => {
                let bands = &answer.forecast.main.bands;
                let found = match percentile {
                    Percentile::P10 => bands.p10,
                    Percentile::P50 => bands.p50,
                    Percentile::P90 => bands.p90,
                };
                Some((found.value?, found.error))
            }
        }
    }

    /// A value of the figure, in words.
    pub(super) fn said(&self, answer: &Answer, value: f64, error: Option<f64>) -> String {
        match self {
            AlertFigure::Target(_) => few_digits(value),
            AlertFigure::Percentile(_) => {
                let forecast = &answer.forecast;
                forecast.main.metric.about(&forecast.currency, value, error)
            }
        }
    }

    /// The name of the figure.
    pub(super) fn name(&self) -> &str {
        match self {
            AlertFigure::Target(name) => name,
            AlertFigure::Percentile(Percentile::P10) => "P10",
            AlertFigure::Percentile(Percentile::P50) => "P50",
            AlertFigure::Percentile(Percentile::P90) => "P90",
        }
    }
}

impl Condition {
    /// Reads a rule about a scenario: a name, `>=`, `>`, `<=` or `<`, and a chance (0.5 or 50%) or an amount.
    ///
    /// # Errors
    /// [`Misread`] where it is no such rule, names what the scenario has not, or a chance lies outside of 0 to 1.
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Condition, Misread> {
        let refuse = |found: String, hint: &str| Misread { found, hint: hint.to_owned() };
        let example = "for example 'Year 1 >= 0.5'";
        // The last operator counts: names may hold one too.
        let at = text.rfind(['<', '>']).ok_or_else(|| refuse("no >= or <=".to_owned(), example))?;
        let (name, rest) = text.split_at(at);
        let at_least = rest.starts_with('>');
        let (strict, number) = rest[1..].strip_prefix('=').map_or((true, &rest[1..]), |number| (false, number));
        let number = number.trim();
        let subject = AlertFigure::named(name, scenario)?;
        let bound = match subject {
            AlertFigure::Target(_) => share(number),
            AlertFigure::Percentile(_) => amount(number),
        };
        let what = if matches!(subject, AlertFigure::Target(_)) { "a chance" } else { "an amount" };
        let bound = bound.filter(|x| x.is_finite());
        let bound = bound.ok_or_else(|| refuse(format!("\"{number}\" for {what}"), example))?;
        if matches!(subject, AlertFigure::Target(_)) && !(0.0..=1.0).contains(&bound) {
            let meant = format!("did you mean {}?", bound / 100.0);
            let hint = if bound > 1.0 && bound <= 100.0 { &meant } else { example };
            return Err(refuse(format!("a chance of {bound}"), hint));
        }
        Ok(Condition { subject, at_least, strict, bound })
    }

    /// Whether it holds; `None` where the figure is unknown.
    pub fn holds(&self, answer: &Answer) -> Option<bool> {
        let (found, _) = self.subject.value(answer)?;
        Some(match (self.at_least, self.strict) {
            (true, false) => found >= self.bound,
            (true, true) => found > self.bound,
            (false, false) => found <= self.bound,
            (false, true) => found < self.bound,
        })
    }

    /// The rule and what was found: "Year 1 >= 0.5; found 0.47 (standard error 0.005)".
    pub fn found(&self, answer: &Answer) -> String {
        let sign = format!("{}{}", if self.at_least { ">" } else { "<" }, if self.strict { "" } else { "=" });
        format!("{} {sign} {}; {}", self.subject.name(), self.bound, self.measured(answer))
    }

    /// What was found: "found 0.47 (standard error 0.005)".
    pub(super) fn measured(&self, answer: &Answer) -> String {
        match self.subject.value(answer) {
            Some((value, Some(error))) => format!("found {value} (standard error {error})"),
            Some((value, None)) => format!("found {value}"),
            None => "found nothing, it is unknown".to_owned(),
        }
    }
}

/// An amount, written as 5000000, 5,000,000, 5M or 500k.
pub(super) fn amount(text: &str) -> Option<f64> {
    let plain = text.replace([',', '_'], "");
    let units = [("bn", 1e9), ("k", 1e3), ("M", 1e6), ("m", 1e6)];
    let unit = units.into_iter().find_map(|(unit, size)| Some((plain.strip_suffix(unit)?, size)));
    let (number, size) = unit.unwrap_or((&plain, 1.0));
    number.trim().parse().ok().map(|number: f64| number * size)
}

/// A share, written as 0.8 or 80%.
pub(crate) fn share(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok().map(|percent: f64| percent / 100.0),
        None => text.parse().ok(),
    }
}

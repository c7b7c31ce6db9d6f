//! Conditions on a forecast, a figure against a bound: "Year 1 >= 0.5", "P50 < 15000000".

use crate::analysis::Answer;
use crate::scenario::{Metric, Scenario};
use crate::units::Typed;
use crate::units::format::chance;

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
    /// The bound as it was typed.
    typed: String,
}

impl AlertFigure {
    /// The figure that a rule names: one of the scenario's targets, or a percentile.
    pub(super) fn named(name: &str, scenario: &Scenario) -> Result<AlertFigure, Misread> {
        let name = name.trim();
        // A target may be called P50; what a scenario calls its own comes first.
        if let Some(target) = scenario.targets.iter().find(|target| target.name.trim() == name) {
            return Ok(AlertFigure::Target(target.name.clone()));
        }
        let percentile = match name.to_lowercase().as_str() {
            "p10" => Percentile::P10,
            "p50" | "median" => Percentile::P50,
            "p90" => Percentile::P90,
            _ => {
                if let Some((other, rest)) = name.split_once(':')
                    && AlertFigure::named(rest, scenario).is_ok()
                {
                    let hint = "in a batch a scenario goes by the name of its file without .json; without one, the rule is for all";
                    return Err(Misread { found: format!("no scenario \"{other}\""), hint: hint.to_owned() });
                }
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

    /// How an amount of it is typed.
    pub(super) fn typed(&self, scenario: &Scenario) -> Typed {
        match self {
            AlertFigure::Target(_) => Typed::Share,
            AlertFigure::Percentile(_) => scenario.targets.first().map_or(Metric::Bookings, |t| t.metric).typed(),
        }
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
            AlertFigure::Target(_) => chance(value, error),
            AlertFigure::Percentile(_) => {
                let forecast = &answer.forecast;
                forecast.main.metric.said(&forecast.currency, value, error)
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
        let what = if matches!(subject, AlertFigure::Target(_)) { "a chance" } else { "an amount" };
        let bound = subject.typed(scenario).read(number).map_err(|hint| {
            refuse(format!("\"{number}\" for {what}"), if hint.is_empty() { example } else { &hint })
        })?;
        if matches!(subject, AlertFigure::Target(_)) && !(0.0..=1.0).contains(&bound) {
            let meant = format!("did you mean {}?", bound / 100.0);
            let hint = if bound > 1.0 && bound <= 100.0 { &meant } else { example };
            return Err(refuse(format!("a chance of {bound}"), hint));
        }
        Ok(Condition { subject, at_least, strict, bound, typed: number.to_owned() })
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

    /// The rule and what was found: "Year 1 >= 0.5; found 47 in 100 (0.472, standard error 0.005)".
    pub fn found(&self, answer: &Answer) -> String {
        let sign = format!("{}{}", if self.at_least { ">" } else { "<" }, if self.strict { "" } else { "=" });
        format!("{} {sign} {}; {}", self.subject.name(), self.typed, self.measured(answer))
    }

    /// What was found: "found 47 in 100 (0.472, standard error 0.005)", "found €3.999M (standard error €12k)".
    pub(super) fn measured(&self, answer: &Answer) -> String {
        let Some((value, error)) = self.subject.value(answer) else {
            return "found nothing, it is unknown".to_owned();
        };
        let said = self.subject.said(answer, value, error);
        // The rule is held against more digits than a chance is told with.
        let exact = match self.subject {
            AlertFigure::Target(_) => Some(value.to_string()),
            AlertFigure::Percentile(_) => None,
        };
        let error = error.map(|error| match self.subject {
            AlertFigure::Target(_) => format!("standard error {error}"),
            AlertFigure::Percentile(_) => format!("standard error {}", self.subject.said(answer, error, None)),
        });
        let more: Vec<String> = exact.into_iter().chain(error).collect();
        if more.is_empty() { format!("found {said}") } else { format!("found {said} ({})", more.join(", ")) }
    }
}

//! `--require 'Year 1 >= 0.5'`: rules on the chance of a target.

use super::exit::Failure;
use crate::forecast::Forecast;
use crate::scenario::Scenario;

/// A rule: a target's chance against a bound.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    target: String,
    at_least: bool,
    /// Whether the bound itself is left out.
    strict: bool,
    bound: f64,
}

impl Rule {
    /// Reads a rule about one of the scenario's targets.
    pub(super) fn parse(text: &str, scenario: &Scenario) -> Result<Rule, Failure> {
        let refuse = |found: String, hint: String| Failure::Option {
            option: format!("--require '{text}'"),
            found,
            allowed: "the name of a target, >=, >, <= or <, and a chance from 0 to 1 (or 0% to 100%)".to_owned(),
            hint,
        };
        let example = || "for example --require 'Year 1 >= 0.5'".to_owned();
        // The last operator counts: names may hold one too.
        let at = text.rfind(['<', '>']).ok_or_else(|| refuse("no >= or <=".to_owned(), example()))?;
        let (name, rest) = text.split_at(at);
        let at_least = rest.starts_with('>');
        let (strict, number) = rest[1..].strip_prefix('=').map_or((true, &rest[1..]), |number| (false, number));
        let number = number.trim();
        let bound = share(number).ok_or_else(|| refuse(format!("\"{number}\" for a chance"), example()))?;
        if !(0.0..=1.0).contains(&bound) {
            let hint =
                if bound > 1.0 && bound <= 100.0 { format!("did you mean {}?", bound / 100.0) } else { example() };
            return Err(refuse(format!("a chance of {bound}"), hint));
        }
        let name = name.trim();
        if !scenario.targets.iter().any(|target| target.name == name) {
            let names: Vec<&str> = scenario.targets.iter().map(|target| target.name.as_str()).collect();
            return Err(refuse(
                format!("no target \"{name}\""),
                if names.is_empty() {
                    "the scenario has no targets".to_owned()
                } else {
                    format!("its targets are: {}", names.join(", "))
                },
            ));
        }
        Ok(Rule { target: name.to_owned(), at_least, strict, bound })
    }

    /// Why the rule does not hold, if it does not.
    pub(super) fn broken(&self, forecast: &Forecast) -> Option<String> {
        let target = forecast.targets.iter().find(|target| target.name == self.target)?;
        let (found, error) = (target.probability, target.probability_error);
        let holds = match (self.at_least, self.strict) {
            (true, false) => found >= self.bound,
            (true, true) => found > self.bound,
            (false, false) => found <= self.bound,
            (false, true) => found < self.bound,
        };
        let sign = format!("{}{}", if self.at_least { ">" } else { "<" }, if self.strict { "" } else { "=" });
        (!holds)
            .then(|| format!("required: {} {sign} {}; found {found} (standard error {error})", self.target, self.bound))
    }
}

/// A share, written as 0.8 or 80%.
pub(super) fn share(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok().map(|percent: f64| percent / 100.0),
        None => text.parse().ok(),
    }
}

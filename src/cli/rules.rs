//! Rules on a forecast: `--require 'Year 1 >= 0.5'` and `--alert 'Year 1 drops by 0.05 since last run'`.

use super::exit::Failure;
use crate::analysis::Answer;
use crate::batch::{Alert, Condition, Fired, Misread};
use crate::scenario::Scenario;

/// The rules that a run is held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rules {
    required: Vec<Condition>,
    alerts: Vec<Alert>,
}

impl Rules {
    /// Reads rules about one scenario.
    pub(super) fn parse(required: &[String], alerts: &[String], scenario: &Scenario) -> Result<Rules, Failure> {
        Ok(Rules {
            required: required.iter().map(|rule| require(rule, scenario)).collect::<Result<_, Failure>>()?,
            alerts: alerts.iter().map(|rule| alert(rule, scenario)).collect::<Result<_, Failure>>()?,
        })
    }

    /// Why required rules do not hold.
    pub(super) fn broken(&self, answer: &Answer) -> Vec<String> {
        let broken = self.required.iter().filter(|rule| rule.holds(answer) != Some(true));
        broken.map(|rule| rule.found(answer)).collect()
    }

    /// The alerts that fire.
    pub(super) fn fired(&self, answer: &Answer) -> Vec<Fired> {
        self.alerts.iter().filter_map(|alert| alert.fired(answer)).collect()
    }

    /// Whether any needs to know what moved.
    pub(super) fn are_about_movement(&self) -> bool {
        self.alerts.iter().any(Alert::is_about_movement)
    }
}

/// Reads a rule that must hold.
pub(super) fn require(text: &str, scenario: &Scenario) -> Result<Condition, Failure> {
    let allowed = "the name of a target, >=, >, <= or <, and a chance from 0 to 1 (or 0% to 100%); or P10, P50 or P90 and an amount";
    Condition::parse(text, scenario).map_err(|misread| refused("--require", text, misread, allowed))
}

/// Reads a rule that alerts where it holds.
pub(super) fn alert(text: &str, scenario: &Scenario) -> Result<Alert, Failure> {
    let allowed = "a target or P10, P50, P90, and a level (< 0.4) or a movement (drops by, rises by, moves by 0.05 since last run)";
    Alert::parse(text, scenario).map_err(|misread| refused("--alert", text, misread, allowed))
}

fn refused(option: &str, text: &str, misread: Misread, allowed: &str) -> Failure {
    Failure::Option {
        option: format!("{option} '{text}'"),
        found: misread.found,
        allowed: allowed.to_owned(),
        hint: misread.hint,
    }
}

//! Rules of a batch: for one scenario where they begin with its name, else for all that have what they name.

use super::list::Listed;
use crate::cli::exit::Failure;
use crate::cli::rules::{Rules, alert, require};
use crate::scenario::Scenario;

/// The rules of a batch.
#[derive(Debug)]
pub(super) struct BatchRules {
    required: Vec<BatchRule>,
    alerts: Vec<BatchRule>,
}

/// A rule, and the scenario that it is for.
#[derive(Debug)]
struct BatchRule {
    scenario: Option<String>,
    text: String,
}

impl BatchRules {
    /// Of rules as they were typed: `Year 1 >= 0.5`, `emea: Year 1 >= 0.5`.
    pub(super) fn new(required: &[String], alerts: &[String], scenarios: &[Listed]) -> BatchRules {
        let rule = |text: &String| {
            let own = text.split_once(':').map(|(name, rest)| (name.trim(), rest.trim()));
            match own.filter(|(name, _)| scenarios.iter().any(|listed| listed.name == *name)) {
                Some((name, rest)) => BatchRule { scenario: Some(name.to_owned()), text: rest.to_owned() },
                None => BatchRule { scenario: None, text: text.clone() },
            }
        };
        BatchRules { required: required.iter().map(rule).collect(), alerts: alerts.iter().map(rule).collect() }
    }

    /// Those of one scenario. A rule for all says nothing of a scenario that has not what it names; one for this scenario must be one.
    pub(super) fn of(&self, name: &str, scenario: &Scenario) -> Result<Rules, Failure> {
        let texts = |rules: &[BatchRule], sound: &dyn Fn(&str) -> bool| -> Vec<String> {
            let own = |rule: &&BatchRule| match &rule.scenario {
                Some(of) => of == name,
                None => sound(&rule.text),
            };
            rules.iter().filter(own).map(|rule| rule.text.clone()).collect()
        };
        Rules::parse(
            &texts(&self.required, &|text| require(text, scenario).is_ok()),
            &texts(&self.alerts, &|text| alert(text, scenario).is_ok()),
            scenario,
        )
    }

    /// Faults of rules for all: those that none of the scenarios can be held against.
    pub(super) fn fault(&self, scenarios: &[Scenario]) -> Option<Failure> {
        let nowhere = |rules: &[BatchRule], read: &dyn Fn(&str, &Scenario) -> Option<Failure>| {
            rules.iter().filter(|rule| rule.scenario.is_none()).find_map(|rule| {
                let faults: Option<Vec<Failure>> =
                    scenarios.iter().map(|scenario| read(&rule.text, scenario)).collect();
                faults.filter(|faults| !faults.is_empty()).map(|mut faults| faults.swap_remove(0))
            })
        };
        nowhere(&self.required, &|text, scenario| require(text, scenario).err())
            .or_else(|| nowhere(&self.alerts, &|text, scenario| alert(text, scenario).err()))
    }
}

//! Inputs that shrank overnight: an export that was cut off reads like a collapse of the business.

use crate::scenario::Scenario;

/// An input that shrank.
#[derive(Clone, Debug, PartialEq)]
pub struct Shrunk {
    /// The path of the input.
    pub path: String,
    /// Its mean at the last run.
    pub before: f64,
    /// Its mean now; `None` where it is gone.
    pub now: Option<f64>,
}

/// The inputs, leads and amounts as well as rates, whose means shrank by more than `share` of what they were since the scenario was
/// last run, regions that are gone among them, as all of their leads. What was 0 or less has nothing to lose.
pub fn shrunk(before: &Scenario, now: &Scenario, share: f64) -> Vec<Shrunk> {
    let after = now.quantities();
    let mut found = Vec::new();
    for (path, quantity) in before.quantities() {
        let mean = quantity.law().mean();
        if mean <= 0.0 {
            continue;
        }
        match after.iter().find(|(known, _)| *known == path) {
            Some((_, quantity)) if quantity.law().mean() < (1.0 - share) * mean => {
                found.push(Shrunk { path, before: mean, now: Some(quantity.law().mean()) });
            }
            Some(_) => {}
            // Other fields may come and go by choice: a phase of growth, stages in place of a win rate.
            None if gone(&path, now) => found.push(Shrunk { path, before: mean, now: None }),
            None => {}
        }
    }
    found
}

/// Whether a path is of the leads of a region that is gone.
fn gone(path: &str, now: &Scenario) -> bool {
    let key = path.strip_prefix("regions.").and_then(|rest| rest.strip_suffix(".leads.monthly"));
    key.is_some_and(|key| !now.regions.contains_key(key))
}

//! Small steps for the worse, one for each kind of input.

use indexmap::IndexMap;

use crate::scenario::{FieldName, Scenario, Unit, Worse, field_name, in_region};

/// One step of a share or a rate.
const POINT: f64 = 0.01;
/// One step of anything else, of what it is.
const PART: f64 = 0.05;
/// More kinds of input than this (stages that every region calls differently) are not stepped through.
const MOST: usize = 40;

/// A step, as it is taken.
#[derive(Clone, Debug)]
pub(super) struct AdverseStep {
    /// What people call what is moved.
    pub(super) label: String,
    pub(super) factor: f64,
    /// The fields that move, the first region's first.
    pub(super) paths: Vec<String>,
}

/// The steps of a scenario, in the order of its fields.
pub(super) fn steps(scenario: &Scenario) -> Vec<AdverseStep> {
    let mut kinds: IndexMap<String, Vec<(String, f64)>> = IndexMap::new();
    for (path, quantity) in scenario.quantities() {
        let mean = quantity.law().mean();
        // What is not there cannot be a little less.
        if let Some((_, kind)) = in_region(&path).filter(|_| mean != 0.0) {
            kinds.entry(kind.to_owned()).or_default().push((path, mean));
        }
    }
    kinds.into_iter().filter_map(|(kind, fields)| small(&kind, &fields)).take(MOST).collect()
}

fn small(kind: &str, fields: &[(String, f64)]) -> Option<AdverseStep> {
    let (path, first) = fields.first()?;
    let factor = factor(Unit::of(path), *first, FieldName::parse(kind)?.spec.worse)?;
    // One factor makes growth less and decline worse, but not both.
    let alike = fields.iter().filter(|(_, mean)| mean.is_sign_negative() == first.is_sign_negative());
    let paths: Vec<String> = alike.map(|(path, _)| path.clone()).collect();
    Some(AdverseStep { label: field_name(kind), factor, paths })
}

/// What one step for the worse multiplies by, of a field with this mean: a point of a share or rate, else 5 % of it, of what the logarithm of a
/// factor stands for too. A share that a point would more than halve moves by 5 % of itself. `None` where neither way is for the worse.
fn factor(unit: Unit, mean: f64, worse: Worse) -> Option<f64> {
    let step = |step: f64| match worse {
        Worse::Less => Some(-step),
        Worse::More => Some(step),
        Worse::Neither => None,
    };
    Some(match unit {
        Unit::Rate => (mean + step(POINT)?) / mean,
        Unit::Share if mean >= 2.0 * POINT => ((mean + step(POINT)?) / mean).min(1.0 / mean),
        Unit::Exponent => (mean + step(PART)?) / mean,
        Unit::Share | Unit::Money | Unit::Number | Unit::Days | Unit::Months => 1.0 + step(PART)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_for_the_worse_whatever_is_moved() {
        for (unit, mean, worse, to) in [
            (Unit::Share, 0.25, Worse::Less, 0.24),
            (Unit::Share, 0.01, Worse::Less, 0.0095),
            (Unit::Rate, 0.15, Worse::Less, 0.14),
            (Unit::Rate, 0.15, Worse::More, 0.16),
            (Unit::Rate, 0.005, Worse::Less, -0.005),
            (Unit::Rate, -0.05, Worse::Less, -0.06),
            (Unit::Days, 40.0, Worse::More, 42.0),
            (Unit::Money, 15_000.0, Worse::Less, 14_250.0),
            (Unit::Number, 100.0, Worse::Less, 95.0),
            (Unit::Exponent, -0.1, Worse::Less, -0.15),
        ] {
            let moved = factor(unit, mean, worse).map(|factor| factor * mean);
            assert!(moved.is_some_and(|moved| (moved - to).abs() < 1e-12 * mean.abs().max(1.0)), "{unit:?} of {mean}");
        }
        assert_eq!(factor(Unit::Number, 0.3, Worse::Neither), None);
        // No share is above 1.
        assert!(factor(Unit::Share, 0.995, Worse::More).is_some_and(|factor| (factor * 0.995 - 1.0).abs() < 1e-12));
        let worse = |field| FieldName::parse(field).map(|name| name.spec.worse);
        assert_eq!(worse("stages[Demo].stretch"), Some(Worse::More));
        assert_eq!(worse("team.account_executives.attrition"), Some(Worse::More));
        assert_eq!(worse("conversion"), Some(Worse::Less));
    }
}

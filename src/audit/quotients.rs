//! CAC and ARPA against the figures that they are formed of.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::{Placed, Plan};
use super::words::clipped;
use crate::scenario::Metric;
use crate::units::format::quoted_period;

/// CAC = investment / won deals, ARPA = ARR / customers, of figures of one time and scope.
pub(super) fn quotients(plan: &Plan) -> Vec<Finding> {
    let stated = plan.placed.iter().filter(|placed| matches!(placed.figure.metric, Metric::Cac | Metric::Arpa));
    stated.filter_map(|placed| quotient(plan, placed)).collect()
}

fn quotient(plan: &Plan, stated: &Placed) -> Option<Finding> {
    let &[above, below] = stated.figure.metric.spec().formed_of else { return None };
    let beside = |metric: Metric| {
        let mut same = plan.placed.iter().filter(|other| other.time == stated.time && other.scope == stated.scope);
        same.find(|other| other.figure.metric == metric).map(|other| other.figure)
    };
    let (figure, above, below) = (stated.figure, beside(above)?, beside(below)?);
    if below.value.value <= 0.0 {
        return None;
    }
    let made = Interval::of(&above.value) / Interval::of(&below.value);
    if made.meets(&figure.value) {
        return None;
    }
    let sentence = format!(
        "{} of {} over {} {} are {} {}, but \"{}\" is {}.",
        plan.told(above.metric, &above.value),
        above.metric.name(),
        plan.told(below.metric, &below.value),
        below.metric.name(),
        plan.worked_out(made.at),
        quoted_period(&figure.period),
        clipped(&figure.name),
        plan.told(figure.metric, &figure.value)
    );
    let consistent = format!(
        "{} of {}, or {} of {}.",
        plan.worked_out(figure.value.value * below.value.value),
        above.metric.name(),
        plan.worked_out(made.at),
        figure.metric.name()
    );
    let finding = Finding::new(Kind::Contradiction, Rule::Quotients, sentence, consistent);
    Some(finding.about(figure).about(above).about(below))
}

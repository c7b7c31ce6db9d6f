//! How likely targets are, and when bookings reach what was invested so far.

use std::ops::Range;

use super::document::{EachOutcome, EventOutcome, Payback, TargetOutcome};
use super::metric_summary::LevelReached;
use super::sources::gap;
use super::summaries::Summaries;
use super::summary::{Summary, share};
use super::summary_request::SummaryRequest;
use crate::engine::Workers;
use crate::model::{Input, Model, ParameterValue, Target};
use crate::scenario::{Metric, event_of};
use crate::stats::{Estimate, Moments, Order, QuantileRanks};
use crate::units::{Period, Periods};

/// Asks for what targets need.
pub(super) fn ask_targets(model: &Model, request: &mut SummaryRequest) {
    for target in &model.targets {
        match &target.periods {
            Periods::One(period) => request.sample(target.metric, target.scope, &period.months),
            Periods::Each(periods) => {
                request.reached(target.metric, target.scope, &months(periods), target.at_least);
            }
        }
    }
}

/// Asks for what payback needs.
pub(super) fn ask_payback(model: &Model, request: &mut SummaryRequest) {
    if invests(model) {
        request.reached(Metric::Roi, model.total(), &each_month(model), 0.0);
    }
}

fn months(periods: &[Period]) -> Vec<Range<usize>> {
    periods.iter().map(|period| period.months.clone()).collect()
}

fn each_month(model: &Model) -> Vec<Range<usize>> {
    (0..model.horizon.months).map(|m| m..m + 1).collect()
}

/// Whether it is asked when what is spent is paid back.
fn invests(model: &Model) -> bool {
    model.invests() && model.has(Metric::Roi)
}

/// The outcomes of all targets, in the order of the scenario, each with what is missing of it where something is known to have come.
pub(super) fn targets(summaries: &Summaries, workers: &Workers) -> Vec<TargetOutcome> {
    let targets = target_outcomes(summaries, workers).into_iter().zip(&summaries.model().targets);
    targets.map(|(outcome, target)| TargetOutcome { gap: gap(summaries, target), ..outcome }).collect()
}

/// How likely each target is.
pub(super) fn target_outcomes(summaries: &Summaries, workers: &Workers) -> Vec<TargetOutcome> {
    let model = summaries.model();
    workers.map(model.targets.len(), |i| {
        let target = &model.targets[i];
        let scope = &model.scopes[target.scope].key;
        match &target.periods {
            Periods::One(period) => {
                let sample = summaries.sample(target.metric, target.scope, &period.months);
                let events = events(summaries, |t| sample[t] >= target.at_least);
                TargetOutcome { events, ..one(target, scope, period, sample) }
            }
            Periods::Each(periods) => {
                let reached = summaries.reached(target.metric, target.scope, &months(periods), target.at_least);
                let events = events(summaries, |t| reached.count[t] == periods.len() as f64);
                TargetOutcome { events, ..each(target, scope, periods, reached) }
            }
        }
    })
}

/// How likely a target is with each event that may happen, and without it; `is_met` tells whether a trial meets it.
fn events(summaries: &Summaries, is_met: impl Fn(usize) -> bool) -> Vec<EventOutcome> {
    let model = summaries.model();
    // Changes in the order of the scenario, then deals.
    let changes = model.changes.iter().map(|change| change.happens);
    let deals = model.regions.iter().flat_map(|region| &region.one_offs).map(|deal| deal.happens);
    let inputs = changes.chain(deals).filter_map(|happens| match happens {
        ParameterValue::Input(i) => model.inputs.get(i).zip(summaries.inputs.get(i)),
        _ => None,
    });
    let outcome = |(input, happens): (&Input, &Vec<f64>)| {
        let name = event_of(&input.path)?.to_owned();
        let (mut count, mut met) = ([0; 2], [0; 2]);
        for (t, happens) in happens.iter().enumerate() {
            let which = usize::from(*happens == 1.0);
            count[which] += 1;
            met[which] += usize::from(is_met(t));
        }
        let of = |which: usize| if count[which] == 0 { Estimate::UNKNOWN } else { share(met[which], count[which]) };
        Some(EventOutcome { name, happens: share(count[1], happens.len()), with: of(1), without: of(0) })
    };
    inputs.filter_map(outcome).collect()
}

fn one(target: &Target, scope: &str, period: &Period, sample: &[f64]) -> TargetOutcome {
    let level = target.at_least;
    // An unknown value (ROI while nothing is invested) reaches nothing and misses by nothing known.
    let reached = sample.iter().filter(|x| **x >= level).count();
    let shortfalls: Vec<f64> = sample.iter().map(|x| (level - x).max(0.0)).collect();
    let several = sample.len() > 1;
    let expected_shortfall =
        Moments::of(&shortfalls).map_or(Estimate::UNKNOWN, |m| Estimate::new(m.mean, several.then_some(m.mean_error)));
    let misses = Order::of(shortfalls.into_iter().filter(|x| *x > 0.0).collect());
    let median_miss = if misses.values().is_empty() {
        Estimate::UNKNOWN
    } else {
        Estimate::new(misses.quantile(0.5), misses.error(&QuantileRanks::new(misses.values().len(), 0.5)))
    };
    TargetOutcome {
        name: target.name.clone(),
        metric: target.metric,
        scope: scope.to_owned(),
        period: period.label.clone(),
        at_least: level,
        probability: share(reached, sample.len()),
        expected_shortfall,
        median_miss,
        gap: None,
        events: Vec::new(),
        each: None,
    }
}

fn each(target: &Target, scope: &str, periods: &[Period], reached: &LevelReached) -> TargetOutcome {
    let LevelReached { trials: reached, count, first, .. } = reached;
    let trials = count.len();
    let all = count.iter().filter(|c| **c == periods.len() as f64).count();
    let never = first.iter().filter(|f| f.is_infinite()).count();
    let order = Order::of(first.clone());
    // A period, not an average of two: the order statistic itself.
    let first_at = |p: f64| -> Option<String> {
        let rank = (libm::ceil(p * trials as f64) as usize).clamp(1, trials);
        let index = order.values()[rank - 1];
        index.is_finite().then(|| periods[index as usize].label.clone())
    };
    TargetOutcome {
        name: target.name.clone(),
        metric: target.metric,
        scope: scope.to_owned(),
        period: if periods.first().is_some_and(|p| p.months.len() == 1) { "each-month" } else { "each-quarter" }
            .to_owned(),
        at_least: target.at_least,
        probability: share(all, trials),
        expected_shortfall: Estimate::UNKNOWN,
        median_miss: Estimate::UNKNOWN,
        gap: None,
        events: Vec::new(),
        each: Some(EachOutcome {
            periods: periods.iter().map(|period| period.label.clone()).collect(),
            probabilities: reached.iter().map(|reached| share(*reached, trials)).collect(),
            count: Summary::new(trials).bands(count),
            first_p10: first_at(0.1),
            first_p50: first_at(0.5),
            first_p90: first_at(0.9),
            never: share(never, trials),
        }),
    }
}

/// From when on cumulative total bookings are no less than cumulative investment; `None` where nothing is invested.
pub(super) fn payback(summaries: &Summaries) -> Option<Payback> {
    let model = summaries.model();
    if !invests(model) {
        return None;
    }
    // The first month, counted from 1, from which each trial's ROI is 0 or more to the end; infinite where it is not at the end, which ranks
    // after every month.
    let lasting = &summaries.reached(Metric::Roi, model.total(), &each_month(model), 0.0).lasting;
    let months: Vec<f64> = lasting.iter().map(|m| m + 1.0).collect();
    let paid = months.iter().filter(|m| m.is_finite()).count();
    Some(Payback { probability: share(paid, months.len()), month: Summary::new(months.len()).bands(&months) })
}

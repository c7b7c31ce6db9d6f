//! The way from an earlier figure to the new one, in steps that add up.

use super::baseline::{Baseline, BaselineTarget, asked};
use super::document::{Reason, ReasonKind, Spans, TargetChange};
use crate::analysis::compare::{BridgePath, Bridged, Measured, span};
use crate::analysis::{ChangedField, Span};
use crate::forecast::{Bands, FigureSummary, Forecast, TargetOutcome, share};
use crate::stats::Estimate;

/// The earlier run and the present one.
pub(super) struct TwoRuns<'a> {
    pub(super) past: &'a Baseline,
    pub(super) forecast: &'a Forecast,
}

/// What was played between them.
pub(super) struct Explained {
    /// Version, noise and inputs, as far as there are any.
    pub(super) reasons: Vec<Reason>,
    pub(super) way: Bridged,
    /// The targets that the way's chances are of.
    pub(super) goals: Vec<String>,
    /// The earlier scenario with its own draws.
    pub(super) replayed: Option<FigureSummary>,
}

/// What is said of it.
pub(super) struct Explanation {
    pub(super) reasons: Vec<Reason>,
    pub(super) spans: Option<Spans>,
    pub(super) targets: Vec<TargetChange>,
}

impl TwoRuns<'_> {
    /// Both are the same.
    pub(super) fn unchanged(&self) -> Explanation {
        self.told(Vec::new(), &|_, to| (to, Vec::new()))
    }

    /// All that moved in one step.
    pub(super) fn unexplained(&self, reason: &str) -> Explanation {
        let reason =
            Reason { kind: ReasonKind::Unexplained, label: format!("not told apart: {reason}"), fields: Vec::new() };
        self.told(vec![reason], &|from, to| (from, vec![less(to, from)]))
    }

    /// Of what was read: from each earlier value and the new one to where the way begins and its steps.
    fn told(&self, reasons: Vec<Reason>, way: &dyn Fn(Measured, Measured) -> (Measured, Vec<Measured>)) -> Explanation {
        let known = |from: Measured, to: Measured| {
            let (from, steps) = way(from, to);
            span([from, to], &steps)
        };
        let forecast = self.forecast;
        let spans = self.same_figure().then(|| Spans {
            p10: known(at(self.past.bands.p10), at(forecast.main.bands.p10)),
            p50: known(at(self.past.bands.p50), at(forecast.main.bands.p50)),
            p90: known(at(self.past.bands.p90), at(forecast.main.bands.p90)),
            width: known(width(&self.past.bands), width(&forecast.main.bands)),
        });
        let targets = forecast.targets.iter().map(|target| TargetChange {
            name: target.name.clone(),
            chance: self
                .before(target)
                .filter(|before| asks_the_same(before, target))
                .map(|before| known(chance_before(before), chance_now(target))),
        });
        Explanation { reasons, spans, targets: targets.collect() }
    }

    /// By version, noise, inputs, and what targets ask for.
    pub(super) fn explained(&self, between: &Explained) -> Explanation {
        let mut reasons = between.reasons.clone();
        let otherwise: Vec<ChangedField> =
            self.forecast.targets.iter().filter_map(|target| self.asked(target)).collect();
        let asked_otherwise = !otherwise.is_empty();
        if asked_otherwise {
            let label = match otherwise.as_slice() {
                [one] => one.label.clone(),
                _ => "what targets ask for".to_owned(),
            };
            reasons.push(Reason { kind: ReasonKind::Target, label, fields: otherwise });
        }
        let last = asked_otherwise.then_some((0.0, Some(0.0)));
        let past = self.past;
        let along = |stored: Measured, replayed: Option<Measured>, way: &BridgePath| {
            let (from, mut steps) = between.first(stored, replayed, way);
            steps.extend(last);
            span([from, way.ends[1]], &steps)
        };
        let replayed = between.replayed.as_ref();
        let percentile = |i: usize, of: fn(&Bands<Estimate>) -> Estimate| {
            let of_replay = replayed.map(|figure_summary| at(of(&figure_summary.bands)));
            along(at(of(&past.bands)), of_replay, &between.way.percentiles[i])
        };
        let spans = self.same_figure().then(|| Spans {
            p10: percentile(0, |bands| bands.p10),
            p50: percentile(1, |bands| bands.p50),
            p90: percentile(2, |bands| bands.p90),
            width: along(
                width(&past.bands),
                replayed.map(|figure_summary| width(&figure_summary.bands)),
                &between.way.width,
            ),
        });
        let targets = self.forecast.targets.iter().map(|target| TargetChange {
            name: target.name.clone(),
            chance: self.before(target).map(|before| self.chance(before, target, between, reasons.len())),
        });
        Explanation { targets: targets.collect(), spans, reasons }
    }

    /// The chance of a target along the reasons; by unknown steps where it was not asked of what lies between.
    fn chance(&self, before: &BaselineTarget, target: &TargetOutcome, between: &Explained, reasons: usize) -> Span {
        let goal = between.goals.iter().position(|name| *name == target.name);
        let Some(way) = goal.and_then(|goal| between.way.chances.get(goal)) else {
            let (from, to) = (chance_before(before), chance_now(target));
            let whole = span([from, to], &[less(to, from)]);
            return if reasons == 1 { whole } else { Span { steps: vec![Estimate::UNKNOWN; reasons], ..whole } };
        };
        let replayed = between.replayed.as_ref();
        let replayed =
            replayed.and_then(|figure_summary| figure_summary.targets.iter().find(|same| same.name == target.name));
        let (from, mut steps) = between.first(chance_before(before), replayed.map(chance_now), way);
        let mut to = way.ends[1];
        if reasons > steps.len() {
            let step = if asks_the_same(before, target) {
                (0.0, Some(0.0))
            } else {
                to = chance_now(target);
                let change = to.0 - way.ends[1].0;
                // On the same draws, some futures meet the one and not the other.
                let trials = self.forecast.manifest.trials;
                (change, share((change.abs() * trials as f64).round() as usize, trials).error)
            };
            steps.push(step);
        }
        span([from, to], &steps)
    }

    /// Whether both runs are headed by the same figure.
    fn same_figure(&self) -> bool {
        let main = &self.forecast.main;
        let before = &self.past.figure;
        (before.metric, &before.scope, &before.period) == (main.metric, &main.scope, &main.period)
    }

    /// What a target asks for, where that is something else than it was.
    fn asked(&self, target: &TargetOutcome) -> Option<ChangedField> {
        let before = self.before(target).filter(|before| !asks_the_same(before, target))?;
        let said = |scope: &str, period: &str, level: f64| serde_json::json!({ "scope": scope, "period": period, "at_least": level });
        Some(ChangedField {
            path: format!("targets[{}]", target.name),
            label: format!("what “{}” asks for", target.name),
            from: Some(said(&before.figure.scope, &before.figure.period, before.at_least)),
            to: Some(said(&target.scope, &target.period, target.at_least)),
            mean_from: Some(before.at_least),
            mean_to: Some(target.at_least),
        })
    }

    fn before(&self, target: &TargetOutcome) -> Option<&BaselineTarget> {
        self.past.targets.iter().find(|before| before.name == target.name)
    }
}

impl Explained {
    fn has(&self, kind: ReasonKind) -> bool {
        self.reasons.iter().any(|reason| reason.kind == kind)
    }

    /// Where a way begins, and its steps by version, noise and inputs.
    fn first(&self, stored: Measured, replayed: Option<Measured>, way: &BridgePath) -> (Measured, Vec<Measured>) {
        let begins = way.ends[0];
        let (mut from, mut at, mut steps) = (begins, begins, Vec::new());
        let (version, noise) = (self.has(ReasonKind::Version), self.has(ReasonKind::Noise));
        if version || noise {
            (from, at) = (stored, stored);
        }
        if version {
            let again = if noise { replayed.unwrap_or(UNKNOWN) } else { begins };
            // What is stored is rounded.
            if Estimate::new(again.0, again.1).value == Some(stored.0) {
                steps.push((0.0, Some(0.0)));
                from = if noise { stored } else { again };
            } else {
                steps.push(less(again, at));
            }
            at = again;
        }
        if noise {
            steps.push(less(begins, at));
        }
        steps.extend(&way.steps);
        (from, steps)
    }
}

/// A figure of which nothing is known.
const UNKNOWN: Measured = (f64::NAN, None);

fn at(estimate: Estimate) -> Measured {
    (estimate.known(), estimate.error)
}

/// P90 − P10. Its error is not told by theirs, which go together; it is at most about that of both apart.
fn width(bands: &Bands<Estimate>) -> Measured {
    less(at(bands.p90), at(bands.p10))
}

/// A difference, with the error that independent estimates give it.
fn less(to: Measured, from: Measured) -> Measured {
    let error = to.1.zip(from.1).map(|(a, b)| libm::hypot(a, b));
    (to.0 - from.0, error)
}

fn chance_before(target: &BaselineTarget) -> Measured {
    at(target.probability)
}

fn chance_now(target: &TargetOutcome) -> Measured {
    at(target.probability)
}

fn asks_the_same(before: &BaselineTarget, now: &TargetOutcome) -> bool {
    before.figure == asked(now) && before.at_least == now.at_least
}

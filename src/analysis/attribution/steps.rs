//! The way from an earlier figure to the new one, in steps that add up.

use super::baseline::{Baseline, BaselineTarget, asked};
use super::document::{Reason, ReasonKind, Spans, TargetChange};
use crate::analysis::compare::{BridgePath, Bridged, span};
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
        self.told(vec![reason], &|from, to| (from, vec![to.less(from)]))
    }

    /// Of what was read: from each earlier value and the new one to where the way begins and its steps.
    fn told(&self, reasons: Vec<Reason>, way: &dyn Fn(Estimate, Estimate) -> (Estimate, Vec<Estimate>)) -> Explanation {
        let known = |from: Estimate, to: Estimate| {
            let (from, steps) = way(from, to);
            span([from, to], &steps)
        };
        let forecast = self.forecast;
        let spans = self.same_figure().then(|| Spans {
            p10: known(self.past.bands.p10, forecast.main.bands.p10),
            p50: known(self.past.bands.p50, forecast.main.bands.p50),
            p90: known(self.past.bands.p90, forecast.main.bands.p90),
            width: known(width(&self.past.bands), width(&forecast.main.bands)),
        });
        let targets = forecast.targets.iter().map(|target| TargetChange {
            name: target.name.clone(),
            chance: self
                .before(target)
                .filter(|before| asks_the_same(before, target))
                .map(|before| known(before.probability, target.probability)),
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
        let last = asked_otherwise.then_some(NO_STEP);
        let past = self.past;
        let along = |stored: Estimate, replayed: Option<Estimate>, way: &BridgePath| {
            let (from, mut steps) = between.first(stored, replayed, way);
            steps.extend(last);
            span([from, way.ends[1]], &steps)
        };
        let replayed = between.replayed.as_ref();
        let percentile = |i: usize, of: fn(&Bands<Estimate>) -> Estimate| {
            let of_replay = replayed.map(|figure_summary| of(&figure_summary.bands));
            along(of(&past.bands), of_replay, &between.way.percentiles[i])
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
            let (from, to) = (before.probability, target.probability);
            let whole = span([from, to], &[to.less(from)]);
            return if reasons == 1 { whole } else { Span { steps: vec![Estimate::UNKNOWN; reasons], ..whole } };
        };
        let replayed = between.replayed.as_ref();
        let replayed =
            replayed.and_then(|figure_summary| figure_summary.targets.iter().find(|same| same.name == target.name));
        let (from, mut steps) = between.first(before.probability, replayed.map(|same| same.probability), way);
        let mut to = way.ends[1];
        if reasons > steps.len() {
            let step = if asks_the_same(before, target) {
                NO_STEP
            } else {
                to = target.probability;
                let change = to.known() - way.ends[1].known();
                // On the same draws, some futures meet the one and not the other.
                let trials = self.forecast.manifest.trials;
                Estimate::unrounded(change, share((change.abs() * trials as f64).round() as usize, trials).error)
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
    fn first(&self, stored: Estimate, replayed: Option<Estimate>, way: &BridgePath) -> (Estimate, Vec<Estimate>) {
        let begins = way.ends[0];
        let (mut from, mut at, mut steps) = (begins, begins, Vec::new());
        let (version, noise) = (self.has(ReasonKind::Version), self.has(ReasonKind::Noise));
        if version || noise {
            (from, at) = (stored, stored);
        }
        if version {
            let again = if noise { replayed.unwrap_or(Estimate::UNKNOWN) } else { begins };
            // What is stored is rounded.
            if Estimate::new(again.known(), again.error).value == stored.value {
                steps.push(NO_STEP);
                from = if noise { stored } else { again };
            } else {
                steps.push(again.less(at));
            }
            at = again;
        }
        if noise {
            steps.push(begins.less(at));
        }
        steps.extend(&way.steps);
        (from, steps)
    }
}

/// A step that changes nothing, which is certain.
const NO_STEP: Estimate = Estimate { value: Some(0.0), error: Some(0.0) };

/// P90 − P10. Its error is not told by theirs, which go together; it is at most about that of both apart.
fn width(bands: &Bands<Estimate>) -> Estimate {
    bands.p90.less(bands.p10)
}

fn asks_the_same(before: &BaselineTarget, now: &TargetOutcome) -> bool {
    before.figure == asked(now) && before.at_least == now.at_least
}

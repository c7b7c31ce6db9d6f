//! What every metric is in one scenario less what it is in another, future by future.

use super::document::{Beats, MetricDifference, TargetDifference};
use super::mixed_scenario::{figure_in, scope_in};
use crate::analysis::Response;
use crate::engine::{Execution, Resampling, RunError, SimulationScope, Workers, each_block};
use crate::forecast::{Summary, share};
use crate::model::{Figure, Model};
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Frequency, Period};

/// A metric over a scope of the first scenario, with the periods that are looked at.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) metric: Metric,
    pub(super) scope: usize,
    pub(super) periods: Vec<Period>,
}

/// What of a model is compared: every metric of every scope by year and over the horizon, and `figure`.
pub(super) fn subjects(model: &Model, figure: &Figure) -> Vec<Subject> {
    let mut periods = model.horizon.every(if model.fiscal { Frequency::FiscalYear } else { Frequency::Year });
    periods.extend(model.horizon.every(Frequency::Total));
    let mut found = Vec::new();
    for metric in model.metrics() {
        for scope in Figure::scopes(model, metric) {
            let mut periods = periods.clone();
            if (figure.metric, figure.scope) == (metric, scope)
                && periods.iter().all(|known| known.label != figure.period.label)
            {
                periods.insert(0, figure.period.clone());
            }
            found.push(Subject { metric, scope, periods });
        }
    }
    found
}

/// Values of some subjects' periods in all trials, block after block; in each block period after period.
pub(super) struct Samples {
    blocks: Vec<Vec<f64>>,
    columns: usize,
}

impl Samples {
    /// Plays a model for subjects of `base`. What it has not the regions of is unknown (NaN).
    pub(super) fn of(
        model: &Model,
        base: &Model,
        subjects: &[Subject],
        execution: &Execution,
    ) -> Result<Samples, RunError> {
        let see = |outcomes: &Outcomes| {
            let mut values = Vec::new();
            for subject in subjects {
                let Some(scope) = scope_in(model, base, subject.scope) else {
                    values.resize(values.len() + subject.periods.len() * outcomes.trials(), f64::NAN);
                    continue;
                };
                let grid = Grid::new(model, outcomes, subject.metric, &model.scopes[scope].regions);
                for period in &subject.periods {
                    values.extend(grid.period(period.months.clone()));
                }
            }
            values
        };
        let money = subjects.iter().all(|subject| subject.metric.spec().won_deals_only);
        let part = SimulationScope { won_deals_only: money, ..SimulationScope::whole(model) };
        let blocks = each_block(model, Resampling::None, part, execution, see)?;
        Ok(Samples { blocks, columns: subjects.iter().map(|subject| subject.periods.len()).sum() })
    }

    /// A column of these less the same of others.
    fn less(&self, other: &Samples, column: usize) -> Vec<f64> {
        let pairs = self.blocks.iter().zip(&other.blocks);
        pairs
            .flat_map(|(these, those)| {
                let trials = these.len() / self.columns;
                let at = column * trials..(column + 1) * trials;
                these[at.clone()].iter().zip(&those[at]).map(|(x, y)| x - y)
            })
            .collect()
    }

    /// The bands of what these are more than `other`, period after period of the subjects that both models have.
    pub(super) fn differences(
        &self,
        other: &Samples,
        subjects: &[Subject],
        known: impl Fn(&Subject) -> Option<String> + Sync,
        certain: Certain,
        workers: &Workers,
    ) -> Vec<MetricDifference> {
        let columns: Vec<(&Subject, &Period)> =
            subjects.iter().flat_map(|subject| subject.periods.iter().map(move |period| (subject, period))).collect();
        let found = workers.map(columns.len(), |column| {
            let (subject, period) = columns[column];
            let scope = known(subject)?;
            let difference = self.less(other, column);
            let bands = Summary::new(difference.len()).bands(&difference);
            let beats = beats(&difference, certain);
            Some(MetricDifference { metric: subject.metric, scope, period: period.label.clone(), bands, beats })
        });
        found.into_iter().flatten().collect()
    }
}

/// Whether chances are estimates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::analysis) enum Certain {
    /// Both play the same futures: nothing can differ.
    Same,
    /// Trials tell how far they differ.
    Estimated,
}

/// How often a difference is above 0, 0 and below.
fn beats(difference: &[f64], certain: Certain) -> Beats {
    if difference.iter().any(|x| x.is_nan()) {
        return Beats::UNKNOWN;
    }
    let of = |holds: &dyn Fn(f64) -> bool| {
        let count = difference.iter().filter(|x| holds(**x)).count();
        let found = share(count, difference.len());
        if certain == Certain::Same { Estimate { error: Some(0.0), ..found } } else { found }
    };
    Beats { higher: of(&|x| x > 0.0), equal: of(&|x| x == 0.0), lower: of(&|x| x < 0.0) }
}

/// Whether each trial of a model meets each of the base's targets, block after block; `None` where it has not a target's regions.
pub(super) type Met = Vec<Vec<Option<Vec<f64>>>>;

/// Plays a model for the base's targets.
pub(super) fn met(model: &Model, base: &Model, execution: &Execution) -> Result<Met, RunError> {
    let figures: Vec<Option<Response>> =
        base.targets.iter().map(|target| figure_in(model, base, &Response::of_target(target))).collect();
    let part = figures.iter().flatten().map(|figure| figure.part()).reduce(SimulationScope::and);
    let Some(part) = part else { return Ok(Vec::new()) };
    let see = |outcomes: &Outcomes| -> Vec<Option<Vec<f64>>> {
        figures.iter().map(|figure| Some(figure.as_ref()?.values(model, outcomes))).collect()
    };
    each_block(model, Resampling::None, part, execution, see)
}

/// How much oftener a model meets each of the base's targets.
pub(super) fn targets(base: &Model, before: &Met, after: &Met, certain: Certain) -> Vec<TargetDifference> {
    let change = |i: usize| {
        let (mut gained, mut lost, mut trials) = (0, 0, 0);
        for (before, after) in before.iter().zip(after) {
            for (before, after) in before[i].as_ref()?.iter().zip(after[i].as_ref()?) {
                gained += usize::from(after > before);
                lost += usize::from(after < before);
                trials += 1;
            }
        }
        (trials > 0).then(|| change_of_chance(gained, lost, trials, certain))
    };
    let named = base.targets.iter().enumerate();
    named
        .map(|(i, target)| TargetDifference {
            name: target.name.clone(),
            change: change(i).unwrap_or(Estimate::UNKNOWN),
        })
        .collect()
}

/// The change of a chance when of so many futures some meet the target that did not and some no longer do, with the standard
/// deviation of the Dirichlet posterior with ½ for each of gained, lost and neither: that agrees with the paired error where many
/// futures change, and does not take "none of 10,000 changes" for impossible.
pub(in crate::analysis) fn change_of_chance(gained: usize, lost: usize, trials: usize, certain: Certain) -> Estimate {
    let (gained, lost, n) = (gained as f64, lost as f64, trials as f64);
    let (a, b, all) = (gained + 0.5, lost + 0.5, n + 1.5);
    let variance = (a * (all - a) + b * (all - b) + 2.0 * a * b) / (all * all * (all + 1.0));
    let error = if certain == Certain::Same { 0.0 } else { libm::sqrt(variance) };
    Estimate::new((gained - lost) / n, Some(error))
}

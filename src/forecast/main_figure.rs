//! The main figure: its bands, where its variance comes from, what contributes, what moves it.

use super::bands::{Summary, plan_value};
use super::document::{Contribution, MainFigure, RankCorrelation, Share, VarianceShares};
use super::precision::rounded;
use super::targets::known;
use crate::engine::{Monitor, Part, Pass, RunError, Workers, play};
use crate::model::Model;
use crate::outcomes::{Grid, Outcomes};
use crate::scenario::Metric;
use crate::stats::{Moments, covariance_share, quantile, ranks, spearman};
use crate::units::{Every, Period, Periods};

/// What the main figure is: the first target's metric, period and scope; the horizon where that target is for each month
/// or quarter; bookings of the horizon without targets.
pub(super) struct Choice {
    pub(super) metric: Metric,
    pub(super) scope: usize,
    pub(super) period: Period,
}

impl Choice {
    pub(super) fn of(model: &Model) -> Choice {
        let horizon = model.horizon.every(Every::Total).remove(0);
        match model.targets.first() {
            None => Choice { metric: Metric::Bookings, scope: model.total(), period: horizon },
            Some(target) => {
                let period = match &target.periods {
                    Periods::One(period) => period.clone(),
                    Periods::Each(_) => horizon,
                };
                Choice { metric: target.metric, scope: target.scope, period }
            }
        }
    }

    pub(super) fn sample(&self, model: &Model, outcomes: &Outcomes) -> Vec<f64> {
        Grid::new(model, outcomes, self.metric, &model.scopes[self.scope].regions).period(self.period.months.clone())
    }
}

pub(super) fn main_figure(
    model: &Model,
    choice: &Choice,
    outcomes: &Outcomes,
    plan: &Outcomes,
    workers: &Workers,
    monitor: &Monitor,
) -> Result<MainFigure, RunError> {
    let sample = choice.sample(model, outcomes);
    let scope = &model.scopes[choice.scope];
    let plan = plan_value(&Grid::new(model, plan, choice.metric, &scope.regions), &choice.period);
    let (bands, errors) = Summary::new(sample.len()).bands(sample.clone());
    let sound = sample.iter().all(|x| x.is_finite());
    let below = |plan: f64| sample.iter().filter(|x| **x <= plan).count() as f64 / sample.len() as f64;
    Ok(MainFigure {
        metric: choice.metric,
        scope: scope.key.clone(),
        period: choice.period.label.clone(),
        bands,
        errors,
        plan,
        plan_percentile: plan.filter(|_| sound).map(below),
        variance: if sound { variance(model, choice, &sample, workers, monitor)? } else { None },
        contributions: if sound && !choice.metric.total_only() {
            contributions(model, choice, outcomes, &sample)
        } else {
            Vec::new()
        },
        rank_correlations: if sound { correlations(model, outcomes, &sample) } else { Vec::new() },
    })
}

/// Shares of variance: a second pass with the same inputs gives inputs, a third with the same market factor too gives
/// inputs and market. Passes play no more months than the figure needs, which leaves its bytes alone in law.
fn variance(
    model: &Model,
    choice: &Choice,
    sample: &[f64],
    workers: &Workers,
    monitor: &Monitor,
) -> Result<Option<VarianceShares>, RunError> {
    if Moments::of(sample).is_none_or(|m| m.sd == 0.0) || sample.len() < 3 {
        return Ok(None);
    }
    let needs_lost = matches!(
        choice.metric,
        Metric::Leads | Metric::LostDeals | Metric::OpenDeals | Metric::PipelineValue | Metric::WeightedPipeline
    );
    let part = Part { months: choice.period.months.end, money_only: !needs_lost };
    let again = |pass: Pass| -> Result<Option<(f64, f64)>, RunError> {
        let outcomes = play(model, pass, part, workers, monitor)?;
        Ok(covariance_share(sample, &choice.sample(model, &outcomes)))
    };
    let market_moves = model.market.volatility > 0.0 && model.regions.iter().any(|region| region.exposure != [0.0; 3]);
    let none = Some((0.0, 0.0));
    let inputs = if model.inputs.is_empty() { none } else { again(Pass::FreshChance)? };
    let known_causes = if market_moves { again(Pass::FreshRest)? } else { inputs };
    let (Some(inputs), Some(both)) = (inputs, known_causes) else {
        return Ok(None);
    };
    let share = |(share, error): (f64, f64)| {
        let (share, error) = rounded(share, Some(error));
        Share { share: share.unwrap_or_default(), error: error.unwrap_or_default() }
    };
    Ok(Some(VarianceShares {
        inputs: share(inputs),
        // The two shares are estimated from passes that share a sample; their errors are added in square, which errs on the wide side.
        market: if market_moves {
            share((both.0 - inputs.0, libm::hypot(both.1, inputs.1)))
        } else {
            share((0.0, 0.0))
        },
        chance: share((1.0 - both.0, both.1)),
    }))
}

/// Conditional means of the regions over the 5 % of trials nearest in rank to a percentile, scaled to add up to it.
fn contributions(model: &Model, choice: &Choice, outcomes: &Outcomes, sample: &[f64]) -> Vec<Contribution> {
    let regions = &model.scopes[choice.scope].regions;
    let trials = sample.len();
    let width = trials.div_ceil(20);
    if regions.len() < 2 || width < 2 {
        return Vec::new();
    }
    let parts: Vec<Vec<f64>> = regions
        .iter()
        .map(|&r| Grid::new(model, outcomes, choice.metric, &[r]).period(choice.period.months.clone()))
        .collect();
    let mut order: Vec<usize> = (0..trials).collect();
    order.sort_unstable_by(|&a, &b| sample[a].total_cmp(&sample[b]).then(a.cmp(&b)));
    let ascending: Vec<f64> = order.iter().map(|&t| sample[t]).collect();
    let mut found = Vec::new();
    for (at, p) in [("p10", 0.1), ("p50", 0.5), ("p90", 0.9)] {
        let centre = p * (trials - 1) as f64;
        let from = (libm::round(centre - (width - 1) as f64 / 2.0).max(0.0) as usize).min(trials - width);
        let moments: Vec<Moments> = parts
            .iter()
            .filter_map(|part| Moments::of(&order[from..from + width].iter().map(|&t| part[t]).collect::<Vec<f64>>()))
            .collect();
        let sum: f64 = moments.iter().map(|m| m.mean).sum();
        if sum == 0.0 {
            continue;
        }
        let scale = quantile(&ascending, p) / sum;
        for (&r, m) in regions.iter().zip(&moments) {
            let (value, error) = rounded(m.mean * scale, Some(m.mean_error * scale.abs()));
            if let (Some(value), Some(error)) = (value, error) {
                found.push((r, Contribution { at, region: model.regions[r].key.clone(), value, error }));
            }
        }
    }
    // In the order of the file, like everything that is shown.
    found.sort_by_key(|(r, c)| (c.at, *r));
    found.into_iter().map(|(_, c)| c).collect()
}

/// Spearman's correlation of each input with the figure, strongest first.
fn correlations(model: &Model, outcomes: &Outcomes, sample: &[f64]) -> Vec<RankCorrelation> {
    let figure = ranks(sample);
    let mut found: Vec<RankCorrelation> = model
        .inputs
        .iter()
        .enumerate()
        .filter_map(|(i, input)| {
            let (rho, error) = spearman(&ranks(&outcomes.input(i)), &figure)?;
            let (rho, error) = rounded(rho, error);
            Some(RankCorrelation { path: input.path.clone(), rho: known(rho?)?, error })
        })
        .collect();
    found.sort_by(|a, b| b.rho.abs().total_cmp(&a.rho.abs()).then_with(|| a.path.cmp(&b.path)));
    found
}

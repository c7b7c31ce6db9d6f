//! The main figure: its bands, where its variance comes from, what contributes, what moves it.

use std::ops::Range;

use super::contributions::Contributions;
use super::document::{MainFigure, RankCorrelation, VarianceShares};
use super::months_inside::months_inside;
use super::series::plan_value;
use super::summaries::Summaries;
use super::summary::Summary;
use super::summary_request::SummaryRequest;
use super::worst_tenth::worst_tenth;
use crate::engine::{Execution, Resampling, Run, RunError, SimulationScope, each_block_within};
use crate::model::{Figure, Model};
use crate::outcomes::{Grid, Outcomes};
use crate::stats::{Estimate, Moments, covariance_share, ranks, spearman};

/// The figure in each of some trials.
fn sample_of(figure: &Figure, model: &Model, outcomes: &Outcomes) -> Vec<f64> {
    Grid::new(model, outcomes, figure.metric, &model.scopes[figure.scope].regions).period(figure.period.months.clone())
}

/// The part of a model that is played again for a figure.
fn part_again(figure: &Figure) -> SimulationScope {
    SimulationScope { months: figure.period.months.end, won_deals_only: figure.metric.spec().won_deals_only }
}

/// Asks for what [`main_figure`] needs.
pub(super) fn ask_main_figure(figure: &Figure, model: &Model, request: &mut SummaryRequest) {
    request.sample(figure.metric, figure.scope, &figure.period.months);
    Contributions::ask(model, figure, request);
}

pub(super) fn main_figure(
    figure: &Figure,
    summaries: &Summaries,
    plan: &Outcomes,
    run: &Run,
) -> Result<MainFigure, RunError> {
    let model = summaries.model();
    let sample = summaries.sample(figure.metric, figure.scope, &figure.period.months);
    let scope = &model.scopes[figure.scope];
    let plan = plan_value(&Grid::new(model, plan, figure.metric, &scope.regions), &figure.period.months);
    let mut summary = Summary::new(sample.len());
    let bands = summary.bands(sample);
    let sound = sample.iter().all(|x| x.is_finite());
    let parts = if sound { Contributions::of(figure, summaries, sample) } else { None };
    let below = |plan: f64| sample.iter().filter(|x| **x <= plan).count() as f64 / sample.len() as f64;
    let diversification = parts.as_ref().and_then(|parts| parts.diversification(bands.p10.value, &mut summary));
    Ok(MainFigure {
        metric: figure.metric,
        scope: scope.key.clone(),
        period: figure.period.label.clone(),
        bands,
        plan,
        plan_percentile: plan.filter(|_| sound).map(below),
        variance: if sound { variance(figure, sample, run)? } else { None },
        contributions: parts.as_ref().map_or_else(Vec::new, Contributions::contributions),
        diversification,
        rank_correlations: if sound { correlations(summaries, sample) } else { Vec::new() },
        worst_tenth: if sound { worst_tenth(sample) } else { None },
        months_inside: months_inside(figure, summaries, run)?,
    })
}

/// The passes that shares of variance take of a model: none of inputs where there are none, none of the market where it stands still.
pub fn passes(model: &Model) -> Vec<Resampling> {
    let inputs = (!model.inputs.is_empty()).then_some(Resampling::AllButInputs);
    inputs.into_iter().chain(model.market_moves().then_some(Resampling::ChanceOnly)).collect()
}

/// The main figure in some of a model's trials in each of its [`passes`], for whoever keeps trials without playing them again.
///
/// # Errors
/// [`RunError`] as of [`crate::engine::simulate`].
pub fn main_figure_resampled(
    model: &Model,
    trials: Range<usize>,
    execution: &Execution,
) -> Result<Vec<Vec<f64>>, RunError> {
    let figure = &Figure::main(model);
    let see = |block: &Outcomes| sample_of(figure, model, block);
    let one = |pass| each_block_within(model, trials.clone(), pass, part_again(figure), execution, see);
    passes(model).into_iter().map(|pass| Ok(one(pass)?.concat())).collect()
}

/// Shares of variance: a second pass with the same inputs gives inputs, a third with the same market factor too gives
/// inputs and market. Passes play no more months than the figure needs, which leaves its bytes alone in law.
fn variance(figure: &Figure, sample: &[f64], run: &Run) -> Result<Option<VarianceShares>, RunError> {
    let model = &run.model;
    if Moments::of(sample).is_none_or(|m| m.sd == 0.0) || sample.len() < 3 {
        return Ok(None);
    }
    let again = |pass: Resampling| -> Result<Option<(f64, f64)>, RunError> {
        Ok(covariance_share(sample, &run.resampled(pass, part_again(figure), |block| sample_of(figure, model, block))?))
    };
    let market_moves = model.market_moves();
    let passes = passes(model);
    let of = |pass: Resampling| passes.contains(&pass).then(|| again(pass));
    let inputs = of(Resampling::AllButInputs).unwrap_or(Ok(Some((0.0, 0.0))))?;
    let known_causes = of(Resampling::ChanceOnly).unwrap_or(Ok(inputs))?;
    let (Some(inputs), Some(both)) = (inputs, known_causes) else {
        return Ok(None);
    };
    let share = |(share, error): (f64, f64)| Estimate::new(share, Some(error));
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

/// Spearman's correlation of each input with the figure, strongest first.
fn correlations(summaries: &Summaries, sample: &[f64]) -> Vec<RankCorrelation> {
    let of_figure = ranks(sample);
    let inputs = summaries.model().inputs.iter().zip(&summaries.inputs);
    let mut found: Vec<RankCorrelation> = inputs
        .filter_map(|(input, values)| {
            let (rho, error) = spearman(&ranks(values), &of_figure)?;
            let rho = Estimate::new(rho, error);
            rho.value.is_some().then(|| RankCorrelation { path: input.path.clone(), rho })
        })
        .collect();
    found.sort_by(|a, b| b.rho.known().abs().total_cmp(&a.rho.known().abs()).then_with(|| a.path.cmp(&b.path)));
    found
}

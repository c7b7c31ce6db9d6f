//! The main figure: its bands, where its variance comes from, what contributes, what moves it.

use std::ops::Range;

use super::contributions::Contributions;
use super::document::{InputShare, MainFigure, Position, RankCorrelation, VarianceShares};
use super::metric_summary::Below;
use super::months_inside::months_inside;
use super::percentile::At;
use super::series::plan_value;
use super::summaries::Summaries;
use super::summary::{Measured, Summary};
use super::summary_request::SummaryRequest;
use super::worst_tenth::worst_tenth;
use crate::engine::{Execution, Resampling, Run, RunError, SimulationScope, each_block_within};
use crate::model::{Figure, Model};
use crate::outcomes::{Grid, Outcomes};
use crate::stats::{Estimate, Moments, VarianceShare, correlation_ratio, covariance_share, ranks, spearman};

/// Fewer trials than this tell no shares of variance.
const FEWEST: usize = 100;

/// The figure in each of some trials.
fn sample_of(figure: &Figure, model: &Model, outcomes: &Outcomes) -> Vec<f64> {
    Grid::new(model, outcomes, figure.metric, &model.scopes[figure.scope].regions).period(figure.period.months.clone())
}

/// The part of a model that is played again for a figure.
fn part_again(figure: &Figure) -> SimulationScope {
    SimulationScope::new(figure.period.months.end, figure.metric.spec().won_deals_only)
}

/// Whether a figure reads nothing of open deals but their bookings: neither how many are won, nor what renews of them, which nothing does before
/// a term from the as-of day's month has passed.
fn reads_bookings_alone(figure: &Figure, model: &Model) -> bool {
    let spec = figure.metric.spec();
    let renews = figure.period.months.end > model.as_of.month + model.shortest_term();
    spec.bookings_only || !renews && spec.won_deals_only && !spec.counts_deals
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
    let measured = summary.measure(sample);
    let sound = sample.iter().all(|x| x.is_finite());
    let parts = if sound { Contributions::of(figure, summaries, sample) } else { None };
    let below = |plan: f64| sample.iter().filter(|x| **x <= plan).count() as f64 / sample.len() as f64;
    let diversification = parts.as_ref().and_then(|parts| parts.diversification(measured.p10(), &mut summary));
    let variance = if sound { variance(figure, sample, run)? } else { None };
    let (rank_correlations, input_shares) =
        if sound { of_inputs(summaries, sample, variance.as_ref()) } else { Default::default() };
    Ok(MainFigure {
        metric: figure.metric,
        scope: scope.key.clone(),
        period: figure.period.label.clone(),
        bands: measured.bands(),
        positions: if sound { positions(&measured, sample) } else { Vec::new() },
        plan,
        plan_percentile: plan.filter(|_| sound).map(below),
        variance,
        contributions: parts.as_ref().map_or_else(Vec::new, Contributions::contributions),
        diversification,
        input_shares,
        rank_correlations,
        worst_tenth: if sound { worst_tenth(sample) } else { None },
        months_inside: months_inside(figure, summaries, run)?,
    })
}

/// How the trials lie about P10, P50 and P90.
pub(super) fn positions(measured: &Measured, sample: &[f64]) -> Vec<Position> {
    let position = |at: At| {
        let mut found = Below::default();
        found.see(sample, measured.quantile(at.probability())?);
        let [below, equal] = found.position(sample.len());
        Some(Position { at, below, equal })
    };
    At::ALL.into_iter().filter_map(position).collect()
}

/// The passes that shares of variance take of a model: none of inputs where there are none, none of the market where it stands still.
pub fn passes(model: &Model) -> Vec<Resampling> {
    let events = model.has_events().then_some(Resampling::AllButEvents);
    let inputs = model.has_ranges().then_some(Resampling::AllButInputs);
    let market = model.market_moves().then_some(Resampling::ChanceOnly);
    let pace = model.pace_moves().then_some(Resampling::AllButPace);
    let rates = model.rates_move().then_some(Resampling::AllButRates);
    let people = model.people_move().then_some(Resampling::AllButPeople);
    let open_deals = model.has_open_deals().then_some(Resampling::AllButOpenDeals);
    [events, inputs, market, pace, rates, people, open_deals].into_iter().flatten().collect()
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
    if Moments::of(sample).is_none_or(|m| m.sd == 0.0) || sample.len() < FEWEST {
        return Ok(None);
    }
    let again = |pass: Resampling| -> Result<Option<VarianceShare>, RunError> {
        let bookings_only = reads_bookings_alone(figure, model);
        let see = |block: &Outcomes| sample_of(figure, model, block);
        Ok(covariance_share(sample, &run.resampled(pass, part_again(figure), bookings_only, see)?))
    };
    let mut found = Vec::new();
    for pass in passes(model) {
        let Some(share) = again(pass)? else { return Ok(None) };
        found.push((pass, share));
    }
    let estimate = |share: Option<&VarianceShare>| {
        share.map_or(Estimate::new(0.0, Some(0.0)), |s| Estimate::new(s.share, Some(s.error())))
    };
    let (known, error) = found.last().map_or((0.0, 0.0), |(_, known)| (known.share, known.error()));
    // What a pass adds to the one before it is the share of what it keeps besides.
    let added = |pass: Resampling| {
        let i = found.iter().position(|(of, _)| *of == pass)?;
        let share = &found[i].1;
        Some(i.checked_sub(1).map_or_else(|| share.clone(), |before| share.less(&found[before].1)))
    };
    let of_cause = |pass: Resampling| added(pass).as_ref().map(|share| estimate(Some(share)));
    Ok(Some(VarianceShares {
        events: of_cause(Resampling::AllButEvents),
        inputs: estimate(added(Resampling::AllButInputs).as_ref()),
        market: estimate(added(Resampling::ChanceOnly).as_ref()),
        pace: of_cause(Resampling::AllButPace),
        rates: of_cause(Resampling::AllButRates),
        people: of_cause(Resampling::AllButPeople),
        open_deals: of_cause(Resampling::AllButOpenDeals),
        chance: Estimate::new(1.0 - known, Some(error)),
    }))
}

/// Spearman's correlation of each input with the figure, and the share of its variance that the input brings; strongest first.
fn of_inputs(
    summaries: &Summaries,
    sample: &[f64],
    variance: Option<&VarianceShares>,
) -> (Vec<RankCorrelation>, Vec<InputShare>) {
    let of_figure = ranks(sample);
    let (mut correlations, mut shares) = (Vec::new(), Vec::new());
    for (input, values) in summaries.model().inputs.iter().zip(&summaries.inputs) {
        let (path, ranks) = (input.path.clone(), ranks(values));
        if let Some((rho, error)) = spearman(&ranks, &of_figure) {
            let rho = Estimate::new(rho, error);
            correlations.extend(rho.value.is_some().then(|| RankCorrelation { path: path.clone(), rho }));
        }
        if let Some((share, error)) = correlation_ratio(&ranks, sample) {
            shares.push(InputShare { path, share: Estimate::new(share, Some(error)) });
        }
    }
    // What a single input brings is what all of them bring.
    let alone = summaries.model().columns.is_empty();
    if let ([only], Some(variance), true) = (shares.as_mut_slice(), variance, alone) {
        only.share = variance.events.unwrap_or(variance.inputs);
    }
    correlations.sort_by(|a, b| b.rho.known().abs().total_cmp(&a.rho.known().abs()).then_with(|| a.path.cmp(&b.path)));
    shares.sort_by(|a, b| b.share.known().total_cmp(&a.share.known()).then_with(|| a.path.cmp(&b.path)));
    (correlations, shares)
}

//! The headline of a forecast: what its first screen shows, formed of no more trials than that takes.

use super::document::{Forecast, MainFigure, PeriodList};
use super::main_figure::positions;
use super::series::series;
use super::summary::Summary;
use super::summary_request::SummaryRequest;
use super::targets::{ask_targets, target_outcomes};
use super::words::{fan_frequency, main_horizon};
use crate::documents::Header;
use crate::engine::{Execution, Run, RunError, SimulationScope};
use crate::model::{Figure, Model};
use crate::outcomes::Outcomes;
use crate::units::{Frequency, Period, Periods};

/// The part of a model that its headline takes: the months of the main figure, of the targets and of the fan.
pub fn headline_part(model: &Model) -> SimulationScope {
    let figure = Figure::main(model);
    let fan = fan(model, &figure).1.last().map_or(0, |period| period.months.end);
    let of_targets = model.targets.iter().map(|target| target.periods.end());
    let metrics = model.targets.iter().map(|target| target.metric).chain([figure.metric]);
    let months = of_targets.chain([fan, figure.period.months.end]).max().unwrap_or(fan);
    SimulationScope::new(months, metrics.into_iter().all(|metric| metric.spec().won_deals_only))
}

/// The kind of period that the main figure's fan runs over, and its periods.
fn fan(model: &Model, figure: &Figure) -> (Frequency, Vec<Period>) {
    let every = fan_frequency(figure.metric);
    (every, main_horizon(model.horizon, &Periods::One(figure.period.clone()), model.as_of.month).every(every))
}

/// The main figure with its range, the chance of each target, and the fan of the main figure, under a header of the same scenario. What else a
/// forecast has is left out.
///
/// # Errors
/// [`RunError::Stopped`] when the monitor was asked to stop.
pub fn headline(
    header: Header,
    model: &Model,
    outcomes: Outcomes,
    execution: &Execution,
) -> Result<Forecast, RunError> {
    let figure = Figure::main(model);
    let (every, periods) = fan(model, &figure);
    let mut request = SummaryRequest::new(model);
    request.sample(figure.metric, figure.scope, &figure.period.months);
    periods.iter().for_each(|period| request.bands(figure.metric, figure.scope, &period.months));
    ask_targets(model, &mut request);
    let run = Run::kept_of(model.clone(), outcomes, execution);
    let summaries = request.summarize(&run)?;
    let sample = summaries.sample(figure.metric, figure.scope, &figure.period.months);
    let measured = Summary::new(sample.len()).measure(sample);
    let sound = sample.iter().all(|x| x.is_finite());
    let main = MainFigure {
        metric: figure.metric,
        scope: model.scopes[figure.scope].key.clone(),
        period: figure.period.label.clone(),
        bands: measured.bands(),
        positions: if sound { positions(&measured, sample) } else { Vec::new() },
        plan: None,
        plan_percentile: None,
        variance: None,
        contributions: Vec::new(),
        diversification: None,
        input_shares: Vec::new(),
        rank_correlations: Vec::new(),
        worst_tenth: None,
        months_inside: Vec::new(),
    };
    let list = PeriodList {
        every,
        labels: periods.iter().map(|period| period.label.clone()).collect(),
        starts: periods.iter().map(|period| model.horizon.month(period.months.start)).collect(),
    };
    Ok(Forecast {
        header,
        precision: None,
        main,
        targets: target_outcomes(&summaries, &execution.workers),
        calls: Vec::new(),
        budget: Vec::new(),
        payback: None,
        distributions: Vec::new(),
        series: vec![series(&summaries, (figure.metric, figure.scope), (every, &periods), None)],
        periods: vec![list],
        actuals: Vec::new(),
        source_stacks: Vec::new(),
        executive_classes: Vec::new(),
        closed_form: None,
    })
}

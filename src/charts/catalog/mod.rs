//! The one list of charts. Whoever shows charts, in a folder or on a page, shows what stands here, in this order; a chart is a file
//! beside this one and a line here.

mod arr_bridge;
mod attainment;
mod attainment_by_class;
mod attribution;
mod bookings_by_source;
mod bridge;
mod capacity;
mod contributions;
mod curve;
mod deals_by_age;
mod exceedance;
mod fan;
mod fan_comparison;
mod first_reach;
#[cfg(feature = "fit")]
mod fitted;
#[cfg(feature = "fit")]
mod fitted_chances;
#[cfg(feature = "fit")]
mod fitted_incidence;
#[cfg(feature = "fit")]
mod fitted_leads;
#[cfg(feature = "fit")]
mod fitted_rhythm;
#[cfg(feature = "fit")]
mod fitted_sizes;
mod heat_map;
mod histogram;
mod history;
mod pipeline;
#[cfg(feature = "fit")]
mod replayed;
#[cfg(feature = "fit")]
mod replayed_forecasts;
#[cfg(feature = "fit")]
mod replayed_places;
#[cfg(feature = "fit")]
mod replayed_reliability;
#[cfg(feature = "fit")]
mod replayed_scores;
mod return_on_investment;
mod sources;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_of_analyses;
#[cfg(all(test, feature = "fit"))]
mod tests_of_backtests;
#[cfg(all(test, feature = "fit"))]
mod tests_of_fits;
mod tornado;
mod waterfall;

use super::canvas::drawing::Drawing;
use super::canvas::size::Size;
use super::chart::Chart;
use crate::analysis::{Attribution, Comparison, GoalSeek, Pipeline, Sensitivity, Solution, Sweep, Trend, WhatIf};
#[cfg(feature = "fit")]
use crate::backtest::BacktestFound;
#[cfg(feature = "fit")]
use crate::documents::FitFound;
use crate::documents::{Document, Header};
use crate::forecast::Forecast;
#[cfg(feature = "fit")]
use crate::units::Currency;

/// The charts of a forecast, as far as it knows enough for each.
pub fn of_forecast(forecast: &Forecast, size: Size) -> Vec<Chart> {
    known([
        ("monthly-fan", fan::monthly(forecast, size)),
        ("cumulative-fan", fan::cumulative(forecast, size)),
        ("exceedance", exceedance::layout(forecast, size)),
        ("histogram", histogram::layout(forecast, size)),
        ("contributions", contributions::layout(forecast, size)),
        ("bookings-by-source", bookings_by_source::layout(forecast, size)),
        ("arr-bridge", arr_bridge::layout(forecast, size)),
        ("sources-of-variance", sources::layout(forecast, size)),
        ("targets-by-month", attainment::layout(forecast, size)),
        ("return-on-investment", return_on_investment::layout(forecast, size)),
        ("pipeline", pipeline::layout(forecast, size)),
        ("capacity", capacity::layout(forecast, size)),
        ("attainment-by-class", attainment_by_class::layout(forecast, size)),
    ])
}

/// The chart of what drives a figure, if enough is known.
pub fn of_sensitivity(found: &Document<Sensitivity>, size: Size) -> Vec<Chart> {
    known([("tornado", tornado::layout(found, size))])
}

/// The charts of scenarios beside each other. Each later scenario has a bridge of its own: those of the second and third difference
/// are `bridge-2` and `bridge-3`.
pub fn of_comparison(found: &Document<Comparison>, size: Size) -> Vec<Chart> {
    let mut charts = known([
        ("fans", fan_comparison::monthly(found, size)),
        ("cumulative-fans", fan_comparison::cumulative(found, size)),
        ("exceedance-curves", exceedance::comparison(found, size)),
    ]);
    for place in 0..found.differences.len() {
        let number = if place == 0 { String::new() } else { format!("-{}", place + 1) };
        let drawing = bridge::layout(found, place, size);
        charts.extend(drawing.map(|drawing| Chart::new(format!("bridge{number}"), drawing)));
    }
    charts
}

/// The chart of a search, if enough of its curve is known.
pub fn of_solution(found: &Document<Solution>, size: Size) -> Vec<Chart> {
    known([("what-it-takes", curve::layout(found, size))])
}

/// The chart of the open deals, if any is open.
pub fn of_pipeline(found: &Document<Pipeline>, size: Size) -> Vec<Chart> {
    known([("deals-by-age", deals_by_age::layout(found, size))])
}

/// The charts of what was found in the export of a CRM, amounts being in this currency.
#[cfg(feature = "fit")]
pub fn of_fit(found: &FitFound, currency: &Currency, size: Size) -> Vec<Chart> {
    known([
        ("chances-by-age", fitted_chances::layout(found, currency, size)),
        ("won-and-lost", fitted_incidence::layout(found, currency, size)),
        ("rhythm", fitted_rhythm::layout(found, currency, size)),
        ("leads-by-month", fitted_leads::layout(found, currency, size)),
        ("deal-sizes", fitted_sizes::layout(found, currency, size)),
    ])
}

/// The charts of how forecasts of the past held, made with the export in a file of this name.
#[cfg(feature = "fit")]
pub fn of_backtest(found: &BacktestFound, export: &str, size: Size) -> Vec<Chart> {
    known([
        ("forecasts-and-actuals", replayed_forecasts::layout(found, export, size)),
        ("places-in-forecasts", replayed_places::layout(found, export, size)),
        ("scores", replayed_scores::layout(found, export, size)),
        ("reliability", replayed_reliability::layout(found, export, size)),
    ])
}

/// The charts of a grid of two fields, that of the chance where there is a target.
pub fn of_sweep(found: &Document<Sweep>, size: Size) -> Vec<Chart> {
    known([
        ("heat-map-p50", heat_map::layout(found, heat_map::Shown::Median, size)),
        ("heat-map-chance", heat_map::layout(found, heat_map::Shown::Chance, size)),
    ])
}

/// The chart of how a forecast moved from run to run, if any run knows its figure.
pub fn of_trend(found: &Document<Trend>, size: Size) -> Vec<Chart> {
    known([("history", history::layout(found, size))])
}

/// The charts of what was asked beside a forecast: those of its sensitivity and of its solution.
pub fn of_deep(head: &Header, deep: &WhatIf, size: Size) -> Vec<Chart> {
    let mut charts = Vec::new();
    if let Some(found) = &deep.sensitivity {
        charts.extend(of_sensitivity(&Document::new(head.clone(), found.clone()), size));
    }
    if let GoalSeek::Found(found) | GoalSeek::OutOfReach(found) = &deep.solution {
        charts.extend(of_solution(&Document::new(head.clone(), found.clone()), size));
    }
    charts
}

/// The charts of what moved the median and the first target's chance since an earlier run, where anything did.
pub fn of_moved(head: &Header, found: &Attribution, size: Size) -> Vec<Chart> {
    known([
        ("moved-p50", attribution::layout(head, found, attribution::Statistic::Median, size)),
        ("moved-chance", attribution::layout(head, found, attribution::Statistic::Chance, size)),
    ])
}

/// The charts for which enough is known.
fn known<const N: usize>(all: [(&str, Option<Drawing>); N]) -> Vec<Chart> {
    all.into_iter().filter_map(|(name, drawing)| Some(Chart::new(name, drawing?))).collect()
}

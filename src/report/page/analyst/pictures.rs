//! The other charts.

use maud::{Markup, html};

use crate::analysis::{GoalSeek, Solution, WhatIf};
use crate::findings::scope_label;
use crate::forecast::{At, Contribution, Forecast, TargetOutcome};
use crate::report::page::charts::Pictures;
use crate::report::page::drivers::sources_table;
use crate::report::page::figure::{figure, figure_alone, months_table, series_table};
use crate::report::page::returns;
use crate::report::page::text::{cell, name, share_cell, text};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Frequency;
use crate::units::format::percent;
use crate::units::format::period_name;

pub(super) fn section(forecast: &Forecast, deep: Option<&WhatIf>, pictures: &Pictures) -> Markup {
    let main = &forecast.main;
    let monthly = forecast.series(main.metric, &main.scope, Frequency::Month);
    html! {
        @if let (Some(picture), Some(series)) = (pictures.get("monthly-fan").filter(|_| pictures.get("cumulative-fan").is_some()), monthly) {
            (figure(picture, &picture.name, &series_table(forecast, series)))
        }
        @for picture in ["exceedance", "histogram"].iter().filter_map(|name| pictures.get(name)) {
            (figure(picture, &picture.name, &quantiles(forecast)))
        }
        @if (deep.is_some_and(|deep| deep.sensitivity.is_some()) || pictures.get("bookings-by-source").is_some())
            && let Some(picture) = pictures.get("sources-of-variance")
        {
            (figure(picture, &picture.name, &sources_table(forecast)))
        }
        @if let Some(deep) = deep { (what_it_takes(forecast, deep, pictures)) }
        @if let Some(picture) = pictures.get("contributions") { (figure(picture, &picture.name, &contributions(forecast))) }
        @if let Some(picture) = pictures.get("targets-by-month") { (figure(picture, &picture.name, &by_month(forecast))) }
        @if let Some(picture) = pictures.get("return-on-investment") {
            (figure(picture, &picture.name, &returns::table(forecast)))
        }
        @if let Some(picture) = pictures.get("pipeline") {
            (figure(picture, &picture.name, &months_table(forecast, &[Metric::OpenDeals, Metric::PipelineValue, Metric::WeightedPipeline])))
        }
        @for picture in pictures.others() { (figure_alone(picture)) }
    }
}

/// What the first target would take.
fn what_it_takes(forecast: &Forecast, deep: &WhatIf, pictures: &Pictures) -> Markup {
    html! {
        @if let (GoalSeek::Found(solution), Some(picture)) = (&deep.solution, pictures.get("what-it-takes")) {
            (figure(picture, &picture.name, &curve(forecast, solution)))
        }
    }
}

/// What is asked for at each value looked at.
fn curve(forecast: &Forecast, solution: &Solution) -> Markup {
    html! {
        table {
            thead { tr { th.number scope="col" { (text(&solution.varied.name())) } th.number scope="col" { "chance" } } }
            tbody {
                @for point in &solution.curve {
                    tr {
                        td.number { data value=(point.at) { (forecast.currency.locale().write(&format!("{:.4}", point.at))) } }
                        (share_cell(point.statistic.value))
                    }
                }
            }
        }
    }
}

/// The distribution of the main figure at every twentieth, and near its ends.
fn quantiles(forecast: &Forecast) -> Markup {
    let grid = forecast.main_distribution().map_or(&[][..], |distribution| &distribution.quantiles);
    let shown = [1, 2, 5].into_iter().chain((10..=90).step_by(5)).chain([95, 98, 99]);
    html! {
        table {
            thead { tr { th scope="col" { "futures in 100 that stay below" } th.number scope="col" { (forecast.main.metric.name()) } } }
            tbody {
                @for percent in shown {
                    // The grid begins at half a percent and goes by half percents.
                    @if let Some(value) = grid.get(2 * percent - 1) {
                        tr { th scope="row" { (percent) } (cell(forecast, forecast.main.metric, Estimate::exact(*value))) }
                    }
                }
            }
        }
    }
}

fn contributions(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    let of = |at: At| main.contributions.iter().filter(move |c| c.at == at);
    let at = |at: At, region: &str| -> Option<&Contribution> {
        main.contributions.iter().find(|c| c.at == at && c.region == region)
    };
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Region" }
                    th.number scope="col" { "in a bad outcome (P10)" }
                    th.number scope="col" { "in the middle (P50)" }
                    th.number scope="col" { "in a good one (P90)" }
                }
            }
            tbody {
                @for found in of(At::P50) {
                    tr {
                        th scope="row" { (name(&scope_label(forecast, &found.region))) }
                        @for percentile in At::ALL {
                            @let part = at(percentile, &found.region);
                            (cell(forecast, main.metric, part.map_or(Estimate::UNKNOWN, |c| Estimate { value: Some(c.value), error: Some(c.error) })))
                        }
                    }
                }
            }
        }
    }
}

/// The chance of each month or quarter of the targets that hold for every one.
fn by_month(forecast: &Forecast) -> Markup {
    let repeated: Vec<&TargetOutcome> = forecast.targets.iter().filter(|target| target.each.is_some()).collect();
    html! {
        @for target in repeated {
            @if let Some(each) = &target.each {
                table {
                    caption { (name(&target.name)) }
                    thead { tr { th scope="col" { "Period" } th.number scope="col" { "chance" } } }
                    tbody {
                        @for (label, chance) in each.periods.iter().zip(each.probabilities.iter().map(Estimate::known)) {
                            tr { th scope="row" { (period_name(label)) } td.number { data value=(chance) { (percent(chance)) } } }
                        }
                    }
                }
            }
        }
    }
}

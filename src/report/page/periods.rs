//! Periods and years: the main metric in each.

use maud::{Markup, html};

use super::text::{cell, text};
use crate::findings::place;
use crate::forecast::Place;
use crate::forecast::{ActualLine, Forecast};
use crate::stats::Estimate;
use crate::units::Frequency;
use crate::units::format::capitalize;
use crate::units::format::period_name;

/// More rows of one kind than this would not fit a printed page.
const MOST: usize = 12;
/// Rows of the finer kind that are printed; page.css says the same.
const PRINTED: usize = 8;

pub(super) fn section(forecast: &Forecast, every: Frequency) -> Markup {
    let kinds = kinds(forecast, every);
    if kinds.is_empty() {
        return html! {};
    }
    let main = &forecast.main;
    let names: Vec<&str> = kinds.iter().map(|kind| plural(*kind)).collect();
    let beside = Beside::ALL
        .into_iter()
        .filter(|beside| kinds.iter().any(|kind| beside.is_known(forecast, *kind)))
        .collect::<Vec<_>>();
    let title = capitalize(&names.join(" and "));
    let left_out: usize = kinds.iter().map(|kind| labels(forecast, *kind).len().saturating_sub(MOST)).sum();
    html! {
        section.periods aria-labelledby="periods" {
            h2 #periods { (title) }
            div.scroll tabindex="0" role="region" aria-label={ "Table of " (names.join(" and ")) } {
                table {
                    caption {
                        (text(&capitalize(&format!("{}{}", main.metric.name(), place(forecast, &main.scope)))))
                        @if !main.metric.is_flow() { " at the end of each" }
                    }
                    thead {
                        tr {
                            th scope="col" { "Period" }
                            th.number scope="col" { "P10" }
                            th.number scope="col" { "median (P50)" }
                            th.number scope="col" { "P90" }
                            th.number scope="col" { "plan line" }
                            @for beside in &beside { th.number scope="col" { (beside.head) } }
                        }
                    }
                    @for (i, kind) in kinds.iter().enumerate() { (rows(forecast, *kind, i + 1 < kinds.len(), &beside)) }
                }
            }
            @if kinds.len() > 1 && labels(forecast, kinds[0]).len() > PRINTED {
                p.quiet.small.only-print { "Later " (names[0]) " are on the screen and in bands.csv." }
            }
            @if left_out > 0 { p.quiet { (left_out) " later rows are in bands.csv." } }
        }
    }
}

/// Of the finer periods of two kinds, a printed page has room for the first eight.
fn rows(forecast: &Forecast, every: Frequency, fine: bool, beside: &[Beside]) -> Markup {
    let main = &forecast.main;
    let Some(series) = forecast.series(main.metric, &main.scope, every) else { return html! {} };
    html! {
        tbody.fine[fine] {
            @for (at, label) in labels(forecast, every).iter().enumerate().take(MOST) {
                @let place = Place::new(series, at);
                tr {
                    th scope="row" { (period_name(label)) }
                    @if forecast.is_over(label) && place.p50().value.is_some() {
                        td.number { "actual" }
                        (cell(forecast, main.metric, place.p50()))
                        td {} td {}
                    } @else {
                        @for estimate in [place.p10(), place.p50(), place.p90()] { (cell(forecast, main.metric, estimate)) }
                        (cell(forecast, main.metric, Estimate { value: place.plan(), error: place.p50().error }))
                    }
                    @for beside in beside { (cell(forecast, main.metric, Estimate::exact(beside.value(forecast, every, at)))) }
                }
            }
        }
    }
}

/// A column of what stands beside the forecast: what was given, not simulated.
#[derive(Clone, Copy)]
struct Beside {
    head: &'static str,
    of: fn(&Forecast, Frequency) -> Option<&Vec<Option<f64>>>,
}

impl Beside {
    const ALL: [Beside; 3] = [
        Beside { head: "to date", of: |forecast, every| Some(&actuals(forecast, every)?.to_date) },
        Beside {
            head: "budget",
            of: |forecast, every| Some(&forecast.budgeted(forecast.main.metric, &forecast.main.scope, every)?.amount),
        },
        Beside { head: "last year", of: |forecast, every| Some(&actuals(forecast, every)?.last_year) },
    ];

    fn value(&self, forecast: &Forecast, every: Frequency, at: usize) -> Option<f64> {
        (self.of)(forecast, every)?.get(at).copied()?
    }

    fn is_known(&self, forecast: &Forecast, every: Frequency) -> bool {
        (self.of)(forecast, every).is_some_and(|column| column.iter().any(Option::is_some))
    }
}

/// What is known of the main figure's metric and scope.
fn actuals(forecast: &Forecast, every: Frequency) -> Option<&ActualLine> {
    forecast.known(forecast.main.metric, &forecast.main.scope, every)
}

fn labels(forecast: &Forecast, every: Frequency) -> &[String] {
    forecast.periods(every).map_or(&[], |list| &list.labels)
}

/// The kinds of period of the table, fiscal where the scenario has a fiscal year of its own: what was asked for, then years.
fn kinds(forecast: &Forecast, every: Frequency) -> Vec<Frequency> {
    let known = |kind: &Frequency| !labels(forecast, *kind).is_empty();
    let (asked, years) = (forecast.fiscal(every), forecast.fiscal(Frequency::Year));
    let mut kinds: Vec<Frequency> = [asked, years].into_iter().filter(known).collect();
    kinds.dedup();
    if kinds.is_empty() { vec![Frequency::Month] } else { kinds }
}

fn plural(every: Frequency) -> &'static str {
    match every {
        Frequency::Quarter => "quarters",
        Frequency::Year => "years",
        Frequency::FiscalQuarter => "fiscal quarters",
        Frequency::FiscalYear => "fiscal years",
        _ => "months",
    }
}

//! How sure the simulation itself is.

use maud::{Markup, html};

use crate::forecast::{Bands, Forecast};
use crate::report::cautions::cautions;
use crate::report::page::text::text;
use crate::report::sentences;
use crate::report::sentences::amount;
use crate::units::format::futures;

pub(super) fn section(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    let rows = Bands::<()>::COLUMNS.iter().zip(main.bands.columns());
    let trials = futures(forecast.manifest.trials, forecast.currency.locale());
    html! {
        h3 { "How sure the simulation itself is" }
        p {
            "From " (trials) ". The errors below are what other seeds would change; four times as many futures halve them. They say nothing \
             about whether the inputs are right. "
            (text(&sentences::precision(forecast))) "."
            @for caution in cautions(forecast) { " " (text(&caution)) }
        }
        table {
            thead { tr { th scope="col" { "Main figure" } th.number scope="col" { "estimate" } th.number scope="col" { "standard error" } } }
            tbody {
                @for (title, estimate) in rows {
                    tr {
                        th scope="row" { (named(title)) }
                        td.number { @if let Some(value) = estimate.value { data value=(value) { (amount(forecast, main.metric, value, estimate.error)) } } }
                        td.number { @if let Some(error) = estimate.error { data value=(error) { (main.metric.about(&forecast.currency, error, None)) } } }
                    }
                }
                @for target in &forecast.targets {
                    tr {
                        th scope="row" { "chance of " (super::super::text::name(&target.name)) }
                        td.number { data value=(target.probability.known()) { (points(forecast, target.probability.known())) } }
                        td.number { @if let Some(error) = target.probability.error { data value=(error) { (points(forecast, error)) } } }
                    }
                }
                @if let Some(worst) = main.worst_tenth {
                    tr {
                        th scope="row" { "mean of the worst tenth" }
                        td.number { data value=(worst.known()) { (amount(forecast, main.metric, worst.known(), worst.error)) } }
                        td.number { @if let Some(error) = worst.error { data value=(error) { (main.metric.about(&forecast.currency, error, None)) } } }
                    }
                }
            }
        }
        @if let Some(check) = &forecast.closed_form {
            p { (text(&closed_form(forecast, check))) }
        } @else {
            p { "Closed form: does not apply (it needs fixed inputs, no market factor and one cycle a region)." }
        }
    }
}

fn named(column: &str) -> &str {
    match column {
        "sd" => "standard deviation",
        "p5" => "P5: 1 in 20 is below",
        "p10" => "P10: 1 in 10 is below",
        "p25" => "P25: 1 in 4 is below",
        "p50" => "median (P50)",
        "p75" => "P75: 1 in 4 is above",
        "p90" => "P90: 1 in 10 is above",
        "p95" => "P95: 1 in 20 is above",
        other => other,
    }
}

/// A chance in percent with two digits behind the decimal sign.
fn points(forecast: &Forecast, share: f64) -> String {
    forecast.currency.locale().write(&format!("{:.2}\u{A0}%", 100.0 * share))
}

fn closed_form(forecast: &Forecast, check: &crate::forecast::ClosedForm) -> String {
    let worst = check.totals.iter().map(|c| c.deviation.abs()).fold(check.largest_monthly_deviation.abs(), f64::max);
    let locale = forecast.currency.locale();
    format!(
        "Closed form: of {} totals and {} monthly means, compared with the exact ones, the farthest lies {} standard errors off.",
        check.totals.len(),
        check.monthly_means,
        locale.write(&format!("{worst:.1}"))
    )
}

//! How sure the simulation itself is.

use maud::{Markup, html};

use crate::forecast::{Bands, Forecast};
use crate::report::cautions::cautions;
use crate::report::page::text::text;
use crate::report::sentences;
use crate::units::format::{chance_to_error, futures};

pub(super) fn section(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    let rows = Bands::<()>::COLUMNS.iter().zip(main.bands.columns());
    let trials = futures(forecast.manifest.trials, forecast.currency.locale());
    html! {
        p {
            "From " (trials) ". The errors below are what other seeds would change; four times as many futures halve them. They say nothing \
             about whether the inputs are right. "
            (text(&sentences::precision(forecast))) "."
            @for caution in cautions(forecast).into_iter().chain(sentences::metrics_asked(forecast)) { " " (text(&caution)) }
        }
        table {
            thead { tr { th scope="col" { "Main figure" } th.number scope="col" { "estimate" } th.number scope="col" { "standard error" } } }
            tbody {
                @for (title, estimate) in rows {
                    tr {
                        th scope="row" { (named(title)) }
                        td.number { @if let Some(value) = estimate.value { data value=(value) { (to_error(forecast, value, estimate.error)) } } }
                        td.number { @if let Some(error) = estimate.error { data value=(error) { (main.metric.said(&forecast.currency, error, None)) } } }
                    }
                }
                @for target in &forecast.targets {
                    tr {
                        th scope="row" { "chance of " (super::super::text::name(&target.name)) }
                        td.number { data value=(target.probability.known()) { (forecast.currency.locale().write(&chance_to_error(target.probability.known(), target.probability.error))) } }
                        td.number { @if let Some(error) = target.probability.error { data value=(error) { (points(forecast, error)) } } }
                    }
                }
                @if let Some(worst) = main.worst_tenth {
                    tr {
                        th scope="row" { "mean of the worst tenth" }
                        td.number { data value=(worst.known()) { (to_error(forecast, worst.known(), worst.error)) } }
                        td.number { @if let Some(error) = worst.error { data value=(error) { (main.metric.said(&forecast.currency, error, None)) } } }
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

fn named(column: &str) -> String {
    match column {
        "mean" => "mean".to_owned(),
        "sd" => "standard deviation".to_owned(),
        "p50" => "median (P50)".to_owned(),
        other => other.to_uppercase(),
    }
}

/// A value of the main figure to the place of its error, which stands beside it.
fn to_error(forecast: &Forecast, value: f64, error: Option<f64>) -> String {
    let metric = forecast.main.metric;
    match error.filter(|error| *error > 0.0) {
        Some(error) => metric.to_place(&forecast.currency, value, error),
        None => forecast.said(metric, value, None),
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

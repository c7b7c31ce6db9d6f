//! Every input with its range, where it comes from, what is fixed, and what is taken as independent.

use maud::{Markup, html};

use crate::documents::InputInfo;
use crate::forecast::Forecast;
use crate::report::page::text::{name, text};
use crate::scenario::Unit;
use crate::units::format::count;
use crate::units::three_digits;

pub(super) fn section(forecast: &Forecast) -> Markup {
    html! {
        @if let Some(draws) = forecast.header.joint_draws() {
            p { (count(draws.columns.len(), "input")) " drawn together, from the " (count(draws.rows, "row")) " of " (text(&draws.file)) "." }
        }
        @if !forecast.header.has_ranges() {
            p { "None: every input is a fixed number." }
        } @else if forecast.inputs.is_empty() {
            p { "No input has a range of its own." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="Inputs with a range" {
                table.inputs {
                    thead {
                        tr {
                            th scope="col" { "Input" }
                            th.number scope="col" { "P10" }
                            th.number scope="col" { "mean" }
                            th.number scope="col" { "P90" }
                            th scope="col" { "law" }
                            th.number scope="col" { "rank correlation with the main figure" }
                            th scope="col" { "source and note" }
                        }
                    }
                    tbody { @for input in &forecast.inputs { (row(forecast, input)) } }
                }
            }
        }
    }
}

fn row(forecast: &Forecast, input: &InputInfo) -> Markup {
    let said = |x: f64| text(&Unit::of(&input.path).said(forecast.header.currency_of(&input.path), three_digits(x)));
    let rho = forecast.main.rank_correlations.iter().find(|c| c.path == input.path);
    let number = |x: f64| forecast.currency.locale().write(&format!("{x:.2}").replace('-', "−"));
    html! {
        tr {
            th scope="row" { (name(&input.label)) }
            td.number { data value=(input.p10) { (said(input.p10)) } }
            td.number { data value=(input.mean) { (said(input.mean)) } }
            td.number { data value=(input.p90) { (said(input.p90)) } }
            td { (text(&input.law)) }
            td.number {
                @if let Some(rho) = rho {
                    data value=(rho.rho.known()) { (number(rho.rho.known())) }
                    @if let Some(error) = rho.rho.error { " ± " (number(error)) }
                }
            }
            td.words {
                @if let Some(source) = &input.source { "Stated: " (text(source)) ". " } @else { "Assumed. " }
                @if let Some(note) = &input.note { (text(note)) }
            }
        }
    }
}

//! What is fixed, and what is taken as independent.

use maud::{Markup, html};

use crate::documents::FixedField;
use crate::forecast::Forecast;
use crate::report::page::text::{name, text};
use crate::scenario::Unit;
use crate::units::format::count;

/// More rows than this tell nothing more; `forecast.json` has all.
const MOST: usize = 60;

pub(super) fn section(forecast: &Forecast) -> Markup {
    html! {
        p { "A fixed number cannot matter above, however wrong it is. Shapes, ramps and seasons are fixed too: " code { "manifest.scenario" } " in " code { "forecast.json" } " has them all." }
        (table(forecast))
        h4 { "What is taken as independent" }
        (independent(forecast))
    }
}

fn table(forecast: &Forecast) -> Markup {
    let fixed = &forecast.fixed;
    html! {
        div.scroll tabindex="0" role="region" aria-label="Fixed inputs" {
            table {
                thead { tr { th scope="col" { "Input" } th.number scope="col" { "value" } th scope="col" { "source and note" } } }
                tbody {
                    @for field in fixed.iter().take(MOST) {
                        tr { th scope="row" { (name(&field.label)) } td.number { (text(&value(forecast, field))) } td.words { (text(&words(field))) } }
                    }
                }
            }
        }
        @if fixed.len() > MOST { p.quiet { (fixed.len() - MOST) " more are in forecast.json." } }
    }
}

/// The number of a field as it was entered: amounts of an investment with their months, quantities in their unit, others bare.
fn value(forecast: &Forecast, field: &FixedField) -> String {
    let currency = &forecast.currency;
    match (field.months, field.is_quantity) {
        (Some(months), _) => format!("{} over {}", currency.exact(field.value), count(months, "month")),
        (None, true) => Unit::of(&field.path).exact(forecast.header.currency_of(&field.path), field.value),
        (None, false) => currency.locale().write(&field.value.to_string()),
    }
}

fn words(field: &FixedField) -> String {
    let source = field.source.as_ref().map(|source| format!("Stated: {source}."));
    source.into_iter().chain(field.note.clone()).collect::<Vec<String>>().join(" ")
}

fn independent(forecast: &Forecast) -> Markup {
    let inputs = forecast.inputs.len();
    let pairs = inputs * inputs.saturating_sub(1) / 2;
    let correlated = forecast.correlated_pairs;
    let locale = forecast.currency.locale();
    html! {
        @if pairs == 0 {
            p { "There are no two inputs with a range." }
        } @else if correlated == 0 {
            p {
                @if pairs == 1 { "The two inputs with a range." } @else { "All " (pairs) " pairs of inputs with a range." }
                " If some go together in truth, the range above is too narrow."
            }
        } @else {
            p {
                "Of the " (pairs) " pairs of inputs with a range, " (correlated) " are correlated as listed; the other "
                (pairs.saturating_sub(correlated)) " are taken as independent. If some of those go together in truth, the range above is too narrow."
            }
            ul {
                @for correlation in forecast.correlations.iter().take(MOST) {
                    li {
                        code { (name(&correlation.between[0])) } " and " code { (name(&correlation.between[1])) } ": "
                        (locale.write(&correlation.rho.to_string().replace('-', "−")))
                        @if let Some(note) = &correlation.note { span.quiet { " (" (text(note)) ")" } }
                    }
                }
            }
        }
        p { "Deals, leads and renewals are independent of each other but for the inputs and the market factor that they share." }
    }
}

//! What drives it.

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::figure;
use super::text::{list, name, percent, text};
use crate::forecast::{Forecast, RankCorrelation};
use crate::report::sentences::input_label;

pub(super) fn section(forecast: &Forecast, pictures: &Pictures) -> Markup {
    if forecast.inputs.is_empty() {
        return html! {
            section.drivers aria-labelledby="drivers" {
                h2 #drivers { "What drives it" }
                p { "Every input is a fixed number: nothing but luck moves the figures. Give the inputs ranges to learn what matters." }
            }
        };
    }
    html! {
        section.drivers aria-labelledby="drivers" {
            h2 #drivers { "What drives it" }
            p { (text(&strongest(forecast))) }
            @if let Some(picture) = pictures.get("sources-of-variance") {
                (figure(picture, "sources-of-variance", &sources_table(forecast)))
            }
            p.quiet { "How far each input moves it, what it would take and whether the plan agrees with itself: " code { "revcast run --deep" } " adds it." }
        }
    }
}

/// "Of the 15 ranges entered, 9 stated and 6 assumed, “Europe: leads a month” matters most, then “Europe: win rate”."
fn strongest(forecast: &Forecast) -> String {
    let stated = forecast.inputs.iter().filter(|input| input.source.is_some()).count();
    let count = forecast.inputs.len();
    let entered = match count {
        1 => format!("The one range entered is {}.", if stated == 1 { "stated" } else { "assumed" }),
        _ => format!("Of the {count} ranges entered, {stated} stated and {} assumed,", count - stated),
    };
    // What could be noise is not named.
    let clear = |c: &&RankCorrelation| c.error.is_some_and(|error| c.rho.abs() > 3.0 * error);
    let named: Vec<&RankCorrelation> = forecast.main.rank_correlations.iter().filter(clear).take(2).collect();
    let label = |c: &RankCorrelation| format!("“{}”", name(&input_label(forecast, &c.path)));
    match (count, named.as_slice()) {
        (1, [_, ..]) => entered,
        (1, []) => format!("{entered} It does not move the figure by more than the simulation's noise."),
        (_, []) => format!("{entered} none moves it by more than the simulation's noise."),
        (_, [one]) => format!("{entered} {} matters most.", label(one)),
        (_, [one, other, ..]) => {
            let close = one.rho.abs() - other.rho.abs()
                < 2.0 * libm::hypot(one.error.unwrap_or(0.0), other.error.unwrap_or(0.0));
            let (a, b) = (label(one), label(other));
            if close {
                format!("{entered} {} matter most.", list(&[a, b]))
            } else {
                format!("{entered} {a} matters most, then {b}.")
            }
        }
    }
}

fn sources_table(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    html! {
        table {
            thead { tr { th scope="col" { "Cause" } th.number scope="col" { "share of variance, or rank correlation" } th.number scope="col" { "standard error" } } }
            tbody {
                @if let Some(shares) = &main.variance {
                    @for (label, share) in [("ranges entered", shares.inputs), ("market", shares.market), ("luck", shares.chance)] {
                        tr {
                            th scope="row" { (label) }
                            td.number { data value=(share.share) { (percent(share.share)) } }
                            td.number { data value=(share.error) { (forecast.currency.locale().write(&format!("{:.1}\u{A0}%", 100.0 * share.error))) } }
                        }
                    }
                }
                @for found in &main.rank_correlations {
                    tr {
                        th scope="row" { (name(&input_label(forecast, &found.path))) }
                        td.number { data value=(found.rho) { (forecast.currency.locale().write(&format!("{:.2}", found.rho))) } }
                        td.number { @if let Some(error) = found.error { data value=(error) { (forecast.currency.locale().write(&format!("{error:.2}"))) } } }
                    }
                }
            }
        }
    }
}

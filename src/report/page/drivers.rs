//! What drives it.

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::figure;
use super::table::rows;
use super::text::text;
use crate::analysis::{Bar, Sensitivity, WhatIf};
use crate::findings::{Cell, Table, drivers_table, events_table, input_label, luck, ranking, target_of_events};
use crate::forecast::Forecast;
use crate::report::sentences::moved_by_market;
use crate::stats::Estimate;
use crate::units::format::percent;

pub(super) fn section(forecast: &Forecast, deep: Option<&WhatIf>, pictures: &Pictures) -> Markup {
    let sensitivity = deep.and_then(|deep| deep.sensitivity.as_ref());
    if !forecast.header.has_ranges() {
        return html! {
            section.drivers aria-labelledby="drivers" {
                h2 #drivers { "What drives it" }
                p { "Every input is a fixed number: nothing but " (luck(forecast)) " moves the figures. Give the inputs ranges to learn what matters." }
            }
        };
    }
    if forecast.main.bands.p50.value.is_none() {
        return html! {
            section.drivers aria-labelledby="drivers" {
                h2 #drivers { "What drives it" }
                p { "What drives the figure is not known while the figure itself is unknown in some futures." }
            }
        };
    }
    let ranking = ranking(forecast).unwrap_or_default() + &market(forecast);
    html! {
        section.drivers aria-labelledby="drivers" {
            h2 #drivers { "What drives it" }
            @if let Some((sensitivity, picture)) = sensitivity.zip(pictures.get("tornado")) {
                p { (text(&ranking)) }
                (figure(picture, "tornado", &tornado_table(forecast, sensitivity)))
            } @else {
            p { (text(&ranking)) }
            // Of a business that runs, what its bookings come from says more.
            @if pictures.get("bookings-by-source").is_none() && let Some(picture) = pictures.get("sources-of-variance") {
                (figure(picture, "sources-of-variance", &sources_table(forecast)))
            }
            }
            @if let Some(target) = target_of_events(forecast) {
                h3 { "What may happen, and “" (text(&target.name)) "” with and without it" }
                (rows(&events_table(forecast)))
            }
            @if deep.is_none() { p.quiet { "How far each input moves it, what it would take and whether the plan agrees with itself: " code { "revcast run --deep" } " adds it." } }
        }
    }
}

/// What outweighs any single input, if it does.
fn market(forecast: &Forecast) -> String {
    match &forecast.main.variance {
        Some(shares) if forecast.main.market_outweighs_inputs() => format!(
            " The market factor, which moves {} and which nobody here steers, outweighs any one of them: {} of the variance.",
            moved_by_market(forecast),
            percent(shares.market.known())
        ),
        _ => String::new(),
    }
}

/// How far each input moves the median, and what its share of the variance is.
fn tornado_table(forecast: &Forecast, sensitivity: &Sensitivity) -> Markup {
    html! {
        (rows(&drivers_table(sensitivity, forecast.main.metric, &forecast.header)))
        @if sensitivity.inputs().any(|cause| cause.bar.as_ref().is_some_and(|bar| bar.understates)) { p.quiet.small { "* " (Bar::UNDERSTATES) "." } }
    }
}

/// What the variance comes from, and which of the inputs bring it.
pub(super) fn sources_table(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    let shares = main.variance.iter().flat_map(|shares| {
        let told = shares.told([
            "events",
            forecast.header.ranges_named().trim_start_matches("the "),
            "market factor",
            "closing pace",
            "exchange rates",
            "people",
            "open deals",
            "luck",
        ]);
        told.into_iter().map(|(label, share)| (label.to_owned(), share))
    });
    let inputs = main.input_shares.iter().map(|input| (input_label(forecast, &input.path), input.share));
    let (labels, shares): (Vec<String>, Vec<Estimate>) = shares.chain(inputs).unzip();
    let error_said = |error: f64| forecast.currency.locale().write(&format!("{:.1}\u{A0}%", 100.0 * error));
    let mut table = Table::default();
    table.read("Cause", labels.into_iter().map(Cell::text));
    table.read("share of variance", shares.iter().map(|share| Cell::number(share.value, percent)));
    table.read("standard error", shares.iter().map(|share| Cell::number(share.error, error_said)));
    rows(&table)
}

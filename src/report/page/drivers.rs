//! What drives it.

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::figure;
use super::text::{cell, name, share_cell, text};
use crate::analysis::{Basis, Cause, CauseKind, Sensitivity, WhatIf};
use crate::forecast::{Forecast, RankCorrelation};
use crate::report::sentences::{input_label, moved_by_market};
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::{list, percent};
use crate::units::three_digits;

pub(super) fn section(forecast: &Forecast, deep: Option<&WhatIf>, pictures: &Pictures) -> Markup {
    let sensitivity = deep.and_then(|deep| deep.sensitivity.as_ref());
    if forecast.inputs.is_empty() {
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
    let sensitivity = sensitivity.filter(|sensitivity| {
        sensitivity.causes.iter().any(|cause| cause.bar.as_ref().is_some_and(|bar| bar.swing.is_clear()))
    });
    html! {
        section.drivers aria-labelledby="drivers" {
            h2 #drivers { "What drives it" }
            @if let Some((sensitivity, picture)) = sensitivity.zip(pictures.get("tornado")) {
                p { (text(&moves_most(sensitivity))) (text(&market(forecast))) }
                (figure(picture, "tornado", &tornado_table(forecast, sensitivity)))
            } @else {
            p { (text(&strongest(forecast))) (text(&market(forecast))) }
            @if let Some(picture) = pictures.get("sources-of-variance") {
                (figure(picture, "sources-of-variance", &sources_table(forecast)))
            }
            }
            @if deep.is_none() { p.quiet { "How far each input moves it, what it would take and whether the plan agrees with itself: " code { "revcast run --deep" } " adds it." } }
        }
    }
}

/// What moves the figures where every input is fixed.
pub(super) fn luck(forecast: &Forecast) -> &'static str {
    let market = forecast.main.variance.as_ref().is_some_and(|shares| shares.market.known() > 0.005);
    if market { "luck and the market factor" } else { "luck" }
}

/// What outweighs any single input, if it does.
fn market(forecast: &Forecast) -> String {
    let strongest = forecast.main.rank_correlations.first().map_or(0.0, |c| c.rho.known() * c.rho.known());
    match &forecast.main.variance {
        Some(shares) if shares.market.known() > strongest.max(0.1) => format!(
            " The market factor, which moves {} and which nobody here steers, outweighs any one of them: {} of the variance.",
            moved_by_market(forecast),
            percent(shares.market.known())
        ),
        _ => String::new(),
    }
}

/// "Of the 15 ranges entered (9 about a stated figure, 6 assumed), “Europe: leads a month” matters most, then “Europe: win rate”."
fn strongest(forecast: &Forecast) -> String {
    let stated = forecast.inputs.iter().filter(|input| input.source.is_some()).count();
    let count = forecast.inputs.len();
    let entered = match count {
        1 => format!("The one range entered {}.", if stated == 1 { "is about a stated figure" } else { "is assumed" }),
        _ => format!("Of the {count} ranges entered ({stated} about a stated figure, {} assumed),", count - stated),
    };
    // What could be noise is not named.
    let clear = |c: &&RankCorrelation| c.rho.is_clear();
    let named: Vec<&RankCorrelation> = forecast.main.rank_correlations.iter().filter(clear).take(2).collect();
    let label = |c: &RankCorrelation| format!("“{}”", name(&input_label(forecast, &c.path)));
    match (count, named.as_slice()) {
        (1, [_, ..]) => entered,
        (1, []) => format!("{entered} It does not move the figure by more than the simulation's noise."),
        (_, []) => format!("{entered} none moves it by more than the simulation's noise."),
        (_, [one]) => format!("{entered} {} matters most.", label(one)),
        (_, [one, other, ..]) => {
            let close = one.rho.known().abs() - other.rho.known().abs()
                < 2.0 * libm::hypot(one.rho.error.unwrap_or(0.0), other.rho.error.unwrap_or(0.0));
            let (a, b) = (label(one), label(other));
            if close {
                format!("{entered} {} matter most.", list(&[a, b]))
            } else {
                format!("{entered} {a} matters most, then {b}.")
            }
        }
    }
}

/// "Of the 15 ranges entered, 9 stated and 6 assumed, “Europe: leads a month” (assumed) matters most."
fn moves_most(sensitivity: &Sensitivity) -> String {
    let found = sensitivity.provenance;
    let inputs = sensitivity.causes.iter().filter(|cause| cause.kind == CauseKind::Input);
    let swing = |cause: &Cause| cause.bar.as_ref().map_or(Estimate::UNKNOWN, |bar| bar.swing);
    let size = |cause: &Cause| swing(cause).value.map_or(0.0, f64::abs);
    let mut clear: Vec<&Cause> = inputs.clone().filter(|cause| swing(cause).is_clear()).collect();
    clear.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let ranges = match inputs.count() {
        1 => "Of the one range entered,".to_owned(),
        count => format!(
            "Of the {count} ranges entered ({} about a stated figure, {} assumed),",
            found.stated, found.assumed
        ),
    };
    let label = |cause: &Cause| {
        let basis = if cause.basis == Some(Basis::Stated) { "" } else { " (assumed)" };
        format!("“{}”{basis}", name(&cause.label))
    };
    match clear.as_slice() {
        [] => format!("{ranges} none by itself moves it beyond the simulation's noise."),
        [one] => format!("{ranges} {} matters most.", label(one)),
        [one, other, ..] => {
            let error = |cause: &Cause| swing(cause).error.unwrap_or(0.0);
            let close = size(one) - size(other) < 2.0 * libm::hypot(error(one), error(other));
            let (one, other) = (label(one), label(other));
            if close {
                format!("{ranges} {one} and {other} matter about equally, and most.")
            } else {
                format!("{ranges} {one} matters most, then {other}.")
            }
        }
    }
}

/// The input that is worth most to know better.
pub(super) fn worth(sensitivity: &Sensitivity) -> Option<&Cause> {
    let value = |cause: &&Cause| cause.worth.and_then(|worth| worth.value).unwrap_or(0.0);
    let clear = sensitivity.causes.iter().filter(|cause| cause.worth.is_some_and(Estimate::is_clear));
    clear.max_by(|a, b| value(a).total_cmp(&value(b)))
}

/// How far each input moves the median, and what its share of the variance is.
pub(super) fn tornado_table(forecast: &Forecast, sensitivity: &Sensitivity) -> Markup {
    let metric = forecast.main.metric;
    html! {
        table {
            thead {
                tr {
                    th scope="col" { "Cause" }
                    th.number scope="col" { "its P10" }
                    th.number scope="col" { "its P90" }
                    th.number scope="col" { "median with it at its P10" }
                    th.number scope="col" { "median with it at its P90" }
                    th.number scope="col" { "share of variance" }
                    th.number scope="col" { "range narrower if known" }
                }
            }
            tbody {
                @for cause in &sensitivity.causes {
                    @let bar = cause.bar.as_ref();
                    @let said = |x: f64| text(&Unit::of(&cause.key).said(&forecast.currency, three_digits(x)));
                    tr {
                        th scope="row" { (name(&cause.label)) }
                        td.number { @if let Some(bar) = bar { data value=(bar.low_input) { (said(bar.low_input)) } } }
                        td.number { @if let Some(bar) = bar { data value=(bar.high_input) { (said(bar.high_input)) } } }
                        (cell(forecast, metric, bar.map_or(Estimate::UNKNOWN, |bar| bar.low)))
                        (cell(forecast, metric, bar.map_or(Estimate::UNKNOWN, |bar| bar.high)))
                        (share_cell(cause.shapley.unwrap_or(cause.total).value))
                        (share_cell(cause.worth.and_then(|worth| worth.value)))
                    }
                }
            }
        }
    }
}

/// What the variance comes from, and how each input goes with the figure.
pub(super) fn sources_table(forecast: &Forecast) -> Markup {
    let main = &forecast.main;
    html! {
        table {
            thead { tr { th scope="col" { "Cause" } th.number scope="col" { "share of variance, or rank correlation" } th.number scope="col" { "standard error" } } }
            tbody {
                @if let Some(shares) = &main.variance {
                    @for (label, share) in [("ranges entered", shares.inputs), ("market", shares.market), ("luck", shares.chance)] {
                        tr {
                            th scope="row" { (label) }
                            td.number { data value=(share.known()) { (percent(share.known())) } }
                            td.number { @if let Some(error) = share.error { data value=(error) { (forecast.currency.locale().write(&format!("{:.1}\u{A0}%", 100.0 * error))) } } }
                        }
                    }
                }
                @for found in &main.rank_correlations {
                    tr {
                        th scope="row" { (name(&input_label(forecast, &found.path))) }
                        td.number { data value=(found.rho.known()) { (forecast.currency.locale().write(&format!("{:.2}", found.rho.known()).replace('-', "−"))) } }
                        td.number { @if let Some(error) = found.rho.error { data value=(error) { (forecast.currency.locale().write(&format!("{error:.2}"))) } } }
                    }
                }
            }
        }
    }
}

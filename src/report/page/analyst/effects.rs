//! Small steps for the worse and levers with their errors.

use maud::{Markup, html};

use crate::analysis::{Deep, Effect, Step};
use crate::forecast::Forecast;
use crate::report::page::text::{name, text};
use crate::report::words::amount;
use crate::scenario::Unit;
use crate::stats::Estimate;
use crate::units::format::capitalize;

pub(super) fn section(forecast: &Forecast, deep: &Deep) -> Markup {
    let target = forecast.targets.first();
    html! {
        h3 { "Small steps for the worse, and levers" }
        p {
            "Each played on the same draws as the forecast (a changed retention alone draws deal values anew); ± is the standard error of the change. A step is one percentage point of a share or a rate in the \
             first region that has it, 5\u{A0}% of anything else; the same factor applies to all regions. In grey: changes within the simulation's noise."
        }
        div.scroll tabindex="0" role="region" aria-label="Steps and levers" {
            table {
                thead {
                    tr {
                        th scope="col" { "Change" }
                        @if let Some(target) = target { th.number scope="col" { "chance of “" (name(&target.name)) "”, in points" } }
                        th.number scope="col" { "median of the main figure" }
                        th.number scope="col" { "mean of the main figure" }
                    }
                }
                tbody {
                    @for step in &deep.steps {
                        @let unit = Unit::of(&step.example.path);
                        @let said = |x: f64| unit.said(&forecast.currency, x);
                        (row(forecast, &step_label(step, &said), &step.effect))
                    }
                }
                @if !deep.levers.is_empty() {
                    tbody { @for lever in &deep.levers { (row(forecast, &lever.name, &lever.effect)) } }
                }
            }
        }
    }
}

/// "Win rate, 3 regions (Europe: win rate 24 % instead of 25 %)".
fn step_label(step: &Step, said: &dyn Fn(f64) -> String) -> String {
    let example = format!("{} {} instead of {}", step.example.label, said(step.example.to), said(step.example.from));
    match step.paths.len() {
        0 | 1 => example,
        n => format!("{}, {n} regions ({example})", capitalize(&step.label)),
    }
}

fn row(forecast: &Forecast, label: &str, effect: &Effect) -> Markup {
    html! {
        tr {
            th scope="row" { (name(label)) }
            @if let Some(target) = effect.targets.first() { (cell(target.change, &points(forecast, target.change))) }
            @for change in [effect.median, effect.mean] { (cell(change, &money(forecast, change))) }
        }
    }
}

fn cell(change: Estimate, said: &str) -> Markup {
    html! {
        td.number.quiet[!change.is_clear()] { @if let Some(value) = change.value { data value=(value) { (text(said)) } } }
    }
}

fn points(forecast: &Forecast, change: Estimate) -> String {
    let locale = forecast.currency.locale();
    let number = |x: f64| locale.write(&format!("{:.1}", (1000.0 * x.abs()).round() / 10.0));
    let value = change.value.unwrap_or(0.0);
    format!(
        "{}{} ± {}",
        sign(value, (1000.0 * value).round() == 0.0),
        number(value),
        number(change.error.unwrap_or(0.0))
    )
}

fn money(forecast: &Forecast, change: Estimate) -> String {
    let (metric, value) = (forecast.main.metric, change.value.unwrap_or(0.0));
    let said = amount(forecast, metric, value.abs(), change.error);
    let said = format!("{}{said}", sign(value, value == 0.0));
    change.error.map_or(said.clone(), |error| format!("{said} ± {}", metric.about(&forecast.currency, error, None)))
}

fn sign(value: f64, none: bool) -> &'static str {
    match value {
        _ if none => "",
        x if x > 0.0 => "+",
        _ => "−",
    }
}

//! The answer on a terminal: six lines, and one a target.

use std::fmt::Write;

use super::terminal::{list, wrap};
use super::{budget_and_calls, cautions, essentials, sentences};
use crate::analysis::Answer;
use crate::findings;
use crate::forecast::{Comparison, Forecast, Range, TargetOutcome};
use crate::scenario::Metric;
use crate::units::format::{capitalize, futures, list_some, months_from};
use crate::units::{plain, thousands};

/// The answer for a terminal of `width` columns: the range, the chances, what drives it, where it stands, what to do, what is assumed, a line each.
pub fn summary(answer: &Answer, width: usize) -> String {
    let width = width.clamp(60, 110);
    let forecast = &answer.forecast;
    let mut out = String::new();
    let futures = futures(forecast.manifest.trials, forecast.currency.locale());
    let dated = forecast.dated().map_or_else(String::new, |dated| format!(" ({dated})"));
    let head = format!("{}{dated}: {futures} of {}", plain(&forecast.name), months_from(&forecast.horizon()));
    line(&mut out, width, &head);
    line(&mut out, width, &essentials::range(forecast));
    out.push_str(&list(&chances(forecast), width));
    let lines = [
        ("Known", said(&sentences::known_beside(forecast))),
        ("Drivers", findings::drivers_in_brief(forecast).map(|text| text + ".")),
        essentials::standing(answer),
        ("To do", essentials::action(answer)),
        // Whoever asks for a precision is told whether it was reached.
        ("Precision", forecast.precision.as_ref().map(|_| sentences::precision(forecast) + ".")),
        ("Assumed", essentials::assumed(forecast, "listed with -v")),
    ];
    for (what, text) in lines {
        text.into_iter().for_each(|text| line(&mut out, width, &format!("{what}: {text}")));
    }
    out
}

/// A line of what was said, if anything.
fn said(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| format!("{}.", list_some(texts)))
}

fn line(out: &mut String, width: usize, text: &str) {
    let _ = writeln!(out, "{}", wrap(text, width, "  "));
}

/// The chance of each target, and where budget and calls lie, a row each.
fn chances(forecast: &Forecast) -> Vec<(String, String)> {
    let target = |target: &TargetOutcome| {
        let known = sentences::known(forecast, target.metric, &target.scope, &target.period);
        let known = known.map_or_else(String::new, |known| format!("; {known}"));
        (plain(&target.name), format!("{}{known}", sentences::target(forecast, target)))
    };
    let (budget, more) = budget_and_calls::budget(forecast);
    let budget = budget.into_iter().map(|(what, text)| ("Budget".to_owned(), format!("{what}: {text}")));
    let left_out = (more > 0).then(|| ("Budget".to_owned(), format!("{more} more, in attainment.csv")));
    let calls = forecast.calls.iter().map(|call| ("Call".to_owned(), budget_and_calls::call(forecast, call)));
    forecast.targets.iter().map(target).chain(budget).chain(left_out).chain(calls).collect()
}

/// What is behind the answer: its assumptions, its errors, what the range is made of, when levels are first reached.
fn behind(answer: &Answer, width: usize, out: &mut String) {
    let forecast = &answer.forecast;
    let assumptions = sentences::assumptions(forecast);
    if !assumptions.is_empty() {
        out.push_str("Assumed:\n");
        assumptions.iter().for_each(|text| line(out, width, &format!("- {text}")));
        out.push('\n');
    }
    if let Some(Range::Wide(spread)) = forecast.range() {
        let [low, _, high] = &spread.values;
        let precision = sentences::precision(forecast);
        line(
            out,
            width,
            &format!(
                "{} {low}: P10. {} {high}: P90. {precision}.",
                capitalize(&spread.at_least[0].1),
                capitalize(&spread.above_high)
            ),
        );
        cautions::cautions(forecast).iter().for_each(|caution| line(out, width, caution));
    }
    let deep = answer.deep.as_ref();
    let step = deep.and_then(|deep| {
        findings::adverse_step(forecast, deep, 0).or_else(|| {
            let target = deep.steps.first()?.effect.targets.first()?;
            let name = plain(&target.name);
            Some(format!("No small step for the worse of one kind of input lowers the chance of “{name}” beyond the simulation's error."))
        })
    });
    let split = findings::split(forecast).map(|split| format!("Why it is this wide: of its variance, {split}."));
    let gap = findings::first_gap(forecast);
    let reached = forecast.targets.iter().filter_map(|target| sentences::first_reached(forecast, target));
    sentences::plan_line(forecast)
        .into_iter()
        .chain(sentences::diversification(forecast).filter(|_| gap.is_none()))
        .chain(split)
        .chain(findings::ranking(forecast))
        .chain(findings::with_and_without(forecast))
        .chain(findings::band_record(&forecast.header))
        .chain(gap)
        .chain(findings::year_to_date(forecast))
        .chain(sentences::metrics_asked(forecast))
        .chain(reached)
        .chain(step)
        .chain(deep.and_then(|deep| findings::what_it_takes(forecast, &deep.solution)))
        .for_each(|text| line(out, width, &text));
    out.push('\n');
}

/// "bookings of north: €3.31M against €3.304M, +0.6 standard errors".
fn against_exact(forecast: &Forecast, c: &Comparison) -> String {
    let said = |x: f64| match c.metric {
        Metric::Bookings => forecast.currency.within(x, Some(x.abs() / 1e4)),
        _ => thousands(x),
    };
    let (metric, scope) = (c.metric.name(), plain(&c.scope));
    format!("{metric} of {scope}: {} against {}, {:+.1} standard errors", said(c.simulated), said(c.exact), c.deviation)
}

/// The means that are not what is exact, by more than chance explains: the numbers of such a forecast are wrong.
pub fn wrong_means(forecast: &Forecast) -> Option<String> {
    let wrong: Vec<String> =
        forecast.closed_form.iter().flat_map(|check| check.wrong()).map(|c| against_exact(forecast, c)).collect();
    (!wrong.is_empty()).then(|| format!("simulated means are not the exact ones ({})", list_some(&wrong)))
}

/// What an analyst asks next: what was assumed, how sure the numbers are, how they were made and how they check out.
pub fn details(answer: &Answer, width: usize) -> String {
    let width = width.clamp(60, 110);
    let forecast = &answer.forecast;
    let mut out = String::new();
    behind(answer, width, &mut out);
    let manifest = &forecast.manifest;
    let _ = writeln!(
        out,
        "revcast {}, seed {}, scenario {}",
        manifest.version,
        manifest.seed,
        &manifest.scenario_hash[..16.min(manifest.scenario_hash.len())]
    );
    match &forecast.closed_form {
        None => line(
            &mut out,
            width,
            "Closed form: does not apply (it needs fixed inputs, no market factor and one cycle a region).",
        ),
        Some(check) => {
            out.push_str("Closed form, simulated mean against exact:\n");
            for c in &check.totals {
                line(&mut out, width, &format!("  {}", against_exact(forecast, c)));
            }
            if check.monthly_means > 0 {
                line(
                    &mut out,
                    width,
                    &format!(
                        "  largest of {} monthly means: {:+.1} standard errors",
                        check.monthly_means, check.largest_monthly_deviation
                    ),
                );
            }
        }
    }
    out.push_str("Inputs and their rank correlation with the main figure:\n");
    for input in &forecast.inputs {
        let rho = forecast.main.rank_correlations.iter().find(|c| c.path == input.path);
        let rho = rho.map_or_else(
            || "none".to_owned(),
            |c| {
                format!(
                    "{:+.2}{}",
                    c.rho.known(),
                    c.rho.error.map_or_else(String::new, |e| format!(" (standard error {e:.2})"))
                )
            },
        );
        line(
            &mut out,
            width,
            &format!(
                "  {}: {} law, mean {}, P10 {}, P90 {}: {rho}",
                plain(&input.path),
                input.law,
                input.mean,
                input.p10,
                input.p90
            ),
        );
    }
    out
}

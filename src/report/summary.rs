//! The answer on a terminal: under one screen.

use std::fmt::Write;

use super::terminal::wrap;
use super::{budget_and_calls, cautions, sentences};
use crate::findings::{self, ranking};
use crate::forecast::{Comparison, Forecast, Range};
use crate::scenario::Metric;
use crate::units::format::{capitalize, futures, list_some, months_from};
use crate::units::{plain, thousands};

/// The summary for a terminal of `width` columns.
pub fn summary(forecast: &Forecast, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
    let trials = forecast.manifest.trials;
    let futures = futures(trials, forecast.currency.locale());
    let dated = forecast.dated().map_or_else(String::new, |dated| format!(" ({dated})"));
    let head = format!("{}{dated}: {futures} of {}", plain(&forecast.name), months_from(&forecast.horizon()));
    line(&mut out, width, &head);
    out.push_str("\nAssumed:\n");
    for assumption in sentences::assumptions(forecast) {
        let _ = writeln!(out, "{}", wrap(&format!("- {assumption}"), width, "  "));
    }
    out.push('\n');
    range(forecast, width, &mut out);
    let gap = findings::first_gap(forecast);
    if let Some(text) = sentences::diversification(forecast).filter(|_| gap.is_none()) {
        line(&mut out, width, &text);
    }
    targets(forecast, width, &mut out);
    gap.into_iter().chain(findings::year_to_date(forecast)).for_each(|text| line(&mut out, width, &text));
    let known = sentences::known_beside(forecast);
    if !known.is_empty() {
        line(&mut out, width, &format!("Known: {}.", list_some(&known)));
    }
    against(forecast, width, &mut out);
    drivers(forecast, width, &mut out);
    out
}

fn line(out: &mut String, width: usize, text: &str) {
    let _ = writeln!(out, "{}", wrap(text, width, "  "));
}

fn range(forecast: &Forecast, width: usize, out: &mut String) {
    let main = &forecast.main;
    let head = sentences::main_figure(forecast);
    match forecast.range() {
        None => {
            line(out, width, &format!("{head}: unknown (nothing is invested by then)."));
            return;
        }
        Some(Range::Same(same)) => line(out, width, &format!("{head}: {same}.")),
        Some(Range::Wide(spread)) => {
            line(out, width, &format!("{head}: {}; {}.", spread.between, spread.median));
            let [low, _, high] = &spread.values;
            let precision = sentences::precision(forecast);
            let text = format!(
                "  ({} {low}: P10. {} {high}: P90. {precision})",
                capitalize(&spread.at_least[0].1),
                capitalize(&spread.above_high)
            );
            line(out, width, &text);
            cautions::cautions(forecast).iter().for_each(|caution| line(out, width, caution));
        }
    }
    if let (Some(plan), Some(percentile)) = (main.plan, main.plan_percentile) {
        let plan = forecast.said(main.metric, plan, main.bands.p50.error);
        line(
            out,
            width,
            &format!(
                "The plan line (average inputs, no luck) is {plan}; the outcome is that or less in {}.",
                forecast.share(percentile).chance()
            ),
        );
    }
}

/// Writes how budget and calls stand against the forecast.
fn against(forecast: &Forecast, width: usize, out: &mut String) {
    let (rows, more) = budget_and_calls::budget(forecast);
    if !rows.is_empty() {
        out.push_str("\nBudget:\n");
        let column = rows.iter().map(|(what, _)| what.chars().count()).max().unwrap_or(0).min(40);
        for (what, text) in rows {
            let pad = " ".repeat(column.saturating_sub(what.chars().count()));
            let _ = writeln!(out, "{}", wrap(&format!("  {what}{pad}  {text}"), width, &" ".repeat(column + 4)));
        }
        if more > 0 {
            let _ = writeln!(out, "  and {more} more, in attainment.csv");
        }
    }
    if !forecast.calls.is_empty() {
        out.push_str("\nCalls:\n");
        for call in &forecast.calls {
            let _ = writeln!(out, "{}", wrap(&format!("  {}", budget_and_calls::call(forecast, call)), width, "    "));
        }
    }
}

fn targets(forecast: &Forecast, width: usize, out: &mut String) {
    if forecast.targets.is_empty() {
        return;
    }
    out.push_str("\nTargets, if these assumptions hold:\n");
    let names: Vec<String> = forecast.targets.iter().map(|target| plain(&target.name)).collect();
    let column = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(24);
    for (target, name) in forecast.targets.iter().zip(names) {
        let pad = " ".repeat(column.saturating_sub(name.chars().count()));
        let known = sentences::known(forecast, target.metric, &target.scope, &target.period);
        let known = known.map_or_else(String::new, |known| format!("; {known}"));
        let text = format!("  {name}{pad}  {}{known}", sentences::target(forecast, target));
        let _ = writeln!(out, "{}", wrap(&text, width, &" ".repeat(column + 4)));
    }
}

fn drivers(forecast: &Forecast, width: usize, out: &mut String) {
    out.push('\n');
    if !forecast.header.has_ranges() {
        line(
            out,
            width,
            "Every input is fixed: the range shows luck alone, so it is narrower than what you know. Give the inputs ranges.",
        );
    }
    let split = findings::split(forecast).map(|split| format!("Why it is this wide: of its variance, {split}."));
    ranking(forecast)
        .into_iter()
        .chain(split)
        .chain(findings::band_record(&forecast.header))
        .for_each(|text| line(out, width, &text));
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

/// What an analyst asks next: how the numbers were made and how they check out.
pub fn details(forecast: &Forecast, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
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

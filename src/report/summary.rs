//! The answer on a terminal: under one screen.

use std::fmt::Write;

use super::against;
use super::words::{amount, chance, level, period, wrap};
use crate::forecast::{Forecast, TargetOutcome};
use crate::scenario::Metric;
use crate::units::{Month, plain, thousands};

/// The summary for a terminal of `width` columns.
pub fn summary(forecast: &Forecast, width: usize) -> String {
    let width = width.clamp(60, 110);
    let mut out = String::new();
    let trials = forecast.manifest.trials;
    let months = if forecast.months == 1 { "1 month".to_owned() } else { format!("{} months", forecast.months) };
    let futures = if trials == 1 { "1 future".to_owned() } else { format!("{} futures", thousands(trials as f64)) };
    line(&mut out, width, &format!("{}: {futures} of {months} from {}", plain(&forecast.name), forecast.start.name()));
    out.push_str("\nAssumed:\n");
    for assumption in forecast.assumptions.iter().map(|text| plain(text)).chain([leads(forecast)]) {
        let _ = writeln!(out, "{}", wrap(&format!("- {assumption}"), width, "  "));
    }
    out.push('\n');
    range(forecast, width, &mut out);
    regions(forecast, width, &mut out);
    targets(forecast, width, &mut out);
    against(forecast, width, &mut out);
    drivers(forecast, width, &mut out);
    out
}

fn line(out: &mut String, width: usize, text: &str) {
    let _ = writeln!(out, "{}", wrap(text, width, "  "));
}

/// What a lead is here: "1 lead in 4 becomes a customer in Europe, 1 in 3.3 in Latin America."
fn leads(forecast: &Forecast) -> String {
    let one_in = |lead: &str, rate: f64| {
        if rate > 0.0 { format!("1{lead} in {}", shortened(1.0 / rate)) } else { "none".to_owned() }
    };
    let rates: Vec<(String, f64)> =
        forecast.scopes.iter().filter_map(|s| Some((plain(&s.label), s.win_rate?))).collect();
    if rates.len() > 4 {
        let (low, high) =
            rates.iter().fold((1.0_f64, 0.0_f64), |(low, high), (_, rate)| (low.min(*rate), high.max(*rate)));
        return format!(
            "{} to {} becomes a customer, depending on the region.",
            one_in(" lead", high),
            one_in("", low)
        );
    }
    let parts: Vec<String> = rates
        .iter()
        .enumerate()
        .map(|(i, (label, rate))| match i {
            0 => format!("{} becomes a customer in {label}", one_in(" lead", *rate)),
            _ => format!("{} in {label}", one_in("", *rate)),
        })
        .collect();
    format!("{}.", parts.join(", "))
}

/// One decimal, if it says something: 4, 3.3.
fn shortened(x: f64) -> String {
    let text = format!("{x:.1}");
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

pub(super) fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn range(forecast: &Forecast, width: usize, out: &mut String) {
    let main = &forecast.main;
    let place = if main.scope == "total" {
        String::new()
    } else {
        format!(" of {}", forecast.scope(&main.scope).map_or_else(|| main.scope.clone(), |s| plain(&s.label)))
    };
    let head =
        format!("{}{place} {}", upper(main.metric.name()), period(forecast.start, forecast.months, &main.period));
    let say = |value: Option<f64>, error| value.map(|value| amount(forecast, main.metric, value, error));
    let (Some(p10), Some(p50), Some(p90)) = (
        say(main.bands.p10, main.errors.p10),
        say(main.bands.p50, main.errors.p50),
        say(main.bands.p90, main.errors.p90),
    ) else {
        line(out, width, &format!("{head}: unknown (nothing is invested by then)."));
        return;
    };
    if p10 == p90 {
        line(out, width, &format!("{head}: {p50} in every future."));
    } else {
        line(out, width, &format!("{head}: 8 chances in 10 of {p10} to {p90}; as likely above {p50} as below."));
        line(
            out,
            width,
            &format!(
                "  (9 chances in 10 of at least {p10}: P10. 1 in 10 of more than {p90}: P90. {})",
                simulation_error(forecast)
            ),
        );
    }
    if let (Some(plan), Some(percentile)) = (main.plan, main.plan_percentile) {
        let plan = amount(forecast, main.metric, plan, main.errors.p50);
        line(
            out,
            width,
            &format!(
                "Average inputs and no luck give {plan}; it is that or less in {}.",
                chance(percentile, forecast.manifest.trials)
            ),
        );
    }
}

/// That percentiles do not add, and by how much; what the band would be if regions had nothing in common.
fn regions(forecast: &Forecast, width: usize, out: &mut String) {
    let main = &forecast.main;
    // Without an error there is no telling whether the gap is one.
    let Some(parts) = main.diversification.as_ref().filter(|parts| parts.gap_error.is_some()) else {
        return;
    };
    let say = |value: f64| amount(forecast, main.metric, value, parts.gap_error);
    let noise = 2.0 * parts.gap_error.unwrap_or(0.0);
    let apart = match parts.gap {
        gap if gap > noise => format!("{} below the whole's P10, as they are seldom low all at once", say(gap)),
        gap if gap < -noise => format!("{} above the whole's P10", say(-gap)),
        _ => "which is the whole's P10 within the simulation's error".to_owned(),
    };
    let mut text =
        format!("Percentiles do not add: the regions' own P10s add up to {}, {apart}.", say(parts.sum_of_p10));
    if let Some(independent) = &parts.independent
        && let (Some(p10), Some(p90)) = (independent.bands.p10, independent.bands.p90)
    {
        let (low, high) = (
            amount(forecast, main.metric, p10, independent.errors.p10),
            amount(forecast, main.metric, p90, independent.errors.p90),
        );
        text.push_str(&format!(" If regions had nothing in common: 8 chances in 10 of {low} to {high}."));
    }
    line(out, width, &text);
}

/// Budget and calls.
fn against(forecast: &Forecast, width: usize, out: &mut String) {
    let (rows, more) = against::budget(forecast);
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
            let _ = writeln!(out, "{}", wrap(&format!("  {}", against::call(forecast, call)), width, "    "));
        }
    }
}

/// How sure the simulation itself is of the median.
fn simulation_error(forecast: &Forecast) -> String {
    let main = &forecast.main;
    match (main.bands.p50, main.errors.p50) {
        (Some(p50), Some(error)) if p50 != 0.0 => {
            format!("Simulation error of the median: {:.1} %", 100.0 * (error / p50).abs())
        }
        _ => "Too few futures to tell the simulation's own error".to_owned(),
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
        let text = format!("  {name}{pad}  {}", sentence(forecast, target));
        let _ = writeln!(out, "{}", wrap(&text, width, &" ".repeat(column + 4)));
    }
}

fn sentence(forecast: &Forecast, target: &TargetOutcome) -> String {
    let trials = forecast.manifest.trials;
    let metric =
        if target.metric == forecast.main.metric { String::new() } else { format!("{} of ", target.metric.name()) };
    let place = if target.scope == "total" {
        String::new()
    } else {
        format!(" ({})", forecast.scope(&target.scope).map_or_else(String::new, |s| plain(&s.label)))
    };
    let what = format!(
        "{metric}{}{place} {}",
        level(forecast, target.metric, target.at_least),
        period(forecast.start, forecast.months, &target.period)
    );
    let Some(each) = &target.each else {
        return format!("{what}: {}", chance(target.probability, trials));
    };
    let n = each.periods.len();
    let mean = each.count.mean.map_or_else(String::new, |mean| format!("; {mean:.0} of the {n} on average"));
    let spoken =
        |label: &Option<String>| label.as_ref().map(|l| l.parse::<Month>().map_or_else(|_| l.clone(), Month::name));
    let first = match (spoken(&each.first_p10), spoken(&each.first_p50), spoken(&each.first_p90)) {
        (Some(early), Some(middle), Some(late)) if early == late => format!("; first in {middle}"),
        (Some(early), Some(middle), Some(late)) => format!("; first in {middle} (8 chances in 10: {early} to {late})"),
        (_, Some(middle), _) => format!("; first in {middle}, never in {}", chance(each.never, trials)),
        _ => format!("; never in {}", chance(each.never, trials)),
    };
    format!("{what}: all {n} in {}{mean}{first}", chance(target.probability, trials))
}

fn drivers(forecast: &Forecast, width: usize, out: &mut String) {
    out.push('\n');
    let main = &forecast.main;
    if forecast.inputs.is_empty() {
        line(
            out,
            width,
            "Every input is fixed: the range shows luck alone, so it is narrower than what you know. Give the inputs ranges.",
        );
    } else {
        // What could be noise is not named.
        let clear = main.rank_correlations.iter().filter(|c| c.error.is_some_and(|error| c.rho.abs() > 3.0 * error));
        let named: Vec<String> = clear
            .take(2)
            .map(|c| format!("{} (rank correlation {:.2})", input_label(forecast, &c.path), c.rho))
            .collect();
        let entered = if forecast.inputs.len() == 1 {
            "the one range".to_owned()
        } else {
            format!("the {} ranges", forecast.inputs.len())
        };
        let text = match named.as_slice() {
            [] => {
                format!("What matters most: of {entered} entered, none moves it by more than the simulation's noise.")
            }
            [one] => format!("What matters most, of {entered} entered: {one}."),
            more => format!("What matters most, of {entered} entered: {}.", more.join(", then ")),
        };
        line(out, width, &text);
    }
    if let Some(shares) = &main.variance {
        let percent = |share: f64| format!("{:.0} %", (100.0 * share).clamp(0.0, 100.0) + 0.0);
        line(
            out,
            width,
            &format!(
                "Of its variance, {} comes from the ranges entered, {} from the market factor, {} is chance.",
                percent(shares.inputs.share),
                percent(shares.market.share),
                percent(shares.chance.share)
            ),
        );
    }
}

fn input_label(forecast: &Forecast, path: &str) -> String {
    forecast.inputs.iter().find(|input| input.path == path).map_or_else(|| path.to_owned(), |input| plain(&input.label))
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
                let money = |x: f64| {
                    if c.metric == Metric::Bookings {
                        forecast.currency.within(x, Some(x.abs() / 1e4))
                    } else {
                        thousands(x)
                    }
                };
                let text = format!(
                    "  {} of {}: {} against {}, {:+.1} standard errors",
                    c.metric.name(),
                    plain(&c.scope),
                    money(c.simulated),
                    money(c.exact),
                    c.deviation
                );
                line(&mut out, width, &text);
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
            |c| format!("{:+.2}{}", c.rho, c.error.map_or_else(String::new, |e| format!(" (standard error {e:.2})"))),
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

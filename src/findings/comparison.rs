//! How scenarios differ: under one screen.

use std::fmt::Write;

use super::bridge::{bridge, error_said};
use super::finding::Finding;
use super::sentences::{bands_said, place_of};
use super::table::Table;
use crate::analysis::{Comparison, Difference, MetricDifference, Side};
use crate::documents::Document;
use crate::forecast::{Bands, TargetOutcome};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format::{capitalize, futures, months_from, when};
use crate::units::plain;

/// How scenarios differ: their ranges, their targets, and the bridges from the first one to the others.
pub fn comparison(comparison: &Document<Comparison>) -> Finding {
    let mut found = Finding::default();
    let labels: Vec<String> = comparison.sides.iter().map(|side| plain(&side.label)).collect();
    let Some((base, others)) = labels.split_first() else {
        return found;
    };
    found.say(head(comparison, base, others));
    let own = own_assumptions(comparison);
    if !own.is_empty() {
        found.gap();
        found.list(own);
    }
    found.gap();
    ranges(comparison, &mut found);
    targets(comparison, &labels, &mut found);
    for difference in &comparison.differences {
        bridge(comparison, difference, base, &mut found);
    }
    found.assume(&comparison.header);
    found
}

fn head(comparison: &Document<Comparison>, base: &str, others: &[String]) -> String {
    let head = &comparison.header;
    let trials = head.manifest.trials;
    let futures = futures(trials, head.currency.locale());
    let named = others.join("; ");
    let months = months_from(&head.horizon());
    let end = if months.ends_with(')') { ", in each" } else { " in each" };
    format!("Compared with {base}: {named}. The same {futures} of {months}{end}.")
}

/// What each scenario assumes that the first one does not.
fn own_assumptions(comparison: &Document<Comparison>) -> Vec<(String, String)> {
    let base = &comparison.header.assumptions;
    let of_side = |side: &Side| {
        let own: Vec<String> =
            side.assumptions.iter().filter(|text| !base.contains(text)).map(|text| plain(text)).collect();
        (!own.is_empty()).then(|| (plain(&side.label), own.join(" ")))
    };
    comparison.sides.iter().filter_map(of_side).collect()
}

/// A figure's bands in words: "€14.0M to €22.0M; median €17.6M".
fn range(comparison: &Document<Comparison>, metric: Metric, bands: &Bands<Estimate>) -> String {
    bands_said(metric, &comparison.header.currency, bands)
}

/// The difference of the figure that the comparison is about.
fn of_figure<'a>(comparison: &Document<Comparison>, difference: &'a Difference) -> Option<&'a MetricDifference> {
    let figure = &comparison.figure;
    difference
        .metrics
        .iter()
        .find(|found| (found.metric, &found.scope, &found.period) == (figure.metric, &figure.scope, &figure.period))
}

fn ranges(comparison: &Document<Comparison>, found: &mut Finding) {
    let figure = &comparison.figure;
    let head = &comparison.header;
    let place = place_of(figure);
    found.say(format!(
        "{}{place} {}, P10 to P90:",
        capitalize(figure.metric.name()),
        when(&head.horizon(), &figure.period, figure.metric.is_of_period())
    ));
    let alone = comparison.differences.len() == 1;
    let of = |side: &Side| (plain(&side.label), range(comparison, figure.metric, &side.bands));
    let mut all: Vec<(String, String)> = comparison.sides.iter().map(of).collect();
    for difference in &comparison.differences {
        let label = if alone { "Difference".to_owned() } else { format!("Difference, {}", plain(&difference.label)) };
        if let Some(known) = of_figure(comparison, difference) {
            all.push((label, range(comparison, figure.metric, &known.bands)));
        }
    }
    found.list(all);
    for difference in &comparison.differences {
        if let Some(text) = beats(comparison, difference) {
            found.say(text);
        }
    }
    let errors =
        comparison.differences.iter().filter_map(|difference| of_figure(comparison, difference)?.bands.p50.error);
    let error = errors.reduce(f64::max).filter(|error| *error > 0.0).map_or_else(String::new, |error| {
        format!(" Simulation error of the median difference: {}.", error_said(figure.metric, &head.currency, error))
    });
    found.say(format!(
            "  (All meet the same futures: the same draws of inputs, market and luck. The difference is taken in each future, so \
             its percentiles are not the differences of the percentiles above.{error})"
        ));
}

/// "In the same future, upside is higher in 93 in 100, lower in 7 in 100 (simulation error 0.3 points)."
fn beats(comparison: &Document<Comparison>, difference: &Difference) -> Option<String> {
    let (higher, equal, lower) = (difference.beats.higher, difference.beats.equal, difference.beats.lower);
    let label = plain(&difference.label);
    if equal.value? >= 1.0 {
        return Some(format!("In every one of the futures, {label} gives the same."));
    }
    let mut text = format!("In the same future, {label} is higher in {}", higher.chance());
    if equal.value? > 0.0 {
        let _ = write!(text, ", equal in {}", equal.chance());
    }
    let _ = write!(text, ", lower in {}", lower.chance());
    let error = 100.0 * higher.error?;
    let written = |error: f64| comparison.header.currency.locale().write(&format!("{error:.1}"));
    let error = if error < 0.1 { format!("below {}", written(0.1)) } else { written(error) };
    Some(format!("{text} (simulation error {error} points)."))
}

fn targets(comparison: &Document<Comparison>, labels: &[String], found: &mut Finding) {
    let Some(base) = comparison.sides.first().filter(|side| !side.targets.is_empty()) else {
        return;
    };
    let [_, others @ ..] = labels else { return };
    let named = match others {
        [other] => format!("to {other}"),
        others => format!("to {}", others.join("; ")),
    };
    found.gap();
    found.say(format!("Targets, from {} {named}:", labels[0]));
    let all: Vec<(String, String)> =
        base.targets.iter().map(|target| (plain(&target.name), target_line(comparison, target))).collect();
    found.list(all);
}

/// "€17.8M in 2027: from 47 in 100 to 12 in 100 (−35 points, simulation error 0.5)".
fn target_line(comparison: &Document<Comparison>, target: &TargetOutcome) -> String {
    let head = &comparison.header;
    let metric =
        if target.metric == comparison.figure.metric { String::new() } else { format!("{} of ", target.metric.name()) };
    let place = if target.scope == "total" { String::new() } else { format!(" ({})", plain(&target.scope)) };
    let level = target.metric.exact(&head.currency, target.at_least);
    let what =
        format!("{metric}{level}{place} {}", when(&head.horizon(), &target.period, target.metric.is_of_period()));
    let mut to = Vec::new();
    for (side, difference) in comparison.sides.iter().skip(1).zip(&comparison.differences) {
        let chances = side.targets.iter().find(|known| known.name == target.name).map(|known| known.probability);
        let change = difference.targets.iter().find(|known| known.name == target.name).map(|known| known.change);
        to.push(match (chances, change.and_then(|change| Some((change.value?, change.error?)))) {
            (Some(probability), Some((change, error))) if change.abs() >= 0.0005 => {
                let sign = if change > 0.0 { "+" } else { "−" };
                let points = format!("{sign}{}", head.currency.number((1000.0 * change.abs()).round() / 10.0));
                let error = head.currency.locale().write(&format!("{:.1}", (100.0 * error).max(0.1)));
                format!("{} ({points} points, error {error})", probability.chance())
            }
            (Some(probability), _) => probability.chance(),
            (None, _) => "not there".to_owned(),
        });
    }
    format!("{what}: {} → {}", target.probability.chance(), to.join("; "))
}

/// What an analyst asks next: the difference of every metric of the whole, by year and over the horizon, where there is one. The
/// files have the regions.
pub fn all_differences(comparison: &Document<Comparison>) -> Finding {
    let mut found = Finding::default();
    let head = &comparison.header;
    let base = comparison.sides.first().map_or("", |side| side.label.as_str());
    for difference in &comparison.differences {
        found.say(format!("{} less {}, P10 to P90:", plain(&difference.label), plain(base)));
        let differs = |known: &&MetricDifference| known.scope == "total" && known.beats.equal.value != Some(1.0);
        let row = |known: &MetricDifference| {
            let higher = Some(known.beats.higher).filter(|higher| higher.value.is_some_and(|p| p > 0.0 && p < 1.0));
            let tail = higher.map_or_else(String::new, |higher| format!("; higher in {}", higher.chance()));
            let when = when(&head.horizon(), &known.period, known.metric.is_of_period());
            let range = range(comparison, known.metric, &known.bands);
            (format!("{} {when}", known.metric.name()), format!("{range}{tail}"))
        };
        let mut all: Vec<(String, String)> = difference.metrics.iter().filter(differs).map(row).collect();
        if all.is_empty() {
            all.push(("nothing".to_owned(), "the same in every future".to_owned()));
        }
        found.list(all);
    }
    found
}

/// The bands of each difference: scenario, metric, region (or `tag=value`, or total), period, mean, p5 … p95 and sd of the scenario less
/// the first one, future by future; the chances that it is higher, equal and lower; the standard errors of all of these.
pub fn differences_table(comparison: &Document<Comparison>) -> Table {
    let all =
        || comparison.differences.iter().flat_map(|difference| difference.metrics.iter().map(move |m| (difference, m)));
    let mut table = Table::default();
    table.words("scenario", all().map(|(difference, _)| &difference.label));
    table.words("metric", all().map(|(_, found)| found.metric.key()));
    table.words("region", all().map(|(_, found)| &found.scope));
    table.words("period", all().map(|(_, found)| &found.period));
    let [a, b, c, d, e, f, g, h, i] = Bands::<Estimate>::FILE_COLUMNS;
    let names = [a, b, c, d, e, f, g, h, i, "higher", "equal", "lower"].map(|key| (key, None));
    let rows = all().map(|(_, found)| {
        let ([a, b, c, d, e, f, g, h, i], beats) = (found.bands.in_file_order(), &found.beats);
        [a, b, c, d, e, f, g, h, i, beats.higher, beats.equal, beats.lower]
    });
    table.estimates(names, rows, |_| String::new());
    table
}

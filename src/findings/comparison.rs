//! How scenarios differ: under one screen.

use super::bridge::{Errors, bridge, steps_said};
use super::finding::Finding;
use super::sentences::{bands_said, place_of};
use super::table::{Cell, Table};
use crate::analysis::{Beats, Comparison, Difference, MetricDifference, Side};
use crate::documents::Document;
use crate::forecast::{Bands, TargetOutcome};
use crate::scenario::{Metric, Unit};
use crate::stats::Estimate;
use crate::units::format::{brief_chance, capitalize, futures, months_from, shorten, when};
use crate::units::plain;

/// A plan's name in the head of a column is no longer, in characters.
const LONGEST_NAME: usize = 24;

/// How scenarios differ: a table of the figure and the targets with a column for each, and the bridges from the first one to the others.
pub fn comparison(comparison: &Document<Comparison>) -> Finding {
    let mut found = Finding::default();
    let labels: Vec<String> = comparison.sides.iter().map(|side| plain(&side.label)).collect();
    let Some((base, others)) = labels.split_first() else {
        return found;
    };
    found.say(head(comparison, base, others));
    found.gap();
    let figure = &comparison.figure;
    let targets = comparison.sides[0].targets.len();
    let chances = match targets {
        0 => "",
        1 => ", and the chance of the target",
        _ => ", and the chance of each target",
    };
    found.say(format!(
        "{}{} {}{chances}:",
        capitalize(figure.metric.name()),
        place_of(figure),
        when(&comparison.header.horizon(), &figure.period, figure.metric.is_of_period())
    ));
    found.table(side_by_side(comparison, &comparison.sides[0]));
    for difference in &comparison.differences {
        bridge(comparison, difference, base, &mut found);
    }
    found.say(remark(comparison));
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

/// The plans beside each other, the first one first and the others with their difference from it.
fn side_by_side(comparison: &Document<Comparison>, base: &Side) -> Table {
    let mut table = Table { is_whole: true, ..Table::default() };
    table.read("", rows(comparison, base).into_iter().map(Cell::text));
    let others = comparison.sides.iter().skip(1).zip(&comparison.differences);
    let less = std::iter::once((base, None)).chain(others.map(|(side, found)| (side, Some((base, found)))));
    for (side, less) in less {
        let head = shorten(&plain(&side.label), LONGEST_NAME);
        table.read(head, column(comparison, side, less).into_iter().map(Cell::text));
    }
    table
}

/// Percentiles and mean of the figure, then how often it is higher, then the targets.
fn rows(comparison: &Document<Comparison>, base: &Side) -> Vec<String> {
    let currency = &comparison.header.currency;
    let mut names = ["P10", "Median", "P90", "Mean", "Higher in the same future"].map(str::to_owned).to_vec();
    if some_equal(comparison) {
        names.push("Equal in the same future".to_owned());
    }
    let target =
        |target: &TargetOutcome| format!("{}: {}", plain(&target.name), target.metric.exact(currency, target.at_least));
    names.extend(base.targets.iter().map(target));
    names
}

/// Whether the figure is the same in some future of two plans.
fn some_equal(comparison: &Document<Comparison>) -> bool {
    comparison.differences.iter().any(|difference| difference.beats.equal.value.is_some_and(|share| share > 0.0))
}

/// A plan's cells, with its difference from the first one where it is another.
fn column(comparison: &Document<Comparison>, side: &Side, less: Option<(&Side, &Difference)>) -> Vec<String> {
    let (metric, currency) = (comparison.figure.metric, &comparison.header.currency);
    let amount = |at: fn(&Bands<Estimate>) -> Estimate, change: Option<Estimate>| {
        let found = at(&side.bands);
        let said = found.value.map_or_else(String::new, |x| metric.said(currency, x, found.error));
        with_change(said, change, |x, error| metric.said(currency, x, error))
    };
    // Percentiles of one plan less those of another: common draws make them surer than the error that is taken here.
    let apart = |at: fn(&Bands<Estimate>) -> Estimate| less.map(|(base, _)| at(&side.bands).less(at(&base.bands)));
    let mean = less.and_then(|(_, difference)| of_figure(comparison, difference)).map(|found| found.bands.mean);
    let mut texts = vec![
        amount(|bands| bands.p10, apart(|bands| bands.p10)),
        amount(|bands| bands.p50, apart(|bands| bands.p50)),
        amount(|bands| bands.p90, apart(|bands| bands.p90)),
        amount(|bands| bands.mean, mean.or_else(|| apart(|bands| bands.mean))),
    ];
    let brief = |found: Estimate| found.value.map_or_else(String::new, |chance| brief_chance(chance, found.error));
    let beats = |of: fn(&Beats) -> Estimate| less.map_or_else(String::new, |(_, found)| brief(of(&found.beats)));
    texts.push(beats(|beats| beats.higher));
    if some_equal(comparison) {
        texts.push(beats(|beats| beats.equal));
    }
    let base = less.map_or(side, |(base, _)| base);
    for target in &base.targets {
        let chance = side.targets.iter().find(|known| known.name == target.name).map(|known| known.probability);
        let change = less.and_then(|(_, found)| found.targets.iter().find(|known| known.name == target.name));
        let points =
            |x: f64, error: Option<f64>| Unit::Number.found(currency, 100.0 * x, error.map(|error| 100.0 * error));
        texts.push(with_change(chance.map_or_else(String::new, brief), change.map(|found| found.change), points));
    }
    texts
}

/// "€10.4M (−€7.4M)"; "(0)" where nothing differs as far as its error tells.
fn with_change(said: String, change: Option<Estimate>, write: impl Fn(f64, Option<f64>) -> String) -> String {
    let Some((change, error)) = change.and_then(|found| Some((found.value?, found.error))) else { return said };
    let size = write(change.abs(), error);
    let is_zero = !size.contains(|c: char| ('1'..='9').contains(&c));
    match (said.is_empty(), is_zero, change > 0.0) {
        (true, ..) => said,
        (_, true, _) => format!("{said} (0)"),
        (_, _, true) => format!("{said} (+{size})"),
        (_, _, false) => format!("{said} (−{size})"),
    }
}

/// How the table and the bridges are to be read, and how sure the simulation is of them.
fn remark(comparison: &Document<Comparison>) -> String {
    let base = comparison.sides.first().map_or_else(String::new, |side| plain(&side.label));
    let points =
        if comparison.sides.iter().any(|side| !side.targets.is_empty()) { " or points of a chance" } else { "" };
    let mut said = format!("In brackets: the difference from {base}, in amounts{points}.");
    if let Some(steps) = steps_said(comparison.differences.iter().map(|difference| &difference.bridge)) {
        said = format!("{said} {steps}");
    }
    let errors = comparison.differences.iter().fold(Errors::default(), |errors, difference| {
        let mean = of_figure(comparison, difference).and_then(|found| found.bands.mean.error);
        let chance = difference.targets.iter().filter_map(|target| target.change.error).reduce(f64::max);
        errors.and(Errors { mean, median: None, chance }).and(Errors::of(&difference.bridge))
    });
    format!("  ({said}{})", errors.said(comparison.figure.metric, &comparison.header.currency))
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

/// What an analyst asks next: what each assumes of its own, and the difference of every metric of the whole, by year and over the horizon, where there is one. The
/// files have the regions.
pub fn all_differences(comparison: &Document<Comparison>) -> Finding {
    let mut found = Finding::default();
    let head = &comparison.header;
    let base = comparison.sides.first().map_or("", |side| side.label.as_str());
    let own = own_assumptions(comparison);
    if !own.is_empty() {
        found.say(format!("Assumed beside what {} assumes:", plain(base)));
        found.list(own);
        found.gap();
    }
    for difference in &comparison.differences {
        found.say(format!("{} less {}, in the same future, P10 to P90:", plain(&difference.label), plain(base)));
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

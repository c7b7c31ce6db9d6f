//! Months, quarters, years and regions that should add up to their whole.

use super::around::Around;
use super::finding::{Finding, Kind, Rule};
use super::plan::Plan;
use super::words::{listed, number, percent, when};
use crate::scenario::{Figure, Said};
use crate::units::Period;

/// One way of adding up to a whole: the sum in words, the sum, and the figures in it.
struct Sum<'a> {
    words: String,
    sum: Around,
    figures: Vec<&'a Figure>,
    /// How many times the single figure of a month or a quarter, where it is one.
    times: Option<usize>,
}

/// For each figure of a flow: n times a month's or a quarter's level (up to a year), periods that tile it, and regions.
pub(super) fn parts_and_wholes(plan: &Plan) -> Vec<Finding> {
    let mut found = Vec::new();
    for whole in plan.stated.figures.iter().filter(|f| f.metric.is_flow()) {
        let mut sums: Vec<Sum> = Vec::new();
        if let Some(period) = plan.period(&whole.period) {
            if period.months.len() <= 12 {
                sums.extend(
                    ["each-month", "each-quarter"].into_iter().filter_map(|each| level(plan, whole, &period, each)),
                );
            }
            sums.extend(tiles(plan, whole, &period));
        } else if whole.period == "each-quarter" {
            sums.extend(same(plan, whole).find(|f| f.period == "each-month").map(|f| times(plan, f, 3, "months")));
        }
        sums.extend(regions(plan, whole));
        let total = Around::said(&whole.value);
        sums.retain(|sum| !sum.sum.agrees(total));
        if !sums.is_empty() {
            found.push(finding(plan, whole, &sums));
        }
    }
    found
}

fn finding(plan: &Plan, whole: &Figure, sums: &[Sum]) -> Finding {
    let worked_out = |x: f64| match whole.metric.is_money() {
        true => plan.worked_out(x),
        false => number(x, 6),
    };
    let words: Vec<String> = sums.iter().map(|sum| format!("{} {}", sum.words, worked_out(sum.sum.at))).collect();
    let apart = whole.value.value - sums[0].sum.at;
    let sentence = format!(
        "{}, but \"{}\" {} is {}: {} ({}) {}.",
        listed(&words),
        whole.name,
        when(&whole.period),
        plan.told(whole.metric, &whole.value),
        worked_out(apart.abs()),
        percent((apart / whole.value.value).abs(), 3),
        if apart < 0.0 { "less" } else { "more" }
    );
    let singles: Vec<String> = sums
        .iter()
        .filter_map(|sum| {
            let (n, each) = (sum.times?, sum.figures[0]);
            let single = whole.value.value / n as f64;
            // An exact level may be a rounded one after all.
            let rounded = Around::exactly(single).agrees(Around::said(&Said::new(each.value.value)));
            let hint = if rounded {
                format!(" ({} when rounded)", plan.told(each.metric, &each.value))
            } else {
                String::new()
            };
            Some(format!("{} {}{hint}", worked_out(single), when(&each.period)))
        })
        .collect();
    let sums_told = worked_out(sums[0].sum.at);
    let consistent = if singles.is_empty() {
        format!("{sums_told} {}.", when(&whole.period))
    } else {
        format!("{sums_told} {}, or {}.", when(&whole.period), listed(&singles))
    };
    Finding::new(Kind::Contradiction, Rule::PartsAndWholes, sentence, consistent)
        .about_all(sums.iter().flat_map(|sum| sum.figures.iter().copied()))
        .about(whole)
}

/// The other figures of the same metric and scope.
fn same<'a>(plan: &Plan<'a>, whole: &'a Figure) -> impl Iterator<Item = &'a Figure> {
    let alike = move |f: &&Figure| (f.metric, &f.region, &f.tag) == (whole.metric, &whole.region, &whole.tag);
    plan.stated.figures.iter().filter(alike)
}

fn level<'a>(plan: &Plan<'a>, whole: &'a Figure, period: &Period, each: &str) -> Option<Sum<'a>> {
    let months = if each == "each-month" { 1 } else { 3 };
    let n = period.months.len() / months;
    let figure = same(plan, whole).find(|f| f.period == each)?;
    let fits = period.months.len() == n * months && n > 1;
    fits.then(|| times(plan, figure, n, if months == 1 { "months" } else { "quarters" }))
}

fn times<'a>(plan: &Plan, each: &'a Figure, n: usize, what: &str) -> Sum<'a> {
    let sum = Around::said(&each.value) * n as f64;
    let words = format!("{n} {what} of {} make", plan.told(each.metric, &each.value));
    Sum { words, sum, figures: vec![each], times: Some(n) }
}

/// Single periods of one kind that follow each other and cover the whole.
fn tiles<'a>(plan: &Plan<'a>, whole: &'a Figure, period: &Period) -> Option<Sum<'a>> {
    let mut parts: Vec<(Period, &Figure)> = same(plan, whole)
        .filter_map(|f| Some((plan.period(&f.period)?, f)))
        .filter(|(part, _)| {
            let (part, whole) = (&part.months, &period.months);
            part.len() < whole.len() && part.start >= whole.start && part.end <= whole.end
        })
        .collect();
    let length = parts.iter().map(|(part, _)| part.months.len()).max()?;
    parts.retain(|(part, _)| part.months.len() == length);
    parts.sort_by_key(|(part, _)| part.months.start);
    parts.dedup_by_key(|(part, _)| part.months.start);
    let mut end = period.months.start;
    for (part, _) in &parts {
        if part.months.start != end {
            return None;
        }
        end = part.months.end;
    }
    (end == period.months.end && parts.len() > 1).then(|| added(plan, parts.into_iter().map(|(_, f)| f).collect()))
}

/// The same figure of every region, for a figure of the total.
fn regions<'a>(plan: &Plan<'a>, whole: &'a Figure) -> Option<Sum<'a>> {
    if whole.region.is_some() || whole.tag.is_some() || plan.scenario.regions.len() < 2 {
        return None;
    }
    let of = |key: &String| {
        let mut figures = plan.stated.figures.iter();
        figures.find(|f| (f.metric, &f.period) == (whole.metric, &whole.period) && f.region.as_ref() == Some(key))
    };
    plan.scenario.regions.keys().map(of).collect::<Option<Vec<_>>>().map(|figures| added(plan, figures))
}

fn added<'a>(plan: &Plan, figures: Vec<&'a Figure>) -> Sum<'a> {
    let told: Vec<String> = figures.iter().map(|f| plan.told(f.metric, &f.value)).collect();
    let sum = figures.iter().map(|f| Around::said(&f.value)).sum();
    Sum { words: format!("{} add up to", told.join(" + ")), sum, figures, times: None }
}

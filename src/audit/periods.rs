//! Months, quarters, years and regions that should add up to their whole.

use std::collections::BTreeSet;
use std::ops::Range;

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::market_entry::run_rate_from_launch;
use super::plan::{Placed, Plan, Time};
use super::words::{clipped, percent};
use crate::scenario::{Metric, QuotedFigure, QuotedNumber};
use crate::units::format::{capitalize, join_some, list_some, quoted_period, significant};

/// One way of adding up to a whole: the sum in words, the sum, and the figures in it.
struct Sum<'a> {
    words: String,
    sum: Interval,
    figures: Vec<&'a QuotedFigure>,
    /// How many times the single figure of a month or a quarter, where it is one.
    times: Option<usize>,
    covers: Covers,
}

/// Whether the parts are all there are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Covers {
    /// They make the whole.
    All,
    /// They are at most the whole: nothing here is below 0.
    Some,
}

impl Sum<'_> {
    fn fits(&self, whole: Interval) -> bool {
        match self.covers {
            Covers::All => self.sum.agrees(whole),
            Covers::Some => !whole.is_below(self.sum),
        }
    }
}

/// For each figure: n times a month's or a quarter's level (up to a year), periods that tile it, regions, the values of a tag,
/// and for total bookings what is new and what renews. Parts that are not all there are must not exceed it.
pub(super) fn parts_and_wholes(plan: &Plan) -> Vec<Finding> {
    let mut found = Vec::new();
    for whole in plan.placed.iter().filter(|placed| placed.figure.metric.adds_up()) {
        let mut sums: Vec<Sum> = Vec::new();
        match &whole.time {
            Time::Months(months) if whole.figure.metric.is_flow() => {
                if months.len() <= 12 && steady(plan, whole, months) {
                    let each = ["each-month", "each-quarter"];
                    sums.extend(each.into_iter().filter_map(|each| level(plan, whole, months.len(), each)));
                }
                sums.extend(tiles(plan, whole, months));
            }
            Time::Each("each-quarter") if whole.figure.metric.is_flow() => {
                sums.extend(level(plan, whole, 3, "each-month"));
            }
            _ => {}
        }
        sums.extend(scopes(plan, whole));
        sums.extend(new_and_renewed(plan, whole));
        let total = Interval::of(&whole.figure.value);
        sums.retain(|sum| !sum.fits(total));
        if sums.is_empty() {
            sums.extend(greater(plan, whole));
        }
        if !sums.is_empty() {
            found.push(finding(plan, whole.figure, &sums));
        }
    }
    found
}

/// Whether a level of every month can be held against a period. In the year of a launch it is the launch's own rule that
/// judges; only where that rule finds less than the year is the full year asked for too, as it would be without a launch.
fn steady(plan: &Plan, whole: &Placed, months: &Range<usize>) -> bool {
    let launch = plan.claims.launch.as_ref();
    launch.is_none_or(|launch| months.start >= launch.month) || {
        let judged = plan.sales().and_then(|metric| plan.first_year(metric));
        judged.is_some_and(|(year, _)| std::ptr::eq(year, whole.figure)) && !run_rate_from_launch(plan).is_empty()
    }
}

fn finding(plan: &Plan, whole: &QuotedFigure, sums: &[Sum]) -> Finding {
    let worked_out = |x: f64| match whole.metric.is_money() {
        true => plan.worked_out(x),
        false => significant(x, 6),
    };
    let words: Vec<String> = sums.iter().map(|sum| format!("{} {}", sum.words, worked_out(sum.sum.at))).collect();
    let apart = whole.value.value - sums[0].sum.at;
    let share = match whole.value.value {
        0.0 => String::new(),
        of => format!(" ({})", percent((apart / of).abs(), 3)),
    };
    let sentence = format!(
        "{}, but \"{}\" {} is {}: {}{share} {}.",
        list_some(&words),
        clipped(&whole.name),
        quoted_period(&whole.period),
        plan.told(whole.metric, &whole.value),
        worked_out(apart.abs()),
        if apart < 0.0 { "less" } else { "more" }
    );
    let singles: Vec<String> = sums
        .iter()
        .filter_map(|sum| {
            let (n, each) = (sum.times?, sum.figures[0]);
            let single = whole.value.value / n as f64;
            // An exact level may be a rounded one after all.
            let rounded = Interval::exactly(single).agrees(Interval::of(&QuotedNumber::new(each.value.value)));
            let hint = if rounded {
                format!(" ({} when rounded)", plan.told(each.metric, &each.value))
            } else {
                String::new()
            };
            Some(format!("{} {}{hint}", worked_out(single), quoted_period(&each.period)))
        })
        .collect();
    let launched = match plan.claims.launch {
        Some(_) if !singles.is_empty() => ", if every month of it counts",
        _ => "",
    };
    let sums_told = worked_out(sums[0].sum.at);
    let least = if sums[0].covers == Covers::Some { "At least " } else { "" };
    let consistent = if singles.is_empty() {
        format!("{least}{sums_told} {}.", quoted_period(&whole.period))
    } else {
        format!("{least}{sums_told} {}, or {}{launched}.", quoted_period(&whole.period), list_some(&singles))
    };
    Finding::new(Kind::Contradiction, Rule::PartsAndWholes, sentence, consistent)
        .about_all(sums.iter().flat_map(|sum| sum.figures.iter().copied()))
        .about(whole)
}

/// The other figures of the same metric and scope.
fn same<'a, 'p>(plan: &'p Plan<'a>, whole: &'p Placed<'a>) -> impl Iterator<Item = &'p Placed<'a>> {
    plan.placed.iter().filter(move |p| p.figure.metric == whole.figure.metric && p.scope == whole.scope)
}

fn level<'a>(plan: &Plan<'a>, whole: &Placed<'a>, months: usize, each: &'static str) -> Option<Sum<'a>> {
    let (length, what) = if each == "each-month" { (1, "months") } else { (3, "quarters") };
    let figure = same(plan, whole).find(|p| p.time == Time::Each(each))?.figure;
    let n = months / length;
    (months == n * length && n > 1).then(|| times(plan, figure, n, what))
}

fn times<'a>(plan: &Plan, each: &'a QuotedFigure, n: usize, what: &str) -> Sum<'a> {
    let sum = Interval::of(&each.value) * n as f64;
    let words = format!("{n} {what} of {} make", plan.told(each.metric, &each.value));
    Sum { words, sum, figures: vec![each], times: Some(n), covers: Covers::All }
}

/// Single periods of one kind that follow each other and cover the whole, or only parts of it.
fn tiles<'a>(plan: &Plan<'a>, whole: &Placed<'a>, months: &Range<usize>) -> Option<Sum<'a>> {
    let mut parts: Vec<(&Range<usize>, &QuotedFigure)> = same(plan, whole)
        .filter_map(|p| match &p.time {
            Time::Months(part) if part.len() < months.len() && p.is_within(whole) => Some((part, p.figure)),
            _ => None,
        })
        .collect();
    let length = parts.iter().map(|(part, _)| part.len()).max()?;
    parts.retain(|(part, _)| part.len() == length);
    parts.sort_by_key(|(part, _)| part.start);
    parts.dedup_by_key(|(part, _)| part.start);
    let apart = parts.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start);
    let covers = if parts.len() * length == months.len() { Covers::All } else { Covers::Some };
    (apart && parts.len() > 1).then(|| added(plan, parts.into_iter().map(|(_, f)| f).collect(), covers))
}

/// The same figure of regions, and of the values of each tag.
fn scopes<'a>(plan: &Plan<'a>, whole: &Placed<'a>) -> Vec<Sum<'a>> {
    let parts: Vec<&Placed> =
        plan.placed.iter().filter(|p| p.time == whole.time && p.is_within(whole) && p.scope != whole.scope).collect();
    let keys = plan.scenario.regions.values().flat_map(|region| region.tags.keys());
    let keys: BTreeSet<&String> = if parts.is_empty() { BTreeSet::new() } else { keys.collect() };
    let ways = std::iter::once(None).chain(keys.into_iter().map(Some));
    ways.filter_map(|key| {
        let mut of: Vec<&Placed> = Vec::new();
        for part in &parts {
            let (region, tag) = (&part.figure.region, &part.figure.tag);
            let fits = match key {
                None => region.is_some() && tag.is_none(),
                Some(key) => region.is_none() && tag.as_ref().is_some_and(|t| t.len() == 1 && t.contains_key(key)),
            };
            if fits && of.iter().all(|other| other.scope != part.scope) {
                of.push(part);
            }
        }
        let covered: usize = of.iter().map(|part| part.scope.len()).sum();
        let covers = if covered == whole.scope.len() { Covers::All } else { Covers::Some };
        (of.len() > 1).then(|| added(plan, of.iter().map(|part| part.figure).collect(), covers))
    })
    .collect()
}

/// Total bookings are what is new and what renews.
fn new_and_renewed<'a>(plan: &Plan<'a>, whole: &Placed<'a>) -> Option<Sum<'a>> {
    if whole.figure.metric != Metric::TotalBookings {
        return None;
    }
    let of = |metric: Metric| {
        let alike = |p: &&Placed| p.figure.metric == metric && p.time == whole.time && p.scope == whole.scope;
        plan.placed.iter().find(alike).map(|p| p.figure)
    };
    let parts: Vec<&QuotedFigure> = [Metric::Bookings, Metric::Renewals].into_iter().filter_map(of).collect();
    let told: Vec<String> =
        parts.iter().map(|f| format!("{} of {}", f.metric.name(), plan.told(f.metric, &f.value))).collect();
    let covers = match parts.len() {
        0 => return None,
        1 => Covers::Some,
        _ => Covers::All,
    };
    let sum = parts.iter().map(|f| Interval::of(&f.value)).sum();
    let words =
        format!("{} {}", capitalize(&list_some(&told)), if parts.len() == 1 { "alone make" } else { "add up to" });
    Some(Sum { words, sum, figures: parts, times: None, covers })
}

/// The part that exceeds the whole most, in a period or in regions.
fn greater<'a>(plan: &Plan<'a>, whole: &Placed<'a>) -> Option<Sum<'a>> {
    let total = Interval::of(&whole.figure.value);
    let parts = plan.placed.iter().filter(|p| p.is_within(whole) && !p.is_same(whole)).map(|p| p.figure);
    let above = parts.filter(|f| total.is_below(Interval::of(&f.value)));
    let most = above.max_by(|a, b| a.value.value.total_cmp(&b.value.value))?;
    let words = format!("\"{}\" {} alone is", clipped(&most.name), quoted_period(&most.period));
    Some(Sum { words, sum: Interval::of(&most.value), figures: vec![most], times: None, covers: Covers::Some })
}

fn added<'a>(plan: &Plan, figures: Vec<&'a QuotedFigure>, covers: Covers) -> Sum<'a> {
    let told: Vec<String> = figures.iter().map(|f| plan.told(f.metric, &f.value)).collect();
    let sum = figures.iter().map(|f| Interval::of(&f.value)).sum();
    Sum { words: format!("{} add up to", join_some(&told, " + ")), sum, figures, times: None, covers }
}

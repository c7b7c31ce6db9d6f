//! The same thing stated twice.

use super::around::Around;
use super::finding::{Finding, Kind, Rule};
use super::plan::{Plan, bounded};
use super::words::{number, percent, when};
use crate::scenario::{Average, Averaged, Figure, Said};

/// Figures of one metric, period and scope, and averages of one thing, that differ by more than their rounding. Speaks of
/// each thing once, naming the first statement and the first that differs from it.
pub(super) fn twice(plan: &Plan) -> Vec<Finding> {
    let stated = plan.stated;
    let same =
        |a: &Figure, b: &Figure| (a.metric, &a.period, &a.region, &a.tag) == (b.metric, &b.period, &b.region, &b.tag);
    let figures = pairs(&stated.figures, same, |f| &f.value).map(|(a, b)| {
        let (one, other) = (plan.told(a.metric, &a.value), plan.told(a.metric, &b.value));
        let sentence = format!(
            "{} {} is stated as {one} (\"{}\") and as {other} (\"{}\").",
            upper(a.metric.name()),
            when(&a.period),
            a.name,
            b.name
        );
        finding(sentence).about(a).about(b)
    });
    let alike = |a: &Average, b: &Average| (a.of, a.kind, &a.region) == (b.of, b.kind, &b.region);
    let averages = pairs(&stated.averages, alike, |a| &a.value).map(|(a, b)| {
        let told = |average: &Average| {
            let value = average.value.value;
            let number = match average.of {
                Averaged::DealSize => plan.money(value),
                Averaged::CycleDays => format!("{} days", number(value, 4)),
                Averaged::WinRate | Averaged::Retention => percent(value, 4),
            };
            bounded(number, &average.value)
        };
        let from =
            |average: &Average| average.source.as_ref().map_or_else(String::new, |source| format!(" ({source})"));
        let sentence = format!("The {} is stated as {}{} and as {}{}.", name(a.of), told(a), from(a), told(b), from(b));
        finding(sentence).about(a).about(b)
    });
    figures.chain(averages).collect()
}

fn finding(sentence: String) -> Finding {
    Finding::new(Kind::Contradiction, Rule::StatedTwice, sentence, "One figure, stated the same everywhere.".to_owned())
}

/// The first entries of their kind, each with the first later one that differs.
fn pairs<'a, T>(
    all: &'a [T],
    same: impl Fn(&T, &T) -> bool + 'a,
    said: impl Fn(&T) -> &Said + 'a,
) -> impl Iterator<Item = (&'a T, &'a T)> {
    all.iter().enumerate().filter_map(move |(i, first)| {
        let anew = !all[..i].iter().any(|before| same(before, first));
        let other = all[i + 1..].iter().find(|other| same(first, other) && !fit(said(first), said(other)))?;
        anew.then_some((first, other))
    })
}

/// Whether both can be true.
fn fit(a: &Said, b: &Said) -> bool {
    Around::said(a).agrees(Around::said(b))
}

/// What an average is called.
pub(super) fn name(of: Averaged) -> &'static str {
    match of {
        Averaged::DealSize => "average deal size",
        Averaged::WinRate => "win rate",
        Averaged::CycleDays => "sales cycle",
        Averaged::Retention => "retention",
    }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

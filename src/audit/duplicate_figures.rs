//! The same thing stated twice.

use super::finding::{Finding, Kind, Rule};
use super::growth::rate;
use super::interval::Interval;
use super::plan::{Placed, Plan, bounded, own};
use super::words::{clipped, percent};
use crate::scenario::{Average, AverageKind, Averaged, QuotedGrowth, QuotedNumber};
use crate::units::format::{capitalize, list_some, quoted_period, significant};

/// Figures of one metric, time and scope, averages of one thing, and rates of growth of one metric that differ by more than
/// their rounding, however their periods and scopes are written. Speaks of each thing once, naming the first statement and the
/// first that differs from it. A region's average is held against the region's own field too, where that names a source.
pub(super) fn duplicate_figures(plan: &Plan) -> Vec<Finding> {
    let stated = plan.claims;
    let figures = pairs(&plan.placed, Placed::is_same, |p, q| fit(&p.figure.value, &q.figure.value)).map(|(a, b)| {
        let (a, b) = (a.figure, b.figure);
        let (one, other) = (plan.told(a.metric, &a.value), plan.told(a.metric, &b.value));
        let of = match (&a.region, &a.tag) {
            (Some(key), _) => plan.called(key),
            (None, Some(tags)) => {
                list_some(&tags.iter().map(|(tag, value)| format!("{tag} {value}")).collect::<Vec<_>>())
            }
            (None, None) => String::new(),
        };
        let of = if of.is_empty() { of } else { format!(" of {of}") };
        let plural = a.metric.name().ends_with('s');
        let sentence = format!(
            "{}{of} {} {} stated as {one} (\"{}\") and as {other} (\"{}\").",
            capitalize(a.metric.name()),
            quoted_period(&a.period),
            if plural { "are" } else { "is" },
            clipped(&a.name),
            clipped(&b.name)
        );
        finding(sentence).about(a).about(b)
    });
    let growth = pairs(
        &stated.growth,
        |a, b| a.metric == b.metric,
        |a, b| Plan::monthly_factor(a).power(12.0).agrees(Plan::monthly_factor(b).power(12.0)),
    )
    .map(|(a, b)| {
        let told = |grows: &QuotedGrowth| format!("{} (\"{}\")", rate(grows), clipped(&grows.name));
        let sentence = format!("Growth of {} is stated as {} and as {}.", a.metric.name(), told(a), told(b));
        finding(sentence).about(a).about(b)
    });
    let alike = |a: &Average, b: &Average| (a.of, a.kind, &a.region) == (b.of, b.kind, &b.region);
    let amount = |of: Averaged, value: f64| match of {
        Averaged::DealSize => plan.money(value),
        Averaged::CycleDays => format!("{} days", significant(value, 4)),
        Averaged::WinRate | Averaged::Retention => percent(value, 4),
    };
    let told = |average: &Average| bounded(amount(average.of, average.value.value), &average.value);
    let of_region =
        |average: &Average| average.region.as_ref().map_or_else(String::new, |key| format!(" of {}", plan.called(key)));
    let averages = pairs(&stated.averages, alike, |a, b| fit(&a.value, &b.value)).map(|(a, b)| {
        let from =
            |average: &Average| average.source.as_ref().map_or_else(String::new, |source| format!(" ({source})"));
        let sentence = format!(
            "The {}{} is stated as {}{} and as {}{}.",
            name(a.of),
            of_region(a),
            told(a),
            from(a),
            told(b),
            from(b)
        );
        finding(sentence).about(a).about(b)
    });
    let regional = stated.averages.iter().filter(|average| average.kind != AverageKind::Median).filter_map(|average| {
        let key = average.region.as_ref()?;
        let (value, about) = own(key, plan.scenario.regions.get(key)?, average.of)?;
        if Interval::exactly(value).meets(&average.value) {
            return None;
        }
        let sentence = format!(
            "The {}{} is stated as {} (\"{}\") and as {} ({}).",
            name(average.of),
            of_region(average),
            told(average),
            clipped(&average.name),
            amount(average.of, value),
            about.0
        );
        Some(finding(sentence).about(average).about(&about))
    });
    figures.chain(growth).chain(averages).chain(regional).collect()
}

fn finding(sentence: String) -> Finding {
    Finding::new(Kind::Contradiction, Rule::StatedTwice, sentence, "One figure, stated the same everywhere.".to_owned())
}

/// The first entries of their kind, each with the first later one that differs.
fn pairs<'a, T>(
    all: &'a [T],
    same: impl Fn(&T, &T) -> bool + 'a,
    fits: impl Fn(&T, &T) -> bool + 'a,
) -> impl Iterator<Item = (&'a T, &'a T)> {
    all.iter().enumerate().filter_map(move |(i, first)| {
        let anew = !all[..i].iter().any(|before| same(before, first));
        let other = all[i + 1..].iter().find(|other| same(first, other) && !fits(first, other))?;
        anew.then_some((first, other))
    })
}

/// Whether both can be true.
fn fit(a: &QuotedNumber, b: &QuotedNumber) -> bool {
    Interval::of(a).agrees(Interval::of(b))
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

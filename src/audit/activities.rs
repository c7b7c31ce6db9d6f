//! What sellers do in a week, each activity a share of those it follows from.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::{Plan, bounded};
use super::words::{clipped, percent};
use crate::scenario::{Activity, QuotedNumber};
use crate::units::format::{join_some, list_some, significant};

/// Count = rate · the counts it follows from. An activity without a count of its own has the one worked out. Counts that no
/// number within the bounds has contradict; those that only the levels stated miss ("at least", "at most") are asked about.
pub(super) fn activities(plan: &Plan) -> Vec<Finding> {
    let apart = missed(plan, Interval::of);
    let mut found: Vec<Finding> = finding(plan, Kind::Contradiction, &apart).into_iter().collect();
    let mut open = missed(plan, Interval::level);
    open.retain(|missed| apart.iter().all(|other| other.activity != missed.activity));
    found.extend(finding(plan, Kind::Question, &open));
    found
}

/// An activity whose count is another one than its rate gives.
struct Missed {
    activity: usize,
    /// What it follows from.
    base: Vec<usize>,
    /// "15 % of 300 calls and emails are 45 meetings (stated: 20+)".
    made: String,
    /// "meetings are 6.7 % of calls and emails".
    implied: String,
}

fn missed(plan: &Plan, read: fn(&QuotedNumber) -> Interval) -> Vec<Missed> {
    let all = &plan.claims.activities;
    let mut counts: Vec<Option<Interval>> = Vec::new();
    let mut missed = Vec::new();
    for (i, activity) in all.iter().enumerate() {
        let base = base(all, i);
        let sum: Option<Interval> = if base.is_empty() {
            None
        } else {
            base.iter().map(|j| counts[*j]).collect::<Option<Vec<_>>>().map(|counts| counts.into_iter().sum())
        };
        let stated = activity.per_week.as_ref().map(read);
        let expected = sum.zip(activity.rate.as_ref()).map(|(sum, rate)| sum * read(rate));
        if let (Some(count), Some(stated), Some(expected), Some(sum), Some(rate)) =
            (&activity.per_week, stated, expected, sum, &activity.rate)
            && !stated.agrees(expected)
        {
            let names = list_some(&base.iter().map(|j| inside(&all[*j].name)).collect::<Vec<_>>());
            let name = inside(&activity.name);
            let made = format!(
                "{} of {} {names} are {} {name} (stated: {})",
                percent(rate.value, 4),
                significant(sum.at, 4),
                significant(expected.at, 3),
                bounded(significant(stated.at, 4), count),
            );
            let implied = format!("{name} are {} of {names}", percent(stated.at / sum.at, 2));
            missed.push(Missed { activity: i, base, made, implied });
        }
        counts.push(stated.or(expected));
    }
    missed
}

fn finding(plan: &Plan, kind: Kind, missed: &[Missed]) -> Option<Finding> {
    if missed.is_empty() {
        return None;
    }
    let made: Vec<String> = missed.iter().map(|missed| missed.made.clone()).collect();
    let implied: Vec<String> = missed.iter().map(|missed| missed.implied.clone()).collect();
    let levels = if kind == Kind::Question { "At the levels stated, the" } else { "The" };
    let sentence = format!("{levels} rates of activity give other counts than stated: {}.", join_some(&made, ", "));
    let consistent = match kind {
        Kind::Question => {
            format!("Say whether counts and rates are to hold together; as counted, {}.", list_some(&implied))
        }
        _ => format!("As counted, {}.", list_some(&implied)),
    };
    let about = missed.iter().flat_map(|missed| missed.base.iter().copied().chain([missed.activity]));
    Some(
        Finding::new(kind, Rule::Activities, sentence, consistent).about_all(about.map(|i| &plan.claims.activities[i])),
    )
}

/// A name within a sentence: a capital at its beginning alone goes; "SQLs", "LinkedIn posts" and "Zoom calls in EMEA" keep theirs.
pub(super) fn inside(name: &str) -> String {
    let name = clipped(name);
    let plain = name.chars().skip(1).all(|c| !c.is_uppercase());
    if plain { name.to_lowercase() } else { name }
}

/// What an activity follows from: those it names, else the one before.
pub(super) fn base(all: &[Activity], i: usize) -> Vec<usize> {
    if all[i].from.is_empty() {
        return i.checked_sub(1).into_iter().collect();
    }
    (0..i).filter(|j| all[i].from.contains(&all[*j].name)).collect()
}

//! What sellers do in a week, each activity a share of those it follows from.

use super::around::Around;
use super::finding::{Finding, Kind, Rule};
use super::plan::{Plan, bounded};
use super::words::{listed, number, percent};
use crate::scenario::Activity;

/// Count = rate · the counts it follows from, at the levels stated, whether those are called "at least" or not. An activity
/// without a count of its own has the one worked out.
pub(super) fn activities(plan: &Plan) -> Vec<Finding> {
    let all = &plan.stated.activities;
    let mut counts: Vec<Option<Around>> = Vec::new();
    let (mut made, mut implied, mut about) = (Vec::new(), Vec::new(), Vec::new());
    for (i, activity) in all.iter().enumerate() {
        let base = base(all, i);
        let sum: Option<Around> = if base.is_empty() {
            None
        } else {
            base.iter().map(|j| counts[*j]).collect::<Option<Vec<_>>>().map(|counts| counts.into_iter().sum())
        };
        let stated = activity.per_week.as_ref().map(Around::level);
        let expected = sum.zip(activity.rate.as_ref()).map(|(sum, rate)| sum * Around::level(rate));
        if let (Some(count), Some(stated), Some(expected), Some(sum), Some(rate)) =
            (&activity.per_week, stated, expected, sum, &activity.rate)
            && !stated.agrees(expected)
        {
            let names = listed(&base.iter().map(|j| all[*j].name.to_lowercase()).collect::<Vec<_>>());
            made.push(format!(
                "{} of {} {names} are {} {} (stated: {})",
                percent(rate.value, 4),
                number(sum.at, 4),
                number(expected.at, 3),
                activity.name.to_lowercase(),
                bounded(number(stated.at, 4), count),
            ));
            implied.push(format!("{} are {} of {names}", activity.name.to_lowercase(), percent(stated.at / sum.at, 2)));
            about.extend(base.into_iter().chain([i]));
        }
        counts.push(stated.or(expected));
    }
    if made.is_empty() {
        return Vec::new();
    }
    let sentence = format!("The rates of activity give other counts than stated: {}.", made.join(", "));
    let consistent = format!("As counted, {}.", listed(&implied));
    vec![
        Finding::new(Kind::Contradiction, Rule::Activities, sentence, consistent)
            .about_all(about.into_iter().map(|i| &all[i])),
    ]
}

/// What an activity follows from: those it names, else the one before.
fn base(all: &[Activity], i: usize) -> Vec<usize> {
    if all[i].from.is_empty() {
        return i.checked_sub(1).into_iter().collect();
    }
    (0..i).filter(|j| all[i].from.contains(&all[*j].name)).collect()
}

//! Classes of sellers, their shares and what they reach, against stated attainment.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::{Plan, bounded};
use super::words::percent;
use crate::scenario::Quota;
use crate::units::format::list_some;

/// Average attainment = Σ share · attainment of the classes, taken as written: they define the classes. Speaks if the shares
/// do not add up, or if the average misses an attainment that is stated of all, or of regions with the same classes.
pub(super) fn rep_productivity(plan: &Plan) -> Vec<Finding> {
    let classes = &plan.claims.performers;
    if classes.is_empty() {
        return Vec::new();
    }
    let shares: Vec<String> = classes.iter().map(|class| percent(class.share.value, 4)).collect();
    let sum: Interval = classes.iter().map(|class| Interval::of(&class.share)).sum();
    let finding = |sentence: String, consistent: String| {
        Finding::new(Kind::Contradiction, Rule::Performers, sentence, consistent).about_all(classes)
    };
    if !sum.agrees(Interval::exactly(1.0)) {
        let sentence =
            format!("The shares of the classes of sellers, {}, add up to {}.", list_some(&shares), percent(sum.at, 4));
        return vec![finding(sentence, "Shares that add up to 100 %.".to_owned())];
    }
    let average: f64 = classes.iter().map(|class| class.share.value * class.attainment.value).sum();
    let missed: Vec<&Quota> = plan
        .claims
        .quotas
        .iter()
        .filter(|quota| !Interval::exactly(average).meets(&quota.attainment))
        // A region may well lie above the average of all; it is only asked whether the same classes reach it.
        .filter(|quota| quota.region.is_none() || average < quota.attainment.value)
        .collect();
    if missed.is_empty() {
        return Vec::new();
    }
    let reached: Vec<String> = classes.iter().map(|c| bounded(percent(c.attainment.value, 4), &c.attainment)).collect();
    let told: Vec<String> = missed
        .iter()
        .map(|quota| {
            let of = quota.region.as_ref().and_then(|key| plan.scenario.regions.get_index_of(key));
            let of = of.map_or_else(|| "all".to_owned(), |r| plan.label(r));
            format!("{} stated of {of}", bounded(percent(quota.attainment.value, 4), &quota.attainment))
        })
        .collect();
    let below = missed.iter().all(|quota| average < quota.attainment.value);
    let sentence = format!(
        "Sellers split {} at {} of quota average {}, {} the {}.",
        list_some(&shares),
        list_some(&reached),
        percent(average, 4),
        if below { "below" } else { "not" },
        list_some(&told)
    );
    // Moving a share from the class nearest below the best to the best.
    let mut by_level: Vec<(f64, f64)> = classes.iter().map(|c| (c.attainment.value, c.share.value)).collect();
    by_level.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let highest = missed.iter().map(|quota| quota.attainment.value).fold(0.0, f64::max);
    let consistent = match by_level.as_slice() {
        [(best, share), (next, _), ..] if below && best > next && *best >= highest => {
            let needed = share + (highest - average) / (best - next);
            let all = if missed.iter().all(|quota| quota.region.is_some()) { " there" } else { "" };
            format!("{}, or {} in the best class{all}.", percent(average, 4), percent(needed, 3))
        }
        _ => format!("{}.", percent(average, 4)),
    };
    vec![finding(sentence, consistent).about_all(missed)]
}

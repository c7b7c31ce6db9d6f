//! Budget lines, their parts and their shares.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::Plan;
use super::words::{clipped, percent};
use crate::scenario::BudgetLine;
use crate::units::format::list_some;

/// The parts of a line add up to it, and a part with a share is that share of it. A line is compared with its parts only
/// where it has more than one: a single part is an excerpt, and must not exceed it.
pub(super) fn parts_of_a_budget(plan: &Plan) -> Vec<Finding> {
    let lines = &plan.claims.budget;
    let mut found = Vec::new();
    for line in lines {
        let parts: Vec<&BudgetLine> = lines.iter().filter(|part| part.part_of.as_ref() == Some(&line.name)).collect();
        let whole = Interval::of(&line.amount);
        let sum: Interval = parts.iter().map(|part| Interval::of(&part.amount)).sum();
        if let [part] = parts.as_slice()
            && whole.is_below(sum)
        {
            let sentence = format!(
                "\"{}\" of {} is part of \"{}\" and more than all of it, {}.",
                clipped(&part.name),
                plan.money(sum.at),
                clipped(&line.name),
                plan.money(whole.at)
            );
            let consistent = format!(
                "At least {0} for all of it, or at most {1} for the part.",
                plan.money(sum.at),
                plan.money(whole.at)
            );
            found.push(finding(sentence, consistent).about(line).about(*part));
        } else if parts.len() > 1 && !sum.agrees(whole) {
            let told: Vec<String> = parts.iter().map(|part| plan.money(part.amount.value)).collect();
            let sentence = format!(
                "The parts of \"{}\", {}, add up to {}, not {}.",
                clipped(&line.name),
                list_some(&told),
                plan.worked_out(sum.at),
                plan.money(whole.at)
            );
            let consistent = match whole.at - sum.at {
                left if left > 0.0 => {
                    format!("{}, or another part of {}.", plan.worked_out(sum.at), plan.worked_out(left))
                }
                over => format!("{}, or parts that are {} less.", plan.worked_out(sum.at), plan.worked_out(-over)),
            };
            found.push(finding(sentence, consistent).about(line).about_all(parts.iter().copied()));
        }
        for part in &parts {
            let Some(share) = &part.share else { continue };
            let given = Interval::of(&part.amount) / whole;
            if !given.meets(share) {
                let sentence = format!(
                    "\"{}\" of {} is {} of \"{}\" ({}), not {}.",
                    clipped(&part.name),
                    plan.money(part.amount.value),
                    percent(given.at, 3),
                    clipped(&line.name),
                    plan.money(whole.at),
                    percent(share.value, 4)
                );
                let consistent = format!("{}, or {}.", percent(given.at, 3), plan.worked_out(share.value * whole.at));
                found.push(finding(sentence, consistent).about(*part).about(line));
            }
        }
    }
    found
}

fn finding(sentence: String, consistent: String) -> Finding {
    Finding::new(Kind::Contradiction, Rule::BudgetParts, sentence, consistent)
}

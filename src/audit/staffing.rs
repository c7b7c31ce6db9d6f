//! The heads that ratios of customers a head need, against the budget that pays them.

use super::finding::{Finding, Kind, Rule};
use super::plan::Plan;
use super::words::clipped;
use crate::scenario::{Averaged, BudgetLine, Metric, Staffing};
use crate::units::format::{count, significant};

/// What a ratio is applied to, and in which words.
struct Customers {
    number: f64,
    words: String,
}

/// Heads of a role = Σ over regions of customers / customers a head. Where a region has several ratios (enterprise and
/// mid-market), the split is unknown: the widest ratio gives the fewest heads, the narrowest the most. Heads are whole. The
/// budget then pays at most amount / fewest heads · 12 / months a year for each. Without a cost a head that is asked; with one it is compared.
pub(super) fn staffing(plan: &Plan) -> Vec<Finding> {
    let Some(customers) = customers(plan) else { return Vec::new() };
    let (shares, mix) = plan.shares_of_wins();
    let mut found = Vec::new();
    for line in &plan.claims.budget {
        let ratios: Vec<&Staffing> = plan.claims.staffing.iter().filter(|s| s.role == line.name).collect();
        let heads = |narrow: bool| -> f64 {
            let per = |region: Option<&String>| {
                let of = ratios.iter().filter(|s| s.region.as_ref() == region).map(|s| s.customers_per_head.value);
                of.reduce(if narrow { f64::min } else { f64::max })
            };
            let regions = plan.scenario.regions.keys().zip(&shares);
            let regional: f64 =
                regions.filter_map(|(key, share)| Some(share * customers.number / per(Some(key))?)).sum();
            regional + per(None).map_or(0.0, |per| customers.number / per)
        };
        let (fewest, most) = (whole(heads(false)), whole(heads(true)));
        let Some(months) = months(plan, line).filter(|_| fewest > 0.0) else { continue };
        let yearly = |heads: f64| line.amount.value / heads * 12.0 / months as f64;
        let per: Vec<f64> = ratios.iter().map(|s| s.customers_per_head.value).collect();
        let (low, high) = (per.iter().copied().fold(f64::INFINITY, f64::min), per.iter().copied().fold(0.0, f64::max));
        let per = if low == high {
            significant(low, 4)
        } else {
            format!("{} to {}", significant(low, 4), significant(high, 4))
        };
        let mix = if ratios.iter().all(|s| s.region.is_none()) || mix.is_empty() {
            String::new()
        } else {
            format!(", {mix}")
        };
        let (few, many) = (significant(fewest, 4), significant(most, 4));
        let needs = if few == many { few } else { format!("{few} to {many}") };
        let start = format!(
            "\"{}\" takes {needs} heads at one for {per} customers ({}{mix}); {} over {}",
            clipped(&line.name),
            customers.words,
            plan.money(line.amount.value),
            count(months, "month"),
        );
        let finding = match &line.yearly_cost_per_head {
            None => {
                let span = if fewest == most {
                    format!("{} a year", plan.worked_out(yearly(fewest)))
                } else {
                    format!(
                        "at most {} a year ({} with the most heads)",
                        plan.worked_out(yearly(fewest)),
                        plan.worked_out(yearly(most))
                    )
                };
                let sentence = format!("{start} pays each head {span}.");
                let consistent = "The plan does not say what a head costs: state it (yearly_cost_per_head), or wider ratios, or a larger budget.";
                Finding::new(Kind::Question, Rule::Staffing, sentence, consistent.to_owned())
            }
            Some(cost) => {
                let needed = fewest * (cost.value - cost.rounding) * months as f64 / 12.0;
                if needed <= line.amount.value + line.amount.rounding {
                    continue;
                }
                let full = fewest * cost.value * months as f64 / 12.0;
                let paid = line.amount.value / cost.value * 12.0 / months as f64;
                let sentence = format!(
                    "{start} pays {} heads at {} a year.",
                    significant(paid.floor(), 4),
                    plan.money(cost.value)
                );
                let consistent = format!("A budget of {}, or wider ratios.", plan.worked_out(full));
                Finding::new(Kind::Contradiction, Rule::Staffing, sentence, consistent)
            }
        };
        found.push(finding.about(line).about_all(ratios));
    }
    found
}

/// Whole heads; what is a whole number but for its last bits takes no head more.
fn whole(heads: f64) -> f64 {
    (heads * (1.0 - 1e-9)).ceil()
}

/// The customers stated at the end of the first year, else the deals that its bookings take at the average size.
fn customers(plan: &Plan) -> Option<Customers> {
    let by_end = |metric: Metric| {
        let stated = plan.of(metric).filter_map(|f| Some((f, plan.period(&f.period)?)));
        stated.filter(|(_, period)| period.months.end <= 12).max_by_key(|(_, period)| period.months.end).map(|(f, _)| f)
    };
    if let Some(figure) = by_end(Metric::Customers) {
        let words = format!("{} customers, as stated", significant(figure.value.value, 6));
        return Some(Customers { number: figure.value.value, words });
    }
    let size = plan.overall(Averaged::DealSize, |_, _| false)?;
    let (year, _) = plan.first_year(plan.sales()?)?;
    let number_of = year.value.value / size.value.value;
    let words = format!(
        "{} customers: {} at {} a deal",
        significant(number_of, 4),
        plan.money(year.value.value),
        plan.money(size.value.value)
    );
    Some(Customers { number: number_of, words })
}

/// The months of a line, or of the line it is part of, and so on.
fn months(plan: &Plan, line: &BudgetLine) -> Option<usize> {
    let lines = &plan.claims.budget;
    let mut at = line;
    // As many steps as there are lines: a circle of parts ends.
    for _ in 0..=lines.len() {
        if at.months.is_some() {
            return at.months;
        }
        at = lines.iter().find(|other| Some(&other.name) == at.part_of.as_ref())?;
    }
    None
}

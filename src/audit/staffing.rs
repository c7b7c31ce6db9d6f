//! The heads that ratios of customers a head need, against the budget that pays them.

use super::finding::{Finding, Kind, Rule};
use super::plan::Plan;
use super::words::clipped;
use crate::scenario::{Averaged, BudgetLine, Metric, Staffing};
use crate::units::format::{between, count, significant};

/// What a ratio is applied to, and in which words.
pub(super) struct Customers {
    pub(super) number: f64,
    words: String,
    /// The month at whose end they are there, counted from 0.
    pub(super) month: usize,
}

/// Heads of a role = Σ over regions of customers / customers a head. Where a region has several ratios (enterprise and
/// mid-market), the split is unknown: the widest ratio gives the fewest heads, the narrowest the most. Heads are whole. The
/// budget then pays at most amount / fewest heads · 12 / months a year for each. Without a cost a head that is asked; with one it is compared.
pub(super) fn staffing(plan: &Plan) -> Vec<Finding> {
    let Some(customers) = customers(plan) else { return Vec::new() };
    let mut found = Vec::new();
    for line in &plan.claims.budget {
        let ratios = ratios(plan, line);
        let [fewest, most] = heads(plan, &ratios, &customers, |_| true);
        let Some(months) = months(plan, line).filter(|_| fewest > 0.0) else { continue };
        let yearly = |heads: f64| line.amount.value / heads * 12.0 / months as f64;
        let start = format!(
            "\"{}\" takes {} heads {}; {} over {}",
            clipped(&line.name),
            span(fewest, most),
            at_ratios(plan, &ratios, &customers),
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

/// The ratios of the heads that a line pays.
pub(super) fn ratios<'a>(plan: &Plan<'a>, line: &BudgetLine) -> Vec<&'a Staffing> {
    plan.claims.staffing.iter().filter(|ratio| ratio.role == line.name).collect()
}

/// The fewest and the most whole heads that some regions' customers take.
pub(super) fn heads(plan: &Plan, ratios: &[&Staffing], customers: &Customers, of: impl Fn(usize) -> bool) -> [f64; 2] {
    let (shares, _) = plan.shares_of_wins();
    [f64::max, f64::min].map(|choose| {
        let per = |region: Option<&String>| {
            let own = ratios.iter().filter(|ratio| ratio.region.as_ref() == region);
            own.map(|ratio| ratio.customers_per_head.value).reduce(choose)
        };
        let regions = plan.scenario.regions.keys().zip(&shares).enumerate().filter(|(r, _)| of(*r));
        let heads = regions.map(|(_, (key, share))| {
            let takes = |per: Option<f64>| per.map_or(0.0, |per| share * customers.number / per);
            takes(per(Some(key))) + takes(per(None))
        });
        whole(heads.sum())
    })
}

/// "20", or "15 to 25".
pub(super) fn span(fewest: f64, most: f64) -> String {
    between(significant(fewest, 4), significant(most, 4))
}

/// "at one for 25 to 100 customers (2,225 customers: €17.8M at €8,000 a deal, with as many wins in each region)".
pub(super) fn at_ratios(plan: &Plan, ratios: &[&Staffing], customers: &Customers) -> String {
    let per = || ratios.iter().map(|ratio| ratio.customers_per_head.value);
    let per = span(per().fold(f64::INFINITY, f64::min), per().fold(0.0, f64::max));
    let (_, mix) = plan.shares_of_wins();
    let plain = ratios.iter().all(|ratio| ratio.region.is_none()) || mix.is_empty();
    let mix = if plain { String::new() } else { format!(", {mix}") };
    format!("at one for {per} customers ({}{mix})", customers.words)
}

/// Whole heads; what is a whole number but for its last bits takes no head more.
fn whole(heads: f64) -> f64 {
    (heads * (1.0 - 1e-9)).ceil()
}

/// The customers stated at the end of the first year, else the deals that its bookings take at the average size.
pub(super) fn customers(plan: &Plan) -> Option<Customers> {
    let stated = plan.of(Metric::Customers).filter_map(|f| Some((f, plan.period(&f.period)?.months.end)));
    if let Some((figure, end)) = stated.filter(|(_, end)| *end <= 12).max_by_key(|(_, end)| *end) {
        let words = format!("{} customers, as stated", significant(figure.value.value, 6));
        return Some(Customers { number: figure.value.value, words, month: end - 1 });
    }
    let size = plan.overall(Averaged::DealSize, |_, _| false)?;
    let (year, period) = plan.first_year(plan.sales()?)?;
    let number_of = year.value.value / size.value.value;
    let words = format!(
        "{} customers: {} at {} a deal",
        significant(number_of, 4),
        plan.money(year.value.value),
        plan.money(size.value.value)
    );
    Some(Customers { number: number_of, words, month: period.months.end - 1 })
}

/// The months of a line, or of the line it is part of, and so on.
pub(super) fn months(plan: &Plan, line: &BudgetLine) -> Option<usize> {
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

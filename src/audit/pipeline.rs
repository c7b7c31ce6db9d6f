//! A pipeline against what is booked from it.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::{Plan, f64_less};
use super::words::percent;
use crate::scenario::{Averaged, Metric, QuotedFigure};
use crate::units::DAYS_PER_MONTH;
use crate::units::format::significant;

/// Little's law: what is open = what comes in · how long it stays. Bookings of B a month at win rate p take leads worth B/p,
/// each open for a cycle of c months: B · c / p is open at all times, lost leads staying as long as won ones. Speaks if the
/// stated pipeline is smaller; "at least" is read as the level that is held to do.
pub(super) fn pipeline(plan: &Plan) -> Vec<Finding> {
    let Some(open) = plan.each(Metric::PipelineValue, "each-month") else { return Vec::new() };
    little(plan, open).into_iter().chain(coverage(plan, open)).collect()
}

fn little(plan: &Plan, open: &QuotedFigure) -> Option<Finding> {
    let metric = plan.sales()?;
    let renews = plan.model.regions.iter().any(|region| region.retention.at(&plan.model.mean_inputs()) > 0.0);
    // What is renewed needs no pipeline; after a launch there is nothing to renew yet.
    if metric == Metric::TotalBookings && renews && plan.claims.launch.is_none() {
        return None;
    }
    let level = plan.each(metric, "each-month")?;
    // The readings that need least.
    let rate = plan.overall(Averaged::WinRate, |a, b| a > b).filter(|rate| rate.value.value > 0.0)?;
    let cycle = plan.overall(Averaged::CycleDays, f64_less)?;
    let (p, months) = (Interval::of(&rate.value), Interval::of(&cycle.value) * (1.0 / DAYS_PER_MONTH));
    let booked = Interval::level(&level.value);
    let needed = booked * months / p;
    let have = Interval::level(&open.value);
    if !have.is_below(needed) {
        return None;
    }
    let sustained = have * p / months;
    let won = have * p;
    let (days, p) = (significant(cycle.value.value, 4), percent(rate.value.value, 4));
    let quarter = plan.each(level.metric, "each-quarter").map_or_else(String::new, |quarter| {
        let (quarter, covers) = (quarter.value.value, open.value.value / quarter.value.value);
        format!(
            "; it covers a quarter of {} {} times, where {p} won take {} times ({}) if none is to arrive and close within it",
            plan.money(quarter),
            significant(covers, 3),
            significant(1.0 / rate.value.value, 3),
            plan.worked_out(quarter / rate.value.value)
        )
    });
    let sentence = format!(
        "{} a month at a win rate of {p} and a cycle of {days} days needs {} open at all times; {} open sustains {} a month, {} a year.",
        plan.told(level.metric, &level.value),
        plan.worked_out(needed.at),
        plan.told(open.metric, &open.value),
        plan.worked_out(sustained.at),
        plan.worked_out(12.0 * sustained.at),
    );
    let consistent = format!(
        "{} open, or {} a month. {} open is {} once won, {} months of {}{quarter}.",
        plan.worked_out(needed.at),
        plan.worked_out(sustained.at),
        plan.money(open.value.value),
        plan.worked_out(won.at),
        significant(won.at / level.value.value, 2),
        plan.money(level.value.value),
    );
    let finding = Finding::new(Kind::Contradiction, Rule::Pipeline, sentence, consistent);
    Some(finding.about(open).about(level).about(rate).about(cycle))
}

/// Stated coverage against pipeline over bookings.
fn coverage(plan: &Plan, open: &QuotedFigure) -> Vec<Finding> {
    let Some(metric) = plan.sales() else { return Vec::new() };
    let mut found = Vec::new();
    for coverage in &plan.claims.coverage {
        let (what, period) = match coverage.per.months() {
            1 => ("month", "each-month"),
            3 => ("quarter", "each-quarter"),
            _ => ("year", ""),
        };
        let booked = plan
            .each(metric, period)
            .or_else(|| plan.first_year(metric).map(|(year, _)| year).filter(|_| period.is_empty()));
        let Some(booked) = booked else { continue };
        let covers = Interval::level(&open.value) / Interval::level(&booked.value);
        if covers.meets(&coverage.value) {
            continue;
        }
        let sentence = format!(
            "{} open cover {} a {what} {} times, not {} times.",
            plan.told(open.metric, &open.value),
            plan.told(booked.metric, &booked.value),
            significant(covers.at, 3),
            significant(coverage.value.value, 3),
        );
        let consistent = format!(
            "{} open, or a {what} of {}.",
            plan.worked_out(coverage.value.value * booked.value.value),
            plan.worked_out(open.value.value / coverage.value.value)
        );
        let finding = Finding::new(Kind::Contradiction, Rule::Coverage, sentence, consistent);
        found.push(finding.about(coverage).about(open).about(booked));
    }
    found
}

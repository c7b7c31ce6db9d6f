//! What a monthly level from the launch on makes of the year.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::Plan;
use super::words::percent;
use crate::units::format::significant;

/// Deals won at a steady rate from the launch are booked a sales cycle later. With launch at the beginning of month L, a year
/// of n months and a region's cycle of c months, n − (L − 1) − c months of that rate fall into the year; regions are weighted
/// with their share of the money. Speaks if that books less than the year's figure.
pub(super) fn run_rate_from_launch(plan: &Plan) -> Vec<Finding> {
    let Some((metric, launch)) = plan.sales().zip(plan.claims.launch.as_ref()) else { return Vec::new() };
    let (Some(level), Some((year, period))) = (plan.each(metric, "each-month"), plan.first_year(metric)) else {
        return Vec::new();
    };
    let (from, end) = ((launch.month - 1) as f64, period.months.end as f64);
    if from < period.months.start as f64 || from >= end {
        return Vec::new();
    }
    let (flows, mix) = plan.flows();
    let months: f64 = flows.iter().map(|flow| flow.share * (end - from - flow.delay).max(0.0)).sum();
    let booked = Interval::of(&level.value) * months;
    let whole = Interval::of(&year.value);
    if !booked.is_below(whole) || months <= 0.0 {
        return Vec::new();
    }
    let steady = whole.at / months;
    let mix = if mix.is_empty() { String::new() } else { format!(", {mix}") };
    let why =
        if flows.iter().any(|flow| flow.delay > 0.0) { "deals close a sales cycle after launch, so " } else { "" };
    let sentence = format!(
        "Launched in month {}, {} a month books {} in the year, not {}: {why}{} of {} months count{mix}.",
        launch.month,
        plan.money(level.value.value),
        plan.worked_out(booked.at),
        plan.told(metric, &year.value),
        significant(months, 3),
        period.months.len(),
    );
    let consistent = format!(
        "{} in the year, or {} a month once deals close ({} more than stated), or open deals and customers at the start.",
        plan.worked_out(booked.at),
        plan.worked_out(steady),
        percent(steady / level.value.value - 1.0, 2),
    );
    vec![
        Finding::new(Kind::Contradiction, Rule::RunRateFromLaunch, sentence, consistent)
            .about(launch)
            .about(level)
            .about(year),
    ]
}

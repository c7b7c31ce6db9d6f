//! Whether "revenue" means booked or recognised.

use super::finding::{Finding, Kind, Rule};
use super::growth::rate;
use super::plan::Plan;
use super::words::{clipped, percent};
use crate::scenario::Metric;

/// A year's figure that is worded as revenue and read as bookings: how much of it a contract's even recognition shows in the
/// same year, flat and with the stated growth. Of value booked a time u before the year's end, min(1, u/term) is recognised.
pub(super) fn booked_or_recognised(plan: &Plan) -> Vec<Finding> {
    let metric = plan.sales().filter(|m| matches!(m, Metric::Bookings | Metric::TotalBookings));
    let Some((year, period)) = metric.and_then(|metric| plan.first_year(metric)) else { return Vec::new() };
    let words = year.name.to_lowercase();
    let said = words.contains("revenue") && !words.contains("book") && !words.contains("recogni");
    let settled = plan.of(Metric::Revenue).next().is_some();
    let term = plan.model.term as f64;
    if !said || settled || plan.model.term == 1 {
        return Vec::new();
    }
    let launch = plan.claims.launch.as_ref().map_or(0.0, |launch| (launch.month - 1) as f64);
    let from = launch.max(period.months.start as f64);
    let (flows, _) = plan.flows();
    let recognised = |factor: f64| {
        const STEPS: usize = 2_000;
        let (mut booked, mut shown) = (0.0, 0.0);
        for flow in &flows {
            // Only after a launch is there a cycle without bookings.
            let delay = if plan.claims.launch.is_some() { flow.delay } else { 0.0 };
            let span = (period.months.end as f64 - from - delay).max(0.0);
            for step in 0..STEPS {
                let before_end = span * (step as f64 + 0.5) / STEPS as f64;
                let value = flow.share * span * libm::pow(factor, span - before_end);
                booked += value;
                shown += value * (before_end / term).min(1.0);
            }
        }
        shown / booked
    };
    let amount = year.value.value;
    let flat = recognised(1.0);
    if !flat.is_finite() {
        return Vec::new();
    }
    let grows = plan.growth(year.metric).filter(|grows| grows.rate.value != 0.0);
    let grown = grows.map_or_else(String::new, |grows| {
        let share = recognised(Plan::monthly_factor(grows).at);
        format!(", {} if they grow {}", plan.worked_out(amount * share), rate(grows))
    });
    let sentence = format!(
        "\"{}\" of {} may be booked or recognised: if so much is booked under contracts of {term} months, {} of it ({}) is recognised in the year if bookings are flat{grown}.",
        clipped(&year.name),
        plan.told(year.metric, &year.value),
        plan.worked_out(amount * flat),
        percent(flat, 2),
    );
    let consistent =
        "Say which: metric total_bookings counts what is signed, metric revenue what is recognised.".to_owned();
    vec![
        Finding::new(Kind::Question, Rule::BookedOrRecognised, sentence, consistent)
            .about(year)
            .about("contract.term_months")
            .about_all(grows),
    ]
}

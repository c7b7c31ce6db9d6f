//! What renewals leave for new business.

use super::finding::{Finding, Kind, Rule};
use super::growth::rate;
use super::plan::Plan;
use super::words::{listed, percent};
use super::years::{Years, readings, signed};
use crate::scenario::{Averaged, Metric};

/// If every contract comes up for renewal yearly, year n renews year n − 1 times retention, and the rest of year n is new.
/// Retention is weighted with the regions' money. Asks where new business then grows less than the stated growth of sales
/// says, or, where no growth is stated, falls. Only with total bookings (new and renewed) and a term of at most a year.
pub(super) fn room_for_new_business(plan: &Plan) -> Vec<Finding> {
    let metric = Metric::TotalBookings;
    if plan.sales() != Some(metric) || plan.model.term > 12 {
        return Vec::new();
    }
    let Some(retention) = retention(plan).filter(|retention| *retention > 0.0) else { return Vec::new() };
    let Some(readings) = readings(plan, metric).filter(|readings| readings.figures.len() > 1) else {
        return Vec::new();
    };
    let grows = plan.growth(metric).or_else(|| plan.growth(Metric::Bookings));
    let wanted = grows.map_or(1.0, |grows| {
        let q = Plan::monthly_factor(grows);
        (q.power(12.0).at - q.power(12.0).below).max(0.0)
    });
    // New business of each year after the first.
    let new = |years: &Years| -> Vec<f64> { years.amounts.windows(2).map(|w| w[1].at - retention * w[0].at).collect() };
    let slack =
        |years: &Years| years.amounts.iter().map(|amount| amount.below.max(amount.above)).fold(0.0, f64::max) * 2.0;
    let short = |years: &Years| new(years)[0] + slack(years) < wanted * years.amounts[0].at;
    if !readings.all.iter().all(short) {
        return Vec::new();
    }
    let first = readings.all[0].amounts[0].at;
    let told: Vec<String> = readings
        .all
        .iter()
        .rev()
        .map(|years| {
            let each: Vec<String> = new(years)
                .iter()
                .zip(&years.amounts[1..])
                .enumerate()
                .map(|(n, (new, amount))| {
                    format!("{} new of {} in year {}", plan.worked_out(*new), plan.worked_out(amount.at), n + 2)
                })
                .collect();
            let change = signed(new(years)[0] / first - 1.0);
            let reading = if years.reading.is_empty() { String::new() } else { format!(", {}", years.reading) };
            format!("{}{reading} (new business of year 2: {change} on year 1)", listed(&each))
        })
        .collect();
    let against = grows.map_or_else(String::new, |grows| format!(", while growth of {} is stated", rate(grows)));
    let sentence = format!(
        "If contracts renew, {} of year 1 at a retention of {} bring {} in year 2; that leaves {}{against}.",
        plan.worked_out(first),
        percent(retention, 3),
        plan.worked_out(retention * first),
        told.join("; "),
    );
    let consistent =
        "Say whether deals renew and whether the years' figures hold renewals; if nothing renews, all of each year is new."
            .to_owned();
    vec![
        Finding::new(Kind::Question, Rule::Renewals, sentence, consistent)
            .about_all(readings.figures.iter().copied())
            .about_all(grows)
            .about_all(plan.regional(Averaged::Retention).iter().flat_map(|regional| &regional.about)),
    ]
}

/// The stated retention: of the regions weighted with their money, else over all.
fn retention(plan: &Plan) -> Option<f64> {
    let overall = || plan.overall(Averaged::Retention, |_, _| false).map(|average| average.value.value);
    let Some(regional) = plan.regional(Averaged::Retention) else { return overall() };
    let Some(sizes) = plan.regional(Averaged::DealSize) else { return overall() };
    let (shares, _) = plan.shares_of_wins();
    let worth: Vec<f64> = shares.iter().zip(&sizes.values).map(|(share, size)| share * size).collect();
    let kept: f64 = worth.iter().zip(&regional.values).map(|(worth, kept)| worth * kept).sum();
    Some(kept / worth.iter().sum::<f64>())
}

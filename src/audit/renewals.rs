//! What renewals leave for new business.

use super::annual_totals::{Years, readings, signed};
use super::finding::{Finding, Kind, Rule};
use super::growth::rate;
use super::plan::Plan;
use super::words::percent;
use crate::scenario::{Averaged, Metric};
use crate::units::format::list_some;

/// If every contract comes up for renewal yearly, year n renews year n − 1 times retention, and the rest of year n is new.
/// Retention is weighted with the regions' money. Asks where new business then grows less than the stated growth of sales
/// says, or, where no growth is stated, falls. Only with total bookings (new and renewed) and a term of at most a year.
///
/// New business of year 1 is what is stated of it, as bookings or as what renewals leave; else all of year 1 counts as new, and
/// the sentence says so. Without a launch new business that falls by more than half then only shows customers from before, and
/// nothing is asked. Nor is it where the new business or the renewals of year 2 are stated.
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
    let first = readings.all[0].amounts[0].at;
    if stated_new(plan, &readings.periods[1], readings.all[0].amounts[1].at).is_some() {
        return Vec::new();
    }
    let stated = stated_new(plan, &readings.periods[0], first);
    let new_before = stated.unwrap_or(first);
    let slack =
        |years: &Years| years.amounts.iter().map(|amount| amount.below.max(amount.above)).fold(0.0, f64::max) * 2.0;
    let short = |years: &Years| new(years)[0] + slack(years) < wanted * new_before;
    let customers_before = stated.is_none()
        && plan.claims.launch.is_none()
        && readings.all.iter().any(|years| new(years)[0] < 0.5 * new_before);
    if !readings.all.iter().all(short) || customers_before {
        return Vec::new();
    }
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
            let change = signed(new(years)[0] / new_before - 1.0);
            let reading = if years.reading.is_empty() { String::new() } else { format!(", {}", years.reading) };
            format!("{}{reading} (new business of year 2: {change} on year 1)", list_some(&each))
        })
        .collect();
    let against = grows.map_or_else(String::new, |grows| format!(", while growth of {} is stated", rate(grows)));
    let assumed = match stated {
        Some(new) => format!("with {} new in year 1 as stated", plan.worked_out(new)),
        None => "if all of year 1 is new".to_owned(),
    };
    let sentence = format!(
        "If contracts renew, {} of year 1 at a retention of {} bring {} in year 2; that leaves, {assumed}, {}{against}.",
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

/// What is stated as new of `total` in a period: bookings, or what renewals leave.
fn stated_new(plan: &Plan, months: &std::ops::Range<usize>, total: f64) -> Option<f64> {
    let of = |metric: Metric| {
        let mut figures = plan.of(metric);
        figures.find(|f| plan.period(&f.period).is_some_and(|p| p.months == *months)).map(|f| f.value.value)
    };
    of(Metric::Bookings).or_else(|| of(Metric::Renewals).map(|renewed| total - renewed))
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

//! Growth against a flat level, and against the years that it should make.

use super::around::Around;
use super::finding::{Finding, Kind, Rule};
use super::plan::Plan;
use super::words::{counted, listed, number, percent};
use super::years::{Years, readings};
use crate::scenario::{Bound, Grows, Per};

/// A level of every month beside a rate of growth: both cannot hold. With n months and a monthly factor q, the months are
/// 1 + q + … + q^(n−1) = (qⁿ − 1)/(q − 1) times the first.
///
/// "At least so much a month" contradicts growth only where a first month of that level makes more than the year.
pub(super) fn flat_and_growing(plan: &Plan) -> Vec<Finding> {
    let Some(metric) = plan.sales() else { return Vec::new() };
    let (Some(grows), Some(level)) = (plan.growth(metric), plan.each(metric, "each-month")) else { return Vec::new() };
    let q = Plan::monthly_factor(grows);
    // A yearly rate may be of whole years, each of them flat.
    if grows.per == Per::Year || q.agrees(Around::exactly(1.0)) {
        return Vec::new();
    }
    let flat = level.value.value;
    let rate = rate(grows);
    let year = plan.first_year(metric);
    let Some((year, period)) = year else {
        if level.value.bound != Bound::Exactly {
            return Vec::new();
        }
        let sentence = format!(
            "A flat {} a month and growth of {rate}: after 12 months that grow so, a month is {} times the first.",
            plan.money(flat),
            number(libm::pow(q.at, 12.0), 3)
        );
        let consistent = "A level for every month and no growth, or a first month and its growth.".to_owned();
        return vec![finding(sentence, consistent).about(level).about(grows)];
    };
    let n = period.months.len();
    let total = year.value.value;
    let first = total / sum(q.at, n);
    let last = first * libm::pow(q.at, n as f64 - 1.0);
    let enough = Around::said(&year.value);
    if level.value.bound == Bound::AtLeast && !enough.is_below(Around::said(&level.value) * sum(q.at, n))
        || level.value.bound == Bound::AtMost && last <= flat
    {
        return Vec::new();
    }
    let passed = (0..n).find(|m| first * libm::pow(q.at, *m as f64) > flat).map_or_else(
        || format!("never passes {}", plan.money(flat)),
        |m| format!("passes {} only in month {}", plan.money(flat), m + 1),
    );
    let sentence = format!(
        "A flat {} a month and growth of {rate}: {n} months that grow so add up to {} times the first, so a year of {} begins at {}, {passed} and ends at {}.",
        plan.money(flat),
        number(sum(q.at, n), 4),
        plan.told(metric, &year.value),
        plan.worked_out(first),
        plan.worked_out(last),
    );
    let mut consistent = format!(
        "Either no growth, or a path whose months are not all {}; growing so, a first month of {0} makes {} in the year and a last one {}",
        plan.money(flat),
        plan.worked_out(flat * sum(q.at, n)),
        plan.worked_out(flat * sum(q.at, n) / libm::pow(q.at, n as f64 - 1.0)),
    );
    if let Some(launch) = plan.stated.launch.as_ref().filter(|launch| (2..=n).contains(&launch.month)) {
        let selling = n + 1 - launch.month;
        let first = total / sum(q.at, selling);
        consistent += &format!(
            "; in the {} from month {} on, {} to {}",
            counted(selling, "month"),
            launch.month,
            plan.worked_out(first),
            plan.worked_out(first * libm::pow(q.at, selling as f64 - 1.0))
        );
    }
    vec![finding(sentence, consistent + ".").about(level).about(grows).about(year)]
}

fn finding(sentence: String, consistent: String) -> Finding {
    Finding::new(Kind::Contradiction, Rule::FlatAndGrowing, sentence, consistent)
}

/// 1 + q + … + q^(n−1).
fn sum(q: f64, n: usize) -> f64 {
    (0..n).map(|m| libm::pow(q, m as f64)).sum()
}

/// "15 % a month".
pub(super) fn rate(grows: &Grows) -> String {
    let per = match grows.per.months() {
        1 => "a month",
        3 => "a quarter",
        _ => "a year",
    };
    format!("{} {per}", percent(grows.rate.value, 4))
}

/// The years after the first, grown from it at the stated rate, against those that are stated. Speaks if no reading agrees.
pub(super) fn years_against_growth(plan: &Plan) -> Vec<Finding> {
    let Some((metric, grows)) = plan.sales().and_then(|m| Some((m, plan.growth(m)?))) else { return Vec::new() };
    let Some(readings) = readings(plan, metric) else { return Vec::new() };
    let yearly = Plan::monthly_factor(grows).power(12.0);
    let first = readings.all[0].amounts[0];
    let grown: Vec<Around> = (1..readings.all[0].amounts.len()).map(|n| first * yearly.power(n as f64)).collect();
    let agrees = |years: &Years| years.amounts[1..].iter().zip(&grown).all(|(stated, grown)| stated.agrees(*grown));
    if grown.is_empty() || readings.all.iter().any(agrees) {
        return Vec::new();
    }
    let amounts = |amounts: &[Around]| listed(&amounts.iter().map(|a| plan.worked_out(a.at)).collect::<Vec<_>>());
    let years: Vec<String> = (2..=grown.len() + 1).map(|n| n.to_string()).collect();
    let stated: Vec<String> = readings
        .all
        .iter()
        .map(|years| {
            let reading = if years.reading.is_empty() { String::new() } else { format!(" {}", years.reading) };
            format!("{}{reading}", amounts(&years.amounts[1..]))
        })
        .collect();
    let sentence = format!(
        "Growth of {} is {} times in a year: from {} in year 1 it makes {} of year{} {}; the plan has {}.",
        rate(grows),
        number(yearly.at, 4),
        plan.told(metric, &readings.figures[0].value),
        amounts(&grown),
        if years.len() == 1 { "" } else { "s" },
        listed(&years),
        stated.join(", "),
    );
    let implied: Vec<String> = readings
        .all
        .iter()
        .map(|years| {
            let steps: Vec<f64> = years.amounts.windows(2).map(|w| w[1].at / w[0].at).collect();
            let even = steps.windows(2).all(|s| (s[0] / s[1] - 1.0).abs() < 1e-3);
            let told = |step: f64| {
                if (step - 1.0).abs() < 5e-4 {
                    return "0 %".to_owned();
                }
                let monthly = percent(libm::pow(step.max(0.0), 1.0 / 12.0) - 1.0, 4);
                format!("{monthly} a month ({} times a year)", number(step, 3))
            };
            let steps: Vec<String> = if even { vec![told(steps[0])] } else { steps.into_iter().map(told).collect() };
            let reading = if years.reading.is_empty() { String::new() } else { format!("{}, ", years.reading) };
            format!("{reading}{}", steps.join(", then "))
        })
        .collect();
    let consistent = format!("Growth that these years have: {}.", implied.join("; "));
    vec![
        Finding::new(Kind::Contradiction, Rule::YearsAgainstGrowth, sentence, consistent)
            .about(grows)
            .about_all(readings.figures.iter().copied()),
    ]
}

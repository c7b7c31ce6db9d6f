//! Growth against a flat level, and against the years that it should make.

use std::ops::Range;

use super::annual_totals::{Years, readings};
use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::Plan;
use super::words::{clipped, percent};
use crate::scenario::{Bound, Metric, Per, QuotedFigure, QuotedGrowth};
use crate::units::format::{count, list_some, quoted_period, significant};

/// A level of every month, or of every quarter, beside a rate of growth: both cannot hold. With n months and a monthly factor
/// q, the months are 1 + q + … + q^(n−1) = (qⁿ − 1)/(q − 1) times the first.
///
/// "At least so much a month" contradicts growth only where a first month of that level makes more than the year.
pub(super) fn flat_and_growing(plan: &Plan) -> Vec<Finding> {
    let Some(metric) = plan.sales() else { return Vec::new() };
    if plan.each(metric, "each-month").is_none() {
        return flat_quarters(plan, metric).into_iter().collect();
    }
    let (Some(grows), Some(level)) = (plan.growth(metric), plan.each(metric, "each-month")) else { return Vec::new() };
    let q = Plan::monthly_factor(grows);
    // A yearly rate may be of whole years, each of them flat.
    if grows.per == Per::Year || q.agrees(Interval::exactly(1.0)) {
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
            significant(libm::pow(q.at, 12.0), 3)
        );
        let consistent = "A level for every month and no growth, or a first month and its growth.".to_owned();
        return vec![finding(sentence, consistent).about(level).about(grows)];
    };
    let n = period.months.len();
    let total = year.value.value;
    let first = total / sum(q.at, n);
    let last = first * libm::pow(q.at, n as f64 - 1.0);
    let enough = Interval::of(&year.value);
    if level.value.bound == Bound::AtLeast && !enough.is_below(Interval::of(&level.value) * sum(q.at, n))
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
        significant(sum(q.at, n), 4),
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
    if let Some(launch) = plan.claims.launch.as_ref().filter(|launch| (2..=n).contains(&launch.month)) {
        let selling = n + 1 - launch.month;
        let first = total / sum(q.at, selling);
        consistent += &format!(
            "; in the {} from month {} on, {} to {}",
            count(selling, "month"),
            launch.month,
            plan.worked_out(first),
            plan.worked_out(first * libm::pow(q.at, selling as f64 - 1.0))
        );
    }
    vec![finding(sentence, consistent + ".").about(level).about(grows).about(year)]
}

/// The same of quarters: n of them that grow by a factor q are (qⁿ − 1)/(q − 1) times the first.
fn flat_quarters(plan: &Plan, metric: Metric) -> Option<Finding> {
    let (grows, level) = (plan.growth(metric)?, plan.each(metric, "each-quarter")?);
    let q = Plan::monthly_factor(grows).power(3.0);
    if grows.per == Per::Year || q.agrees(Interval::exactly(1.0)) || level.value.bound != Bound::Exactly {
        return None;
    }
    let (flat, four) = (level.value.value, sum(q.at, 4));
    let sentence = format!(
        "A flat {} a quarter and growth of {}: four quarters that grow so are {} times the first, which makes {} from a first quarter of {0}.",
        plan.money(flat),
        rate(grows),
        significant(four, 4),
        plan.worked_out(flat * four),
    );
    let consistent = "A level for every quarter and no growth, or a first quarter and its growth.".to_owned();
    Some(finding(sentence, consistent).about(level).about(grows))
}

/// Stated months or quarters that follow each other, against growth stated a month or a quarter: the last one is the first
/// times the growth in between. What lies between may be uneven, as seasons make it. Months are not held against quarterly
/// growth, and nothing that begins before a launch.
pub(super) fn steps_against_growth(plan: &Plan) -> Vec<Finding> {
    plan.claims.growth.iter().filter(|grows| grows.per != Per::Year).filter_map(|grows| steps(plan, grows)).collect()
}

fn steps(plan: &Plan, grows: &QuotedGrowth) -> Option<Finding> {
    let selling = plan.claims.launch.as_ref().map_or(0, |launch| launch.month);
    let long = |months: &Range<usize>| matches!(months.len(), 1 | 3) && months.len() >= grows.per.months();
    let mut figures: Vec<(Range<usize>, &QuotedFigure)> = plan
        .of(grows.metric)
        .filter_map(|f| Some((plan.period(&f.period)?.months, f)))
        .filter(|(months, _)| long(months) && months.start >= selling)
        .collect();
    let length = figures.iter().map(|(months, _)| months.len()).max()?;
    figures.retain(|(months, _)| months.len() == length);
    figures.sort_by_key(|(months, _)| months.start);
    let ((from, first), (to, last)) = (figures.first()?, figures.last()?);
    let months = to.start - from.start;
    if months == 0 {
        return None;
    }
    let grown = Interval::of(&first.value) * Plan::monthly_factor(grows).power(months as f64);
    if grown.meets(&last.value) || first.value.value <= 0.0 {
        return None;
    }
    let told = |x: f64| if grows.metric.is_money() { plan.worked_out(x) } else { significant(x, 4) };
    let sentence = format!(
        "Growth of {} makes {} of {} ({}) in {}, but \"{}\" {} is {}.",
        rate(grows),
        told(grown.at),
        plan.told(first.metric, &first.value),
        quoted_period(&first.period).trim_start_matches("in "),
        count(months, "month"),
        clipped(&last.name),
        quoted_period(&last.period),
        plan.told(last.metric, &last.value)
    );
    let step = libm::pow(last.value.value.max(0.0) / first.value.value, 12.0 / months as f64);
    let consistent =
        format!("Growth of {}, or {} {}.", stepped(step, grows.per), told(grown.at), quoted_period(&last.period));
    let finding = Finding::new(Kind::Contradiction, Rule::YearsAgainstGrowth, sentence, consistent);
    Some(finding.about(grows).about(*first).about(*last))
}

/// Growth by a factor a year, in the time that the plan states growth for: "10 % a quarter".
fn stepped(yearly: f64, per: Per) -> String {
    let factor = libm::pow(yearly.max(0.0), per.months() as f64 / 12.0);
    // No growth is 0 %, not its last bits.
    let change = if (factor - 1.0).abs() < 5e-6 { 0.0 } else { factor - 1.0 };
    format!("{} {}", percent(change, 4), per_words(per))
}

fn per_words(per: Per) -> &'static str {
    match per {
        Per::Month => "a month",
        Per::Quarter => "a quarter",
        Per::Year => "a year",
    }
}

fn finding(sentence: String, consistent: String) -> Finding {
    Finding::new(Kind::Contradiction, Rule::FlatAndGrowing, sentence, consistent)
}

/// 1 + q + … + q^(n−1).
fn sum(q: f64, n: usize) -> f64 {
    (0..n).map(|m| libm::pow(q, m as f64)).sum()
}

/// "15 % a month".
pub(super) fn rate(grows: &QuotedGrowth) -> String {
    format!("{} {}", percent(grows.rate.value, 4), per_words(grows.per))
}

/// The years after the first, grown from it at the stated rate, against those that are stated. Speaks if no reading agrees.
pub(super) fn years_against_growth(plan: &Plan) -> Vec<Finding> {
    let Some((metric, grows)) = plan.sales().and_then(|m| Some((m, plan.growth(m)?))) else { return Vec::new() };
    let Some(readings) = readings(plan, metric) else { return Vec::new() };
    let yearly = Plan::monthly_factor(grows).power(12.0);
    let first = readings.all[0].amounts[0];
    let grown: Vec<Interval> = (1..readings.all[0].amounts.len()).map(|n| first * yearly.power(n as f64)).collect();
    let agrees = |years: &Years| years.amounts[1..].iter().zip(&grown).all(|(stated, grown)| stated.agrees(*grown));
    if grown.is_empty() || readings.all.iter().any(agrees) {
        return Vec::new();
    }
    let amounts = |amounts: &[Interval]| list_some(&amounts.iter().map(|a| plan.worked_out(a.at)).collect::<Vec<_>>());
    let years: Vec<String> = (2..=grown.len() + 1).map(|n| n.to_string()).collect();
    let stated: Vec<String> = readings
        .all
        .iter()
        .map(|years| {
            let reading = if years.reading.is_empty() { String::new() } else { format!(" {}", years.reading) };
            format!("{}{reading}", amounts(&years.amounts[1..]))
        })
        .collect();
    let a_year = match grows.per {
        Per::Year => String::new(),
        _ => format!(" is {} times in a year", significant(yearly.at, 4)),
    };
    let sentence = format!(
        "Growth of {}{a_year}: from {} in year 1 it makes {} of year{} {}; the plan has {}.",
        rate(grows),
        plan.told(metric, &readings.figures[0].value),
        amounts(&grown),
        if years.len() == 1 { "" } else { "s" },
        list_some(&years),
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
                match grows.per {
                    Per::Year => stepped(step, grows.per),
                    per => format!("{} ({} times a year)", stepped(step, per), significant(step, 3)),
                }
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

//! What the stated years are, and the two readings of amounts that are called cumulative.

use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::Plan;
use super::words::percent;
use crate::scenario::{Metric, QuotedFigure};
use crate::units::Frequency;
use crate::units::format::{list_some, significant};

/// The amounts of successive years from the first month on, in one reading.
pub(super) struct Years {
    /// QuotedNumber after the amounts where there are two readings.
    pub(super) reading: &'static str,
    pub(super) amounts: Vec<Interval>,
}

/// The stated years in every reading that the words allow, with the figures they come from.
pub(super) struct Readings<'a> {
    pub(super) all: Vec<Years>,
    pub(super) figures: Vec<&'a QuotedFigure>,
    /// The months of each year.
    pub(super) periods: Vec<std::ops::Range<usize>>,
    /// The figures called cumulative that may be those of single years.
    pub(super) unsure: Vec<&'a QuotedFigure>,
}

/// Reads a metric's years: stated one by one, or as cumulative from the start. Cumulative amounts are doubted, and read as
/// single years too, if three or more of them stand in one and the same ratio, or if growth is stated and a year does not
/// grow.
pub(super) fn readings<'a>(plan: &Plan<'a>, metric: Metric) -> Option<Readings<'a>> {
    let mut figures = Vec::new();
    let mut unsure = Vec::new();
    let (mut cumulative, mut single) = (Vec::new(), Vec::new());
    let mut so_far = Interval::exactly(0.0);
    for n in 0.. {
        let of = |months: std::ops::Range<usize>| {
            plan.of(metric).find_map(|f| Some((f, plan.period(&f.period).filter(|p| p.months == months)?)))
        };
        let value = |f: &QuotedFigure| Interval::of(&f.value);
        if let Some((year, _)) = of(12 * n..12 * n + 12) {
            figures.push(year);
            so_far = so_far + value(year);
            cumulative.push(value(year));
            single.push(value(year));
        } else if let Some((sum, period)) = of(0..12 * n + 12) {
            figures.push(sum);
            // "2027..2028" is clearly both years; "to 2028-12" may be the words of somebody who means 2028.
            if period.every == Frequency::Cumulative {
                unsure.push(sum);
            }
            cumulative.push(value(sum) - so_far);
            single.push(value(sum));
            so_far = value(sum);
        } else {
            break;
        }
    }
    if figures.is_empty() {
        return None;
    }
    let one_ratio = single.len() > 2
        && single.windows(3).all(|w| (w[1] / w[0]).agrees(w[2] / w[1]))
        && unsure.len() + 1 == single.len();
    let grows = plan.growth(metric).is_some_and(|g| g.rate.value > 0.0);
    let stalls = cumulative.windows(2).any(|w| w[1].at <= w[0].at);
    let mut all = vec![Years { reading: "", amounts: cumulative }];
    if unsure.is_empty() || !(one_ratio || grows && stalls) {
        unsure.clear();
    } else {
        all[0].reading = "read as cumulative";
        all.push(Years { reading: "read as single years", amounts: single });
    }
    let periods = (0..figures.len()).map(|n| 12 * n..12 * n + 12).collect();
    Some(Readings { all, figures, periods, unsure })
}

/// Amounts called cumulative that may be those of single years.
pub(super) fn two_readings(plan: &Plan) -> Vec<Finding> {
    let Some(readings) = plan.sales().and_then(|metric| readings(plan, metric)) else { return Vec::new() };
    let [cumulative, single] = readings.all.as_slice() else { return Vec::new() };
    let told: Vec<String> = readings.unsure.iter().map(|f| plan.told(f.metric, &f.value)).collect();
    let alone = |years: &Years| {
        let later = years.amounts.iter().enumerate().skip(1);
        list_some(
            &later.map(|(n, amount)| format!("{} in year {}", plan.worked_out(amount.at), n + 1)).collect::<Vec<_>>(),
        )
    };
    let growth = |years: &Years| {
        let steps: Vec<String> = years.amounts.windows(2).map(|w| signed(w[1].at / w[0].at - 1.0)).collect();
        if steps.windows(2).all(|s| s[0] == s[1]) { format!("{} a year", steps[0]) } else { steps.join(", then ") }
    };
    let (first, whole) = (single.amounts[0], single.amounts.iter().copied().sum::<Interval>());
    let sentence = format!(
        "{} are called cumulative: read so, they are {} ({}, after {} in year 1); read as single years they grow {} and add up to {}.",
        list_some(&told),
        alone(cumulative),
        growth(cumulative),
        plan.worked_out(first.at),
        growth(single),
        plan.worked_out(whole.at),
    );
    let consistent = format!(
        "Say which: the period \"{}\" runs from the start, a year alone has a period of its own.",
        readings.unsure[0].period
    );
    vec![
        Finding::new(Kind::Question, Rule::CumulativeOrSingle, sentence, consistent)
            .about_all(readings.figures.iter().copied()),
    ]
}

/// A change: +100 %, −4.5 %, 0 %.
pub(super) fn signed(change: f64) -> String {
    let text = percent(change, 3);
    if change > 0.0 && significant(change, 3) != "0" { format!("+{text}") } else { text }
}

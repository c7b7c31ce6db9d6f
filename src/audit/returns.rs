//! Returns on investment: their arithmetic, their windows, and what they fit.

use super::annual_totals::readings;
use super::finding::{Finding, Kind, Rule};
use super::interval::Interval;
use super::plan::Plan;
use super::words::{clipped, percent};
use crate::scenario::Return;
use crate::units::Period;
use crate::units::format::{count, list_some};

/// A return with both its figures.
struct Worked<'a> {
    stated: &'a Return,
    invested: Interval,
    returned: Interval,
    /// (returned − invested) / invested.
    roi: Interval,
}

/// All that returns can contradict.
pub(super) fn returns(plan: &Plan) -> Vec<Finding> {
    let worked: Vec<Worked> = plan.claims.returns.iter().filter_map(worked).collect();
    let mut found = Vec::new();
    found.extend(arithmetic(plan, &worked));
    found.extend(windows(plan, &worked));
    found.extend(single_years(plan, &worked));
    found.extend(of_nothing(plan, &worked));
    found
}

fn worked(stated: &Return) -> Option<Worked<'_>> {
    let (invested, returned) = (Interval::of(stated.invested.as_ref()?), Interval::of(stated.returned.as_ref()?));
    Some(Worked { stated, invested, returned, roi: roi(returned, invested) })
}

/// (returned − invested) / invested = returned / invested − 1; so each figure's rounding counts once.
fn roi(returned: Interval, invested: Interval) -> Interval {
    returned / invested - Interval::exactly(1.0)
}

/// Four digits at most, whole percent: 612 %, 1,482 %.
fn whole(roi: f64) -> String {
    percent((100.0 * roi).round() / 100.0, 6)
}

fn finding(kind: Kind, rule: Rule, sentence: String, consistent: String) -> Finding {
    Finding::new(kind, rule, sentence, consistent)
}

/// Returns that their own figures do not give. The figures count as written, so only the return itself is taken as rounded,
/// unless a figure says how far it may be off.
fn arithmetic(plan: &Plan, worked: &[Worked]) -> Vec<Finding> {
    let exact = |w: &&Worked| w.roi.meets(&w.stated.roi);
    let rounded = worked.iter().filter(exact).map(|w| (whole(w.roi.at), whole(w.stated.roi.value)));
    let right: Vec<String> = rounded
        .filter(|(given, stated)| given != stated)
        .map(|(given, stated)| format!("{given} to {stated}"))
        .collect();
    let wrong = worked.iter().filter(|w| !exact(w));
    wrong
        .map(|w| {
            let (invested, returned) = (plan.money(w.invested.at), plan.money(w.returned.at));
            let sentence = format!(
                "\"{}\": ({returned} − {invested}) / {invested} is {}, not {}.",
                clipped(&w.stated.name),
                whole(w.roi.at),
                whole(w.stated.roi.value)
            );
            let others = match right.as_slice() {
                [] => String::new(),
                all => format!(" The others are rounded: {}.", list_some(all)),
            };
            let takes = plan.worked_out((1.0 + w.stated.roi.value) * w.invested.at);
            let consistent = format!("{}, or {takes} on {invested}.{others}", whole(w.roi.at));
            finding(Kind::Contradiction, Rule::ReturnArithmetic, sentence, consistent).about(w.stated)
        })
        .collect()
}

/// Returns of one period on investment that lies partly or wholly outside it: with the investment spread evenly, its part
/// within the period of the return.
fn windows(plan: &Plan, worked: &[Worked]) -> Vec<Finding> {
    let mut found = Vec::new();
    for w in worked {
        let period = |text: &Option<String>| text.as_ref().and_then(|text| plan.period(text));
        let (Some(spent), Some(earned)) = (period(&w.stated.invested_in), period(&w.stated.returned_in)) else {
            continue;
        };
        // What comes back until later than the money is spent is a horizon of payback, and legitimate.
        if spent.months.start >= earned.months.start && spent.months.end <= earned.months.end {
            continue;
        }
        let overlap =
            earned.months.end.min(spent.months.end).saturating_sub(earned.months.start.max(spent.months.start));
        let part = w.invested.at * overlap as f64 / spent.months.len() as f64;
        let consistent = if part > 0.0 {
            format!(
                "Like with like: {} of it falls into the {}, if it is spent evenly, which makes {}.",
                plan.worked_out(part),
                months(&earned),
                whole(roi(w.returned, Interval::exactly(part)).at)
            )
        } else {
            "Revenue and investment of the same months.".to_owned()
        };
        let sentence = format!(
            "\"{}\" of {} holds {} from {} against {} spent over {}.",
            clipped(&w.stated.name),
            whole(w.stated.roi.value),
            plan.money(w.returned.at),
            months(&earned),
            plan.money(w.invested.at),
            months(&spent),
        );
        found.push(finding(Kind::Contradiction, Rule::ReturnWindows, sentence, consistent).about(w.stated));
    }
    found
}

fn months(period: &Period) -> String {
    count(period.months.len(), "month")
}

/// Where cumulative revenue may be that of single years, the returns that use it hold one year against all investment so far.
fn single_years(plan: &Plan, worked: &[Worked]) -> Option<Finding> {
    let readings = plan.sales().and_then(|metric| readings(plan, metric))?;
    let [_, single] = readings.all.as_slice() else { return None };
    let using = readings.unsure.iter().filter_map(|figure| {
        let n = readings.figures.iter().position(|f| std::ptr::eq(*f, *figure))?;
        let w = worked.iter().find(|w| {
            let same_end = w.stated.returned_in.as_ref().and_then(|text| plan.period(text));
            w.returned.at == figure.value.value && same_end.is_none_or(|p| p.months.end == 12 * (n + 1))
        })?;
        let summed: Interval = single.amounts[..=n].iter().copied().sum();
        Some((w, summed, n + 1))
    });
    let using: Vec<(&Worked, Interval, usize)> = using.collect();
    if using.is_empty() {
        return None;
    }
    let like: Vec<String> = using
        .iter()
        .map(|(w, summed, years)| {
            format!("{} on {} in {years} years", whole(roi(*summed, w.invested).at), plan.worked_out(summed.at))
        })
        .collect();
    let revenue: Vec<String> = using.iter().map(|(w, ..)| plan.money(w.returned.at)).collect();
    let sentence = format!(
        "If {} are revenue of single years, the returns of {} hold one year against the investment of all years so far; like with like they are {}.",
        list_some(&revenue),
        list_some(&using.iter().map(|(w, ..)| whole(w.stated.roi.value)).collect::<Vec<_>>()),
        list_some(&like)
    );
    let consistent = "Revenue and investment both of the year, or both cumulative.".to_owned();
    let finding = finding(Kind::Question, Rule::ReturnWindows, sentence, consistent);
    Some(finding.about_all(using.iter().map(|(w, ..)| w.stated)).about_all(readings.unsure.iter().copied()))
}

/// Returns stated without their figures that none of the others has, and what would give them from the earliest one's.
fn of_nothing(plan: &Plan, worked: &[Worked]) -> Vec<Finding> {
    let Some(first) = worked.first() else { return Vec::new() };
    let bare = plan.claims.returns.iter().filter(|r| r.invested.is_none() && r.returned.is_none());
    let unmatched = bare.filter(|r| {
        let stated = Interval::of(&r.roi);
        !worked.iter().any(|w| stated.agrees(w.roi) || stated.agrees(Interval::of(&w.stated.roi)))
    });
    unmatched
        .map(|r| {
            let ratio = 1.0 + r.roi.value;
            let (invested, returned) = (first.invested.at, first.returned.at);
            let stated: Vec<String> = worked.iter().map(|w| whole(w.stated.roi.value)).collect();
            let margin = ratio * invested / returned;
            let margin = if margin < 1.0 {
                format!(", or a margin of {} on {}", percent(margin, 3), plan.money(returned))
            } else {
                String::new()
            };
            let sentence = format!(
                "\"{}\" of {} is none of the returns that are worked out ({}) and comes with no figures of its own.",
                clipped(&r.name),
                whole(r.roi.value),
                list_some(&stated)
            );
            let consistent = format!(
                "It takes {} of revenue on {}, or {} invested for {}{margin}.",
                plan.worked_out(ratio * invested),
                plan.money(invested),
                plan.worked_out(returned / ratio),
                plan.money(returned),
            );
            finding(Kind::Contradiction, Rule::ReturnOfNothing, sentence, consistent).about(r).about(first.stated)
        })
        .collect()
}

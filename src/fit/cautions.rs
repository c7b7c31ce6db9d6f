//! What an export cannot say, in sentences: a fit to it would otherwise look surer than it is.

use jiff::civil::Date;

use super::closing::Counts;
use super::day::{self, Day};
use super::found::{FEWEST_WINS, Fit};
use super::lead_rates::LeadRates;
use super::opportunities::Opportunities;
use super::outcome::Outcome;
use crate::units::format::{count, few_digits, list_some, thousands};

/// A window of fewer days says little of any cycle.
const SHORT: i32 = 90;

/// So many days without any deal created, won or lost before the as-of day are taken for the end of the export.
const SILENT: Day = 31;

/// How many days before `until` no deal was created, won or lost, and the first of them, where there are so many that the export may have ended.
pub(super) fn silence(opportunities: &Opportunities, until: Day) -> Option<(Day, Date)> {
    let after = opportunities.day_after();
    let silent = until - day::number(after);
    (silent >= SILENT).then_some((silent, after))
}

/// The sentences, those that matter most first.
pub(super) fn cautions(opportunities: &Opportunities, fit: &Fit, counts: &Counts, leads: &LeadRates) -> Vec<String> {
    let until = day::number(fit.as_of);
    let from = day::number(fit.from);
    let mut said = Vec::new();
    let open: Vec<_> = opportunities.open_before(until).map(|(_, deal)| deal).collect();
    let decided: Vec<_> =
        opportunities.deals.iter().filter(|deal| deal.closed < until && deal.closed >= from).collect();
    if let Some((silent, after)) = silence(opportunities, until) {
        said.push(format!(
            "Nothing was created, won or lost in the {} before {}, which counts as days on which deals stood still: if the export just ends there, set --as-of {after}.",
            days(silent),
            fit.as_of
        ));
    }
    if open.is_empty() {
        said.push(format!("No deal was open on {}: an export of closed deals alone says nothing of those that are still to be decided, and chances come out too high.", fit.as_of));
    }
    let won: Vec<f64> = decided
        .iter()
        .filter(|deal| deal.outcome == Outcome::Won)
        .map(|deal| f64::from(deal.closed - deal.created))
        .collect();
    let mean_age = won.iter().sum::<f64>() / won.len() as f64;
    let window = until - from;
    if f64::from(window) < 2.0 * mean_age || window < SHORT {
        said.push(format!(
            "The window is {}, and deals won in it took {} days on average: what becomes of older deals is hardly known.",
            days(window),
            few_digits(mean_age)
        ));
    }
    if let Some((last, before)) = leads.taper() {
        said.push(format!(
            "{} were created in the last whole month, {} a month before it: if that month is not complete in the export, leave it out with an earlier --as-of; the lead rates follow it in part.",
            count(last as usize, "deal"),
            few_digits(before)
        ));
    }
    if !leads.whole {
        said.push(
            "No month is seen from its first day to its last: lead rates are those of the days that are.".to_owned(),
        );
    }
    let oldest = decided.iter().map(|deal| deal.closed - deal.created).max().unwrap_or(0);
    let stalled = open.iter().filter(|deal| until - deal.created > oldest).count();
    if stalled > 0 {
        said.push(format!(
            "{} of {} open deals are older than the oldest that was ever decided ({}): their chances are what the fit takes to be likely past that age, and small.",
            thousands(stalled as f64),
            thousands(open.len() as f64),
            days(oldest)
        ));
    }
    let before = opportunities.deals.iter().filter(|deal| deal.created < from && deal.closed >= from).count();
    if before > 0 {
        said.push(format!(
            "{} created before {}, the first day on which a closing is known; {} counted from that day on.",
            were(before),
            fit.from,
            if before == 1 { "it is" } else { "they are" }
        ));
    }
    let few: Vec<String> = fit
        .regions
        .iter()
        .filter(|region| region.won < FEWEST_WINS)
        .map(|region| format!("{} ({} won)", region.label, region.won))
        .collect();
    if !few.is_empty() && fit.regions.len() > 1 {
        said.push(format!(
            "Of these regions little is known by themselves; they are taken to be much like all: {}.",
            list_some(&few)
        ));
    }
    let unsized_wins = decided.iter().filter(|deal| deal.outcome == Outcome::Won && deal.amount.is_none()).count();
    if unsized_wins > 0 {
        said.push(format!(
            "{} have no amount: they count as won, and as nothing in the bookings so far.",
            of_deals(unsized_wins, "won deal")
        ));
    }
    let unsized_open = open.iter().filter(|deal| deal.amount.is_none()).count();
    if unsized_open > 0 && opportunities.day_after() == fit.as_of {
        said.push(format!(
            "{} of {} have no amount: new deals' sizes stand in.",
            thousands(unsized_open as f64),
            of_deals(open.len(), "open deal")
        ));
    }
    if opportunities.day_after() > fit.as_of {
        said.push(format!("Amounts and stages of deals that were open on {} are as of a later day in the export, and not used: new deals' sizes stand in.", fit.as_of));
    } else if opportunities.day_after() < fit.as_of {
        said.push(format!(
            "Nothing happened from {} to the day before {}: these days count as days on which nothing did. If the export is older, give its day: --as-of {}.",
            opportunities.day_after(),
            fit.as_of,
            opportunities.day_after()
        ));
    }
    if let Some((last, gap)) = opportunities.lonely_end().filter(|_| opportunities.day_after() == fit.as_of) {
        said.push(format!(
            "The last event, on {last}, comes {} after the one before it: if its day is a slip of the pen, give the day of the export: --as-of DAY.",
            days(gap)
        ));
    }
    let quarters = counts.sum(|_, _, _| true);
    if quarters.won < 30 {
        said.push(format!(
            "{} in all: every range here is wide, and rests on what is usual as much as on the export.",
            count(quarters.won as usize, "deal") + " won"
        ));
    }
    said
}

/// So many days without any event before the last one are remarkable.
const LONELY: Day = 45;

impl Opportunities {
    /// The last day on which a deal was created, won or lost, and the days since the one before it, where these are remarkably many.
    fn lonely_end(&self) -> Option<(Date, Day)> {
        let last = day::number(self.day_after()) - 1;
        let days = self.deals.iter().flat_map(|deal| [deal.created, deal.closed]);
        let before = days.filter(|day| *day < last).max()?;
        (last - before > LONELY).then(|| (day::date(last), last - before))
    }
}

fn days(n: i32) -> String {
    count(n as usize, "day")
}

fn of_deals(n: usize, noun: &str) -> String {
    let counted = thousands(n as f64);
    if n == 1 { format!("1 {noun}") } else { format!("{counted} {noun}s") }
}

fn were(n: usize) -> String {
    format!("{} {}", of_deals(n, "deal"), if n == 1 { "was" } else { "were" })
}

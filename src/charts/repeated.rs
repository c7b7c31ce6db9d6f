//! A target of every month or quarter, and what is said of it.

use super::arrival::Arrival;
use super::figures::Figures;
use super::frame::Headline;
use super::size::Sheet;
use super::words;
use crate::forecast::{EachOutcome, Forecast, TargetOutcome};
use crate::units::{Every, Period};

/// A target of every month or quarter.
#[derive(Debug)]
pub(super) struct Repeated<'a> {
    /// What is asked.
    pub(super) target: &'a TargetOutcome,
    /// What came of it.
    pub(super) each: &'a EachOutcome,
    /// Its periods, as many as have a chance.
    pub(super) periods: Vec<Period>,
    /// When its level is first reached.
    pub(super) arrival: Arrival,
}

impl<'a> Repeated<'a> {
    /// Reads it, if the target is asked of every month or quarter and something is known of each.
    pub(super) fn read(forecast: &Forecast, target: &'a TargetOutcome) -> Option<Repeated<'a>> {
        let each = target.each.as_ref().filter(|_| target.at_least.is_finite())?;
        let horizon = forecast.horizon();
        let periods: Vec<Period> = each
            .periods
            .iter()
            .zip(&each.probabilities)
            .filter(|(_, chance)| chance.is_finite())
            .filter_map(|(label, _)| words::period(&horizon, label))
            .collect();
        if periods.is_empty() || periods.len() != each.probabilities.len() {
            return None;
        }
        let first = [&each.first_p10, &each.first_p50, &each.first_p90];
        let at = first.map(|label| words::period(&horizon, label.as_deref()?));
        Some(Repeated { target, each, periods, arrival: Arrival { horizon, at, never: each.never } })
    }

    /// "month" or "quarter".
    pub(super) fn period(&self) -> &'static str {
        if self.periods[0].every == Every::Month { "month" } else { "quarter" }
    }

    /// "€1.5M a month"; a level is not so much a month, nor is what is asked of the only one.
    pub(super) fn level(&self, forecast: &Forecast) -> String {
        let level = Figures::new(self.target.metric, &forecast.currency).exact(self.target.at_least);
        let repeats = self.arrival.horizon.months > 1;
        if repeats && self.target.metric.is_flow() { format!("{level} a {}", self.period()) } else { level }
    }

    /// "all 36 months"; nothing of a single one.
    pub(super) fn all(&self) -> Option<String> {
        (self.periods.len() > 1).then(|| format!("all {} {}s", self.periods.len(), self.period()))
    }

    /// What is said above the chart, of whose `all` targets it shows `shown`.
    pub(super) fn headline(&self, forecast: &Forecast, sheet: &Sheet, shown: usize, all: usize) -> Headline {
        let (title, brief) = self.findings(forecast, sheet);
        let (metric, period, arrival) = (self.target.metric, self.period(), &self.arrival);
        let measured = words::measured_of(forecast, metric, &self.target.scope, sheet);
        let reach = words::reach(metric);
        let level = Figures::new(metric, &forecast.currency).exact(self.target.at_least);
        let when = if metric.is_flow() { format!("in that {period}") } else { format!("at the end of that {period}") };
        let mut subtitle =
            format!("Each bar: the chance that {measured} {reach} {level} {when}, whatever the others do");
        if self.periods.len() == 1 {
            subtitle = format!("The bar: the chance that {measured} {reach} {level} {when}");
        }
        if let Some(every) = self.all() {
            let chance = words::in_hundred(self.target.probability);
            subtitle += &format!("; {every} do together in {chance} futures");
        }
        subtitle.push('.');
        if arrival.horizon.months > 1 {
            let on_top = if arrival.at[0].is_some() { " On top: when it is first reached." } else { "" };
            subtitle += &format!(
                "{on_top} P10 is the {period} by which 10\u{A0}% of futures have reached it, P50 and P90 those of 50\u{A0}% and \
                 90\u{A0}%."
            );
        }
        if let Some(never) = arrival.never().filter(|_| arrival.at[2].is_some() && arrival.horizon.months > 1) {
            subtitle += &format!(" Never {}: {never}.", arrival.within());
        }
        if all > shown {
            subtitle += &format!(" The first {shown} of {all} such targets.");
        }
        Headline { title, brief, subtitle }
    }

    /// When it is first reached in words, at length and in brief.
    fn findings(&self, forecast: &Forecast, sheet: &Sheet) -> (String, String) {
        let (target, arrival) = (self.target, &self.arrival);
        let subject = words::subject_of(forecast, target.metric, &target.scope, sheet);
        let (reach, level) = (words::reach(target.metric), self.level(forecast));
        let single = arrival.horizon.months == 1;
        let within = if single {
            words::when(&arrival.horizon, &self.periods[0].label, target.metric)
        } else {
            arrival.within()
        };
        let [first, median, last] = &arrival.at;
        let Some(median) = median.as_ref().filter(|_| !single) else {
            let chance = words::in_hundred(1.0 - arrival.never);
            let mut title = format!("{subject} {reach} {level} {within} in {chance} futures");
            if let Some(first) = first.as_ref().filter(|first| !arrival.ends_with(first)) {
                title += &format!("; 1 chance in 10 by {}", arrival.name(first));
            }
            return (title, format!("{subject} {reach} {level}: {chance}"));
        };
        let found = format!("{subject} first {reach} {level} in {}", arrival.name(median));
        let title = match (arrival.between(), last) {
            (Some(between), _) => format!("{found}; 8 chances in 10 between {between}"),
            (None, Some(_)) => format!("{found} in at least 8 futures in 10"),
            (None, None) => format!("{found}; not {within} in {} futures", words::in_hundred(arrival.never)),
        };
        (title, format!("{subject} {reach} {level}: {}", arrival.brief_name(median)))
    }
}

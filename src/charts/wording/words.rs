//! What a chart says in words: what is measured, when, and how likely.

use crate::charts::canvas::size::Sheet;
use crate::charts::canvas::text::fit;
use crate::forecast::{Forecast, Series};
use crate::scenario::Metric;
pub(in crate::charts) use crate::units::format::{brief_month, capitalize as capital, percent as share};
use crate::units::{Horizon, Period, Periods, format};

/// Longest name of a region in a title.
pub(in crate::charts) fn name_room(sheet: &Sheet) -> f64 {
    sheet.room() * if sheet.is_preview() { 0.32 } else { 0.4 }
}

/// The main metric and its scope: "Total bookings", "Europe: total bookings".
pub(in crate::charts) fn subject(forecast: &Forecast, sheet: &Sheet) -> String {
    subject_of(forecast, forecast.main.metric, &forecast.main.scope, sheet)
}

/// A metric and its scope: "Total bookings", "Europe: total bookings".
pub(in crate::charts) fn subject_of(forecast: &Forecast, metric: Metric, scope: &str, sheet: &Sheet) -> String {
    subject_named(metric, scope, &scope_name(forecast, scope), sheet)
}

/// The metric and its scope at the head of a sentence, where the name of the scope is known.
pub(in crate::charts) fn subject_named(metric: Metric, scope: &str, name: &str, sheet: &Sheet) -> String {
    if scope == "total" {
        return capital(metric.name());
    }
    format!("{}: {}", fit(&capital(name), sheet.title, true, name_room(sheet)), metric.name())
}

/// The main metric and its scope in the middle of a sentence: "total bookings", "total bookings of Europe".
pub(in crate::charts) fn measured(forecast: &Forecast, sheet: &Sheet) -> String {
    measured_of(forecast, forecast.main.metric, &forecast.main.scope, sheet)
}

/// A metric and its scope in the middle of a sentence.
pub(in crate::charts) fn measured_of(forecast: &Forecast, metric: Metric, scope: &str, sheet: &Sheet) -> String {
    measured_named(metric, scope, &scope_name(forecast, scope), sheet)
}

/// The metric and its scope in the middle of a sentence, where the name of the scope is known.
pub(in crate::charts) fn measured_named(metric: Metric, scope: &str, name: &str, sheet: &Sheet) -> String {
    if scope == "total" {
        return metric.name().to_owned();
    }
    format!("{} of {}", metric.name(), fit(name, sheet.subtitle, false, name_room(sheet)))
}

/// The main figure in a sentence: "total bookings of Europe in 2027".
pub(in crate::charts) fn measured_when(forecast: &Forecast, sheet: &Sheet) -> String {
    let main = &forecast.main;
    format!("{} {}", measured(forecast, sheet), when(&forecast.horizon(), &main.period, main.metric))
}

/// The name that a scope has for people.
fn scope_name(forecast: &Forecast, key: &str) -> String {
    forecast.scope(key).map_or(key, |scope| &scope.label).to_owned()
}

/// What is said where all futures agree.
const EVERY: &str = "in every simulated future";

/// How many futures agree on the amount of a month of which P10 and P90 read the same.
pub(in crate::charts) fn in_how_many(series: &Series, month: usize) -> &'static str {
    if series.bands.at(month).is_fixed() { EVERY } else { "in at least 8 futures in 10" }
}

/// How many futures agree on the amounts of every month where the bands have no width.
pub(in crate::charts) fn in_how_many_each(series: &Series) -> &'static str {
    let months = series.bands.p50.value.iter().enumerate().filter(|(_, median)| median.is_some());
    let mut fixed = months.map(|(month, _)| in_how_many(series, month) == EVERY);
    if fixed.all(|fixed| fixed) { EVERY } else { "in at least 9 futures in 10" }
}

/// How many futures agree on the main figure where all but the outermost do.
pub(in crate::charts) fn in_nearly_every(forecast: &Forecast) -> &'static str {
    if forecast.main.bands.is_fixed() { EVERY } else { "in nearly every future" }
}

/// The verb "add up to" as a metric takes it: "add up to" or "adds up to".
pub(in crate::charts) fn add_up(metric: Metric) -> &'static str {
    if metric.spec().plural { "add up to" } else { "adds up to" }
}

/// The verb "reach" as a metric takes it: "reach" or "reaches".
pub(in crate::charts) fn reach(metric: Metric) -> &'static str {
    if metric.spec().plural { "reach" } else { "reaches" }
}

/// The one period that a label names.
pub(in crate::charts) fn period(horizon: &Horizon, label: &str) -> Option<Period> {
    match horizon.parse(label) {
        Ok(Periods::One(period)) => Some(period),
        _ => None,
    }
}

/// A period of a metric in a sentence: "in 2027", "by the end of December 2028", "at the end of December 2028".
pub(in crate::charts) fn when(horizon: &Horizon, label: &str, metric: Metric) -> String {
    format::when(horizon, label, metric.is_of_period())
}

/// A period of a metric in a preview: "in 2027", "by Dec 2028", "end of Dec 2028".
pub(in crate::charts) fn briefly_when(horizon: &Horizon, label: &str, metric: Metric) -> String {
    format::brief_period(horizon, label, metric.is_of_period())
}

/// A share with its standard error: "47 ± 0.8 %".
pub(in crate::charts) fn share_within(share: f64, error: f64) -> String {
    let (percent, error) = (share * 100.0, error * 100.0);
    if error <= 0.0 {
        return self::share(share);
    }
    let decimals = if error < 0.95 { 1 } else { 0 };
    let text = format!("{:.decimals$}", percent.abs());
    let sign = if percent < 0.0 && text.chars().any(|c| ('1'..='9').contains(&c)) { "−" } else { "" };
    format!("{sign}{text}\u{A0}±\u{A0}{:.decimals$}\u{A0}%", error.max(if decimals == 1 { 0.1 } else { 1.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::size::Size;
    use crate::charts::samples::forecast::Sample;

    #[test]
    fn shares_have_as_many_digits_as_their_error_supports() {
        assert_eq!(share(0.4142), "41\u{A0}%");
        assert_eq!(share(-0.001), "0\u{A0}%");
        assert_eq!(share_within(0.46938, 0.00805), "46.9\u{A0}±\u{A0}0.8\u{A0}%");
        assert_eq!(share_within(-0.0001, 0.02), "0\u{A0}±\u{A0}2\u{A0}%");
        assert_eq!(share_within(1.0, 0.0), "100\u{A0}%");
    }

    #[test]
    fn scopes_begin_with_a_capital_and_tags_are_joined_by_and() {
        let sample = Sample { regions: 3, tagged: true, ..Sample::PLAIN };
        let (forecast, sheet) = (sample.forecast(), Size::Slide.sheet());
        let subject = |scope| subject_of(&forecast, Metric::TotalBookings, scope, &sheet);
        assert_eq!(subject("half=b"), "B: total bookings");
        assert_eq!(subject("half=a&seventh=a"), "A and a: total bookings");
        assert_eq!(measured_of(&forecast, Metric::Arr, "half=a&seventh=a", &sheet), "ARR of a and a");
    }

    #[test]
    fn what_never_varies_is_said_of_every_future() {
        let mut forecast = Sample { spread: 0.0, ..Sample::PLAIN }.forecast();
        let series = &mut forecast.series[0];
        series.bands.sd.value = vec![Some(5.0); 12];
        assert_eq!(in_how_many(series, 2), "in at least 8 futures in 10");
        series.bands.sd.value = vec![Some(0.0); 12];
        assert_eq!(in_how_many(series, 2), "in every simulated future");
    }
}

//! The forecasts that actuals are held against.

use jiff::civil::Date;

use super::super::history::{label, scope};
use crate::analysis::span_of;
use crate::history::{FigureKey, Given, RecordedRun};
use crate::model::NoScope;
use crate::units::format::period_name;
use crate::units::{Month, period_label, plain};

/// No amount is farther from 0.
pub(super) const MAX_AMOUNT: f64 = 1e18;
/// Which periods have an amount, in words.
pub(super) const OVER: &str = "a period that is over";
/// What a period may be, in words.
pub(super) const PERIODS: &str = "one period, such as 2027-03, 2027-Q1, 2027 or FY28";

/// What actuals are held against: the newest run of a series, and the figures that its runs have forecast.
pub(super) struct Forecasts {
    pub(super) newest: RecordedRun,
    pub(super) kept: Vec<FigureKey>,
    pub(super) today: Date,
}

impl Forecasts {
    /// The key of a region or tag that any run has forecast, or of the total, by its key or by what it is called.
    pub(super) fn scope(&self, text: &str) -> Result<String, NoScope> {
        scope(text, &self.scopes(), &self.newest.past.manifest.scenario)
    }

    /// The keys of all regions and tags that any run has forecast, and of the total.
    pub(super) fn scopes(&self) -> Vec<String> {
        let mut scopes: Vec<String> = self.kept.iter().map(|figure| figure.scope.clone()).collect();
        scopes.push("total".to_owned());
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }

    /// The period that a text names, as files write it.
    pub(super) fn period(&self, text: &str) -> Option<String> {
        let label = period_label(text);
        span_of(&label, &self.newest.horizon).map(|_| label)
    }

    /// Why nothing can have come of a period yet: it is not over today. `None` where it is.
    pub(super) fn not_over(&self, period: &str) -> Option<String> {
        let (_, last, _) = span_of(period, &self.newest.horizon)?;
        let next = last.plus(1);
        // By the calendar of UTC, as runs are recorded.
        let over = (next.year(), next.number()) <= (i32::from(self.today.year()), self.today.month() as u32);
        (!over).then(|| format!("{}, which ends with {}; today is {}", plain(period), last.name(), self.today))
    }

    /// Whether a period holds the as-of day of the newest run, unless it begins with it: what its actuals say is of its beginning alone.
    pub(super) fn is_begun(&self, period: &str) -> bool {
        let as_of = self.as_of();
        let span = span_of(&period_label(period), &self.newest.horizon);
        as_of.zip(span).is_some_and(|(day, (first, last, _))| {
            let month = Month::of(day);
            first <= month && month <= last && (day.day() > 1 || first < month)
        })
    }

    /// The as-of day of the newest run.
    pub(super) fn as_of(&self) -> Option<Date> {
        self.newest.past.manifest.scenario.get("as_of")?.as_str()?.parse().ok()
    }

    /// "total bookings of The North in 2027-03".
    pub(super) fn named(&self, key: &FigureKey) -> String {
        let scope = label(&key.scope, &self.newest.past.manifest.scenario).unwrap_or_else(|| key.scope.clone());
        let of = if key.scope == "total" { String::new() } else { format!(" of {}", plain(&scope)) };
        format!("{}{of} in {}", key.metric.name(), period_name(&plain(&key.period)))
    }

    /// A line that says what holds now.
    pub(super) fn noted(&self, given: &Given, before: Option<f64>) -> String {
        let metric = given.key.metric;
        let currency = &self.newest.currency;
        let say = |x: f64| metric.exact(currency, x);
        let named = self.named(&given.key);
        match (given.amount, before) {
            (Some(amount), Some(old)) => format!("{named}: {}, no more {}\n", say(amount), say(old)),
            (Some(amount), None) => format!("{named}: {}\n", say(amount)),
            (None, Some(old)) => format!("{named}: no more {}, but unknown\n", say(old)),
            (None, None) => format!("{named}: nothing was given\n"),
        }
    }
}

//! What runs over the periods of a kind: series and the budget.

use std::collections::HashSet;

use super::sound::Sound;
use super::whole;
use crate::forecast::{Bands, Spread};
use crate::scenario::Metric;
use crate::stats::{Estimate, Estimates};
use crate::units::{Frequency, Period};

impl<'f> Sound<'f> {
    /// Each series once, with a value a period in every column.
    pub(super) fn series(&mut self) {
        let mut seen = HashSet::new();
        for (i, series) in self.forecast.series.iter().enumerate() {
            let of = |field: &str| format!("series[{i}].{field}");
            let Some(periods) = self.runs_over(&of, series.metric, &series.scope, series.every) else { continue };
            let own = seen.insert((series.metric, &series.scope, series.every as u8));
            self.expect(own, || of("scope"), || "a series that is there already".to_owned(), "each series once");
            self.one_each(|| of("plan"), series.plan.len(), &periods);
            for (name, column) in Bands::<Estimates>::COLUMNS.iter().zip(series.bands.columns()) {
                self.column(|| format!("series[{i}].bands.{name}"), column, &periods);
            }
            self.errors(|| of("bands.sd.value"), &series.bands.sd.value);
        }
    }

    /// Each line of the budget, with a value a period in every column.
    pub(super) fn budget(&mut self) {
        for (i, line) in self.forecast.budget.iter().enumerate() {
            let of = |field: &str| format!("budget[{i}].{field}");
            let Some(periods) = self.runs_over(&of, line.metric, &line.scope, line.every) else { continue };
            self.one_each(|| of("amount"), line.amount.len(), &periods);
            self.column(|| of("percentile"), &line.percentile, &periods);
            self.column(|| of("equal"), &line.equal, &periods);
            for (m, share) in line.percentile.value.iter().enumerate() {
                self.share(|| format!("budget[{i}].percentile.value[{m}]"), *share);
            }
            for (name, spread) in [("attainment", &line.attainment), ("variance", &line.variance)] {
                self.spread(|column| format!("budget[{i}].{name}.{column}"), spread, &periods);
            }
        }
    }

    /// What is known beside the forecast, and where bookings come from.
    pub(super) fn actuals(&mut self) {
        for (i, line) in self.forecast.actuals.iter().enumerate() {
            let of = |field: &str| format!("actuals[{i}].{field}");
            let Some(periods) = self.runs_over(&of, line.metric, &line.scope, line.every) else { continue };
            self.one_each(|| of("to_date"), line.to_date.len(), &periods);
            self.one_each(|| of("last_year"), line.last_year.len(), &periods);
        }
        for (i, stack) in self.forecast.source_stacks.iter().enumerate() {
            self.period(|| format!("source_stacks[{i}].period"), &stack.period);
        }
        for (i, class) in self.forecast.executive_classes.iter().enumerate() {
            self.chance(|| format!("executive_classes[{i}].present"), class.present);
            for (name, estimate) in Bands::<Estimate>::COLUMNS.iter().zip(class.attainment.columns()) {
                self.error(|| format!("executive_classes[{i}].attainment.{name}.error"), estimate.error);
            }
        }
    }

    fn spread(&mut self, path: impl Fn(&str) -> String, spread: &Spread<Estimates>, periods: &[Period]) {
        let columns = [("mean", &spread.mean), ("p10", &spread.p10), ("p50", &spread.p50), ("p90", &spread.p90)];
        for (name, column) in columns {
            self.column(|| path(name), column, periods);
        }
    }

    /// Estimates, one for each period.
    pub(super) fn column(&mut self, path: impl Fn() -> String, column: &Estimates, periods: &[Period]) {
        self.one_each(|| format!("{}.value", path()), column.value.len(), periods);
        self.one_each(|| format!("{}.error", path()), column.error.len(), periods);
        self.errors(|| format!("{}.error", path()), &column.error);
    }

    /// The periods that something runs over; `None`, with its fault, where nothing can.
    fn runs_over(
        &mut self,
        of: &dyn Fn(&str) -> String,
        metric: Metric,
        scope: &'f str,
        every: Frequency,
    ) -> Option<Vec<Period>> {
        self.scope(|| of("scope"), scope);
        let whole = !metric.total_only(self.costs) || scope == "total";
        self.expect(whole, || of("scope"), || format!("{} of {scope:?}", metric.name()), "the total, for that");
        let listed = self.forecast.periods(every).is_some() && (metric.is_flow() || every != Frequency::Cumulative);
        let found = || format!("{} by {}", metric.name(), whole::name(every));
        self.expect(listed, || of("every"), found, "a kind of period that has a list, and sums of flows alone");
        listed.then(|| self.horizon.every(every))
    }

    /// Standard errors or deviations.
    fn errors(&mut self, path: impl Fn() -> String, column: &[Option<f64>]) {
        for (m, error) in column.iter().enumerate() {
            self.error(|| format!("{}[{m}]", path()), *error);
        }
    }
}

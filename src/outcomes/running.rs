//! What a business that is already running adds to the grids: what is known of the time before the as-of day, what was there on it,
//! and the bridge from one ARR to the next.

use std::ops::Range;

use super::measure::Measure;
use super::store::{Outcomes, add, sum_over};
use crate::model::Model;
use crate::scenario::Metric;

/// The outcomes of some regions, which may be of a business that is already running; if not, nothing is added to anything.
pub(super) struct RunningGrids<'a> {
    pub(super) model: &'a Model,
    pub(super) outcomes: &'a Outcomes,
    pub(super) regions: &'a [usize],
}

impl RunningGrids<'_> {
    /// A measure over the regions, months × trials; `None` where runs of the model do not have it.
    pub(super) fn sum(&self, measure: Measure) -> Option<Vec<f64>> {
        let layout = self.outcomes.layout();
        layout.has(measure).then(|| {
            let mut values = Vec::with_capacity(layout.months * self.outcomes.trials());
            (0..layout.months).for_each(|m| sum_over(self.outcomes, measure, self.regions, m, &mut values));
            values
        })
    }

    /// The same, or nothing in each month.
    pub(super) fn of(&self, measure: Measure) -> Vec<f64> {
        self.sum(measure).unwrap_or_else(|| self.nothing())
    }

    fn nothing(&self) -> Vec<f64> {
        vec![0.0; self.outcomes.layout().months * self.outcomes.trials()]
    }

    /// The leads that began to be worked: all that arrived where nobody's capacity is told.
    pub(super) fn started(&self, sum: &impl Fn(Measure) -> Vec<f64>) -> Vec<f64> {
        sum(if self.outcomes.layout().people { Measure::Started } else { Measure::Leads })
    }

    /// Adds a measure where runs have it.
    pub(super) fn add(&self, values: &mut [f64], measure: Measure) {
        if let Some(more) = self.sum(measure) {
            add(values, &more);
        }
    }

    /// Bookings that are simulated: of new leads, of open deals and of one-off deals.
    pub(super) fn simulated_bookings(&self, sum: &impl Fn(Measure) -> Vec<f64>) -> Vec<f64> {
        let mut bookings = sum(Measure::Bookings);
        self.add(&mut bookings, Measure::BookingsFromOpen);
        self.add(&mut bookings, Measure::BookingsFromOneOffs);
        bookings
    }

    /// What happened in each known month of the horizon, summed over the regions; NaN where nobody has said.
    fn actuals(&self, metric: Metric) -> impl Iterator<Item = f64> {
        let months = self.outcomes.layout().months;
        let running = self.model.running.iter();
        running.flat_map(move |running| {
            (0..running.known_months.min(months)).map(move |m| {
                let of = |r: &usize| running.actual(metric, *r, m).unwrap_or(f64::NAN);
                self.regions.iter().map(of).fold(0.0, |sum, x| sum + x)
            })
        })
    }

    /// A flow with what happened before the as-of day, on top of which comes what is simulated in its month.
    pub(super) fn with_actuals(&self, metric: Metric, mut values: Vec<f64>) -> Vec<f64> {
        let trials = self.outcomes.trials();
        for (month, actual) in values.chunks_exact_mut(trials.max(1)).zip(self.actuals(metric)) {
            month.iter_mut().for_each(|x| *x += actual);
        }
        values
    }

    /// What happened before the as-of day, alone.
    pub(super) fn closed(&self, metric: Metric) -> Vec<f64> {
        self.with_actuals(metric, self.nothing())
    }

    /// What is known from the month of the as-of day on; before it, it is what happened, or unknown.
    pub(super) fn level(&self, metric: Metric, mut values: Vec<f64>) -> Vec<f64> {
        let months = values.chunks_exact_mut(self.outcomes.trials().max(1));
        for (month, actual) in months.zip(self.actuals(metric)).take(self.model.as_of.month) {
            month.fill(actual);
        }
        values
    }

    /// Adds the deals that were open on the as-of day to the running sum of those that came since.
    pub(super) fn add_open_as_of(&self, open: &mut [f64]) {
        let deals = self.regions.iter().flat_map(|r| &self.model.regions[*r].open_deals);
        let count = deals.map(|deal| deal.count).sum::<usize>() as f64;
        let from = self.model.as_of.month * self.outcomes.trials();
        open.iter_mut().skip(from).for_each(|open| *open += count);
    }
}

/// ARR at the beginning of each month, and what happens to it by renewals.
#[derive(Clone, Debug)]
pub(super) struct Bridge {
    trials: usize,
    /// The month of the as-of day, before which it is unknown.
    first: usize,
    /// Longer periods hold a contract's second renewal.
    longest: usize,
    beginning: Vec<f64>,
    expansion: Vec<f64>,
    /// Contraction and churn.
    lost: Vec<f64>,
}

impl Bridge {
    /// The bridge of simulated ARR at the ends of months.
    pub(super) fn new(grids: &RunningGrids, arr: &[f64]) -> Bridge {
        let (model, trials) = (grids.model, grids.outcomes.trials());
        let contracts = grids.regions.iter().flat_map(|r| &model.regions[*r].contracts);
        let in_force: f64 = contracts
            .map(|contract| contract.annual_value * contract.due.iter().map(|(_, count)| *count as f64).sum::<f64>())
            .sum();
        let mut beginning = vec![0.0; arr.len()];
        let from = model.as_of.month * trials;
        for (i, value) in beginning.iter_mut().enumerate().skip(from) {
            *value = if i < from + trials { in_force } else { arr[i - trials] };
        }
        let mut lost = grids.of(Measure::ArrContraction);
        grids.add(&mut lost, Measure::ArrChurn);
        Bridge {
            trials,
            first: model.as_of.month,
            longest: model.running.as_ref().map_or(0, |running| running.shortest_term),
            beginning,
            expansion: grids.of(Measure::ArrExpansion),
            lost,
        }
    }

    /// Retention, net or gross, of a period in each trial; NaN where it is unknown.
    pub(super) fn retention(&self, metric: Metric, months: Range<usize>) -> Vec<f64> {
        if months.start < self.first || months.len() > self.longest {
            return vec![f64::NAN; self.trials];
        }
        let mut change = vec![0.0; self.trials];
        for m in months.clone() {
            for (t, change) in change.iter_mut().enumerate() {
                let i = m * self.trials + t;
                let gained = if metric == Metric::Nrr { self.expansion[i] } else { 0.0 };
                *change += gained - self.lost[i];
            }
        }
        let beginning = &self.beginning[months.start * self.trials..];
        // 0 over 0 is unknown, and so is what is lost of nothing.
        let ratio = |(change, arr): (&f64, &f64)| if *arr > 0.0 { 1.0 + change / arr } else { f64::NAN };
        change.iter().zip(beginning).map(ratio).collect()
    }
}

//! What the trials answered.

use std::ops::Range;

use indexmap::IndexMap;

use super::summary::Measured;

use super::metric_summary::{LevelReached, MetricSummary};
use super::scope_index::ScopeIndex;
use crate::model::Model;
use crate::scenario::Metric;
use crate::stats::Estimate;

/// Answers to [`super::summary_request::SummaryRequest`]; only what was asked is known.
#[derive(Debug)]
pub(super) struct Summaries<'m> {
    pub(super) scopes: ScopeIndex<'m>,
    pub(super) metrics: IndexMap<(Metric, usize), MetricSummary>,
    /// Each input's value in every trial.
    pub(super) inputs: Vec<Vec<f64>>,
    /// What executives of each class are to book in the main figure's scope and period, and what they do, in every trial.
    pub(super) classes: Vec<[Vec<f64>; 2]>,
}

impl<'m> Summaries<'m> {
    /// The model whose trials were summarised.
    pub(super) fn model(&self) -> &'m Model {
        self.scopes.model
    }

    /// Moments and bands of a period.
    pub(super) fn bands(&self, metric: Metric, scope: usize, months: &Range<usize>) -> &Measured {
        let (metric_summary, months) = self.metric_summary(metric, scope, months);
        let at = metric_summary.place_of(&months).expect("its bands were asked for");
        &metric_summary.measured[at]
    }

    /// A period's value in every trial.
    pub(super) fn sample(&self, metric: Metric, scope: usize, months: &Range<usize>) -> &[f64] {
        let (metric_summary, months) = self.metric_summary(metric, scope, months);
        metric_summary.samples.get(&(months.start, months.end)).expect("its sample was asked for")
    }

    /// The share of trials that stay below an amount, and of those that come to just it, with their standard errors; unknown where a
    /// value is.
    pub(super) fn position(&self, metric: Metric, scope: usize, months: &Range<usize>, amount: f64) -> [Estimate; 2] {
        let (metric_summary, months) = self.metric_summary(metric, scope, months);
        let below = metric_summary.below.get(&(months.start, months.end, amount.to_bits())).expect("it was asked for");
        below.position(self.model().trials)
    }

    /// Where every trial reaches a level.
    pub(super) fn reached(&self, metric: Metric, scope: usize, periods: &[Range<usize>], level: f64) -> &LevelReached {
        let metric_summary = self.metrics.get(&(metric, self.scopes.scope(scope))).expect("it was asked for");
        metric_summary.reached.get(&(periods.to_vec(), level.to_bits())).expect("it was asked for")
    }

    fn metric_summary(&self, metric: Metric, scope: usize, months: &Range<usize>) -> (&MetricSummary, Range<usize>) {
        let (metric, scope, months) = self.scopes.of(metric, scope, months);
        (self.metrics.get(&(metric, scope)).expect("it was asked about"), months)
    }
}

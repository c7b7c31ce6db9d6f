//! What the forecast asks of the trials, gathered first, so that each metric is formed once a piece of trials and serves
//! all that is asked of it.

use std::ops::Range;

use indexmap::IndexMap;

use super::metric_summary::MetricSummary;
use super::scope_index::ScopeIndex;
use super::summaries::Summaries;
use super::summary::Summary;
use crate::engine::{Memory, Run, RunError};
use crate::model::{Figure, Model};
use crate::outcomes::Outcomes;
use crate::scenario::Metric;
use crate::stats::TwoPassQuantiles;

/// Trials whose values of a metric are formed together: few enough to stay in a core's cache.
pub(super) const PIECE: usize = 2_048;
/// Runs of no more trials than this take each sample as a whole, which then is in the cache as well.
const WHOLE: usize = 16_384;

/// Questions by metric and scope.
#[derive(Debug)]
pub(super) struct SummaryRequest<'m> {
    scopes: ScopeIndex<'m>,
    metrics: IndexMap<(Metric, usize), MetricSummary>,
}

impl<'m> SummaryRequest<'m> {
    pub(super) fn new(model: &'m Model) -> SummaryRequest<'m> {
        SummaryRequest { scopes: ScopeIndex::new(model), metrics: IndexMap::new() }
    }

    /// Asks for the bands of a period.
    pub(super) fn bands(&mut self, metric: Metric, scope: usize, months: &Range<usize>) {
        let (metric_summary, months) = self.metric_summary(metric, scope, months);
        metric_summary.asked.push(months);
    }

    /// Asks for a period's value in every trial.
    pub(super) fn sample(&mut self, metric: Metric, scope: usize, months: &Range<usize>) {
        let (metric_summary, months) = self.metric_summary(metric, scope, months);
        metric_summary.samples.entry((months.start, months.end)).or_default();
    }

    /// Asks for the share of trials that stay below an amount.
    pub(super) fn below(&mut self, metric: Metric, scope: usize, months: &Range<usize>, amount: f64) {
        let (metric_summary, months) = self.metric_summary(metric, scope, months);
        metric_summary.below.entry((months.start, months.end, amount.to_bits())).or_default();
    }

    /// Asks in which of several periods every trial reaches a level.
    pub(super) fn reached(&mut self, metric: Metric, scope: usize, periods: &[Range<usize>], level: f64) {
        let metric_summary = self.about(metric, self.scopes.scope(scope));
        metric_summary.reached.entry((periods.to_vec(), level.to_bits())).or_default();
    }

    fn metric_summary(
        &mut self,
        metric: Metric,
        scope: usize,
        months: &Range<usize>,
    ) -> (&mut MetricSummary, Range<usize>) {
        let (metric, scope, months) = self.scopes.of(metric, scope, months);
        (self.about(metric, scope), months)
    }

    fn about(&mut self, metric: Metric, scope: usize) -> &mut MetricSummary {
        let model = self.scopes.model;
        self.metrics.entry((metric, scope)).or_insert_with(|| MetricSummary::new(model, metric, scope))
    }

    /// How many periods of series bands are asked of.
    pub(super) fn asked(&self) -> usize {
        self.metrics.values().map(|metric| metric.asked.len()).sum()
    }

    /// About how many bytes the answers take while they are formed, beside the outcomes.
    pub(super) fn bytes(&self, memory: Memory) -> f64 {
        let model = self.scopes.model;
        let metrics = self.metrics.values();
        // Sorted copies are at work beside the samples themselves, which an input has like a figure.
        let samples =
            6 + model.inputs.len() + 2 * model.classes.len() + metrics.map(MetricSummary::samples_held).sum::<usize>();
        let asked = self.asked() as f64;
        let whole = memory.keeps(model) && model.trials <= WHOLE;
        // Its bands and their errors as found and as written down, and what finds them in pieces.
        let each = 1_200.0 + if whole { 0.0 } else { 300.0 + TwoPassQuantiles::bytes(model.trials) };
        8.0 * (model.trials * samples) as f64 + asked * each
    }

    /// Looks at all trials, once where they are few and kept, else twice and piece after piece.
    ///
    /// # Errors
    /// [`RunError`] of the trials that are played for it.
    pub(super) fn summarize(mut self, run: &Run) -> Result<Summaries<'m>, RunError> {
        let model = self.scopes.model;
        let summary = Summary::new(model.trials);
        let mut metrics: Vec<&mut MetricSummary> = self.metrics.values_mut().collect();
        metrics.iter_mut().for_each(|metric_summary| metric_summary.settle());
        let mut inputs = vec![Vec::with_capacity(model.trials); model.inputs.len()];
        let mut classes = vec![[(); 2].map(|()| Vec::new()); model.classes.len()];
        let regions = &model.scopes[Figure::main(model).scope].regions;
        let mut take_classes = |chunk: &Outcomes| {
            for (class, told) in classes.iter_mut().enumerate() {
                told.iter_mut().zip(chunk.of_class(class, regions)).for_each(|(all, values)| all.extend(values));
            }
        };
        if let Some(all) = run.kept().filter(|_| model.trials <= WHOLE) {
            run.execution
                .workers
                .each(&mut metrics, |metric_summary| metric_summary.look(model, all, &mut summary.clone()));
            inputs.iter_mut().enumerate().for_each(|(i, values)| *values = all.input(i));
            take_classes(all);
        } else {
            metrics.iter_mut().for_each(|metric_summary| metric_summary.prepare(model.trials));
            run.each_chunk::<RunError>(|chunk| {
                run.execution.workers.each(&mut metrics, |metric_summary| {
                    chunk.pieces(PIECE).for_each(|piece| metric_summary.first_pass(model, &piece));
                });
                inputs.iter_mut().enumerate().for_each(|(i, values)| values.extend(chunk.input(i)));
                take_classes(chunk);
                Ok(())
            })?;
            run.execution.workers.each(&mut metrics, |metric_summary| metric_summary.between_passes(&summary));
            run.each_chunk::<RunError>(|chunk| {
                run.execution.workers.each(&mut metrics, |metric_summary| {
                    chunk.pieces(PIECE).for_each(|piece| metric_summary.second_pass(model, &piece));
                });
                Ok(())
            })?;
            run.execution.workers.each(&mut metrics, |metric_summary| metric_summary.finish(&mut summary.clone()));
        }
        Ok(Summaries { scopes: self.scopes, metrics: self.metrics, inputs, classes })
    }
}

//! What the forecast asks of the trials, gathered first, so that each metric is formed once a piece of trials and serves
//! all that is asked of it.

use std::ops::Range;

use indexmap::IndexMap;

use super::answers::Answers;
use super::scope_index::ScopeIndex;
use super::subject::Subject;
use super::summary::Summary;
use crate::engine::{Memory, Run, RunError};
use crate::model::Model;
use crate::scenario::Metric;
use crate::stats::TwoPassQuantiles;

/// Trials whose values of a metric are formed together: few enough to stay in a core's cache.
pub(super) const PIECE: usize = 2_048;
/// Runs of no more trials than this take each sample as a whole, which then is in the cache as well.
const WHOLE: usize = 16_384;

/// Questions by metric and scope.
#[derive(Debug)]
pub(super) struct Questions<'m> {
    scopes: ScopeIndex<'m>,
    subjects: IndexMap<(Metric, usize), Subject>,
}

impl<'m> Questions<'m> {
    pub(super) fn new(model: &'m Model) -> Questions<'m> {
        Questions { scopes: ScopeIndex::new(model), subjects: IndexMap::new() }
    }

    /// Asks for the bands of a period.
    pub(super) fn bands(&mut self, metric: Metric, scope: usize, months: &Range<usize>) {
        let (subject, months) = self.subject(metric, scope, months);
        subject.asked.push(months);
    }

    /// Asks for a period's value in every trial.
    pub(super) fn sample(&mut self, metric: Metric, scope: usize, months: &Range<usize>) {
        let (subject, months) = self.subject(metric, scope, months);
        subject.samples.entry((months.start, months.end)).or_default();
    }

    /// Asks for the share of trials that stay below an amount.
    pub(super) fn below(&mut self, metric: Metric, scope: usize, months: &Range<usize>, amount: f64) {
        let (subject, months) = self.subject(metric, scope, months);
        subject.below.entry((months.start, months.end, amount.to_bits())).or_default();
    }

    /// Asks in which of several periods every trial reaches a level.
    pub(super) fn reached(&mut self, metric: Metric, scope: usize, periods: &[Range<usize>], level: f64) {
        let subject = self.about(metric, self.scopes.scope(scope));
        subject.reached.entry((periods.to_vec(), level.to_bits())).or_default();
    }

    fn subject(&mut self, metric: Metric, scope: usize, months: &Range<usize>) -> (&mut Subject, Range<usize>) {
        let (metric, scope, months) = self.scopes.of(metric, scope, months);
        (self.about(metric, scope), months)
    }

    fn about(&mut self, metric: Metric, scope: usize) -> &mut Subject {
        let model = self.scopes.model;
        self.subjects.entry((metric, scope)).or_insert_with(|| Subject::new(model, metric, scope))
    }

    /// About how many bytes the answers take while they are formed, beside the outcomes.
    pub(super) fn bytes(&self, memory: Memory) -> f64 {
        let model = self.scopes.model;
        let subjects = self.subjects.values();
        // Sorted copies are at work beside the samples themselves, which an input has like a figure.
        let samples = 6 + model.inputs.len() + subjects.clone().map(Subject::samples_held).sum::<usize>();
        let asked = subjects.map(|subject| subject.asked.len()).sum::<usize>() as f64;
        let whole = memory.keeps(model) && model.trials <= WHOLE;
        // Its bands and their errors as found and as written down, and what finds them in pieces.
        let each = 800.0 + if whole { 0.0 } else { 300.0 + TwoPassQuantiles::bytes(model.trials) };
        8.0 * (model.trials * samples) as f64 + asked * each
    }

    /// Looks at all trials, once where they are few and kept, else twice and piece after piece.
    ///
    /// # Errors
    /// [`RunError`] of the trials that are played for it.
    pub(super) fn answered(mut self, run: &Run) -> Result<Answers<'m>, RunError> {
        let model = self.scopes.model;
        let summary = Summary::new(model.trials);
        let mut subjects: Vec<&mut Subject> = self.subjects.values_mut().collect();
        subjects.iter_mut().for_each(|subject| subject.settle());
        let mut inputs = vec![Vec::with_capacity(model.trials); model.inputs.len()];
        if let Some(all) = run.kept().filter(|_| model.trials <= WHOLE) {
            run.execution.workers.each(&mut subjects, |subject| subject.look(model, all, &mut summary.clone()));
            inputs.iter_mut().enumerate().for_each(|(i, values)| *values = all.input(i));
        } else {
            subjects.iter_mut().for_each(|subject| subject.prepare(model.trials));
            run.each_chunk::<RunError>(|chunk| {
                run.execution.workers.each(&mut subjects, |subject| {
                    chunk.pieces(PIECE).for_each(|piece| subject.first_pass(model, &piece));
                });
                inputs.iter_mut().enumerate().for_each(|(i, values)| values.extend(chunk.input(i)));
                Ok(())
            })?;
            run.execution.workers.each(&mut subjects, |subject| subject.between_passes(&summary));
            run.each_chunk::<RunError>(|chunk| {
                run.execution.workers.each(&mut subjects, |subject| {
                    chunk.pieces(PIECE).for_each(|piece| subject.second_pass(model, &piece));
                });
                Ok(())
            })?;
            run.execution.workers.each(&mut subjects, |subject| subject.finish(&mut summary.clone()));
        }
        Ok(Answers { scopes: self.scopes, subjects: self.subjects, inputs })
    }
}

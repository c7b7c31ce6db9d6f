//! What changes bring to percentiles of a figure.

use indexmap::IndexMap;

use super::bridge_path::{BridgePath, Measured};
use super::orderings::{ChangeSet, Orderings};
use crate::stats::{Moments, QuantileRanks, Selection};

/// The error of a percentile's change comes from so many equal batches of the trials.
const BATCHES: usize = 20;
/// Batches of fewer trials have no percentiles worth the name.
const SMALLEST_BATCH: usize = 50;

/// The percentiles of each set of changes.
pub(super) struct Percentiles {
    levels: Vec<f64>,
    /// The selection over all trials.
    whole: Selection,
    ranks: Vec<QuantileRanks>,
    /// Of a batch; `None` where there are too few trials for batches.
    batch: Option<Selection>,
    found: IndexMap<ChangeSet, Found>,
}

/// Percentiles of one set of changes, in the order of their levels.
struct Found {
    values: Vec<f64>,
    errors: Vec<Option<f64>>,
    /// The same of each batch.
    batches: Vec<Vec<f64>>,
}

impl Percentiles {
    pub(super) fn new(levels: &[f64], trials: usize) -> Percentiles {
        let ranks: Vec<QuantileRanks> = levels.iter().map(|level| QuantileRanks::new(trials, *level)).collect();
        let size = trials / BATCHES;
        Percentiles {
            levels: levels.to_vec(),
            whole: Selection::new(trials, levels, &ranks),
            ranks,
            batch: (size >= SMALLEST_BATCH).then(|| Selection::new(size, levels, &[])),
            found: IndexMap::new(),
        }
    }

    /// Sees the figure in every trial of a set of changes.
    pub(super) fn see(&mut self, made: ChangeSet, values: &[f64]) {
        if values.iter().any(|x| x.is_nan()) {
            let unknown = vec![f64::NAN; self.levels.len()];
            let errors = vec![None; self.levels.len()];
            self.found.insert(made, Found { values: unknown.clone(), errors, batches: vec![unknown; BATCHES] });
            return;
        }
        let at_levels = |of: &Selection| self.levels.iter().map(|level| of.quantile(*level)).collect::<Vec<f64>>();
        let mut batches = Vec::new();
        if let Some(batch) = &mut self.batch {
            for values in values.chunks_exact(values.len() / BATCHES).take(BATCHES) {
                batch.take(values);
                batches.push(at_levels(batch));
            }
        }
        self.whole.take(values);
        let errors = self.ranks.iter().map(|ranks| self.whole.error(ranks)).collect();
        self.found.insert(made, Found { values: at_levels(&self.whole), errors, batches });
    }

    /// What the changes bring to the percentile at a place of the levels.
    pub(super) fn way(&self, at: usize, ways: &Orderings, whole: ChangeSet, changes: usize) -> BridgePath {
        let end = |made: ChangeSet| (self.found[&made].values[at], self.found[&made].errors[at]);
        BridgePath { ends: [end(0), end(whole)], steps: self.steps(&|values| values[at], ways, changes) }
    }

    /// What they bring to the distance from the first percentile to the last. The errors of its ends come from the batches too.
    pub(super) fn width(&self, ways: &Orderings, whole: ChangeSet, changes: usize) -> BridgePath {
        let wide = |values: &[f64]| values[values.len() - 1] - values[0];
        let end = |made: ChangeSet| {
            let found = &self.found[&made];
            let batches: Vec<f64> = found.batches.iter().map(|values| wide(values)).collect();
            (wide(&found.values), Moments::of(&batches).filter(|_| batches.len() > 1).map(|m| m.mean_error))
        };
        BridgePath { ends: [end(0), end(whole)], steps: self.steps(&wide, ways, changes) }
    }

    /// Each step's error comes from the batches: the step of each, and sd/√20 over them.
    fn steps(&self, of: &dyn Fn(&[f64]) -> f64, ways: &Orderings, changes: usize) -> Vec<Measured> {
        let orders = ways.errors(changes, |made| of(&self.found[&made].values));
        let step = |i: usize, of: &dyn Fn(&Found) -> f64| -> f64 {
            self.found.iter().map(|(made, found)| ways.weights[made][i] * of(found)).sum()
        };
        (0..changes)
            .map(|i| {
                let batches: Option<Vec<f64>> = self
                    .batch
                    .as_ref()
                    .map(|_| (0..BATCHES).map(|b| step(i, &|found| of(&found.batches[b]))).collect());
                let error =
                    batches.and_then(|batches| Moments::of(&batches)).map(|m| libm::hypot(m.mean_error, orders[i]));
                (step(i, &|found| of(&found.values)), error)
            })
            .collect()
    }
}

//! What changes bring to percentiles of a figure.

use indexmap::IndexMap;

use super::bridge_path::BridgePath;
use super::orderings::{ChangeSet, Orderings};
use crate::chance::{HalfSamples, Halved};
use crate::stats::{Estimate, QuantileRanks, Selection};

/// The percentiles of each set of changes.
pub(super) struct Percentiles {
    levels: Vec<f64>,
    /// The selection over all trials.
    whole: Selection,
    ranks: Vec<QuantileRanks>,
    /// `None` where there are too few trials for errors of changes.
    halves: Option<HalfSamples>,
    found: IndexMap<ChangeSet, Found>,
}

/// Percentiles of one set of changes, in the order of their levels.
struct Found {
    values: Vec<f64>,
    errors: Vec<Option<f64>>,
    /// On halves of the trials; empty where these tell nothing.
    halved: Vec<Halved>,
}

impl Percentiles {
    pub(super) fn new(levels: &[f64], trials: usize) -> Percentiles {
        let ranks: Vec<QuantileRanks> = levels.iter().map(|level| QuantileRanks::new(trials, *level)).collect();
        Percentiles {
            levels: levels.to_vec(),
            whole: Selection::new(trials, levels, &ranks),
            ranks,
            halves: HalfSamples::new(trials, levels),
            found: IndexMap::new(),
        }
    }

    /// Sees the figure in every trial of a set of changes.
    pub(super) fn see(&mut self, made: ChangeSet, values: &[f64]) {
        if values.iter().any(|x| x.is_nan()) {
            let (values, errors) = (vec![f64::NAN; self.levels.len()], vec![None; self.levels.len()]);
            self.found.insert(made, Found { values, errors, halved: Vec::new() });
            return;
        }
        self.whole.take(values);
        let at_levels = self.levels.iter().map(|level| self.whole.quantile(*level)).collect();
        let errors = self.ranks.iter().map(|ranks| self.whole.error(ranks)).collect();
        let halved = self.halves.as_mut().map_or_else(Vec::new, |halves| halves.take(values));
        self.found.insert(made, Found { values: at_levels, errors, halved });
    }

    /// What the changes bring to the percentile at a place of the levels.
    pub(super) fn way(&self, at: usize, ways: &Orderings, whole: ChangeSet, changes: usize) -> BridgePath {
        let end = |made: ChangeSet| Estimate::unrounded(self.found[&made].values[at], self.found[&made].errors[at]);
        BridgePath { ends: [end(0), end(whole)], steps: self.steps(&[(at, 1.0)], ways, changes) }
    }

    /// What they bring to the distance from the first percentile to the last.
    pub(super) fn width(&self, ways: &Orderings, whole: ChangeSet, changes: usize) -> BridgePath {
        let wide = [(self.levels.len() - 1, 1.0), (0, -1.0)];
        let end = |made: ChangeSet| {
            let found = &self.found[&made];
            Estimate::unrounded(found.sum(&wide), Halved::sum(found.halved(&wide, 1.0)).error())
        };
        BridgePath { ends: [end(0), end(whole)], steps: self.steps(&wide, ways, changes) }
    }

    /// The steps of a sum of percentiles, by their places, with errors from halves of the trials.
    fn steps(&self, terms: &[(usize, f64)], ways: &Orderings, changes: usize) -> Vec<Estimate> {
        let orders = ways.errors(changes, |made| self.found[&made].sum(terms));
        let step = |i: usize| {
            let sets = || self.found.iter().map(move |(made, found)| (ways.weights[made][i], found));
            let halved = Halved::sum(sets().flat_map(|(weight, found)| found.halved(terms, weight)));
            let error = halved.error().map(|error| libm::hypot(error, orders[i]));
            Estimate::unrounded(sets().map(|(weight, found)| weight * found.sum(terms)).sum(), error)
        };
        (0..changes).map(step).collect()
    }
}

impl Found {
    fn sum(&self, terms: &[(usize, f64)]) -> f64 {
        terms.iter().map(|(at, factor)| factor * self.values[*at]).sum()
    }

    /// The terms on halves of the trials, times `weight`.
    fn halved(&self, terms: &[(usize, f64)], weight: f64) -> impl Iterator<Item = (f64, &Halved)> {
        terms.iter().filter_map(move |(at, factor)| Some((weight * factor, self.halved.get(*at)?)))
    }
}

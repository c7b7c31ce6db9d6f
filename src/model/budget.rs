//! A budget: amounts by scope, metric and month.

use indexmap::IndexMap;

use super::types::{Model, ScopeKind};
use crate::scenario::Metric;

/// The budgeted amounts by metric, scope and month.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// Amounts of metric and scope (an index), one a month; `None` where nothing is budgeted.
    lines: IndexMap<(Metric, usize), Vec<Option<f64>>>,
    /// How many amounts of months outside the horizon were left out.
    pub outside: usize,
}

impl Budget {
    /// Writes down an amount; gives back the one that stood there.
    pub fn set(&mut self, model: &Model, metric: Metric, scope: usize, month: usize, amount: f64) -> Option<f64> {
        let months = model.horizon.months;
        self.lines.entry((metric, scope)).or_insert_with(|| vec![None; months])[month].replace(amount)
    }

    /// Amounts of the total or of a tag that differ from what their regions, all budgeted, add up to: metric, scope (an index)
    /// and month of each. What is written down is used.
    pub fn contradictions(&self, model: &Model) -> Vec<(Metric, usize, usize)> {
        let mut found = Vec::new();
        for ((metric, s), written) in &self.lines {
            let scope = &model.scopes[*s];
            if scope.kind == ScopeKind::Region {
                continue;
            }
            for (m, sum) in self.sum(model, *metric, &scope.regions).into_iter().flatten().enumerate() {
                let differs = |(a, b): (f64, f64)| (a - b).abs() > 1e-6 * a.abs().max(b.abs()).max(1.0);
                if written[m].zip(sum).is_some_and(differs) {
                    found.push((*metric, *s, m));
                }
            }
        }
        found
    }

    /// What the regions add up to in each month; `None` where one of them is not budgeted at all.
    fn sum(&self, model: &Model, metric: Metric, regions: &[usize]) -> Option<Vec<Option<f64>>> {
        if !metric.adds_up() {
            return None;
        }
        // The scope of a region has the region's own index.
        let parts: Option<Vec<&Vec<Option<f64>>>> = regions.iter().map(|r| self.lines.get(&(metric, *r))).collect();
        let parts = parts?;
        Some((0..model.horizon.months).map(|m| parts.iter().map(|part| part[m]).sum::<Option<f64>>()).collect())
    }

    /// Whether no amount is budgeted.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines, with those of tags and of the total that are not written down but follow: where all of their regions are
    /// budgeted, amounts (unlike percentiles) add up.
    pub fn lines(&self, model: &Model) -> IndexMap<(Metric, usize), Vec<Option<f64>>> {
        let mut lines = self.lines.clone();
        for metric in model.metrics() {
            for (s, scope) in model.scopes.iter().enumerate().filter(|(_, scope)| scope.kind != ScopeKind::Region) {
                if lines.contains_key(&(metric, s)) {
                    continue;
                }
                if let Some(sum) = self.sum(model, metric, &scope.regions) {
                    lines.insert((metric, s), sum);
                }
            }
        }
        lines
    }
}

//! A budget: amounts by scope, metric and month.

use indexmap::IndexMap;

use super::{Model, ScopeKind};
use crate::scenario::Metric;

/// What is budgeted.
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

    /// Whether nothing is budgeted.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines, with those of tags and of the total that are not written down but follow: where all of their regions are
    /// budgeted, amounts (unlike percentiles) add up.
    pub fn lines(&self, model: &Model) -> IndexMap<(Metric, usize), Vec<Option<f64>>> {
        let mut lines = self.lines.clone();
        for metric in Metric::ALL {
            for (s, scope) in model.scopes.iter().enumerate().filter(|(_, scope)| scope.kind != ScopeKind::Region) {
                if lines.contains_key(&(metric, s)) {
                    continue;
                }
                // The scope of a region has the region's own index.
                let parts: Option<Vec<&Vec<Option<f64>>>> =
                    scope.regions.iter().map(|r| self.lines.get(&(metric, *r))).collect();
                let Some(parts) = parts else { continue };
                let sum = |m: usize| parts.iter().map(|part| part[m]).sum::<Option<f64>>();
                lines.insert((metric, s), (0..model.horizon.months).map(sum).collect());
            }
        }
        lines
    }
}

//! Where the figures of scopes are found, several of which may be one.

use std::collections::HashMap;
use std::ops::Range;

use crate::model::Model;
use crate::scenario::Metric;

/// Where figures are found, several of which may be one.
#[derive(Debug)]
pub(super) struct ScopeIndex<'m> {
    pub(super) model: &'m Model,
    /// Of each scope the first one of the same regions.
    canonical: Vec<usize>,
}

impl<'m> ScopeIndex<'m> {
    pub(super) fn new(model: &'m Model) -> ScopeIndex<'m> {
        let mut first = HashMap::new();
        let scopes = model.scopes.iter().enumerate();
        ScopeIndex {
            model,
            canonical: scopes.map(|(s, scope)| *first.entry(scope.regions.as_slice()).or_insert(s)).collect(),
        }
    }

    /// The scope whose figures those of `scope` are.
    pub(super) fn scope(&self, scope: usize) -> usize {
        self.canonical[scope]
    }

    /// Where the figure of a period is found: that of a level is its last month's; no contract is renewed before its term is
    /// over, until when total bookings are bookings.
    pub(super) fn of(&self, metric: Metric, scope: usize, months: &Range<usize>) -> (Metric, usize, Range<usize>) {
        let months = if metric.is_level() { months.end - 1..months.end } else { months.clone() };
        let begins_empty = self.model.running.is_none();
        let unrenewed = metric == Metric::TotalBookings && months.end <= self.model.shortest_term() && begins_empty;
        (if unrenewed { Metric::Bookings } else { metric }, self.scope(scope), months)
    }
}

//! Draws of all that was fitted together: a column a quantity, by its path in the scenario, a row a draw.

use crate::stats::Moments;

/// Joint draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draws {
    /// The path of each quantity, and its draws.
    pub columns: Vec<(String, Vec<f64>)>,
}

impl Draws {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// The draws of a quantity.
    pub fn column(&self, path: &str) -> Option<&[f64]> {
        self.columns.iter().find(|(name, _)| name == path).map(|(_, column)| column.as_slice())
    }

    pub(super) fn push(&mut self, path: String, column: Vec<f64>) {
        self.columns.push((path, column));
    }
}

/// The mean and the standard deviation of draws.
pub(super) fn moments(draws: &[f64]) -> (f64, f64) {
    Moments::of(draws).map_or((f64::NAN, f64::NAN), |moments| (moments.mean, moments.sd))
}

//! A column of a table of joint draws.

use std::sync::Arc;

/// Values of a quantity, row by row of a table, each with the same chance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct JointColumn {
    values: Arc<[f64]>,
    ascending: Arc<[f64]>,
    mean: f64,
}

impl JointColumn {
    /// The column of these values, of which there is one at least.
    pub(super) fn new(values: Vec<f64>) -> JointColumn {
        let mut ascending = values.clone();
        ascending.sort_unstable_by(f64::total_cmp);
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        JointColumn { values: values.into(), ascending: ascending.into(), mean }
    }

    /// The value of a row, counted from 0, from the first row on again after the last.
    pub(super) fn in_row(&self, row: u64) -> f64 {
        self.values[(row % self.values.len() as u64) as usize]
    }

    /// The value that a part `u` of the rows lies below.
    pub(super) fn quantile(&self, u: f64) -> f64 {
        let place = (u * self.ascending.len() as f64) as usize;
        self.ascending[place.min(self.ascending.len() - 1)]
    }

    /// The mean of the rows.
    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// The mean of f over the rows.
    pub(super) fn mean_of(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.values.iter().map(|x| f(*x)).sum::<f64>() / self.values.len() as f64
    }
}

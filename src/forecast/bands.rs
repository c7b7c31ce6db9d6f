//! The bands of a figure, of one period or in columns over periods.

use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Estimates};

/// The bands of a figure: its mean, standard deviation and quantiles, each with its standard error.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bands<T> {
    /// The arithmetic mean of all trials.
    pub mean: T,
    /// The standard deviation over all trials.
    pub sd: T,
    /// The value that 5 % of outcomes fall below.
    pub p5: T,
    /// The value that 10 % of outcomes fall below.
    pub p10: T,
    /// The value that 25 % of outcomes fall below.
    pub p25: T,
    /// The median, which half of the outcomes fall below.
    pub p50: T,
    /// The value that 75 % of outcomes fall below.
    pub p75: T,
    /// The value that 90 % of outcomes fall below.
    pub p90: T,
    /// The value that 95 % of outcomes fall below.
    pub p95: T,
}

impl<T> Bands<T> {
    /// Column names, in order.
    pub const COLUMNS: [&'static str; 9] = ["mean", "sd", "p5", "p10", "p25", "p50", "p75", "p90", "p95"];

    /// Column names in the order of CSV files, where the deviation comes last.
    pub const FILE_COLUMNS: [&'static str; 9] = ["mean", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "sd"];

    /// The columns, in order.
    pub fn columns(&self) -> [&T; 9] {
        [&self.mean, &self.sd, &self.p5, &self.p10, &self.p25, &self.p50, &self.p75, &self.p90, &self.p95]
    }

    /// From columns in order.
    pub(crate) fn from_columns(columns: [T; 9]) -> Bands<T> {
        let [mean, sd, p5, p10, p25, p50, p75, p90, p95] = columns;
        Bands { mean, sd, p5, p10, p25, p50, p75, p90, p95 }
    }
}

impl Bands<Estimate> {
    /// The estimates in the order of CSV files.
    pub fn in_file_order(&self) -> [Estimate; 9] {
        let Bands { mean, sd, p5, p10, p25, p50, p75, p90, p95 } = *self;
        [mean, p5, p10, p25, p50, p75, p90, p95, sd]
    }
}

impl Bands<Estimates> {
    /// The bands at an index, such as those of one month.
    pub fn at(&self, i: usize) -> Bands<Estimate> {
        Bands::from_columns(self.columns().map(|column| column.at(i)))
    }
}

//! The percentiles at which figures are taken apart.

use serde::{Deserialize, Serialize};

/// The percentiles at which the main figure is taken apart: a bad, a middle and a good outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The value that 10 % of outcomes fall below.
    P10,
    /// The value that half of the outcomes fall below.
    P50,
    /// The value that 90 % of outcomes fall below.
    P90,
}

impl At {
    /// All of them, ascending.
    pub const ALL: [At; 3] = [At::P10, At::P50, At::P90];

    /// The percentile as a probability: 0.1, 0.5 or 0.9.
    pub fn probability(self) -> f64 {
        match self {
            At::P10 => 0.1,
            At::P50 => 0.5,
            At::P90 => 0.9,
        }
    }
}

//! How precise a forecast was asked to be, and how precise it is.

use serde::{Deserialize, Serialize};

use super::document::{Bands, MainFigure};

/// The precision that was asked of a run, and what became of it.
///
/// Precision is the largest standard error of P10, P50 and P90 of the main figure, as a share of |P50|.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Precision {
    /// What was asked for, such as 0.005.
    pub wanted: f64,
    /// What was reached; unknown where the median is 0, or where there are too few futures to tell.
    pub reached: Option<f64>,
    /// Whether that is enough. If not, no more futures were allowed.
    pub met: bool,
    /// How many futures were allowed.
    pub most: usize,
}

impl MainFigure {
    /// How precise it is: the largest standard error of P10, P50 and P90 as a share of |P50|. Unknown where the median is 0, and where there are
    /// too few futures to tell.
    pub fn precision(&self) -> Option<f64> {
        let Bands { p10, p50, p90, .. } = &self.bands;
        precision(p50.value?, [p10.error?, p50.error?, p90.error?])
    }
}

/// The largest of the errors as a share of the median.
pub(crate) fn precision(p50: f64, errors: [f64; 3]) -> Option<f64> {
    let largest = errors.into_iter().fold(0.0, f64::max);
    let share = if largest == 0.0 { 0.0 } else { largest / p50.abs() };
    share.is_finite().then_some(share)
}

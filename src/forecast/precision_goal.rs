//! How precise a forecast was asked to be, and how precise it is.

use super::bands::Bands;
use super::document::MainFigure;

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

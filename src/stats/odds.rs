//! Odds of a probability.

/// The probability p, its odds p/(1 − p) multiplied by `factor`; 0 and 1 stay.
#[inline(always)]
pub fn shifted(p: f64, factor: f64) -> f64 {
    let factor = if factor < 1e300 { factor } else { 1e300 };
    let factor = if factor > 1e-300 { factor } else { 1e-300 };
    p * factor / (1.0 - p + p * factor)
}

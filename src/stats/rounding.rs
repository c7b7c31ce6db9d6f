//! Rounding to significant digits and to powers of ten.

use crate::units::power_of_ten_at_most;

/// The number `x` to `digits` significant digits.
pub(crate) fn to_digits(x: f64, digits: i32) -> f64 {
    if x == 0.0 || !x.is_finite() {
        x
    } else {
        to_step(x, power_of_ten_at_most(x.abs()) / libm::pow(10.0, f64::from(digits - 1)))
    }
}

/// What cannot be below 0 but by rounding: 0 there. What is no number stays that, unlike with [`f64::max`].
#[inline(always)]
pub(crate) fn non_negative(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

/// The multiple of a power of ten nearest to `x`, as the number that its decimal text reads as.
pub(crate) fn to_step(x: f64, step: f64) -> f64 {
    let rounded = if step >= 1.0 {
        (x / step).round() * step
    } else {
        let inverse = (1.0 / step).round();
        let scaled = x * inverse;
        // Beyond 2^53 every number is already coarser than the step.
        if scaled.abs() < 9e15 { scaled.round() / inverse } else { x }
    };
    // No negative zero in files.
    rounded + 0.0
}

//! No more digits than the Monte Carlo error supports.

use crate::units::power_of_ten_at_most;

/// An estimate and its error, both to the place of the error's third digit; without an error, to twelve digits.
pub(crate) fn rounded(value: f64, error: Option<f64>) -> (Option<f64>, Option<f64>) {
    if !value.is_finite() {
        return (None, None);
    }
    let Some(error) = error.filter(|e| e.is_finite()) else {
        return (Some(to_digits(value, 12)), None);
    };
    if error <= 0.0 {
        return (Some(to_digits(value, 12)), Some(0.0));
    }
    let step = power_of_ten_at_most(error) / 100.0;
    (Some(to_step(value, step)), Some(to_step(error, step)))
}

/// A number to `digits` significant digits.
pub(crate) fn to_digits(x: f64, digits: i32) -> f64 {
    if x == 0.0 || !x.is_finite() {
        x
    } else {
        to_step(x, power_of_ten_at_most(x.abs()) / libm::pow(10.0, f64::from(digits - 1)))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_keeps_the_digits_that_its_error_supports() {
        assert_eq!(rounded(17_812_345.678, Some(41_234.5)), (Some(17_812_300.0), Some(41_200.0)));
        assert_eq!(rounded(0.123_456_789, Some(0.004_567)), (Some(0.123_46), Some(0.004_57)));
        assert_eq!(rounded(5.0, None), (Some(5.0), None));
        assert_eq!(rounded(5.0, Some(0.0)), (Some(5.0), Some(0.0)));
        assert_eq!(rounded(f64::NAN, Some(1.0)), (None, None));
        assert_eq!(rounded(f64::INFINITY, None), (None, None));
    }
}

//! An estimate with its Monte Carlo standard error, and a column of them.

use serde::{Deserialize, Serialize};

use super::rounding::{to_digits, to_step};
use crate::units::format::chance;
use crate::units::power_of_ten_at_most;

/// An estimate with its Monte Carlo standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate; `None` where it is unknown.
    pub value: Option<f64>,
    /// Its standard error; `None` where it is unknown.
    pub error: Option<f64>,
}

/// Estimates of one kind in a row, such as the medians of all months: values in one list and errors in another, which keeps
/// documents small.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimates {
    /// The estimates, one of each period.
    pub value: Vec<Option<f64>>,
    /// Their standard errors, one for each of the values.
    pub error: Vec<Option<f64>>,
}

impl Estimate {
    /// An estimate of which nothing is known.
    pub const UNKNOWN: Estimate = Estimate { value: None, error: None };

    /// An estimate and its error, both rounded to the place of the error's third digit; to twelve digits without an error. It is unknown
    /// where `value` is not finite.
    pub fn new(value: f64, error: Option<f64>) -> Estimate {
        if !value.is_finite() {
            return Estimate::UNKNOWN;
        }
        match error.filter(|error| error.is_finite()) {
            None => Estimate { value: Some(to_digits(value, 12)), error: None },
            Some(error) if error <= 0.0 => Estimate { value: Some(to_digits(value, 12)), error: Some(0.0) },
            Some(error) => {
                let step = power_of_ten_at_most(error) / 100.0;
                Estimate { value: Some(to_step(value, step)), error: Some(to_step(error, step)) }
            }
        }
    }

    /// An estimate and its error with all their digits, to calculate with. It is unknown where `value` is not finite.
    pub fn unrounded(value: f64, error: Option<f64>) -> Estimate {
        if value.is_finite() { Estimate { value: Some(value), error } } else { Estimate::UNKNOWN }
    }

    /// A value without an error: one that was given, not estimated.
    pub fn exact(value: impl Into<Option<f64>>) -> Estimate {
        Estimate { value: value.into(), error: None }
    }

    /// The value of an estimate that is always known, such as the share of trials that meet a target; NaN of one that is not.
    pub fn known(self) -> f64 {
        self.value.unwrap_or(f64::NAN)
    }

    /// The difference from an independent estimate, with all its digits; unknown where either is.
    pub fn less(self, other: Estimate) -> Estimate {
        let error = self.error.zip(other.error).map(|(a, b)| libm::hypot(a, b));
        Estimate::unrounded(self.known() - other.known(), error)
    }

    /// What is left to 1 of an estimated share, with the same error.
    pub(crate) fn complement(self) -> Estimate {
        Estimate { value: self.value.map(|share| 1.0 - share), error: self.error }
    }

    /// An estimated chance in words, as far as its error supports: "46 in 100", "fewer than 1 in 100".
    pub(crate) fn chance(self) -> String {
        chance(self.known(), self.error)
    }

    /// Whether it is above another by more than two standard errors of their difference: which of two comes first may be decided by chance
    /// alone.
    pub fn is_clearly_above(self, other: Estimate) -> bool {
        let error = libm::hypot(self.error.unwrap_or(0.0), other.error.unwrap_or(0.0));
        self.known() - other.known() > 2.0 * error
    }

    /// Whether the estimate is more than noise: farther from 0 than three standard errors.
    pub fn is_clear(self) -> bool {
        matches!((self.value, self.error), (Some(value), Some(error)) if value.abs() > 3.0 * error)
    }
}

impl Estimates {
    /// The estimate at an index; unknown beyond the end.
    pub fn at(&self, i: usize) -> Estimate {
        Estimate { value: self.value.get(i).copied().flatten(), error: self.error.get(i).copied().flatten() }
    }

    /// The estimates, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Estimate> + '_ {
        (0..self.value.len()).map(|i| self.at(i))
    }

    /// Adds an estimate at the end.
    pub fn push(&mut self, estimate: Estimate) {
        self.value.push(estimate.value);
        self.error.push(estimate.error);
    }
}

impl FromIterator<Estimate> for Estimates {
    fn from_iter<I: IntoIterator<Item = Estimate>>(estimates: I) -> Estimates {
        let mut all = Estimates::default();
        estimates.into_iter().for_each(|estimate| all.push(estimate));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_keeps_the_digits_that_its_error_supports() {
        let rounded = |value, error| {
            let estimate = Estimate::new(value, error);
            (estimate.value, estimate.error)
        };
        assert_eq!(rounded(17_812_345.678, Some(41_234.5)), (Some(17_812_300.0), Some(41_200.0)));
        assert_eq!(rounded(0.123_456_789, Some(0.004_567)), (Some(0.123_46), Some(0.004_57)));
        assert_eq!(rounded(5.0, None), (Some(5.0), None));
        assert_eq!(rounded(5.0, Some(0.0)), (Some(5.0), Some(0.0)));
        assert_eq!(rounded(f64::NAN, Some(1.0)), (None, None));
        assert_eq!(rounded(f64::INFINITY, None), (None, None));
    }

    #[test]
    fn a_column_gives_back_its_estimates() {
        let estimates = [Estimate::new(1.0, Some(0.1)), Estimate::UNKNOWN];
        let column: Estimates = estimates.into_iter().collect();
        assert_eq!(column.iter().collect::<Vec<_>>(), estimates);
        assert_eq!(column.at(2), Estimate::UNKNOWN);
        let json = serde_json::to_string(&column).unwrap();
        assert_eq!(json, r#"{"value":[1.0,null],"error":[0.1,null]}"#);
    }
}

//! How many digits a number and its standard error are shown with.

use super::styles::{Figure, MOST_DECIMALS};
use crate::scenario::{Metric, MetricUnit};
use crate::stats::Estimate;

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Whole units of the currency.
    Money,
    /// Money with two decimals.
    Cents,
    /// How many there are.
    Count,
    /// Which month, counted from 1.
    Month,
    /// A share or a chance.
    Share,
    /// A rank correlation, from −1 to 1.
    Correlation,
}

impl Measure {
    /// What a metric is whose largest value is `most`.
    pub(super) fn of(metric: Metric, most: f64) -> Measure {
        match metric.unit() {
            MetricUnit::Money if most < 1_000.0 => Measure::Cents,
            MetricUnit::Money => Measure::Money,
            MetricUnit::Ratio => Measure::Share,
            MetricUnit::Count => Measure::Count,
        }
    }

    /// How an estimate looks, with no more digits than its error supports.
    pub(super) fn estimate(self, estimate: Estimate) -> Figure {
        let Estimate { value, error } = estimate;
        let error = error.unwrap_or(0.0);
        match self {
            Measure::Money => Figure::Money(0),
            Measure::Cents => Figure::Money(2),
            Measure::Count => Figure::Number(u8::from(value.is_some_and(|x| x.abs() < 100.0))),
            Measure::Month => Figure::Number(u8::from(value.is_some_and(|x| x.fract() != 0.0))),
            Measure::Share => Figure::Percent(u8::from(error < 0.005)),
            Measure::Correlation => Figure::Number(if error < 0.003 { 3 } else { 2 }),
        }
    }

    /// How a standard error looks: with two digits, so that none seems exact that is not.
    pub(super) fn error(self, error: Option<f64>) -> Figure {
        let error = error.unwrap_or(0.0).abs();
        match self {
            Measure::Money | Measure::Cents => Figure::Money(two_digits(error)),
            Measure::Count | Measure::Month | Measure::Correlation => Figure::Number(two_digits(error)),
            Measure::Share => Figure::Percent(two_digits(100.0 * error)),
        }
    }
}

/// The decimals at which a number has two digits that are not 0 before it.
pub(super) fn two_digits(number: f64) -> u8 {
    if number == 0.0 || !number.is_finite() {
        return 0;
    }
    // 9.96 is shown as 10.
    (1.0 - libm::floor(libm::log10(1.005 * number.abs()))).clamp(0.0, f64::from(MOST_DECIMALS)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_two_digits() {
        for (error, decimals) in
            [(0.0, 0), (114.0, 0), (11.4, 0), (9.4, 1), (9.96, 0), (0.114, 2), (0.0114, 3), (1e-9, MOST_DECIMALS)]
        {
            assert_eq!(Measure::Count.error(Some(error)), Figure::Number(decimals), "{error}");
            assert_eq!(Measure::Money.error(Some(error)), Figure::Money(decimals), "{error}");
        }
        assert_eq!(Measure::Share.error(Some(0.0012)), Figure::Percent(2));
        assert_eq!(Measure::Share.error(Some(0.012)), Figure::Percent(1));
    }

    #[test]
    fn an_estimate_has_the_digits_that_its_error_supports() {
        let count = |value| Measure::of(Metric::Leads, 1e6).estimate(Estimate::exact(value));
        assert_eq!((count(99.5), count(-3.0), count(100.0)), (Figure::Number(1), Figure::Number(1), Figure::Number(0)));
        assert_eq!(Measure::of(Metric::Bookings, 12.5).estimate(Estimate::exact(12.5)), Figure::Money(2));
        assert_eq!(Measure::of(Metric::Bookings, 12_500.0).estimate(Estimate::exact(12.5)), Figure::Money(0));
        let share = |error| Measure::of(Metric::Roi, 0.5).estimate(Estimate { value: Some(0.5), error });
        assert_eq!(share(Some(0.004)), Figure::Percent(1));
        assert_eq!(share(Some(0.04)), Figure::Percent(0));
        assert_eq!(share(None), Figure::Percent(1));
    }
}

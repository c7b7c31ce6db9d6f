//! In which unit the number of a field is told.

use crate::units::Currency;
use crate::units::format::{exact, four_digits, to_error};

/// The unit of a field's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A share of something, in percent.
    Share,
    /// A rate of growth: in percent as well, but it may be below 0 or above 1.
    Rate,
    /// A number of days.
    Days,
    /// A number of months.
    Months,
    /// An amount of money.
    Money,
    /// A number without a unit.
    Number,
    /// The logarithm of a factor, of either sign.
    Exponent,
}

impl Unit {
    /// A number as it was typed, with all its digits: 25.04 %, 45 days, €15k, 186.64.
    pub(crate) fn exact(self, currency: &Currency, x: f64) -> String {
        let number = |shift| currency.locale().write(&exact(x, shift));
        match self {
            Unit::Share | Unit::Rate => format!("{} %", number(2)),
            Unit::Days => format!("{} days", number(0)),
            Unit::Months => format!("{} months", number(0)),
            Unit::Money => currency.exact(x),
            Unit::Number | Unit::Exponent => number(0),
        }
    }

    /// A number that was estimated, with the digits that its error supports: 25.04 %, 45 days, €15.2k, 1.178.
    pub(crate) fn found(self, currency: &Currency, x: f64, error: Option<f64>) -> String {
        let number = |x, error| currency.locale().write(&to_error(x, error));
        match self {
            Unit::Share | Unit::Rate => format!("{} %", number(100.0 * x, error.map(|error| 100.0 * error))),
            Unit::Days => format!("{} days", number(x, error)),
            Unit::Months => format!("{} months", number(x, error)),
            Unit::Money if error.is_none() => currency.exact(four_digits(x)),
            Unit::Money => currency.within(x, error),
            Unit::Number | Unit::Exponent => number(x, error),
        }
    }

    /// A number that was worked out, with three or four digits: 25 %, 45 days, €15k, 186.6.
    pub(crate) fn said(self, currency: &Currency, x: f64) -> String {
        let number = |x| currency.number(x);
        match self {
            Unit::Share | Unit::Rate => format!("{} %", number(100.0 * x)),
            Unit::Days => format!("{} days", number(x)),
            Unit::Months => format!("{} months", number(x)),
            Unit::Money => currency.exact(four_digits(x)),
            Unit::Number | Unit::Exponent => number(x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_as_they_were_entered() {
        let euro = Currency::new("EUR").unwrap();
        assert_eq!(Unit::Rate.said(&euro, -0.05), "−5 %");
        let exact = [(Unit::Share, 0.2504), (Unit::Number, 186.64), (Unit::Days, 78.75), (Unit::Money, 26_605.0)];
        assert_eq!(exact.map(|(unit, x)| unit.exact(&euro, x)), ["25.04 %", "186.64", "78.75 days", "€26,605"]);
        assert_eq!(exact.map(|(unit, x)| unit.said(&euro, x)), ["25.04 %", "186.6", "78.75 days", "€26,610"]);
    }
}

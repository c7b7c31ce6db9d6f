//! In which unit the number of a field is told.

use crate::units::{Currency, few_digits};

/// The unit of a field's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A share of something, in percent.
    Share,
    /// A rate of growth: in percent as well, but it may be below 0 or above 1.
    Rate,
    /// A number of days.
    Days,
    /// An amount of money.
    Money,
    /// A number without a unit.
    Number,
}

impl Unit {
    /// A number as it was entered: 25 %, 45 days, €15k, 186.6.
    pub(crate) fn said(self, currency: &Currency, x: f64) -> String {
        let number = |x| currency.locale().write(&few_digits(x));
        match self {
            Unit::Share | Unit::Rate => format!("{} %", number(100.0 * x)),
            Unit::Days => format!("{} days", number(x)),
            Unit::Money => currency.exact(x),
            Unit::Number => number(x),
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
        assert_eq!(Unit::Money.said(&euro, 15_000.0), "€15k");
    }
}

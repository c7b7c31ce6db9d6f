//! In which unit the number of a field is told.

use crate::units::{Currency, few_digits};

/// The unit of a field's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A share of something, in percent.
    Share,
    /// A rate of growth: in percent as well, but it may be below 0 or above 1.
    Rate,
    /// Days.
    Days,
    /// An amount of money.
    Money,
    /// A mere number.
    Number,
}

impl Unit {
    /// Of the field at a path, or of a parameter of it.
    pub(crate) fn of(path: &str) -> Unit {
        const OWN: [&str; 2] = [".cv", ".rho"];
        const KNOWN: [(&str, Unit); 9] = [
            (".conversion", Unit::Share),
            (".retention", Unit::Share),
            (".expansion", Unit::Rate),
            ("].pass", Unit::Share),
            (".growth", Unit::Rate),
            ("].rate", Unit::Rate),
            ("mean_days", Unit::Days),
            (".deal_size.mean", Unit::Money),
            ("].amount", Unit::Money),
        ];
        let known = |path: &str| KNOWN.iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, unit)| *unit);
        if OWN.iter().any(|ending| path.ends_with(ending)) {
            return Unit::Number;
        }
        let parameter = || known(path.rsplit_once('.')?.0);
        known(path).or_else(parameter).unwrap_or(Unit::Number)
    }

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
    fn fields_are_told_in_their_own_units() {
        for (path, unit) in [
            ("regions.a.conversion", Unit::Share),
            ("regions.a.conversion.mean", Unit::Share),
            ("regions.a.conversion.cv", Unit::Number),
            ("regions.a.cycle.mean_days.p10", Unit::Days),
            ("regions.a.cycle.cv", Unit::Number),
            ("regions.a.deal_size.mean", Unit::Money),
            ("regions.a.leads.monthly.mean", Unit::Number),
            ("regions.a.leads.growth[0].rate.mode", Unit::Rate),
            ("investment[Sales team].amount", Unit::Money),
            ("market.volatility", Unit::Number),
        ] {
            assert_eq!(Unit::of(path), unit, "{path}");
        }
        let euro = Currency::new("EUR").unwrap();
        assert_eq!(Unit::Rate.said(&euro, -0.05), "−5 %");
        assert_eq!(Unit::Money.said(&euro, 15_000.0), "€15k");
    }
}

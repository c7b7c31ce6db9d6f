//! From when to when a period lasts, whichever run speaks of it.

use crate::units::{Frequency, Horizon, Month, Period, Periods, period_label};

/// The first and the last month of a period and its kind, for a series whose newest run plays `newest`. A period may lie before that
/// horizon or beyond it; one that begins with the horizon ("total", "to 2028-12") begins with that one. `None` for what is no single
/// period.
///
/// ```
/// # use revcast::{analysis::span_of, units::{Frequency, Horizon}};
/// let newest = Horizon { start: "2027-01".parse().unwrap(), months: 12, fiscal_first_month: 7 };
/// let (first, last, every) = span_of("FY27", &newest).unwrap();
/// assert_eq!((first.to_string(), last.to_string(), every), ("2026-07".into(), "2027-06".into(), Frequency::FiscalYear));
/// ```
pub fn span_of(period: &str, newest: &Horizon) -> Option<(Month, Month, Frequency)> {
    let period = period_label(period);
    let period = period.as_str();
    if period == "total" || period.starts_with("to ") {
        return one(newest, period);
    }
    // Fiscal years of two digits mean the century of the horizon's start.
    let century = newest.start.year().div_euclid(100) * 100;
    let wide = Horizon { start: Month::new(century - 100, 1).or(Month::new(century, 1))?, months: 3_600, ..*newest };
    let of_century = Horizon { start: Month::new(century, 1)?, months: 1_200, ..*newest };
    one(&of_century, period).or_else(|| one(&wide, period).filter(|_| !period.starts_with("FY")))
}

fn one(horizon: &Horizon, period: &str) -> Option<(Month, Month, Frequency)> {
    match horizon.parse(period) {
        Ok(Periods::One(Period { months, every, .. })) => {
            Some((horizon.month(months.start), horizon.month(months.end.checked_sub(1)?), every))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_outside_the_newest_horizon_have_their_months_too() {
        let newest = Horizon { start: "2028-01".parse().unwrap(), months: 24, fiscal_first_month: 1 };
        let found = |period: &str| span_of(period, &newest).map(|(first, last, _)| format!("{first} {last}"));
        assert_eq!(found("2027-03").as_deref(), Some("2027-03 2027-03"));
        assert_eq!(found("2026").as_deref(), Some("2026-01 2026-12"));
        assert_eq!(found("2031-Q2").as_deref(), Some("2031-04 2031-06"));
        assert_eq!(found("total").as_deref(), Some("2028-01 2029-12"));
        assert_eq!(found("to 2028-12").as_deref(), Some("2028-01 2028-12"));
        for none in ["each-month", "", "2027-13", "to 2027-12", "Q1"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}

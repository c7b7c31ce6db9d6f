//! How many digits a number and its standard error are shown with.

use super::styles::{MOST_DECIMALS, NumberStyle};
use crate::scenario::{Metric, MetricUnit};
use crate::stats::Estimate;
use crate::units::format::{brief_chance, exact};
use crate::units::{power_of_ten_at_most, third_digit};

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberKind {
    /// Whole units of the currency.
    Money,
    /// Amounts in hundredths of the currency.
    Cents,
    /// How many there are.
    Count,
    /// How many there are, of what comes in whole numbers.
    Whole,
    /// A number of months.
    Months,
    /// A share, which may be above 100 %.
    Share,
    /// A chance, which never reads 0 or 100 %.
    Chance,
    /// Rank correlations, from −1 to 1.
    Correlation,
}

impl NumberKind {
    /// What a metric is whose largest value in a row or column is `most`: all of that are written alike.
    pub(super) fn of(metric: Metric, most: f64) -> NumberKind {
        match metric.unit() {
            MetricUnit::Money if most < 1_000.0 => NumberKind::Cents,
            MetricUnit::Money => NumberKind::Money,
            MetricUnit::Ratio => NumberKind::Share,
            MetricUnit::Months => NumberKind::Months,
            MetricUnit::Count if most < 10.0 => NumberKind::Count,
            MetricUnit::Count => NumberKind::Whole,
        }
    }

    /// How an estimate looks, with no more digits than its error supports.
    pub(super) fn estimate(self, estimate: Estimate) -> NumberStyle {
        let error = estimate.error.unwrap_or(0.0);
        match self {
            NumberKind::Money => NumberStyle::Money(0),
            NumberKind::Cents => NumberStyle::Money(2),
            NumberKind::Count => NumberStyle::Number(1),
            NumberKind::Whole => NumberStyle::Number(0),
            NumberKind::Months => {
                let place =
                    third_digit(estimate.known()).max(if error > 0.0 { power_of_ten_at_most(error) } else { 0.0 });
                NumberStyle::Number((-libm::log10(place)).round().clamp(0.0, f64::from(MOST_DECIMALS)) as u8)
            }
            NumberKind::Share => NumberStyle::Percent(u8::from(error < 0.005)),
            NumberKind::Chance => chance(estimate),
            NumberKind::Correlation => NumberStyle::Number(if error < 0.003 { 3 } else { 2 }),
        }
    }

    /// How a standard error looks: with two digits, so that none seems exact that is not.
    pub(super) fn error(self, error: Option<f64>) -> NumberStyle {
        let error = error.unwrap_or(0.0).abs();
        match self {
            NumberKind::Money | NumberKind::Cents => NumberStyle::Money(two_digits(error)),
            NumberKind::Count | NumberKind::Whole | NumberKind::Months | NumberKind::Correlation => {
                NumberStyle::Number(two_digits(error))
            }
            NumberKind::Share | NumberKind::Chance => NumberStyle::Percent(two_digits(100.0 * error)),
        }
    }
}

/// A chance as everywhere: "46%", "<1%" where it would read 0, ">99%" where it would read 100.
fn chance(Estimate { value, error }: Estimate) -> NumberStyle {
    let said = value.map_or_else(String::new, |share| brief_chance(share, error));
    let bound = |sign| said.strip_prefix(sign).and_then(|rest| rest.split(' ').next()?.parse().ok());
    match (bound('<'), bound('>')) {
        (Some(percent), _) => NumberStyle::Below(percent),
        (_, Some(percent)) => NumberStyle::Above(percent),
        _ => NumberStyle::Percent(0),
    }
}

/// How a level or an amount of a metric that somebody typed looks: with the decimals that it has.
pub(super) fn typed(metric: Metric, level: f64) -> NumberStyle {
    let decimals = |shift| {
        let digits = exact(level, shift);
        digits.split_once('.').map_or(0, |(_, decimals)| decimals.len()).min(usize::from(MOST_DECIMALS)) as u8
    };
    match metric.unit() {
        MetricUnit::Money => NumberStyle::Money(decimals(0)),
        MetricUnit::Ratio => NumberStyle::Percent(decimals(2)),
        MetricUnit::Count | MetricUnit::Months => NumberStyle::Number(decimals(0)),
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
            assert_eq!(NumberKind::Count.error(Some(error)), NumberStyle::Number(decimals), "{error}");
            assert_eq!(NumberKind::Money.error(Some(error)), NumberStyle::Money(decimals), "{error}");
        }
        assert_eq!(NumberKind::Share.error(Some(0.0012)), NumberStyle::Percent(2));
        assert_eq!(NumberKind::Share.error(Some(0.012)), NumberStyle::Percent(1));
    }

    #[test]
    fn what_was_typed_has_the_decimals_of_its_own() {
        let typed = [(Metric::Bookings, 10_049_000.5), (Metric::WonDeals, 110.25), (Metric::Roi, 0.142_5)]
            .map(|(metric, level)| typed(metric, level));
        assert_eq!(typed, [NumberStyle::Money(1), NumberStyle::Number(2), NumberStyle::Percent(2)]);
    }

    #[test]
    fn a_chance_never_reads_0_or_100() {
        let of = |share, error| NumberKind::Chance.estimate(Estimate { value: Some(share), error: Some(error) });
        assert_eq!(of(0.472, 0.005), NumberStyle::Percent(0));
        assert_eq!([of(0.0, 5e-5), of(0.9999, 1e-4)], [NumberStyle::Below(1), NumberStyle::Above(99)]);
        assert_eq!(of(1.0, 0.007), NumberStyle::Above(97));
    }

    #[test]
    fn an_estimate_has_the_digits_that_its_error_supports() {
        let count = |most| NumberKind::of(Metric::Leads, most).estimate(Estimate::exact(3.5));
        assert_eq!((count(9.5), count(10.0)), (NumberStyle::Number(1), NumberStyle::Number(0)));
        assert_eq!(NumberKind::of(Metric::Bookings, 12.5).estimate(Estimate::exact(12.5)), NumberStyle::Money(2));
        assert_eq!(NumberKind::of(Metric::Bookings, 12_500.0).estimate(Estimate::exact(12.5)), NumberStyle::Money(0));
        let share = |error| NumberKind::of(Metric::Roi, 0.5).estimate(Estimate { value: Some(0.5), error });
        assert_eq!(share(Some(0.004)), NumberStyle::Percent(1));
        assert_eq!(share(Some(0.04)), NumberStyle::Percent(0));
        assert_eq!(share(None), NumberStyle::Percent(1));
    }
}

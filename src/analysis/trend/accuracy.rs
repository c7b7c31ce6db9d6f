//! How forecasts held against what happened.

use super::document::{Accuracy, Backtest};
use crate::stats::{Estimate, hits_range, separate};
use crate::units::{Frequency, Month};

/// The chance that an outcome lies from P10 to P90, if the forecast is right.
const INSIDE: f64 = 0.8;
/// A period with something known: what was forecast of it before it began, and when it begins and ends.
pub(super) type Known<'a> = (&'a str, Option<Backtest>, (Month, Month));

impl Accuracy {
    /// Of periods of one kind.
    pub(super) fn new(every: Frequency, known: Vec<Known<'_>>) -> Accuracy {
        let left_out = known.iter().filter(|(_, found, _)| found.is_none()).map(|(period, ..)| (*period).to_owned());
        let left_out = left_out.collect();
        let (checked, months): (Vec<Backtest>, Vec<_>) =
            known.into_iter().filter_map(|(_, found, months)| Some((found?, months))).unzip();
        let begin = months.iter().map(|(first, _)| *first).min().unwrap_or_default();
        let place = |month: Month| month.since(begin) as usize;
        let spans: Vec<_> = months.into_iter().map(|(first, last)| place(first)..place(last) + 1).collect();
        let apart = separate(&spans);
        let is_inside = |i: &&usize| (checked[**i].p10..=checked[**i].p90).contains(&checked[**i].actual);
        let errors: Vec<f64> = checked.iter().map(|found| found.p50 - found.actual).collect();
        let sizes: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
        let whole: f64 = checked.iter().map(|found| found.actual.abs()).sum();
        let missed: f64 = sizes.iter().sum();
        Accuracy {
            every,
            left_out,
            mean_error: mean(&errors),
            mean_absolute_error: mean(&sizes),
            share_of_actuals: (whole > 0.0).then(|| missed / whole),
            separate: apart.len(),
            inside: apart.iter().filter(is_inside).count(),
            acceptance: hits_range(apart.len(), INSIDE),
            checked,
        }
    }
}

/// A mean with its standard error; unknown of nothing, without an error of one.
fn mean(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    if values.is_empty() {
        return Estimate::UNKNOWN;
    }
    let mean = values.iter().sum::<f64>() / n;
    let square: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    Estimate::new(mean, (values.len() > 1).then(|| libm::sqrt(square / (n - 1.0) / n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(period: &str, actual: f64) -> Known<'_> {
        let month: Month = period.parse().unwrap();
        let (when, p10, p50, p90) = (jiff::Timestamp::UNIX_EPOCH, 80.0, 100.0, 125.0);
        let found = Backtest { period: period.to_owned(), actual, run: 1, when, p10, p50, p90 };
        (period, Some(found), (month, month))
    }

    #[test]
    fn errors_are_those_of_medians_and_a_bound_lies_inside() {
        let mut known = vec![check("2027-01", 90.0), check("2027-02", 125.0), check("2027-03", 70.0)];
        known.push(("2026-12", None, ("2026-12".parse().unwrap(), "2026-12".parse().unwrap())));
        let found = Accuracy::new(Frequency::Month, known);
        assert_eq!((found.checked.len(), found.inside, found.acceptance), (3, 2, Some((1, 3))));
        assert_eq!(found.left_out, ["2026-12"]);
        assert!((found.mean_error.value.unwrap() - 5.0).abs() < 0.01 && found.mean_error.error.is_some());
        assert!((found.mean_absolute_error.value.unwrap() - 65.0 / 3.0).abs() < 0.01);
        assert!((found.share_of_actuals.unwrap() - 65.0 / 285.0).abs() < 1e-12);
        assert_eq!(found.separate, 3);
    }

    #[test]
    fn nothing_known_is_unknown_and_shared_months_are_seen() {
        let none = Accuracy::new(Frequency::Month, Vec::new());
        assert_eq!((none.mean_error, none.share_of_actuals, none.acceptance), (Estimate::UNKNOWN, None, None));
        // Of a span that holds the month before it, and that month, one is a fact: the one that ends first.
        let mut known = vec![check("2027-01", 70.0), check("2027-02", 125.0)];
        known[1].2.0 = known[0].2.0;
        let found = Accuracy::new(Frequency::Span, known);
        assert_eq!((found.checked.len(), found.separate, found.inside, found.acceptance), (2, 1, 0, Some((0, 1))));
    }
}

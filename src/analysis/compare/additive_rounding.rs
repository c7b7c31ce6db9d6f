//! Rounding that adds up.

use super::document::Span;
use crate::scenario::{Metric, MetricUnit};
use crate::stats::{Estimate, to_step};
use crate::units::power_of_ten_at_most;

/// Numbers rounded to multiples of `step`, a power of ten, so that the first of `ends` and all of `steps` add up to the last: each
/// end to the nearest multiple, of the steps those up that were cut most (the method of the largest remainder). No step is more
/// than one multiple from its value.
fn adding_up(ends: [f64; 2], steps: &[f64], step: f64) -> ([f64; 2], Vec<f64>) {
    let units = |x: f64| (x / step).round();
    let value = |units: f64| to_step(units * step, step);
    let mut parts: Vec<f64> = steps.iter().map(|x| libm::floor(x / step)).collect();
    let missing = units(ends[1]) - units(ends[0]) - parts.iter().sum::<f64>();
    let mut by_remainder: Vec<usize> = (0..steps.len()).collect();
    let remainder = |i: usize| steps[i] / step - libm::floor(steps[i] / step);
    by_remainder.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)));
    for i in by_remainder.into_iter().take(missing.max(0.0) as usize) {
        parts[i] += 1.0;
    }
    (ends.map(|x| value(units(x))), parts.into_iter().map(value).collect())
}

/// A bridge's estimates with their errors, the ends around the steps.
pub(in crate::analysis) fn span(ends: [Estimate; 2], steps: &[Estimate]) -> Span {
    let all = || ends.iter().chain(steps);
    if all().any(|estimate| estimate.value.is_none()) {
        let unknown = steps.iter().map(|_| Estimate::UNKNOWN).collect();
        return Span { from: Estimate::UNKNOWN, steps: unknown, to: Estimate::UNKNOWN };
    }
    // A small step among large ones keeps the digits that its own error supports.
    let errors = all().filter_map(|estimate| estimate.error).filter(|error| *error > 0.0);
    let error = errors.reduce(f64::min).unwrap_or_default();
    let largest = all().map(|estimate| estimate.known().abs()).fold(0.0, f64::max);
    // Never more than twelve digits, as everywhere.
    let place = |x: f64, digits: f64| if x > 0.0 { power_of_ten_at_most(x) / digits } else { 0.0 };
    let step = match place(error, 1e2).max(place(largest, 1e11)) {
        0.0 => 1.0,
        step => step,
    };
    let values: Vec<f64> = steps.iter().map(|step| step.known()).collect();
    let ([from, to], values) = adding_up(ends.map(Estimate::known), &values, step);
    let estimate = |value: f64, error: Option<f64>| Estimate {
        value: Some(value),
        error: error.and_then(|e| Estimate::new(e, Some(e)).error),
    };
    Span {
        from: estimate(from, ends[0].error),
        steps: values.into_iter().zip(steps).map(|(value, step)| estimate(value, step.error)).collect(),
        to: estimate(to, ends[1].error),
    }
}

/// A way in as many digits as people read; it adds up in them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    /// The place of the last digit, a power of ten.
    pub(crate) place: f64,
    pub(crate) ends: [f64; 2],
    pub(crate) steps: Vec<f64>,
}

impl Span {
    /// As it is shown: to the place of the first digit of its largest error, and to four digits at most. `metric` is what it is of,
    /// `None` a chance, which is told in 100. `None` where anything is unknown.
    pub(crate) fn shown(&self, metric: Option<Metric>) -> Option<Shown> {
        let least = match metric.map(Metric::unit) {
            Some(MetricUnit::Money | MetricUnit::Months) => 0.0,
            Some(MetricUnit::Ratio) | None => 0.01,
            Some(MetricUnit::Count) => 1.0,
        };
        let ends = [self.from.value?, self.to.value?];
        let steps = self.steps.iter().map(|step| step.value).collect::<Option<Vec<f64>>>()?;
        let estimates = || [&self.from, &self.to].into_iter().chain(&self.steps);
        let error = estimates().filter_map(|estimate| estimate.error).fold(0.0, f64::max);
        let largest = estimates().filter_map(|estimate| estimate.value).fold(0.0, |most: f64, x| most.max(x.abs()));
        let place = |x: f64| if x > 0.0 { power_of_ten_at_most(x) } else { 0.0 };
        let place = place(error).max(place(largest) / 1e3).max(least);
        let place = if place > 0.0 { place } else { 1.0 };
        let (ends, steps) = adding_up(ends, &steps, place);
        Some(Shown { place, ends, steps })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bridged(ends: [(f64, Option<f64>); 2], steps: &[(f64, Option<f64>)]) -> Span {
        let of = |(value, error)| Estimate::unrounded(value, error);
        span(ends.map(of), &steps.iter().copied().map(of).collect::<Vec<Estimate>>())
    }

    /// A number's text as a whole number of 10⁻¹².
    fn decimal(x: f64) -> i128 {
        let text = format!("{x}");
        let (sign, digits) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        assert!(part.len() <= 12, "{text}");
        sign * format!("{whole}{part:0<12}").parse::<i128>().expect("digits")
    }

    proptest! {
        #[test]
        fn what_is_shown_adds_up_in_decimal(
            from in -1e9..1e9,
            steps in prop::collection::vec((-1e8..1e8, 0.0..1.0), 0..30),
            scale in -3_i32..3,
            error in 1e-4..1e6,
        ) {
            let scale = libm::pow(10.0, f64::from(scale));
            let to = scale * (from + steps.iter().map(|(x, _)| x).sum::<f64>());
            let values: Vec<(f64, Option<f64>)> = steps.iter().map(|(x, e)| (x * scale, Some(e * error * scale))).collect();
            let span = bridged([(from * scale, Some(error * scale)), (to, None)], &values);
            let shown = |estimate: &Estimate| decimal(estimate.value.expect("all is known"));
            let sum = shown(&span.from) + span.steps.iter().map(shown).sum::<i128>();
            prop_assert_eq!(sum, shown(&span.to));
            for (shown, (x, e)) in span.steps.iter().zip(&values) {
                // The place of the error's third digit is at most a hundredth of the error; there are twelve digits.
                let most = 0.010_001 * e.unwrap().max(scale);
                prop_assert!((shown.value.unwrap() - x).abs() <= most);
            }
        }
    }

    #[test]
    fn a_small_step_keeps_the_digits_of_its_own_error() {
        let span =
            bridged([(9_301.4, Some(120.0)), (9_815.786, Some(125.0))], &[(14.386, Some(0.119)), (500.0, Some(8.0))]);
        assert_eq!((span.steps[0].value, span.steps[0].error), (Some(14.386), Some(0.119)));
        assert_eq!((span.from.value, span.to.value), (Some(9_301.4), Some(9_815.786)));
    }

    #[test]
    fn a_part_that_is_nothing_stays_nothing() {
        let (ends, steps) = adding_up([0.4, 2.6], &[0.0, 1.5, 0.7], 1.0);
        assert_eq!((ends, steps), ([0.0, 3.0], vec![0.0, 2.0, 1.0]));
        let same = bridged([(5.0, Some(0.0)); 2], &[]);
        assert_eq!((same.from.value, same.to.value, same.from.error), (Some(5.0), Some(5.0), Some(0.0)));
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        let span = bridged([(1.0, None), (f64::NAN, None)], &[(f64::NAN, None)]);
        assert_eq!([span.from, span.steps[0], span.to], [Estimate::UNKNOWN; 3]);
    }
}

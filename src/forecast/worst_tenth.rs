//! What the main figure comes to when things go badly.

use crate::stats::{Estimate, Moments};

/// Fewer trials than this put fewer than ten into the tenth.
const FEWEST: usize = 100;

/// The mean of the lowest tenth of a sample (rounded up to whole trials).
///
/// The estimate's variance is [Var(Y | Y ≤ q) + (1 − p)(q − E[Y | Y ≤ q])²] / (n·p) with p = 0.1 and q = P10: the tail's own scatter, and
/// that of where it ends (Manistre and Hancock, Variance of the CTE estimator, 2005).
pub(super) fn worst_tenth(sample: &[f64]) -> Option<Estimate> {
    let count = sample.len().div_ceil(10);
    let mut sorted = sample.to_vec();
    let (lower, _, _) = sorted.select_nth_unstable_by(count.checked_sub(1)?, f64::total_cmp);
    // What the trials' order is must not show in the last digits of a sum.
    let mut tail = lower.to_vec();
    let end = sorted[count - 1];
    tail.push(end);
    tail.sort_unstable_by(f64::total_cmp);
    let moments = Moments::of(&tail)?;
    let share = tail.len() as f64 / sample.len() as f64;
    let apart = end - moments.mean;
    let variance = moments.sd * moments.sd + (1.0 - share) * apart * apart;
    let error = libm::sqrt(variance / tail.len() as f64);
    let mean = Estimate::new(moments.mean, (sample.len() >= FEWEST).then_some(error));
    mean.value.map(|_| mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};

    #[test]
    fn it_is_the_mean_of_the_lowest_tenth() {
        let found = worst_tenth(&[5.0, 1.0, 2.0, 9.0, 8.0, 7.0, 6.0, 4.0, 3.0, 10.0, 0.0]).unwrap();
        assert_eq!((found.known(), found.error), (0.5, None));
        assert!(worst_tenth(&[]).is_none());
    }

    #[test]
    fn the_error_is_that_of_a_normal_law() {
        // E[Z | Z ≤ z₀.₁] = −φ(z)/0.1 = −1.754 98; the scatter over 400 samples is what the error says, within 4 standard errors of it.
        let means: Vec<(f64, f64)> = (0..400)
            .map(|seed| {
                let mut stream = Address::new(seed, 0, Purpose::Input, 0, 0).stream(0);
                let sample: Vec<f64> = (0..1_000).map(|_| stream.normal()).collect();
                let found = worst_tenth(&sample).unwrap();
                (found.known(), found.error.unwrap())
            })
            .collect();
        let all = Moments::of(&means.iter().map(|(mean, _)| *mean).collect::<Vec<_>>()).unwrap();
        let told = Moments::of(&means.iter().map(|(_, error)| *error).collect::<Vec<_>>()).unwrap();
        assert!((all.mean + 1.754_98).abs() < 0.01, "{}", all.mean);
        assert!((all.sd / told.mean - 1.0).abs() < 4.0 / (2.0_f64 * 400.0).sqrt(), "{} {}", all.sd, told.mean);
    }
}

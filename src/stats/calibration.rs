//! What right bands would show over so few periods, and how likely wrong ones are caught.
//!
//! Over n independent periods the hits of a band are binomial, and the sum of squared normal scores is χ² with n degrees of freedom. A range
//! holds what lies in it in 95 % of cases if the bands are right; what lies outside speaks against them.

use super::root::bisect;
use super::special::{binomial_cdf, gamma_p, normal_cdf, normal_quantile};

/// Half of what a range leaves out.
const TAIL: f64 = 0.025;

/// From how many to how many of `n` independent outcomes lie in a band of this level in the central 95 % of cases: the 2.5 % and 97.5 % points
/// of Binomial(n, level). Nothing is known of no outcomes.
///
/// ```
/// # use revcast::stats::hits_range;
/// assert_eq!(hits_range(12, 0.8), Some((7, 12)));
/// ```
pub fn hits_range(n: usize, level: f64) -> Option<(usize, usize)> {
    let point = |p: f64| {
        // The least count that so many lie up to, halving what is left.
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = low + (high - low) / 2;
            if binomial_cdf(middle as f64, n as f64, level) >= p { high = middle } else { low = middle + 1 }
        }
        low
    };
    (n > 0).then(|| (point(TAIL), point(1.0 - TAIL)))
}

/// From what to what the root of the mean square of `n` independent normal scores lies in the central 95 % of cases, if the bands are right:
/// √(χ²/n). Above it they are too narrow, below it too wide.
///
/// ```
/// # use revcast::stats::spread_range;
/// let (low, high) = spread_range(7).unwrap();
/// assert!((low - 0.491).abs() < 5e-4 && (high - 1.512).abs() < 5e-4);
/// ```
pub fn spread_range(n: usize) -> Option<(f64, f64)> {
    let root = |p: f64| libm::sqrt(chi_squared_quantile(n, p) / n as f64);
    (n > 0).then(|| (root(TAIL), root(1.0 - TAIL)))
}

/// The quantile of the χ² law with n degrees of freedom.
fn chi_squared_quantile(n: usize, p: f64) -> f64 {
    let n = n as f64;
    let high = n + 20.0 * libm::sqrt(n) + 50.0;
    bisect([0.0, high], 80, |low, high| 0.5 * (low + high), |x| gamma_p(0.5 * n, 0.5 * x) >= p)
}

/// The chance that the hits of `n` periods lie outside the range of right bands of a level, if the bands are `factor` times as wide as right
/// ones (of a normal law).
pub fn caught_by_hits(n: usize, level: f64, factor: f64) -> Option<f64> {
    let (low, high) = hits_range(n, level)?;
    let chance = 2.0 * normal_cdf(factor * normal_quantile(0.5 + 0.5 * level)) - 1.0;
    let at_most = |k: f64| binomial_cdf(k, n as f64, chance);
    Some(at_most(low as f64 - 1.0) + 1.0 - at_most(high as f64))
}

/// The chance that the root mean square of the normal scores of `n` periods lies outside the range of right bands, if the bands are
/// `factor` times as wide as right ones.
///
/// ```
/// # use revcast::stats::caught_by_spread;
/// assert!((caught_by_spread(7, 0.6).unwrap() - 0.57).abs() < 5e-3);
/// ```
pub fn caught_by_spread(n: usize, factor: f64) -> Option<f64> {
    let (low, high) = spread_range(n)?;
    let half = 0.5 * n as f64;
    // A score of such bands is 1/factor times a standard normal.
    let below = |s: f64| gamma_p(half, half * s * s * factor * factor);
    Some(below(low) + 1.0 - below(high))
}

/// The most of these spans, each from a number to before another, that share nothing, by their places: the separate facts among them.
///
/// ```
/// # use revcast::stats::separate;
/// // Quarters from the first, second and fourth month on.
/// assert_eq!(separate(&[0..3, 1..4, 3..6]), [0, 2]);
/// ```
pub fn separate(spans: &[std::ops::Range<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|i| spans[*i].end);
    let mut end = 0;
    order.retain(|i| {
        let is_apart = spans[*i].start >= end;
        if is_apart {
            end = spans[*i].end;
        }
        is_apart
    });
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Periods; the ranges of hits at 50, 80 and 90 %, that of s; how likely bands 0.6 times as wide are caught by hits at 80 % and by s, and
    /// bands 1.5 times as wide by s. Computed with SciPy.
    type Row = (usize, [(usize, usize); 3], (f64, f64), [f64; 3]);
    const TABLE: [Row; 11] = [
        (3, [(0, 3), (1, 3), (1, 3)], (0.27, 1.77), [0.09, 0.34, 0.08]),
        (5, [(0, 5), (2, 5), (3, 5)], (0.41, 1.60), [0.12, 0.47, 0.13]),
        (6, [(1, 5), (3, 6), (4, 6)], (0.45, 1.55), [0.24, 0.52, 0.16]),
        (7, [(1, 6), (3, 7), (4, 7)], (0.49, 1.51), [0.14, 0.57, 0.20]),
        (8, [(1, 7), (4, 8), (5, 8)], (0.52, 1.48), [0.25, 0.61, 0.23]),
        (9, [(2, 7), (5, 9), (6, 9)], (0.55, 1.45), [0.36, 0.65, 0.27]),
        (12, [(3, 9), (7, 12), (8, 12)], (0.61, 1.39), [0.45, 0.75, 0.38]),
        (21, [(6, 15), (13, 20), (16, 21)], (0.70, 1.30), [0.63, 0.92, 0.66]),
        (24, [(7, 17), (15, 23), (18, 24)], (0.72, 1.28), [0.67, 0.94, 0.74]),
        (36, [(12, 24), (24, 33), (29, 35)], (0.77, 1.23), [0.87, 0.99, 0.91]),
        (60, [(22, 38), (42, 54), (49, 58)], (0.82, 1.18), [0.98, 1.00, 0.99]),
    ];

    #[test]
    fn ranges_and_chances_of_being_caught_are_those_of_scipy() {
        for (n, hits, s, caught) in TABLE {
            assert_eq!([0.5, 0.8, 0.9].map(|level| hits_range(n, level)), hits.map(Some), "{n}");
            let (low, high) = spread_range(n).unwrap();
            assert!((low - s.0).abs() < 0.0051 && (high - s.1).abs() < 0.0051, "{n}: {low} {high}");
            let found = [caught_by_hits(n, 0.8, 0.6), caught_by_spread(n, 0.6), caught_by_spread(n, 1.5)];
            for (found, wanted) in found.into_iter().zip(caught) {
                assert!((found.unwrap() - wanted).abs() < 0.0051, "{n}: {found:?} {wanted}");
            }
        }
        assert_eq!((hits_range(1, 0.8), hits_range(120, 0.8)), (Some((0, 1)), Some((87, 104))));
        // Chances summed one by one, of many as of few.
        assert_eq!((hits_range(1_491, 0.0506), hits_range(100_000, 0.3)), (Some((59, 92)), Some((29_716, 30_284))));
        assert_eq!((hits_range(50, 0.0), hits_range(50, 1.0)), (Some((0, 0)), Some((50, 50))));
        assert_eq!((hits_range(0, 0.8), spread_range(0), caught_by_spread(0, 0.6)), (None, None, None));
    }

    #[test]
    fn right_bands_are_caught_as_rarely_as_the_ranges_say() {
        for n in [3, 7, 60] {
            assert!((caught_by_spread(n, 1.0).unwrap() - 0.05).abs() < 1e-9, "{n}");
            assert!(caught_by_hits(n, 0.8, 1.0).unwrap() <= 0.05, "{n}");
        }
    }
}

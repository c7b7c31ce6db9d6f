//! Counts drawn by inversion: monotone in the uniform, so that scenarios on common draws differ only by what changed.

use super::octaves::{QUICK_ERROR, quick_normal};
use crate::stats::exp;
use crate::stats::special::{binomial_cdf, normal_quantile, poisson_cdf};

/// Means below this are searched from 0; at and above it the expansion is within its bound.
const SEARCH_BELOW: f64 = 6.0;
/// Below this a search from 0 also settles what the expansion leaves open, and the far tails, where its bound does not hold yet.
const SETTLE_BY_SEARCH_BELOW: f64 = 24.0;
/// Binomial means below this are searched from 0, which is cheaper than one exact distribution function.
const BINOMIAL_SEARCH_BELOW: f64 = 16.0;
/// A number below 2⁵¹ plus 2⁵² is rounded to a whole number.
const ROUND: f64 = 4_503_599_627_370_496.0;

/// 1/1, 1/2, …: a multiplication is several times faster than a division. No draw of a mean below 24 comes near the end.
const RECIPROCALS: [f64; 128] = {
    let mut table = [0.0; 128];
    let mut i = 0;
    while i < 128 {
        table[i] = 1.0 / (i + 1) as f64;
        i += 1;
    }
    table
};

/// The Poisson quantile: the smallest k with P(Poisson(`mean`) ≤ k) ≥ `u`, for `u` in (0, 1).
///
/// From mean 6 on by the Cornish–Fisher type expansion of Giles (2016, ACM TOMS algorithm 955, §2), checked against the
/// exact distribution function wherever its error bound leaves two candidates. Above a mean of 10⁶ the check is left out:
/// the bound is then below 10⁻⁶ of one count for all but one draw in 10⁴.
///
/// ```
/// # use revcast::chance::poisson_quantile;
/// assert_eq!(poisson_quantile(3.0, 0.5), 3.0);
/// assert_eq!(poisson_quantile(0.0, 0.5), 0.0);
/// ```
pub fn poisson_quantile(mean: f64, u: f64) -> f64 {
    // e^(−mean) ≥ 1 − mean, so most draws of tiny means need no exponential.
    if u <= 1.0 - mean {
        return 0.0;
    }
    if mean < SEARCH_BELOW {
        return poisson_search(mean, u);
    }
    let root = libm::sqrt(mean);
    let reciprocal = 1.0 / mean;
    let checked = mean <= 1e6;
    let w = if checked { quick_normal(u) } else { normal_quantile(u) };
    let square = w * w;
    let x = mean
        + root * w
        + (2.0 + square) * (1.0 / 6.0 - w * root * reciprocal * (1.0 / 72.0))
        + (-8.0 / 405.0 + square * (7.0 / 810.0 + square * (1.0 / 270.0))) * reciprocal;
    if !checked {
        return libm::floor(x).max(0.0);
    }
    let bound = (1.0 / 40.0 + square * (1.0 / 80.0 + square * (1.0 / 160.0))) * reciprocal + root * QUICK_ERROR;
    // ⌊x⌋, but for an x so near a whole number that it is settled exactly.
    let k = (x - 0.5 + ROUND) - ROUND;
    let above = x - k;
    let small = mean < SETTLE_BY_SEARCH_BELOW;
    if above > bound && above + bound < 1.0 && k >= 1.0 && (square < 9.0 || !small) {
        k
    } else if small {
        poisson_search(mean, u)
    } else {
        step_to_quantile(k.max(0.0), u, f64::INFINITY, |k| poisson_cdf(k, mean))
    }
}

/// The Poisson quantile of a small mean, from 0 upwards.
fn poisson_search(mean: f64, u: f64) -> f64 {
    let mut term = exp(-mean);
    let mut cumulative = term;
    for (i, reciprocal) in RECIPROCALS.iter().enumerate() {
        if u <= cumulative {
            return i as f64;
        }
        term *= mean * reciprocal;
        cumulative += term;
    }
    RECIPROCALS.len() as f64
}

/// The binomial quantile: the smallest k with P(Binomial(`n`, `p`) ≤ k) ≥ `u`, for `u` in (0, 1).
///
/// For small counts by search from 0, else by stepping from a Cornish–Fisher start to the exact quantile.
pub fn binomial_quantile(n: f64, p: f64, u: f64) -> f64 {
    if n == 0.0 || p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return n;
    }
    if p > 0.5 {
        return n - binomial_quantile(n, 1.0 - p, 1.0 - u);
    }
    let mean = n * p;
    if mean < BINOMIAL_SEARCH_BELOW {
        let odds = p / (1.0 - p);
        let mut term = exp(n * libm::log1p(-p));
        let mut cumulative = term;
        let mut k = 0.0;
        for reciprocal in &RECIPROCALS {
            if u <= cumulative || k >= n {
                break;
            }
            term *= odds * (n - k) * reciprocal;
            k += 1.0;
            cumulative += term;
        }
        return k;
    }
    let w = normal_quantile(u);
    let start = mean + libm::sqrt(mean * (1.0 - p)) * w + (1.0 - 2.0 * p) * (w * w - 1.0) / 6.0 - 0.5;
    step_to_quantile(libm::ceil(start).clamp(0.0, n), u, n, |k| binomial_cdf(k, n, p))
}

/// The smallest k in 0 … `last` with `cdf(k)` ≥ `u`, found from a start that is near it.
fn step_to_quantile(mut k: f64, u: f64, last: f64, cdf: impl Fn(f64) -> f64) -> f64 {
    while k < last && cdf(k) < u {
        k += 1.0;
    }
    while k > 0.0 && cdf(k - 1.0) >= u {
        k -= 1.0;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, with cumulative sums from 0.
    fn poisson_by_definition(mean: f64, u: f64) -> f64 {
        let mut k = 0.0;
        while poisson_cdf(k, mean) < u {
            k += 1.0;
        }
        k
    }

    #[test]
    fn poisson_quantiles_are_exact() {
        let mut stream = crate::chance::Address::new(5, 0, crate::chance::Purpose::Won, 0, 0).stream(0);
        for mean in [1e-9, 0.003, 0.7, 5.0, 15.99, 16.0, 23.4, 61.0, 250.0, 900.0] {
            for _ in 0..if mean < 100.0 { 200 } else { 20 } {
                let u = stream.uniform();
                assert_eq!(poisson_quantile(mean, u), poisson_by_definition(mean, u), "mean {mean}, u {u}");
            }
            for u in [1e-15, 1e-9, 1e-5, 1.0 - 1e-5, 1.0 - 1e-9] {
                assert_eq!(poisson_quantile(mean, u), poisson_by_definition(mean, u), "mean {mean}, u {u}");
            }
        }
    }

    #[test]
    fn the_expansion_keeps_within_its_bound_down_to_the_least_mean_it_is_used_for() {
        // At u = P(X ≤ k) the expansion should be k + 1; the quantile turns there from k to k + 1.
        for i in 0..400 {
            let mean = SEARCH_BELOW * libm::exp(f64::from(i) * 0.01);
            for k in 0..(4.0 * mean) as u32 + 40 {
                let u = poisson_cdf(f64::from(k), mean);
                for (u, wanted) in [(u - 1e-12, k), (u + 1e-12, k + 1)] {
                    if u > 1e-11 && u < 1.0 - 1e-11 {
                        assert_eq!(poisson_quantile(mean, u), f64::from(wanted), "mean {mean}, u {u}");
                    }
                }
            }
        }
    }

    #[test]
    fn binomial_quantiles_are_exact() {
        let mut stream = crate::chance::Address::new(6, 0, crate::chance::Purpose::Won, 0, 0).stream(0);
        for (n, p) in [(1.0, 0.3), (20.0, 0.95), (100.0, 0.94), (400.0, 0.25), (3_000.0, 0.5), (1_000.0, 0.001)] {
            for _ in 0..300 {
                let u = stream.uniform();
                let k = binomial_quantile(n, p, u);
                assert!(
                    binomial_cdf(k, n, p) >= u - 1e-12 && (k == 0.0 || binomial_cdf(k - 1.0, n, p) < u + 1e-12),
                    "n {n}, p {p}, u {u}: {k}"
                );
            }
        }
    }

    #[test]
    fn counts_rise_with_the_uniform_and_the_mean() {
        for i in 1..300 {
            let u = f64::from(i) / 300.0;
            for j in 0..200 {
                let mean = 12.0 + f64::from(j) * 0.05;
                assert!(poisson_quantile(mean + 0.05, u) >= poisson_quantile(mean, u));
                assert!(poisson_quantile(mean, u + 1e-3) >= poisson_quantile(mean, u));
            }
        }
    }

    #[test]
    fn huge_and_empty_counts_are_handled() {
        let k = poisson_quantile(1e9, 0.975);
        assert!((k - (1e9 + 1.959964 * libm::sqrt(1e9))).abs() < 3.0, "{k}");
        assert_eq!(binomial_quantile(0.0, 0.5, 0.3), 0.0);
        assert_eq!(binomial_quantile(7.0, 1.0, 0.3), 7.0);
    }
}

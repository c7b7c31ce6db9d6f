//! Exact chances of counts, for the draws that lie next to a step.
//!
//! The chance of one count by Loader's saddle-point form (2000, "Fast and accurate computation of binomial probabilities"),
//! which loses nothing to large factorials, then the nearer tail by the ratios of neighbours.

use std::f64::consts::PI;

/// ln(n!) less Stirling's formula √(2πn) (n/e)ⁿ.
fn stirling_error(n: f64) -> f64 {
    if n < 16.0 {
        return libm::lgamma(n + 1.0) - (n + 0.5) * libm::log(n) + n - 0.5 * libm::log(2.0 * PI);
    }
    let per = 1.0 / (n * n);
    (1.0 / 12.0 - per * (1.0 / 360.0 - per * (1.0 / 1260.0 - per * (1.0 / 1680.0 - per * (1.0 / 1188.0))))) / n
}

/// x ln(x / m) + m − x, without cancellation where x is near m.
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * libm::log(x / m) + m - x;
    }
    let v = (x - m) / (x + m);
    let (mut sum, mut power, mut j) = ((x - m) * v, 2.0 * x * v, 1.0);
    loop {
        power *= v * v;
        j += 2.0;
        let next = sum + power / j;
        if next == sum {
            return sum;
        }
        sum = next;
    }
}

/// P(Poisson(`mean`) = `k`), k > 0.
fn poisson_chance(k: f64, mean: f64) -> f64 {
    libm::exp(-stirling_error(k) - deviance(k, mean)) / libm::sqrt(2.0 * PI * k)
}

/// P(Binomial(`n`, `p`) = `k`), 0 < k < n.
fn binomial_chance(k: f64, n: f64, p: f64) -> f64 {
    let left = n - k;
    let exponent = stirling_error(n)
        - stirling_error(k)
        - stirling_error(left)
        - deviance(k, n * p)
        - deviance(left, n * (1.0 - p));
    libm::exp(exponent) * libm::sqrt(n / (2.0 * PI * k * left))
}

/// Whether P(Poisson(`mean`) ≤ `k`) ≥ `u`.
pub(super) fn poisson_reaches(k: f64, mean: f64, u: f64) -> bool {
    if k < 1.0 {
        return k == 0.0 && libm::exp(-mean) >= u;
    }
    let chance = poisson_chance(k, mean);
    if k <= mean {
        return chance * sum(|i| (k - i) / mean) >= u;
    }
    chance * (sum(|i| mean / (k + 1.0 + i)) - 1.0) <= 1.0 - u
}

/// Whether P(Binomial(`n`, `p`) ≤ `k`) ≥ `u`.
pub(super) fn binomial_reaches(k: f64, n: f64, p: f64, u: f64) -> bool {
    if k < 1.0 {
        return k == 0.0 && libm::exp(n * libm::log1p(-p)) >= u;
    }
    if k >= n {
        return true;
    }
    let (chance, odds) = (binomial_chance(k, n, p), p / (1.0 - p));
    if k <= n * p {
        return chance * sum(|i| (k - i) / ((n - k + 1.0 + i) * odds)) >= u;
    }
    chance * (sum(|i| odds * (n - k - i) / (k + 1.0 + i)) - 1.0) <= 1.0 - u
}

/// 1 + r(0) + r(0) r(1) + …, for ratios that fall.
fn sum(ratio: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut term, mut i) = (1.0, 1.0, 0.0);
    while term > sum * 1e-17 {
        term *= ratio(i);
        sum += term;
        i += 1.0;
    }
    sum
}

/// The smallest k in 0 … `last` that `reaches`, found from a start that is near it.
pub(super) fn step(mut k: f64, last: f64, reaches: impl Fn(f64) -> bool) -> f64 {
    while k < last && !reaches(k) {
        k += 1.0;
    }
    while k > 0.0 && reaches(k - 1.0) {
        k -= 1.0;
    }
    k
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::{binomial_cdf, poisson_cdf};

    #[test]
    fn tails_are_those_of_the_distribution_functions() {
        for mean in [0.5_f64, 7.0, 24.0, 300.0, 9_000.0] {
            for z in -6..=6 {
                let k = libm::floor(mean + f64::from(z) * mean.sqrt()).max(0.0);
                let u = poisson_cdf(k, mean);
                let slack = 1e-10 * u.min(1.0 - u) + 1e-15;
                assert!(poisson_reaches(k, mean, u - slack) && !poisson_reaches(k, mean, u + slack), "{mean} {k}");
            }
        }
        for (n, p) in [(30.0_f64, 0.4), (500.0, 0.06), (500.0, 0.94), (20_000.0, 0.5)] {
            for z in -6..=6 {
                let k = libm::floor(n * p + f64::from(z) * (n * p * (1.0 - p)).sqrt()).clamp(0.0, n - 1.0);
                let u = binomial_cdf(k, n, p);
                let slack = 1e-9 * u.min(1.0 - u) + 1e-15;
                assert!(binomial_reaches(k, n, p, u - slack) && !binomial_reaches(k, n, p, u + slack), "{n} {p} {k}");
            }
        }
    }
}

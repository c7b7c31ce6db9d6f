//! Where the steps of a lattice law lie in standard normal terms: the Cornish–Fisher expansion with Sheppard's corrections.
//!
//! Let F be the distribution function of a Poisson or binomial number, taken smoothly through its values at whole numbers,
//! s² its variance, c its skewness times s (q − p; 1 for Poisson), w = Φ⁻¹(u). Then F⁻¹(u) + 1, whose whole part is the
//! quantile, is
//!
//! x = mean + ½ + s w + c (w² − 1)/6 + w [(c² − 3) w² + 3 − 7 c²] / (144 s) + c (9 − c²)(3 w⁴ + 7 w² − 16) / (6480 s²) + …
//!
//! Hill and Davis (1968, Annals of Mathematical Statistics 39) give the expansion in cumulants; those of the smooth law are the lattice law's less
//! those of an even spread over one step (κ₂ − 1/12, κ₄ + 1/120, κ₆ − 1/252). With c = 1 these are the terms of Giles (2016,
//! ACM TOMS algorithm 955). The error bounds are no theorems: they stand above every error found on a dense grid of means
//! from 3 and variances from 4 up, as a test repeats.

use super::OPEN;

/// A number below 2⁵¹ plus 2⁵² is rounded to a whole number.
const ROUND: f64 = 4_503_599_627_370_496.0;

/// A law near the normal: mean, standard deviation, its reciprocal, skewness times deviation.
#[derive(Clone, Copy)]
pub(super) struct CornishFisher {
    pub(super) mean: f64,
    pub(super) s: f64,
    pub(super) per_s: f64,
    pub(super) c: f64,
}

impl CornishFisher {
    /// The expansion to 1/s², and a bound on its error for |w| < 8.3: c₀ + c₄ w⁴ + c₆ w⁶ over s³.
    #[inline(always)]
    fn short(&self, w: f64) -> (f64, f64) {
        let CornishFisher { mean, s, per_s, c } = *self;
        let (square, cc) = (w * w, c * c);
        let second = w * ((cc - 3.0) * square + (3.0 - 7.0 * cc)) * (1.0 / 144.0);
        let third = c * (9.0 - cc) * (1.0 / 6480.0) * (square * (3.0 * square + 7.0) - 16.0);
        let x = mean + (s * w + (0.5 + c * (square - 1.0) * (1.0 / 6.0) + per_s * (second + per_s * third)));
        let bound = (0.03 + square * square * (0.004 + square * 0.00065)) * (per_s * per_s * per_s);
        (x, bound)
    }

    /// The count at w = Φ⁻¹(u), known to within `error`, if it is one of 1 … `last` and no other is in reach; else [`OPEN`].
    #[inline(always)]
    pub(super) fn candidate(&self, w: f64, error: f64, last: f64) -> f64 {
        let (x, bound) = self.short(w);
        settled(x, bound + self.s * error, last)
    }

    /// The same from an exact w by two terms more, whose bound is of the order of s⁻⁵, and the count to begin from.
    pub(super) fn candidate_of_exact(&self, w: f64, last: f64) -> (f64, f64) {
        let CornishFisher { mean, s, per_s, c } = *self;
        let (square, cc) = (w * w, c * c);
        let fourth = w
            * ((((9.0 * cc - 486.0) * cc - 351.0) * square + ((256.0 * cc - 2124.0) * cc - 324.0)) * square
                + ((-433.0 * cc + 6282.0) * cc + 4887.0))
            * (1.0 / 622_080.0);
        let fifth = c
            * (((((12.0 * cc + 936.0) * cc + 2700.0) * square + ((-243.0 * cc + 5238.0) * cc + 5805.0)) * square
                + ((-923.0 * cc - 15_546.0) * cc - 66_555.0))
                * square
                + ((1472.0 * cc - 14_208.0) * cc + 8640.0))
            * (1.0 / 6_531_840.0);
        let cube = per_s * per_s * per_s;
        let x = self.short(w).0 + cube * (fourth + per_s * fifth);
        let fourth_power = square * square;
        let bound = (0.1 + 0.02 * square + 0.0002 * fourth_power * fourth_power) * (cube * per_s * per_s);
        let rounding = 1e-15 * (mean + 10.0 * s);
        (settled(x, bound + rounding, last), libm::floor(x).clamp(0.0, last + 1.0))
    }
}

#[inline(always)]
fn settled(x: f64, bound: f64, last: f64) -> f64 {
    let k = (x - 0.5 + ROUND) - ROUND;
    let above = x - k;
    if (above > bound) & (above + bound < 1.0) & (k >= 1.0) & (k <= last) { k } else { OPEN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::normal_quantile;

    /// Counts k of a law with the w at which the quantile turns from k to k + 1, from its chances: both tails added up from
    /// their ends.
    fn steps(chances: &[f64]) -> Vec<(f64, f64)> {
        let mut upper = vec![0.0; chances.len() + 1];
        for k in (0..chances.len()).rev() {
            upper[k] = upper[k + 1] + chances[k];
        }
        let mut lower = 0.0;
        let mut steps = Vec::new();
        for (k, chance) in chances.iter().enumerate() {
            lower += chance;
            let w = if lower < 0.5 { normal_quantile(lower) } else { -normal_quantile(upper[k + 1].max(1e-300)) };
            if w.abs() < 8.25 {
                steps.push((k as f64, w));
            }
        }
        steps
    }

    fn keeps_within(bell: CornishFisher, chances: &[f64], last: f64) {
        for (k, w) in steps(chances) {
            let (x, bound) = bell.short(w);
            assert!((x - (k + 1.0)).abs() < bound, "mean {}, s {}, k {k}: {x} ± {bound}", bell.mean, bell.s);
            // On either side of the step the candidate is the right one or none.
            for (w, right) in [(w - 1e-6, k), (w + 1e-6, k + 1.0)] {
                assert!([OPEN, right].contains(&bell.candidate(w, 0.0, last)), "mean {}, k {k}", bell.mean);
                let (long, _) = bell.candidate_of_exact(w, last);
                assert!([OPEN, right].contains(&long), "mean {}, s {}, k {k}, w {w}: {long}", bell.mean, bell.s);
            }
        }
    }

    #[test]
    fn errors_of_poisson_counts_are_within_the_bounds() {
        for i in 0..300 {
            let mean = 3.0 * libm::exp(f64::from(i) * 0.02);
            let mut chances = vec![0.0; (mean + 12.0 * mean.sqrt() + 60.0) as usize];
            let mode = mean as usize;
            chances[mode] = libm::exp(mode as f64 * libm::log(mean) - mean - libm::lgamma(mode as f64 + 1.0));
            for k in mode + 1..chances.len() {
                chances[k] = chances[k - 1] * mean / k as f64;
            }
            for k in (0..mode).rev() {
                chances[k] = chances[k + 1] * (k + 1) as f64 / mean;
            }
            let s = mean.sqrt();
            keeps_within(CornishFisher { mean, s, per_s: 1.0 / s, c: 1.0 }, &chances, f64::INFINITY);
        }
    }

    #[test]
    fn errors_of_binomial_counts_are_within_the_bounds() {
        for p in [0.002, 0.03, 0.1, 0.2, 0.27, 0.35, 0.42, 0.5, 0.65, 0.8, 0.93, 0.99] {
            for i in 0..40 {
                let n = (8.0 / f64::min(p, 1.0 - p) * libm::exp(f64::from(i) * 0.09)).ceil();
                let (mean, q) = (n * p, 1.0 - p);
                let mut chances = vec![0.0; n as usize + 1];
                let mode = mean as usize;
                let ln_choices =
                    libm::lgamma(n + 1.0) - libm::lgamma(mode as f64 + 1.0) - libm::lgamma(n - mode as f64 + 1.0);
                chances[mode] = libm::exp(ln_choices + mode as f64 * libm::log(p) + (n - mode as f64) * libm::log(q));
                for k in mode + 1..chances.len() {
                    chances[k] = chances[k - 1] * (n - k as f64 + 1.0) / k as f64 * (p / q);
                }
                for k in (0..mode).rev() {
                    chances[k] = chances[k + 1] * (k + 1) as f64 / (n - k as f64) * (q / p);
                }
                let s = (mean * q).sqrt();
                keeps_within(CornishFisher { mean, s, per_s: 1.0 / s, c: q - p }, &chances, n - 1.0);
            }
        }
    }
}

//! Poisson counts.

use super::cornish_fisher::CornishFisher;
use super::search::{GROUP, below, search, search_group, steps};
use super::tail::{poisson_reaches, step};
use super::{CHUNK, OPEN};
use crate::chance::normal::{self, quick};
use crate::stats::exp;
use crate::stats::simd::vectorized;
use crate::stats::special::normal_quantile;

/// From this mean on the expansion's bound holds.
const EXPAND_FROM: f64 = 3.0;
/// Lanes whose means are all below this are searched from 0, side by side, which is cheaper still.
const SEARCH_BELOW: f64 = 6.0;
/// Below this a search from 0 also settles what the expansion leaves open.
const SETTLE_BY_SEARCH_BELOW: f64 = 24.0;
/// Above this the longer expansion's bound is below 10⁻⁹ of a count and decides by itself.
const SETTLE_BY_TAIL_BELOW: f64 = 1e4;
/// Lanes of means below this are searched one by one where 1 − mean does not settle them: few are left.
const RARELY_ABOVE_0: f64 = 0.03;

/// The Poisson quantile: the smallest k with P(Poisson(`mean`) ≤ k) ≥ `u`, for `u` in (0, 1) and a mean of 0 … 10¹².
///
/// Exact to 2·10⁻¹⁵ in u up to a mean of 10⁴; above it a draw nearer than 10⁻⁹ of a
/// count to a step (or the precision of the mean itself, where that is more) may fall on either side.
///
/// ```
/// # use revcast::chance::poisson_quantile;
/// assert_eq!(poisson_quantile(3.0, 0.5), 3.0);
/// assert_eq!(poisson_quantile(0.0, 0.5), 0.0);
/// ```
#[inline]
pub fn poisson_quantile(mean: f64, u: f64) -> f64 {
    // e^(−mean) ≥ 1 − mean, so most draws of tiny means need no exponential.
    if u <= 1.0 - mean {
        return 0.0;
    }
    if mean >= EXPAND_FROM {
        let k = bell(mean).candidate(quick(normal::cells(), u), normal::ERROR, f64::INFINITY);
        if k != OPEN {
            return k;
        }
    }
    settle(mean, u)
}

/// [`poisson_quantile`] lane by lane, the same bits several times faster.
///
/// # Panics
///
/// Where the slices differ in length.
pub fn poisson_quantiles(means: &[f64], uniforms: &[f64], counts: &mut [f64]) {
    assert!(means.len() == counts.len() && uniforms.len() == counts.len(), "as many means, uniforms and counts");
    for ((means, uniforms), counts) in means.chunks(CHUNK).zip(uniforms.chunks(CHUNK)).zip(counts.chunks_mut(CHUNK)) {
        chunk(means, uniforms, counts);
    }
}

#[inline]
fn chunk(means: &[f64], uniforms: &[f64], counts: &mut [f64]) {
    if means.iter().fold(false, |unknown, mean| unknown | mean.is_nan()) {
        // Of a mean that is no number the count is none either.
        return counts.fill(f64::NAN);
    }
    let least = means.iter().fold(f64::INFINITY, |a, b| if *b < a { *b } else { a });
    let most = means.iter().fold(0.0, |a, b| if *b > a { *b } else { a });
    if most >= SEARCH_BELOW {
        let cells = normal::cells();
        for (count, u) in counts.iter_mut().zip(uniforms) {
            *count = quick(cells, *u);
        }
        vectorized!({
            for (count, mean) in counts.iter_mut().zip(means) {
                let k = bell(*mean).candidate(*count, normal::ERROR, f64::INFINITY);
                *count = if *mean >= EXPAND_FROM { k } else { OPEN };
            }
        });
    }
    if least < SEARCH_BELOW {
        for ((count, mean), u) in counts.iter_mut().zip(means).zip(uniforms) {
            let open = if most >= SEARCH_BELOW { *count } else { OPEN };
            *count = if *u <= 1.0 - *mean { 0.0 } else { open };
        }
        if most > RARELY_ABOVE_0 {
            vectorized!(search_groups(means, uniforms, counts));
        }
    }
    for ((count, mean), u) in counts.iter_mut().zip(means).zip(uniforms) {
        if *count == OPEN {
            *count = settle(*mean, *u);
        }
    }
}

/// Searches the open lanes of small means, a group at a time.
#[inline(always)]
fn search_groups(means: &[f64], uniforms: &[f64], counts: &mut [f64]) {
    let (means, _) = means.as_chunks::<GROUP>();
    let (uniforms, _) = uniforms.as_chunks::<GROUP>();
    let (counts, _) = counts.as_chunks_mut::<GROUP>();
    for ((means, uniforms), counts) in means.iter().zip(uniforms).zip(counts) {
        let mut most = 0.0;
        for (count, mean) in counts.iter().zip(means) {
            if *count == OPEN && *mean < SEARCH_BELOW && *mean > most {
                most = *mean;
            }
        }
        if most == 0.0 {
            continue;
        }
        // A large mean's lane is open next to a step only, and stays so: its cumulative chances end far below the uniform.
        let first = std::array::from_fn(|j| exp(-means[j]));
        let found = search_group(first, uniforms.map(below), steps(most), |j, _| means[j]);
        for j in 0..GROUP {
            counts[j] = if counts[j] == OPEN && means[j] < SEARCH_BELOW { found[j] } else { counts[j] };
        }
    }
}

#[inline(always)]
fn bell(mean: f64) -> CornishFisher {
    let s = mean.sqrt();
    CornishFisher { mean, s, per_s: s / mean, c: 1.0 }
}

/// What neither 1 − mean nor the short expansion settles.
fn settle(mean: f64, u: f64) -> f64 {
    if mean < SETTLE_BY_SEARCH_BELOW {
        return search(exp(-mean), below(u), |_| mean);
    }
    let (k, start) = bell(mean).candidate_of_exact(normal_quantile(u), f64::INFINITY);
    if k != OPEN {
        k
    } else if mean < SETTLE_BY_TAIL_BELOW {
        step(start, f64::INFINITY, |k| poisson_reaches(k, mean, u))
    } else {
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose, Stream};
    use crate::stats::special::poisson_cdf;

    fn stream(pass: u64) -> Stream {
        Address::new(5, pass, Purpose::Won, 0, 0).stream(0)
    }

    /// Means on either side of every switch and far from them.
    const MEANS: [f64; 24] = [
        1e-9, 0.003, 0.0299, 0.0301, 0.3, 0.7, 1.0, 2.0, 2.999, 3.0, 5.0, 5.999, 6.0, 15.99, 23.99, 24.0, 61.0, 250.0,
        900.0, 9_999.0, 10_000.0, 30_000.0, 300_000.0, 1e6,
    ];

    #[test]
    fn quantiles_are_those_of_the_definition() {
        let mut stream = stream(0);
        for mean in MEANS {
            let draws = if mean < 1_000.0 { 300 } else { 6 };
            let far = [1e-15, 1e-9, 1e-5, 1.0 - 1e-5, 1.0 - 1e-9, 1.0 - 1e-15];
            for u in (0..draws).map(|_| stream.uniform()).chain(far) {
                let k = poisson_quantile(mean, u);
                let slack = if mean < 1_000.0 { 1e-12 } else { 1e-8 } * u.min(1.0 - u) + 2e-15;
                assert!(poisson_cdf(k, mean) >= u - slack, "mean {mean}, u {u}: {k} is too few");
                assert!(k == 0.0 || poisson_cdf(k - 1.0, mean) < u + slack, "mean {mean}, u {u}: {k} is too many");
            }
        }
    }

    #[test]
    fn quantiles_turn_at_the_steps() {
        for i in 0..60 {
            let mean = 0.05 * libm::exp(f64::from(i) * 0.13);
            for k in 0..(2.0 * mean) as u32 + 10 {
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
    fn lanes_are_the_single_draws() {
        let mut stream = stream(1);
        for round in 0..600 {
            let lanes = round % 150;
            let spread = f64::from(round % 4);
            let centre = libm::exp(stream.uniform() * 30.0 - 6.0);
            let means: Vec<f64> = (0..lanes)
                .map(|i| if i % 17 == 16 { 0.0 } else { centre * libm::exp(spread * (stream.uniform() - 0.5)) })
                .collect();
            let uniforms: Vec<f64> = (0..lanes).map(|_| stream.uniform()).collect();
            let mut counts = vec![f64::NAN; lanes as usize];
            poisson_quantiles(&means, &uniforms, &mut counts);
            for ((mean, u), count) in means.iter().zip(&uniforms).zip(&counts) {
                assert_eq!(poisson_quantile(*mean, *u).to_bits(), count.to_bits(), "mean {mean}, u {u}");
            }
        }
    }

    #[test]
    fn counts_rise_with_the_uniform_and_the_mean() {
        for u in (1..300).map(|i| f64::from(i) / 300.0).chain([1e-12, 1e-6, 1.0 - 1e-6, 1.0 - 1e-12]) {
            let mut before = 0.0;
            for mean in (0..2_000).map(|j| 0.01 * libm::exp(f64::from(j) * 0.01)) {
                let k = poisson_quantile(mean, u);
                assert!(k >= before, "mean {mean}, u {u}");
                before = k;
            }
        }
        for mean in MEANS {
            let mut before = 0.0;
            for i in 1..2_000 {
                let k = poisson_quantile(mean, f64::from(i) / 2_000.0);
                assert!(k >= before);
                before = k;
            }
        }
    }

    #[test]
    fn empty_and_huge_counts_are_handled() {
        assert_eq!(poisson_quantile(0.0, 1.0 - f64::EPSILON / 2.0), 0.0);
        for mean in [1e9, 1e12] {
            for u in [1e-17, 0.025, 0.5, 0.975, 1.0 - 1e-16] {
                let k = poisson_quantile(mean, u);
                let w = normal_quantile(u);
                let rough = mean + w * mean.sqrt() + w * w / 6.0 + 1.0 / 3.0;
                assert!(k == libm::floor(k) && (k - rough).abs() < 2.0, "{k}");
            }
        }
    }

    #[test]
    fn value_stability() {
        let mut stream = stream(2);
        let means = [0.02, 0.8, 3.0, 5.0, 12.0, 150.0, 4e4, 1e9];
        assert_eq!(
            means.map(|mean| poisson_quantile(mean, stream.uniform())),
            [0.0, 0.0, 2.0, 6.0, 8.0, 161.0, 39_858.0, 1_000_082_012.0]
        );
    }
}

//! Binomial counts.

use super::cornish_fisher::CornishFisher;
use super::search::{GROUP, below, search, search_group, steps};
use super::tail::{binomial_reaches, step};
use super::{CHUNK, OPEN};
use crate::chance::normal::{self, quick};
use crate::stats::exp;
use crate::stats::simd::vectorized;
use crate::stats::special::normal_quantile;

/// From this mean of the rarer outcome on the variance is 4 at least, and the expansion's bound holds.
const EXPAND_FROM: f64 = 8.0;
/// Lanes whose means are all below this are searched from 0, side by side.
const SEARCH_BELOW: f64 = 9.0;
/// Below this a search from 0 also settles what the expansion leaves open.
const SETTLE_BY_SEARCH_BELOW: f64 = 24.0;
/// Above this variance the longer expansion's bound is below 10⁻⁹ of a count and decides by itself.
const SETTLE_BY_TAIL_BELOW: f64 = 1e4;

/// A chance made ready for many draws: p with what the search for a small count needs of it.
///
/// ```
/// # use revcast::chance::{Odds, binomial_quantile};
/// let renew = Odds::new(0.9);
/// assert_eq!(renew.quantile(10.0, 0.5), 9.0);
/// assert_eq!(renew.quantile(10.0, 0.2), binomial_quantile(10.0, 0.9, 0.2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Odds {
    p: f64,
    /// ln(1 − r), r being the rarer of p and 1 − p.
    ln_common: f64,
    /// r / (1 − r).
    rare_to_common: f64,
}

impl Odds {
    /// The odds of chance `p`; below 0 it is 0, above 1 it is 1.
    #[inline(always)]
    pub fn new(p: f64) -> Odds {
        let p = if p > 0.0 { p } else { 0.0 };
        let p = if p < 1.0 { p } else { 1.0 };
        let rare = rarer(p);
        Odds { p, ln_common: ln_of_common(rare), rare_to_common: rare / (1.0 - rare) }
    }

    /// The odds of many chances at once.
    pub fn fill(chances: &[f64], odds: &mut Vec<Odds>) {
        odds.clear();
        vectorized!(odds.extend(chances.iter().map(|p| Odds::new(*p))));
    }

    /// The chance p of each single trial.
    pub fn p(self) -> f64 {
        self.p
    }

    /// The binomial quantile: the smallest k with P(Binomial(`n`, p) ≤ k) ≥ `u`, for `u` in (0, 1) and whole n up to 10¹².
    ///
    /// Exact to 10⁻¹⁴ in u up to a variance of 10⁴; above it a draw nearer than
    /// 10⁻⁹ of a count to a step (or the precision of n p itself, where that is more) may fall on either side.
    #[inline]
    pub fn quantile(self, n: f64, u: f64) -> f64 {
        let k = candidate(n, self.p, u);
        if k != OPEN { k } else { self.settle(n, u) }
    }

    /// The chance of the rarer outcome.
    #[inline(always)]
    fn rare(self) -> f64 {
        rarer(self.p)
    }

    /// What the count of the rarer outcome has to pass: P(X ≤ k) ≥ u itself, or, where failures j = n − k are counted,
    /// P(n − X ≤ j) > 1 − u.
    #[inline(always)]
    fn bar(self, u: f64) -> f64 {
        let (v, last) = (1.0 - u, below(1.0));
        if self.p > 0.5 { if v < last { v } else { last } } else { below(u) }
    }

    /// The count of successes, from that of the rarer outcome.
    #[inline(always)]
    fn successes(self, n: f64, rare: f64) -> f64 {
        let rare = if rare < n { rare } else { n };
        if self.p > 0.5 { n - rare } else { rare }
    }

    /// What the short expansion does not settle.
    fn settle(self, n: f64, u: f64) -> f64 {
        if n * self.rare() < SETTLE_BY_SEARCH_BELOW {
            let odds = self.rare_to_common;
            return self.successes(n, search(exp(n * self.ln_common), self.bar(u), |k| odds * (n - k)));
        }
        let bell = bell(n, self.p);
        let (k, start) = bell.candidate_of_exact(normal_quantile(u), n - 1.0);
        if k != OPEN {
            k
        } else if bell.s * bell.s < SETTLE_BY_TAIL_BELOW {
            step(start, n, |k| binomial_reaches(k, n, self.p, u))
        } else {
            start
        }
    }
}

/// The binomial quantile of one draw, as [`Odds::quantile`].
///
/// ```
/// # use revcast::chance::binomial_quantile;
/// assert_eq!(binomial_quantile(4.0, 0.5, 0.5), 2.0);
/// assert_eq!(binomial_quantile(7.0, 1.0, 0.3), 7.0);
/// ```
#[inline]
pub fn binomial_quantile(n: f64, p: f64, u: f64) -> f64 {
    let k = candidate(n, p, u);
    if k != OPEN { k } else { Odds::new(p).settle(n, u) }
}

/// [`Odds::quantile`] lane by lane, the same bits several times faster.
///
/// # Panics
///
/// Where the slices differ in length.
pub fn binomial_quantiles(trials: &[f64], odds: &[Odds], uniforms: &[f64], counts: &mut [f64]) {
    let lanes = counts.len();
    assert!(trials.len() == lanes && odds.len() == lanes && uniforms.len() == lanes, "as many of each as of counts");
    for (((trials, odds), uniforms), counts) in
        trials.chunks(CHUNK).zip(odds.chunks(CHUNK)).zip(uniforms.chunks(CHUNK)).zip(counts.chunks_mut(CHUNK))
    {
        chunk(trials, odds, uniforms, counts);
    }
}

#[inline]
fn chunk(trials: &[f64], odds: &[Odds], uniforms: &[f64], counts: &mut [f64]) {
    let (mut least, mut most) = (f64::INFINITY, 0.0);
    for (n, odds) in trials.iter().zip(odds) {
        let mean = n * odds.rare();
        least = if mean < least { mean } else { least };
        most = if mean > most { mean } else { most };
    }
    if most >= SEARCH_BELOW {
        let cells = normal::cells();
        for (count, u) in counts.iter_mut().zip(uniforms) {
            *count = quick(cells, *u);
        }
        vectorized!({
            for ((count, n), odds) in counts.iter_mut().zip(trials).zip(odds) {
                let k = bell(*n, odds.p).candidate(*count, normal::ERROR, n - 1.0);
                *count = if n * odds.rare() >= EXPAND_FROM { k } else { OPEN };
            }
        });
    }
    if least < SEARCH_BELOW {
        vectorized!({
            for (((count, n), odds), u) in counts.iter_mut().zip(trials).zip(odds).zip(uniforms) {
                let open = if most >= SEARCH_BELOW { *count } else { OPEN };
                // P(none of the rarer outcome) ≥ 1 − n r settles most draws of tiny means.
                let (mean, often) = (n * odds.rare(), odds.p > 0.5);
                let none = if often { *u > mean + 1e-15 } else { *u <= 1.0 - mean };
                let without = if often { *n } else { 0.0 };
                *count = if none { without } else { open };
            }
        });
        vectorized!(search_groups(trials, odds, uniforms, counts));
    }
    for (((count, n), odds), u) in counts.iter_mut().zip(trials).zip(odds).zip(uniforms) {
        if *count == OPEN {
            *count = odds.settle(*n, *u);
        }
    }
}

/// Searches the open lanes of small means, a group at a time.
#[inline(always)]
fn search_groups(trials: &[f64], odds: &[Odds], uniforms: &[f64], counts: &mut [f64]) {
    let (trials, _) = trials.as_chunks::<GROUP>();
    let (odds, _) = odds.as_chunks::<GROUP>();
    let (uniforms, _) = uniforms.as_chunks::<GROUP>();
    let (counts, _) = counts.as_chunks_mut::<GROUP>();
    for (((n, odds), u), counts) in trials.iter().zip(odds).zip(uniforms).zip(counts) {
        let means: [f64; GROUP] = std::array::from_fn(|j| n[j] * odds[j].rare());
        let small: [bool; GROUP] = std::array::from_fn(|j| counts[j] == OPEN && means[j] < SEARCH_BELOW);
        if small == [false; GROUP] {
            continue;
        }
        let most = (0..GROUP).fold(0.0, |most, j| if small[j] && means[j] > most { means[j] } else { most });
        let first = std::array::from_fn(|j| exp(n[j] * odds[j].ln_common));
        let bar = std::array::from_fn(|j| odds[j].bar(u[j]));
        let ratio: [f64; GROUP] = std::array::from_fn(|j| odds[j].rare_to_common);
        let found = search_group(first, bar, steps(most), |j, k| ratio[j] * (n[j] - k));
        for j in 0..GROUP {
            let open = small[j] && found[j] != OPEN;
            counts[j] = if open { odds[j].successes(n[j], found[j]) } else { counts[j] };
        }
    }
}

/// ln(1 − r) for r up to ½: −2 artanh(r/(2 − r)) by its series, without a branch; what is left out is below 10⁻¹⁷.
#[inline(always)]
fn ln_of_common(r: f64) -> f64 {
    const TERMS: usize = 17;
    let z = r / (2.0 - r);
    let square = z * z;
    let mut sum = 0.0;
    for k in (0..TERMS).rev() {
        sum = sum * square + PER_ODD[k];
    }
    -2.0 * z * sum
}

/// 1, 1/3, 1/5, ….
const PER_ODD: [f64; 17] = {
    let mut table = [0.0; 17];
    let mut k = 0;
    while k < 17 {
        table[k] = 1.0 / (2 * k + 1) as f64;
        k += 1;
    }
    table
};

#[inline(always)]
fn rarer(p: f64) -> f64 {
    let q = 1.0 - p;
    if q < p { q } else { p }
}

/// The count where the short expansion settles it.
#[inline(always)]
fn candidate(n: f64, p: f64, u: f64) -> f64 {
    if n * rarer(p) < EXPAND_FROM {
        return OPEN;
    }
    bell(n, p).candidate(quick(normal::cells(), u), normal::ERROR, n - 1.0)
}

#[inline(always)]
fn bell(n: f64, p: f64) -> CornishFisher {
    let mean = n * p;
    let q = 1.0 - p;
    let variance = mean * q;
    let s = variance.sqrt();
    CornishFisher { mean, s, per_s: s / variance, c: q - p }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose, Stream};
    use crate::stats::special::binomial_cdf;

    fn stream(pass: u64) -> Stream {
        Address::new(6, pass, Purpose::Won, 0, 0).stream(0)
    }

    const CHANCES: [f64; 13] = [1e-9, 0.001, 0.05, 0.25, 0.4, 0.4999, 0.5, 0.5001, 0.6, 0.75, 0.95, 0.999, 1.0 - 1e-9];

    #[test]
    fn quantiles_are_those_of_the_definition() {
        let mut stream = stream(0);
        for n in [1.0, 2.0, 7.0, 15.0, 16.0, 20.0, 47.0, 100.0, 161.0, 400.0, 3_000.0, 100_000.0] {
            for p in CHANCES {
                let far = [1e-15, 1e-9, 1e-5, 1.0 - 1e-5, 1.0 - 1e-9, 1.0 - 1e-15];
                for u in (0..40).map(|_| stream.uniform()).chain(far) {
                    let k = binomial_quantile(n, p, u);
                    let slack = if n < 1_000.0 { 1e-11 } else { 1e-8 } * u.min(1.0 - u) + 1e-14;
                    assert!(binomial_cdf(k, n, p) >= u - slack, "n {n}, p {p}, u {u}: {k} is too few");
                    assert!(
                        k == 0.0 || binomial_cdf(k - 1.0, n, p) < u + slack,
                        "n {n}, p {p}, u {u}: {k} is too many"
                    );
                }
            }
        }
    }

    #[test]
    fn quantiles_turn_at_the_steps() {
        for n in [1.0, 5.0, 18.0, 40.0, 90.0, 300.0] {
            for p in CHANCES {
                for k in 0..n as u32 {
                    let u = binomial_cdf(f64::from(k), n, p);
                    for (u, wanted) in [(u - 1e-11, k), (u + 1e-11, k + 1)] {
                        if u > 1e-10 && u < 1.0 - 1e-10 {
                            assert_eq!(binomial_quantile(n, p, u), f64::from(wanted), "n {n}, p {p}, u {u}");
                        }
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
            let largest = libm::exp(stream.uniform() * 20.0);
            let centre = stream.uniform();
            let spread = f64::from(round % 3) * 0.5;
            let trials: Vec<f64> = (0..lanes).map(|_| libm::floor(stream.uniform() * largest)).collect();
            let odds: Vec<Odds> = (0..lanes).map(|_| Odds::new(centre + spread * (stream.uniform() - 0.5))).collect();
            let uniforms: Vec<f64> = (0..lanes).map(|_| stream.uniform()).collect();
            let mut counts = vec![f64::NAN; lanes as usize];
            binomial_quantiles(&trials, &odds, &uniforms, &mut counts);
            for i in 0..lanes as usize {
                let (n, p, u) = (trials[i], odds[i].p(), uniforms[i]);
                assert_eq!(odds[i].quantile(n, u).to_bits(), counts[i].to_bits(), "n {n}, p {p}, u {u}");
                assert_eq!(binomial_quantile(n, p, u).to_bits(), counts[i].to_bits(), "n {n}, p {p}, u {u}");
                assert!((0.0..=n).contains(&counts[i]));
            }
        }
    }

    #[test]
    fn counts_rise_with_the_uniform_the_trials_and_the_chance() {
        for u in (1..60).map(|i| f64::from(i) / 60.0).chain([1e-12, 1e-6, 1.0 - 1e-6, 1.0 - 1e-12]) {
            for p in CHANCES {
                let mut before = 0.0;
                for n in 0..400 {
                    let k = binomial_quantile(f64::from(n), p, u);
                    assert!(k >= before && k <= before + 1.0, "n {n}, p {p}, u {u}");
                    before = k;
                }
            }
            for n in [1.0, 9.0, 17.0, 60.0, 1_000.0, 1e6] {
                let mut before = 0.0;
                for j in 0..=500 {
                    let k = binomial_quantile(n, f64::from(j) / 500.0, u);
                    assert!(k >= before, "n {n}, p {j}/500, u {u}");
                    before = k;
                }
            }
        }
        for (n, p) in [(12.0, 0.3), (46.0, 0.95), (300.0, 0.5), (1e6, 0.1)] {
            let mut before = 0.0;
            for i in 1..5_000 {
                let k = binomial_quantile(n, p, f64::from(i) / 5_000.0);
                assert!(k >= before);
                before = k;
            }
        }
    }

    #[test]
    fn empty_certain_and_huge_counts_are_handled() {
        assert_eq!(binomial_quantile(0.0, 0.5, 0.3), 0.0);
        assert_eq!(binomial_quantile(7.0, 1.0, 1e-17), 7.0);
        assert_eq!(binomial_quantile(1e12, 0.0, 0.999), 0.0);
        for p in [1e-11, 0.3, 0.9] {
            for u in [1e-17, 0.025, 0.5, 0.975, 1.0 - 1e-16] {
                let k = binomial_quantile(1e12, p, u);
                let away = (k - 1e12 * p) / (1e12 * p * (1.0 - p)).sqrt();
                assert!(
                    k == libm::floor(k) && (away - normal_quantile(u)).abs() < if p > 1e-6 { 0.01 } else { 6.0 },
                    "p {p}, u {u}: {k}"
                );
            }
        }
    }

    #[test]
    fn value_stability() {
        let mut stream = stream(2);
        let draws =
            [(3.0, 0.2), (46.0, 0.95), (50.0, 0.05), (17.0, 0.5), (200.0, 0.25), (1e5, 0.3), (1e9, 0.9), (1e12, 0.5)];
        assert_eq!(
            draws.map(|(n, p)| binomial_quantile(n, p, stream.uniform())),
            [2.0, 43.0, 6.0, 4.0, 56.0, 29774.0, 899_986_521.0, 500_000_056_082.0]
        );
    }
}

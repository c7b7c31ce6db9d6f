//! Quantiles of a sample and their distribution-free standard errors.

use super::special::{binomial_cdf, normal_quantile};

/// A sample in ascending order.
#[derive(Clone, Debug)]
pub struct Order(Vec<f64>);

impl Order {
    /// Sorts `sample` (infinities allowed, NaN not).
    pub fn of(sample: Vec<f64>) -> Order {
        debug_assert!(sample.iter().all(|x| !x.is_nan()));
        Order(ascending(sample))
    }

    /// The values of the sample, in ascending order.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The quantile at probability `p`, by linear interpolation (R's type 7).
    pub fn quantile(&self, p: f64) -> f64 {
        quantile(&self.0, p)
    }

    /// The standard error of that quantile: (x₍u₎ − x₍l₎) / 3.92 over the ranks of its 95 % interval.
    pub fn error(&self, ranks: &QuantileRanks) -> Option<f64> {
        ranks.error(|rank| self.0.get(rank).copied().unwrap_or(f64::NAN))
    }

    /// The share of the sample at or below `x`.
    pub fn share_at_most(&self, x: f64) -> f64 {
        self.0.partition_point(|v| *v <= x) as f64 / self.0.len() as f64
    }
}

/// The sample in ascending order, without negative zeros.
pub(super) fn ascending(sample: Vec<f64>) -> Vec<f64> {
    // As whole numbers in the same order, they sort about twice as fast.
    let mut keys: Vec<u64> = sample.into_iter().map(|x| key(x + 0.0)).collect();
    keys.sort_unstable();
    keys.into_iter().map(value).collect()
}

/// The bits of a number, changed so that they ascend with it: negative numbers have all bits turned, others the sign.
fn key(x: f64) -> u64 {
    let bits = x.to_bits();
    bits ^ if bits >> 63 == 1 { u64::MAX } else { 1 << 63 }
}

/// The number of a key.
fn value(key: u64) -> f64 {
    f64::from_bits(key ^ if key >> 63 == 1 { 1 << 63 } else { u64::MAX })
}

/// The quantile of an ascending sample at probability `p`: linear interpolation between order statistics at
/// position (n − 1)·p (Hyndman and Fan 1996, type 7).
///
/// ```
/// # use revcast::stats::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.5);
/// ```
pub fn quantile(ascending: &[f64], p: f64) -> f64 {
    interpolated(ascending.len(), p, |rank| ascending[rank])
}

/// The same, of a sample of `n` values known by their ranks, which count from 0.
pub(super) fn interpolated(n: usize, p: f64, value: impl Fn(usize) -> f64) -> f64 {
    let position = p * (n - 1) as f64;
    let below = (position as usize).min(n - 1);
    let (low, high) = (value(below), value((below + 1).min(n - 1)));
    let fraction = position - below as f64;
    // Infinite values (a month that never comes) would otherwise give NaN.
    if low == high || fraction == 0.0 { low } else { low + fraction * (high - low) }
}

/// The ranks between which a quantile lies with at least 95 % confidence, whatever the law: l is the 2.5 % point
/// of Bin(n, p) and u one past its 97.5 % point, so that P(l ≤ Bin(n, p) < u) ≥ 0.95.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuantileRanks {
    /// The ranks l and u, counted from 1; `None` where the sample is too small to have them.
    pub interval: Option<(usize, usize)>,
}

impl QuantileRanks {
    /// The ranks for `trials` independent draws at probability `p`.
    ///
    /// ```
    /// # use revcast::stats::QuantileRanks;
    /// assert_eq!(QuantileRanks::new(10_000, 0.1).interval, Some((942, 1060)));
    /// assert_eq!(QuantileRanks::new(20, 0.05).interval, None);
    /// ```
    pub fn new(trials: usize, p: f64) -> QuantileRanks {
        let n = trials as f64;
        let deviation = libm::sqrt(n * p * (1.0 - p));
        // The binomial's quantile: start at the normal approximation and step to the exact rank.
        let rank = |q: f64| {
            let mut k = libm::floor(n * p + normal_quantile(q) * deviation).clamp(0.0, n);
            while binomial_cdf(k, n, p) < q {
                k += 1.0;
            }
            while k > 0.0 && binomial_cdf(k - 1.0, n, p) >= q {
                k -= 1.0;
            }
            k
        };
        let (low, high) = (rank(0.025), rank(0.975) + 1.0);
        let inside = low >= 1.0 && high <= n;
        QuantileRanks { interval: inside.then_some((low as usize, high as usize)) }
    }

    /// The standard error (x₍u₎ − x₍l₎) / 3.92, `value` giving the order statistics by rank from 0.
    pub(crate) fn error(&self, value: impl Fn(usize) -> f64) -> Option<f64> {
        let (low, high) = self.interval?;
        let width = value(high - 1) - value(low - 1);
        width.is_finite().then_some(width / 3.92)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_those_of_the_published_table() {
        // Computed with SciPy 1.17.
        let table = [
            (1_000, 0.1, 82, 120),
            (1_000, 0.5, 469, 532),
            (1_000, 0.9, 881, 919),
            (10_000, 0.1, 942, 1_060),
            (10_000, 0.5, 4_902, 5_099),
            (10_000, 0.9, 8_941, 9_059),
            (100_000, 0.05, 4_865, 5_137),
            (100_000, 0.1, 9_814, 10_187),
            (100_000, 0.5, 49_690, 50_311),
            (100_000, 0.9, 89_814, 90_187),
        ];
        for (n, p, l, u) in table {
            assert_eq!(QuantileRanks::new(n, p).interval, Some((l, u)), "n {n}, p {p}");
        }
    }

    #[test]
    fn quantiles_interpolate_and_pass_infinities_through() {
        let order = Order::of(vec![f64::INFINITY, 1.0, 3.0, f64::INFINITY]);
        assert_eq!(order.quantile(0.0), 1.0);
        assert_eq!(order.quantile(1.0 / 3.0), 3.0);
        assert_eq!(order.quantile(0.9), f64::INFINITY);
        assert_eq!(order.share_at_most(3.0), 0.5);
    }

    #[test]
    fn samples_of_both_signs_are_put_in_order() {
        let order = Order::of(vec![2.5, -1.0, 0.0, f64::INFINITY, -3.5, -0.0, 1e-300]);
        assert_eq!(order.values(), [-3.5, -1.0, 0.0, 0.0, 1e-300, 2.5, f64::INFINITY]);
    }

    #[test]
    fn one_trial_has_quantiles_but_no_errors() {
        let order = Order::of(vec![5.0]);
        assert_eq!(order.quantile(0.1), 5.0);
        assert_eq!(order.error(&QuantileRanks::new(1, 0.1)), None);
    }
}

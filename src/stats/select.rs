//! A sample's order statistics at a few ranks, without sorting all of it.

use super::TwoPassQuantiles;
use super::quantile::{QuantileRanks, ascending, interpolated};

/// Buckets of equal width between the least and the greatest value.
const BUCKETS: usize = 1024;
/// A number in [0, `BUCKETS`] plus 2⁵² has its nearest whole number in its lowest bits.
const ROUND: f64 = 4_503_599_627_370_496.0;
/// Samples below this are sorted.
const SORT_BELOW: usize = 512;

/// Finds the order statistics that quantiles at given probabilities and their errors need, sample after sample of one size.
#[derive(Clone, Debug)]
pub struct Selection {
    trials: usize,
    /// The ranks wanted, counted from 0, ascending.
    ranks: Vec<usize>,
    values: Vec<f64>,
    /// Scratch: each value's bucket, the values of the buckets that hold wanted ranks, and how many values each bucket holds.
    bucket_of: Vec<u16>,
    kept: Vec<f64>,
    counts: Vec<u32>,
    /// For each bucket where its values go among those kept; `NOT_KEPT` where they are not wanted.
    places: Vec<u32>,
}

const NOT_KEPT: u32 = u32::MAX;

impl Selection {
    /// For samples of `trials` values: the ranks around each probability's quantile and those of its error.
    pub fn new(trials: usize, probabilities: &[f64], errors: &[QuantileRanks]) -> Selection {
        let last = trials.saturating_sub(1);
        let mut ranks: Vec<usize> = probabilities
            .iter()
            .map(|p| (p * last as f64) as usize)
            .flat_map(|below| [below.min(last), (below + 1).min(last)])
            .chain(errors.iter().filter_map(|e| e.interval).flat_map(|(low, high)| [low - 1, high - 1]))
            .collect();
        ranks.sort_unstable();
        ranks.dedup();
        Selection {
            trials,
            values: vec![0.0; ranks.len()],
            ranks,
            bucket_of: Vec::new(),
            kept: Vec::new(),
            counts: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Takes the order statistics of `sample` (infinities allowed, NaN not).
    pub fn take(&mut self, sample: &[f64]) {
        debug_assert!(sample.len() == self.trials && sample.iter().all(|x| !x.is_nan()));
        let (low, high) = range(sample);
        if low == high {
            self.values.fill(low + 0.0);
            return;
        }
        let scale = BUCKETS as f64 / (high - low);
        if sample.len() < SORT_BELOW || !scale.is_finite() || scale == 0.0 {
            let sorted = ascending(sample.to_vec());
            self.values.iter_mut().zip(&self.ranks).for_each(|(value, rank)| *value = sorted[*rank]);
            return;
        }
        self.take_by_buckets(sample, low, scale);
    }

    /// Counts how many values fall into each bucket, keeps those of the buckets that hold wanted ranks and sorts only them.
    fn take_by_buckets(&mut self, sample: &[f64], low: f64, scale: f64) {
        self.bucket_of.clear();
        // Rounding never puts a value before a smaller one, so buckets ascend with their values.
        self.bucket_of.extend(sample.iter().map(|x| ((x - low) * scale + ROUND).to_bits() as u16));
        self.counts.clear();
        self.counts.resize(BUCKETS + 2, 0);
        for bucket in &self.bucket_of {
            self.counts[usize::from(*bucket)] += 1;
        }
        self.places.clear();
        self.places.resize(BUCKETS + 2, NOT_KEPT);
        let (mut before, mut kept, mut next) = (0, 0, 0);
        for (place, count) in self.places.iter_mut().zip(&self.counts) {
            let end = before + *count as usize;
            if next < self.ranks.len() && self.ranks[next] < end {
                *place = kept;
                kept += count;
                while next < self.ranks.len() && self.ranks[next] < end {
                    next += 1;
                }
            }
            before = end;
        }
        if self.kept.len() < kept as usize {
            self.kept.resize(kept as usize, 0.0);
        }
        for (x, bucket) in sample.iter().zip(&self.bucket_of) {
            let place = &mut self.places[usize::from(*bucket)];
            if *place != NOT_KEPT {
                self.kept[*place as usize] = *x;
                *place += 1;
            }
        }
        // `places` now says where each bucket's values end.
        let (mut before, mut next) = (0, 0);
        for (place, count) in self.places.iter().zip(&self.counts) {
            let count = *count as usize;
            if *place != NOT_KEPT {
                let values = &mut self.kept[*place as usize - count..*place as usize];
                if range(values).0 != range(values).1 {
                    values.sort_unstable_by(f64::total_cmp);
                }
                while next < self.ranks.len() && self.ranks[next] < before + count {
                    // No negative zero.
                    self.values[next] = values[self.ranks[next] - before] + 0.0;
                    next += 1;
                }
            }
            before += count;
        }
    }

    /// Takes the order statistics that `quantiles` has found.
    pub fn take_from(&mut self, quantiles: &mut TwoPassQuantiles) {
        self.values.iter_mut().zip(quantiles.order_statistics()).for_each(|(value, found)| *value = found);
    }

    /// The ranks wanted, counted from 0, ascending.
    pub(crate) fn ranks(&self) -> &[usize] {
        &self.ranks
    }

    /// How many values a sample has.
    pub fn trials(&self) -> usize {
        self.trials
    }

    /// The order statistic of a rank counted from 0, which must be one of those wanted.
    fn value(&self, rank: usize) -> f64 {
        self.ranks.binary_search(&rank).map_or(f64::NAN, |i| self.values[i])
    }

    /// The quantile at probability `p`, one of those asked for.
    pub fn quantile(&self, p: f64) -> f64 {
        interpolated(self.trials, p, |rank| self.value(rank))
    }

    /// The standard error of that quantile.
    pub fn error(&self, ranks: &QuantileRanks) -> Option<f64> {
        ranks.error(|rank| self.value(rank))
    }
}

/// The least and the greatest value, in eight strands that the processor works on side by side.
fn range(sample: &[f64]) -> (f64, f64) {
    let (mut low, mut high) = ([f64::INFINITY; 8], [f64::NEG_INFINITY; 8]);
    let strands = sample.chunks_exact(8);
    let rest = strands.remainder();
    let mut see = |i: usize, x: f64| {
        low[i] = if x < low[i] { x } else { low[i] };
        high[i] = if x > high[i] { x } else { high[i] };
    };
    for chunk in strands {
        for (i, x) in chunk.iter().enumerate() {
            see(i, *x);
        }
    }
    for x in rest {
        see(0, *x);
    }
    (low.into_iter().fold(f64::INFINITY, f64::min), high.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Order;

    const PROBABILITIES: [f64; 4] = [0.05, 0.1, 0.5, 0.95];

    /// Samples of all kinds: smooth, of few values, with outliers, with infinities, of both signs, constant.
    fn samples(n: usize) -> Vec<Vec<f64>> {
        let golden = |i: usize| (i as f64 * 0.618_033_988_749_895).fract();
        let of = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
        vec![
            of(&golden),
            of(&|i| libm::floor(golden(i) * 7.0) - 3.0),
            of(&|i| libm::exp(30.0 * golden(i))),
            of(&|i| if i == 3 { 1e300 } else { -golden(i) }),
            of(&|i| if i % 3 == 0 { f64::INFINITY } else { golden(i) }),
            of(&|i| if i % 2 == 0 { -0.0 } else { 0.0 }),
            of(&|i| if i == 0 { f64::MAX } else { -f64::MAX * golden(i) }),
            of(&|i| 1e-310 * golden(i)),
        ]
    }

    #[test]
    fn a_selection_is_what_sorting_gives_to_the_bit() {
        for n in [1, 2, 30, 600, 5_001] {
            let errors = PROBABILITIES.map(|p| QuantileRanks::new(n, p));
            let mut selection = Selection::new(n, &PROBABILITIES, &errors);
            for sample in samples(n) {
                selection.take(&sample);
                let order = Order::of(sample);
                for (p, error) in PROBABILITIES.iter().zip(&errors) {
                    assert_eq!(selection.quantile(*p).to_bits(), order.quantile(*p).to_bits(), "{n} {p}");
                    assert_eq!(selection.error(error), order.error(error), "{n} {p}");
                }
            }
        }
    }
}

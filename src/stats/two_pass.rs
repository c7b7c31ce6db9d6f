//! Order statistics of a sample that comes twice, piece after piece, and is never held as a whole.

/// A number in [0, 2¹⁶) plus 2⁵² has its nearest whole number in its lowest bits.
const ROUND: f64 = 4_503_599_627_370_496.0;
/// The share of the first piece below the first bucket, and above the last one.
const OUTSIDE: f64 = 0.02;
/// In place of a bucket's count the second time: its values are not wanted.
const NOT_WANTED: u32 = u32::MAX;

/// The first time, values are counted by bucket; then it is known which few buckets hold the wanted ranks, and the second time
/// their values are order_statistics. Ranks within them are exact wherever the buckets lie.
#[derive(Clone, Debug)]
pub struct TwoPassQuantiles {
    /// How many buckets of equal width lie between `low` and `high`; one more is open below, one above.
    inner: usize,
    low: f64,
    scale: f64,
    /// First how many values each bucket holds, then which kept_bucket is its.
    buckets: Vec<u32>,
    kept: Vec<Bucket>,
}

/// The values of a bucket that holds wanted ranks.
#[derive(Clone, Debug)]
struct Bucket {
    /// How many values lie in the buckets below.
    before: usize,
    /// How many lie in this one.
    count: usize,
    /// The ranks that are wanted of this part, ascending.
    ranks: Vec<usize>,
    /// A value that very many have is only counted: so whole numbers and zeros take no room.
    tie: f64,
    ties: usize,
    values: Vec<f64>,
}

impl TwoPassQuantiles {
    /// For samples of so many values: √n buckets a few times, so that counts and order_statistics values take about the same room.
    pub fn new(trials: usize) -> TwoPassQuantiles {
        let inner = (4.0 * libm::sqrt(trials as f64)) as usize;
        let inner = inner.next_power_of_two().clamp(256, 16_384);
        TwoPassQuantiles { inner, low: 0.0, scale: 0.0, buckets: Vec::new(), kept: Vec::new() }
    }

    /// About how many bytes one takes at most, both times, for a law no more skewed than single deal sizes: counts of 4 bytes, and the values of the two or three
    /// buckets around each wanted percentile.
    pub fn bytes(trials: usize) -> f64 {
        let inner = TwoPassQuantiles::new(trials).inner as f64;
        4.0 * inner + 8.0 * 64.0 * trials as f64 / inner + 2_500.0
    }

    /// The first time (infinities allowed, NaN too, but then nothing found means anything).
    pub fn first_pass(&mut self, piece: &[f64]) {
        if self.buckets.is_empty() {
            self.init(piece);
        }
        let (low, scale, most) = (self.low, self.scale, (self.inner + 1) as f64);
        let mut bucket_of = [0_u16; 256];
        for values in piece.chunks(bucket_of.len()) {
            for (bucket, x) in bucket_of.iter_mut().zip(values) {
                *bucket = bucket_at(*x, low, scale, most);
            }
            for bucket in &bucket_of[..values.len()] {
                self.buckets[usize::from(*bucket)] += 1;
            }
        }
    }

    /// Lays the buckets from what the first piece is like.
    fn init(&mut self, piece: &[f64]) {
        self.buckets = vec![0; self.inner + 2];
        let Some(last) = piece.len().checked_sub(1) else { return };
        let mut piece = piece.to_vec();
        let outside = (OUTSIDE * last as f64) as usize;
        let low = *piece.select_nth_unstable_by(outside, f64::total_cmp).1;
        let high = *piece.select_nth_unstable_by(last - outside, f64::total_cmp).1;
        self.low = if low.is_finite() { low } else { 0.0 };
        // Where nothing differs, everything else is far away.
        let scale = (self.inner - 1) as f64 / (high - self.low);
        // Never 0, so that infinite values stay so.
        self.scale = if scale.is_nan() { 1.0 } else { scale.clamp(f64::MIN_POSITIVE, 1e300) };
    }

    /// Between the two times: finds the buckets that hold the wanted ranks, which are counted from 0 and ascend.
    pub fn choose_buckets(&mut self, ranks: &[usize]) {
        let mut ranks = ranks.iter().copied().peekable();
        let mut before = 0;
        for bucket in &mut self.buckets {
            let count = std::mem::replace(bucket, NOT_WANTED) as usize;
            let mut inside = Vec::new();
            while let Some(rank) = ranks.next_if(|rank| *rank < before + count) {
                inside.push(rank);
            }
            if !inside.is_empty() {
                *bucket = self.kept.len() as u32;
                self.kept.push(Bucket { before, count, ranks: inside, tie: f64::NAN, ties: 0, values: Vec::new() });
            }
            before += count;
        }
        debug_assert!(ranks.next().is_none(), "a rank beyond the sample");
    }

    /// Takes in a piece of the sample for the second time, and keeps what may be wanted.
    pub fn second_pass(&mut self, piece: &[f64]) {
        let (low, scale, most) = (self.low, self.scale, (self.inner + 1) as f64);
        let mut bucket_of = [0_u16; 256];
        for values in piece.chunks(bucket_of.len()) {
            for (bucket, x) in bucket_of.iter_mut().zip(values) {
                *bucket = bucket_at(*x, low, scale, most);
            }
            for (bucket, x) in bucket_of.iter().zip(values) {
                let kept_bucket = self.buckets[usize::from(*bucket)];
                if kept_bucket != NOT_WANTED {
                    self.kept[kept_bucket as usize].put(*x);
                }
            }
        }
        self.kept.iter_mut().for_each(Bucket::tidy);
    }

    /// The order statistics at the wanted ranks, ascending.
    pub(super) fn order_statistics(&mut self) -> impl Iterator<Item = f64> {
        self.kept.iter_mut().flat_map(Bucket::found)
    }
}

/// The bucket of a value, which never lies below that of a smaller one.
#[inline]
fn bucket_at(x: f64, low: f64, scale: f64, most: f64) -> u16 {
    let place = (x - low) * scale + 1.0;
    let place = if place > 0.0 { place } else { 0.0 };
    let place = if place < most { place } else { most };
    (place + ROUND).to_bits() as u16
}

impl Bucket {
    #[inline]
    fn put(&mut self, x: f64) {
        if x == self.tie {
            self.ties += 1;
        } else {
            self.values.push(x);
        }
    }

    /// After the first piece: if most of its values are one and the same, that one will only be counted.
    fn tidy(&mut self) {
        if !self.tie.is_nan() || self.values.is_empty() {
            return;
        }
        let middle = self.values.len() / 2;
        self.tie = *self.values.select_nth_unstable_by(middle, f64::total_cmp).1;
        let all = self.values.len();
        self.values.retain(|x| *x != self.tie);
        self.ties = all - self.values.len();
        if self.ties < all / 2 {
            // No more than that will come.
            self.values.reserve_exact(self.count - all);
        } else {
            self.values.shrink_to_fit();
        }
    }

    /// The order statistics at this bucket's ranks.
    fn found(&mut self) -> impl Iterator<Item = f64> {
        self.values.sort_unstable_by(f64::total_cmp);
        let Bucket { before, ranks, tie, ties, values, .. } = &*self;
        let smaller = values.partition_point(|x| x < tie);
        ranks.iter().map(move |rank| {
            let place = rank - before;
            let value = if place < smaller {
                values[place]
            } else if place < smaller + ties {
                *tie
            } else {
                values[place - ties]
            };
            // No negative zero.
            value + 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Order, QuantileRanks, Selection};

    const PROBABILITIES: [f64; 5] = [0.001, 0.05, 0.5, 0.9, 0.999];

    /// Samples of all kinds: smooth, of few values, with many zeros, with a constant or narrow or absent first piece,
    /// with outliers and infinities, of both signs, constant.
    fn samples(n: usize) -> Vec<Vec<f64>> {
        let golden = |i: usize| (i as f64 * 0.618_033_988_749_895).fract();
        let of = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
        vec![
            of(&golden),
            of(&|i| libm::floor(golden(i) * 7.0) - 3.0),
            of(&|i| libm::floor(golden(i) * 1e5)),
            of(&|i| (golden(i) - 0.6).max(0.0)),
            of(&|i| libm::exp(30.0 * golden(i))),
            of(&|i| if i < 700 { 5.0 } else { golden(i) * 9.0 }),
            of(&|i| if i < 700 { golden(i) } else { 1e6 * (golden(i) - 0.5) }),
            of(&|i| if i == 3 { 1e300 } else { -golden(i) }),
            of(&|i| if i % 3 == 0 { f64::INFINITY } else { golden(i) }),
            of(&|i| if i % 3 == 0 { f64::NEG_INFINITY } else { golden(i) }),
            of(&|i| if i < 700 { f64::INFINITY } else { golden(i) }),
            of(&|i| if i % 2 == 0 { -0.0 } else { 0.0 }),
            of(&|i| if i == 0 { f64::MAX } else { -f64::MAX * golden(i) }),
            of(&|i| 1e-310 * golden(i)),
            of(&|_| 7.0),
        ]
    }

    #[test]
    fn two_passes_find_what_sorting_gives_to_the_bit_whatever_the_pieces() {
        for (n, length) in [(1, 128), (2, 1), (30, 7), (700, 128), (5_001, 128), (5_001, 640), (40_000, 2_048)] {
            let errors = PROBABILITIES.map(|p| QuantileRanks::new(n, p));
            let mut selection = Selection::new(n, &PROBABILITIES, &errors);
            for (i, sample) in samples(n).into_iter().enumerate() {
                let mut quantiles = TwoPassQuantiles::new(n);
                sample.chunks(length).for_each(|piece| quantiles.first_pass(piece));
                quantiles.choose_buckets(selection.ranks());
                sample.chunks(length).for_each(|piece| quantiles.second_pass(piece));
                selection.take_from(&mut quantiles);
                let order = Order::of(sample);
                for (p, error) in PROBABILITIES.iter().zip(&errors) {
                    assert_eq!(
                        selection.quantile(*p).to_bits(),
                        order.quantile(*p).to_bits(),
                        "sample {i} of {n}, {p}"
                    );
                    assert_eq!(selection.error(error), order.error(error), "sample {i} of {n}, {p}");
                }
            }
        }
    }

    #[test]
    fn what_is_caught_of_usual_samples_is_no_more_than_the_estimate() {
        let n = 200_000;
        let probabilities = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];
        let errors = probabilities.map(|p| QuantileRanks::new(n, p));
        let selection = Selection::new(n, &probabilities, &errors);
        let golden = |i: usize| ((i as f64 + 0.5) * 0.618_033_988_749_895).fract();
        let normal: Vec<f64> = (0..n).map(|i| crate::stats::special::normal_quantile(golden(i))).collect();
        let lognormal = normal.iter().map(|z| libm::exp(0.8 * z)).collect();
        let whole = normal.iter().map(|z| libm::round(3.0 * z).max(-3.0)).collect();
        for sample in [normal, lognormal, whole] {
            let mut quantiles = TwoPassQuantiles::new(n);
            sample.chunks(2_048).for_each(|piece| quantiles.first_pass(piece));
            quantiles.choose_buckets(selection.ranks());
            sample.chunks(2_048).for_each(|piece| quantiles.second_pass(piece));
            let held: usize = quantiles.kept.iter().map(|kept_bucket| kept_bucket.values.capacity()).sum();
            let bytes = (4 * quantiles.buckets.len() + 8 * held) as f64;
            assert!(bytes < TwoPassQuantiles::bytes(n), "{bytes} against {}", TwoPassQuantiles::bytes(n));
        }
    }
}

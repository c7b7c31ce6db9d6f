//! Random halves of the trials, on which percentiles are formed again to find the errors of their differences and sums.

use std::ops::Range;

use super::stream::{Address, Purpose};
use crate::stats::{Moments, QuantileRanks, residuals};

/// How many halves are drawn.
const HALVES: usize = 50;
/// Each percentile's error is the mean of those at so many levels on either side of it too, …
const BESIDE: i32 = 2;
/// … which are so many standard deviations of a percentile's rank apart.
const APART: f64 = 2.0;
/// No percentile of a half has a rank farther than this from its own, in the same unit.
const FARTHEST: f64 = 6.0;
/// Fewer trials than this tell no error of a difference.
const FEWEST: usize = 100;

/// Percentiles of samples of the same trials on random halves of these trials.
///
/// Percentiles of two samples of the same trials go together, the more so the less the samples differ, and their errors alone do not
/// tell that of their difference. A random half of the trials, the same for all samples, has the difference again; over the halves it scatters
/// like the difference over runs (a half differs from the whole as much as the whole from the law: McCarthy 1969, Pseudo-replication,
/// Rev. Int. Stat. Inst. 37). Two facts of percentiles need care:
///
/// - A small change moves a percentile by what it brings to the one or two trials that stand there. Halves have other trials there, so that the
///   scatter is right however small the change.
/// - Where both this and what the halves leave out make up the scatter, halves count it twice. So with it is found how much of it the whole
///   sample shows at the ranks that halves bring the first sample's percentile to.
#[derive(Clone, Debug)]
pub struct HalfSamples {
    halves: Vec<Half>,
    percentiles: Vec<Percentile>,
    /// Scratch: the samples' values with their trials, and the bits of those below a window.
    order: Vec<(f64, u32)>,
    below: Vec<u64>,
}

/// A random half of the trials: each is in it or not with even chances. The halves are the same for all runs of so many trials.
#[derive(Clone, Debug)]
pub struct Half {
    /// A bit for each trial.
    bits: Vec<u64>,
    size: usize,
}

impl Half {
    /// All halves that errors are found from.
    pub fn all(trials: usize) -> Vec<Half> {
        let words = trials.div_ceil(64);
        let address = Address::new(0, 0, Purpose::HalfSample, 0, 0);
        let half = |half: u64| {
            let mut stream = address.stream(half);
            let mut bits: Vec<u64> = (0..words).map(|_| stream.bits()).collect();
            if let Some(last) = bits.last_mut() {
                *last &= u64::MAX >> (64 * words - trials);
            }
            let size = bits.iter().map(|bits| bits.count_ones() as usize).sum();
            Half { bits, size }
        };
        (0..HALVES as u64).map(half).collect()
    }

    /// Whether a trial is in it.
    pub fn has(&self, trial: usize) -> bool {
        self.bits[trial / 64] >> (trial % 64) & 1 == 1
    }
}

/// Where a percentile is looked for.
#[derive(Clone, Debug)]
struct Percentile {
    /// How far the percentile lies between its two order statistics, in a half as in the whole.
    fraction: f64,
    levels: Vec<f64>,
    /// The ranks that may be wanted.
    window: Range<usize>,
    /// In the first sample the ranks of the two order statistics at each level of each half.
    first: Vec<[usize; 2]>,
}

/// A percentile on the halves, at its own level and those beside it, level after level; or a sum of such.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Halved {
    /// As each half has it.
    own: Vec<f64>,
    /// As the whole sample has it at the ranks of the first sample's.
    whole: Vec<f64>,
    /// The same without the straight line that it follows over these ranks.
    uneven: Vec<f64>,
    /// Whether trials share values there.
    tied: bool,
}

impl HalfSamples {
    /// For the percentiles at `probabilities`, which ascend, of samples of so many trials; `None` where these are too few to tell an error.
    pub fn new(trials: usize, probabilities: &[f64]) -> Option<HalfSamples> {
        let tells = |p: &f64| QuantileRanks::new(trials / 2, *p).interval.is_some();
        if trials < FEWEST || !probabilities.iter().all(tells) {
            return None;
        }
        let percentiles = probabilities.iter().map(|p| Percentile::new(trials, *p)).collect();
        let (order, below) = (Vec::with_capacity(trials), vec![0; trials.div_ceil(64)]);
        Some(HalfSamples { halves: Half::all(trials), percentiles, order, below })
    }

    /// About how many bytes it takes a trial.
    pub const BYTES: f64 = 16.0 + (HALVES + 1) as f64 / 8.0;

    /// The percentiles of a sample (no NaN), in the order of their probabilities. All others are held against the first sample that is taken.
    pub fn take(&mut self, sample: &[f64]) -> Vec<Halved> {
        self.order.clear();
        self.order.extend(sample.iter().zip(0..).map(|(x, trial)| (*x, trial)));
        self.below.fill(0);
        let by_value = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        // So far all trials are parted from those after them, and told in `below`.
        let mut parted = 0;
        let mut found = Vec::new();
        for percentile in &mut self.percentiles {
            let Range { start, end } = percentile.window.clone();
            for rank in [start, end] {
                if rank > parted && rank < self.order.len() {
                    self.order[parted..].select_nth_unstable_by(rank - parted, by_value);
                }
                if rank == start && start > parted {
                    self.order[parted..start].iter().for_each(|(_, t)| self.below[*t as usize / 64] |= 1 << (t % 64));
                    parted = start;
                }
            }
            let window = &mut self.order[start..end];
            window.sort_unstable_by(by_value);
            found.push(percentile.of(window, &self.below, &self.halves));
        }
        found
    }
}

impl Percentile {
    fn new(trials: usize, p: f64) -> Percentile {
        let last = (trials - 1) as f64;
        let sd = libm::sqrt(p * (1.0 - p) / trials as f64);
        // Near 0 and 1 the law is another a few ranks on.
        let level = |i: i32| (p + f64::from(i) * APART * sd).clamp(0.5 * p, 0.5 * (1.0 + p));
        let levels: Vec<f64> = (-BESIDE..=BESIDE).map(level).collect();
        let rank = |level: f64| (level * last).clamp(0.0, last) as usize;
        let [lowest, highest] = [level(-BESIDE) - FARTHEST * sd, level(BESIDE) + FARTHEST * sd].map(rank);
        Percentile {
            fraction: (p * last).fract(),
            levels,
            window: lowest..(highest + 2).min(trials),
            first: Vec::new(),
        }
    }

    /// Of the sample whose `window` holds the values at the wanted ranks, ascending, and `below` the trials of smaller ones.
    fn of(&mut self, window: &[(f64, u32)], below: &[u64], halves: &[Half]) -> Halved {
        let mut ranks = vec![[0; 2]; self.levels.len() * HALVES];
        let mut inside = Vec::with_capacity(window.len());
        for (h, half) in halves.iter().enumerate() {
            let before: u32 = half.bits.iter().zip(below).map(|(half, below)| (half & below).count_ones()).sum();
            inside.clear();
            inside.extend((0..window.len()).filter(|i| half.has(window[*i].1 as usize)));
            for (l, level) in self.levels.iter().enumerate() {
                let rank = libm::round(level * (half.size as f64 - 1.0) - self.fraction) - f64::from(before);
                let last = inside.len().saturating_sub(1);
                let rank = (rank.max(0.0) as usize).min(last.saturating_sub(1));
                let place = |rank: usize| inside.get(rank.min(last)).copied().unwrap_or_default();
                ranks[l * HALVES + h] = [place(rank), place(rank + 1)];
            }
        }
        let values = |ranks: &[[usize; 2]]| -> Vec<f64> {
            let value = |[low, high]: &[usize; 2]| {
                let (low, high) = (window[*low].0, window[*high].0);
                if low == high || self.fraction == 0.0 { low } else { low + self.fraction * (high - low) }
            };
            ranks.iter().map(value).collect()
        };
        let own = values(&ranks);
        if self.first.is_empty() {
            self.first = ranks;
        }
        let whole = values(&self.first);
        let places: Vec<f64> = self.first.iter().map(|ranks| ranks[0] as f64).collect();
        // Between the ranks that halves bring the percentile itself to.
        let ranks_there = at_own_level(&self.first).map(|[low, high]| [low, high + usize::from(self.fraction > 0.0)]);
        let (from, to) = ranks_there.fold((usize::MAX, 0), |(from, to), [low, high]| (from.min(low), to.max(high)));
        let tied = window.get(from..=to).is_some_and(|near| near.windows(2).any(|pair| pair[0].0 == pair[1].0));
        let uneven = places.chunks(HALVES).zip(whole.chunks(HALVES)).flat_map(|(x, y)| residuals(x, y)).collect();
        Halved { own, whole, uneven, tied }
    }
}

impl Halved {
    /// The sum of some, each times a factor.
    pub fn sum<'a>(terms: impl IntoIterator<Item = (f64, &'a Halved)>) -> Halved {
        let mut sum = Halved::default();
        for (factor, term) in terms {
            sum.tied |= term.tied;
            let parts = [(&mut sum.own, &term.own), (&mut sum.whole, &term.whole), (&mut sum.uneven, &term.uneven)];
            for (sum, values) in parts {
                sum.resize(values.len(), 0.0);
                sum.iter_mut().zip(values).for_each(|(sum, x)| *sum += factor * x);
            }
        }
        sum
    }

    /// Its standard error; `None` where values are infinite.
    ///
    /// With v the variance over the halves, w that over the whole sample at the first sample's ranks, u what of w is no straight line, and
    /// r the variance over the halves of the one less the other: max(w, v − min(u, r)), each a mean over the levels. Where trials share values, a
    /// percentile goes in steps, which no variance tells: then 1.96 errors reach at least as far as the sum does in the whole sample over the
    /// ranks that the halves bring the percentile to.
    pub fn error(&self) -> Option<f64> {
        let variance = |values: &[f64]| -> f64 {
            let of = |values: &[f64]| Moments::of(values).map_or(f64::NAN, |m| m.sd * m.sd);
            let levels = values.len() as f64 / HALVES as f64;
            values.chunks(HALVES).map(of).sum::<f64>() / levels
        };
        let apart: Vec<f64> = self.own.iter().zip(&self.whole).map(|(own, whole)| own - whole).collect();
        let twice = variance(&self.uneven).min(variance(&apart));
        let error = libm::sqrt((variance(&self.own) - twice).max(variance(&self.whole)));
        let reach = || {
            let level = at_own_level(&self.whole);
            let (low, high) =
                level.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
            (high - low) / 1.96
        };
        let error = if self.tied { error.max(reach()) } else { error };
        error.is_finite().then_some(error)
    }
}

/// Of values level after level those at the percentile's own level.
fn at_own_level<T: Copy>(values: &[T]) -> impl Iterator<Item = T> {
    values.iter().skip(BESIDE as usize * HALVES).take(HALVES).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Selection, special::normal_quantile};

    const LEVELS: [f64; 3] = [0.1, 0.5, 0.9];

    /// Changes with their errors.
    type Steps = [(f64, f64); 4];

    /// 10 + a + b before a change, (1 + change)·(10 + a) + b after it, with a and b standard normal; then what the change is to each
    /// percentile of the law.
    fn pairs(seed: u64, trials: usize, change: f64) -> ([Vec<f64>; 2], [f64; 3]) {
        let mut stream = Address::new(seed, 0, Purpose::Input, 0, 0).stream(0);
        let both: Vec<[f64; 2]> = (0..trials).map(|_| [10.0 + stream.normal(), stream.normal()]).collect();
        let at = |factor: f64| both.iter().map(|[a, b]| factor * a + b).collect::<Vec<f64>>();
        let wider = libm::sqrt((1.0 + change) * (1.0 + change) + 1.0) - libm::sqrt(2.0);
        ([at(1.0), at(1.0 + change)], LEVELS.map(|p| 10.0 * change + normal_quantile(p) * wider))
    }

    /// The changes of three percentiles and of the distance between the outer ones, with their errors.
    fn changes([before, after]: &[Vec<f64>; 2], error: impl Fn(&[(usize, f64)]) -> f64) -> Steps {
        let at = |sample: &[f64]| {
            let mut selection = Selection::new(sample.len(), &LEVELS, &[]);
            selection.take(sample);
            LEVELS.map(|p| selection.quantile(p))
        };
        let (before, after) = (at(before), at(after));
        let step = |terms: &[(usize, f64)]| {
            (terms.iter().map(|(i, factor)| factor * (after[*i] - before[*i])).sum(), error(terms))
        };
        [step(&[(0, 1.0)]), step(&[(1, 1.0)]), step(&[(2, 1.0)]), step(&[(2, 1.0), (0, -1.0)])]
    }

    fn by_halves(samples: &[Vec<f64>; 2]) -> Steps {
        let mut halves = HalfSamples::new(samples[0].len(), &LEVELS).expect("they are many");
        let [before, after] = samples.each_ref().map(|sample| halves.take(sample));
        changes(samples, |terms| {
            let sides = terms.iter().flat_map(|(i, factor)| [(*factor, &after[*i]), (-factor, &before[*i])]);
            Halved::sum(sides).error().expect("all is finite")
        })
    }

    /// As it would be by the scatter over twenty equal batches.
    fn by_batches(samples: &[Vec<f64>; 2]) -> Steps {
        let size = samples[0].len() / 20;
        let batch = |b: usize| samples.each_ref().map(|sample| sample[b * size..(b + 1) * size].to_vec());
        let found: Vec<Steps> = (0..20).map(|b| changes(&batch(b), |_| 0.0)).collect();
        let mut whole = changes(samples, |_| 0.0);
        for (i, step) in whole.iter_mut().enumerate() {
            step.1 = Moments::of(&found.iter().map(|steps| steps[i].0).collect::<Vec<f64>>()).unwrap().mean_error;
        }
        whole
    }

    /// In how many of 100 seeds each of the changes lies within 1.96 errors of the law's.
    fn held(seeds: u64, trials: usize, change: f64, found: fn(&[Vec<f64>; 2]) -> Steps) -> [f64; 4] {
        let mut held = [0.0; 4];
        for seed in 0..seeds {
            let (samples, truth) = pairs(seed, trials, change);
            let truth = [truth[0], truth[1], truth[2], truth[2] - truth[0]];
            for ((held, (step, error)), truth) in held.iter_mut().zip(found(&samples)).zip(truth) {
                *held += 100.0 * f64::from((step - truth).abs() <= 1.96 * error) / seeds as f64;
            }
        }
        held
    }

    #[test]
    fn intervals_of_changes_of_percentiles_hold_for_small_changes_and_large_ones() {
        // Of 200 seeds 95 in 100 are held with a standard deviation of 1.5; within 4 of these is a false alarm in 15,000 for each of twenty
        // figures, where the law is normal and the intervals hold exactly that.
        for change in [0.003, 0.03, 0.1, 0.3, 1.0] {
            for held in held(200, 1_000, change, by_halves) {
                assert!((89.0..=99.5).contains(&held), "{change}: {held} in 100");
            }
        }
        // Batches say far too little of small changes.
        assert!(held(200, 1_000, 0.003, by_batches).iter().all(|held| *held < 70.0));
    }

    #[test]
    #[ignore = "a minute: the figures of docs/model.md"]
    fn intervals_over_400_seeds() {
        for trials in [1_000, 4_000] {
            for change in [0.003, 0.03, 0.2, 1.0] {
                let [halves, batches] = [by_halves, by_batches].map(|found| held(400, trials, change, found));
                println!("{trials} {change}: {halves:.1?} of 100, by batches {batches:.1?}");
            }
        }
    }

    /// Few deals before a change, and a tenth more of them after it: counts, of which many trials share each.
    fn counts(seed: u64, trials: usize) -> [Vec<f64>; 2] {
        let mut stream = Address::new(seed, 1, Purpose::Input, 0, 0).stream(0);
        let mut count = |mean: f64| {
            let (mut n, mut left) = (0.0, libm::exp(-mean));
            let u = stream.uniform();
            let mut sum = left;
            while sum < u && n < 60.0 {
                n += 1.0;
                left *= mean / n;
                sum += left;
            }
            n
        };
        let both = (0..trials).map(|_| {
            let (deals, more) = (count(2.3), count(0.23));
            [deals, deals + more]
        });
        let both: Vec<[f64; 2]> = both.collect();
        [0, 1].map(|side| both.iter().map(|pair| pair[side]).collect())
    }

    /// How many of 100 seeds hold the true changes of P10, P50, P90 and the width, with so many trials of few deals each.
    fn counts_held(seeds: u64, trials: usize) -> [f64; 4] {
        let truth = changes(&counts(1_000_000, 1_000_000), |_| 0.0).map(|(step, _)| step);
        let mut held = [0.0; 4];
        for seed in 0..seeds {
            let found = by_halves(&counts(seed, trials));
            for ((held, (step, error)), truth) in held.iter_mut().zip(found).zip(truth) {
                *held += 100.0 * f64::from((step - truth).abs() <= 1.96 * error + 1e-9) / seeds as f64;
            }
        }
        held
    }

    #[test]
    fn intervals_of_changes_hold_where_trials_share_values() {
        // Over 400 seeds 90 to 100 of 100 hold: below 80 of these 100 comes about in 2 of 10,000. From variances alone P10's held 34.
        let held = counts_held(100, 200);
        assert!(held.iter().all(|held| *held >= 80.0), "{held:?}");
    }

    #[test]
    #[ignore = "the figures of docs/model.md for counts"]
    fn intervals_of_counts_over_400_seeds() {
        for trials in [200, 1_000, 4_000] {
            println!("{trials}: {:.1?} of 100", counts_held(400, trials));
        }
    }

    #[test]
    fn what_is_the_same_has_no_error_and_a_constant_shift_none_either() {
        let ([before, _], _) = pairs(1, 1_000, 0.0);
        let after = before.iter().map(|x| x + 5.0).collect();
        for (step, error) in by_halves(&[before, after]).into_iter().take(3) {
            assert!((step - 5.0).abs() < 1e-9 && error < 1e-9, "{step} {error}");
        }
    }

    #[test]
    fn a_few_trials_tell_no_error() {
        assert!(HalfSamples::new(99, &[0.5]).is_none());
        assert!(HalfSamples::new(100, &LEVELS).is_some());
        assert!(HalfSamples::new(100, &[0.01]).is_none());
    }
}

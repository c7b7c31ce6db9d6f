//! From a sample to its bands, at once or in two passes over its pieces.

use super::bands::Bands;
use crate::stats::{Estimate, MomentSums, Moments, QuantileRanks, Selection, TwoPassQuantiles};

/// The probabilities of p5 … p95.
const PERCENTILES: [f64; 7] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

/// Fewer trials than this tell nothing of how wrong a standard deviation is.
const FEWEST: usize = 20;

/// What turns samples of a given size into bands, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Summary {
    ranks: [QuantileRanks; 7],
    selection: Selection,
}

impl Summary {
    pub(crate) fn new(trials: usize) -> Summary {
        let ranks = PERCENTILES.map(|p| QuantileRanks::new(trials, p));
        Summary { selection: Selection::new(trials, &PERCENTILES, &ranks), ranks }
    }

    /// Bands; all unknown when any value is unknown (NaN). Infinite values (never) leave mean and sd empty.
    pub(crate) fn bands(&mut self, sample: &[f64]) -> Bands<Estimate> {
        self.measure(sample).bands()
    }

    /// The moments and quantiles of a sample, unrounded.
    pub(super) fn measure(&mut self, sample: &[f64]) -> Measured {
        // A finite mean vouches for every value: an unknown or infinite one would show in it.
        let moments = Moments::of(sample).filter(|m| m.mean.is_finite());
        if sample.is_empty() || moments.is_none() && sample.iter().any(|x| x.is_nan()) {
            return Measured::default();
        }
        self.selection.take(sample);
        self.measured(moments)
    }

    /// The same of a sample that came twice, in pieces.
    pub(super) fn finish(&mut self, mut accumulator: SummaryAccumulator) -> Measured {
        let moments = accumulator.sums.moments().filter(|m| m.mean.is_finite());
        if accumulator.unknown {
            return Measured::default();
        }
        self.selection.take_from(&mut accumulator.quantiles);
        self.measured(moments)
    }

    /// Of the sample whose order statistics were taken last.
    fn measured(&self, moments: Option<Moments>) -> Measured {
        let quantile = |i: usize| (self.selection.quantile(PERCENTILES[i]), self.selection.error(&self.ranks[i]));
        Measured { moments, trials: self.selection.trials(), quantiles: Some(std::array::from_fn(quantile)) }
    }
}

/// The moments of a sample, where all values are finite, and its quantiles, all unrounded. Nothing is known where a value is unknown.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    pub(super) moments: Option<Moments>,
    trials: usize,
    /// The quantiles at [`PERCENTILES`] with their errors.
    quantiles: Option<[(f64, Option<f64>); 7]>,
}

impl Measured {
    /// The bands, rounded to what their errors support.
    pub(super) fn bands(&self) -> Bands<Estimate> {
        let mut columns = [Estimate::UNKNOWN; 9];
        if let Some(m) = self.moments {
            // One trial has a mean, but nothing is known of its error.
            columns[0] = Estimate::new(m.mean, (self.trials > 1).then_some(m.mean_error));
            if self.trials > 1 {
                columns[1] = Estimate::new(m.sd, (self.trials >= FEWEST).then_some(m.sd_error));
            }
        }
        for (column, (value, error)) in columns[2..].iter_mut().zip(self.quantiles.into_iter().flatten()) {
            *column = Estimate::new(value, error);
        }
        Bands::from_columns(columns)
    }

    /// One of the quantiles; unknown where a value is.
    pub(super) fn quantile(&self, p: f64) -> Option<f64> {
        let at = PERCENTILES.iter().position(|known| *known == p)?;
        Some(self.quantiles?[at].0)
    }

    /// P10, unrounded.
    pub(super) fn p10(&self) -> Option<f64> {
        self.quantiles.map(|all| all[1].0)
    }

    /// P90, unrounded.
    pub(super) fn p90(&self) -> Option<f64> {
        self.quantiles.map(|all| all[5].0)
    }

    /// The errors of P10 and P90, unrounded.
    pub(super) fn end_errors(&self) -> [Option<f64>; 2] {
        self.quantiles.map_or([None; 2], |all| [all[1].1, all[5].1])
    }

    /// Of the same sample less an amount: the bands of x − a follow from those of x.
    pub(super) fn less(&self, amount: f64) -> Measured {
        let moments = self.moments.map(|m| Moments { mean: m.mean - amount, ..m });
        let quantiles = self.quantiles.map(|all| all.map(|(value, error)| (value - amount, error)));
        Measured { moments, quantiles, ..*self }
    }

    /// Of the same sample divided by an amount above 0: the bands of x / a follow from those of x.
    pub(super) fn over(&self, amount: f64) -> Measured {
        let moments = self.moments.map(|m| Moments {
            mean: m.mean / amount,
            sd: m.sd / amount,
            mean_error: m.mean_error / amount,
            sd_error: m.sd_error / amount,
        });
        let divided = |(value, error): (f64, Option<f64>)| (value / amount, error.map(|error| error / amount));
        Measured { moments, quantiles: self.quantiles.map(|all| all.map(divided)), ..*self }
    }
}

/// What becomes the bands of a sample that comes twice, in pieces.
#[derive(Clone, Debug)]
pub(super) struct SummaryAccumulator {
    sums: MomentSums,
    quantiles: TwoPassQuantiles,
    unknown: bool,
}

impl SummaryAccumulator {
    pub(super) fn new(trials: usize) -> SummaryAccumulator {
        SummaryAccumulator { sums: MomentSums::default(), quantiles: TwoPassQuantiles::new(trials), unknown: false }
    }

    /// Takes in a piece of the sample for the first time.
    pub(super) fn first_pass(&mut self, piece: &[f64]) {
        self.sums.first_pass(piece);
        self.quantiles.first_pass(piece);
        // Finite sums vouch for every value.
        self.unknown |= !self.sums.is_finite() && piece.iter().any(|x| x.is_nan());
    }

    /// Between the two times.
    pub(super) fn between_passes(&mut self, summary: &Summary) {
        self.sums.between_passes();
        self.quantiles.choose_buckets(summary.selection.ranks());
    }

    /// Takes in a piece of the sample for the second time.
    pub(super) fn second_pass(&mut self, piece: &[f64]) {
        if !self.unknown {
            self.sums.second_pass(piece);
            self.quantiles.second_pass(piece);
        }
    }
}

/// A share of `n` futures with its standard error: that of the Jeffreys posterior Beta(k + ½, n − k + ½), which agrees with
/// √(p(1 − p)/n) away from 0 and 1 and does not take "0 of 10,000" for impossible.
pub(crate) fn share(count: usize, n: usize) -> Estimate {
    let (k, n) = (count as f64, n as f64);
    let (a, b) = (k + 0.5, n - k + 0.5);
    let error = libm::sqrt(a * b / ((n + 1.0) * (n + 1.0) * (n + 2.0)));
    Estimate::new(k / n, Some(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::binomial_cdf;

    #[test]
    fn a_chance_never_seen_or_always_is_told_as_far_as_so_many_trials_support() {
        let never = [1, 10, 200, 10_000].map(|n| share(0, n).chance());
        assert_eq!(
            never,
            ["fewer than 95", "fewer than 30", "fewer than 2", "fewer than 1"].map(|n| format!("{n} in 100"))
        );
        let always = [1, 10, 200, 10_000].map(|n| share(n, n).chance());
        assert_eq!(
            always,
            ["more than 5", "more than 70", "more than 98", "more than 99"].map(|n| format!("{n} in 100"))
        );
    }

    #[test]
    fn a_small_chance_is_below_what_is_told_in_19_samples_of_20() {
        for (n, most) in [(2_usize, 0), (5, 0), (40, 0), (150, 0), (299, 1), (500, 2), (1_000, 4), (20_000, 99)] {
            for count in 0..=most {
                let told = share(count, n).chance();
                let bound: f64 =
                    told.strip_prefix("fewer than ").and_then(|s| s.strip_suffix(" in 100")).unwrap().parse().unwrap();
                // Were the chance this bound, so few would be seen in 1 sample of 20 at most; of one and two trials it is the limit itself.
                let seen = binomial_cdf(count as f64, n as f64, bound / 100.0);
                assert!(seen <= 0.052, "{told} for {count} of {n}: {seen}");
                // A percent and a half less is too little, where that is told at all; of few trials the rule is a cautious one.
                let less = binomial_cdf(count as f64, n as f64, (bound - 1.5).max(0.0) / 100.0);
                assert!(n < 100 || bound == 1.0 || less > 0.05, "{told} for {count} of {n}: {less}");
            }
        }
    }

    #[test]
    fn a_few_trials_have_a_standard_deviation_without_an_error() {
        for (trials, known) in [(2, false), (5, false), (19, false), (20, true)] {
            let sample: Vec<f64> = (0..trials).map(|i| f64::from(i * i % 7)).collect();
            let bands = Summary::new(sample.len()).bands(&sample);
            assert_eq!((bands.sd.value.is_some(), bands.sd.error.is_some()), (true, known), "{trials}");
        }
    }

    #[test]
    fn bands_against_an_amount_follow_from_those_of_the_values() {
        let golden = |i: usize| ((i + 1) as f64 * 0.618_033_988_749_895).fract();
        let varied: Vec<f64> = (0..5_000).map(|i| 1e6 * libm::exp(golden(i))).collect();
        for sample in [varied, vec![1e6 / 3.0; 5_000]] {
            let mut summary = Summary::new(sample.len());
            for amount in [1e6 / 3.0, 7.0, 1.9e6] {
                let less: Vec<f64> = sample.iter().map(|x| x - amount).collect();
                let over: Vec<f64> = sample.iter().map(|x| x / amount).collect();
                let measured = summary.measure(&sample);
                assert_eq!(measured.less(amount).bands().columns(), summary.bands(&less).columns());
                assert_eq!(measured.over(amount).bands().columns(), summary.bands(&over).columns());
            }
        }
    }
}

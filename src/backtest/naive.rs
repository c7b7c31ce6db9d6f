//! What people forecast without a model, with fair bands: the methods that a forecast has to beat.
//!
//! Each sees what was known at the origin and nothing later, and gives draws of the won value of a [`Target`].

use super::target::{Step, Target};
use crate::chance::{Address, Purpose, Stream, binomial_quantile, name_key, poisson_quantile};
use crate::fit::Cohorts;
use crate::stats::{Moments, residuals, slope};

/// A way to forecast that stands beside: without a model, or with less of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The same fit with win rates and cycles alone: without chances by age, the rhythm of the quarter and a pace that drifts.
    Simple,
    /// The mean of the last three periods goes on; the spread is that of all periods seen, as a t law.
    RunRate,
    /// The deals won in the last three periods go on as a Poisson count, each as large as any won before.
    RunRatePoisson,
    /// Each month is worth what the month three before it was, each week what that 13 before it was; the spread is that of such differences seen, as a t law.
    Seasonal,
    /// The same a year before, once two years have been seen.
    SeasonalYear,
    /// Open deals are won as often as decided ones were, and what is created and won meanwhile goes on as a Poisson count.
    WeightedPipeline,
    /// A straight line through all periods seen goes on, once there are five; till then their mean. The spread is that around it, as a t law.
    StraightLine,
}

/// What was known at an origin: the cohorts before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    cohorts: &'a Cohorts,
    /// How many periods lie before the origin.
    origin: usize,
    step: Step,
}

/// So many periods are what goes on.
const RECENT: usize = 3;
/// With fewer periods a line says no more than their mean.
const FEWEST_OF_LINE: usize = 5;
/// The sum of more deals than this is drawn as a normal number.
const MOST_SUMMED: f64 = 400.0;

impl Method {
    /// All of them.
    pub const ALL: [Method; 7] = [
        Method::Simple,
        Method::RunRate,
        Method::RunRatePoisson,
        Method::Seasonal,
        Method::SeasonalYear,
        Method::WeightedPipeline,
        Method::StraightLine,
    ];

    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            Method::Simple => "simple",
            Method::RunRate => "run_rate",
            Method::RunRatePoisson => "run_rate_poisson",
            Method::Seasonal => "seasonal",
            Method::SeasonalYear => "seasonal_year",
            Method::WeightedPipeline => "weighted_pipeline",
            Method::StraightLine => "straight_line",
        }
    }

    /// Its name in sentences.
    pub fn name(self) -> &'static str {
        match self {
            Method::Simple => "the fit with win rates and cycles",
            Method::RunRate => "the run-rate",
            Method::RunRatePoisson => "the run-rate of deals",
            Method::Seasonal => "the same part of the quarter before",
            Method::SeasonalYear => "the same part of the year before",
            Method::WeightedPipeline => "the weighted pipeline",
            Method::StraightLine => "a straight line",
        }
    }

    /// Its name above a column.
    pub fn head(self) -> &'static str {
        match self {
            Method::Simple => "win rates",
            Method::RunRate => "run-rate",
            Method::RunRatePoisson => "of deals",
            Method::Seasonal => "quarter before",
            Method::SeasonalYear => "year before",
            Method::WeightedPipeline => "weighted pipeline",
            Method::StraightLine => "line",
        }
    }

    /// Whether it takes no model.
    pub fn is_naive(self) -> bool {
        self != Method::Simple
    }

    /// Draws of a target's won value; none where too little was known for the method, or where it takes a fit.
    pub(super) fn draws(
        self,
        known: &Known,
        target: Target,
        draws: usize,
        (seed, scope): (u64, &str),
    ) -> Option<Vec<f64>> {
        let name = name_key(&format!("{} {scope} {}", self.key(), target.key));
        let mut stream = Address::new(seed, 0, Purpose::Backtest, name, known.origin).stream(0);
        let stream = &mut stream;
        match self {
            Method::Simple => None,
            Method::RunRate => Some(known.run_rate(target)?.draw(draws, stream)),
            Method::StraightLine => Some(known.line(target)?.draw(draws, stream)),
            Method::Seasonal => Some(known.seasonal(target, known.step.quarter())?.draw(draws, stream)),
            Method::SeasonalYear => {
                let year = 4 * known.step.quarter();
                (known.origin >= 2 * year).then(|| known.seasonal(target, year))?.map(|law| law.draw(draws, stream))
            }
            Method::RunRatePoisson => {
                let recent = known.origin.checked_sub(RECENT)?..known.origin;
                let wins: usize = known.cohorts.amounts[recent].iter().map(Vec::len).sum();
                let mean = wins as f64 / RECENT as f64 * target.length as f64;
                let sizes = known.sizes()?;
                Some((0..draws).map(|_| sizes.sum(poisson_quantile(mean, stream.uniform()), stream)).collect())
            }
            Method::WeightedPipeline => {
                let (open, chance) = (known.open() as f64, known.win_share()? * known.share_decided(target)?);
                let (fresh, sizes) = (known.created_and_won(target)?, known.sizes()?);
                let one = |_| {
                    let won = binomial_quantile(open, chance, stream.uniform());
                    sizes.sum(won + poisson_quantile(fresh, stream.uniform()), stream)
                };
                Some((0..draws).map(one).collect())
            }
        }
    }
}

/// The amounts of won deals, one of which each deal is worth.
#[derive(Clone, Debug, PartialEq)]
struct Sizes {
    /// One of them, where all are alike.
    amounts: Vec<f64>,
    mean: f64,
    variance: f64,
}

impl Sizes {
    /// None where no deal was won.
    fn of(mut amounts: Vec<f64>) -> Option<Sizes> {
        if amounts.iter().all(|x| *x == amounts[0]) {
            amounts.truncate(1);
        }
        let count = amounts.len() as f64;
        let mean = amounts.iter().sum::<f64>() / count;
        let variance = amounts.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        (!amounts.is_empty()).then_some(Sizes { amounts, mean, variance })
    }

    /// The sum of a number of deals.
    fn sum(&self, deals: f64, stream: &mut Stream) -> f64 {
        let amounts = &self.amounts;
        if let [amount] = amounts[..] {
            return deals * amount;
        }
        if deals <= MOST_SUMMED {
            let one = |_| amounts[((stream.uniform() * amounts.len() as f64) as usize).min(amounts.len() - 1)];
            return (0..deals as usize).map(one).sum();
        }
        deals * self.mean + libm::sqrt(deals * self.variance) * stream.normal()
    }
}

/// A t law, cut at 0 where nothing below 0 was ever seen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StudentT {
    mean: f64,
    scale: f64,
    freedom: f64,
    is_positive: bool,
}

impl StudentT {
    fn draw(self, draws: usize, stream: &mut Stream) -> Vec<f64> {
        let one = |_| {
            let spread = libm::sqrt(2.0 * stream.gamma(0.5 * self.freedom) / self.freedom);
            let x = self.mean + self.scale * stream.normal() / spread;
            if self.is_positive { x.max(0.0) } else { x }
        };
        (0..draws).map(one).collect()
    }
}

impl<'a> Known<'a> {
    /// What was known at the start of period `origin`.
    pub(super) fn at(cohorts: &'a Cohorts, origin: usize, step: Step) -> Known<'a> {
        Known { cohorts, origin, step }
    }

    /// The won value of each period.
    fn values(&self) -> Vec<f64> {
        self.cohorts.amounts[..self.origin].iter().map(|amounts| amounts.iter().sum()).collect()
    }

    /// What deals were worth that were won.
    fn sizes(&self) -> Option<Sizes> {
        Sizes::of(self.cohorts.amounts[..self.origin].concat())
    }

    /// Deals won, and deals won or lost, of those created before a period or in it (as cohorts count them), in some periods.
    fn decided(&self, created: std::ops::RangeInclusive<usize>, closed: std::ops::Range<usize>) -> (u64, u64) {
        let count = |table: &[Vec<u64>]| {
            created.clone().map(|cohort| table[cohort][closed.clone()].iter().sum::<u64>()).sum::<u64>()
        };
        let won = count(&self.cohorts.won);
        (won, won + count(&self.cohorts.lost))
    }

    /// How many deals are open.
    fn open(&self) -> u64 {
        let created: u64 = self.cohorts.created[..=self.origin].iter().sum();
        created.saturating_sub(self.decided(0..=self.origin, 0..self.origin).1)
    }

    /// won/(won + lost).
    fn win_share(&self) -> Option<f64> {
        let (won, decided) = self.decided(0..=self.origin, 0..self.origin);
        (decided > 0).then(|| won as f64 / decided as f64)
    }

    /// Of the deals that were open at earlier origins, the share that was decided in the target. Of the longest target it is 1: what is open is
    /// taken to be decided in it.
    fn share_decided(&self, target: Target) -> Option<f64> {
        if target.length > 1 {
            return Some(1.0);
        }
        let earlier = 0..(self.origin + 1).checked_sub(target.reach())?;
        let (mut within, mut open) = (0, 0);
        for origin in earlier {
            within += self.decided(0..=origin, target.periods(origin)).1;
            open += Known { origin, ..*self }.open();
        }
        (open > 0).then(|| within as f64 / open as f64)
    }

    /// How many deals are created after an origin and won in the target: the mean over the last few origins whose target has passed.
    fn created_and_won(&self, target: Target) -> Option<f64> {
        let origins = (self.origin + 1).checked_sub(target.reach()).filter(|count| *count > 0)?;
        let last = origins.saturating_sub(RECENT)..origins;
        let count = last.len() as f64;
        let won = |origin: usize| self.decided(origin + 1..=origin + target.reach(), target.periods(origin)).0;
        Some(last.map(won).sum::<u64>() as f64 / count)
    }

    /// A t law with a mean, and a variance of so many times that of `seen` around their mean, which took `parameters`.
    fn law(&self, mean: f64, seen: &[f64], parameters: usize, times: f64) -> Option<StudentT> {
        let freedom = seen.len().checked_sub(parameters).filter(|freedom| *freedom > 0)? as f64;
        let centre = Moments::of(seen)?.mean;
        let square: f64 = seen.iter().map(|x| (x - centre) * (x - centre)).sum();
        let is_positive = self.values().iter().all(|x| *x >= 0.0);
        Some(StudentT { mean, scale: libm::sqrt(times * square / freedom), freedom, is_positive })
    }

    fn run_rate(&self, target: Target) -> Option<StudentT> {
        let values = self.values();
        let recent = values.len().checked_sub(RECENT)?;
        let (length, count) = (target.length as f64, RECENT as f64);
        let mean = values[recent..].iter().sum::<f64>() / count;
        self.law(length * mean, &values, 1, length + length * length / count)
    }

    fn seasonal(&self, target: Target, lag: usize) -> Option<StudentT> {
        let values = self.values();
        let first = self.origin.checked_sub(lag)?;
        // A target that is longer than the lag, or lies beyond it, would need what is not known.
        let mean = (target.reach() <= lag).then(|| values[target.periods(first)].iter().sum::<f64>())?;
        let length = target.length as f64;
        let changes: Vec<f64> = (lag..values.len()).map(|i| values[i] - values[i - lag]).collect();
        // Changes are taken to have no mean. Of fewer than two, twice the variance of the values stands for it.
        if changes.len() < 2 {
            return self.law(mean, &values, 1, 2.0 * length);
        }
        let both: Vec<f64> = changes.iter().flat_map(|change| [*change, -change]).collect();
        let law = self.law(mean, &both, changes.len(), length)?;
        Some(StudentT { scale: law.scale * libm::sqrt(0.5), ..law })
    }

    fn line(&self, target: Target) -> Option<StudentT> {
        let values = self.values();
        let (length, count) = (target.length as f64, values.len() as f64);
        if values.len() < FEWEST_OF_LINE {
            let mean = Moments::of(&values)?.mean;
            return self.law(length * mean, &values, 1, length + length * length / count);
        }
        let places: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
        let (middle, mean) = (0.5 * (count - 1.0), Moments::of(&values)?.mean);
        let away: f64 = target.periods(self.origin).map(|place| place as f64 - middle).sum();
        let square: f64 = places.iter().map(|x| (x - middle) * (x - middle)).sum();
        let times = length + length * length / count + away * away / square;
        let mean = length * mean + slope(&places, &values) * away;
        self.law(mean, &residuals(&places, &values), 2, times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Order;

    /// Cohorts with these amounts won in each period, all created in it but for one a period that was open before; as many are lost.
    fn cohorts(amounts: &[&[f64]]) -> Cohorts {
        let n = amounts.len();
        let mut made = Cohorts {
            created: vec![0; n + 1],
            won: vec![vec![0; n]; n + 1],
            lost: vec![vec![0; n]; n + 1],
            amounts: amounts.iter().map(|amounts| amounts.to_vec()).collect(),
        };
        made.created[0] = 50;
        for (period, amounts) in amounts.iter().enumerate() {
            let (own, old) = (amounts.len() as u64 - 1, 1);
            made.created[period + 1] = own + amounts.len() as u64;
            made.won[period + 1][period] = own;
            made.won[0][period] = old;
            made.lost[period + 1][period] = amounts.len() as u64;
        }
        made
    }

    fn month(i: usize) -> Target {
        Step::Month.targets()[i]
    }

    fn mean_sd(draws: &[f64]) -> (f64, f64) {
        let moments = Moments::of(draws).unwrap();
        (moments.mean, moments.sd)
    }

    /// Draws of a method at the end of all periods.
    fn drawn(method: Method, cohorts: &Cohorts, target: Target) -> Option<Vec<f64>> {
        let known = Known::at(cohorts, cohorts.periods(), Step::Month);
        method.draws(&known, target, 20_000, (1, "total"))
    }

    #[test]
    fn laws_are_those_of_textbooks() {
        let made = cohorts(&[&[100.0], &[130.0], &[110.0], &[150.0], &[120.0], &[170.0]]);
        let known = Known::at(&made, 6, Step::Month);
        // Variance of the six around their mean of 130: 3,400/5 = 680.
        let rate = known.run_rate(month(0)).unwrap();
        assert!((rate.mean - 440.0 / 3.0).abs() < 1e-9 && rate.freedom == 5.0);
        assert!((rate.scale - libm::sqrt(680.0 * 4.0 / 3.0)).abs() < 1e-9);
        let quarter = known.run_rate(month(3)).unwrap();
        assert!((quarter.mean - 440.0).abs() < 1e-9 && (quarter.scale - libm::sqrt(680.0 * 6.0)).abs() < 1e-9);
        // Changes from a quarter before: 50, −10, 60, whose mean square is 6,200/3.
        let seasonal = known.seasonal(month(1), 3).unwrap();
        assert_eq!((seasonal.mean, seasonal.freedom), (120.0, 3.0));
        assert!((seasonal.scale - libm::sqrt(6200.0 / 3.0)).abs() < 1e-9);
        assert_eq!(known.seasonal(month(3), 3).unwrap().mean, 440.0);
        // The line goes through the means, 2.5 and 130; 17.5 is the sum of squares of the months around theirs.
        let line = known.line(month(0)).unwrap();
        let slope = (-2.5 * 100.0 - 1.5 * 130.0 - 0.5 * 110.0 + 0.5 * 150.0 + 1.5 * 120.0 + 2.5 * 170.0) / 17.5;
        assert!((line.mean - (130.0 + 3.5 * slope)).abs() < 1e-9 && line.freedom == 4.0);
        let left = 3400.0 - slope * slope * 17.5;
        let scale = libm::sqrt(left / 4.0 * (1.0 + 1.0 / 6.0 + 3.5 * 3.5 / 17.5));
        assert!((line.scale - scale).abs() < 1e-9, "{} {scale}", line.scale);
        // At the third month a line is no more than a mean.
        let early = Known::at(&made, 3, Step::Month);
        assert!((early.line(month(0)).unwrap().mean - 340.0 / 3.0).abs() < 1e-9);
        assert_eq!(early.seasonal(month(0), 3).unwrap().mean, 100.0);
    }

    #[test]
    fn a_t_law_has_its_quantiles() {
        let law = StudentT { mean: 100.0, scale: 10.0, freedom: 5.0, is_positive: true };
        let mut stream = Address::new(1, 0, Purpose::Backtest, 0, 0).stream(0);
        let draws = Order::of(law.draw(40_000, &mut stream));
        // t₅: P90 1.476, P95 2.015; errors of 40,000 draws are 0.02 at most.
        assert!((draws.quantile(0.9) - 114.76).abs() < 0.6 && (draws.quantile(0.05) - 79.85).abs() < 0.8);
        assert!(draws.values()[0] >= 0.0);
    }

    #[test]
    fn counts_of_the_pipeline_are_those_of_the_cohorts() {
        let months: [&[f64]; 4] = [&[10.0, 30.0], &[10.0, 30.0], &[10.0, 30.0], &[10.0, 30.0]];
        let made = cohorts(&months);
        let known = Known::at(&made, 4, Step::Month);
        // 50 + 4·3 created, 4·4 decided; half of these were won.
        assert_eq!((known.open(), known.win_share()), (46, Some(0.5)));
        // At each origin one deal that was open was won in the month that followed: of 50, 49, 48, 47.
        assert_eq!(known.share_decided(month(0)), Some(4.0 / 194.0));
        assert_eq!(known.share_decided(month(3)), Some(1.0));
        assert_eq!((known.created_and_won(month(0)), known.created_and_won(month(3))), (Some(1.0), Some(3.0)));
        // What came later is not looked at.
        let early = Known::at(&made, 3, Step::Month);
        assert_eq!(
            (early.open(), early.sizes().map(|sizes| sizes.amounts.len()), early.values()),
            (47, Some(6), vec![40.0; 3])
        );
        let (mean, sd) = mean_sd(&drawn(Method::WeightedPipeline, &made, month(0)).unwrap());
        // 46·2/194 + 1 deals of 20, each with a variance of 100.
        let (p, deals) = (2.0 / 194.0, 46.0 * 2.0 / 194.0 + 1.0);
        assert!((mean - 20.0 * deals).abs() < 1.0, "{mean}");
        let variance = 46.0 * p * (1.0 - p) * 400.0 + 400.0 + deals * 100.0;
        assert!((sd / libm::sqrt(variance) - 1.0).abs() < 0.03, "{sd}");
        let (mean, sd) = mean_sd(&drawn(Method::RunRatePoisson, &made, month(3)).unwrap());
        assert!((mean - 120.0).abs() < 1.6 && (sd / libm::sqrt(6.0 * 500.0) - 1.0).abs() < 0.03, "{mean} {sd}");
    }

    #[test]
    fn what_is_not_known_is_not_forecast() {
        let made = cohorts(&[&[10.0], &[10.0], &[10.0]]);
        assert!(drawn(Method::SeasonalYear, &made, month(0)).is_none());
        let known = Known::at(&made, 2, Step::Month);
        assert!(Method::RunRate.draws(&known, month(0), 10, (1, "total")).is_none());
        assert!(Method::Seasonal.draws(&known, month(0), 10, (1, "total")).is_none());
        let weeks = Known::at(&made, 3, Step::Week);
        assert!(Method::Seasonal.draws(&weeks, Step::Week.targets()[0], 10, (1, "total")).is_none());
        // Deals that are all alike are counted, and not drawn one by one.
        let sizes = known.sizes().unwrap();
        let sum = sizes.sum(7.0, &mut Address::new(1, 0, Purpose::Backtest, 0, 0).stream(0));
        assert_eq!((sizes.amounts, sum), (vec![10.0], 70.0));
        // Months that are all alike have no spread.
        assert_eq!(drawn(Method::RunRate, &made, month(3)).unwrap(), vec![30.0; 20_000]);
    }

    #[test]
    fn many_deals_are_summed_as_a_normal_number() {
        let sizes = Sizes::of(vec![10.0, 30.0]).unwrap();
        let mut stream = Address::new(1, 0, Purpose::Backtest, 0, 0).stream(0);
        for deals in [MOST_SUMMED, MOST_SUMMED + 1.0] {
            let sums: Vec<f64> = (0..4000).map(|_| sizes.sum(deals, &mut stream)).collect();
            let (mean, sd) = mean_sd(&sums);
            let wanted = 10.0 * libm::sqrt(deals);
            assert!((mean - 20.0 * deals).abs() < 5.0 * wanted / 63.0 && (sd / wanted - 1.0).abs() < 0.06);
        }
    }
}

//! What is asked of a figure, read off its values: the statistic with its error, and how far it and its bounds are from the level.

use super::document::GoalStatistic;
use crate::analysis::Response;
use crate::forecast::share;
use crate::model::{Figure, Model, Target};
use crate::outcomes::Outcomes;
use crate::stats::{Estimate, Moments, Order, QuantileRanks};
use crate::units::{Period, Periods};

/// A figure at one value of what is varied.
#[derive(Clone, Copy, Debug)]
pub(in crate::analysis) struct Evaluation {
    /// The value of what is varied.
    pub(in crate::analysis) at: f64,
    /// The statistic at that value.
    pub(in crate::analysis) statistic: Estimate,
    /// How far what must reach the level is above it.
    pub(in crate::analysis) above: MarginOverLevel,
}

/// How far the figure is above the level: by its best estimate, and by the ends of its 95 % interval, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::analysis) struct MarginOverLevel {
    pub(in crate::analysis) best: f64,
    pub(in crate::analysis) ends: Option<[f64; 2]>,
}

/// The figure's value in each trial. Of a target for each month or quarter the lowest of them, since all reach a level where
/// that does.
pub(in crate::analysis) fn values(response: &Response, model: &Model, outcomes: &Outcomes) -> Vec<f64> {
    let grid = response.grid(model, outcomes);
    match response {
        Response::Figure(Figure { period, .. }) | Response::Target(Target { periods: Periods::One(period), .. }) => {
            grid.period(period.months.clone())
        }
        Response::Target(Target { periods: Periods::Each(periods), .. }) => {
            let all = periods.iter().map(|Period { months, .. }| grid.period(months.clone()));
            let lowest = all.reduce(|mut lowest, values| {
                lowest.iter_mut().zip(values).for_each(|(low, x)| *low = if x < *low || x.is_nan() { x } else { *low });
                lowest
            });
            lowest.unwrap_or_default()
        }
    }
}

/// Reads samples of so many trials.
#[derive(Debug)]
pub(in crate::analysis) struct Reader {
    wanted: GoalStatistic,
    ranks: QuantileRanks,
}

impl Reader {
    pub(in crate::analysis) fn new(wanted: GoalStatistic, trials: usize) -> Reader {
        let p = match wanted {
            GoalStatistic::Probability(probability) => 1.0 - probability,
            GoalStatistic::Percentile { p, .. } => p,
            // Ranks do not enter a mean.
            GoalStatistic::Mean(_) => 0.5,
        };
        Reader { wanted, ranks: QuantileRanks::new(trials, p) }
    }

    /// The statistic of a sample and how far it is above the level, which is the target's own for a probability. `None`
    /// where the figure is unknown in some trial, unless that just means that the target is missed.
    ///
    /// "The chance of at least T is q" and "the (1 − q) quantile is T" are one statement, and the quantile moves smoothly where
    /// the chance goes in steps. The 95 % interval is that of the quantile, from order statistics.
    pub(in crate::analysis) fn read(&self, at: f64, mut sample: Vec<f64>, target: f64) -> Option<Evaluation> {
        let n = sample.len();
        let ends = |order: &Order, level: f64| {
            let (low, high) = self.ranks.interval?;
            Some([order.values()[low - 1] - level, order.values()[high - 1] - level])
        };
        if let GoalStatistic::Probability(probability) = self.wanted {
            sample.iter_mut().filter(|x| x.is_nan()).for_each(|x| *x = f64::NEG_INFINITY);
            let met = sample.iter().filter(|x| **x >= target).count();
            let order = Order::of(sample);
            // At least this many trials must meet it; 0.8 · 10,000 must not become 8,001.
            let needed = libm::ceil(probability * n as f64 - 1e-9).clamp(1.0, n as f64) as usize;
            let best = order.values()[n - needed] - target;
            return Some(Evaluation {
                at,
                statistic: share(met, n),
                above: MarginOverLevel { best, ends: ends(&order, target) },
            });
        }
        if sample.iter().any(|x| x.is_nan()) {
            return None;
        }
        match self.wanted {
            GoalStatistic::Mean(level) => {
                let moments = Moments::of(&sample)?;
                let error = (n > 1).then_some(moments.mean_error);
                let best = moments.mean - level;
                let ends = error.map(|error| [best - 1.96 * error, best + 1.96 * error]);
                Some(Evaluation {
                    at,
                    statistic: Estimate::new(moments.mean, error),
                    above: MarginOverLevel { best, ends },
                })
            }
            GoalStatistic::Percentile { p, level } => {
                let order = Order::of(sample);
                let value = order.quantile(p);
                let statistic = Estimate::new(value, order.error(&self.ranks));
                Some(Evaluation {
                    at,
                    statistic,
                    above: MarginOverLevel { best: value - level, ends: ends(&order, level) },
                })
            }
            GoalStatistic::Probability(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hundred() -> Vec<f64> {
        (1..=100).map(f64::from).collect()
    }

    #[test]
    fn a_chance_is_reached_where_its_quantile_reaches_the_level() {
        let reader = Reader::new(GoalStatistic::Probability(0.8), 100);
        for (target, met, best) in [(21.0, 0.8, 0.0), (22.0, 0.79, -1.0), (20.0, 0.81, 1.0)] {
            let evaluate = reader.read(1.0, hundred(), target).unwrap();
            assert_eq!((evaluate.statistic.value, evaluate.above.best), (Some(met), best));
        }
        // The 2.5 % point of Bin(100, 0.2) is 12, and one past its 97.5 % point is 29: computed with SciPy.
        assert_eq!(reader.read(1.0, hundred(), 21.0).unwrap().above.ends, Some([-9.0, 8.0]));
    }

    #[test]
    fn what_is_unknown_meets_no_target_and_has_no_mean() {
        let mut sample = hundred();
        sample[0] = f64::NAN;
        let chance = Reader::new(GoalStatistic::Probability(0.5), 100);
        assert_eq!(chance.read(1.0, sample.clone(), 0.0).unwrap().statistic.value, Some(0.99));
        assert!(Reader::new(GoalStatistic::Mean(5.0), 100).read(1.0, sample, 0.0).is_none());
    }

    #[test]
    fn few_trials_have_no_interval() {
        let evaluate =
            Reader::new(GoalStatistic::Probability(0.99), 20).read(1.0, hundred()[..20].to_vec(), 5.0).unwrap();
        assert_eq!(evaluate.above.ends, None);
        assert_eq!(Reader::new(GoalStatistic::Mean(1.0), 1).read(1.0, vec![3.0], 0.0).unwrap().above.ends, None);
    }
}

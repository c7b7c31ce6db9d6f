//! Back-tests for tests of charts: forecasts that know what is won in a month, but for what they are told to be off.

use jiff::civil::date;

use crate::backtest::{
    BacktestFound, Forecast, Forecasts, Futures, OpenDealChances, Origin, OriginOptions, Origins, ReplayOptions, Step,
    replay,
};
use crate::engine::Workers;
use crate::fit::{Cohorts, OpenDeals};
use crate::stats::special::normal_quantile;
use crate::units::Currency;

/// What a back-test is made of.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Replay {
    /// How many months there are, the first three being before the first origin.
    pub(in crate::charts) months: usize,
    /// What is won in a month on average, and its standard deviation.
    pub(in crate::charts) mean: f64,
    pub(in crate::charts) sd: f64,
    /// How wide forecasts are, of right ones, and how many standard deviations too high.
    pub(in crate::charts) width: f64,
    pub(in crate::charts) shift: f64,
    /// Months or weeks.
    pub(in crate::charts) step: Step,
    /// Whether the fit with win rates stands beside.
    pub(in crate::charts) simple: bool,
    /// What is forecast; all where it is empty.
    pub(in crate::charts) horizon: &'static str,
    /// How many groups of 30 deals are open at each origin.
    pub(in crate::charts) open: usize,
}

impl Default for Replay {
    fn default() -> Replay {
        Replay {
            months: 15,
            mean: 1e6,
            sd: 2e5,
            width: 1.0,
            shift: 0.0,
            step: Step::Month,
            simple: true,
            horizon: "",
            open: 20,
        }
    }
}

impl Replay {
    pub(in crate::charts) fn found(self) -> BacktestFound {
        let n = self.months;
        let from = date(2025, 9, 1);
        let until = match self.step {
            Step::Month => from.saturating_add(jiff::Span::new().months(n as i64)),
            Step::Week => from.saturating_add(jiff::Span::new().weeks(n as i64)),
        };
        // What happened is as regular as a normal number can be, in an order that is not that of its size.
        let won = |i: usize| self.mean + self.sd * normal_quantile(((i * 7 % n) as f64 + 0.5) / n as f64);
        let cohorts = Cohorts {
            created: vec![2; n + 1],
            won: (0..=n).map(|cohort| (0..n).map(|period| 2 * u64::from(cohort == period)).collect()).collect(),
            lost: vec![vec![0; n]; n + 1],
            amounts: (0..n).map(|i| vec![0.5 * won(i); 2]).collect(),
        };
        let horizons = if self.horizon.is_empty() { Vec::new() } else { vec![self.horizon.to_owned()] };
        let options = OriginOptions { step: self.step, first: None, horizons };
        let origins = Origins::new("deals.csv", (from, until), &options).unwrap();
        let futures = |origin: &Origin, width: f64| {
            let draws = |length: f64| {
                let draw = |i: u32| {
                    let off = width * normal_quantile((f64::from(i) + 0.5) / 400.0) + self.shift;
                    length * self.mean + libm::sqrt(length) * self.sd * off
                };
                vec![(0..400).map(draw).collect::<Vec<f64>>()]
            };
            origin.targets.iter().map(|(target, ..)| draws(target.length as f64)).collect()
        };
        let forecast = |origin: &Origin| {
            let of = |width: f64| {
                let value: Futures = futures(origin, width);
                Forecast { wins: value.clone(), value }
            };
            let simple = self.simple.then(|| of(2.0 * self.width));
            let open_deals = (self.open > 0).then(|| self.open_deals(origin));
            Ok::<_, ()>(Ok(Forecasts { own: of(self.width), simple, open_deals }))
        };
        let regions = [("all".to_owned(), "All".to_owned(), cohorts)];
        let replaying = ReplayOptions { seed: 1, naive_draws: 400 };
        let found = replay(&origins, &regions, replaying, &Workers::new(Some(1)), forecast).unwrap();
        BacktestFound {
            currency: Currency::new("EUR").unwrap(),
            step: self.step,
            from,
            until,
            trials: 400,
            origins: found.origins,
            left_out: found.left_out,
            cautions: Vec::new(),
            scores: found.scores,
            wins: found.wins,
            open_deals: found.open_deals,
        }
    }

    /// Deals of which as many are won as is to be expected, but for what their chances are told to be too high.
    fn open_deals(self, origin: &Origin) -> OpenDealChances {
        let ends = origin.ends();
        let chance =
            |group: usize, end: usize| 0.7 * (group as f64 + 0.5) / self.open as f64 * (end as f64 + 1.0) / 3.0;
        let deals = |group: usize| {
            let won = |end: usize| (30.0 * chance(group, end)).round() as u64;
            OpenDeals {
                region: 0,
                age: group,
                became: (0..ends.len()).map(|end| [won(end), 3, 27 - won(end)]).collect(),
            }
        };
        let called =
            |group: usize| (0..ends.len()).map(|end| [(chance(group, end) + 0.1 * self.shift).min(0.9), 0.1]).collect();
        OpenDealChances {
            deals: (0..self.open).map(deals).collect(),
            own: (0..self.open).map(called).collect(),
            simple: None,
            futures: 400,
            ends,
        }
    }
}

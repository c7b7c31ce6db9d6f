//! At each origin a forecast and naive ones; each held against what happened.

use jiff::civil::Date;

use super::naive::{Known, Method};
use super::open_deals::{OpenDealChances, OpenDealScores};
use super::origins::{Origin, Origins};
use super::scores::{Replayed, Scores};
use crate::chance::{Address, Purpose, name_key};
use crate::engine::Workers;
use crate::fit::Cohorts;
use crate::stats::Order;

/// How the past is replayed.
#[derive(Clone, Copy, Debug)]
pub struct ReplayOptions {
    /// The seed of the naive forecasts, and of places among equal draws.
    pub seed: u64,
    /// How many draws the naive forecasts have.
    pub naive_draws: usize,
}

impl Default for ReplayOptions {
    fn default() -> ReplayOptions {
        ReplayOptions { seed: 1, naive_draws: 2000 }
    }
}

/// A figure of a forecast made at an origin: by target of the origin, by region, by future.
pub type Futures = Vec<Vec<Vec<f64>>>;

/// What a fit forecast at an origin.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// The won value.
    pub value: Futures,
    /// The number of wins.
    pub wins: Futures,
}

/// What was forecast at an origin.
#[derive(Clone, Debug)]
pub struct Forecasts {
    /// By the fit that is held against what happened.
    pub own: Forecast,
    /// By the same fit with win rates and cycles alone, where it stands beside.
    pub simple: Option<Forecast>,
    /// The chances of the deals that were open, where they were asked for.
    pub open_deals: Option<OpenDealChances>,
}

/// How forecasts of the past held.
#[derive(Clone, Debug, Default)]
pub struct Replays {
    /// The origins with a forecast.
    pub origins: Vec<Date>,
    /// Origins without one, each with the reason.
    pub left_out: Vec<(Date, String)>,
    /// The scores of won value: of the total, then of each region, by what was forecast.
    pub scores: Vec<Scores>,
    /// The same of the number of wins.
    pub wins: Vec<Scores>,
    /// The scores of the chances of open deals, by when they are decided.
    pub open_deals: Vec<OpenDealScores>,
}

/// Replays the past: forecasts at each origin, and scores the total and each region by what is forecast; the total alone where there is one
/// region. `regions` are the key, the label and the cohorts of each. An origin of which there is no forecast, but a reason why, is left out. Origins are shared
/// out among the threads, and come back in their order.
///
/// # Errors
/// The first of those of the forecasts.
pub fn replay<E: Send>(
    origins: &Origins,
    regions: &[(String, String, Cohorts)],
    options: ReplayOptions,
    workers: &Workers,
    forecast: impl Fn(&Origin) -> Result<Result<Forecasts, String>, E> + Sync + Send,
) -> Result<Replays, E> {
    let of_value = scopes(regions, |forecast| &forecast.value, Cohorts::clone);
    let of_wins = scopes(regions, |forecast| &forecast.wins, Cohorts::counted);
    let scopes: Vec<Scope> = of_value.into_iter().chain(of_wins).collect();
    let all: Vec<Origin> = origins.iter().collect();
    let scored = workers.map(all.len(), |i| {
        let origin = &all[i];
        let scored = |forecasts: Forecasts| {
            let periods = scopes.iter().map(|scope| scope.of_origin(origins, origin, &forecasts, options)).collect();
            (periods, forecasts.open_deals)
        };
        forecast(origin).map(|found| found.map(scored))
    });
    let mut found = Replays::default();
    let mut periods: Vec<Vec<Vec<Replayed>>> = vec![vec![Vec::new(); origins.targets.len()]; scopes.len()];
    let mut open_deals = Vec::new();
    for (origin, scored) in all.iter().zip(scored) {
        let (of_origin, open): (Vec<Vec<(usize, Replayed)>>, _) = match scored? {
            Ok(scored) => scored,
            Err(why) => {
                found.left_out.push((origin.day, why));
                continue;
            }
        };
        found.origins.push(origin.day);
        open_deals.extend(open.map(|open| (origin.number, origin.day, open)));
        for (periods, of_scope) in periods.iter_mut().zip(of_origin) {
            of_scope.into_iter().for_each(|(place, period)| periods[place].push(period));
        }
    }
    let mut scores = scopes.iter().zip(periods).map(|(scope, periods)| {
        let of_target = |(target, periods)| Scores::of((scope.key, scope.label), target, periods);
        origins.targets.iter().copied().zip(periods).filter_map(of_target).collect::<Vec<_>>()
    });
    found.scores = scores.by_ref().take(scopes.len() / 2).flatten().collect();
    found.wins = scores.flatten().collect();
    found.open_deals = OpenDealScores::all(origins.step.noun(), &open_deals);
    Ok(found)
}

/// The total, or a region.
struct Scope<'a> {
    key: &'a str,
    label: &'a str,
    cohorts: Cohorts,
    /// The number of the region.
    region: Option<usize>,
    /// The figure that is forecast.
    figure: fn(&Forecast) -> &Futures,
}

/// The total and each region; the total alone where there is one. `counted` gives the cohorts of a figure.
fn scopes(
    regions: &[(String, String, Cohorts)],
    figure: fn(&Forecast) -> &Futures,
    counted: impl Fn(&Cohorts) -> Cohorts,
) -> Vec<Scope<'_>> {
    let all: Vec<Cohorts> = regions.iter().map(|(.., cohorts)| counted(cohorts)).collect();
    let total = Scope { key: "total", label: "Total", cohorts: Cohorts::sum(&all), region: None, figure };
    let mut scopes = vec![total];
    if regions.len() > 1 {
        let own = regions.iter().zip(all).enumerate();
        scopes.extend(own.map(|(region, ((key, label, _), cohorts))| Scope {
            key,
            label,
            cohorts,
            region: Some(region),
            figure,
        }));
    }
    scopes
}

impl Scope<'_> {
    /// The scores of all targets of an origin, each with its place among those of the back-test.
    fn of_origin(
        &self,
        origins: &Origins,
        origin: &Origin,
        forecasts: &Forecasts,
        options: ReplayOptions,
    ) -> Vec<(usize, Replayed)> {
        let own = (self.figure)(&forecasts.own);
        let simple = forecasts.simple.as_ref().map(self.figure);
        let scored = |(i, futures): (usize, &Vec<Vec<f64>>)| {
            let place = origins.targets.iter().position(|target| *target == origin.targets[i].0)?;
            let simple = simple.map(|simple| simple[i].as_slice());
            Some((place, self.replayed(origins, origin, i, (futures, simple), options)))
        };
        own.iter().enumerate().filter_map(scored).collect()
    }

    /// The score of the target with this number.
    fn replayed(
        &self,
        origins: &Origins,
        origin: &Origin,
        i: usize,
        (futures, simple): (&[Vec<f64>], Option<&[Vec<f64>]>),
        options: ReplayOptions,
    ) -> Replayed {
        let (target, from, to) = origin.targets[i];
        let ReplayOptions { seed, naive_draws } = options;
        let own = |futures: &[Vec<f64>]| match self.region {
            Some(region) => futures[region].clone(),
            None => sum(futures),
        };
        let span = target.periods(origin.number);
        let actual = self.cohorts.amounts[span.clone()].iter().flatten().sum();
        let name = name_key(&format!("place of {} {}", self.key, target.key));
        let among = Address::new(seed, 0, Purpose::Backtest, name, origin.number).stream(0).uniform();
        let mut found = Replayed::new((origin.day, from, to), span, actual, &Order::of(own(futures)), among);
        if let Some(simple) = simple {
            found.beside(Method::Simple, &Order::of(own(simple)));
        }
        let known = Known::at(&self.cohorts, origin.number, origins.step);
        for method in Method::ALL {
            if let Some(draws) = method.draws(&known, target, naive_draws, (seed, self.key)) {
                found.beside(method, &Order::of(draws));
            }
        }
        found
    }
}

/// What regions come to together, future by future.
fn sum(regions: &[Vec<f64>]) -> Vec<f64> {
    let mut total = vec![0.0; regions.first().map_or(0, Vec::len)];
    for region in regions {
        total.iter_mut().zip(region).for_each(|(total, x)| *total += x);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::origins::OriginOptions;
    use crate::backtest::scores::{Objection, Verdict};
    use crate::backtest::target::Target;
    use crate::stats::special::gamma_p;
    use jiff::civil::date;

    /// Two regions over 36 months, each with two deals a month that come to a normal number with a mean of 1,000 and an sd of 100.
    fn regions(n: usize) -> Vec<(String, String, Cohorts)> {
        let region = |key: &str, name: u64| {
            let mut stream = Address::new(9, 0, Purpose::Backtest, name, 0).stream(0);
            let value = |_| {
                let half = 500.0 + 50.0 * stream.normal();
                vec![half, half]
            };
            let cohorts = Cohorts {
                created: vec![2; n + 1],
                won: (0..=n).map(|cohort| (0..n).map(|month| 2 * u64::from(cohort == month)).collect()).collect(),
                lost: vec![vec![0; n]; n + 1],
                amounts: (0..n).map(value).collect(),
            };
            (key.to_owned(), key.to_uppercase(), cohorts)
        };
        vec![region("north", 1), region("south", 2)]
    }

    /// The scores of forecasts that know the law, but for the width of their bands.
    fn replayed(width: f64) -> Vec<Scores> {
        let window = (date(2024, 1, 1), date(2027, 1, 1));
        let origins = Origins::new("deals.csv", window, &OriginOptions::default()).unwrap();
        let forecast = |origin: &Origin| {
            let draw = |length: usize, region: u64| {
                let mut stream = Address::new(4, 0, Purpose::Backtest, region, origin.number).stream(length as u64);
                let sd = width * 100.0 * libm::sqrt(length as f64);
                (0..1000).map(|_| 1000.0 * length as f64 + sd * stream.normal()).collect::<Vec<f64>>()
            };
            let of = |target: usize| (0..2).map(|region| draw(target, region)).collect::<Vec<_>>();
            let value = origin.targets.iter().map(|(target, ..)| of(target.length)).collect();
            // Two deals a month.
            let two = |(target, ..): &(Target, _, _)| vec![vec![2.0 * target.length as f64; 10]; 2];
            let own = Forecast { value, wins: origin.targets.iter().map(two).collect() };
            Ok::<_, ()>(Ok(Forecasts { own, simple: None, open_deals: None }))
        };
        let options = ReplayOptions { seed: 1, naive_draws: 200 };
        let found = replay(&origins, &regions(36), options, &Workers::new(Some(2)), forecast).unwrap();
        assert_eq!(found.wins.len(), found.scores.len());
        assert!(found.wins.iter().all(|wins| wins.crps == 0.0 && wins.periods[0].actual == wins.periods[0].bands.p50));
        found.scores
    }

    #[test]
    fn forecasts_that_know_the_law_are_not_rejected_and_narrow_ones_are() {
        let right = replayed(1.0);
        let month = &right[0];
        assert_eq!((right.len(), month.scope.as_str(), month.horizon.as_str(), month.n), (12, "total", "1 month", 33));
        let (value, from, to) = (month.periods[1].actual, month.periods[1].from, month.periods[1].to);
        assert_eq!((from, to), (date(2024, 5, 1), date(2024, 5, 31)));
        let made = regions(36);
        assert_eq!(value, made[0].2.amounts[4].iter().sum::<f64>() + made[1].2.amounts[4].iter().sum::<f64>());
        assert!(right.iter().all(|scores| !matches!(scores.verdict, Verdict::Rejected(_))), "{right:#?}");
        // 33 separate months: bands 0.6 times as wide are caught in 98 % of cases. The seeds are fixed.
        assert!(month.separate.narrow_caught_by_s > 0.97);
        let narrow = replayed(0.6);
        assert_eq!(narrow[0].verdict, Verdict::Rejected(vec![Objection::TooNarrow]));
        assert_eq!(replayed(1.6)[0].verdict, Verdict::Rejected(vec![Objection::TooWide]));
        // A law that is known beats what has to be estimated; narrow bands lose by it.
        assert!(month.skill["run_rate"].value.unwrap() < 1.0 && narrow[0].crps > month.crps);
        let quarter = &right[3];
        assert_eq!((quarter.horizon.as_str(), quarter.n, quarter.separate.n), ("quarter", 31, 11));
        assert!(month.naive.contains_key("seasonal_year") && month.naive.len() == 6);
    }

    #[test]
    fn the_normal_scores_of_right_forecasts_are_standard_normal() {
        // The sum of squares of 66 of them is a χ² number: outside these tails once in a million.
        let tail = |width: f64| {
            let scores = replayed(width);
            let months = scores.iter().filter(|scores| scores.scope != "total" && scores.horizon == "1 month");
            let squares: Vec<f64> =
                months.flat_map(|scores| scores.periods.iter().map(|period| period.z * period.z)).collect();
            assert_eq!(squares.len(), 66);
            gamma_p(33.0, 0.5 * squares.iter().sum::<f64>())
        };
        let (right, narrow) = (tail(1.0), tail(0.5));
        assert!(right > 5e-7 && right < 1.0 - 5e-7, "{right}");
        assert!(narrow > 1.0 - 5e-7, "bands that are too narrow: {narrow}");
    }

    #[test]
    fn an_origin_without_a_forecast_is_left_out() {
        let origins =
            Origins::new("deals.csv", (date(2024, 1, 1), date(2024, 9, 1)), &OriginOptions::default()).unwrap();
        let forecast = |origin: &Origin| {
            let future = |_: &_| vec![vec![1000.0, 1100.0]];
            let own: Futures = origin.targets.iter().map(future).collect();
            let own = Forecast { value: own.clone(), wins: own };
            let found = Forecasts { own, simple: None, open_deals: None };
            Ok::<_, ()>(if origin.number == 4 { Err("too little".to_owned()) } else { Ok(found) })
        };
        let mut one = regions(8);
        one.truncate(1);
        let found = replay(&origins, &one, ReplayOptions::default(), &Workers::new(Some(2)), forecast).unwrap();
        assert_eq!(found.left_out, [(date(2024, 5, 1), "too little".to_owned())]);
        assert_eq!(found.origins.len(), 4);
        let found = found.scores;
        assert_eq!(found.iter().map(|scores| scores.n).collect::<Vec<_>>(), [4, 3, 2, 2]);
        assert!(found.iter().all(|scores| scores.scope == "total"));
    }
}

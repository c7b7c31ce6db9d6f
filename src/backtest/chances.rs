//! What a forecast says of the deals that are open at an origin: the chances that each is won and lost by the end of a day.

use jiff::civil::Date;

use crate::chance::{Address, Purpose, name_key};
use crate::engine::TrialSet;
use crate::fit::OpenDeals;
use crate::model::{AsOf, Closing, Cycle, Funnel, Model, Outlook, Region, TimeLeft};
use crate::units::{DAYS_PER_MONTH, Month};

/// Over so many trials chances are averaged, at most: what they are off by is then some percent of how unsure each is.
const TRIALS: usize = 400;

/// The chances of being won and of being lost by the end of a day.
pub type Decided = [f64; 2];

/// The days of a forecast that have the same factors, and lie on the same side of each day that is asked for.
struct Span {
    month: usize,
    days: usize,
}

/// The deals of one region.
struct Asked<'a> {
    model: &'a Model,
    region: &'a Region,
    deals: &'a [OpenDeals],
    origin: Date,
    lasts: &'a [Date],
}

/// The chances that each of these deals is won and lost by the end of each of these days: the mean over trials, the market factor at 0. They are
/// those of the law that trials are played by, worked out in place of counted. None of deals in stages that have to be passed.
pub(super) fn chances(model: &Model, deals: &[OpenDeals], origin: Date, lasts: &[Date]) -> Option<Vec<Vec<Decided>>> {
    let trials = TrialSet::of_trials(model, 0..TRIALS.min(model.trials) as u64);
    let inputs: Vec<Vec<f64>> = (0..trials.count()).map(|trial| trials.inputs_of(model, trial)).collect();
    let mut found = Vec::with_capacity(deals.len());
    for deals in deals.chunk_by(|a, b| a.region == b.region) {
        let region = &model.regions[deals[0].region];
        let asked = Asked { model, region, deals, origin, lasts };
        found.extend(match &region.funnel {
            Funnel::Daily(closing) => asked.by_day(closing, &inputs),
            Funnel::Cycle(cycle) => asked.by_cycle(cycle, &inputs),
            Funnel::Stages(_) => return None,
        });
    }
    Some(found)
}

impl Asked<'_> {
    fn none(&self) -> Vec<Vec<Decided>> {
        vec![vec![[0.0; 2]; self.lasts.len()]; self.deals.len()]
    }

    /// Chances a day by age, times factors of months.
    fn by_day(&self, closing: &Closing, inputs: &[Vec<f64>]) -> Vec<Vec<Decided>> {
        let (spans, ends) = spans(self.origin, self.model.as_of.month, self.lasts);
        let days: Vec<usize> = spans.iter().map(|span| span.days).collect();
        let oldest = self.deals.iter().map(|deals| deals.age).max().unwrap_or(0) + days.iter().sum::<usize>();
        // Older ones have the chances of the last age.
        let age = |deals: &OpenDeals| deals.age.min(closing.last_age().unwrap_or(deals.age));
        let part = 1.0 / inputs.len() as f64;
        let mut found = self.none();
        for (trial, inputs) in inputs.iter().enumerate() {
            let chances = closing.chances(
                inputs,
                self.model.as_of.month,
                1.0,
                [1.0; 2],
                [1.0; 3],
                std::slice::from_ref(&(0..oldest + 1)),
            );
            let months = self.factors(closing, inputs, trial);
            let factors: Vec<[f64; 2]> = spans.iter().map(|span| months[span.month]).collect();
            let mut before = (usize::MAX, Vec::new());
            for (found, deals) in found.iter_mut().zip(self.deals) {
                if before.0 != age(deals) {
                    let fate = chances.follow(age(deals), &factors, &days);
                    let by = |end: &usize| [&fate.won, &fate.lost].map(|each| each[..*end].iter().sum::<f64>());
                    before = (age(deals), ends.iter().map(by).collect::<Vec<Decided>>());
                }
                add(found, &before.1, part);
            }
        }
        found
    }

    /// The factors of each month in a trial: those of its inputs, and a pace that has taken its steps.
    fn factors(&self, closing: &Closing, inputs: &[f64], trial: usize) -> Vec<[f64; 2]> {
        let mut factors = closing.mean_factors(&self.model.horizon, inputs);
        let whose = if closing.shared { "all" } else { self.region.key.as_str() };
        let name = name_key(&format!("pace of open deals, {whose}"));
        let mut pace = [0.0; 2];
        for (month, factors) in factors.iter_mut().enumerate().skip(self.model.as_of.month + 1) {
            let address = Address::new(self.model.seed, 0, Purpose::Backtest, name, month);
            for o in 0..2 {
                let step = closing.volatility[o].at(inputs);
                if step != 0.0 {
                    pace[o] += step * address.part(o).stream(trial as u64).normal();
                    factors[o] *= libm::exp(pace[o]);
                }
            }
        }
        factors
    }

    /// A win rate and cycles.
    fn by_cycle(&self, cycle: &Cycle, inputs: &[Vec<f64>]) -> Vec<Vec<Decided>> {
        let AsOf { month, position } = self.model.as_of;
        let end = |last: &Date| self.model.horizon.position(last.tomorrow().unwrap_or(Date::MAX)) - position;
        let days: Vec<f64> = self.lasts.iter().map(|last| end(last) * DAYS_PER_MONTH).collect();
        let part = 1.0 / inputs.len() as f64;
        let mut found = self.none();
        for inputs in inputs {
            let rate = cycle.conversion.in_force(month).at(inputs);
            let stalled = cycle.stalled.as_ref().map_or(0.0, |stalled| stalled.share.at(inputs));
            for (found, deals) in found.iter_mut().zip(self.deals) {
                let age = deals.age as f64;
                let won = TimeLeft::new(&cycle.delay, cycle.mean_days.at(inputs), age);
                let lost = cycle.lost.as_ref();
                let lost = lost.map_or(won, |lost| TimeLeft::new(&lost.delay, lost.mean_days.at(inputs), age));
                let outlook = Outlook::of_age(rate, stalled, won.left(), lost.left());
                let by = |days: &f64| {
                    [outlook.won * (1.0 - won.open_after(*days)), outlook.lost * (1.0 - lost.open_after(*days))]
                };
                add(found, &days.iter().map(by).collect::<Vec<Decided>>(), part);
            }
        }
        found
    }
}

/// The days from the origin, in this month, to the last one that is asked for, cut at the ends of months and after each day that is asked for; and for
/// each of these how many spans end with it.
fn spans(origin: Date, month: usize, lasts: &[Date]) -> (Vec<Span>, Vec<usize>) {
    let next = |day: Date| day.tomorrow().unwrap_or(Date::MAX);
    let end = lasts.iter().copied().map(next).max().unwrap_or(origin);
    let months = std::iter::successors(Some(next(origin.last_of_month())), |day| Some(next(day.last_of_month())));
    let mut cuts: Vec<Date> = months.take_while(|day| *day < end).chain(lasts.iter().copied().map(next)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut from = origin;
    let span = |to: &Date| {
        let month = month + Month::of(from).since(Month::of(origin)) as usize;
        let days = (*to - from).get_days() as usize;
        from = *to;
        Span { month, days }
    };
    let spans = cuts.iter().map(span).collect();
    (spans, lasts.iter().map(|last| cuts.partition_point(|cut| *cut <= next(*last))).collect())
}

/// Adds a part of some chances to a mean.
fn add(mean: &mut [Decided], chances: &[Decided], part: f64) {
    for (mean, chances) in mean.iter_mut().zip(chances) {
        (0..2).for_each(|o| mean[o] += part * chances[o]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Execution, Resampling, SimulationScope, simulate};
    use crate::model::resolve;
    use crate::outcomes::Grid;
    use crate::scenario::{Metric, load};
    use crate::stats::Moments;
    use jiff::civil::date;
    use serde_json::{Value, json};

    const COUNT: usize = 400;

    /// Deals of three ages that are open on a day, in a region that gets no leads to speak of.
    fn model(as_of: Date, law: &Value) -> Model {
        let pipeline: Vec<Value> = [0, 20, 75]
            .iter()
            .map(|age| {
                let created = as_of.saturating_sub(jiff::Span::new().days(*age));
                json!({"id": format!("deal {age}"), "region": "one", "created": created.to_string(), "count": COUNT})
            })
            .collect();
        let mut region = json!({"leads": {"monthly": 1e-9}, "deal_size": {"mean": 10}});
        region.as_object_mut().unwrap().extend(law.as_object().unwrap().clone());
        // What has begun before is known: nothing happened.
        let known = if as_of.day() > 1 { vec!["bookings", "renewals", "won_deals", "lost_deals"] } else { Vec::new() };
        let nothing = |metric| json!({"region": "one", "metric": metric, "month": "2027-01", "amount": 0});
        let actuals: Vec<Value> = known.into_iter().map(nothing).collect();
        let scenario = json!({
            "name": "Open", "start": "2027-01", "months": 4, "as_of": as_of.to_string(), "pipeline": pipeline,
            "contracts": [], "actuals": actuals, "simulation": {"trials": 4000, "seed": 5}, "regions": {"one": region}
        });
        let text = scenario.to_string();
        resolve(&load("open.json".as_ref(), &[], &|_| Ok(text.clone().into())).unwrap()).unwrap()
    }

    fn by_day(rhythm: [f64; 3]) -> Value {
        json!({"closing": {
            "table": {"ages": [0, 15, 60], "won": [0.004, 0.01, 0.003], "lost": [0.002, 0.006, 0.008]},
            "rhythm": {"won": rhythm, "lost": [0.8, 0.9, 1.3]},
            "volatility": {"won": 0.3, "lost": 0.2}, "now": {"won": 0.1, "lost": -0.2}
        }})
    }

    fn by_cycle(conversion: f64) -> Value {
        json!({
            "conversion": conversion, "cycle": {"mean_days": 45, "cv": 0.5}, "lost_cycle": {"mean_days": 30, "cv": 0.8},
            "stalled": {"share": 0.25}
        })
    }

    /// How many standard errors what trials of a model count is above the chances of another, won and lost, by the end of each of some months; `exact` says
    /// whether the chances are the same in all trials.
    fn off(played: &Model, called: &Model, as_of: Date, exact: bool) -> Vec<f64> {
        let lasts = [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)];
        let deals: Vec<OpenDeals> = called.regions[0]
            .open_deals
            .iter()
            .map(|deal| OpenDeals { region: 0, age: deal.age as usize, became: Vec::new() })
            .collect();
        let found = chances(called, &deals, as_of, &lasts).unwrap();
        let execution = Execution::new(Some(1));
        let outcomes = simulate(played, Resampling::None, SimulationScope::whole(played), &execution).unwrap();
        let mut all = Vec::new();
        for (o, metric) in [Metric::WonDeals, Metric::LostDeals].into_iter().enumerate() {
            let grid = Grid::new(played, &outcomes, metric, &[0]);
            for end in 0..lasts.len() {
                let counted = Moments::of(&grid.period(0..end + 1)).unwrap();
                let expected: f64 = found.iter().map(|chances| COUNT as f64 * chances[end][o]).sum();
                let own = if exact { 0.0 } else { 1.0 / TRIALS as f64 };
                all.push((counted.mean - expected) / (counted.sd * libm::sqrt(1.0 / played.trials as f64 + own)));
            }
        }
        all
    }

    #[test]
    fn chances_of_open_deals_are_what_trials_count() {
        // Six figures a law, of which none lies 5.2 standard errors off but once in a million.
        let worst = |off: Vec<f64>| off.into_iter().map(f64::abs).max_by(f64::total_cmp).unwrap();
        let middle = date(2027, 1, 12);
        let rhythm = [0.6, 0.9, 1.5];
        let right = model(middle, &by_day(rhythm));
        assert!(worst(off(&right, &right, middle, false)) < 5.2);
        let turned = model(middle, &by_day([0.9, 1.5, 0.6]));
        assert!(worst(off(&right, &turned, middle, false)) > 5.2, "a rhythm of other months");
        let first = date(2027, 1, 1);
        let right = model(first, &by_cycle(0.3));
        assert!(worst(off(&right, &right, first, true)) < 5.2);
        assert!(worst(off(&right, &model(first, &by_cycle(0.35)), first, true)) > 5.2, "another win rate");
    }

    #[test]
    fn days_are_cut_at_the_ends_of_months_and_after_those_asked_for() {
        let (found, ends) = spans(date(2027, 1, 12), 3, &[date(2027, 1, 18), date(2027, 2, 8)]);
        let found: Vec<(usize, usize)> = found.iter().map(|span| (span.month, span.days)).collect();
        assert_eq!((found, ends), (vec![(3, 7), (3, 13), (4, 8)], vec![1, 3]));
        let (found, ends) = spans(date(2027, 2, 1), 0, &[date(2027, 2, 28), date(2027, 4, 30)]);
        let found: Vec<(usize, usize)> = found.iter().map(|span| (span.month, span.days)).collect();
        assert_eq!((found, ends), (vec![(0, 28), (1, 31), (2, 30)], vec![1, 3]));
    }
}

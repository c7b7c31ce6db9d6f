//! Chances of being decided, by region and age, with the rhythm of the quarter and a pace that drifts: log h = α + u + ρ + y.
//!
//! α is a random walk over intervals of ages, in the logarithm of age, whose last step, past the oldest decision, is free; u is the region's,
//! ρ that of the month's place in its quarter, y a random walk by month. The variances of steps and effects have priors that are worth a few
//! members each, so that they never collapse.

use std::ops::Range;

use super::age_bins::age_bins;
use super::exposure::{Count, Seen};
use super::outcome::Outcome;
use super::poisson::{Cell, Kind, Posterior, Prior, Regression, Scale};
use crate::chance::Stream;
use crate::units::Month;

/// What kinds of effects there are, with what is thought of their standard deviations and how many members that is worth.
const KINDS: [(&str, Kind); 4] = [
    ("age", Kind { prior_sd: 0.5, prior_weight: 2.0 }),
    ("region", Kind { prior_sd: 0.15, prior_weight: 2.0 }),
    ("rhythm", Kind { prior_sd: 0.25, prior_weight: 3.0 }),
    ("pace", Kind { prior_sd: 0.1, prior_weight: 3.0 }),
];
const AGE: usize = 0;
const REGION: usize = 1;
const RHYTHM: usize = 2;
const PACE: usize = 3;

/// The standard deviation of the step past the oldest decision: else the walk wakes deals that stalled.
const LAST_STEP: f64 = 2.0;
/// That of the level of an interval around that of all.
const LEVEL: f64 = 3.0;
/// That of the mean pace of all months, which the level has.
const MEAN_PACE: f64 = 0.01;

/// What was found of one outcome.
#[derive(Clone, Debug)]
pub(super) struct Rates {
    ages: usize,
    regions: usize,
    months: usize,
    posterior: Posterior,
    /// −½ of the variance of log h by region and interval, at the pace of the last month.
    shifts: Vec<f64>,
    /// Whether the month of the as-of day has no day that is seen, so that its step is still to be drawn.
    steps_into_as_of: bool,
}

/// A draw of the rates of one outcome.
#[derive(Clone, Debug)]
pub(super) struct RateDraw {
    /// The chance a day by region and interval of ages.
    pub(super) table: Vec<Vec<f64>>,
    /// By place in the quarter, with mean 1.
    pub(super) rhythm: [f64; 3],
    /// The pace in the month of the as-of day (y).
    pub(super) now: f64,
    /// The standard deviation of its steps.
    pub(super) volatility: f64,
}

/// The counts behind the rates: by region, month and interval of ages.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// The ages that intervals begin at.
    pub(super) ages: Vec<u32>,
    regions: usize,
    months: usize,
    /// The place in its quarter of each month.
    places: Vec<usize>,
    counts: Vec<Count>,
    steps_into_as_of: bool,
}

impl Counts {
    /// The counts that are seen, quarters being those of a year that begins in this month.
    pub(super) fn of(seen: &Seen, fiscal_first_month: u32) -> Counts {
        let ages = age_bins(&seen.decided_by_age());
        let (regions, months) = (seen.regions(), seen.months);
        let cells = (0..regions).flat_map(|region| (0..months).map(move |month| (region, month)));
        let counts = cells.flat_map(|(region, month)| seen.binned(region, month, &ages)).collect();
        let place = |month: Month| (month.number() + 12 - fiscal_first_month) as usize % 3;
        let places = (0..months).map(|month| place(seen.month(month))).collect();
        let last = Month::of(super::day::date(seen.as_of - 1));
        let steps_into_as_of = Month::of(super::day::date(seen.as_of)) != last;
        Counts { ages, regions, months, places, counts, steps_into_as_of }
    }

    pub(super) fn at(&self, region: usize, month: usize, age: usize) -> Count {
        self.counts[(region * self.months + month) * self.ages.len() + age]
    }

    /// The sum of some counts.
    pub(super) fn sum(&self, cells: impl Fn(usize, usize, usize) -> bool) -> Count {
        let mut sum = Count::default();
        for region in 0..self.regions {
            for month in 0..self.months {
                for age in (0..self.ages.len()).filter(|age| cells(region, month, *age)) {
                    let count = self.at(region, month, age);
                    sum.at_risk += count.at_risk;
                    sum.won += count.won;
                    sum.lost += count.lost;
                }
            }
        }
        sum
    }

    /// How many deals of a region would be decided on the days of these ages in a month.
    pub(super) fn expected(&self, rates: &Rates, region: usize, month: usize, ages: Range<u32>) -> f64 {
        let first = self.ages.partition_point(|start| *start <= ages.start) - 1;
        let mut expected = 0.0;
        for a in first..self.ages.len() {
            let from = self.ages[a].max(ages.start);
            let to = self.ages.get(a + 1).map_or(ages.end, |next| (*next).min(ages.end));
            if from >= ages.end {
                break;
            }
            expected += f64::from(to - from) * rates.chance(region, a, self.places[month], month);
        }
        expected
    }

    /// By interval of ages, the mean factor of rhythm and pace over the deal-days at risk in it; 1 where there are none.
    pub(super) fn factors_seen(&self, rates: &Rates) -> Vec<f64> {
        let factor = |a: usize| {
            let (mut days, mut sum) = (0.0, 0.0);
            for region in 0..self.regions {
                for month in 0..self.months {
                    let at_risk = self.at(region, month, a).at_risk as f64;
                    days += at_risk;
                    sum += at_risk * rates.factor(self.places[month], month);
                }
            }
            if days > 0.0 { sum / days } else { 1.0 }
        };
        (0..self.ages.len()).map(factor).collect()
    }

    /// The regression of one outcome, and the level that it starts from.
    pub(super) fn regression(&self, outcome: Outcome) -> (Regression, f64) {
        let (ages, regions, months) = (self.ages.len(), self.regions, self.months);
        let [region, place, pace] = [ages, ages + regions, ages + regions + 3];
        let all = self.sum(|_, _, _| true);
        let level = libm::log((all.of(outcome) as f64).max(0.5) / (all.at_risk as f64).max(1.0));
        let mut cells = Vec::new();
        for r in 0..regions {
            for m in 0..months {
                for a in 0..ages {
                    let count = self.at(r, m, a);
                    if count.at_risk > 0 {
                        let effects = vec![a, region + r, place + self.places[m], pace + m];
                        cells.push(Cell { exposure: count.at_risk as f64, count: count.of(outcome) as f64, effects });
                    }
                }
            }
        }
        let one = |effect: usize, mean: f64, scale: Scale| Prior { terms: vec![(effect, 1.0)], mean, scale };
        let step = |from: usize, scale: Scale| Prior { terms: vec![(from + 1, 1.0), (from, -1.0)], mean: 0.0, scale };
        let kind = |kind: usize| Scale::Kind { kind, weight: 1.0 };
        let mut priors: Vec<Prior> = (0..ages).map(|a| one(a, level, Scale::Fixed(LEVEL))).collect();
        let lengths = self.log_steps();
        let mean_length = lengths.iter().sum::<f64>() / (lengths.len() as f64).max(1.0);
        for (a, length) in lengths.iter().enumerate() {
            priors.push(step(a, Scale::Kind { kind: AGE, weight: length / mean_length }));
        }
        if ages > 1 {
            priors.push(step(ages - 2, Scale::Fixed(LAST_STEP)));
        }
        priors.extend((0..regions).map(|r| one(region + r, 0.0, kind(REGION))));
        priors.extend((0..3).map(|i| one(place + i, 0.0, kind(RHYTHM))));
        priors.extend((0..months - 1).map(|m| step(pace + m, kind(PACE))));
        let all_months = (0..months).map(|m| (pace + m, 1.0 / months as f64)).collect();
        priors.push(Prior { terms: all_months, mean: 0.0, scale: Scale::Fixed(MEAN_PACE) });
        let kinds = KINDS.iter().map(|(_, kind)| *kind).collect();
        (Regression { effects: pace + months, cells, priors, kinds }, level)
    }

    /// The steps between the middles of intervals in the logarithm of age, but for the last one.
    fn log_steps(&self) -> Vec<f64> {
        let middle = |a: usize| libm::log(0.5 * f64::from(self.ages[a] + self.ages[a + 1]));
        (1..self.ages.len().saturating_sub(1)).map(|a| middle(a) - middle(a - 1)).collect()
    }

    /// Finds the rates of one outcome.
    pub(super) fn fit(&self, outcome: Outcome) -> Rates {
        let (regression, level) = self.regression(outcome);
        let (ages, regions, months) = (self.ages.len(), self.regions, self.months);
        let mut start = vec![0.0; regression.effects];
        start[..ages].fill(level);
        let posterior = regression.fit(start);
        let mut rates =
            Rates { ages, regions, months, posterior, shifts: Vec::new(), steps_into_as_of: self.steps_into_as_of };
        rates.shifts =
            (0..regions).flat_map(|r| (0..ages).map(move |a| (r, a))).map(|(r, a)| rates.shift(r, a)).collect();
        rates
    }
}

impl Rates {
    /// −½ of the variance of log h in the last month, averaged over the places in the quarter.
    fn shift(&self, region: usize, age: usize) -> f64 {
        let [place, pace] = [self.ages + self.regions, self.ages + self.regions + 3];
        let variance = |i: usize| {
            let terms = [age, self.ages + region, place + i, pace + self.months - 1].map(|effect| (effect, 1.0));
            self.posterior.covariance.form(&terms)
        };
        -0.5 * (0..3).map(variance).sum::<f64>() / 3.0
    }

    /// The chance a day at the top of the likelihood.
    fn chance(&self, region: usize, age: usize, place: usize, month: usize) -> f64 {
        let effects = [age, self.ages + region, self.ages + self.regions + place, self.ages + self.regions + 3 + month];
        libm::exp(effects.iter().map(|effect| self.posterior.mode[*effect]).sum())
    }

    /// The factor of a month on chances a day: that of its place in the quarter, of which the mean is 1, times its pace.
    fn factor(&self, place: usize, month: usize) -> f64 {
        let effect = |i: usize| self.posterior.mode[self.ages + self.regions + i];
        let mean = (0..3).map(|i| libm::exp(effect(i))).sum::<f64>() / 3.0;
        libm::exp(effect(place) + effect(3 + month)) / mean
    }

    /// Splits effects into what a scenario has.
    fn split(&self, effects: &[f64], shifts: &[f64]) -> RateDraw {
        let [place, pace] = [self.ages + self.regions, self.ages + self.regions + 3];
        let rhythm: [f64; 3] = std::array::from_fn(|i| libm::exp(effects[place + i]));
        let mean = rhythm.iter().sum::<f64>() / 3.0;
        let chance = |r: usize, a: usize| {
            let log = effects[a] + effects[self.ages + r] + shifts.get(r * self.ages + a).unwrap_or(&0.0);
            // What is a chance a day is at most 1.
            (libm::exp(log) * mean).min(1.0)
        };
        let table = (0..self.regions).map(|r| (0..self.ages).map(|a| chance(r, a)).collect()).collect();
        RateDraw {
            table,
            rhythm: rhythm.map(|factor| factor / mean),
            now: effects[pace + self.months - 1],
            volatility: self.posterior.sd(PACE),
        }
    }

    /// The rates at the top of their likelihood.
    #[cfg(test)]
    fn mode(&self) -> RateDraw {
        self.split(&self.posterior.mode, &[])
    }

    /// Rates as they may be.
    pub(super) fn draw(&self, stream: &mut Stream) -> RateDraw {
        let effects = self.posterior.draw(stream);
        let mut draw = self.split(&effects, &self.shifts);
        draw.volatility = self.posterior.draw_sd(PACE, stream);
        if self.steps_into_as_of {
            draw.now += draw.volatility * stream.normal();
        }
        draw
    }

    /// The kinds of effects, each with what was thought of its standard deviation and what was found.
    pub(super) fn deviations(&self) -> impl Iterator<Item = (&'static str, f64, f64)> + '_ {
        KINDS.iter().enumerate().map(|(i, (name, kind))| (*name, kind.prior_sd, self.posterior.sd(i)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::exposure::Exposure;
    use crate::fit::made_up::{deals, opportunities};

    fn counts() -> Counts {
        let all = opportunities(deals(900, 2));
        let exposure = Exposure::count(&all, None, 20_600);
        Counts::of(&exposure.before(20_600).unwrap(), 1)
    }

    #[test]
    fn slopes_of_the_whole_are_those_of_differences() {
        let (regression, level) = counts().regression(Outcome::Lost);
        let at: Vec<f64> = (0..regression.effects).map(|i| if i < 5 { level } else { 0.01 * i as f64 }).collect();
        let variances = [0.2, 0.02, 0.05, 0.01];
        let (gradient, curvature) = regression.slopes(&at, &variances);
        let step = 1e-5;
        for i in 0..regression.effects {
            let moved = |by: f64| {
                let mut there = at.clone();
                there[i] += by;
                there
            };
            let slope = (regression.value(&moved(step), &variances) - regression.value(&moved(-step), &variances))
                / (2.0 * step);
            assert!((slope - gradient[i]).abs() < 1e-3 * (1.0 + slope.abs()), "{i}: {slope} {}", gradient[i]);
            let (up, down) =
                (regression.slopes(&moved(step), &variances).0, regression.slopes(&moved(-step), &variances).0);
            for j in 0..regression.effects {
                let second = (down[j] - up[j]) / (2.0 * step);
                let wanted = curvature.at(i, j);
                assert!((second - wanted).abs() < 1e-4 * (1.0 + wanted.abs()), "{i} {j}: {second} {wanted}");
            }
        }
    }

    #[test]
    fn constant_chances_are_found() {
        let counts = counts();
        let stream = |i| crate::chance::Address::new(1, 0, crate::chance::Purpose::Fit, 0, 0).stream(i);
        for (outcome, chance) in [(Outcome::Won, 0.01), (Outcome::Lost, 0.02)] {
            let rates = counts.fit(outcome);
            // One deal in seven never ends: chances fall with age, but not early on.
            let found = &rates.mode().table;
            let young = found.iter().map(|region| region[1]).sum::<f64>() / 2.0;
            assert!((young / chance - 1.0).abs() < 0.35, "{young}");
            let last = found[0].last().unwrap();
            assert!(*last < 0.5 * chance, "past the oldest decision: {last}");
            let draws: Vec<RateDraw> = (0..400).map(|i| rates.draw(&mut stream(i))).collect();
            let mean = draws.iter().map(|draw| draw.table[0][1] * libm::exp(draw.now)).sum::<f64>() / 400.0;
            assert!((mean / chance - 1.0).abs() < 0.5, "{mean}");
            assert!(draws.iter().all(|draw| (draw.rhythm.iter().sum::<f64>() - 3.0).abs() < 1e-9));
        }
    }
}

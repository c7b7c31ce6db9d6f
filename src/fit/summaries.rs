//! What was found and what was counted, of all regions together: what is told beside each other in charts.

use super::draws::moments;
use super::exposure::Count;
use super::found::{Fit, RegionFit};
use super::outcome::Outcome;
use crate::stats::Order;

/// A fitted figure over the joint draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The value that a tenth of the draws are below.
    pub p10: f64,
    /// Their mean.
    pub mean: f64,
    /// The value that a tenth of the draws are above.
    pub p90: f64,
    /// Their standard deviation.
    pub sd: f64,
}

/// An interval of ages, with the chance a day of an outcome in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeChance {
    /// The age in days that it begins with.
    pub from: u32,
    /// Deal-days at risk in it, and how many of them brought the outcome.
    pub at_risk: u64,
    /// See `at_risk`.
    pub decided: u64,
    /// The fitted chance a day, at the rhythm and pace of the days that were seen: the mean over regions by their deal-days at risk.
    pub fitted: Spread,
}

/// How many leads have an outcome before they are older than so many days.
#[derive(Clone, Debug, PartialEq)]
pub struct Incidence {
    /// The share by whole days, from 0 on, as counted (Aalen and Johansen 1978): Σ S(a)·d(a)/n(a), n deals being at risk at age a,
    /// d having the outcome, S the product of 1 − (won + lost)/n before it. At 0 days none has.
    pub counted: Vec<f64>,
    /// The share by some of these days, fitted, at the rhythm and pace of the days that were seen: the mean over regions by their leads.
    pub fitted: Vec<(u32, Spread)>,
}

/// So many steps a fitted curve has.
const STEPS: u32 = 100;

impl Spread {
    fn of(draws: Vec<f64>) -> Spread {
        let (mean, sd) = moments(&draws);
        let order = Order::of(draws);
        Spread { p10: order.quantile(0.1), mean, p90: order.quantile(0.9), sd }
    }
}

impl Fit {
    /// The draws of a quantity of a region.
    fn column(&self, region: &RegionFit, rest: &str) -> &[f64] {
        self.draws.column(&format!("regions.{}.{rest}", region.key)).unwrap_or_default()
    }

    /// The draws of a region's chances a day: by interval of ages.
    fn table(&self, region: &RegionFit, outcome: &str) -> Vec<&[f64]> {
        (0..self.ages.len()).map(|age| self.column(region, &format!("closing.table.{outcome}[{age}]"))).collect()
    }

    /// The part of each region in all leads.
    fn parts_of_leads(&self) -> Vec<f64> {
        let leads = |region: &RegionFit| region.leads_by_month.iter().sum::<u64>() as f64;
        in_parts(&self.regions.iter().map(leads).collect::<Vec<f64>>())
    }

    /// The chances a day of an outcome by interval of ages; the last begins beyond the oldest deal that was decided.
    pub fn chances(&self, outcome: Outcome) -> Vec<AgeChance> {
        let tables: Vec<Vec<&[f64]>> = self.regions.iter().map(|region| self.table(region, key(outcome))).collect();
        let chance = |(age, from): (usize, &u32)| {
            let at_risk = |region: &RegionFit| region.at_risk_by_age[age];
            let all: u64 = self.regions.iter().map(at_risk).sum();
            let weights: Vec<f64> = self.regions.iter().map(|region| at_risk(region) as f64).collect();
            let columns: Vec<&[f64]> = tables.iter().map(|table| table[age]).collect();
            let decided = self.regions.iter().map(|region| match outcome {
                Outcome::Lost => region.decided_by_age[age].1,
                _ => region.decided_by_age[age].0,
            });
            AgeChance {
                from: *from,
                at_risk: all,
                decided: decided.sum(),
                fitted: Spread::of(means(&columns, &weights)),
            }
        };
        self.ages.iter().enumerate().map(chance).collect()
    }

    /// Shares of leads that are won, and that are lost, by their age.
    pub fn incidence(&self) -> [Incidence; 2] {
        let last = self.ages.last().copied().unwrap_or(1).max(1);
        let days: Vec<u32> = (0..=STEPS).map(|i| (u64::from(last) * u64::from(i) / u64::from(STEPS)) as u32).collect();
        let days: Vec<u32> = days.chunk_by(|a, b| a == b).map(|same| same[0]).collect();
        let rows = self.draws.rows();
        let mut shares = [vec![vec![0.0; rows]; days.len()], vec![vec![0.0; rows]; days.len()]];
        for (region, weight) in self.regions.iter().zip(self.parts_of_leads()) {
            let tables = ["won", "lost"].map(|outcome| self.table(region, outcome));
            for row in 0..rows {
                let chance = |i: usize, age: usize| self.factors_seen[i][age] * tables[i][age][row];
                let chances = |age: usize| [0, 1].map(|i| chance(i, age));
                for (i, reached) in by_day(&self.ages, chances, &days).into_iter().enumerate() {
                    shares[0][i][row] += weight * reached[0];
                    shares[1][i][row] += weight * reached[1];
                }
            }
        }
        let counted = counted(&self.by_age, last as usize);
        let mut counted = counted.into_iter();
        shares.map(|shares| Incidence {
            counted: counted.next().unwrap_or_default(),
            fitted: days.iter().copied().zip(shares.into_iter().map(Spread::of)).collect(),
        })
    }

    /// The share of leads that are won before they are older than any deal that was decided, at the mean of the quarter's months and a pace
    /// of 1: the mean over regions by their leads.
    pub fn win_rate(&self) -> f64 {
        self.regions.iter().zip(self.parts_of_leads()).map(|(region, part)| part * region.win_rate.0).sum()
    }

    /// The factors on chances a day in the first, second and third months of quarters.
    pub fn rhythm(&self, outcome: Outcome) -> [Spread; 3] {
        // One for all regions.
        [0, 1, 2].map(|place| {
            let column = self
                .regions
                .first()
                .map(|region| self.column(region, &format!("closing.rhythm.{}[{place}]", key(outcome))).to_vec());
            Spread::of(column.unwrap_or_default())
        })
    }

    /// Leads in each month that was counted, and the rate a month that was fitted.
    pub fn leads(&self) -> (Vec<u64>, Spread) {
        let months = self.regions.first().map_or(0, |region| region.leads_by_month.len());
        let leads = |month: usize| self.regions.iter().map(|region| region.leads_by_month[month]).sum();
        let columns: Vec<&[f64]> = self.regions.iter().map(|region| self.column(region, "leads.monthly")).collect();
        let ones = vec![1.0; columns.len()];
        ((0..months).map(leads).collect(), Spread::of(sums(&columns, &ones)))
    }

    /// The amounts of the deals won, ascending.
    pub fn amounts(&self) -> &[f64] {
        &self.amounts
    }
}

fn key(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Lost { "lost" } else { "won" }
}

/// Weighted sums of columns, row by row.
fn sums(columns: &[&[f64]], weights: &[f64]) -> Vec<f64> {
    let rows = columns.first().map_or(0, |column| column.len());
    (0..rows).map(|row| columns.iter().zip(weights).map(|(column, weight)| weight * column[row]).sum()).collect()
}

fn means(columns: &[&[f64]], weights: &[f64]) -> Vec<f64> {
    sums(columns, &in_parts(weights))
}

/// Weights as parts of 1; equal ones where all are 0.
fn in_parts(weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let equal = 1.0 / weights.len().max(1) as f64;
    weights.iter().map(|weight| if sum > 0.0 { weight / sum } else { equal }).collect()
}

/// The shares that are won and lost before they are so many days old; `days` ascend.
fn by_day(ages: &[u32], chances: impl Fn(usize) -> [f64; 2], days: &[u32]) -> Vec<[f64; 2]> {
    let (mut open, mut reached, mut interval, mut age) = (1.0, [0.0; 2], 0, 0);
    let mut found = Vec::with_capacity(days.len());
    for day in days {
        while age < *day {
            while ages.get(interval + 1).is_some_and(|next| *next <= age) {
                interval += 1;
            }
            let [won, lost] = chances(interval);
            let scale = (won + lost).max(1.0);
            reached[0] += open * won / scale;
            reached[1] += open * lost / scale;
            open *= 1.0 - (won + lost) / scale;
            age += 1;
        }
        found.push(reached);
    }
    found
}

/// The shares as counted, by whole days from 0 to `last`.
fn counted(by_age: &[Count], last: usize) -> [Vec<f64>; 2] {
    let (mut open, mut reached) = (1.0, [0.0; 2]);
    let mut found = [vec![0.0], vec![0.0]];
    for age in 0..last {
        if let Some(count) = by_age.get(age).filter(|count| count.at_risk > 0) {
            let n = count.at_risk as f64;
            reached[0] += open * count.won as f64 / n;
            reached[1] += open * count.lost as f64 / n;
            open *= 1.0 - (count.won + count.lost) as f64 / n;
        }
        found[0].push(reached[0]);
        found[1].push(reached[1]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::exposure::Exposure;
    use crate::fit::found::FitOptions;
    use crate::fit::made_up::{deals, opportunities};

    fn fit() -> Fit {
        let all = opportunities(deals(500, 2));
        let exposure = Exposure::count(&all, None, 20_600);
        let options = FitOptions { draws: 300, ..FitOptions::default() };
        Fit::new(&all, &exposure, crate::fit::day::date(20_600), &options).unwrap()
    }

    #[test]
    fn what_was_fitted_lies_around_what_was_counted() {
        let fit = fit();
        for (outcome, incidence) in [Outcome::Won, Outcome::Lost].into_iter().zip(fit.incidence()) {
            let chances = fit.chances(outcome);
            for chance in chances.iter().filter(|chance| chance.decided > 10) {
                let counted = chance.decided as f64 / chance.at_risk as f64;
                let error = counted / (chance.decided as f64).sqrt();
                // Five standard errors of the count, beside that of the fit.
                let far = (chance.fitted.mean - counted).abs() / libm::hypot(error, chance.fitted.sd);
                assert!(far < 5.0, "{outcome:?} from {}: {far}", chance.from);
                assert!(chance.fitted.p10 < chance.fitted.mean && chance.fitted.mean < chance.fitted.p90);
            }
            let last = incidence.fitted.last().unwrap();
            assert_eq!(incidence.counted.len(), last.0 as usize + 1);
            assert!((incidence.counted[last.0 as usize] - last.1.mean).abs() < 5.0 * last.1.sd, "{last:?}");
            assert_eq!((incidence.counted[0], incidence.fitted[0].1.p90), (0.0, 0.0));
            let rising = |pair: &[f64]| pair[0] <= pair[1];
            assert!(incidence.counted.windows(2).all(rising));
            let mean: f64 = fit.rhythm(outcome).iter().map(|factor| factor.mean).sum::<f64>() / 3.0;
            assert!((mean - 1.0).abs() < 1e-9, "{mean}");
        }
        let (by_month, rate) = fit.leads();
        assert_eq!(by_month.len(), fit.lead_months.0);
        let mean = by_month.iter().sum::<u64>() as f64 / by_month.len() as f64;
        assert!((rate.mean / mean - 1.0).abs() < 0.1, "{rate:?} {mean}");
    }

    #[test]
    fn shares_follow_from_chances_a_day_in_closed_form() {
        // One in ten is won and one in five lost each day of the first three; none later.
        let chances = |interval: usize| if interval == 0 { [0.1, 0.2] } else { [0.0, 0.0] };
        let found = by_day(&[0, 3], chances, &[0, 1, 3, 9]);
        let at = |n: i32| (1.0 - libm::pow(0.7, f64::from(n))) / 3.0;
        for (found, n) in found.into_iter().zip([0, 1, 3, 3]) {
            assert!((found[0] - at(n)).abs() < 1e-12 && (found[1] - 2.0 * at(n)).abs() < 1e-12, "{n}");
        }
        // Ten deals: one is won and two are lost at age 0; of five that are seen at age 2 one is won.
        let count = |at_risk, won, lost| Count { at_risk, won, lost };
        let [won, lost] = counted(&[count(10, 1, 2), count(0, 0, 0), count(5, 1, 0)], 3);
        assert_eq!((won, lost), (vec![0.0, 0.1, 0.1, 0.1 + 0.7 * 0.2], vec![0.0, 0.2, 0.2, 0.2]));
    }
}

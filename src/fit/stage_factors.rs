//! What an open deal's stage says: a factor on its chances a day, for as long as it stays open.
//!
//! At the first day of each month the deals that are open are looked at in the stage that they are in: how many are decided in the three
//! months that follow (D), and how many would be by the chances of all (X)? A deal is looked at up to three times in three months, and
//! counts a third each time. The factor is (D + κ)/(X + κ), as if κ deals had gone as all do; a gamma law with shape D + κ says how sure it is.

use super::closing::{Counts, Rates};
use super::day::{Day, Months};
use super::opportunities::Opportunities;
use super::outcome::Outcome;
use crate::chance::Stream;

/// How many decided deals the chances of all are worth (κ).
const ALIKE: f64 = 5.0;
/// For how many months deals are followed.
const FOLLOWED: usize = 3;

/// Decided deals and those expected, of one stage: won, then lost.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StageFactor {
    /// The stage's name.
    pub(super) stage: String,
    /// Decided deals, won and lost.
    pub(super) decided: [f64; 2],
    /// How many would have been by the chances of all.
    pub(super) expected: [f64; 2],
}

impl StageFactor {
    /// The factor on the chance of an outcome, as it may be.
    pub(super) fn draw(&self, outcome: usize, stream: &mut Stream) -> f64 {
        stream.gamma(self.decided[outcome] + ALIKE) / (self.expected[outcome] + ALIKE)
    }
}

/// The factors of the stages that a history has; none without one.
pub(super) fn stage_factors(
    opportunities: &Opportunities,
    counts: &Counts,
    rates: [&Rates; 2],
    (from, until): (Day, Day),
) -> Vec<StageFactor> {
    if opportunities.entries.is_none() {
        return Vec::new();
    }
    let months = Months::of(from, until - 1);
    let mut found: Vec<StageFactor> = opportunities
        .stages
        .iter()
        .map(|stage| StageFactor { stage: stage.clone(), decided: [0.0; 2], expected: [0.0; 2] })
        .collect();
    let weight = 1.0 / FOLLOWED as f64;
    for (i, deal) in opportunities.deals.iter().enumerate() {
        let last = deal.closed.min(until - 1);
        for month in 0..months.len() {
            let looked = months.start(month);
            // The deal is there on the day before, and not decided then.
            if looked < from || looked <= deal.created || looked > last {
                continue;
            }
            let Some(stage) = opportunities.stage_before(i, looked) else { continue };
            let factor = &mut found[stage as usize];
            let to = (month + FOLLOWED).min(months.len());
            for followed in month..to {
                let days = months.start(followed).max(looked)..months.end(followed).min(last + 1);
                if days.is_empty() {
                    break;
                }
                let ages = (days.start - deal.created) as u32..(days.end - deal.created) as u32;
                for (expected, rates) in factor.expected.iter_mut().zip(rates) {
                    *expected += weight * counts.expected(rates, deal.region.into(), followed, ages.clone());
                }
            }
            if deal.closed == last && last < months.end(to - 1) {
                factor.decided[usize::from(deal.outcome == Outcome::Lost)] += weight;
            }
        }
    }
    let is_name = |name: &str| !name.is_empty() && !name.contains(['[', ']']) && name.parse::<usize>().is_err();
    found.retain(|factor| is_name(&factor.stage) && factor.expected.iter().sum::<f64>() > 0.0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};
    use crate::fit::exposure::Exposure;
    use crate::fit::made_up::{deals, opportunities};

    #[test]
    fn a_stage_in_which_deals_are_won_twice_as_often_is_told_from_others() {
        // Deals with even numbers are in the second stage from their first day on, and are those that are won.
        let mut some = deals(900, 1);
        for (i, deal) in some.iter_mut().enumerate().filter(|(_, deal)| deal.outcome != Outcome::Open) {
            deal.outcome = if i % 4 == 0 || i % 12 == 1 { Outcome::Won } else { Outcome::Lost };
        }
        let mut all = opportunities(some);
        all.stages = vec!["Early".to_owned(), "Late".to_owned()];
        all.entries =
            Some(all.deals.iter().enumerate().map(|(i, deal)| vec![(deal.created, u32::from(i % 2 == 0))]).collect());
        let until = 20_990;
        let exposure = Exposure::count(&all, None, until);
        let counts = Counts::of(&exposure.before(until).unwrap(), 1);
        let [won, lost] = [Outcome::Won, Outcome::Lost].map(|outcome| counts.fit(outcome));
        let found = stage_factors(&all, &counts, [&won, &lost], (exposure.from, until));
        assert_eq!(found.iter().map(|factor| factor.stage.as_str()).collect::<Vec<_>>(), ["Early", "Late"]);
        // Of even ones half are won, of odd ones one in six: a third of all.
        for (factor, wanted) in found.iter().zip([0.5, 1.5]) {
            let factor = factor.decided[0] / factor.expected[0];
            assert!((factor / wanted - 1.0).abs() < 0.35, "{factor} is not {wanted}");
        }
        let address = Address::new(1, 0, Purpose::Fit, 0, 0);
        let draws: Vec<f64> = (0..500).map(|i| found[1].draw(0, &mut address.stream(i))).collect();
        let mean = draws.iter().sum::<f64>() / 500.0;
        assert!(mean > 1.1 && mean < 1.7, "{mean}");
    }
}

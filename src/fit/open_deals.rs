//! Deals that were open on a day, and what became of them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::day;
use super::opportunities::Opportunities;
use super::outcome::Outcome;

/// Deals of a region that were open on a day and had the same age.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDeals {
    /// The number of their region.
    pub region: usize,
    /// Days since they were created.
    pub age: usize,
    /// By the end of each day that was asked for: how many were won, how many were lost, and how many were open still.
    pub became: Vec<[u64; 3]>,
}

impl Opportunities {
    /// The deals that were open on the day before `as_of`, by region and age in ascending order, and what had become of them by the end of each of
    /// these days.
    pub fn open_deals(&self, as_of: Date, lasts: &[Date]) -> Vec<OpenDeals> {
        let (as_of, lasts) = (day::number(as_of), lasts.iter().map(|last| day::number(*last)).collect::<Vec<_>>());
        let mut found: BTreeMap<(usize, usize), Vec<[u64; 3]>> = BTreeMap::new();
        for (_, deal) in self.open_before(as_of) {
            let key = (usize::from(deal.region), (as_of - deal.created) as usize);
            let became = found.entry(key).or_insert_with(|| vec![[0; 3]; lasts.len()]);
            for (became, last) in became.iter_mut().zip(&lasts) {
                became[match deal.outcome_before(last + 1) {
                    Outcome::Won => 0,
                    Outcome::Lost => 1,
                    Outcome::Open => 2,
                }] += 1;
            }
        }
        found.into_iter().map(|((region, age), became)| OpenDeals { region, age, became }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::made_up::{deals, opportunities};

    #[test]
    fn open_deals_are_those_counted_one_by_one() {
        let all = opportunities(deals(400, 2));
        let (as_of, lasts) = (day::date(20_270), [day::date(20_299), day::date(20_330)]);
        let found = all.open_deals(as_of, &lasts);
        assert!(found.is_sorted_by_key(|deals| (deals.region, deals.age)) && found.len() > 20);
        let open = || all.deals.iter().filter(|deal| deal.created < 20_270 && deal.closed >= 20_270);
        let sum = |i: usize, o: usize| found.iter().map(|deals| deals.became[i][o]).sum::<u64>();
        for (i, last) in [20_299, 20_330].into_iter().enumerate() {
            let decided = |outcome| open().filter(|deal| deal.closed <= last && deal.outcome == outcome).count() as u64;
            let (won, lost) = (decided(Outcome::Won), decided(Outcome::Lost));
            assert_eq!([sum(i, 0), sum(i, 1), sum(i, 2)], [won, lost, open().count() as u64 - won - lost]);
            assert!(won > 0 && lost > 0);
        }
        let oldest = open().filter(|deal| deal.region == 0).map(|deal| deal.created).min().unwrap();
        assert_eq!(found.iter().rfind(|deals| deals.region == 0).unwrap().age, (20_270 - oldest) as usize);
    }
}

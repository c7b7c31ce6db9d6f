//! Deals by the period in which they were created and that in which they were decided: whatever was known at the start of a period is a
//! part of these counts.

use jiff::civil::Date;

use super::day;
use super::opportunities::Opportunities;
use super::outcome::Outcome;

/// The deals of a region by periods, which follow each other without gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Cohorts {
    /// Deals created in each period; the first number is that of deals created before all periods, of which those count that were not decided before.
    pub created: Vec<u64>,
    /// Deals won, by the period of their creation, as `created` has it, and that in which they were won.
    pub won: Vec<Vec<u64>>,
    /// Deals lost, as `won`.
    pub lost: Vec<Vec<u64>>,
    /// The amounts of the deals won in each period; unknown ones count as nothing, as in actuals.
    pub amounts: Vec<Vec<f64>>,
}

impl Cohorts {
    fn none(periods: usize) -> Cohorts {
        Cohorts {
            created: vec![0; periods + 1],
            won: vec![vec![0; periods]; periods + 1],
            lost: vec![vec![0; periods]; periods + 1],
            amounts: vec![Vec::new(); periods],
        }
    }

    /// The deals of each region in the periods between these days, which ascend: each begins on one of them and ends before the next.
    pub fn of(opportunities: &Opportunities, edges: &[Date]) -> Vec<Cohorts> {
        let edges: Vec<day::Day> = edges.iter().map(|date| day::number(*date)).collect();
        let periods = edges.len().saturating_sub(1);
        let mut found = vec![Cohorts::none(periods); opportunities.regions.len()];
        let (Some(first), Some(end)) = (edges.first(), edges.last()) else { return found };
        // The number of the period of a day, from 1 on; 0 before all.
        let period = |day: day::Day| edges.partition_point(|edge| *edge <= day);
        for deal in opportunities.deals.iter().filter(|deal| deal.created < *end && deal.closed >= *first) {
            let cohorts = &mut found[usize::from(deal.region)];
            let created = period(deal.created);
            cohorts.created[created] += 1;
            if deal.closed >= *end {
                continue;
            }
            let closed = period(deal.closed) - 1;
            match deal.outcome {
                Outcome::Won => {
                    cohorts.won[created][closed] += 1;
                    cohorts.amounts[closed].push(deal.amount.unwrap_or(0.0));
                }
                Outcome::Lost => cohorts.lost[created][closed] += 1,
                Outcome::Open => {}
            }
        }
        found
    }

    /// Several regions as one.
    pub fn sum(regions: &[Cohorts]) -> Cohorts {
        let mut sum = Cohorts::none(regions.first().map_or(0, Cohorts::periods));
        for region in regions {
            let add = |to: &mut Vec<u64>, from: &Vec<u64>| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            add(&mut sum.created, &region.created);
            sum.won.iter_mut().zip(&region.won).for_each(|(to, from)| add(to, from));
            sum.lost.iter_mut().zip(&region.lost).for_each(|(to, from)| add(to, from));
            sum.amounts.iter_mut().zip(&region.amounts).for_each(|(to, from)| to.extend(from));
        }
        sum
    }

    /// The same with each won deal counted as 1 in place of its amount: what is won is then the number of wins.
    pub fn counted(&self) -> Cohorts {
        let wins = |period: usize| self.won.iter().map(|cohort| cohort[period]).sum::<u64>();
        let amounts = (0..self.periods()).map(|period| vec![1.0; wins(period) as usize]).collect();
        Cohorts { amounts, ..self.clone() }
    }

    /// How many periods there are.
    pub fn periods(&self) -> usize {
        self.amounts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::made_up::{deals, opportunities};
    use crate::fit::opportunities::Deal;

    /// Deals that pass a test.
    fn number(all: &[Deal], is: impl Fn(&Deal) -> bool) -> u64 {
        all.iter().filter(|deal| is(deal)).count() as u64
    }

    #[test]
    fn cohorts_are_the_deals_counted_one_by_one() {
        let all = opportunities(deals(400, 2));
        // Months of 2025.
        let edges: Vec<Date> = (3..=9).map(|month| jiff::civil::date(2025, month, 1)).collect();
        let found = Cohorts::of(&all, &edges);
        assert_eq!((found.len(), found[0].periods()), (2, 6));
        let start = |i: usize| day::number(edges[i]);
        let within = |day: day::Day, i: usize| (start(i)..start(i + 1)).contains(&day);
        let won = |deal: &Deal| deal.outcome == Outcome::Won;
        let there = |deal: &Deal| deal.region == 1 && deal.created < start(6) && deal.closed >= start(0);
        let old = |deal: &Deal| deal.created < start(0);
        assert_eq!(found[1].created[0], number(&all.deals, |deal| there(deal) && old(deal)));
        assert_eq!(found[1].created[3], number(&all.deals, |deal| there(deal) && within(deal.created, 2)));
        let before = number(&all.deals, |deal| there(deal) && old(deal) && won(deal) && within(deal.closed, 0));
        assert_eq!(found[1].won[0][0], before);
        let lost = |deal: &Deal| there(deal) && deal.outcome == Outcome::Lost;
        let next = number(&all.deals, |deal| lost(deal) && within(deal.created, 2) && within(deal.closed, 3));
        assert!(before > 0 && next > 0, "{before} {next}");
        assert_eq!(found[1].lost[3][3], next);
        let sum = Cohorts::sum(&found);
        assert_eq!(sum.won[2][3], found[0].won[2][3] + found[1].won[2][3]);
        let value: f64 =
            all.deals.iter().filter(|deal| won(deal) && within(deal.closed, 3)).filter_map(|deal| deal.amount).sum();
        assert!((sum.amounts[3].iter().sum::<f64>() - value).abs() < 1e-6 && value > 0.0);
        let wins = number(&all.deals, |deal| won(deal) && within(deal.closed, 3));
        assert_eq!(sum.counted().amounts[3], vec![1.0; wins as usize]);
    }
}

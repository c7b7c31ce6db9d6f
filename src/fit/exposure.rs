//! Deal-days at risk: for how many days deals of an age could be decided in a month, and how many were.
//!
//! A deal adds one day to (region, month, age) for each day from its creation, or from the first day of the window if that is later, to the
//! day on which it is decided, that day included, or to the last day that is known. So what an export leaves out (deals that were closed
//! before it begins, what becomes of those that are open) biases nothing. The counts of a month do not depend on what is known of later
//! ones: those of the months before an origin are what was known at it.

use super::day::{Day, Months};
use super::opportunities::{Deal, Opportunities};
use super::outcome::Outcome;
use crate::units::Month;

/// Ages beyond this many days are one: no chance is found for each.
const MOST_AGES: usize = 4000;
/// So many counts are kept; with many regions and months, ages beyond fewer days are one.
const MOST_COUNTS: usize = 10_000_000;
/// The window is at most so many days long, some ten years: what closed before tells little of today.
const MOST_DAYS: Day = 3650;

/// Counts by region, month and age in days; the last age stands for all beyond the oldest deal that was decided.
#[derive(Clone, Debug)]
pub struct Exposure {
    pub(super) regions: usize,
    pub(super) months: Months,
    pub(super) ages: usize,
    /// The first day of the window.
    pub(super) from: Day,
    /// The day before which all is counted.
    pub(super) until: Day,
    at_risk: Vec<u64>,
    won: Vec<u32>,
    lost: Vec<u32>,
}

/// The counts of the months before a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    exposure: &'a Exposure,
    /// How many months are seen.
    pub(super) months: usize,
    pub(super) as_of: Day,
}

impl Exposure {
    /// Counts what was known on the day before `until`, from the first day on which a deal was won or lost, or from `from`.
    pub(super) fn count(opportunities: &Opportunities, from: Option<Day>, until: Day) -> Exposure {
        let from = from.unwrap_or_else(|| opportunities.first_close()).clamp(until - MOST_DAYS, until - 1);
        let months = Months::of(from, until - 1);
        let deals = &opportunities.deals;
        let decided = |deal: &&Deal| deal.closed < until && deal.closed >= from;
        let oldest = deals.iter().filter(decided).map(|deal| (deal.closed - deal.created) as usize).max().unwrap_or(0);
        let regions = opportunities.regions.len();
        let ages = (oldest + 2).min(MOST_AGES).min(MOST_COUNTS / (regions * months.len())).max(2);
        let cells = regions * months.len() * ages;
        let mut exposure = Exposure {
            regions,
            months,
            ages,
            from,
            until,
            at_risk: vec![0; cells],
            won: vec![0; cells],
            lost: vec![0; cells],
        };
        let mut changes = vec![0i64; cells];
        for deal in deals {
            exposure.add(deal, &mut changes);
        }
        for (row, changes) in exposure.at_risk.chunks_exact_mut(ages).zip(changes.chunks_exact(ages)) {
            let mut sum = 0;
            for (cell, change) in row[..ages - 1].iter_mut().zip(changes) {
                sum += change;
                *cell = sum as u64;
            }
        }
        exposure
    }

    /// Counts a deal: its days by their first and last age in each month, in `changes` where they begin and end.
    fn add(&mut self, deal: &Deal, changes: &mut [i64]) {
        let first = deal.created.max(self.from);
        let last = deal.closed.min(self.until - 1);
        if first > last {
            return;
        }
        let (region, beyond) = (usize::from(deal.region), self.ages - 1);
        let mut day = first;
        for month in self.months.of_day(first)..=self.months.of_day(last) {
            let end = self.months.end(month).min(last + 1);
            let row = self.row(region, month);
            // Ages from this to before that one.
            let (young, old) = ((day - deal.created) as usize, (end - deal.created) as usize);
            if young < beyond {
                changes[row + young] += 1;
                changes[row + old.min(beyond)] -= 1;
            }
            self.at_risk[row + beyond] += old.saturating_sub(young.max(beyond)) as u64;
            day = end;
        }
        if deal.closed == last {
            let age = ((last - deal.created) as usize).min(beyond);
            let cell = self.row(region, self.months.of_day(last)) + age;
            match deal.outcome {
                Outcome::Won => self.won[cell] += 1,
                Outcome::Lost => self.lost[cell] += 1,
                Outcome::Open => {}
            }
        }
    }

    fn row(&self, region: usize, month: usize) -> usize {
        (region * self.months.len() + month) * self.ages
    }

    /// What was known on the day before `as_of`: at once where that is the day up to which is counted, or the first day of a month.
    pub(super) fn before(&self, as_of: Day) -> Option<Seen<'_>> {
        let months = match as_of {
            day if day == self.until => self.months.len(),
            day if day > self.from && day < self.until && self.months.start(self.months.of_day(day)) == day => {
                self.months.of_day(day)
            }
            _ => return None,
        };
        Some(Seen { exposure: self, months, as_of })
    }
}

/// Days at risk, and what was decided on them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Count {
    pub(super) at_risk: u64,
    pub(super) won: u64,
    pub(super) lost: u64,
}

impl Count {
    pub(super) fn of(self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Won => self.won,
            Outcome::Lost => self.lost,
            Outcome::Open => 0,
        }
    }

    fn add(&mut self, other: Count) {
        self.at_risk += other.at_risk;
        self.won += other.won;
        self.lost += other.lost;
    }
}

impl Seen<'_> {
    pub(super) fn regions(&self) -> usize {
        self.exposure.regions
    }

    /// The first day of the window.
    pub(super) fn from(&self) -> Day {
        self.exposure.from
    }

    /// A month by its number.
    pub(super) fn month(&self, month: usize) -> Month {
        self.exposure.months.month(month)
    }

    /// The days of a month that are seen.
    pub(super) fn days(&self, month: usize) -> std::ops::Range<Day> {
        let months = &self.exposure.months;
        months.start(month).max(self.exposure.from)..months.end(month).min(self.as_of)
    }

    /// Whether a month is seen from its first day to its last.
    pub(super) fn is_whole(&self, month: usize) -> bool {
        let months = &self.exposure.months;
        self.days(month) == (months.start(month)..months.end(month))
    }

    /// The counts of a region, month and age.
    fn cell(&self, region: usize, month: usize, age: usize) -> Count {
        let cell = self.exposure.row(region, month) + age;
        Count {
            at_risk: self.exposure.at_risk[cell],
            won: self.exposure.won[cell].into(),
            lost: self.exposure.lost[cell].into(),
        }
    }

    /// How many deals were decided at each age; the last is that of all beyond.
    pub(super) fn decided_by_age(&self) -> Vec<Count> {
        let mut found = vec![Count::default(); self.exposure.ages];
        for region in 0..self.regions() {
            for month in 0..self.months {
                for (age, count) in found.iter_mut().enumerate() {
                    count.add(self.cell(region, month, age));
                }
            }
        }
        found
    }

    /// The counts of a region and month by intervals of ages: from each of these ages to before the next.
    pub(super) fn binned(&self, region: usize, month: usize, starts: &[u32]) -> Vec<Count> {
        let mut found = vec![Count::default(); starts.len()];
        let mut bin = 0;
        for age in 0..self.exposure.ages {
            while starts.get(bin + 1).is_some_and(|start| *start as usize <= age) {
                bin += 1;
            }
            found[bin].add(self.cell(region, month, age));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fit::made_up::{deals, opportunities};

    /// The counts day by day, as the first sentences say.
    fn literal(deals: &[Deal], from: Day, until: Day, exposure: &Exposure) -> (Vec<u64>, Vec<u32>, Vec<u32>) {
        let cells = exposure.at_risk.len();
        let (mut at_risk, mut won, mut lost) = (vec![0; cells], vec![0; cells], vec![0; cells]);
        for deal in deals {
            for day in deal.created.max(from)..until {
                if day > deal.closed {
                    break;
                }
                let age = ((day - deal.created) as usize).min(exposure.ages - 1);
                let cell = exposure.row(deal.region.into(), exposure.months.of_day(day)) + age;
                at_risk[cell] += 1;
                if day == deal.closed {
                    won[cell] += u32::from(deal.outcome == Outcome::Won);
                    lost[cell] += u32::from(deal.outcome == Outcome::Lost);
                }
            }
        }
        (at_risk, won, lost)
    }

    #[test]
    fn lives_that_are_cut_are_those_followed_day_by_day() {
        let all = opportunities(deals(400, 3));
        for (from, until) in [(None, 20_600), (Some(20_100), 20_600), (Some(20_311), 20_400), (None, 20_299)] {
            let counted = Exposure::count(&all, from, until);
            let wanted = literal(&all.deals, counted.from, until, &counted);
            assert_eq!(
                (counted.at_risk.clone(), counted.won.clone(), counted.lost.clone()),
                wanted,
                "{from:?} {until}"
            );
        }
    }

    #[test]
    fn what_was_known_at_an_origin_is_in_the_counts_of_later_days() {
        let all = opportunities(deals(400, 2));
        let late = Exposure::count(&all, None, 20_600);
        // The first of July 2025.
        let origin = 20_270;
        let (then, now) = (Exposure::count(&all, None, origin), late.before(origin).unwrap());
        let then = then.before(origin).unwrap();
        assert_eq!(then.months, now.months);
        let starts = [0, 3, 10, 40];
        for month in 0..then.months {
            for region in 0..2 {
                assert_eq!(then.binned(region, month, &starts), now.binned(region, month, &starts));
            }
        }
        assert!(late.before(origin + 1).is_none() && late.before(20_601).is_none());
    }
}

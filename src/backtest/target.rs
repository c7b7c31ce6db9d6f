//! What is forecast at each origin, and the origins.

use jiff::civil::Date;
use jiff::{ToSpan, civil::Weekday};
use serde::{Deserialize, Serialize};

/// How far origins lie from each other: a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Each first day of a month.
    #[default]
    Month,
    /// Each Monday.
    Week,
}

/// A span of periods after an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is called: "2 months".
    pub key: &'static str,
    /// How many periods lie between the origin and it.
    pub skipped: usize,
    /// How many periods it has.
    pub length: usize,
}

const fn target(key: &'static str, skipped: usize, length: usize) -> Target {
    Target { key, skipped, length }
}

/// The month after the origin, the one after it, the third one; the three together.
const OF_MONTHS: [Target; 4] =
    [target("1 month", 0, 1), target("2 months", 1, 1), target("3 months", 2, 1), target("quarter", 0, 3)];
/// The week after the origin; four weeks together.
const OF_WEEKS: [Target; 2] = [target("1 week", 0, 1), target("4 weeks", 0, 4)];

impl Target {
    /// How many periods after the origin it ends.
    pub fn reach(self) -> usize {
        self.skipped + self.length
    }

    /// The periods that it has, the origin being the start of this one.
    pub fn periods(self, origin: usize) -> std::ops::Range<usize> {
        origin + self.skipped..origin + self.reach()
    }
}

impl Step {
    /// What is forecast at each origin.
    pub fn targets(self) -> &'static [Target] {
        match self {
            Step::Month => &OF_MONTHS,
            Step::Week => &OF_WEEKS,
        }
    }

    /// How many periods a quarter has.
    pub(super) fn quarter(self) -> usize {
        match self {
            Step::Month => 3,
            Step::Week => 13,
        }
    }

    /// One period, as a word.
    pub fn noun(self) -> &'static str {
        match self {
            Step::Month => "month",
            Step::Week => "week",
        }
    }

    /// The first day of the period after the one that begins on this day.
    fn next(self, day: Date) -> Date {
        day.saturating_add(match self {
            Step::Month => 1.month(),
            Step::Week => 1.week(),
        })
    }

    /// The first day of a period that is this day or a later one.
    fn first_from(self, day: Date) -> Date {
        match self {
            Step::Month if day.day() == 1 => day,
            Step::Month => self.next(day.first_of_month()),
            Step::Week => day.saturating_add(i32::from(day.weekday().until(Weekday::Monday)).days()),
        }
    }

    /// The starts of the whole periods from one day to before another, and the end of the last; nothing where none is whole.
    ///
    /// ```
    /// # use revcast::backtest::Step;
    /// # use jiff::civil::date;
    /// let edges = Step::Month.edges(date(2027, 3, 2), date(2027, 6, 30));
    /// assert_eq!(edges, [date(2027, 4, 1), date(2027, 5, 1), date(2027, 6, 1)]);
    /// ```
    pub fn edges(self, from: Date, until: Date) -> Vec<Date> {
        let starts = std::iter::successors(Some(self.first_from(from)), |day| Some(self.next(*day)));
        let found: Vec<Date> = starts.take_while(|day| *day <= until).take(MOST_PERIODS + 1).collect();
        if found.len() < 2 { Vec::new() } else { found }
    }
}

/// More periods than this have no window.
const MOST_PERIODS: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::separate;
    use jiff::civil::date;

    #[test]
    fn periods_are_whole_ones() {
        // 2024-02-05 is a Monday.
        let weeks = Step::Week.edges(date(2024, 2, 5), date(2024, 2, 25));
        assert_eq!(weeks, [date(2024, 2, 5), date(2024, 2, 12), date(2024, 2, 19)]);
        assert_eq!(Step::Week.edges(date(2024, 2, 6), date(2024, 2, 26))[0], date(2024, 2, 12));
        let months = Step::Month.edges(date(2017, 3, 1), date(2018, 1, 1));
        assert_eq!((months.len(), months[10]), (11, date(2018, 1, 1)));
        assert_eq!(Step::Month.edges(date(2017, 3, 2), date(2017, 4, 30)), []);
        assert_eq!(Step::Month.edges(date(2017, 3, 2), date(2016, 4, 30)), []);
    }

    #[test]
    fn quarters_that_share_months_are_fewer_facts() {
        let quarter = OF_MONTHS[3];
        let spans: Vec<_> = (3..8).map(|origin| quarter.periods(origin)).collect();
        assert_eq!((spans[0].clone(), separate(&spans)), (3..6, vec![0, 3]));
        let months: Vec<_> = (3..9).map(|origin| OF_MONTHS[1].periods(origin)).collect();
        assert_eq!((months[0].clone(), separate(&months).len()), (4..5, 6));
        assert_eq!(separate(&[]), [0usize; 0]);
    }
}

//! Days as numbers, so that a million lives are counted by adding.

use jiff::civil::Date;

use crate::units::Month;

/// A day, counted from the first of January 1970.
pub(super) type Day = i32;

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The number of a day.
pub(super) fn number(date: Date) -> Day {
    (date - EPOCH).get_days()
}

/// The day of a number.
pub(super) fn date(day: Day) -> Date {
    EPOCH.saturating_add(jiff::Span::new().days(day))
}

/// A run of months, with the day that each begins on.
#[derive(Clone, Debug)]
pub(super) struct Months {
    /// The first of them.
    pub(super) first: Month,
    /// The first day of each, and that after the last.
    starts: Vec<Day>,
}

impl Months {
    /// The months from that of one day to that of another.
    pub(super) fn of(first: Day, last: Day) -> Months {
        let (month, end) = (Month::of(date(first)), Month::of(date(last.max(first))));
        let count = end.since(month) as usize + 1;
        let start = |m| number(first_day(month.plus(m)));
        Months { first: month, starts: (0..=count).map(start).collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The month of a day that lies in one of them, counted from 0.
    pub(super) fn of_day(&self, day: Day) -> usize {
        self.starts.partition_point(|start| *start <= day) - 1
    }

    /// The first day of a month.
    pub(super) fn start(&self, month: usize) -> Day {
        self.starts[month]
    }

    /// The day after the last one of a month.
    pub(super) fn end(&self, month: usize) -> Day {
        self.starts[month + 1]
    }

    /// A month by its number.
    pub(super) fn month(&self, month: usize) -> Month {
        self.first.plus(month)
    }
}

/// The first day of a month.
pub(super) fn first_day(month: Month) -> Date {
    Date::new(month.year() as i16, month.number() as i8, 1).unwrap_or(EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_are_those_of_the_calendar() {
        let day = number(jiff::civil::date(2028, 2, 29));
        assert_eq!(date(day).to_string(), "2028-02-29");
        let months = Months::of(day, number(jiff::civil::date(2028, 4, 1)));
        assert_eq!((months.len(), months.of_day(day), months.of_day(day + 1)), (3, 0, 1));
        assert_eq!((months.start(1), months.end(1) - months.start(1)), (day + 1, 31));
        assert_eq!(months.month(2).to_string(), "2028-04");
    }
}

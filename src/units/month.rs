//! A calendar month.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use thiserror::Error;

/// Length of every month of the model, in days: 365.25 / 12.
pub(crate) const DAYS_PER_MONTH: f64 = 30.4375;

/// A calendar month of the years 1900 to 2999, such as 2027-03.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Months since year 0.
    index: i32,
}

/// A text that is no month.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" is not a month; a month is written like 2027-03 (years 1900 to 2999)")]
pub struct MonthError(pub String);

const NAMES: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Month {
    /// The month `number` (1 to 12) of `year`, if both are in range.
    pub fn new(year: i32, number: u32) -> Option<Month> {
        ((1900..=2999).contains(&year) && (1..=12).contains(&number))
            .then(|| Month { index: year * 12 + number as i32 - 1 })
    }

    /// The month that a day lies in.
    pub(crate) fn of(day: jiff::civil::Date) -> Month {
        Month { index: i32::from(day.year()) * 12 + i32::from(day.month()) - 1 }
    }

    /// The month `months` later.
    pub fn plus(self, months: usize) -> Month {
        Month { index: self.index + months as i32 }
    }

    /// How many months `self` comes after `other` (negative if before).
    pub fn since(self, other: Month) -> i64 {
        i64::from(self.index) - i64::from(other.index)
    }

    /// The calendar year in which the month lies.
    pub fn year(self) -> i32 {
        self.index.div_euclid(12)
    }

    /// The month of the year, 1 to 12.
    pub fn number(self) -> u32 {
        self.index.rem_euclid(12) as u32 + 1
    }

    /// How many days it has.
    pub fn days(self) -> usize {
        let first = jiff::civil::Date::new(self.year() as i16, self.number() as i8, 1);
        first.map_or(30, |first| first.days_in_month() as usize)
    }

    /// The month's name and year: "March 2027".
    pub fn name(self) -> String {
        format!("{} {}", NAMES[self.index.rem_euclid(12) as usize], self.year())
    }

    /// The number, 1 to 12, of a month called by its name or the first three letters of it.
    pub fn numbered(name: &str) -> Option<u32> {
        let same = |full: &str| full.eq_ignore_ascii_case(name) || full[..3].eq_ignore_ascii_case(name);
        NAMES.iter().position(|full| same(full)).map(|i| i as u32 + 1)
    }

    /// A month as spreadsheets write it: 2027-03, a day of it such as 2027-03-01 or 01.03.2027, Mar-27, March 2027.
    pub(crate) fn of_cell(text: &str) -> Option<Month> {
        // A time of day may follow.
        let text = text.split_once(" 00:00").map_or(text, |(day, _)| day);
        let of_day = |year: &str, month: &str, day: &str| {
            let day = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
            Month::new(day.year().into(), day.month().unsigned_abs().into())
        };
        if let Ok(month) = text.parse() {
            return Some(month);
        }
        // Between points, the day comes first.
        if let [day, month, year] = text.split('.').collect::<Vec<&str>>()[..] {
            return of_day(year, month, day);
        }
        match text.split(['-', ' ', '/']).collect::<Vec<&str>>()[..] {
            [year, month, day] if year.len() == 4 => of_day(year, month, day),
            [year, month] if year.len() == 4 => Month::new(year.parse().ok()?, month.parse().ok()?),
            [name, year] => {
                let year: i32 = year.parse().ok()?;
                Month::new(if year < 100 { 2000 + year } else { year }, Month::numbered(name)?)
            }
            _ => None,
        }
    }

    /// The name's first three letters: "Mar".
    pub fn short(self) -> &'static str {
        &NAMES[self.index.rem_euclid(12) as usize][..3]
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Month, MonthError> {
        let error = || MonthError(text.to_owned());
        let (year, number) = text.split_once('-').ok_or_else(error)?;
        let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(number, 2) {
            return Err(error());
        }
        Month::new(year.parse().map_err(|_| error())?, number.parse().map_err(|_| error())?).ok_or_else(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reads_back_as_it_prints() {
        let march: Month = "2027-03".parse().unwrap();
        assert_eq!(march.to_string(), "2027-03");
        assert_eq!(march.plus(10).to_string(), "2028-01");
        assert_eq!(march.name(), "March 2027");
        assert_eq!(march.plus(22).since(march), 22);
    }

    #[test]
    fn cells_hold_a_month_or_a_day_of_it_that_there_is() {
        let march: Month = "2027-03".parse().unwrap();
        for text in
            ["2027-03", "2027-3", "2027-03-01", "2027-03-31 00:00:00", "31.03.2027", "Mar-27", "march 2027", "2027/3/1"]
        {
            assert_eq!(Month::of_cell(text), Some(march), "{text}");
        }
        for text in ["2027-02-31", "30.02.2027", "2027-13-01", "2027-03-0", "", "Q1", "03.2027"] {
            assert_eq!(Month::of_cell(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_month_is_refused() {
        for text in ["2027", "2027-13", "2027-00", "27-03", "2027-3", "1899-01", "2027-03-01", "２027-03"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }
}

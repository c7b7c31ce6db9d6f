//! The horizon of a scenario, and periods within it: months, quarters, years, fiscal ones, runs of them.

use std::ops::Range;

use jiff::civil::Date;
use thiserror::Error;

use super::Month;

/// The months that a scenario plays, and how its fiscal year lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The month with index 0.
    pub start: Month,
    /// How many months are played (M).
    pub months: usize,
    /// The calendar month (1 to 12) in which the fiscal year begins. FY28 is the fiscal year that *ends* in 2028.
    pub fiscal_first_month: u32,
}

/// How periods follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Each month of the horizon.
    Month,
    /// Each whole calendar quarter.
    Quarter,
    /// Each whole calendar year.
    Year,
    /// Each whole fiscal quarter.
    FiscalQuarter,
    /// Each whole fiscal year.
    FiscalYear,
    /// The whole horizon, once.
    Total,
    /// From the start to the end of each month.
    Cumulative,
    /// A run of months named by a target.
    Span,
}

impl Frequency {
    /// The kinds of period that forecasts report, the shortest labels first.
    pub(crate) const REPORTED: [Frequency; 7] = [
        Frequency::Month,
        Frequency::Quarter,
        Frequency::Year,
        Frequency::FiscalQuarter,
        Frequency::FiscalYear,
        Frequency::Total,
        Frequency::Cumulative,
    ];
}

/// A run of months inside the horizon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// As it is written: 2027-03, 2027-Q1, 2027, FY28-Q1, 2027..2028, to 2028-12, total.
    pub label: String,
    /// What kind of period it is.
    pub every: Frequency,
    /// The months it spans, counted from 0.
    pub months: Range<usize>,
}

/// What a period text names: one period, or one each month or quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Periods {
    /// The text names a single period.
    One(Period),
    /// The text is `each-month` or `each-quarter`: all of these periods.
    Each(Vec<Period>),
}

/// Why a period text was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PeriodError {
    /// Not written like a period.
    #[error(
        "\"{0}\" is not a period; write 2027-03, 2027-Q1, 2027, FY28, FY28-Q1, 2027..2028, to 2028-12, total, each-month or each-quarter"
    )]
    Syntax(String),
    /// A period that is not wholly inside the horizon.
    #[error("\"{label}\" is not wholly inside the horizon, {first} to {last}")]
    Outside {
        /// The period as written.
        label: String,
        /// The first month played.
        first: Month,
        /// The last month played.
        last: Month,
    },
}

impl Periods {
    /// As they are written: the label of a single period, else each-month or each-quarter.
    pub fn label(&self) -> &str {
        match self {
            Periods::One(period) => &period.label,
            Periods::Each(periods) if periods.first().is_some_and(|period| period.months.len() > 1) => "each-quarter",
            Periods::Each(_) => "each-month",
        }
    }

    /// The period from the first month of them to the last, called as they are.
    pub fn whole(&self) -> Period {
        match self {
            Periods::One(period) => period.clone(),
            Periods::Each(periods) => {
                let first = periods.first().map_or(0, |period| period.months.start);
                let end = periods.last().map_or(1, |period| period.months.end);
                Period { label: self.label().to_owned(), every: Frequency::Span, months: first..end }
            }
        }
    }

    /// The month after the last one, counted from 0.
    pub fn end(&self) -> usize {
        match self {
            Periods::One(period) => period.months.end,
            Periods::Each(periods) => periods.iter().map(|period| period.months.end).max().unwrap_or(0),
        }
    }
}

impl Horizon {
    /// The last month played.
    pub fn last(&self) -> Month {
        self.start.plus(self.months - 1)
    }

    /// Where a day lies, in months from the start: at its month, and by (day − 1)/(days in that month) past that month's beginning.
    pub fn position(&self, day: Date) -> f64 {
        let month = Month::of(day).since(self.start) as f64;
        month + (f64::from(day.day()) - 1.0) / f64::from(day.days_in_month())
    }

    /// How many months of its (fiscal, else calendar) quarter come before a month: 0, 1 or, for the last one, 2.
    pub fn place_in_quarter(&self, month: usize) -> usize {
        (self.start.plus(month).number() + 12 - self.fiscal_first_month) as usize % 3
    }

    /// The horizon as one period.
    pub fn total(&self) -> Period {
        Period { label: "total".into(), every: Frequency::Total, months: 0..self.months }
    }

    /// The kind of quarter that people here count in: fiscal ones where the fiscal year begins in another month than January.
    pub fn quarters(&self) -> Frequency {
        if self.fiscal_first_month == 1 { Frequency::Quarter } else { Frequency::FiscalQuarter }
    }

    /// The kind of year that people here count in, likewise.
    pub fn years(&self) -> Frequency {
        if self.fiscal_first_month == 1 { Frequency::Year } else { Frequency::FiscalYear }
    }

    /// The month with index `m`, counted from 0.
    pub fn month(&self, m: usize) -> Month {
        self.start.plus(m)
    }

    /// All periods of a kind, in order; quarters and years only where they lie wholly inside the horizon.
    pub fn every(&self, every: Frequency) -> Vec<Period> {
        let blocks = |length: i64, first_month: u32, label: &dyn Fn(Month) -> String| {
            // Months before the start until a block begins.
            let phase = (i64::from(self.start.number()) - i64::from(first_month)).rem_euclid(length);
            let mut from = (length - phase) % length;
            let mut found = Vec::new();
            while from + length <= self.months as i64 {
                let months = from as usize..(from + length) as usize;
                found.push(Period { label: label(self.month(months.start)), every, months });
                from += length;
            }
            found
        };
        match every {
            Frequency::Month => {
                (0..self.months).map(|m| Period { label: self.month(m).to_string(), every, months: m..m + 1 }).collect()
            }
            Frequency::Quarter => blocks(3, 1, &|m| format!("{}-Q{}", m.year(), (m.number() - 1) / 3 + 1)),
            Frequency::Year => blocks(12, 1, &|m| m.year().to_string()),
            Frequency::FiscalQuarter => blocks(3, self.fiscal_first_month, &|m| {
                let (year, month) = self.fiscal(m);
                format!("{}-Q{}", fiscal_label(year), month / 3 + 1)
            }),
            Frequency::FiscalYear => blocks(12, self.fiscal_first_month, &|m| fiscal_label(self.fiscal(m).0)),
            Frequency::Total => vec![self.total()],
            Frequency::Cumulative => (0..self.months)
                .map(|m| Period { label: format!("to {}", self.month(m)), every, months: 0..m + 1 })
                .collect(),
            Frequency::Span => Vec::new(),
        }
    }

    /// The fiscal year in which `month` lies (named by the calendar year in which it ends) and the month within it, from 0.
    fn fiscal(&self, month: Month) -> (i32, u32) {
        let first = self.fiscal_first_month;
        let into = (month.number() + 12 - first) % 12;
        let last = month.plus(11 - into as usize);
        (last.year(), into)
    }

    /// The year in which a month lies, as people call it, with its number: 2027, or FY28 where fiscal years begin in another month than
    /// January.
    pub(crate) fn year_of(&self, month: Month) -> (i32, String) {
        let (year, _) = self.fiscal(month);
        (year, if self.fiscal_first_month == 1 { year.to_string() } else { fiscal_label(year) })
    }

    /// Which month of its year, from 0, a month is: of the fiscal year where that begins in another month than January.
    pub(crate) fn month_of_year(&self, month: Month) -> u32 {
        self.fiscal(month).1
    }

    /// Reads a period, as files write it or as people read it, and finds its months. Its label is as files write it.
    ///
    /// # Errors
    /// [`PeriodError`] when `text` is no period or not wholly inside the horizon.
    pub fn parse(&self, text: &str) -> Result<Periods, PeriodError> {
        let label = period_label(text);
        match label.as_str() {
            "total" => Ok(Periods::One(self.total())),
            "each-month" => Ok(Periods::Each(self.every(Frequency::Month))),
            "each-quarter" => Ok(Periods::Each(self.every(self.quarters()))),
            _ => self.parse_one(&label).map(Periods::One),
        }
    }

    fn parse_one(&self, text: &str) -> Result<Period, PeriodError> {
        let syntax = || PeriodError::Syntax(text.to_owned());
        let (first, last, every) = if let Some(to) = text.strip_prefix("to ") {
            let (_, last, _) = self.span(to).ok_or_else(syntax)?;
            (self.start, last, Frequency::Cumulative)
        } else if let Some((from, to)) = text.split_once("..") {
            let (first, _, _) = self.span(from).ok_or_else(syntax)?;
            let (_, last, _) = self.span(to).ok_or_else(syntax)?;
            (first, last, Frequency::Span)
        } else {
            self.span(text).ok_or_else(syntax)?
        };
        let (from, to) = (first.since(self.start), last.since(self.start) + 1);
        if from >= to && first <= last || last < first && text.contains("..") {
            return Err(syntax());
        }
        if from < 0 || to > self.months as i64 || to <= 0 {
            return Err(PeriodError::Outside { label: text.to_owned(), first: self.start, last: self.last() });
        }
        Ok(Period { label: text.to_owned(), every, months: from as usize..to as usize })
    }

    /// The fiscal year of two last digits that is nearest to the horizon: in it, if one is.
    fn fiscal_year_ending(&self, digits: i32) -> i32 {
        let (first, last) = (self.fiscal(self.start).0, self.fiscal(self.last()).0);
        let century = first.div_euclid(100) * 100;
        let apart = |year: &i32| (first - year).max(year - last).max(0);
        [-100, 0, 100].map(|further| century + further + digits).into_iter().min_by_key(apart).unwrap_or(first)
    }

    /// First and last month of a month, quarter or year as written.
    fn span(&self, text: &str) -> Option<(Month, Month, Frequency)> {
        let quarter = |q: &str| q.strip_prefix('Q').and_then(|n| n.parse::<u32>().ok()).filter(|n| (1..=4).contains(n));
        if let Some(fiscal) = text.strip_prefix("FY") {
            let (year, q) = fiscal.split_once('-').map_or((fiscal, None), |(y, q)| (y, Some(q)));
            let digits = |n: usize| year.len() == n && year.bytes().all(|b| b.is_ascii_digit());
            let ends = match (digits(2), digits(4)) {
                (true, _) => self.fiscal_year_ending(year.parse().ok()?),
                (_, true) => year.parse().ok()?,
                _ => return None,
            };
            let first = self.fiscal_first_month;
            let begins = Month::new(if first == 1 { ends } else { ends - 1 }, first)?;
            return match q {
                None => Some((begins, begins.plus(11), Frequency::FiscalYear)),
                Some(q) => {
                    let from = begins.plus(3 * (quarter(q)? as usize - 1));
                    Some((from, from.plus(2), Frequency::FiscalQuarter))
                }
            };
        }
        if let Ok(month) = text.parse::<Month>() {
            return Some((month, month, Frequency::Month));
        }
        let four =
            |y: &str| (y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit())).then(|| y.parse::<i32>().ok()).flatten();
        if let Some(year) = four(text) {
            let first = Month::new(year, 1)?;
            return Some((first, first.plus(11), Frequency::Year));
        }
        let (year, q) = text.split_once('-')?;
        let first = Month::new(four(year)?, 3 * (quarter(q)? - 1) + 1)?;
        Some((first, first.plus(2), Frequency::Quarter))
    }
}

/// FY28: the fiscal year that ends in 2028.
fn fiscal_label(year: i32) -> String {
    format!("FY{:02}", year.rem_euclid(100))
}

/// A period as files write it, of one that is written so or as people read it: "Q1 FY28" is FY28-Q1, "Q2 2027" 2027-Q2, "June 2027"
/// 2027-06, "by the end of June 2027" to 2027-06, "February to May 2028" 2028-02..2028-05. Other texts stay as they are.
pub(crate) fn period_label(text: &str) -> String {
    let text = text.trim();
    let text = ["at the end of ", "end of ", "in "].iter().find_map(|before| text.strip_prefix(before)).unwrap_or(text);
    match text {
        "every month" => return "each-month".to_owned(),
        "every quarter" => return "each-quarter".to_owned(),
        _ => {}
    }
    let until = ["by the end of ", "by ", "up to ", "to "].iter().find_map(|before| text.strip_prefix(before));
    if let Some(last) = until {
        return format!("to {}", one_label(last));
    }
    let Some((first, last)) = text.split_once("..").or_else(|| text.split_once(" to ")) else {
        return one_label(text);
    };
    let first = first.strip_prefix("from ").unwrap_or(first);
    let year = last.rsplit_once(' ').map_or("", |(_, year)| year);
    // "February to May 2028" tells the year once.
    let first = if Month::numbered(first).is_some() { format!("{first} {year}") } else { first.to_owned() };
    format!("{}..{}", one_label(&first), one_label(last))
}

/// The same of a month, a quarter or a year.
fn one_label(text: &str) -> String {
    let Some((before, year)) = text.split_once(' ') else { return text.to_owned() };
    match (before.strip_prefix('Q'), Month::numbered(before)) {
        (Some(quarter), _) => format!("{year}-Q{quarter}"),
        (None, Some(month)) => format!("{year}-{month:02}"),
        (None, None) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn horizon(start: &str, months: usize, fiscal_first_month: u32) -> Horizon {
        Horizon { start: start.parse().unwrap(), months, fiscal_first_month }
    }

    fn one(h: &Horizon, text: &str) -> Result<Range<usize>, PeriodError> {
        match h.parse(text)? {
            Periods::One(p) => Ok(p.months),
            Periods::Each(_) => panic!("{text} names many periods"),
        }
    }

    #[test]
    fn periods_find_their_months() {
        let h = horizon("2027-01", 36, 7);
        for (text, months) in [
            ("2027-03", 2..3),
            ("2027-Q2", 3..6),
            ("2028", 12..24),
            ("2027..2028", 0..24),
            ("to 2028-12", 0..24),
            ("total", 0..36),
            ("FY28", 6..18),
            ("FY28-Q1", 6..9),
            ("FY2029-Q4", 27..30),
            ("2027-02..2027-05", 1..5),
            ("to 2027-Q3", 0..9),
        ] {
            assert_eq!(one(&h, text), Ok(months), "{text}");
        }
    }

    #[test]
    fn two_digits_of_a_fiscal_year_are_of_the_century_in_the_horizon() {
        let h = horizon("2099-07", 24, 7);
        assert_eq!(h.every(Frequency::FiscalYear).iter().map(|p| &*p.label).collect::<Vec<_>>(), ["FY00", "FY01"]);
        assert_eq!([one(&h, "FY00"), one(&h, "FY01-Q1"), one(&h, "FY2100")], [Ok(0..12), Ok(12..15), Ok(0..12)]);
        assert!(matches!(one(&h, "FY99"), Err(PeriodError::Outside { .. })));
        assert!(matches!(one(&horizon("2027-01", 36, 7), "FY26"), Err(PeriodError::Outside { .. })));
    }

    #[test]
    fn each_quarter_is_a_fiscal_one_where_the_year_is() {
        let labels = |first_month| match horizon("2027-02", 9, first_month).parse("each-quarter") {
            Ok(Periods::Each(periods)) => periods.into_iter().map(|p| (p.label, p.months)).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        let fiscal =
            [("FY28-Q1", 0..3), ("FY28-Q2", 3..6), ("FY28-Q3", 6..9)].map(|(label, months)| (label.to_owned(), months));
        assert_eq!(labels(2), fiscal);
        let calendar = [("2027-Q2", 2..5), ("2027-Q3", 5..8)].map(|(label, months)| (label.to_owned(), months));
        assert_eq!(labels(1), calendar);
    }

    #[test]
    fn what_is_like_the_words_for_a_period_is_refused() {
        let h = horizon("2027-01", 36, 7);
        assert_eq!(one(&h, "at the end of June 2027"), Ok(5..6));
        for text in ["Q5 2027", "Q1", "Juno 2027", "June", "June 27", "by", "from 2027"] {
            assert!(matches!(one(&h, text), Err(PeriodError::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn periods_outside_or_misspelt_are_refused() {
        let h = horizon("2027-02", 12, 1);
        for text in ["2027", "2026-12", "2027-Q1", "2028-02", "to 2028-02", "FY27", "to 2026-12"] {
            assert!(matches!(one(&h, text), Err(PeriodError::Outside { .. })), "{text}");
        }
        for text in ["", "2027-Q5", "Q1", "year 1", "2028..2027", "FY", "27", "2027-3", "to"] {
            assert!(matches!(one(&h, text), Err(PeriodError::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn only_whole_quarters_and_years_count() {
        let h = horizon("2027-02", 24, 4);
        let labels = |e| h.every(e).iter().map(|p| p.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(Frequency::Year), ["2028"]);
        assert_eq!(labels(Frequency::Quarter)[0], "2027-Q2");
        assert_eq!(labels(Frequency::Quarter).len(), 7);
        assert_eq!(labels(Frequency::FiscalYear), ["FY28"]);
        assert_eq!(labels(Frequency::FiscalQuarter)[..2], ["FY28-Q1", "FY28-Q2"]);
        assert_eq!(h.every(Frequency::Cumulative)[3].label, "to 2027-05");
    }

    /// Vector 1 of the law's second part.
    #[test]
    fn days_lie_in_their_months_by_the_days_that_these_have() {
        let h = horizon("2027-01", 24, 1);
        let at = |day: &str| h.position(day.parse().unwrap());
        assert!((at("2027-05-10") - 4.290_322_580_6).abs() < 1e-9);
        assert!((at("2028-02-15") - 13.482_758_620_7).abs() < 1e-9);
        assert_eq!((at("2027-01-01"), at("2026-12-01")), (0.0, -1.0));
        assert_eq!([0, 1, 2, 3, 11].map(|m| h.place_in_quarter(m)), [0, 1, 2, 0, 2]);
        assert_eq!([0, 1, 2].map(|m| horizon("2027-01", 24, 2).place_in_quarter(m)), [2, 0, 1]);
    }
}

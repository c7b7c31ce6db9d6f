//! Periods in sentences: "in 2027", "by the end of December 2028", "from March 2027 to May 2028".

use std::ops::Range;

use super::text::count;
use jiff::civil::Date;

use crate::units::period_label;
use crate::units::{Frequency, Horizon, Month, Period, Periods};

/// When a period is, in a sentence about a flow: "in 2027", "in Q1 2027", "by the end of December 2028", "from March 2027 to May 2028",
/// "in every month". What is no flow has the level at the period's end: "at the end of December 2028".
pub(crate) fn when(horizon: &Horizon, label: &str, is_flow: bool) -> String {
    let Some(Period { every, months, .. }) = one_period(horizon, label) else {
        let at = if is_flow { "in" } else { "at the end of" };
        return match label {
            "each-month" => format!("{at} every month"),
            "each-quarter" => format!("{at} every quarter"),
            _ => format!("in {label}"),
        };
    };
    let last = horizon.month(months.end.saturating_sub(1)).name();
    if !is_flow {
        return format!("at the end of {last}");
    }
    match every {
        Frequency::Month => format!("in {last}"),
        Frequency::Cumulative => format!("by the end of {last}"),
        Frequency::Total | Frequency::Span => from_to(horizon, months),
        Frequency::Year | Frequency::FiscalYear | Frequency::Quarter | Frequency::FiscalQuarter => {
            format!("in {}", period_name(label))
        }
    }
}

/// A day as people read it: "10 June 2027".
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// When a period is, where there is little room: "in 2027", "in Q1 2027", "by Dec 2028", "Mar 2027 to May 2028", "end of Dec 2028".
pub(crate) fn brief_period(horizon: &Horizon, label: &str, is_flow: bool) -> String {
    let Some(Period { every, months, .. }) = one_period(horizon, label) else {
        return when(horizon, label, is_flow);
    };
    let short = |month: usize| brief_month(horizon.month(month));
    let (first, last) = (short(months.start), short(months.end.saturating_sub(1)));
    if !is_flow {
        return format!("end of {last}");
    }
    match every {
        Frequency::Month => format!("in {last}"),
        Frequency::Cumulative => format!("by {last}"),
        Frequency::Total | Frequency::Span if first == last => format!("in {last}"),
        Frequency::Total | Frequency::Span => format!("{first} to {last}"),
        _ => when(horizon, label, is_flow),
    }
}

/// A month where there is little room: "Dec 2028".
pub(crate) fn brief_month(month: Month) -> String {
    format!("{} {}", month.short(), month.year())
}

/// A period by its name: "July 2027", "Q3 2027", "Q2 FY28", "2027", "by the end of July 2027".
pub(crate) fn period_name(label: &str) -> String {
    if let Some(to) = label.strip_prefix("to ") {
        return format!("by the end of {}", period_name(to));
    }
    match (label.parse::<Month>(), label.split_once("-Q")) {
        (Ok(month), _) => month.name(),
        (_, Some((year, quarter))) => format!("Q{quarter} {year}"),
        _ => label.to_owned(),
    }
}

/// What a fiscal year is, as told where one is first read: "FY28 (February 2027 to January 2028)". It is the first that lies wholly inside
/// the horizon, else the one in which that begins; `None` where years begin in January.
pub(crate) fn fiscal_year(horizon: &Horizon) -> Option<String> {
    if horizon.fiscal_first_month == 1 {
        return None;
    }
    let whole =
        horizon.every(Frequency::FiscalYear).first().map_or(horizon.start, |year| horizon.month(year.months.start));
    let (year, name) = horizon.year_of(whole);
    let first = Month::new(year - 1, horizon.fiscal_first_month)?;
    Some(format!("{name} ({} to {})", first.name(), first.plus(11).name()))
}

/// The months that are played, and what a fiscal year is: "24 months from February 2027, in fiscal years such as FY28 (February 2027 to
/// January 2028)".
pub(crate) fn months_from(horizon: &Horizon) -> String {
    format!("{} {}", count(horizon.months, "month"), from_start(horizon))
}

/// When the months that are played begin, and what a fiscal year is: "from February 2027, in fiscal years such as FY28 (February 2027 to
/// January 2028)".
pub(crate) fn from_start(horizon: &Horizon) -> String {
    format!("from {}{}", horizon.start.name(), in_fiscal_years(horizon))
}

/// ", in fiscal years such as FY28 (February 2027 to January 2028)"; nothing where years begin in January.
pub(crate) fn in_fiscal_years(horizon: &Horizon) -> String {
    fiscal_year(horizon).map_or_else(String::new, |year| format!(", in fiscal years such as {year}"))
}

/// When a period is of which a plan quotes a figure, with no horizon to place it in: "in 2027", "a month", "altogether".
pub(crate) fn quoted_period(text: &str) -> String {
    match period_label(text).as_str() {
        "each-month" => "a month".to_owned(),
        "each-quarter" => "a quarter".to_owned(),
        "total" => "altogether".to_owned(),
        other if other.starts_with("to ") => period_name(other),
        other => format!("in {}", period_name(other).replace("..", " to ")),
    }
}

/// The one period that a label names.
fn one_period(horizon: &Horizon, label: &str) -> Option<Period> {
    match horizon.parse(label) {
        Ok(Periods::One(period)) => Some(period),
        _ => None,
    }
}

fn from_to(horizon: &Horizon, months: Range<usize>) -> String {
    let first = horizon.month(months.start);
    let last = horizon.month(months.end.saturating_sub(1));
    if first == last {
        return format!("in {}", first.name());
    }
    let from = if first.year() == last.year() {
        first.name().replace(&format!(" {}", first.year()), "")
    } else {
        first.name()
    };
    format!("from {from} to {}", last.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn horizon() -> Horizon {
        Horizon { start: "2027-01".parse().unwrap(), months: 36, fiscal_first_month: 7 }
    }

    #[test]
    fn periods_are_written_in_words() {
        for (label, words, brief) in [
            ("2027-03", "in March 2027", "in Mar 2027"),
            ("2027-Q1", "in Q1 2027", "in Q1 2027"),
            ("2028", "in 2028", "in 2028"),
            ("FY28", "in FY28", "in FY28"),
            ("FY28-Q2", "in Q2 FY28", "in Q2 FY28"),
            ("to 2028-12", "by the end of December 2028", "by Dec 2028"),
            ("2027..2028", "from January 2027 to December 2028", "Jan 2027 to Dec 2028"),
            ("2028-02..2028-05", "from February to May 2028", "Feb 2028 to May 2028"),
            ("total", "from January 2027 to December 2029", "Jan 2027 to Dec 2029"),
            ("each-month", "in every month", "in every month"),
            ("2050", "in 2050", "in 2050"),
        ] {
            assert_eq!(
                (when(&horizon(), label, true), brief_period(&horizon(), label, true)),
                (words.into(), brief.into())
            );
        }
        assert_eq!(when(&horizon(), "2027", false), "at the end of December 2027");
        assert_eq!(when(&horizon(), "each-quarter", false), "at the end of every quarter");
        assert_eq!(brief_period(&horizon(), "2027", false), "end of Dec 2027");
    }

    #[test]
    fn what_people_read_can_be_typed_back() {
        let h = horizon();
        let labels =
            ["2027-03", "2027-Q2", "2028", "FY28", "FY28-Q1", "to 2028-12", "2028-02..2028-05", "2027-02..2028-05"];
        for label in labels {
            for words in [when(&h, label, true), brief_period(&h, label, true), period_name(label), label.to_owned()] {
                let read = h.parse(&words).unwrap_or_else(|error| panic!("{words}: {error}"));
                assert_eq!(read.label(), label, "{words}");
            }
        }
        for label in ["each-month", "each-quarter"] {
            assert_eq!(h.parse(&when(&h, label, true)).unwrap().label(), label);
        }
    }

    #[test]
    fn a_fiscal_year_is_explained() {
        let of = |start: &str, months, first| {
            months_from(&Horizon { start: start.parse().unwrap(), months, fiscal_first_month: first })
        };
        let february = "24 months from February 2027, in fiscal years such as FY28 (February 2027 to January 2028)";
        assert_eq!(of("2027-02", 24, 2), february);
        assert_eq!(
            of("2027-05", 6, 2),
            "6 months from May 2027, in fiscal years such as FY28 (February 2027 to January 2028)"
        );
        assert_eq!(of("2027-05", 1, 1), "1 month from May 2027");
    }

    #[test]
    fn figures_that_a_plan_quotes_need_no_horizon() {
        let written = ["2027", "2027-03", "to 2028-12", "2027..2028", "each-month", "total"].map(quoted_period);
        let words =
            ["in 2027", "in March 2027", "by the end of December 2028", "in 2027 to 2028", "a month", "altogether"];
        assert_eq!(written, words);
    }
}

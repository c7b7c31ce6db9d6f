//! The axis of real time: runs stand where their clocks put them, and round dates are named below, from a minute to decades.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::Sheet;
use crate::charts::canvas::style;

/// Space between names, at both ends of the plot, from the axis to the first baseline, and from row to row, on a slide.
const GAP: f64 = 16.0;
const PAD: f64 = 14.0;
const DROP: f64 = 21.0;
const ROW: f64 = 19.0;

/// The time from the first to the last run, laid over a plot.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Dates {
    from: Timestamp,
    to: Timestamp,
    left: f64,
    right: f64,
    sheet: Sheet,
}

/// A name under the axis.
#[derive(Clone, Debug, PartialEq)]
struct Name {
    text: String,
    x: f64,
    /// 0 for the finer names, 1 for those below them.
    row: usize,
}

/// From one named moment to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// So many minutes; they divide a day.
    Minutes(i64),
    /// So many days, counted from a Monday.
    Days(i64),
    /// So many months; they divide a year.
    Months(i16),
    Years(i16),
}

const STEPS: [Step; 19] = [
    Step::Minutes(1),
    Step::Minutes(5),
    Step::Minutes(15),
    Step::Minutes(60),
    Step::Minutes(180),
    Step::Minutes(360),
    Step::Minutes(720),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(50),
];

impl Dates {
    pub(in crate::charts) fn new(from: Timestamp, to: Timestamp, plot: &Rect, sheet: Sheet) -> Dates {
        let pad = sheet.scaled(PAD);
        Dates { from, to, left: plot.left + pad, right: plot.right - pad, sheet }
    }

    /// Where a moment stands; in the middle where there is only one.
    pub(in crate::charts) fn x(&self, when: Timestamp) -> f64 {
        let (from, to) = (self.from.as_second(), self.to.as_second());
        if from == to {
            return (self.left + self.right) / 2.0;
        }
        self.left + (when.as_second() - from) as f64 / (to - from) as f64 * (self.right - self.left)
    }

    /// Draws lines where larger units begin, and the names below the plot.
    pub(in crate::charts) fn draw(&self, drawing: &mut Drawing, plot: &Rect) {
        let names = self.names();
        for name in &names {
            if !self.sheet.is_preview() && name.row == 0 && names.len() > 1 {
                let end = plot.bottom + self.sheet.scaled(6.0);
                drawing.line(vec![(name.x, plot.bottom), (name.x, end)], style::AXIS_LINE, 1.0);
            }
            let half = font::width(&name.text, self.sheet.axis, false) / 2.0;
            let x = if self.sheet.is_preview() {
                name.x.min(plot.right - half).max(plot.left + half)
            } else {
                // A name may reach a little beyond the plot, but not beyond the picture.
                name.x.max(self.sheet.margin / 2.0 + half)
            };
            let ink = if name.row == 0 { style::QUIET } else { style::INK };
            let at = (x, plot.bottom + self.sheet.scaled(DROP + ROW * name.row as f64));
            drawing.text(Text::new(&name.text, at, self.sheet.axis).at(Anchor::Middle).ink(ink));
        }
    }

    fn names(&self) -> Vec<Name> {
        if self.sheet.is_preview() || self.from == self.to {
            return self.ends();
        }
        let named = STEPS.into_iter().find_map(|step| self.named(step)).filter(|names| names.len() > 1);
        named.unwrap_or_else(|| self.ends())
    }

    /// The dates of both ends; of one where they are the same.
    fn ends(&self) -> Vec<Name> {
        let (first, last) = (whole(self.from), whole(self.to));
        let middle = (self.left + self.right) / 2.0;
        if first == last {
            return vec![Name { text: first, x: middle, row: 0 }];
        }
        vec![Name { text: first, x: self.left, row: 0 }, Name { text: last, x: self.right, row: 0 }]
    }

    /// The names of a step, if they have room beside each other.
    fn named(&self, step: Step) -> Option<Vec<Name>> {
        let seconds = (self.to.as_second() - self.from.as_second()) as f64;
        // So many could not be told apart, however short their names.
        if seconds / step.seconds() > 80.0 {
            return None;
        }
        // Who looks at days does not ask for the hour.
        if matches!(step, Step::Minutes(_)) && seconds >= 2.0 * Step::Days(1).seconds() {
            return None;
        }
        let fine: Vec<(DateTime, Name)> = self
            .moments(step)
            .into_iter()
            .map(|moment| (moment, Name { text: step.name(moment), x: self.at(moment), row: 0 }))
            .collect();
        let width = |text: &str| font::width(text, self.sheet.axis, false);
        let apart = |a: &Name, b: &Name| b.x - a.x >= (width(&a.text) + width(&b.text)) / 2.0 + self.sheet.scaled(GAP);
        if fine.windows(2).any(|pair| !apart(&pair[0].1, &pair[1].1)) {
            return None;
        }
        let mut coarse: Vec<Name> = Vec::new();
        let mut said = String::new();
        for (moment, name) in &fine {
            let Some(text) = step.above(*moment).filter(|text| *text != said) else { continue };
            said.clone_from(&text);
            let next = Name { text, x: name.x, row: 1 };
            // The first one gives way to the next where it has no room.
            if coarse.last().is_some_and(|last| !apart(last, &next)) {
                coarse.pop();
            }
            coarse.push(next);
        }
        Some(fine.into_iter().map(|(_, name)| name).chain(coarse).collect())
    }

    fn at(&self, moment: DateTime) -> f64 {
        moment.to_zoned(TimeZone::UTC).map_or(self.left, |zoned| self.x(zoned.timestamp()))
    }

    /// The moments of a step from the first to the last run.
    fn moments(&self, step: Step) -> Vec<DateTime> {
        let zoned = |at: Timestamp| at.to_zoned(TimeZone::UTC).datetime();
        let (from, to) = (zoned(self.from), zoned(self.to));
        let mut found = Vec::new();
        let mut next = Some(step.begin(from));
        while let Some(moment) = next.filter(|moment| *moment <= to) {
            if moment >= from {
                found.push(moment);
            }
            next = step.after(moment);
        }
        found
    }
}

/// A day with its year: "26 Nov 2026".
pub(in crate::charts) fn whole(when: Timestamp) -> String {
    let day = when.to_zoned(TimeZone::UTC).date();
    format!("{} {}", brief(day), day.year())
}

/// A day without its year: "26 Nov".
fn brief(day: Date) -> String {
    day.strftime("%-d %b").to_string()
}

impl Step {
    /// About how long it is.
    fn seconds(self) -> f64 {
        match self {
            Step::Minutes(n) => 60.0 * n as f64,
            Step::Days(n) => 86_400.0 * n as f64,
            Step::Months(n) => 2_629_800.0 * f64::from(n),
            Step::Years(n) => 31_557_600.0 * f64::from(n),
        }
    }

    /// The last of its moments at or before `from`.
    fn begin(self, from: DateTime) -> DateTime {
        let day = from.date();
        match self {
            Step::Minutes(n) => {
                let minutes = i64::from(from.hour()) * 60 + i64::from(from.minute());
                let past = minutes.rem_euclid(n);
                let whole = from.with().second(0).subsec_nanosecond(0).build().unwrap_or(from);
                whole.checked_sub(jiff::Span::new().minutes(past)).unwrap_or(whole)
            }
            Step::Days(n) => {
                let since = i64::from(day.since(Date::ZERO).map_or(0, |span| span.get_days()));
                // A known Monday fixes which days of a fortnight are named.
                let monday = i64::from(Date::constant(2024, 1, 1).since(Date::ZERO).map_or(0, |span| span.get_days()));
                let past = (since - monday).rem_euclid(n);
                day.checked_sub(jiff::Span::new().days(past)).unwrap_or(day).into()
            }
            Step::Months(n) => {
                let month = (i16::from(day.month()) - 1) / n * n + 1;
                Date::new(day.year(), month as i8, 1).unwrap_or(day).into()
            }
            Step::Years(n) => Date::new(day.year().div_euclid(n) * n, 1, 1).unwrap_or(day).into(),
        }
    }

    fn after(self, moment: DateTime) -> Option<DateTime> {
        let span = jiff::Span::new();
        let span = match self {
            Step::Minutes(n) => span.minutes(n),
            Step::Days(n) => span.days(n),
            Step::Months(n) => span.months(n),
            Step::Years(n) => span.years(n),
        };
        moment.checked_add(span).ok()
    }

    fn name(self, moment: DateTime) -> String {
        match self {
            Step::Minutes(_) => moment.strftime("%H:%M").to_string(),
            Step::Days(_) => brief(moment.date()),
            Step::Months(_) => moment.strftime("%b").to_string(),
            Step::Years(_) => moment.year().to_string(),
        }
    }

    /// What is named in the row below.
    fn above(self, moment: DateTime) -> Option<String> {
        match self {
            Step::Minutes(_) => Some(format!("{} {}", brief(moment.date()), moment.year())),
            Step::Days(_) | Step::Months(_) => Some(moment.year().to_string()),
            Step::Years(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::size::Size;

    const PLOT: Rect = Rect { left: 100.0, top: 0.0, right: 860.0, bottom: 400.0 };

    fn texts(from: &str, to: &str) -> (Vec<String>, Vec<String>) {
        let dates = Dates::new(from.parse().unwrap(), to.parse().unwrap(), &PLOT, Size::Slide.sheet());
        let (fine, coarse): (Vec<Name>, Vec<Name>) = dates.names().into_iter().partition(|name| name.row == 0);
        let texts = |names: Vec<Name>| names.into_iter().map(|name| name.text).collect();
        (texts(fine), texts(coarse))
    }

    #[test]
    fn round_dates_are_named_from_a_minute_to_decades() {
        let (fine, coarse) = texts("2026-11-01T02:00:00Z", "2026-11-07T02:00:00Z");
        assert_eq!(fine, ["2 Nov", "3 Nov", "4 Nov", "5 Nov", "6 Nov", "7 Nov"]);
        assert_eq!(coarse, ["2026"]);
        let (fine, coarse) = texts("2026-11-15T02:00:00Z", "2027-02-20T02:00:00Z");
        assert_eq!(fine[..2], ["16 Nov", "30 Nov"], "{fine:?}");
        assert_eq!(coarse, ["2026", "2027"]);
        let (fine, coarse) = texts("2026-11-15T02:00:00Z", "2028-01-20T02:00:00Z");
        assert_eq!(
            (&fine[0][..], &coarse[..]),
            ("Dec", &["2026".to_owned(), "2027".to_owned(), "2028".to_owned()][..]),
            "{fine:?}"
        );
        assert_eq!(texts("2026-11-15T02:00:00Z", "2034-01-20T02:00:00Z").0[..2], ["Jan", "Jul"]);
        assert_eq!(texts("2026-11-15T02:00:00Z", "2046-01-20T02:00:00Z").0[..2], ["2028", "2030"]);
        let (fine, coarse) = texts("2026-11-15T02:00:10Z", "2026-11-15T02:12:40Z");
        assert_eq!((&fine[0][..], &coarse[..]), ("02:01", &["15 Nov 2026".to_owned()][..]), "{fine:?}");
        assert_eq!(texts("2026-11-15T22:00:00Z", "2026-11-16T08:00:00Z").1, ["15 Nov 2026", "16 Nov 2026"]);
        assert_eq!(texts("2026-11-15T02:00:00Z", "2026-11-15T02:00:00Z").0, ["15 Nov 2026"]);
        assert_eq!(texts("2026-11-15T02:00:10Z", "2026-11-15T02:00:40Z").0, ["15 Nov 2026"]);
    }

    #[test]
    fn names_never_touch() {
        let from: Timestamp = "2026-11-15T21:59:10Z".parse().unwrap();
        let mut seconds = 1;
        while seconds < 3_000_000_000 {
            for size in Size::ALL {
                let to = Timestamp::from_second(from.as_second() + seconds).unwrap();
                let dates = Dates::new(from, to, &PLOT, size.sheet());
                for row in 0..2 {
                    let mut right = f64::NEG_INFINITY;
                    for name in dates.names().iter().filter(|name| name.row == row) {
                        let half = font::width(&name.text, dates.sheet.axis, false) / 2.0;
                        assert!(name.x - half > right + 4.0, "{seconds} {name:?}");
                        right = name.x + half;
                    }
                    assert!(row > 0 || right > 0.0, "{seconds}: nothing is named");
                }
            }
            seconds += 1 + seconds / 7;
        }
    }
}

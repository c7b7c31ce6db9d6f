//! The axis of runs: they stand at equal steps in the order of their times, and some of them are named by their day below.

use jiff::Timestamp;
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

/// The runs of a history, from the first to the last one, laid over a plot.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Runs {
    times: Vec<Timestamp>,
    left: f64,
    right: f64,
    sheet: Sheet,
}

/// A name under the axis.
#[derive(Clone, Debug, PartialEq)]
struct Name {
    text: String,
    x: f64,
    /// 0 for days or times, 1 for the year or the day below them.
    row: usize,
}

impl Runs {
    /// At least one, in the order of their times.
    pub(in crate::charts) fn new(times: Vec<Timestamp>, plot: &Rect, sheet: Sheet) -> Runs {
        let pad = sheet.scaled(PAD);
        Runs { times, left: plot.left + pad, right: plot.right - pad, sheet }
    }

    /// Where the run in a place stands; in the middle where there is only one.
    pub(in crate::charts) fn x(&self, place: usize) -> f64 {
        match self.times.len() {
            0 | 1 => (self.left + self.right) / 2.0,
            runs => self.left + place as f64 / (runs - 1) as f64 * (self.right - self.left),
        }
    }

    /// Draws a mark below each run that is named, and the names.
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

    /// As many names as have room beside each other, every so many runs.
    fn names(&self) -> Vec<Name> {
        if self.sheet.is_preview() || self.times.len() < 2 {
            return self.ends();
        }
        let tens = std::iter::successors(Some(1), |ten| Some(10 * ten)).take_while(|ten| *ten < self.times.len());
        let strides = tens.flat_map(|ten| [ten, 2 * ten, 5 * ten]);
        strides.into_iter().find_map(|stride| self.every(stride)).unwrap_or_else(|| self.ends())
    }

    /// The days of the first and of the last run; one where they are the same.
    fn ends(&self) -> Vec<Name> {
        let days: Vec<String> =
            self.times.first().into_iter().chain(self.times.last()).map(|when| whole(*when)).collect();
        match &days[..] {
            [first, last] if first != last => [(first, 0), (last, self.times.len() - 1)]
                .map(|(text, place)| Name { text: text.clone(), x: self.x(place), row: 0 })
                .to_vec(),
            _ => {
                let x = (self.left + self.right) / 2.0;
                days.into_iter().take(1).map(|text| Name { text, x, row: 0 }).collect()
            }
        }
    }

    /// The names of every so many runs, by their times where all are of one day; `None` where they have no room, or one name is left.
    fn every(&self, stride: usize) -> Option<Vec<Name>> {
        let same_day = self.times.first().map(|when| whole(*when)) == self.times.last().map(|when| whole(*when));
        let written = |when: Timestamp, form: &str| when.to_zoned(TimeZone::UTC).strftime(form).to_string();
        let (mut fine, mut coarse): (Vec<Name>, Vec<Name>) = (Vec::new(), Vec::new());
        for (place, when) in self.times.iter().enumerate().step_by(stride) {
            let (x, text) = (self.x(place), written(*when, if same_day { "%H:%M" } else { "%-d %b" }));
            if fine.last().is_some_and(|last| last.text == text) {
                continue;
            }
            fine.push(Name { text, x, row: 0 });
            let text = if same_day { whole(*when) } else { written(*when, "%Y") };
            if coarse.last().is_none_or(|last| last.text != text) {
                coarse.push(Name { text, x, row: 1 });
            }
        }
        let width = |text: &str| font::width(text, self.sheet.axis, false);
        let apart = |names: &[Name]| {
            names.windows(2).all(|pair| {
                pair[1].x - pair[0].x >= (width(&pair[0].text) + width(&pair[1].text)) / 2.0 + self.sheet.scaled(GAP)
            })
        };
        (fine.len() > 1 && apart(&fine) && apart(&coarse)).then(|| fine.into_iter().chain(coarse).collect())
    }
}

/// A day with its year: "26 Nov 2026".
pub(in crate::charts) fn whole(when: Timestamp) -> String {
    when.to_zoned(TimeZone::UTC).strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::size::Size;

    const PLOT: Rect = Rect { left: 100.0, top: 0.0, right: 860.0, bottom: 400.0 };

    /// So many runs, so many seconds apart.
    fn runs(count: i64, seconds: i64, size: Size) -> Runs {
        let from: Timestamp = "2026-11-15T02:00:10Z".parse().unwrap();
        let times = (0..count).map(|i| Timestamp::from_second(from.as_second() + i * seconds).unwrap()).collect();
        Runs::new(times, &PLOT, size.sheet())
    }

    fn texts(count: i64, seconds: i64) -> (Vec<String>, Vec<String>) {
        let (fine, coarse): (Vec<Name>, Vec<Name>) =
            runs(count, seconds, Size::Slide).names().into_iter().partition(|name| name.row == 0);
        let texts = |names: Vec<Name>| names.into_iter().map(|name| name.text).collect();
        (texts(fine), texts(coarse))
    }

    #[test]
    fn runs_are_named_by_their_days_or_by_their_times_on_one_day() {
        const DAY: i64 = 86_400;
        assert_eq!(texts(3, DAY), (["15 Nov", "16 Nov", "17 Nov"].map(String::from).to_vec(), vec!["2026".to_owned()]));
        let (fine, coarse) = texts(100, DAY);
        assert_eq!(
            (fine[..2].to_vec(), coarse),
            (vec!["15 Nov".to_owned(), "25 Nov".to_owned()], vec!["2026".to_owned(), "2027".to_owned()])
        );
        assert_eq!(
            texts(3, 600),
            (["02:00", "02:10", "02:20"].map(String::from).to_vec(), vec!["15 Nov 2026".to_owned()])
        );
        assert_eq!(texts(3, 10).0, ["15 Nov 2026"]);
        assert_eq!(texts(1, DAY).0, ["15 Nov 2026"]);
    }

    #[test]
    fn steps_are_equal_whatever_the_time_between_runs() {
        let mut found = runs(4, 20, Size::Slide);
        found.times[3] = "2027-11-15T02:00:10Z".parse().unwrap();
        let steps: Vec<f64> = (0..3).map(|place| found.x(place + 1) - found.x(place)).collect();
        assert!(steps.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 1e-9), "{steps:?}");
    }

    #[test]
    fn names_never_touch() {
        for count in (1..40).chain([99, 400, 4_000]) {
            for seconds in [0, 20, 3_600, 86_400, 604_800, 9_000_000] {
                for size in Size::ALL {
                    let found = runs(count, seconds, size);
                    for row in 0..2 {
                        let mut right = f64::NEG_INFINITY;
                        for name in found.names().iter().filter(|name| name.row == row) {
                            let half = font::width(&name.text, found.sheet.axis, false) / 2.0;
                            assert!(name.x - half > right + 4.0, "{count} {seconds} {name:?}");
                            right = name.x + half;
                        }
                        assert!(row > 0 || right > 0.0, "{count} {seconds}: nothing is named");
                    }
                }
            }
        }
    }
}

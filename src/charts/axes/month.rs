//! The month axis: which months and years are named, so that names never touch, from 1 month to 600.

use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::Sheet;
use crate::charts::canvas::style;
use crate::charts::wording::words::brief_month;
use crate::units::Horizon;

/// The months of a chart, laid side by side.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Months {
    /// The first month, how many there are, and where the years begin: fiscal ones where the scenario has them.
    horizon: Horizon,
    /// Where the first month begins.
    pub(in crate::charts) left: f64,
    /// How wide a month is.
    pub(in crate::charts) slot: f64,
    pub(in crate::charts) sheet: Sheet,
}

/// A name under the axis.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::charts) struct Name {
    pub(in crate::charts) text: String,
    pub(in crate::charts) middle: f64,
    /// 0 for months, 1 for the years below them; years alone stand in row 0.
    pub(in crate::charts) row: usize,
}

/// Width of a month that is the only one, on a slide.
const ALONE: f64 = 280.0;
/// Space between names, on a slide.
const GAP: f64 = 14.0;
/// From the axis to the first baseline, and from row to row, on a slide.
const DROP: f64 = 21.0;
const ROW: f64 = 19.0;

impl Months {
    /// Side by side over the whole width: for what runs from the start to the end of a month.
    pub(in crate::charts) fn side_by_side(horizon: Horizon, plot: &Rect, sheet: Sheet) -> Months {
        Months { horizon, left: plot.left, slot: plot.width() / horizon.months as f64, sheet }
    }

    /// With the middles of the first and last month near the edges: for what belongs to a month as a whole.
    pub(in crate::charts) fn by_middles(horizon: Horizon, plot: &Rect, sheet: Sheet) -> Months {
        let count = horizon.months;
        if count == 1 {
            let slot = sheet.scaled(ALONE).min(plot.width());
            return Months { horizon, left: plot.left + (plot.width() - slot) / 2.0, slot, sheet };
        }
        let pad = (plot.width() / count as f64 / 2.0).min(sheet.scaled(40.0));
        let slot = (plot.width() - 2.0 * pad) / (count - 1) as f64;
        Months { horizon, left: plot.left + pad - slot / 2.0, slot, sheet }
    }

    pub(in crate::charts) fn middle(&self, month: usize) -> f64 {
        self.left + (month as f64 + 0.5) * self.slot
    }

    /// Where a month begins.
    pub(in crate::charts) fn edge(&self, month: usize) -> f64 {
        self.left + month as f64 * self.slot
    }

    /// How many months there are.
    pub(in crate::charts) fn count(&self) -> usize {
        self.horizon.months
    }

    /// The months, but the first, that begin a year.
    fn year_starts(&self) -> Vec<usize> {
        (1..self.horizon.months).filter(|m| self.horizon.month_of_year(self.horizon.month(*m)) == 0).collect()
    }

    /// Where years begin.
    pub(in crate::charts) fn lines(&self) -> impl Iterator<Item = f64> {
        self.year_starts().into_iter().map(|m| self.edge(m))
    }

    /// What is written under the axis.
    pub(in crate::charts) fn names(&self) -> Vec<Name> {
        let widest = |texts: &[&str]| {
            texts.iter().fold(0.0, |most: f64, text| most.max(font::width(text, self.sheet.axis, false)))
        };
        let month = widest(&["May", "Nov", "Mar"]) + self.sheet.scaled(GAP);
        let year = widest(&["2000", "FY00"]) + self.sheet.scaled(GAP);
        if self.horizon.months == 1 {
            let text = brief_month(self.horizon.start);
            return vec![Name { text, middle: self.middle(0), row: 0 }];
        }
        if self.sheet.is_preview() {
            return self.ends();
        }
        // Every month, the first of each quarter or half, while those are wide enough; quarters want more air.
        let step = [(1, month), (3, 1.2 * month), (6, 1.2 * month)]
            .into_iter()
            .find(|(step, needs)| *step as f64 * self.slot >= *needs)
            .map(|(step, _)| step);
        match step {
            Some(step) => self.months_and_years(step, year),
            None => self.years(year),
        }
    }

    /// The first and the last month.
    fn ends(&self) -> Vec<Name> {
        let of = |month| Name { text: brief_month(self.horizon.month(month)), middle: self.middle(month), row: 0 };
        vec![of(0), of(self.horizon.months - 1)]
    }

    fn months_and_years(&self, step: u32, room: f64) -> Vec<Name> {
        let mut names = Vec::new();
        let mut years: Vec<(String, f64)> = Vec::new();
        for m in 0..self.horizon.months {
            let month = self.horizon.month(m);
            if !self.horizon.month_of_year(month).is_multiple_of(step) {
                continue;
            }
            names.push(Name { text: month.short().to_owned(), middle: self.middle(m), row: 0 });
            let (_, name) = self.horizon.year_of(month);
            if years.last().is_none_or(|(year, _)| *year != name) {
                // A first year of few months gives way to the next one.
                if let Some((_, at)) = years.last()
                    && self.middle(m) - at < room
                {
                    years.pop();
                }
                years.push((name, self.middle(m)));
            }
        }
        names.extend(years.into_iter().map(|(text, middle)| Name { text, middle, row: 1 }));
        names
    }

    fn years(&self, room: f64) -> Vec<Name> {
        let every =
            [1, 2, 5, 10, 20, 50].into_iter().find(|years| f64::from(*years) * 12.0 * self.slot >= room).unwrap_or(100);
        let mut edges = vec![0];
        edges.extend(self.year_starts());
        edges.push(self.horizon.months);
        edges
            .windows(2)
            .filter_map(|pair| {
                let (year, text) = self.horizon.year_of(self.horizon.month(pair[0]));
                let (from, to) = (self.edge(pair[0]), self.edge(pair[1]));
                let whole = pair[1] - pair[0] == 12;
                // A year of which only a part is played is named where its name has room.
                ((year % every == 0 || every == 1) && (whole || to - from >= room)).then(|| Name {
                    text,
                    middle: (from + to) / 2.0,
                    row: 0,
                })
            })
            .collect()
    }

    /// Draws years' lines through the plot.
    pub(in crate::charts) fn draw_lines(&self, drawing: &mut Drawing, plot: &Rect) {
        for m in self.year_starts() {
            let x = self.edge(m);
            // Too many lines would make a hatching.
            if 12.0 * self.slot >= 40.0 || self.horizon.year_of(self.horizon.month(m)).0 % 10 == 0 {
                drawing.line(vec![(x, plot.top), (x, plot.bottom)], style::GRID, 1.0);
            }
        }
    }

    /// Draws years' lines through the plot, the axis and the names below it.
    pub(in crate::charts) fn draw(&self, drawing: &mut Drawing, plot: &Rect) {
        self.draw_lines(drawing, plot);
        let year = 12.0 * self.slot;
        for x in self.lines() {
            if year >= 8.0 {
                let end = plot.bottom + self.sheet.scaled(if year >= 40.0 { 10.0 } else { 6.0 });
                drawing.line(vec![(x, plot.bottom), (x, end)], style::AXIS_LINE, 1.0);
            }
        }
        for name in self.names() {
            let ink = if name.row == 0 { style::QUIET } else { style::INK };
            // The ends of a preview's axis are named within it.
            let middle = if self.sheet.is_preview() {
                let half = font::width(&name.text, self.sheet.axis, false) / 2.0;
                name.middle.min(plot.right - half).max(plot.left + half)
            } else {
                name.middle
            };
            let at = (middle, plot.bottom + self.sheet.scaled(DROP + ROW * name.row as f64));
            drawing.text(Text::new(&name.text, at, self.sheet.axis).at(Anchor::Middle).ink(ink));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::size::Size;

    const PLOT: Rect = Rect { left: 100.0, top: 0.0, right: 880.0, bottom: 400.0 };

    fn horizon(start: &str, months: usize, fiscal_first_month: u32) -> Horizon {
        Horizon { start: start.parse().unwrap(), months, fiscal_first_month }
    }

    fn texts(months: &Months, row: usize) -> Vec<String> {
        let names = months.names();
        let in_row = names.into_iter().filter(|name| name.row == row);
        in_row.map(|name| name.text).collect()
    }

    #[test]
    fn short_horizons_name_each_month_and_long_ones_years() {
        let of = |count| Months::by_middles(horizon("2027-01", count, 1), &PLOT, Size::Slide.sheet());
        assert_eq!(texts(&of(1), 0), ["Jan 2027"]);
        assert_eq!(texts(&of(12), 0).len(), 12);
        assert_eq!(texts(&of(12), 1), ["2027"]);
        assert_eq!(texts(&of(36), 0)[..5], ["Jan", "Apr", "Jul", "Oct", "Jan"]);
        assert_eq!(texts(&of(36), 1), ["2027", "2028", "2029"]);
        assert_eq!(texts(&of(60), 0)[..3], ["Jan", "Jul", "Jan"]);
        assert_eq!(texts(&of(120), 0).len(), 10);
        assert_eq!(texts(&of(600), 0)[..2], ["2030", "2035"]);
    }

    #[test]
    fn fiscal_years_have_the_lines_and_the_names() {
        let of = |count| Months::side_by_side(horizon("2027-02", count, 2), &PLOT, Size::Slide.sheet());
        let months = of(36);
        assert_eq!(texts(&months, 0)[..5], ["Feb", "May", "Aug", "Nov", "Feb"]);
        assert_eq!(texts(&months, 1), ["FY28", "FY29", "FY30"]);
        assert_eq!(months.lines().collect::<Vec<f64>>(), [months.edge(12), months.edge(24)]);
        assert_eq!(texts(&of(120), 0)[..2], ["FY28", "FY29"]);
    }

    #[test]
    fn names_never_touch() {
        for start in ["2027-01", "2027-04", "2027-11", "2027-12"] {
            for count in (1..=130).chain([240, 359, 480, 599, 600]) {
                for months in [1, 2, 7].into_iter().flat_map(|first| {
                    let horizon = horizon(start, count, first);
                    let lays = [Months::by_middles, Months::side_by_side];
                    lays.map(|lay| lay(horizon, &PLOT, Size::Slide.sheet()))
                }) {
                    let names = months.names();
                    assert!(!names.is_empty(), "{start} {count}");
                    for row in 0..2 {
                        let mut right = f64::NEG_INFINITY;
                        for name in names.iter().filter(|name| name.row == row) {
                            let half = font::width(&name.text, months.sheet.axis, false) / 2.0;
                            assert!(name.middle - half > right + 4.0, "{start} {count} {name:?}");
                            right = name.middle + half;
                        }
                        assert!(right < PLOT.right + 30.0, "{start} {count}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_short_first_year_gives_way() {
        let months = Months::by_middles(horizon("2027-12", 14, 1), &PLOT, Size::Slide.sheet());
        assert_eq!(texts(&months, 0)[..2], ["Dec", "Jan"]);
        let close = Months { slot: 40.0, ..months };
        assert_eq!(texts(&close, 1)[0], "2028");
    }
}

//! Upright columns side by side, each with its name below: what belongs to periods as a whole.

use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::style;

/// The name of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::charts) struct Name {
    /// What stands below each: "Q2", "2027".
    pub(in crate::charts) own: String,
    /// What stands once below all that have it in common: the year of quarters. Empty where there is nothing of the kind.
    pub(in crate::charts) shared: String,
}

/// Columns over a plot.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Columns {
    plot: Rect,
    slot: f64,
}

/// How wide a column is, of its place, and at most, on a slide.
const WIDE: f64 = 0.66;
const WIDEST: f64 = 90.0;
/// Space between names, from the axis to the first baseline, and from row to row, on a slide.
const GAP: f64 = 14.0;
const DROP: f64 = 21.0;
const ROW: f64 = 19.0;

impl Columns {
    /// `count` columns.
    pub(in crate::charts) fn new(plot: Rect, count: usize) -> Columns {
        Columns { plot, slot: plot.width() / count.max(1) as f64 }
    }

    /// How wide a column's place is.
    pub(in crate::charts) fn slot(&self) -> f64 {
        self.slot
    }

    /// The middle of a column.
    pub(in crate::charts) fn middle(&self, i: usize) -> f64 {
        self.plot.left + (i as f64 + 0.5) * self.slot
    }

    /// The part of a column between two heights.
    pub(in crate::charts) fn bar(&self, drawing: &Drawing, i: usize, a: f64, b: f64) -> Rect {
        let half = (WIDE * self.slot).min(drawing.sheet.scaled(WIDEST)) / 2.0;
        let middle = self.middle(i);
        Rect { left: middle - half, right: middle + half, top: a.min(b), bottom: a.max(b) }
    }

    /// Draws a whisker between two heights, cut out of what it crosses.
    pub(in crate::charts) fn whisker(&self, drawing: &mut Drawing, i: usize, low: f64, high: f64) {
        let (x, half) = (self.middle(i), (0.12 * self.slot).min(drawing.sheet.scaled(8.0)));
        for (ink, width) in [(plotters::style::WHITE, 4.5), (style::INK, 1.8)] {
            for line in
                [[(x, low), (x, high)], [(x - half, low), (x + half, low)], [(x - half, high), (x + half, high)]]
            {
                drawing.stroke(line.to_vec(), ink, width);
            }
        }
    }

    /// Writes the names below the plot, as many as stand apart; on a preview those of the first and the last.
    pub(in crate::charts) fn name(&self, drawing: &mut Drawing, names: &[Name]) {
        let sheet = drawing.sheet;
        let wide = |text: &str| font::width(text, sheet.axis, false);
        let at = |row: usize| self.plot.bottom + sheet.scaled(DROP + ROW * row as f64);
        if sheet.is_preview() {
            for i in [0, names.len().saturating_sub(1)].into_iter().take(names.len()) {
                let text = [names[i].own.as_str(), &names[i].shared].join(" ").trim().to_owned();
                let half = wide(&text) / 2.0;
                let x = self.middle(i).min(self.plot.right - half).max(self.plot.left + half);
                drawing.text(Text::new(&text, (x, at(0)), sheet.axis).at(Anchor::Middle).ink(style::QUIET));
            }
            return;
        }
        let widest = names.iter().map(|name| wide(&name.own)).fold(0.0, f64::max) + sheet.scaled(GAP);
        let every = [1, 2, 5, 10, 20].into_iter().find(|n| *n as f64 * self.slot >= widest).unwrap_or(50);
        for (i, name) in names.iter().enumerate().step_by(every).filter(|(_, name)| !name.own.is_empty()) {
            drawing
                .text(Text::new(&name.own, (self.middle(i), at(0)), sheet.axis).at(Anchor::Middle).ink(style::QUIET));
        }
        let mut shared: Vec<(&str, f64)> = Vec::new();
        for (i, name) in names.iter().enumerate().filter(|(_, name)| !name.shared.is_empty()) {
            match shared.last() {
                Some((last, _)) if *last == name.shared => continue,
                // What belongs to few columns gives way to the next one.
                Some((last, x)) if self.middle(i) - x < (wide(last) + wide(&name.shared)) / 2.0 + sheet.scaled(GAP) => {
                    shared.pop();
                }
                _ => {}
            }
            shared.push((&name.shared, self.middle(i)));
        }
        let row = usize::from(names.iter().any(|name| !name.own.is_empty()));
        for (text, x) in shared {
            drawing.text(Text::new(text, (x, at(row)), sheet.axis).at(Anchor::Middle));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::size::Size;
    use crate::charts::samples::checked::texts;

    #[test]
    fn each_year_is_named_once_and_a_short_first_one_gives_way() {
        let plot = Rect { left: 60.0, top: 0.0, right: 900.0, bottom: 400.0 };
        let quarter = |i: usize| Name { own: format!("Q{}", i % 4 + 1), shared: format!("{}", 2027 + i / 4) };
        let named = |first: usize, count: usize, size: Size| -> Vec<String> {
            let mut drawing = Drawing::new("", "", size.sheet());
            let names: Vec<Name> = (first..first + count).map(quarter).collect();
            Columns::new(plot, count).name(&mut drawing, &names);
            texts(&drawing).into_iter().map(|text| text.text.clone()).collect()
        };
        assert_eq!(named(0, 5, Size::Slide), ["Q1", "Q2", "Q3", "Q4", "Q1", "2027", "2028"]);
        assert_eq!(named(3, 24, Size::Page)[24..], ["2028", "2029", "2030", "2031", "2032", "2033"]);
        assert_eq!(named(1, 8, Size::Thumb), ["Q2 2027", "Q1 2029"]);
        assert_eq!(named(1, 1, Size::Thumb), ["Q2 2027"]);
    }
}

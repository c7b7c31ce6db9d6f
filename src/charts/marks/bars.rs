//! Rows of lying bars: a name at the left of each, and room for what is measured at its right.

use crate::charts::canvas::drawing::{Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::{short_name, wrap};

/// How high a row is at most, and from line to line of a name, on a slide.
const HIGHEST: f64 = 70.0;
const LINE: f64 = 18.0;
/// From names to bars, on a slide.
const GAP: f64 = 14.0;

/// Rows, laid out from the top down.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Rows {
    /// Where bars are drawn.
    pub(in crate::charts) plot: Rect,
    /// How high a row is.
    pub(in crate::charts) slot: f64,
    names: Vec<Vec<String>>,
}

/// How many rows there is room for.
pub(in crate::charts) fn most(sheet: &Sheet) -> usize {
    match sheet.size {
        Size::Slide => 12,
        Size::Page | Size::Inset => 8,
        Size::Thumb | Size::NarrowInset => 4,
    }
}

/// Where rows end: above the foot, or near the edge of a preview.
pub(in crate::charts) fn bottom(sheet: &Sheet) -> f64 {
    let below = match (sheet.is_preview(), sheet.is_inset()) {
        (true, _) => 20.0,
        (_, true) => 24.0,
        _ => 52.0,
    };
    sheet.height - sheet.scaled(below)
}

/// How wide a name is at most.
pub(in crate::charts) fn name_room(sheet: &Sheet) -> f64 {
    sheet.room() * if sheet.size == Size::Slide { 0.28 } else { 0.31 }
}

impl Rows {
    /// A row for each name, between `top` and `bottom`, with `right` pixels free beside the bars.
    pub(in crate::charts) fn new(sheet: &Sheet, names: &[String], (top, bottom): (f64, f64), right: f64) -> Rows {
        let slot = ((bottom - top) / names.len().max(1) as f64).min(sheet.scaled(HIGHEST));
        let room = name_room(sheet);
        let lines = if slot >= sheet.scaled(2.0 * LINE) { 2 } else { 1 };
        let names: Vec<Vec<String>> = names.iter().map(|name| broken(name, sheet, room, lines)).collect();
        let widest =
            names.iter().flatten().fold(0.0, |most: f64, line| most.max(font::width(line, sheet.label, false)));
        let left = sheet.margin + 1.03 * widest + sheet.scaled(GAP);
        let plot =
            Rect { left, top, right: sheet.width - sheet.margin - right, bottom: top + slot * names.len() as f64 };
        Rows { plot, slot, names }
    }

    /// The middle of a row.
    pub(in crate::charts) fn middle(&self, row: usize) -> f64 {
        self.plot.top + self.slot * (row as f64 + 0.5)
    }

    /// Where a text of a row stands.
    pub(in crate::charts) fn baseline(&self, row: usize, size: f64) -> f64 {
        self.middle(row) + 0.36 * size
    }

    /// A bar of a row between two places, `high` of the row high.
    pub(in crate::charts) fn bar(&self, row: usize, a: f64, b: f64, high: f64) -> Rect {
        let (y, half) = (self.middle(row), 0.5 * high * self.slot);
        Rect { left: a.min(b), right: a.max(b), top: y - half, bottom: y + half }
    }

    /// Writes the name of each row at its left.
    pub(in crate::charts) fn name(&self, drawing: &mut Drawing) {
        let sheet = drawing.sheet;
        for (row, lines) in self.names.iter().enumerate() {
            let first = self.baseline(row, sheet.label) - sheet.scaled(LINE) * (lines.len() as f64 - 1.0) / 2.0;
            for (i, line) in lines.iter().enumerate() {
                let at = (sheet.margin, first + sheet.scaled(LINE) * i as f64);
                drawing.text(Text::new(line, at, sheet.label));
            }
        }
    }

    /// Writes what was left out below the rows.
    pub(in crate::charts) fn and_more(&self, drawing: &mut Drawing, text: &str) {
        let sheet = drawing.sheet;
        if sheet.is_preview() {
            return;
        }
        let at = (sheet.margin, self.plot.bottom + sheet.scaled(18.0));
        drawing.text(Text::new(text, at, sheet.axis).ink(style::QUIET));
    }
}

/// A name on one line or two, of which the part before the colon gives way first.
fn broken(name: &str, sheet: &Sheet, room: f64, lines: usize) -> Vec<String> {
    if font::width(name, sheet.label, false) > room && lines > 1 {
        let found = wrap(name, sheet.label, false, room, lines);
        if found.iter().all(|line| !line.ends_with('…')) {
            return found;
        }
    }
    vec![short_name(name, sheet.label, false, room)]
}

//! Axes of values: upwards at the left of a plot, and across below it.

use super::ticks::{Scale, round_ticks, ticks};
use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::wording::figures::Figures;

/// Draws the axis from `low` to `high` with `pad` to spare at each end; gives the scale. Where there is but one amount it
/// stands in the middle.
pub(in crate::charts) fn across(
    drawing: &mut Drawing,
    plot: &Rect,
    figures: &Figures<'_>,
    (low, high): (f64, f64),
    pad: f64,
) -> Scale {
    let (from, to) =
        if high > low { (low - pad, high + pad) } else { (low - 1.0_f64.max(low.abs()), low + 1.0_f64.max(low.abs())) };
    let scale = Scale::new((from, to), (plot.left, plot.right));
    let sheet = drawing.sheet;
    for (x, label) in names(figures, &scale, (low, high), plot, &sheet) {
        drawing.line(vec![(x, plot.bottom), (x, plot.bottom + sheet.scaled(6.0))], style::AXIS_LINE, 1.0);
        let at = (x, plot.bottom + sheet.scaled(21.0));
        drawing.text(Text::new(&label, at, sheet.axis).at(Anchor::Middle).ink(style::QUIET));
    }
    scale
}

/// Says where the axis across begins, where that is above 0; a preview has no room for it.
pub(in crate::charts) fn write_start(drawing: &mut Drawing, plot: &Rect, figures: &Figures<'_>, start: f64) {
    let sheet = drawing.sheet;
    if start > 0.0 && !sheet.is_preview() {
        let text = format!("The axis begins at {}.", figures.about(start, None));
        let at = (plot.left, plot.bottom + sheet.scaled(42.0));
        drawing.text(Text::new(&text, at, sheet.axis).ink(style::QUIET));
    }
}

/// Round amounts with their places, as many as stand apart.
fn names(
    figures: &Figures<'_>,
    scale: &Scale,
    (low, high): (f64, f64),
    plot: &Rect,
    sheet: &Sheet,
) -> Vec<(f64, String)> {
    let mut found = Vec::new();
    for count in [7, 5, 3, 2, 1].into_iter().filter(|count| *count <= sheet.steps_across) {
        let marks = round_ticks(low, high, count, figures.are_counts());
        let labels = match marks[..] {
            [only] => vec![figures.about(only, None)],
            _ => figures.axis(&marks),
        };
        let places = marks.iter().map(|mark| scale.at(*mark));
        found = places.zip(labels).collect();
        let half = |label: &str| font::width(label, sheet.axis, false) / 2.0;
        let edge = sheet.margin / 2.0;
        let inside = |x: f64, label: &str| x - half(label) >= edge && x + half(label) <= sheet.width - edge;
        found.retain(|(x, label)| *x >= plot.left - 0.5 && *x <= plot.right + 0.5 && inside(*x, label));
        let wide = |label: &str| half(label) + sheet.scaled(8.0);
        let apart = found.windows(2).all(|pair| pair[0].0 + wide(&pair[0].1) < pair[1].0 - wide(&pair[1].1));
        // Amounts that differ by less than is written would read the same.
        if apart && found.windows(2).all(|pair| pair[0].1 != pair[1].1) {
            return found;
        }
    }
    found.truncate(1);
    found
}

/// Draws the lines of the value axis and their labels.
pub(in crate::charts) fn upwards(drawing: &mut Drawing, plot: &Rect, scale: &Scale, ticks: &[f64], labels: &[String]) {
    let sheet = drawing.sheet;
    for (tick, label) in ticks.iter().zip(labels) {
        let y = scale.at(*tick);
        drawing.line(vec![(plot.left, y), (plot.right, y)], style::GRID, 1.0);
        let at = (plot.left - sheet.scaled(12.0), y + 0.36 * sheet.axis);
        drawing.text(Text::new(label, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
}

/// The line of value 0, or the bottom of the plot where all values are above it.
pub(in crate::charts) fn base_line(drawing: &mut Drawing, plot: &Rect, scale: &Scale) {
    let y = scale.at(0.0).max(plot.top).min(plot.bottom);
    let width = 1.5 * drawing.sheet.weight.max(0.7);
    drawing.line(vec![(plot.left, y), (plot.right, y)], style::AXIS_LINE, width);
}

/// The round numbers of the value axis. A page has few of them, or one more where that leaves less room empty.
pub(in crate::charts) fn marks(low: f64, high: f64, sheet: &Sheet, whole: bool) -> Vec<f64> {
    let marks = ticks(low, high, sheet.steps_up, whole);
    let more = ticks(low, high, sheet.steps_up + 1, whole);
    if sheet.size == Size::Page && more.last() < marks.last() { more } else { marks }
}

/// From the least value, or a little below it where it is negative, to the greatest or the highest mark.
pub(in crate::charts) fn extent(low: f64, high: f64, marks: &[f64]) -> (f64, f64) {
    let most = marks.last().copied().unwrap_or(low).max(high);
    if most <= low {
        // Nothing to measure: the value lies at the bottom.
        return (low, low + 1.0);
    }
    let room = if low < 0.0 { 0.03 * (most - low) } else { 0.0 };
    (low - room, most)
}

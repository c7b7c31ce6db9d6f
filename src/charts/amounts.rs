//! The axis of amounts below a plot.

use super::axis::{Scale, ticks};
use super::drawing::{Anchor, Drawing, Rect, Text};
use super::figures::Figures;
use super::font;
use super::size::Sheet;
use super::style;

/// Draws the axis from `low` to `high` with `pad` to spare at each end; gives the scale. Where there is but one amount it
/// stands in the middle.
pub(super) fn axis(
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
        let marks = ticks(low, high, count, matches!(figures, Figures::Count(_)));
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

//! Labels in a row above a plot, each with a line down to what it names.

use plotters::style::RGBColor;

use super::label_placement::spread;
use crate::charts::canvas::drawing::{Anchor, Drawing, Text};
use crate::charts::canvas::size::Sheet;

/// A label above a plot.
#[derive(Clone, Debug)]
pub(in crate::charts) struct TopLabel {
    /// Where that stands which it names.
    pub(in crate::charts) x: f64,
    pub(in crate::charts) lines: Vec<Text>,
    pub(in crate::charts) ink: RGBColor,
    /// The colour of the line that leads down; `None` for what stands on no place of the plot.
    pub(in crate::charts) leader: Option<RGBColor>,
}

/// From line to line, and between labels, on a slide.
const LINE: f64 = 19.0;
const GAP: f64 = 18.0;
/// Room for the lines that lead down, on a slide.
const LEAD: f64 = 24.0;

/// How high a row of labels of so many lines is, with the lines that lead down.
pub(in crate::charts) fn height(sheet: &Sheet, lines: usize) -> f64 {
    if sheet.is_preview() { 0.0 } else { sheet.scaled(LINE * lines as f64 + LEAD) }
}

/// How wide a label is, with the space to its neighbour.
pub(in crate::charts) fn width(sheet: &Sheet, flag: &TopLabel) -> f64 {
    // Another face than that of the layout may be a little wider.
    1.03 * flag.lines.iter().fold(0.0, |most: f64, line| most.max(line.width())) + sheet.scaled(GAP)
}

/// Writes the labels between `left` and `right` so that the lines that lead down from them end at height `y`. A preview has
/// none.
pub(in crate::charts) fn write(drawing: &mut Drawing, mut flags: Vec<TopLabel>, (left, right): (f64, f64), y: f64) {
    let sheet = drawing.sheet;
    if sheet.is_preview() {
        return;
    }
    flags.sort_by(|a, b| a.x.total_cmp(&b.x));
    let widths: Vec<f64> = flags.iter().map(|flag| width(&sheet, flag)).collect();
    let (Some(first), Some(last)) = (widths.first(), widths.last()) else {
        return;
    };
    let wanted: Vec<f64> = flags.iter().map(|flag| flag.x).collect();
    let half_gap = sheet.scaled(GAP) / 2.0;
    let places = spread(&wanted, &widths, left + first / 2.0 - half_gap, right - last / 2.0 + half_gap);
    let foot = y - sheet.scaled(LEAD);
    for (flag, middle) in flags.into_iter().zip(places) {
        if let Some(colour) = flag.leader {
            let (start, bend) = ((middle, foot + sheet.scaled(4.0)), (flag.x, y - sheet.scaled(4.0)));
            let line = if (middle - flag.x).abs() < 0.5 { vec![(flag.x, start.1)] } else { vec![start, bend] };
            drawing.line([line, vec![(flag.x, y)]].concat(), colour, 1.2);
        }
        let count = flag.lines.len();
        for (i, text) in flag.lines.into_iter().enumerate() {
            let baseline = foot - sheet.scaled(LINE) * (count - 1 - i) as f64 - sheet.scaled(3.0);
            drawing.text(Text { x: middle, baseline, ..text }.at(Anchor::Middle).ink(flag.ink));
        }
    }
}

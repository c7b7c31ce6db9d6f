//! The strip above the bars of a target: when its level is first reached.

use super::arrival::Arrival;
use super::drawing::{Anchor, Drawing, Rect, Text};
use super::font;
use super::months::Months;
use super::placing::spread;
use super::size::Sheet;
use super::style;
use crate::units::Period;

/// Height of the bar, and from its middle up to the labels' baseline, on a slide.
const BAR: f64 = 10.0;
const RISE: f64 = 17.0;
/// Half the stroke of the median, beyond the bar, on a slide.
const BEYOND: f64 = 4.0;
/// Between labels, on a slide.
const GAP: f64 = 18.0;
/// How far the head of an arrow reaches, on a slide.
pub(super) const HEAD: f64 = 9.0;

/// How high the strip is.
pub(super) fn height(sheet: &Sheet) -> f64 {
    sheet.scaled(if sheet.is_preview() { BAR + 2.0 * BEYOND } else { 38.0 })
}

/// The height at which the bar lies.
pub(super) fn level(sheet: &Sheet, strip: &Rect) -> f64 {
    strip.bottom - sheet.scaled(BAR / 2.0 + BEYOND)
}

/// Draws the range from the P10 period to the P90 one, with the median one marked in it. A range that goes on beyond the last
/// month ends in an arrow; where the level is hardly ever reached there is none.
pub(super) fn draw(drawing: &mut Drawing, months: &Months, arrival: &Arrival, strip: &Rect) {
    let sheet = drawing.sheet;
    let (middle, half) = (level(&sheet, strip), sheet.scaled(BAR / 2.0));
    let [first, median, last] = arrival.at.each_ref().map(|period| period.as_ref().map(|p| span(months, p)));
    if let Some((left, _)) = first {
        let end = months.edge(months.count);
        let right = last.map_or(end, |(_, right)| right).max(left + 3.0);
        let bar = Rect { left, right, top: middle - half, bottom: middle + half };
        drawing.area(bar.corners(), style::BANDS[1]);
        if last.is_none() {
            let high = half + sheet.scaled(BEYOND);
            let head = vec![(right, middle - high), (right + sheet.scaled(HEAD), middle), (right, middle + high)];
            drawing.area(head, style::BANDS[1]);
        }
    }
    if let Some((left, right)) = median {
        let (x, reach) = ((left + right) / 2.0, half + sheet.scaled(BEYOND));
        drawing.stroke(vec![(x, middle - reach), (x, middle + reach)], style::MEDIAN, 1.5 * style::MEDIAN_WIDTH);
    }
    if !sheet.is_preview() {
        label(drawing, months, arrival, strip);
    }
}

/// Writes which period is which, each as near to it as the others allow.
fn label(drawing: &mut Drawing, months: &Months, arrival: &Arrival, strip: &Rect) {
    let sheet = drawing.sheet;
    let labels = arrival.labels();
    let place = |period: Option<&Period>| {
        period.map_or(strip.right, |period| {
            let (left, right) = span(months, period);
            (left + right) / 2.0
        })
    };
    let wanted: Vec<f64> = labels.iter().map(|(_, period)| place(*period)).collect();
    let widths: Vec<f64> = labels.iter().map(|(text, _)| font::width(text, sheet.label, false)).collect();
    let lengths: Vec<f64> = widths.iter().map(|width| width + sheet.scaled(GAP)).collect();
    let half = |i: usize| widths.get(i).map_or(0.0, |width| width / 2.0);
    let (low, high) = (strip.left + half(0), strip.right - half(labels.len() - 1));
    let middle = level(&sheet, strip);
    // They stand in the order of the marks, which is enough to tell which is which.
    for ((text, _), x) in labels.iter().zip(spread(&wanted, &lengths, low, high)) {
        let at = (x, middle - sheet.scaled(RISE));
        drawing.text(Text::new(text, at, sheet.label).at(Anchor::Middle));
    }
}

/// From where to where a period lies.
fn span(months: &Months, period: &Period) -> (f64, f64) {
    (months.edge(period.months.start), months.edge(period.months.end))
}

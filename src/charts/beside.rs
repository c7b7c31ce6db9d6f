//! The labels beside the right end of a fan, in place of a legend.

use plotters::style::{RGBColor, WHITE};

use super::drawing::{Drawing, Point, Rect, Text};
use super::placing::spread;
use super::style;

/// A label beside the end of a fan.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    /// The height of what it names.
    pub(super) y: f64,
    pub(super) text: String,
    pub(super) key: Key,
}

/// How a label shows what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    /// A block of a band's colour.
    Band(RGBColor),
    /// A stroke like the median.
    Median,
    /// A stroke like the plan line.
    Plan,
    /// A stroke like a target's line.
    Target,
}

/// Longest text.
pub(super) const ROOM: f64 = 186.0;
/// Room for labels to the right of a plot.
pub(super) const WIDTH: f64 = LEAD + KEY + ROOM;
/// From the plot to the keys, and from there to the texts.
const LEAD: f64 = 34.0;
const KEY: f64 = 30.0;
/// From label to label.
const LINE: f64 = 21.0;

/// Writes labels to the right of `plot`, each as near to the height of what it names as the others allow, with a line that
/// comes from there, at x = `end`.
pub(super) fn write(drawing: &mut Drawing, mut labels: Vec<Beside>, plot: &Rect, end: f64) {
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
    let placed = spread(&wanted, LINE, plot.top, plot.bottom - 4.0);
    let left = plot.right + LEAD;
    for (label, y) in labels.iter().zip(placed) {
        let leader = vec![(end + 6.0, label.y), (left - 6.0, y)];
        drawing.line(leader, style::AXIS_LINE, 1.0);
        label.key.draw(drawing, left, y);
        let at = (left + KEY, y + 0.36 * style::LABEL);
        let text = Text::new(&label.text, at, style::LABEL);
        drawing.text(if label.key == Key::Target { text.bold().ink(style::TARGET) } else { text });
    }
}

impl Key {
    fn draw(self, drawing: &mut Drawing, left: f64, y: f64) {
        let right = left + KEY - 8.0;
        let stroke = vec![(left, y), (right, y)];
        match self {
            Key::Band(fill) => {
                let block = Rect { left, top: y - 7.0, right, bottom: y + 7.0 };
                drawing.area(block.corners(), fill);
            }
            Key::Median => drawing.line(stroke, style::MEDIAN, style::MEDIAN_WIDTH),
            Key::Plan => plan_line(drawing, &stroke),
            Key::Target => drawing.line(stroke, style::TARGET, style::TARGET_WIDTH),
        }
    }
}

/// Dashes, cut out of what they cross: the plan line often lies on the median.
pub(super) fn plan_line(drawing: &mut Drawing, points: &[Point]) {
    drawing.dashed(points, WHITE, style::PLAN_WIDTH + 1.8);
    drawing.dashed(points, style::PLAN, style::PLAN_WIDTH);
}

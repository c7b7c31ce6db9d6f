//! The labels beside the right end of a fan, in place of a legend.

use plotters::style::{RGBColor, WHITE};

use super::label_placement::spread;
use super::series_style::SeriesStyle;
use crate::charts::canvas::drawing::{Drawing, Point, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::{fit_middle, heading};

/// A label beside the end of a fan.
#[derive(Clone, Debug)]
pub(in crate::charts) struct EndLabel {
    /// The height of what it names.
    pub(in crate::charts) y: f64,
    pub(in crate::charts) text: String,
    pub(in crate::charts) key: Key,
}

/// How a label shows what it means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::charts) enum Key {
    /// A block of a band's colour.
    Band(RGBColor),
    /// A stroke like the median.
    Median,
    /// A stroke like the plan line.
    Plan,
    /// A stroke like the line of the weighted pipeline.
    Weighted,
    /// A stroke like a target's line.
    Target,
    /// A stroke like the budget.
    Budget,
    /// A stroke like the line of what happened.
    Actual,
    /// A stroke like the line of a scenario beside others.
    Side(SeriesStyle),
}

/// The band that titles speak of, as every chart names it.
pub(in crate::charts) const EIGHT: &str = "8 in 10: P10 to P90";

/// From the plot to the keys, and from there to the texts, on a slide.
const LEAD: f64 = 34.0;
const KEY: f64 = 30.0;
/// From label to label, and from line to line within one, on a slide.
const STEP: f64 = 21.0;
const LINE: f64 = 18.0;

/// The longest line, in pixels.
pub(in crate::charts) fn room(sheet: &Sheet) -> f64 {
    match sheet.size {
        Size::Slide => 186.0,
        Size::Page | Size::Inset => 112.0,
        Size::Thumb | Size::NarrowInset => 0.0,
    }
}

/// Room for labels to the right of a plot; a preview has none.
pub(in crate::charts) fn width(sheet: &Sheet) -> f64 {
    if sheet.is_preview() { 0.0 } else { sheet.scaled(LEAD + KEY) + room(sheet) }
}

/// The name of a scenario, as much of it as two lines take.
pub(in crate::charts) fn name(label: &str, sheet: &Sheet) -> String {
    // Lines break at spaces, and so are not full.
    fit_middle(label, sheet.label, false, 1.6 * room(sheet))
}

/// As much of that as these labels take.
pub(in crate::charts) fn width_of<'a>(sheet: &Sheet, labels: impl Iterator<Item = &'a str>) -> f64 {
    let widest = labels.map(|label| 1.03 * font::width(label, sheet.label, true)).fold(0.0, f64::max);
    width(sheet).min(sheet.scaled(LEAD + KEY) + widest)
}

/// Writes labels to the right of `plot`, each as near to the height of what it names as the others allow, with a line that
/// comes from there, at x = `end`, if what it names ends there. A preview has none.
pub(in crate::charts) fn write(drawing: &mut Drawing, mut labels: Vec<EndLabel>, plot: &Rect, end: Option<f64>) {
    let sheet = drawing.sheet;
    if sheet.is_preview() {
        return;
    }
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
    // The names of scenarios are what is read here first.
    let most = |key| if sheet.size == Size::Slide && !matches!(key, Key::Side(_)) { 1 } else { 2 };
    let lines: Vec<Vec<String>> = labels
        .iter()
        .map(|label| heading(&label.text, sheet.label, label.key == Key::Target, room(&sheet), most(label.key)))
        .collect();
    let heights: Vec<f64> =
        lines.iter().map(|lines| sheet.scaled(STEP + LINE * lines.len().saturating_sub(1) as f64)).collect();
    let placed = spread(&wanted, &heights, plot.top, plot.bottom - 4.0);
    let left = plot.right + sheet.scaled(LEAD);
    for ((label, lines), y) in labels.iter().zip(lines).zip(placed) {
        if let Some(end) = end {
            drawing.line(vec![(end + 6.0, label.y), (left - 6.0, y)], style::AXIS_LINE, 1.0);
        }
        label.key.draw(drawing, left, y);
        let first = y - sheet.scaled(LINE) * lines.len().saturating_sub(1) as f64 / 2.0;
        for (i, line) in lines.iter().enumerate() {
            let at = (left + sheet.scaled(KEY), first + sheet.scaled(LINE) * i as f64 + 0.36 * sheet.label);
            let text = Text::new(line, at, sheet.label);
            drawing.text(if label.key == Key::Target { text.bold().ink(style::TARGET) } else { text });
        }
    }
}

impl Key {
    fn draw(self, drawing: &mut Drawing, left: f64, y: f64) {
        let right = left + drawing.sheet.scaled(KEY - 8.0);
        if let Key::Band(fill) = self {
            let half = drawing.sheet.scaled(7.0);
            let block = Rect { left, top: y - half, right, bottom: y + half };
            drawing.area(block.corners(), fill);
            return;
        }
        self.stroke(drawing, vec![(left, y), (right, y)]);
    }

    /// Draws a line as it is drawn that the label means.
    pub(in crate::charts) fn stroke(self, drawing: &mut Drawing, stroke: Vec<Point>) {
        match self {
            Key::Band(fill) => drawing.stroke(stroke, fill, style::MEDIAN_WIDTH),
            Key::Median => drawing.stroke(stroke, style::MEDIAN, style::MEDIAN_WIDTH),
            Key::Plan => plan_line(drawing, &stroke),
            Key::Budget => drawing.stroke(stroke, style::BUDGET, style::BUDGET_WIDTH),
            Key::Actual => drawing.stroke(stroke, style::ACTUAL, style::ACTUAL_WIDTH),
            Key::Weighted => drawing.stroke(stroke, style::QUIET, style::PLAN_WIDTH),
            Key::Side(look) => look.stroke(drawing, stroke),
            Key::Target => drawing.stroke(stroke, style::TARGET, style::TARGET_WIDTH),
        }
    }
}

/// Dashes, cut out of what they cross: the plan line often lies on the median.
pub(in crate::charts) fn plan_line(drawing: &mut Drawing, points: &[Point]) {
    drawing.dashed(points, WHITE, style::PLAN_WIDTH + 1.8);
    drawing.dashed(points, style::PLAN, style::PLAN_WIDTH);
}

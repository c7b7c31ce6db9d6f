//! A label that stands beside a point, led to where it is not near.

use plotters::style::RGBColor;

use super::label_placement::Placer;
use crate::charts::canvas::drawing::{Anchor, Drawing, Point, Rect, Text};
use crate::charts::canvas::size::Sheet;

/// From line to line, and from a label's top to its first baseline, on a slide.
const LINE: f64 = 18.0;
const DROP: f64 = 14.0;

/// A label, and the point that it belongs to.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Callout {
    pub(in crate::charts) point: Point,
    pub(in crate::charts) lines: Vec<Text>,
    pub(in crate::charts) ink: RGBColor,
    /// The colour of the line that leads to it.
    pub(in crate::charts) leader: RGBColor,
    /// In which direction it is best placed.
    pub(in crate::charts) toward: Point,
}

impl Callout {
    /// Writes the label where `placer` finds room; leaves it out where there is none, and on a preview. `cost` says, in pixels of distance, what
    /// a place covers that it should not.
    pub(in crate::charts) fn write(self, drawing: &mut Drawing, placer: &mut Placer, cost: impl Fn(&Rect) -> f64) {
        let sheet = drawing.sheet;
        if sheet.is_preview() {
            return;
        }
        let (step, drop) = (sheet.scaled(LINE), sheet.scaled(DROP));
        let widest = self.lines.iter().fold(0.0, |most: f64, line| most.max(line.width()));
        // Another face than that of the layout may be a little wider.
        let size = (1.03 * widest, step * self.lines.len() as f64);
        let Some(place) = placer.place(self.point, size, self.toward, cost) else {
            return;
        };
        if let Some(line) = place.leader {
            drawing.line(line.to_vec(), self.leader, 1.2);
        }
        // Flush with the side that faces the point.
        let (x, anchor) = if place.rect.right <= self.point.0 + 1.0 {
            (place.rect.right, Anchor::End)
        } else {
            (place.rect.left, Anchor::Start)
        };
        for (i, text) in self.lines.into_iter().enumerate() {
            let baseline = place.rect.top + drop + step * i as f64;
            drawing.text(Text { x, baseline, ..text }.at(anchor).ink(self.ink));
        }
    }
}

/// A line of a label.
pub(in crate::charts) fn line(text: &str, sheet: &Sheet) -> Text {
    Text::new(text, (0.0, 0.0), sheet.label)
}

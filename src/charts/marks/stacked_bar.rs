//! Parts of a whole, side by side in one bar.

use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::style::Shade;

/// A part of a bar.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Part {
    /// How long it is, in pixels.
    pub(in crate::charts) length: f64,
    pub(in crate::charts) shade: Shade,
    /// What is written into it, as many lines as there is room for.
    pub(in crate::charts) lines: Vec<String>,
}

/// The width of the white between parts.
const GAP: f64 = 1.5;

/// Draws the parts from the left end of `bar` on; gives the middle of each.
pub(in crate::charts) fn draw(drawing: &mut Drawing, bar: &Rect, parts: &[Part]) -> Vec<f64> {
    let sheet = drawing.sheet;
    let mut left = bar.left;
    let mut middles = Vec::new();
    for part in parts {
        let right = left + part.length;
        if part.length > 0.0 {
            let end = if part.length > 3.0 * GAP { right - GAP } else { right };
            drawing.area(Rect { left, right: end, ..*bar }.corners(), part.shade.fill);
        }
        let room = part.length - sheet.scaled(10.0);
        let step = sheet.scaled(18.0);
        // All lines or the last one alone, which says least and is shortest.
        let fits = |lines: &[String]| {
            let wide = |line: &String| 1.03 * font::width(line, sheet.label, false) <= room;
            !lines.is_empty() && lines.iter().all(wide) && step * lines.len() as f64 <= bar.height()
        };
        let last = part.lines.len().saturating_sub(1);
        let whole = if sheet.is_preview() { last } else { 0 };
        let lines = [&part.lines[whole..], &part.lines[last..]].into_iter().find(|l| fits(l)).unwrap_or_default();
        let middle = left + part.length / 2.0;
        let first = (bar.top + bar.bottom) / 2.0 - step * lines.len().saturating_sub(1) as f64 / 2.0;
        for (i, line) in lines.iter().enumerate() {
            let at = (middle, first + step * i as f64 + 0.36 * sheet.label);
            drawing.text(Text::new(line, at, sheet.label).at(Anchor::Middle).ink(part.shade.ink));
        }
        middles.push(middle);
        left = right;
    }
    middles
}

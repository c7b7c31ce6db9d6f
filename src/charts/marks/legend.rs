//! A legend above a plot: what shades and lines mean.

use plotters::style::RGBColor;

use super::series_style::SeriesStyle;
use crate::charts::canvas::drawing::{Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::style;
use crate::charts::canvas::text::fit_middle;

/// A shade or a line and its meaning.
#[derive(Clone, Debug)]
pub(in crate::charts) struct Key {
    mark: Mark,
    text: String,
    /// What follows the text, and is never cut.
    told: String,
}

#[derive(Clone, Copy, Debug)]
enum Mark {
    /// A block, so high of the line.
    Block(RGBColor, f64),
    Line(SeriesStyle),
}

/// Blocks and the gaps behind them, on a slide.
const BLOCK: f64 = 22.0;
const GAP: f64 = 8.0;
const NEXT: f64 = 26.0;

impl Key {
    /// A key with the shade of a bar.
    pub(in crate::charts) fn bar(fill: RGBColor, text: &str) -> Key {
        Key { mark: Mark::Block(fill, 1.0), text: text.to_owned(), told: String::new() }
    }

    /// A key with a thin line.
    pub(in crate::charts) fn line(fill: RGBColor, text: &str) -> Key {
        Key { mark: Mark::Block(fill, 0.12), text: text.to_owned(), told: String::new() }
    }

    /// The line of a scenario beside others, whose name gives way to what is `told` of it.
    pub(in crate::charts) fn side(look: SeriesStyle, name: &str, told: &str) -> Key {
        Key { mark: Mark::Line(look), text: name.to_owned(), told: told.to_owned() }
    }
}

/// Writes the legend from the left margin on, its letters standing at `baseline`, and goes on in a new line where one is full; gives the
/// last baseline.
pub(in crate::charts) fn write(drawing: &mut Drawing, keys: &[Key], mut baseline: f64) -> f64 {
    let sheet = drawing.sheet;
    let mut x = sheet.margin;
    let block = sheet.scaled(BLOCK);
    let lead = sheet.scaled(BLOCK + GAP);
    for key in keys {
        let told = font::width(&key.told, sheet.axis, false);
        let text = fit_middle(&key.text, sheet.axis, false, 0.95 * (sheet.room() - lead - told)) + &key.told;
        let wide = lead + 1.03 * font::width(&text, sheet.axis, false);
        if x > sheet.margin && x + wide > sheet.width - sheet.margin {
            x = sheet.margin;
            baseline += 1.5 * sheet.axis;
        }
        let middle = baseline - 0.36 * sheet.axis;
        match key.mark {
            Mark::Block(fill, high) => {
                let half = 0.45 * high * sheet.axis;
                let block = Rect { left: x, right: x + block, top: middle - half, bottom: middle + half };
                drawing.area(block.corners(), fill);
            }
            Mark::Line(look) => look.stroke(drawing, vec![(x, middle), (x + block, middle)]),
        }
        drawing.text(Text::new(&text, (x + lead, baseline), sheet.axis).ink(style::QUIET));
        x += wide + sheet.scaled(NEXT);
    }
    baseline
}

//! What surrounds every chart: title, subtitle, foot, and the axis of values.

use super::axis::Scale;
use super::drawing::{Anchor, Drawing, Rect, Text};
use super::style;
use super::text::{fit, heading, wrap};
use crate::forecast::Forecast;
use crate::units::thousands;

/// Room below the plot for two rows of names and the foot.
const BELOW: f64 = 84.0;

/// Writes the title and the subtitle at the top and what was simulated at the foot; gives the height where the plot may begin.
pub(super) fn surround(drawing: &mut Drawing, subtitle: &str, forecast: &Forecast) -> f64 {
    let room = style::WIDTH - 2.0 * style::MARGIN;
    let mut y = 22.0;
    for line in heading(&drawing.title, style::TITLE, room) {
        y += 30.0;
        drawing.text(Text::new(&line, (style::MARGIN, y), style::TITLE).bold());
    }
    y += 6.0;
    for line in wrap(subtitle, style::SUBTITLE, false, room, 3) {
        y += 21.0;
        drawing.text(Text::new(&line, (style::MARGIN, y), style::SUBTITLE).ink(style::QUIET));
    }
    let foot = style::HEIGHT - 18.0;
    let made =
        format!("{} simulated futures, seed {}", thousands(forecast.manifest.trials as f64), forecast.manifest.seed);
    let made = Text::new(&made, (style::WIDTH - style::MARGIN, foot), style::FOOT).at(Anchor::End).ink(style::QUIET);
    let left = room - made.width() - 40.0;
    let name = fit(&forecast.name, style::FOOT, false, left);
    drawing.text(Text::new(&name, (style::MARGIN, foot), style::FOOT).ink(style::QUIET));
    drawing.text(made);
    y + 30.0
}

/// The plot below `top`, with `labels` of the value axis at its left and `right` pixels free at its right.
pub(super) fn plot(top: f64, labels: &[String], right: f64) -> Rect {
    let widest = labels.iter().fold(0.0, |most: f64, label| most.max(style::width(label, style::AXIS, false)));
    Rect {
        left: style::MARGIN + widest + 12.0,
        top,
        right: style::WIDTH - style::MARGIN - right,
        bottom: style::HEIGHT - BELOW,
    }
}

/// Draws the lines of the value axis and their labels.
pub(super) fn value_axis(drawing: &mut Drawing, plot: &Rect, scale: &Scale, ticks: &[f64], labels: &[String]) {
    for (tick, label) in ticks.iter().zip(labels) {
        let y = scale.at(*tick);
        drawing.line(vec![(plot.left, y), (plot.right, y)], style::GRID, 1.0);
        drawing.text(
            Text::new(label, (plot.left - 12.0, y + 0.36 * style::AXIS), style::AXIS).at(Anchor::End).ink(style::QUIET),
        );
    }
}

/// The line of value 0, or the bottom of the plot where all values are above it.
pub(super) fn base_line(drawing: &mut Drawing, plot: &Rect, scale: &Scale) {
    let y = scale.at(0.0).max(plot.top).min(plot.bottom);
    drawing.line(vec![(plot.left, y), (plot.right, y)], style::AXIS_LINE, 1.5);
}

//! Where the past ends and the forecast begins.

use jiff::civil::Date;

use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::style;
use crate::forecast::Forecast;
use crate::units::format;

/// From the plot up to the name, on a slide.
const ABOVE: f64 = 8.0;

/// Draws an upright line at `x` and names it by the as-of day, above the plot or `inside` it; gives the place of the name. A preview has the
/// line alone.
pub(in crate::charts) fn draw(drawing: &mut Drawing, plot: &Rect, x: f64, (day, inside): (Date, bool)) -> Option<Rect> {
    let sheet = drawing.sheet;
    let baseline = if inside { plot.top + sheet.axis } else { plot.top - sheet.scaled(ABOVE) };
    let name = Text::new(&format!("as of {}", format::day(day)), (x, baseline), sheet.axis).ink(style::QUIET);
    let top = if sheet.is_preview() { plot.top } else { baseline.min(plot.top) };
    drawing.line(vec![(x, plot.bottom), (x, top)], style::QUIET, 1.2);
    if sheet.is_preview() {
        return None;
    }
    let aside = sheet.scaled(5.0);
    let right = Text { x: x + aside, ..name.clone() };
    let name = if right.rect().right <= plot.right { right } else { Text { x: x - aside, ..name }.at(Anchor::End) };
    let place = name.rect().grown(4.0);
    drawing.text(name);
    Some(place)
}

/// How the past is to be read; nothing where no month is known.
pub(in crate::charts) fn reading(forecast: &Forecast) -> String {
    if forecast.months_known() == 0 {
        return String::new();
    }
    " Left of the as-of day: what happened.".to_owned()
}

//! Where dated changes begin and one-off deals are won.

use super::as_of_line;
use crate::charts::axes::month::Months;
use crate::charts::canvas::drawing::{Drawing, Rect};
use crate::charts::canvas::style;
use crate::documents::EventInfo;
use crate::forecast::Forecast;
use crate::units::Horizon;
use crate::units::format::{list, shorten};
use crate::units::plain;

/// How high a mark stands on the axis, on a slide, and how wide.
const HEIGHT: f64 = 14.0;
const WIDTH: f64 = 3.0;
/// Of more marks than this the names are not told.
const NAMED: usize = 3;
/// As much of a name as a subtitle takes.
const LONGEST_NAME: usize = 24;

/// The months of a horizon in which something begins, counted from 0, with what does.
fn inside(forecast: &Forecast, horizon: Horizon) -> impl Iterator<Item = (usize, &EventInfo)> {
    let months = forecast.header.events.iter().map(move |event| (event.month.since(horizon.start), event));
    months.filter_map(move |(month, event)| {
        let month = usize::try_from(month).ok().filter(|month| *month < horizon.months)?;
        Some((month, event))
    })
}

/// Draws a mark on the axis at the beginning of each month in which something begins, if nothing is late.
pub(in crate::charts) fn draw(
    drawing: &mut Drawing,
    plot: &Rect,
    months: &Months,
    forecast: &Forecast,
    horizon: Horizon,
) {
    let sheet = drawing.sheet;
    for (month, _) in inside(forecast, horizon) {
        let x = months.edge(month);
        let ends = vec![(x, plot.bottom), (x, plot.bottom - sheet.scaled(HEIGHT))];
        drawing.line(ends, style::INK, sheet.scaled(WIDTH));
    }
}

/// How the past and the marks are to be read; nothing where there is neither.
pub(in crate::charts) fn reading(forecast: &Forecast, horizon: Horizon) -> String {
    let all: Vec<(usize, &EventInfo)> = inside(forecast, horizon).collect();
    let named = |(_, event): &(usize, &EventInfo)| {
        format!("{} ({})", shorten(&plain(&event.name), LONGEST_NAME), event.month.name())
    };
    as_of_line::reading(forecast)
        + &match all.len() {
            0 => String::new(),
            n if n <= NAMED => {
                format!(" Marked on the axis: {}.", list(&all.iter().map(named).collect::<Vec<String>>()))
            }
            n => format!(" {n} marks on the axis: where changes begin and one-off deals are won, if on time."),
        }
}

//! The main metric month by month.

use super::drawing::Drawing;
use super::fan::Fan;
use super::figures::Figures;
use super::frame::Headline;
use super::size::{Sheet, Size};
use super::{ribbon, targets, words};
use crate::forecast::{Forecast, Known, Series};
use crate::units::Every;

/// The chart, laid out; `None` where no month is known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let (main, sheet) = (&forecast.main, size.sheet());
    let series = forecast.series(main.metric, &main.scope, Every::Month)?;
    let flow = main.metric.is_flow();
    let (by, any) = if flow {
        ("by month", "for any one month")
    } else {
        ("at the end of each month", "at the end of any one month")
    };
    let (title, brief) = findings(forecast, series, &sheet)?;
    let subtitle = format!(
        "{} {by}. Darkest band: 5 futures in 10; middle: 8 in 10; lightest: 9 in 10, {any}. The middle band begins at the \
             value that 10\u{A0}% of outcomes fall below (P10) and ends at the one that 90\u{A0}% fall below (P90).",
        words::capital(&words::measured(forecast, &sheet)),
    );
    let subtitle = if ribbon::varies(series) {
        subtitle
    } else {
        format!(
            "{} {by}, the same {}.",
            words::capital(&words::measured(forecast, &sheet)),
            words::in_how_many_each(series)
        )
    };
    Fan {
        forecast,
        series,
        size,
        headline: Headline { title, brief, subtitle },
        from_start: false,
        lines: targets::each_month(forecast, &sheet),
        // A level stands at the end of its period; an amount belongs to a month only if it is that month's.
        budget: forecast.budgeted(main.metric, &main.scope, Every::Month),
        points: targets::single(forecast, &sheet, |period| !flow || period.months.len() == 1),
        named_above: false,
    }
    .layout()
}

/// The last known month in words, at length and in brief.
fn findings(forecast: &Forecast, series: &Series, sheet: &Sheet) -> Option<(String, String)> {
    let bands = &series.bands;
    let month = (0..forecast.months).rev().find(|m| bands.p50.get(*m).is_some_and(Option::is_some))?;
    let known = |column: &[Known]| column.get(month).copied().flatten();
    let figures = Figures::new(series.metric, &forecast.currency);
    let errors = &series.errors;
    let range = figures.range((known(&bands.p10)?, known(&errors.p10)), (known(&bands.p90)?, known(&errors.p90)));
    let label = forecast.start.plus(month).to_string();
    let when = words::when(&forecast.horizon(), &label, series.metric);
    let subject = words::subject(forecast, sheet);
    let median = figures.about(known(&bands.p50)?, known(&errors.p50));
    let title = match range {
        Some(range) => format!("{subject} {when}: about {median}; 8 chances in 10 of {range}"),
        None => format!("{subject} {when}: {median} {}", words::in_how_many(series, month)),
    };
    let when = words::briefly_when(&forecast.horizon(), &label, series.metric);
    Some((title, format!("{subject} {when}: about {median}")))
}

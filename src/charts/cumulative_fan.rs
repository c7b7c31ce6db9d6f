//! The main metric added up from the first month.

use super::drawing::Drawing;
use super::fan::Fan;
use super::figures::Figures;
use super::frame::Headline;
use super::size::{Sheet, Size};
use super::{ribbon, targets, words};
use crate::forecast::{Forecast, Known, Series};
use crate::units::Every;

/// The chart, laid out; `None` for levels, which do not add up, and where no month is known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let (main, sheet) = (&forecast.main, size.sheet());
    if !main.metric.is_flow() {
        return None;
    }
    let series = forecast.series(main.metric, &main.scope, Every::Cumulative)?;
    let (title, brief) = findings(forecast, series, &sheet)?;
    let subtitle = format!(
        "{}, added up from the start of {}. Darkest band: 5 futures in 10; middle: 8 in 10; lightest: 9 in 10, at the end of \
             any one month. The middle band begins at the value that 10\u{A0}% of outcomes fall below (P10) and ends at the one \
             that 90\u{A0}% fall below (P90).",
        words::capital(&words::measured(forecast, &sheet)),
        forecast.start.name(),
    );
    let subtitle = if ribbon::varies(series) {
        subtitle
    } else {
        format!(
            "{}, added up from the start of {}, the same {}.",
            words::capital(&words::measured(forecast, &sheet)),
            forecast.start.name(),
            words::in_how_many_each(series),
        )
    };
    Fan {
        forecast,
        series,
        size,
        headline: Headline { title, brief, subtitle },
        from_start: true,
        lines: Vec::new(),
        budget: forecast.budgeted(main.metric, &main.scope, Every::Cumulative),
        points: targets::single(forecast, &sheet, |period| period.months.start == 0),
        named_above: false,
    }
    .layout()
}

/// The last month in words, at length and in brief.
fn findings(forecast: &Forecast, series: &Series, sheet: &Sheet) -> Option<(String, String)> {
    let bands = &series.bands;
    let last = forecast.months.checked_sub(1)?;
    let known = |column: &[Known]| column.get(last).copied().flatten();
    let figures = Figures::new(series.metric, &forecast.currency);
    let errors = &series.errors;
    let range = figures.range((known(&bands.p10)?, known(&errors.p10)), (known(&bands.p90)?, known(&errors.p90)));
    let median = figures.about(known(&bands.p50)?, known(&errors.p50));
    let subject = format!("{} {}", words::subject(forecast, sheet), words::add_up(series.metric));
    let month = forecast.start.plus(last).name();
    let title = match range {
        Some(range) => format!("{subject} about {median} by {month}; 8 chances in 10 of {range}"),
        None => format!("{subject} {median} by {month} {}", words::in_how_many(series, last)),
    };
    let brief = words::brief_month(forecast.start.plus(last));
    Some((title, format!("{subject} about {median} by {brief}")))
}

//! Leads against the people who work them: those that come and those that are started beside what executives could start, and those that wait.

use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::marks::band::values;
use crate::charts::marks::end_labels::Key;
use crate::charts::marks::frame::Headline;
use crate::charts::marks::panels::{self, Line, Panel};
use crate::charts::marks::series_style::SeriesStyle;
use crate::charts::wording::words;
use crate::findings::people_bound;
use crate::forecast::{Forecast, Series};
use crate::scenario::Metric;
use crate::units::Frequency;

/// The chart, laid out; `None` where nobody's capacity is told.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let horizon = forecast.main_horizon();
    let of = |metric| forecast.series(metric, &forecast.main.scope, Frequency::Month);
    let is_told =
        |series: &&Series| (0..horizon.months).filter_map(|month| values(series, month)).any(|values| values[6] > 0.0);
    // Where no executive has a limit it is sales development that bounds what is started.
    let (capacity, who) = match of(Metric::AeCapacity).filter(is_told) {
        Some(capacity) => (capacity, "could be started"),
        None => (of(Metric::SdrCapacity).filter(is_told)?, "could be qualified"),
    };
    let line = |metric, name, place| Some(Line { series: of(metric)?, name, key: Key::Side(SeriesStyle::of(place)) });
    let lines = [line(Metric::Leads, "arrive, median", 3), line(Metric::StartedLeads, "are started, median", 1)];
    let head = ("Leads a month".to_owned(), 2.0, sheet.steps_up);
    let mut shown =
        vec![Panel::new((forecast, &horizon), head, (capacity, who), lines.into_iter().flatten().collect())?];
    let waiting = of(Metric::WaitingLeads).filter(is_told).filter(|_| !sheet.is_preview());
    let head = ("Leads waiting at the end of the month".to_owned(), 1.0, 2);
    shown.extend(waiting.and_then(|waiting| Panel::new((forecast, &horizon), head, (waiting, "median"), Vec::new())));
    Some(panels::draw(forecast, horizon, &shown, headline(forecast, &sheet), size))
}

fn headline(forecast: &Forecast, sheet: &Sheet) -> Headline {
    let subject = words::subject_of(forecast, Metric::StartedLeads, &forecast.main.scope, sheet);
    let bound = people_bound(forecast);
    let title = match &bound {
        Some(said) => said.split(';').next().unwrap_or(said).trim_end_matches('.').to_owned(),
        None => format!("{subject}: people have room for the leads that come"),
    };
    let brief = bound.as_ref().and_then(|said| said.split(':').next()).unwrap_or("People have room for all leads");
    let subtitle =
        "Leads a month: those that arrive, those that are started, and those that people could start.".to_owned();
    Headline { title, brief: brief.to_owned(), subtitle }
}

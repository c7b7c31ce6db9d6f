//! `forecast.xlsx`: the forecast as a workbook, with charts that can be taken further.
//!
//! Numbers are numbers, dates are dates, and nothing that somebody wrote becomes a formula or a link. The same forecast
//! gives the same bytes.

mod across;
mod assumptions;
mod budget;
mod calls;
mod charts;
mod fans;
mod inputs;
mod lettering;
mod main_figure;
mod measure;
mod names;
mod page;
mod room;
mod statistic;
mod styles;
mod summary;
mod targets;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use self::across::Across;
use self::inputs::Drivers;
use self::lettering::shown;
use self::names::Names;
use self::room::Room;
use self::styles::Styles;
use super::ExportError;
use crate::forecast::Forecast;
use crate::scenario::Metric;

/// What every sheet is made of.
#[derive(Debug)]
struct Material<'a> {
    forecast: &'a Forecast,
    names: Names,
    styles: Styles,
}

impl Material<'_> {
    /// What is measured, and where if not in total: "Bookings of Europe".
    fn subject(&self, metric: Metric, scope: &str) -> String {
        let metric = names::metric(metric);
        if scope == "total" { metric } else { format!("{metric} of {}", self.names.scope(scope)) }
    }
}

/// The workbook's bytes.
///
/// # Errors
/// [`ExportError::Workbook`] when it cannot be put together.
pub fn workbook(forecast: &Forecast) -> Result<Vec<u8>, ExportError> {
    let material = Material { forecast, names: Names::of(forecast), styles: Styles::new(&forecast.currency) };
    let across = Across::all(forecast, &Room::of(forecast));
    let drivers = Drivers::of(forecast);
    let mut pages = vec![summary::page(&material, &drivers)?];
    pages.extend(charts::page(&material, &across, &drivers)?);
    for sheet in &across {
        pages.push(sheet.bands(&material)?);
    }
    pages.extend(targets::page(&material)?);
    pages.extend(budget::page(&material)?);
    pages.extend(calls::page(&material)?);
    pages.push(assumptions::page(&material)?);
    pages.extend(drivers.page(&material)?);
    for sheet in &across {
        pages.push(sheet.errors(&material)?);
    }
    let mut book = Workbook::new();
    // No clock: the same forecast is the same file.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(shown(&forecast.name)).set_author("revcast");
    book.set_properties(&properties.set_creation_datetime(&created));
    for page in pages {
        book.push_worksheet(page.finish()?);
    }
    Ok(book.save_to_buffer()?)
}

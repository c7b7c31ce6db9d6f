//! The workbook, put together sheet by sheet.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::cell_text::cell_text;
use super::context::SheetContext;
use super::inputs::Drivers;
use super::names::Names;
use super::scope_selection::ScopeSelection;
use super::styles::Styles;
use super::wide_table::WideTable;
use super::{assumptions, budget, calls, charts, open_deals, summary, targets};
use crate::analysis::Pipeline;
use crate::export::ExportError;
use crate::forecast::Forecast;

/// The workbook's bytes; `pipeline` tells what may become of the open deals, where there are any.
///
/// # Errors
/// [`ExportError::Workbook`] when it cannot be put together.
pub fn workbook(forecast: &Forecast, pipeline: Option<&Pipeline>) -> Result<Vec<u8>, ExportError> {
    let context = SheetContext { forecast, names: Names::of(forecast), styles: Styles::new(&forecast.currency) };
    let across = WideTable::all(forecast, &ScopeSelection::of(forecast));
    let drivers = Drivers::of(forecast);
    let mut pages = vec![summary::page(&context, &drivers)?];
    pages.extend(charts::page(&context, &across, &drivers)?);
    for sheet in &across {
        pages.push(sheet.bands(&context)?);
    }
    pages.extend(targets::page(&context)?);
    pages.extend(budget::page(&context)?);
    pages.extend(calls::page(&context)?);
    pages.extend(open_deals::page(&context, pipeline)?);
    pages.push(assumptions::page(&context)?);
    pages.extend(drivers.page(&context)?);
    for sheet in &across {
        pages.push(sheet.errors(&context)?);
    }
    let mut book = Workbook::new();
    // No clock: the same forecast is the same file.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(cell_text(&forecast.name)).set_author("revcast");
    book.set_properties(&properties.set_creation_datetime(&created));
    for page in pages {
        book.push_worksheet(page.finish()?);
    }
    Ok(book.save_to_buffer()?)
}

//! The workbook, put together sheet by sheet.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::cell_text::cell_text;
use super::context::SheetContext;
use super::data::DataSheet;
use super::{assumptions, drivers, figures, periods, pipeline, summary};
use crate::analysis::Answer;
use crate::export::ExportError;

/// The workbook's bytes.
///
/// # Errors
/// [`ExportError::Workbook`] when it cannot be put together.
pub fn workbook(answer: &Answer) -> Result<Vec<u8>, ExportError> {
    let context = SheetContext::new(answer);
    let (periods, fans) = periods::page(&context)?;
    let pipeline = pipeline::page(&context)?;
    let guide = format!(
        "Sheets: Periods (quarters, months, regions, every metric), Drivers (what moves it, levers), {}Assumptions (ranges, notes, \
         sources), Data (every figure with its standard error).",
        if pipeline.is_some() { "Pipeline (open deals and renewals), " } else { "" }
    );
    let mut data = DataSheet::begin(&context)?;
    figures::add(&mut data, &context)?;
    let mut pages = vec![summary::page(&context, &fans, &guide)?, periods, drivers::page(&context)?];
    pages.extend(pipeline);
    pages.extend([assumptions::page(&context)?, data.finish()?]);
    let mut book = Workbook::new();
    // No clock: the same forecast is the same file.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(cell_text(&answer.forecast.name)).set_author("revcast");
    book.set_properties(&properties.set_creation_datetime(&created));
    for mut page in pages {
        for (name, cell) in page.take_names() {
            book.define_name(name, &cell)?;
        }
        book.push_worksheet(page.finish()?);
    }
    Ok(book.save_to_buffer()?)
}

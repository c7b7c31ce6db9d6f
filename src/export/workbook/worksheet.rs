//! One sheet, cell by cell.

use std::collections::BTreeMap;

use rust_xlsxwriter::{ExcelDateTime, IgnoreError, Worksheet};

use super::cell_text::{cell_text, lines_of};
use super::number_format::NumberKind;
use super::styles::{NumberStyle, Styles, TextStyle};
use crate::export::ExportError;
use crate::stats::Estimate;
use crate::units::Month;
use crate::units::looks_like_a_formula;

/// Rows of a sheet; the last ones stay free for what the spreadsheet's user adds.
pub(super) const MOST_ROWS: u32 = 1_048_000;
/// Columns that fit side by side on a page of paper.
const COLUMNS_A_PAGE: usize = 16;
/// Columns that a remark lies over.
const REMARK_COLUMNS: u16 = 8;
/// The width, in letters, of a column that is given none.
const USUAL_WIDTH: f64 = 8.0;
/// The width of a column that holds nothing but its head.
const NARROW: f64 = 10.0;
/// Letters to a unit of width, which is a digit's: words are narrower.
const LETTERS: f64 = 1.1;
/// The height of a line, and how many a row can hold.
const LINE: f64 = 15.0;
const MOST_LINES: usize = 27;

/// A sheet being written.
pub(super) struct Sheet<'a> {
    styles: &'a Styles,
    sheet: Worksheet,
    last: (u32, u16),
    /// Whether paper takes it whole.
    whole: bool,
    /// The first columns, which every page of paper shows.
    repeated: u16,
    /// What stands below the title.
    remark: String,
    widths: Vec<f64>,
    /// Texts that may need several lines, with their row, first column and how many columns they span.
    wrapped: Vec<(u32, u16, u16, String)>,
}

impl<'a> Sheet<'a> {
    /// A sheet with its title in the first row and, if there is something to remark, a remark below.
    pub(super) fn begin(name: &str, title: &str, remark: &str, styles: &'a Styles) -> Result<Sheet<'a>, ExportError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_landscape().set_paper_size(9).set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer("&L&A&RPage &P of &N");
        let mut page = Sheet {
            styles,
            sheet,
            last: (0, 0),
            whole: false,
            repeated: 0,
            remark: remark.to_owned(),
            widths: Vec::new(),
            wrapped: Vec::new(),
        };
        page.text(0, 0, title, TextStyle::Title)?;
        Ok(page)
    }

    /// TextStyle in a cell, never a formula or a link.
    pub(super) fn text(&mut self, row: u32, column: u16, text: &str, words: TextStyle) -> Result<(), ExportError> {
        let format = self.styles.words(words, looks_like_a_formula(text));
        let text = cell_text(text);
        if words.wrap() {
            self.wrapped.push((row, column, 1, text.clone()));
        }
        self.sheet.write_string_with_format(row, column, text, format)?;
        self.reached(row, column);
        Ok(())
    }

    /// The same, where there is a text.
    pub(super) fn remark(&mut self, row: u32, column: u16, text: Option<&str>) -> Result<(), ExportError> {
        text.map_or(Ok(()), |text| self.text(row, column, text, TextStyle::Long))
    }

    /// A long text over the first columns.
    pub(super) fn spread(&mut self, row: u32, columns: u16, text: &str, words: TextStyle) -> Result<(), ExportError> {
        let format = self.styles.words(words, looks_like_a_formula(text));
        let text = cell_text(text);
        self.sheet.merge_range(row, 0, row, columns - 1, &text, format)?;
        self.wrapped.push((row, 0, columns, text));
        self.reached(row, columns - 1);
        Ok(())
    }

    /// Heads of columns of words.
    pub(super) fn heads(&mut self, row: u32, from: u16, names: &[&str]) -> Result<(), ExportError> {
        names.iter().zip(from..).try_for_each(|(name, column)| self.text(row, column, name, TextStyle::Head))
    }

    /// Heads of columns of figures.
    pub(super) fn figure_heads(&mut self, row: u32, from: u16, names: &[&str]) -> Result<(), ExportError> {
        names.iter().zip(from..).try_for_each(|(name, column)| self.text(row, column, name, TextStyle::FigureHead))
    }

    /// Heads of the columns of notes and sources, which are narrow where nothing was noted.
    pub(super) fn remark_heads<'r>(
        &mut self,
        row: u32,
        from: u16,
        remarks: impl Iterator<Item = (Option<&'r str>, Option<&'r str>)>,
    ) -> Result<(), ExportError> {
        let (notes, sources): (Vec<_>, Vec<_>) = remarks.unzip();
        for ((name, remarks), column) in [("Note", notes), ("Source", sources)].into_iter().zip(from..) {
            self.text(row, column, name, TextStyle::LongHead)?;
            if remarks.iter().all(Option::is_none) {
                self.sheet.set_column_width(column, NARROW)?;
                if let Some(width) = self.widths.get_mut(usize::from(column)) {
                    *width = NARROW;
                }
            }
        }
        Ok(())
    }

    /// A number; what is unknown or not finite is left empty.
    pub(super) fn number(
        &mut self,
        row: u32,
        column: u16,
        value: Option<f64>,
        figure: NumberStyle,
    ) -> Result<(), ExportError> {
        if let Some(value) = value.filter(|x| x.is_finite()) {
            self.sheet.write_number_with_format(row, column, value, self.styles.figure(figure))?;
        }
        self.reached(row, column);
        Ok(())
    }

    /// An estimate, and in the next column its standard error.
    pub(super) fn estimate(
        &mut self,
        row: u32,
        column: u16,
        estimate: Estimate,
        measure: NumberKind,
    ) -> Result<(), ExportError> {
        self.number(row, column, estimate.value, measure.estimate(estimate))?;
        self.number(row, column + 1, estimate.error, measure.error(estimate.error))
    }

    /// A month as the date of its first day.
    pub(super) fn month(
        &mut self,
        row: u32,
        column: u16,
        month: Month,
        figure: NumberStyle,
    ) -> Result<(), ExportError> {
        let date = ExcelDateTime::from_ymd(month.year() as u16, month.number() as u8, 1)?;
        self.sheet.write_datetime_with_format(row, column, &date, self.styles.figure(figure))?;
        self.reached(row, column);
        Ok(())
    }

    /// A day such as 2027-01-15.
    pub(super) fn day(&mut self, row: u32, column: u16, day: &str) -> Result<(), ExportError> {
        let mut parts = day.split('-').map(str::parse::<u16>);
        let date = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) if month < 13 && day < 32 => {
                ExcelDateTime::from_ymd(year, month as u8, day as u8).ok()
            }
            _ => None,
        };
        let Some(date) = date else {
            // Spreadsheets know no day before 1900.
            return self.text(row, column, day, TextStyle::Cell);
        };
        self.sheet.write_datetime_with_format(row, column, &date, self.styles.figure(NumberStyle::Day))?;
        self.reached(row, column);
        Ok(())
    }

    /// Widths of columns, from the first.
    pub(super) fn widths(&mut self, widths: &[f64]) -> Result<(), ExportError> {
        for (column, width) in (0..).zip(widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        self.widths = widths.to_vec();
        Ok(())
    }

    /// A table's head in `row`: it stays in sight with the first `fixed` columns, filters, and is repeated on paper, with
    /// those columns.
    pub(super) fn table(&mut self, row: u32, fixed: u16, last_row: u32) -> Result<(), ExportError> {
        self.table_on_paper(row, fixed, fixed, last_row)
    }

    /// The same, where paper repeats other columns than stay in sight.
    pub(super) fn table_on_paper(
        &mut self,
        row: u32,
        fixed: u16,
        repeated: u16,
        last_row: u32,
    ) -> Result<(), ExportError> {
        self.repeated = repeated;
        self.sheet.set_freeze_panes(row + 1, fixed)?;
        self.sheet.autofilter(row, 0, last_row.max(row), self.last.1)?;
        self.sheet.set_repeat_rows(row, row)?;
        if repeated > 0 {
            self.sheet.set_repeat_columns(0, repeated - 1)?;
        }
        Ok(())
    }

    /// Prints the sheet as far as a row and column, on one page.
    pub(super) fn on_one_page(&mut self, row: u32, column: u16) -> Result<(), ExportError> {
        self.sheet.set_print_area(0, 0, row, column)?;
        self.whole = true;
        Ok(())
    }

    /// The sheet beneath, for charts.
    pub(super) fn sheet(&mut self) -> &mut Worksheet {
        &mut self.sheet
    }

    /// Finishes the sheet, with its widths and panes set.
    pub(super) fn finish(mut self) -> Result<Worksheet, ExportError> {
        let wide = (usize::from(self.last.1) + 1).div_ceil(COLUMNS_A_PAGE).max(1);
        let (wide, high) = if self.whole { (1, 1) } else { (wide as u16, 0) };
        if !self.remark.is_empty() {
            // A page that repeats a part of it would cut it off.
            let columns = if wide > 1 && self.repeated > 1 { self.repeated } else { REMARK_COLUMNS };
            self.spread(1, columns, &self.remark.clone(), TextStyle::Remark)?;
        }
        self.fit_heights()?;
        self.sheet.set_print_fit_to_pages(wide, high);
        // A year as a label is no mistake.
        self.sheet.ignore_error_range(0, 0, self.last.0, self.last.1, IgnoreError::NumberStoredAsText)?;
        Ok(self.sheet)
    }

    /// Rows high enough for their longest text: not every spreadsheet sees to that.
    fn fit_heights(&mut self) -> Result<(), ExportError> {
        let mut most: BTreeMap<u32, usize> = BTreeMap::new();
        for (row, from, columns, text) in &self.wrapped {
            let widths =
                (*from..from + columns).map(|c| self.widths.get(usize::from(c)).copied().unwrap_or(USUAL_WIDTH));
            let lines = most.entry(*row).or_insert(1);
            *lines = (*lines).max(lines_of(text, (widths.sum::<f64>() * LETTERS) as usize));
        }
        for (row, lines) in most.into_iter().filter(|(_, lines)| *lines > 1) {
            self.sheet.set_row_height(row, LINE * lines.min(MOST_LINES) as f64)?;
        }
        Ok(())
    }

    fn reached(&mut self, row: u32, column: u16) {
        self.last = (self.last.0.max(row), self.last.1.max(column));
    }
}

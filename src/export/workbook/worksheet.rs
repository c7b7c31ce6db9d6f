//! One sheet, cell by cell.

use std::collections::BTreeMap;

use rust_xlsxwriter::utility::row_col_to_cell_absolute;
use rust_xlsxwriter::{ExcelDateTime, Formula, IgnoreError, Worksheet};

use super::cell_text::{cell_text, lines_of};
use super::styles::{NumberStyle, Styles, TextStyle};
use crate::export::ExportError;
use crate::units::Month;
use crate::units::looks_like_a_formula;

/// Rows of a sheet; the last ones stay free for what the spreadsheet's user adds.
pub(super) const MOST_ROWS: u32 = 1_048_000;
/// The width, in letters, of a column that is given none.
const USUAL_WIDTH: f64 = 8.0;
/// Letters to a unit of width, which is a digit's: words are narrower.
const LETTERS: f64 = 1.1;
/// The height of a line, and how many a row can hold.
const LINE: f64 = 15.0;
const MOST_LINES: usize = 27;

/// A sheet being written.
pub(super) struct Sheet<'a> {
    styles: &'a Styles,
    sheet: Worksheet,
    name: &'static str,
    /// Names of cells and where they are.
    names: Vec<(String, String)>,
    last: (u32, u16),
    /// Whether paper takes it on one page.
    whole: bool,
    widths: Vec<f64>,
    /// Texts that may need several lines, with their row, first column and how many columns they span.
    wrapped: Vec<(u32, u16, u16, String)>,
}

impl<'a> Sheet<'a> {
    /// A sheet with its title in the first row.
    pub(super) fn begin(name: &'static str, title: &str, styles: &'a Styles) -> Result<Sheet<'a>, ExportError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        sheet.set_landscape().set_paper_size(9).set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
        sheet.set_footer("&L&A&RPage &P of &N");
        // A formula of what is unknown shows nothing.
        sheet.set_formula_result_default("");
        let (names, widths, wrapped) = (Vec::new(), Vec::new(), Vec::new());
        let mut page = Sheet { styles, sheet, name, names, last: (0, 0), whole: false, widths, wrapped };
        page.text(0, 0, title, TextStyle::Title)?;
        Ok(page)
    }

    /// A text in a cell, never a formula or a link.
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

    /// Heads of the columns of notes and sources.
    pub(super) fn remark_heads(&mut self, row: u32, from: u16) -> Result<(), ExportError> {
        [("Note", from), ("Source", from + 1)]
            .into_iter()
            .try_for_each(|(name, column)| self.text(row, column, name, TextStyle::LongHead))
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

    /// A formula with the result that it has now; empty where that is unknown.
    pub(super) fn live(
        &mut self,
        row: u32,
        column: u16,
        formula: &str,
        result: Option<f64>,
        figure: NumberStyle,
    ) -> Result<(), ExportError> {
        let result = result.filter(|x| x.is_finite()).map_or_else(String::new, |x| x.to_string());
        let formula = Formula::new(formula).set_result(result);
        self.sheet.write_formula_with_format(row, column, formula, self.styles.figure(figure))?;
        self.reached(row, column);
        Ok(())
    }

    /// Gives a cell a name that formulas can use.
    pub(super) fn name(&mut self, name: &str, row: u32, column: u16) {
        let cell = format!("={}!{}", self.name, row_col_to_cell_absolute(row, column));
        self.names.push((name.to_owned(), cell));
    }

    /// Takes the names of cells.
    pub(super) fn take_names(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.names)
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

    /// A table's head in `row`: it stays in sight with the first `fixed` columns, filters, and is repeated on paper.
    pub(super) fn table(&mut self, row: u32, fixed: u16, last_row: u32) -> Result<(), ExportError> {
        self.sheet.set_freeze_panes(row + 1, fixed)?;
        self.sheet.autofilter(row, 0, last_row.max(row), self.last.1)?;
        self.sheet.set_repeat_rows(row, row)?;
        Ok(())
    }

    /// Prints the sheet as far as a row and column.
    pub(super) fn print(&mut self, row: u32, column: u16) -> Result<(), ExportError> {
        self.sheet.set_print_area(0, 0, row, column)?;
        Ok(())
    }

    /// Prints it upright on one page.
    pub(super) fn on_one_page(&mut self) {
        self.sheet.set_portrait();
        self.whole = true;
    }

    /// The sheet beneath, for charts.
    pub(super) fn sheet(&mut self) -> &mut Worksheet {
        &mut self.sheet
    }

    /// Finishes the sheet: as wide as a page of paper.
    pub(super) fn finish(mut self) -> Result<Worksheet, ExportError> {
        self.fit_heights()?;
        self.sheet.set_print_fit_to_pages(1, u16::from(self.whole));
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

//! A sheet that is filled from top to bottom.

use super::cell::Cell;
use super::styles::{Styles, TextStyle};
use super::worksheet::{MOST_ROWS, Sheet};
use crate::export::ExportError;

/// A sheet that is filled from top to bottom.
pub(super) struct FlowSheet<'a> {
    page: Sheet<'a>,
    row: u32,
    /// The column in which rows begin.
    left: u16,
    /// How many columns a sentence lies over.
    columns: u16,
}

impl<'a> FlowSheet<'a> {
    /// The sheet with its title and the widths of its columns.
    pub(super) fn begin(
        name: &'static str,
        title: &str,
        widths: &[f64],
        styles: &'a Styles,
    ) -> Result<FlowSheet<'a>, ExportError> {
        let mut page = Sheet::begin(name, title, styles)?;
        page.widths(widths)?;
        Ok(FlowSheet { page, row: 1, left: 0, columns: widths.len() as u16 })
    }

    /// The sheet with all rows that were put.
    pub(super) fn finish(self) -> Sheet<'a> {
        self.page
    }

    /// Sentences lie over so many columns.
    pub(super) fn over(mut self, columns: u16) -> FlowSheet<'a> {
        self.columns = columns;
        self
    }

    /// The sheet beneath.
    pub(super) fn page(&mut self) -> &mut Sheet<'a> {
        &mut self.page
    }

    /// The row that comes next.
    pub(super) fn next(&self) -> u32 {
        self.row
    }

    /// Goes on in a row, with rows that begin in a column.
    pub(super) fn go_to(&mut self, row: u32, left: u16) {
        (self.row, self.left) = (row, left);
    }

    /// The column in which rows begin.
    pub(super) fn left(&self) -> u16 {
        self.left
    }

    /// How many rows there is room for.
    pub(super) fn room(&self) -> usize {
        MOST_ROWS.saturating_sub(self.row) as usize
    }

    /// Leaves rows empty.
    pub(super) fn space(&mut self, rows: u32) {
        self.row += rows;
    }

    /// The head of a part, after an empty row.
    pub(super) fn part(&mut self, title: &str) -> Result<(), ExportError> {
        self.row += 2;
        self.page.text(self.row - 1, 0, title, TextStyle::Part)
    }

    /// A sentence over the whole width.
    pub(super) fn sentence(&mut self, text: &str) -> Result<(), ExportError> {
        self.row += 1;
        self.page.spread(self.row - 1, self.columns, text, TextStyle::Sentence)
    }

    /// A remark that stands back, over the whole width.
    pub(super) fn remark(&mut self, text: &str) -> Result<(), ExportError> {
        self.row += 1;
        self.page.spread(self.row - 1, self.columns, text, TextStyle::Remark)
    }

    /// Heads of columns of words, then of figures.
    pub(super) fn heads<S: AsRef<str>>(&mut self, words: &[&str], figures: &[S]) -> Result<(), ExportError> {
        self.row += 1;
        self.page.heads(self.row - 1, self.left, words)?;
        let figures: Vec<&str> = figures.iter().map(AsRef::as_ref).collect();
        self.page.figure_heads(self.row - 1, self.left + words.len() as u16, &figures)
    }

    /// A row of cells; gives back which it is.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<u32, ExportError> {
        self.row += 1;
        self.cells(self.row - 1, self.left, cells)?;
        Ok(self.row - 1)
    }

    /// Cells in a row from a column on.
    pub(super) fn cells(
        &mut self,
        row: u32,
        from: u16,
        cells: impl IntoIterator<Item = Cell>,
    ) -> Result<(), ExportError> {
        for (cell, column) in cells.into_iter().zip(from..) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text, style) => self.page.text(row, column, &text, style)?,
                Cell::Number(value, style) => self.page.number(row, column, value, style)?,
                Cell::Month(month, style) => self.page.month(row, column, month, style)?,
                Cell::Day(day) => self.page.day(row, column, &day)?,
                Cell::Live(formula, result, style) => self.page.live(row, column, &formula, result, style)?,
            }
        }
        Ok(())
    }
}

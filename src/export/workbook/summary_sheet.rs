//! The summary as a sheet that is filled from top to bottom.

use super::number_format::{NumberKind, typed};
use super::styles::{NumberStyle, Styles, TextStyle};
use super::worksheet::Sheet;
use crate::export::ExportError;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Month;

/// The columns of the sheet.
const COLUMNS: u16 = 7;

/// A sheet that is filled from top to bottom.
pub(super) struct SummarySheet<'a> {
    page: Sheet<'a>,
    row: u32,
}

impl<'a> SummarySheet<'a> {
    /// The sheet with the scenario's name as its title.
    pub(super) fn begin(title: &str, styles: &'a Styles) -> Result<SummarySheet<'a>, ExportError> {
        let mut page = Sheet::begin("Summary", title, "", styles)?;
        page.widths(&[36.0, 17.0, 17.0, 17.0, 17.0, 16.0, 16.0])?;
        Ok(SummarySheet { page, row: 1 })
    }

    /// The sheet with all rows that were put.
    pub(super) fn finish(self) -> Sheet<'a> {
        self.page
    }

    /// The head of a part, after an empty row.
    pub(super) fn part(&mut self, title: &str) -> Result<(), ExportError> {
        self.row += 2;
        self.page.text(self.row - 1, 0, title, TextStyle::Part)
    }

    /// Leaves a row empty.
    pub(super) fn space(&mut self) {
        self.row += 1;
    }

    /// A sentence over the whole width.
    pub(super) fn sentence(&mut self, text: &str) -> Result<(), ExportError> {
        self.row += 1;
        self.page.spread(self.row - 1, COLUMNS, text, TextStyle::Sentence)
    }

    /// Heads of columns, the last ones of them over figures.
    pub(super) fn heads(&mut self, names: &[&str], figures: usize) -> Result<(), ExportError> {
        self.row += 1;
        let words = names.len() - figures;
        self.page.heads(self.row - 1, 0, &names[..words])?;
        self.page.figure_heads(self.row - 1, words as u16, &names[words..])
    }

    /// A name and beside it estimates, each with its standard error.
    pub(super) fn line(&mut self, name: &str, estimates: &[Estimate], measure: NumberKind) -> Result<(), ExportError> {
        self.words(&[name])?;
        estimates
            .iter()
            .zip((1..).step_by(2))
            .try_for_each(|(estimate, column)| self.beside(column, *estimate, measure))
    }

    /// A row that begins with these words.
    pub(super) fn words(&mut self, words: &[&str]) -> Result<(), ExportError> {
        self.row += 1;
        words.iter().zip(0..).try_for_each(|(text, column)| self.page.text(self.row - 1, column, text, TextStyle::Cell))
    }

    /// An estimate and its standard error in the row begun last.
    pub(super) fn beside(&mut self, column: u16, estimate: Estimate, measure: NumberKind) -> Result<(), ExportError> {
        self.page.estimate(self.row - 1, column, estimate, measure)
    }

    /// The same without the error.
    pub(super) fn alone(&mut self, column: u16, estimate: Estimate, measure: NumberKind) -> Result<(), ExportError> {
        self.page.number(self.row - 1, column, estimate.value, measure.estimate(estimate))
    }

    /// A level or an amount of a metric that somebody typed, in the row begun last.
    pub(super) fn typed(&mut self, column: u16, level: Option<f64>, metric: Metric) -> Result<(), ExportError> {
        self.page.number(self.row - 1, column, level, typed(metric, level.unwrap_or(0.0)))
    }

    /// A month in the row begun last.
    pub(super) fn month(&mut self, column: u16, month: Month) -> Result<(), ExportError> {
        self.page.month(self.row - 1, column, month, NumberStyle::Month)
    }
}

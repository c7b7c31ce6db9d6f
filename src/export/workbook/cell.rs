//! What a cell of a row holds, and formulas over cells.

use rust_xlsxwriter::utility::row_col_to_cell;

use super::number_format::{NumberKind, typed};
use super::styles::{NumberStyle, TextStyle};
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::Month;

/// What a cell of a row holds.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Nothing: what is unknown is left empty.
    Empty,
    /// A text.
    Text(String, TextStyle),
    /// A number.
    Number(Option<f64>, NumberStyle),
    /// A month, as a date.
    Month(Month, NumberStyle),
    /// A day such as 2027-01-15.
    Day(String),
    /// A formula with its result.
    Live(String, Option<f64>, NumberStyle),
}

/// A number and the cell that holds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) row: u32,
    pub(super) column: u16,
    pub(super) value: Option<f64>,
}

impl Cell {
    /// Words.
    pub(super) fn words(text: impl Into<String>) -> Cell {
        Cell::Text(text.into(), TextStyle::Cell)
    }

    /// Words that may take several lines.
    pub(super) fn wrapped(text: impl Into<String>) -> Cell {
        Cell::Text(text.into(), TextStyle::Sentence)
    }

    /// The name of a row that adds up.
    pub(super) fn total() -> Cell {
        Cell::Text("Sum".to_owned(), TextStyle::Sum)
    }

    /// A note or a source, where there is one.
    pub(super) fn remark(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, |text| Cell::Text(text.to_owned(), TextStyle::Long))
    }

    /// An estimate without its error.
    pub(super) fn estimate(estimate: Estimate, kind: NumberKind) -> Cell {
        Cell::Number(estimate.value, kind.estimate(estimate))
    }

    /// The estimates of a column, all written alike: as the least certain of them.
    pub(super) fn column(estimates: &[Estimate], kind: NumberKind) -> Vec<Cell> {
        let error = estimates.iter().filter_map(|found| found.error).fold(0.0, f64::max);
        let style = kind.estimate(Estimate { value: None, error: Some(error) });
        estimates.iter().map(|found| Cell::Number(found.value, style)).collect()
    }

    /// A number that is no estimate.
    pub(super) fn exact(value: Option<f64>, kind: NumberKind) -> Cell {
        Cell::estimate(Estimate::exact(value), kind)
    }

    /// A level or an amount that somebody typed.
    pub(super) fn typed(level: Option<f64>, metric: Metric) -> Cell {
        Cell::Number(level, typed(metric, level.unwrap_or(0.0)))
    }

    /// The sum of the cells of a column from one row to another; empty where one of them is.
    pub(super) fn sum(column: u16, first: u32, values: &[Option<f64>], kind: NumberKind) -> Cell {
        let Some(sum) = values.iter().copied().sum::<Option<f64>>().filter(|_| !values.is_empty()) else {
            return Cell::Empty;
        };
        let last = first + values.len() as u32 - 1;
        let formula = format!("=SUM({}:{})", row_col_to_cell(first, column), row_col_to_cell(last, column));
        Cell::Live(formula, Some(sum), whole(kind))
    }

    /// The sum of the cells of a row from a column on, as far as they are known.
    pub(super) fn sum_across(row: u32, first: u16, values: &[Option<f64>], kind: NumberKind) -> Cell {
        let last = first + values.len() as u16 - 1;
        let sum = values.iter().flatten().sum();
        let formula = format!("=SUM({}:{})", row_col_to_cell(row, first), row_col_to_cell(row, last));
        Cell::Live(formula, Some(sum), whole(kind))
    }

    /// A cell less another, where both are known.
    pub(super) fn less(of: Held, less: Held, kind: NumberKind) -> Cell {
        let Some((a, b)) = of.value.zip(less.value) else { return Cell::Empty };
        Cell::Live(format!("={}-{}", of.cell(), less.cell()), Some(a - b), kind.estimate(Estimate::exact(a - b)))
    }

    /// A cell over another, which may be filled in later: nothing until that is above 0.
    pub(super) fn over(of: Held, over: Held) -> Cell {
        let Some(value) = of.value else { return Cell::Empty };
        let share = over.value.filter(|over| *over > 0.0).map(|over| value / over);
        let (of, over) = (of.cell(), over.cell());
        Cell::Live(format!("=IF(N({over})>0,{of}/{over},\"\")"), share, NumberStyle::Percent(1))
    }
}

/// How a sum looks: shares without decimals.
fn whole(kind: NumberKind) -> NumberStyle {
    kind.estimate(Estimate { value: None, error: Some(1.0) })
}

impl Held {
    pub(super) fn new(row: u32, column: u16, value: Option<f64>) -> Held {
        Held { row, column, value }
    }

    fn cell(self) -> String {
        row_col_to_cell(self.row, self.column)
    }
}

//! A finding as a table.

/// A table: a column of names, then columns of figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::report) struct Table {
    /// The heads of all columns.
    pub(in crate::report) heads: Vec<String>,
    /// The rows: a name, and a cell for each other column.
    pub(in crate::report) rows: Vec<(String, Vec<Cell>)>,
    /// How many rows there was no room for.
    pub(in crate::report) left_out: usize,
}

/// A figure in a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::report) struct Cell {
    /// The figure as it is read; empty where it is unknown.
    pub(in crate::report) text: String,
    /// The figure itself, with all its digits.
    pub(in crate::report) value: Option<f64>,
    /// Whether it is no more than the simulation's noise.
    pub(in crate::report) is_noise: bool,
}

impl Cell {
    /// A figure with its text; empty where it is unknown.
    pub(in crate::report) fn new(value: Option<f64>, write: impl Fn(f64) -> String) -> Cell {
        Cell { text: value.map_or_else(String::new, write), value, is_noise: false }
    }
}

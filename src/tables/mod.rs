//! A table that somebody keeps in a spreadsheet, with named columns, and its faults by row and column.

mod days;
mod layout;
mod sheet;

pub use sheet::{Row, Sheet};

pub(crate) use layout::{CellKind, Column, Layout, TableRows, sort_by_row};

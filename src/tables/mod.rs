//! A table that somebody keeps in a spreadsheet, with named columns, and its faults by row and column.

mod sheet;

pub use sheet::{Row, Sheet};

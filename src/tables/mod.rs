//! A table that somebody keeps in a spreadsheet, with named columns, and its faults by row and column.

mod sheet;

pub(crate) use sheet::is_grouped;
pub use sheet::{Row, Sheet};

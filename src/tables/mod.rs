//! A table that somebody keeps in a spreadsheet, with named columns, and its faults by row and column.

mod amounts;
mod columns;
mod days;
mod draws;
mod layout;
mod sheet;
#[cfg(feature = "fit")]
mod workbook;

pub use draws::draws;
#[cfg(feature = "parquet")]
pub(crate) use draws::guarded;
pub use sheet::{Row, Sheet};

pub(crate) use columns::{CellRead, Columns, OpenTable};
#[cfg(feature = "fit")]
pub(crate) use layout::begins_footer;
pub(crate) use layout::{CellKind, Column, Layout, TableRows, sort_by_row, ticked};

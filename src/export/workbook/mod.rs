//! `forecast.xlsx`: the forecast as a workbook, with charts that can be taken further.
//!
//! Numbers are numbers, dates are dates, and nothing that somebody wrote becomes a formula or a link. The same forecast
//! gives the same bytes.

mod assumptions;
mod book;
mod cell;
mod cell_text;
mod context;
mod data;
mod drivers;
mod fans;
mod figures;
mod flow;
mod names;
mod number_format;
mod period_table;
mod periods;
mod pipeline;
mod scope_selection;
mod styles;
mod summary;
mod worksheet;

pub use book::workbook;

//! `forecast.xlsx`: the forecast as a workbook, with charts that can be taken further.
//!
//! Numbers are numbers, dates are dates, and nothing that somebody wrote becomes a formula or a link. The same forecast
//! gives the same bytes.

mod assumptions;
mod book;
mod budget;
mod calls;
mod cell_text;
mod charts;
mod context;
mod fans;
mod inputs;
mod main_figure;
mod names;
mod number_format;
mod open_deals;
mod scope_selection;
mod styles;
mod summary;
mod summary_sheet;
mod targets;
mod wide_table;
mod worksheet;

pub use book::workbook;

//! What past runs forecast, in a database that grows by a row each: who writes it down, and what it is asked.
//!
//! This is the only place that knows SQL. `docs/history.md` describes the tables for any other SQLite client.

mod actuals;
mod append;
mod error;
mod kept;
mod open;
mod past;
mod prune;
mod rows;
mod schema;

pub use crate::analysis::SeriesNow;
pub use crate::model::FigureKey;
pub use actuals::Given;
pub use append::{Entry, RunId};
pub use error::HistoryError;
pub use open::History;
pub use past::Remembered;
pub use prune::Pruned;

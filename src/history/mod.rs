//! The history: what past runs forecast, in a database that every run is appended to.
//!
//! This is the only place that knows SQL. `docs/history.md` describes the tables for any other SQLite client.

mod actuals;
mod append;
mod baseline;
mod error;
mod open;
mod prune;
mod retention;
mod rows;
mod schema;

pub use crate::analysis::SeriesNow;
pub use crate::model::FigureKey;
pub use actuals::Given;
pub use append::{Entry, RunId};
pub use baseline::RecordedRun;
pub use error::HistoryError;
pub use open::History;
pub use prune::Pruned;

//! `revcast history`: which series there are, how the forecast of a figure moved, and how forecasts held.

mod command;
mod lookup;

pub(in crate::cli) use command::{HistoryArgs, run};
pub(super) use lookup::{label, scope, series};

//! `revcast actual`: what happened.

mod command;
mod forecasts;
mod sheet;

pub(in crate::cli) use command::{ActualArgs, run};

//! `revcast batch`: every scenario, unattended.

mod command;
mod journal;
mod list;
mod log;
mod options;
mod refit;
mod rules;
mod scenario_run;
mod timeout;

pub(in crate::cli) use command::run;
pub(in crate::cli) use options::BatchArgs;

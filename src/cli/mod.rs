//! The command line: the only place that knows terminal, clock, environment, disk and exit codes.

mod baseline;
mod changes;
mod checkpoints;
mod clock;
mod commands;
mod crm_export;
mod disk;
pub mod embedded;
mod exit;
mod figure_args;
mod fitting;
mod forecast_command;
mod forecast_job;
mod history_recorder;
mod known_past;
mod limits;
mod on_alert;
mod opened;
mod options;
mod output_folder;
mod program;
mod progress;
mod question;
mod render;
mod rules;
mod scenario_source;
mod session;
mod shard;
mod terminal;

pub use program::main;

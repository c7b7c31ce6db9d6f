//! The command line: the only place that knows terminal, clock, environment, disk and exit codes.

mod baseline;
mod checkpoints;
mod clock;
mod commands;
mod crm_export;
mod disk;
mod exit;
mod figure_args;
mod fitting;
mod forecast_command;
mod forecast_job;
mod history_recorder;
mod limits;
mod on_alert;
mod options;
mod output_folder;
mod program;
mod progress;
mod render;
mod rules;
mod scenario_source;
mod shard;
mod terminal;

pub use program::main;

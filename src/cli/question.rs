//! A command that asks something: it plays, and finds an analysis, which is written and printed, or given to the program that asked.

use std::path::PathBuf;
use std::process::ExitCode;

use super::exit::Failure;
use super::options::{OutputOptions, SimulationOptions};
use super::output_folder::{Found, default_folder, publish};
use super::scenario_source::ScenarioSource;
use super::session::Session;
use crate::engine::Execution;

/// The folder for what is asked of a scenario: that which was named, else one below output/, named after the scenario's series with an ending.
pub(super) fn folder(simulation: &SimulationOptions, source: &ScenarioSource, ending: &str) -> PathBuf {
    simulation.out.clone().unwrap_or_else(|| default_folder(&source.series(), ending))
}

/// The arguments of a command that asks something.
pub(super) trait Question {
    /// The folder for the results.
    fn out(&self) -> PathBuf;

    /// How they are made and shown.
    fn output(&self) -> &OutputOptions;

    /// Finds them; and the execution that they were found with, whose monitor may be asked to stop until they are written.
    fn find(&self, session: &Session) -> Result<(Box<dyn Found>, Execution), Failure>;

    /// Finds, writes and prints them.
    fn run(&self) -> Result<ExitCode, Failure> {
        let (found, execution) = self.find(&Session::default())?;
        publish(&*found, &self.out(), self.output(), &execution)
    }
}

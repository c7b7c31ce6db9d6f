//! Where a scenario comes from: its file, a sheet of inputs, single settings.

use std::path::{Path, PathBuf};

use clap::Args;

use super::disk::MOST_DOCUMENT_BYTES;
use super::exit::Failure;
use crate::scenario::{Faults, Scenario, Setting, load, read_inputs};

/// No file that is read is as large; reading one would only fill memory.
const MOST_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// The scenario file and what is laid over it.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// The scenario file
    pub(super) scenario: PathBuf,
    /// Set a field of the scenario: --set regions.europe.conversion.mean=0.27
    #[arg(long, value_name = "PATH=VALUE")]
    pub(super) set: Vec<String>,
    /// Set the fields that a sheet lists (CSV: path, value or low/mode/high or another range, source, note); `revcast template` writes one
    #[arg(long, value_name = "INPUTS.csv")]
    pub(super) set_file: Vec<PathBuf>,
}

impl Source {
    /// Reads the scenario: the file, then the sheets, then the single settings, then `last`.
    pub(super) fn read(&self, last: Vec<Setting>) -> Result<Scenario, Failure> {
        let mut settings = Vec::new();
        for file in &self.set_file {
            settings.extend(read_inputs(&file.display().to_string(), &bytes(file)?)?);
        }
        settings.extend(typed("--set", &self.set)?);
        settings.extend(last);
        Ok(read(&self.scenario, &settings)?)
    }
}

/// Reads a scenario with settings laid over it.
pub(super) fn read(scenario: &Path, settings: &[Setting]) -> Result<Scenario, Faults> {
    load(scenario, settings, &open)
}

/// What an option such as --set sets.
pub(super) fn typed(option: &str, given: &[String]) -> Result<Vec<Setting>, Failure> {
    let one = |set: &String| {
        let Some((path, value)) = set.split_once('=') else {
            return Err(Failure::Option {
                option: format!("{option} {set}"),
                found: "no =".to_owned(),
                allowed: "PATH=VALUE".to_owned(),
                hint: format!("for example {option} regions.europe.conversion.mean=0.27"),
            });
        };
        Ok(Setting { option: format!("{option} {set}"), path: path.trim().to_owned(), value: value.trim().to_owned() })
    };
    given.iter().map(one).collect()
}

/// The bytes of a table that an option names.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    open(file).map_err(|error| unreadable(file, &error, "a CSV file that can be read"))
}

/// The bytes of a document that a run wrote.
pub(super) fn document(file: &Path) -> Result<Vec<u8>, Failure> {
    let allowed = "the forecast.json that a run wrote";
    open_up_to(file, MOST_DOCUMENT_BYTES).map_err(|error| unreadable(file, &error, allowed))
}

fn unreadable(file: &Path, error: &std::io::Error, allowed: &str) -> Failure {
    Failure::Option {
        option: file.display().to_string(),
        found: if error.kind() == std::io::ErrorKind::NotFound { "no such file".to_owned() } else { error.to_string() },
        allowed: allowed.to_owned(),
        hint: "paths are relative to the folder that the command is run in; pipes are not read".to_owned(),
    }
}

fn open(path: &Path) -> std::io::Result<Vec<u8>> {
    open_up_to(path, MOST_FILE_BYTES)
}

fn open_up_to(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    if metadata.len() > most {
        return Err(std::io::Error::other(format!(
            "it has {} MB; nothing that is read here is that large",
            metadata.len() >> 20
        )));
    }
    std::fs::read(path)
}

//! What is laid over a scenario file: sheets of inputs, single settings, the last day.

use std::path::PathBuf;

use clap::Args;

use super::exit::Failure;
use super::opened::bytes;
use crate::scenario::{Setting, read_inputs};

/// What is laid over a scenario file.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Changes {
    /// Set a field of the scenario: --set regions.europe.conversion.mean=0.27, or multiply what it holds: --set 'regions.*.conversion*=1.08'
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Set the fields that a sheet lists (CSV: path, value or low/mode/high or another range, source, note); `revcast template` writes one
    #[arg(long, value_name = "INPUTS.csv")]
    set_file: Vec<PathBuf>,
    /// End the forecast on a day of its last month, whatever the scenario says: leads arrive and deals close until then. Of regions that are
    /// decided day by day alone
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
}

impl Changes {
    /// The sheets, then the single settings, then the last day.
    pub(super) fn settings(&self) -> Result<Vec<Setting>, Failure> {
        let mut settings = Vec::new();
        for file in &self.set_file {
            settings.extend(read_inputs(&file.display().to_string(), &bytes(file)?)?);
        }
        settings.extend(parse_settings("--set", &self.set)?);
        settings.extend(self.until.iter().map(|day| Setting {
            option: format!("--until {day}"),
            path: "until".to_owned(),
            value: day.clone(),
        }));
        Ok(settings)
    }

    /// Whether anything is changed.
    pub(super) fn are_any(&self) -> bool {
        !self.set.is_empty() || !self.set_file.is_empty() || self.until.is_some()
    }
}

/// The settings that an option such as --set gives as PATH=VALUE.
pub(super) fn parse_settings(option: &str, given: &[String]) -> Result<Vec<Setting>, Failure> {
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

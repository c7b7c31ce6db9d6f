//! The baseline of a forecast: the earlier run that it is compared with, as `--since` names it.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use jiff::civil::Date;

use super::exit::Failure;
use super::known_past::KnownPast;
use super::opened::document;
use super::progress::note;
use super::render::DOCUMENT;
use crate::analysis::{Answer, Baseline};

/// An earlier run, as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// No run: nothing is compared.
    Never,
    /// The one whose files lie where the new ones will.
    Last,
    /// The newest one of a day or before it, as the history has it.
    Day(Date),
    /// The one that wrote this forecast.json.
    File(PathBuf),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Since, String> {
        match (text, text.parse()) {
            ("none", _) => Ok(Since::Never),
            ("last", _) => Ok(Since::Last),
            (_, Ok(day)) => Ok(Since::Day(day)),
            (file, _) if Path::new(file).exists() => Ok(Since::File(file.into())),
            _ => Err("no such file; last, none, a day such as 2027-03-01, or the forecast.json of a run".to_owned()),
        }
    }
}

impl Since {
    /// Finds the run; `out` is where the new files will lie. That there is no last run is no fault.
    pub(super) fn baseline(
        &self,
        out: &Path,
        quiet: bool,
        past_runs: &dyn KnownPast,
        series: &str,
    ) -> Result<Option<Baseline>, Failure> {
        match self {
            Since::Never => Ok(None),
            Since::Day(day) => {
                let found = past_runs.baseline_at(series, *day)?;
                if found.is_none() && !quiet {
                    note(&format!("the history has no run of {series} up to {day}, so nothing is said of what moved"));
                }
                Ok(found)
            }
            Since::File(file) if file.is_dir() => read(&file.join(DOCUMENT)).map(Some),
            Since::File(file) => read(file).map(Some),
            Since::Last => {
                let file = out.join(DOCUMENT);
                if file.exists() {
                    let past = read(&file)?;
                    let ran = past_runs.previous_run(series, &past.manifest, None);
                    return Ok(Some(Baseline { ran, ..past }));
                }
                if !quiet {
                    note(&format!(
                        "there is no run before this one in {}, so nothing is said of what moved",
                        out.display()
                    ));
                }
                Ok(None)
            }
        }
    }
}

fn read(file: &Path) -> Result<Baseline, Failure> {
    let answer = Answer::read(&file.display().to_string(), &document(file)?)?;
    Ok(Baseline::from(&answer.forecast))
}

//! Whether and where a run is written down in a history.

use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::Failure;
use crate::forecast::Forecast;

/// What `revcast run` takes for it.
#[derive(Debug, Args)]
pub(super) struct Remembering {
    /// Write runs down in this history [default: history.sqlite in output/ or in the batch's folder; none for a run with --out]
    #[arg(long, value_name = "FILE", conflicts_with = "no_history")]
    history: Option<PathBuf>,
    /// Do not write the run down
    #[arg(long)]
    no_history: bool,
}

/// The series that runs of a scenario file belong to: what their folder in output/ is named after.
pub(super) fn series(scenario: &Path) -> String {
    scenario.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(feature = "history")]
pub(super) use kept::Keeping;
#[cfg(not(feature = "history"))]
pub(super) use not_kept::Keeping;

/// With a history.
#[cfg(feature = "history")]
mod kept {
    use std::fs;
    use std::path::{Path, PathBuf};

    use jiff::Timestamp;
    use jiff::civil::Date;

    use super::{Failure, Forecast, Remembering};
    use crate::analysis::Past;
    use crate::cli::now::{now, told};
    use crate::forecast::Manifest;
    use crate::history::{Entry, History, HistoryError, RunId};

    /// Writes runs down, in a history or nowhere.
    #[derive(Debug)]
    pub(in crate::cli) struct Keeping {
        path: Option<PathBuf>,
        /// The time that stands for now, where one is told.
        told: Option<Timestamp>,
    }

    impl Keeping {
        /// As asked; where no history is named, in the `usual` one, if there is such.
        pub(in crate::cli) fn new(remembering: &Remembering, usual: Option<PathBuf>) -> Result<Keeping, Failure> {
            let path = remembering.history.clone().or(usual).filter(|_| !remembering.no_history);
            Ok(Keeping { path, told: told()? })
        }

        /// The time that runs are written down with.
        pub(in crate::cli) fn now(&self) -> Timestamp {
            now(self.told)
        }

        /// The newest run of a series made on a day or before it.
        pub(in crate::cli) fn before(&self, series: &str, day: Date) -> Result<Option<Past>, Failure> {
            let Some(path) = &self.path else {
                return Err(Failure::Option {
                    option: format!("--since {day}"),
                    found: "no history to look in".to_owned(),
                    allowed: "a day, where there is a history of runs".to_owned(),
                    hint: "name it with --history FILE, or give the forecast.json of an earlier run".to_owned(),
                });
            };
            Ok(History::read(path)?.past(series, Some(day))?.map(|found| found.past))
        }

        /// When a run was made whose files were found, if the history knows; `night` is that of the runs being made now.
        pub(in crate::cli) fn ran(&self, series: &str, manifest: &Manifest, night: Option<&str>) -> Option<String> {
            let path = self.path.as_ref().filter(|path| path.exists())?;
            // What is wrong with the history is said when the run is written down.
            History::read(path).and_then(|history| history.ran(series, manifest, night)).ok()?
        }

        /// Writes a run down and then puts its files in place, in this order: a run that is seen on disk is in the history, however the
        /// program ends. Where the files cannot be put in place, the run is taken out again. Where the history cannot be
        /// written, that is said, and the run has succeeded all the same.
        pub(in crate::cli) fn around(
            &self,
            series: &str,
            night: Option<&str>,
            forecast: &Forecast,
            warn: &dyn Fn(&str),
            put_in_place: impl FnOnce() -> Result<(), Failure>,
        ) -> Result<(), Failure> {
            let Some(path) = &self.path else { return put_in_place() };
            let kept = append(path, &Entry { series, at: now(self.told), night, forecast });
            if let Err(error) = &kept {
                warn(&missing(error));
            }
            let placed = put_in_place();
            if let (Err(_), Ok((mut history, run))) = (&placed, kept)
                && let Err(error) = history.remove(run)
            {
                warn(&format!("warning: run {run} stays in the history though it failed: {error}"));
            }
            placed
        }

        /// Writes down a run of a night whose files are in place, unless that was done before them, as it is where the history could be
        /// written then.
        pub(in crate::cli) fn ensure(&self, series: &str, night: &str, forecast: &Forecast, warn: &dyn Fn(&str)) {
            let Some(path) = &self.path else { return };
            let ensured = opened(path).and_then(|mut history| {
                if !history.has(series, night)? {
                    history.append(&Entry { series, at: now(self.told), night: Some(night), forecast })?;
                }
                Ok(())
            });
            if let Err(error) = ensured {
                warn(&missing(&error));
            }
        }
    }

    fn missing(error: &HistoryError) -> String {
        format!("warning: this run is not in the history: {error}; {}", error.hint())
    }

    fn opened(path: &Path) -> Result<History, HistoryError> {
        if let Some(folder) = path.parent() {
            // Where this fails, so does what follows, and says why.
            let _ = fs::create_dir_all(folder);
        }
        History::open(path)
    }

    fn append(path: &Path, entry: &Entry<'_>) -> Result<(History, RunId), HistoryError> {
        let mut history = opened(path)?;
        let run = history.append(entry)?;
        Ok((history, run))
    }
}

/// Without one.
#[cfg(not(feature = "history"))]
mod not_kept {
    use std::path::PathBuf;

    use jiff::Timestamp;
    use jiff::civil::Date;

    use super::{Failure, Forecast, Remembering};
    use crate::analysis::Past;
    use crate::cli::unavailable::unavailable;
    use crate::forecast::Manifest;

    /// Writes no run down.
    #[derive(Debug)]
    pub(in crate::cli) struct Keeping;

    impl Keeping {
        /// Refuses to write runs down where that is asked for.
        pub(in crate::cli) fn new(remembering: &Remembering, _: Option<PathBuf>) -> Result<Keeping, Failure> {
            match &remembering.history {
                Some(file) if !remembering.no_history => Err(unavailable(&format!("--history {}", file.display()))),
                _ => Ok(Keeping),
            }
        }

        /// The time.
        pub(in crate::cli) fn now(&self) -> Timestamp {
            Timestamp::now()
        }

        /// Refuses to look for a run by its day.
        pub(in crate::cli) fn before(&self, _series: &str, day: Date) -> Result<Option<Past>, Failure> {
            Err(unavailable(&format!("--since {day}")))
        }

        /// Nobody knows.
        pub(in crate::cli) fn ran(&self, _series: &str, _: &Manifest, _night: Option<&str>) -> Option<String> {
            None
        }

        /// Puts the files of a run in place.
        pub(in crate::cli) fn around(
            &self,
            _series: &str,
            _night: Option<&str>,
            _forecast: &Forecast,
            _warn: &dyn Fn(&str),
            put_in_place: impl FnOnce() -> Result<(), Failure>,
        ) -> Result<(), Failure> {
            put_in_place()
        }

        /// Does nothing.
        pub(in crate::cli) fn ensure(&self, _series: &str, _night: &str, _: &Forecast, _warn: &dyn Fn(&str)) {}
    }
}

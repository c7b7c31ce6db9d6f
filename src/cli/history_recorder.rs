//! Records runs in a history, and finds earlier ones in it.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use super::clock::{now, overridden_clock};
use super::exit::Failure;
use super::known_past::{KnownPast, no_history};
use super::scenario_source::Plan;
use crate::analysis::Baseline;
use crate::documents::{KnownAmount, Manifest};
use crate::forecast::Forecast;
use crate::model::Model;
use crate::scenario::Scenario;
use crate::units::{Fault, Faults, Horizon};

/// The options of whether, and in which history, a run is recorded.
#[derive(Debug, Args)]
pub(super) struct HistoryOptions {
    /// Write runs down in this history [default: history.sqlite in output/ or in the batch's folder; none for a run with --out]
    #[arg(long, value_name = "FILE", conflicts_with = "no_history")]
    history: Option<PathBuf>,
    /// Do not write the run down
    #[arg(long)]
    no_history: bool,
}

/// Records runs in a history, or nowhere.
#[derive(Debug)]
pub(super) struct HistoryRecorder {
    history: Option<HistoryFile>,
    /// Whether runs are written down, not only looked up.
    records: bool,
    /// The time that stands for now, where the environment has one.
    overridden_clock: Option<Timestamp>,
}

impl HistoryRecorder {
    /// Makes a recorder as the options ask; where they name no history, it is the `usual` one, if there is such.
    pub(super) fn new(options: &HistoryOptions, usual: Option<PathBuf>) -> Result<HistoryRecorder, Failure> {
        let history = match (options.no_history, &options.history) {
            (true, _) => None,
            (false, Some(path)) => Some(HistoryFile::named(path.clone())?),
            (false, None) => usual.and_then(HistoryFile::usual),
        };
        Ok(HistoryRecorder { history, records: true, overridden_clock: overridden_clock()? })
    }

    /// The same for a run that is apart from the record: earlier runs are found, and none is written down.
    pub(super) fn without_record(self) -> HistoryRecorder {
        HistoryRecorder { records: false, ..self }
    }

    /// The time that runs are recorded with.
    pub(super) fn now(&self) -> Timestamp {
        now(self.overridden_clock)
    }

    /// Records a run and then puts its files in place, in this order: a run that is seen on disk is in the history, however the
    /// program ends. Where the files cannot be put in place, the run is taken out again. Where the history cannot be
    /// written, that is said, and the run has succeeded all the same.
    pub(super) fn record(
        &self,
        series: &str,
        night: Option<&str>,
        forecast: &Forecast,
        warn: &dyn Fn(&str),
        put_in_place: impl FnOnce() -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some(history) = self.history.as_ref().filter(|_| self.records) else { return put_in_place() };
        let recorded = history.append(series, self.now(), night, forecast);
        if let Err(why) = &recorded {
            warn(why);
        }
        let placed = put_in_place();
        if let (Err(_), Ok(run)) = (&placed, recorded)
            && let Err(why) = run.remove()
        {
            warn(&why);
        }
        placed
    }

    /// Records a run of a night whose files are in place, unless that was done before them, as it is where the history could be
    /// written then.
    pub(super) fn ensure_recorded(&self, series: &str, night: &str, forecast: &Forecast, warn: &dyn Fn(&str)) {
        let recorded = self.history.as_ref().map_or(Ok(()), |history| {
            if history.has(series, night)? {
                Ok(())
            } else {
                history.append(series, self.now(), Some(night), forecast).map(drop)
            }
        });
        if let Err(why) = recorded {
            warn(&why);
        }
    }
}

impl KnownPast for HistoryRecorder {
    fn actuals(&self, series: &str, plan: &Plan) -> Result<Vec<KnownAmount>, Faults> {
        let Plan { scenario, model } = plan;
        let known = self.history.as_ref().map_or_else(Vec::new, |history| history.actuals(series, &model.horizon));
        let of_model = |known: &KnownAmount| model.scopes.iter().any(|scope| scope.key == known.scope);
        let known: Vec<KnownAmount> = known.into_iter().filter(of_model).collect();
        let faults: Vec<Fault> = known.iter().filter_map(|known| disagreement(known, scenario, model)).collect();
        if faults.is_empty() { Ok(known) } else { Err(Faults::Fields(faults)) }
    }

    fn baseline_at(&self, series: &str, day: Date) -> Result<Option<Baseline>, Failure> {
        let Some(history) = &self.history else {
            return Err(no_history(day));
        };
        history.baseline_at(series, day)
    }

    fn previous_run(&self, series: &str, manifest: &Manifest, night: Option<&str>) -> Option<String> {
        self.history.as_ref()?.previous_run(series, manifest, night)
    }
}

/// Where what `revcast actual` was told is not what the scenario's own actuals say: both figures.
fn disagreement(known: &KnownAmount, scenario: &Scenario, model: &Model) -> Option<Fault> {
    let own = model.known_amount(known.metric, &known.scope, &known.period)?;
    // Sums of the same amounts may differ in their last bits.
    if (own - known.amount).abs() <= 1e-9 * own.abs().max(known.amount.abs()) {
        return None;
    }
    let say = |x: f64| known.metric.exact(&scenario.currency, x);
    let table = scenario.data.iter().find(|data| data.section == "actuals").map_or(&scenario.file, |data| &data.file);
    Some(Fault {
        file: table.clone(),
        path: "actuals".to_owned(),
        found: format!("{} of {} in {}: {}", known.metric.name(), known.scope, known.period, say(own)),
        allowed: format!("{}, which `revcast actual` was told", say(known.amount)),
        hint: "correct the one or the other: revcast actual SERIES --file writes down what the scenario has".to_owned(),
    })
}

use file::HistoryFile;

/// The history, as far as a recorder needs it. What goes wrong in it is a warning, in words.
mod file {
    use std::fs;
    use std::path::PathBuf;

    use jiff::Timestamp;
    use jiff::civil::Date;

    use super::{Baseline, Failure, Forecast, Horizon, KnownAmount, Manifest};
    use crate::analysis::{Actual, span_of};
    use crate::history::{Entry, History, HistoryError, RunId};

    /// The file of a history, which is made with the first run that is recorded.
    #[derive(Debug)]
    pub(super) struct HistoryFile(PathBuf);

    /// A run that was just recorded.
    pub(super) struct Recorded {
        history: History,
        run: RunId,
    }

    impl HistoryFile {
        pub(super) fn named(path: PathBuf) -> Result<HistoryFile, Failure> {
            Ok(HistoryFile(path))
        }

        pub(super) fn usual(path: PathBuf) -> Option<HistoryFile> {
            Some(HistoryFile(path))
        }

        pub(super) fn baseline_at(&self, series: &str, day: Date) -> Result<Option<Baseline>, Failure> {
            Ok(History::read(&self.0)?.past(series, Some(day))?.map(|found| found.past))
        }

        pub(super) fn previous_run(&self, series: &str, manifest: &Manifest, night: Option<&str>) -> Option<String> {
            // What is wrong with the history is said when the run is recorded.
            History::read(&self.0).and_then(|history| history.ran(series, manifest, night)).ok()?
        }

        pub(super) fn actuals(&self, series: &str, horizon: &Horizon) -> Vec<KnownAmount> {
            let last = horizon.last();
            let inside = |period: &str| {
                span_of(period, horizon).is_some_and(|(from, to, _)| from >= horizon.start && to <= last)
            };
            // What is wrong with the history is said when the run is recorded.
            let known = History::read(&self.0).and_then(|history| history.actuals(series)).unwrap_or_default();
            let known = known.into_iter().filter(|actual| inside(&actual.period));
            let amount = |Actual { metric, scope, period, amount, .. }| KnownAmount { metric, scope, period, amount };
            known.map(amount).collect()
        }

        pub(super) fn append(
            &self,
            series: &str,
            at: Timestamp,
            night: Option<&str>,
            forecast: &Forecast,
        ) -> Result<Recorded, String> {
            let mut history = self.open()?;
            let run = history.append(&Entry { series, at, night, forecast }).map_err(|error| missing(&error))?;
            Ok(Recorded { history, run })
        }

        pub(super) fn has(&self, series: &str, night: &str) -> Result<bool, String> {
            self.open()?.has(series, night).map_err(|error| missing(&error))
        }

        fn open(&self) -> Result<History, String> {
            if let Some(folder) = self.0.parent() {
                // Where this fails, so does what follows, and says why.
                let _ = fs::create_dir_all(folder);
            }
            History::open(&self.0).map_err(|error| missing(&error))
        }
    }

    impl Recorded {
        pub(super) fn remove(mut self) -> Result<(), String> {
            let run = self.run;
            self.history
                .remove(run)
                .map_err(|error| format!("warning: run {run} stays in the history though it failed: {error}"))
        }
    }

    fn missing(error: &HistoryError) -> String {
        format!("warning: this run is not in the history: {error}; {}", error.hint())
    }
}

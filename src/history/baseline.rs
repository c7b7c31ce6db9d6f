//! The baseline: an earlier run with what it takes to explain how a forecast moved since.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use super::append::written;
use super::rows::Cells;
use super::{History, HistoryError, RunId};
use crate::analysis::{Baseline, BaselineTarget};
use crate::documents::Manifest;
use crate::units::{Currency, Horizon};

/// A run as the history recorded it.
#[derive(Clone, Debug)]
pub struct RecordedRun {
    /// The number of the run.
    pub run: RunId,
    /// The time that it was made.
    pub at: Timestamp,
    /// The night that it belongs to, for nightly runs.
    pub night: Option<String>,
    /// The name of its scenario.
    pub name: String,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The months that were played.
    pub horizon: Horizon,
    /// What it said, and how to repeat it, scenario included; no files are listed.
    pub past: Baseline,
}

impl History {
    /// The newest run of a series; with a day, the newest of those made on that day or before it (UTC). The newest is the one written down
    /// last.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn past(&self, series: &str, on_or_before: Option<Date>) -> Result<Option<RecordedRun>, HistoryError> {
        // +at: by the index of the series, from its end, until one fits; that is the first one where no day is given.
        let query = "
            SELECT run.id, run.at, run.night, run.name, run.currency, run.start, run.months, run.fiscal_first_month,
                   run.version, run.scenario_hash, run.seed, run.trials, scenario.json, figure.metric, figure.scope, figure.period,
                   band.mean, band.sd, band.p5, band.p10, band.p25, band.p50, band.p75, band.p90, band.p95,
                   band.se_mean, band.se_sd, band.se_p5, band.se_p10, band.se_p25, band.se_p50, band.se_p75, band.se_p90, band.se_p95
            FROM run
            JOIN scenario ON scenario.id = run.scenario
            JOIN figure ON figure.id = run.main_figure
            LEFT JOIN band ON band.figure = figure.id AND band.run = run.id
            WHERE run.id = (SELECT id FROM run WHERE series = ?1 AND replaced_by IS NULL AND +at < ?2 ORDER BY id DESC LIMIT 1)";
        // Beyond all times, where no day is given.
        let before =
            on_or_before.and_then(|day| day.tomorrow().ok()).map_or_else(|| "~".to_owned(), |day| day.to_string());
        let found = self.rows(query, &[&series, &before], remembered)?;
        let Some(mut found) = found.into_iter().next() else { return Ok(None) };
        found.past.targets = self.targets_of(series, found.run)?;
        Ok(Some(found))
    }

    /// When a series was run with this outcome: the newest run with the same version, scenario, seed and trials that is not of `night`.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn ran(&self, series: &str, manifest: &Manifest, night: Option<&str>) -> Result<Option<String>, HistoryError> {
        let query = "
            SELECT at FROM run
            WHERE series = ?1 AND version = ?2 AND scenario_hash = ?3 AND seed = ?4 AND trials = ?5 AND night IS NOT ?6
            ORDER BY id DESC LIMIT 1";
        let (seed, trials) = (manifest.seed.to_string(), manifest.trials as i64);
        // A night without a name is none of those written down.
        let night = night.unwrap_or("-");
        let found = self.rows(
            query,
            &[&series, &manifest.version, &manifest.scenario_hash, &seed, &trials, &night],
            |cells| Ok(written(cells.time(0)?)),
        )?;
        Ok(found.into_iter().next())
    }

    /// Whether a series has its run of a night.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn has(&self, series: &str, night: &str) -> Result<bool, HistoryError> {
        let query = "SELECT 1 FROM run WHERE series = ?1 AND night = ?2 AND replaced_by IS NULL LIMIT 1";
        Ok(!self.rows(query, &[&series, &night], |_| Ok(()))?.is_empty())
    }

    fn targets_of(&self, series: &str, run: RunId) -> Result<Vec<BaselineTarget>, HistoryError> {
        let query = "
            SELECT target.name, figure.metric, figure.scope, figure.period, target.at_least, target.probability, target.se_probability
            FROM figure JOIN target ON target.figure = figure.id AND target.run = ?2
            WHERE figure.series = ?1 AND target.probability IS NOT NULL AND target.se_probability IS NOT NULL
            ORDER BY target.place";
        self.rows(query, &[&series, &run.0], |cells| {
            Ok(BaselineTarget {
                name: cells.get(0)?,
                figure: cells.figure(1)?,
                at_least: cells.get(4)?,
                probability: cells.estimate(5, 6)?,
            })
        })
    }
}

fn remembered(cells: &Cells<'_, '_>) -> Result<RecordedRun, HistoryError> {
    let horizon = cells.horizon(5)?;
    let scenario: Value = cells.parsed(12, "scenario", |text| serde_json::from_str(text).ok())?;
    let manifest = Manifest {
        data: Vec::new(),
        version: cells.get(8)?,
        scenario_hash: cells.get(9)?,
        seed: cells.seed(10)?,
        trials: cells.count(11)?,
        files: Vec::new(),
        scenario,
        actuals: Vec::new(),
    };
    let at = cells.time(1)?;
    let past = Baseline {
        ran: Some(written(at)),
        manifest,
        figure: cells.figure(13)?,
        bands: cells.bands(16, 25)?,
        targets: Vec::new(),
    };
    Ok(RecordedRun {
        run: RunId(cells.get(0)?),
        at,
        night: cells.get(2)?,
        name: cells.get(3)?,
        currency: cells.currency(4)?,
        horizon,
        past,
    })
}

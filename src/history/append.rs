//! Appends a run to the history, and removes it again.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::retention::retained;
use super::{History, HistoryError};
use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::units::digest;

/// A run to be written down.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// What is forecast again and again: the stem of the scenario's file.
    pub series: &'a str,
    /// The time of the run.
    pub at: Timestamp,
    /// Which night's run it is; it takes the place of an earlier run of the same series and night.
    pub night: Option<&'a str>,
    /// The forecast of the run.
    pub forecast: &'a Forecast,
}

/// The number of a run in its history: the order of writing down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub(super) i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl RunId {
    /// The number, as it stands in the column `run` of tables and views.
    pub fn number(self) -> i64 {
        self.0
    }
}

impl History {
    /// Writes a run down, all of it or nothing.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be written.
    pub fn append(&mut self, entry: &Entry<'_>) -> Result<RunId, HistoryError> {
        let failed = self.failed();
        let write = || -> rusqlite::Result<RunId> {
            let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let run = insert(&change, entry)?;
            change.commit()?;
            Ok(run)
        };
        let mut write = write;
        write().map_err(failed)
    }

    /// Takes a run out again whose files could not be put in place. A run of the same night whose place it took is back.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be written.
    pub fn remove(&mut self, run: RunId) -> Result<(), HistoryError> {
        let failed = self.failed();
        let mut write = || -> rusqlite::Result<()> {
            let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            delete(&change, run.0)?;
            change.execute("UPDATE run SET replaced_by = NULL WHERE replaced_by = ?1", [run.0])?;
            orphans(&change)?;
            change.commit()
        };
        write().map_err(failed)
    }
}

fn insert(change: &Transaction<'_>, entry: &Entry<'_>) -> rusqlite::Result<RunId> {
    let Entry { series, forecast, .. } = *entry;
    let manifest = &forecast.manifest;
    let main = &forecast.main;
    let figure = figure(change, series, main.metric, &main.scope, &main.period)?;
    let replaced = entry.night.map(|night| set_aside(change, series, night)).transpose()?.flatten();
    change.execute(
        "INSERT INTO run (series, at, night, name, version, scenario_hash, seed, trials, scenario, currency, start, months,
                          fiscal_first_month, main_figure)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            series,
            written(entry.at),
            entry.night,
            forecast.name,
            manifest.version,
            manifest.scenario_hash,
            manifest.seed.to_string(),
            manifest.trials as i64,
            scenario(change, &manifest.scenario.to_string())?,
            forecast.currency.code(),
            forecast.start.to_string(),
            forecast.months as i64,
            forecast.horizon().fiscal_first_month,
            figure,
        ],
    )?;
    let run = change.last_insert_rowid();
    if let Some(replaced) = replaced {
        change.execute("UPDATE run SET replaced_by = ?1 WHERE id = ?2", [run, replaced])?;
    }
    bands(change, series, run, forecast)?;
    targets(change, series, run, forecast)?;
    Ok(RunId(run))
}

/// Makes room for a run of a night. The one that was there is kept until the next time, so that it can come back; gives its number.
fn set_aside(change: &Transaction<'_>, series: &str, night: &str) -> rusqlite::Result<Option<i64>> {
    let mut old = change.prepare("SELECT id FROM run WHERE series = ?1 AND night = ?2 AND replaced_by IS NOT NULL")?;
    for id in old.query_map([series, night], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()? {
        delete(change, id)?;
    }
    let current = "SELECT id FROM run WHERE series = ?1 AND night = ?2 AND replaced_by IS NULL";
    let current: Option<i64> = change.query_row(current, [series, night], |row| row.get(0)).optional()?;
    if let Some(id) = current {
        // The number of the one to come is not known yet.
        change.execute("UPDATE run SET replaced_by = 0 WHERE id = ?1", [id])?;
    }
    Ok(current)
}

fn bands(change: &Transaction<'_>, series: &str, run: i64, forecast: &Forecast) -> rusqlite::Result<()> {
    let mut add = change.prepare(
        "INSERT INTO band VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
    )?;
    let mut known = Figures::new(change)?;
    for kept in retained(forecast) {
        let figure = known.figure(series, kept.metric, kept.scope, kept.period)?;
        add.raw_bind_parameter(1, figure)?;
        add.raw_bind_parameter(2, run)?;
        let estimates = kept.bands.columns();
        let values =
            estimates.map(|estimate| estimate.value).into_iter().chain(estimates.map(|estimate| estimate.error));
        for (place, value) in values.enumerate() {
            add.raw_bind_parameter(place + 3, value.filter(|x| x.is_finite()))?;
        }
        add.raw_execute()?;
    }
    Ok(())
}

fn targets(change: &Transaction<'_>, series: &str, run: i64, forecast: &Forecast) -> rusqlite::Result<()> {
    for (place, target) in (1_i64..).zip(&forecast.targets) {
        change.execute(
            "INSERT INTO target VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                figure(change, series, target.metric, &target.scope, &target.period)?,
                run,
                place,
                target.name,
                target.at_least,
                target.probability.known(),
                target.probability.error,
            ],
        )?;
    }
    Ok(())
}

/// The row of a scenario's text, made where it is new.
fn scenario(change: &Connection, json: &str) -> rusqlite::Result<i64> {
    let sha256 = digest(json.as_bytes());
    change.execute("INSERT OR IGNORE INTO scenario (sha256, json) VALUES (?1, ?2)", [sha256.as_str(), json])?;
    change.query_row("SELECT id FROM scenario WHERE sha256 = ?1", [sha256], |row| row.get(0))
}

fn figure(change: &Connection, series: &str, metric: Metric, scope: &str, period: &str) -> rusqlite::Result<i64> {
    Figures::new(change)?.figure(series, metric, scope, period)
}

/// The rows of figures, made where they are new.
struct Figures<'a> {
    find: rusqlite::Statement<'a>,
    add: rusqlite::Statement<'a>,
}

impl<'a> Figures<'a> {
    fn new(change: &'a Connection) -> rusqlite::Result<Figures<'a>> {
        Ok(Figures {
            find: change
                .prepare("SELECT id FROM figure WHERE series = ?1 AND metric = ?2 AND scope = ?3 AND period = ?4")?,
            add: change
                .prepare("INSERT INTO figure (series, metric, scope, period) VALUES (?1, ?2, ?3, ?4) RETURNING id")?,
        })
    }

    fn figure(&mut self, series: &str, metric: Metric, scope: &str, period: &str) -> rusqlite::Result<i64> {
        let key = [series, metric.key(), scope, period];
        match self.find.query_row(key, |row| row.get(0)).optional()? {
            Some(id) => Ok(id),
            None => self.add.query_row(key, |row| row.get(0)),
        }
    }
}

/// Takes a run out of all tables but those that others may share.
pub(super) fn delete(change: &Connection, run: i64) -> rusqlite::Result<()> {
    // Figure by figure, since that is how they lie.
    let own = "figure IN (SELECT figure.id FROM figure JOIN run ON run.series = figure.series WHERE run.id = ?1) AND run = ?1";
    change.execute(&format!("DELETE FROM band WHERE {own}"), [run])?;
    change.execute(&format!("DELETE FROM target WHERE {own}"), [run])?;
    change.execute("DELETE FROM run WHERE id = ?1", [run])?;
    Ok(())
}

/// Takes out scenarios that no run has any more.
pub(super) fn orphans(change: &Connection) -> rusqlite::Result<()> {
    change.execute("DELETE FROM scenario WHERE id NOT IN (SELECT scenario FROM run)", [])?;
    Ok(())
}

/// A time as it stands in the tables: to the second, so that texts sort as times do.
pub(super) fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

//! Prunes a history, and exports all of it.

use jiff::civil::Date;
use rusqlite::TransactionBehavior;

use super::append::orphans;
use super::rows::Cells;
use super::{History, HistoryError};
use crate::analysis::BaselineBand;
use crate::forecast::Bands;

/// The number of runs that pruning removed, and that it left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Runs that were taken out.
    pub runs: usize,
    /// Runs that are left.
    pub left: usize,
}

impl History {
    /// Takes out the runs made before a day (UTC), but for the newest of each series, and the space that they took. What happened stays.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be written.
    pub fn prune(&mut self, before: Date, series: Option<&str>) -> Result<Pruned, HistoryError> {
        let failed = self.failed();
        let mut write = || -> rusqlite::Result<Pruned> {
            let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let old = "SELECT id FROM run WHERE at < ?1 AND (?2 IS NULL OR series = ?2)
                       AND id NOT IN (SELECT max(id) FROM run WHERE replaced_by IS NULL GROUP BY series)";
            change.execute("CREATE TEMP TABLE old (id INTEGER PRIMARY KEY)", [])?;
            change.execute(&format!("INSERT INTO old {old}"), rusqlite::params![before.to_string(), series])?;
            // Those that were replaced by another run of the night were never counted as runs.
            let runs: i64 = change.query_row(
                "SELECT count(*) FROM run JOIN old ON old.id = run.id WHERE run.replaced_by IS NULL",
                [],
                |row| row.get(0),
            )?;
            for table in ["band", "target"] {
                change.execute(&format!("DELETE FROM {table} WHERE run IN (SELECT id FROM old)"), [])?;
            }
            change.execute("DELETE FROM run WHERE id IN (SELECT id FROM old)", [])?;
            orphans(&change)?;
            let left: i64 = change.query_row(
                "SELECT count(*) FROM run WHERE replaced_by IS NULL AND (?1 IS NULL OR series = ?1)",
                [series],
                |row| row.get(0),
            )?;
            change.execute("DROP TABLE old", [])?;
            change.commit()?;
            if runs > 0 {
                self.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")?;
            }
            Ok(Pruned { runs: runs.unsigned_abs() as usize, left: left.unsigned_abs() as usize })
        };
        write().map_err(failed)
    }

    /// Hands out all bands of all runs, of one series or of all, one at a time in the order of writing down; ends at the first error of
    /// `see`.
    ///
    /// # Errors
    /// Those of `see`, and [`HistoryError`] where the file cannot be read.
    pub fn each_band<E: From<HistoryError>>(
        &self,
        series: Option<&str>,
        mut see: impl FnMut(&BaselineBand) -> Result<(), E>,
    ) -> Result<(), E> {
        let columns = |before: &str| Bands::<f64>::COLUMNS.map(|name| format!("{before}{name}")).join(", ");
        let query = format!(
            "SELECT series, run, at, night, version, seed, trials, currency, metric, scope, period, {}, {},
                    at_least, probability, se_probability, actual
             FROM forecast_by_run WHERE series = ?1 AND run = ?2",
            columns(""),
            columns("se_")
        );
        // Run by run: bands lie by figure, and to sort all of them would take as much room again.
        let runs = "SELECT id, series FROM run WHERE replaced_by IS NULL AND (?1 IS NULL OR series = ?1) ORDER BY id";
        let runs = self.rows(runs, &[&series], |cells| Ok((cells.get::<i64>(0)?, cells.get::<String>(1)?)))?;
        let mut statement = self.connection.prepare(&query).map_err(self.failed())?;
        for (run, series) in runs {
            let mut rows = statement.query(rusqlite::params![series, run]).map_err(self.failed())?;
            while let Some(row) = rows.next().map_err(self.failed())? {
                see(&band(&self.cells(row))?)?;
            }
        }
        Ok(())
    }
}

fn band(cells: &Cells<'_, '_>) -> Result<BaselineBand, HistoryError> {
    Ok(BaselineBand {
        series: cells.get(0)?,
        run: cells.get(1)?,
        at: cells.get(2)?,
        night: cells.get(3)?,
        version: cells.get(4)?,
        seed: cells.seed(5)?,
        trials: cells.count(6)?,
        currency: cells.get(7)?,
        figure: cells.figure(8)?,
        bands: cells.bands(11, 20)?,
        at_least: cells.get(29)?,
        probability: cells.estimate(30, 31)?,
        actual: cells.get(32)?,
    })
}

//! Actuals: what happened, as far as somebody has said so.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::append::written;
use super::{History, HistoryError};
use crate::analysis::{Actual, Backtest, span_of};
use crate::model::FigureKey;
use crate::units::{Currency, Horizon, Month};

/// An actual amount, as somebody gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The figure that it is the amount of.
    pub key: FigureKey,
    /// How much it came to; `None` takes back what was given before.
    pub amount: Option<f64>,
    /// A remark on it.
    pub note: Option<String>,
}

impl History {
    /// Writes down what happened, all of it or nothing. What was given before for the same figure no longer holds, and is kept. Gives
    /// back what held until now, one answer for each.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be written.
    pub fn give(&mut self, series: &str, given: &[Given], at: Timestamp) -> Result<Vec<Option<f64>>, HistoryError> {
        let failed = self.failed();
        let mut write = || -> rusqlite::Result<Vec<Option<f64>>> {
            let change = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut before = Vec::with_capacity(given.len());
            for Given { key, amount, note } in given {
                let figure = params![series, key.metric.key(), key.scope, key.period];
                let held =
                    "SELECT amount FROM actual_now WHERE series = ?1 AND metric = ?2 AND scope = ?3 AND period = ?4";
                before.push(change.query_row(held, figure, |row| row.get(0)).optional()?);
                change.execute(
                    "INSERT INTO actual (series, metric, scope, period, amount, given, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![series, key.metric.key(), key.scope, key.period, amount, written(at), note],
                )?;
            }
            change.commit()?;
            Ok(before)
        };
        write().map_err(failed)
    }

    /// What is known to have happened, of every figure of a series.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn actuals(&self, series: &str) -> Result<Vec<Actual>, HistoryError> {
        let query = "SELECT metric, scope, period, amount, given, note FROM actual_now WHERE series = ?1
                     ORDER BY metric, scope, period";
        self.rows(query, &[&series], |cells| {
            let FigureKey { metric, scope, period, .. } = cells.figure(0)?;
            Ok(Actual { metric, scope, period, amount: cells.get(3)?, given: cells.time(4)?, note: cells.get(5)? })
        })
    }

    /// What the last run made before the period of `actual` began said of it: the last one by its own time, in `currency`, with the period of
    /// the same months as in `newest`.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn forecast_before(
        &self,
        series: &str,
        actual: &Actual,
        currency: &Currency,
        newest: &Horizon,
    ) -> Result<Option<Backtest>, HistoryError> {
        let Some((first, last, _)) = span_of(&actual.period, newest) else { return Ok(None) };
        let query = "
            SELECT run.id, run.at, band.p10, band.p50, band.p90, run.start, run.months, run.fiscal_first_month
            FROM figure
            JOIN run ON run.series = figure.series AND run.replaced_by IS NULL AND run.at < ?5 AND run.currency = ?6
            JOIN band ON band.figure = figure.id AND band.run = run.id AND band.p10 NOT NULL AND band.p50 NOT NULL AND band.p90 NOT NULL
            WHERE figure.series = ?1 AND figure.metric = ?2 AND figure.scope = ?3 AND figure.period = ?4
            ORDER BY run.at DESC, run.id DESC";
        let began = format!("{first}-01");
        let same = |horizon: &Horizon| months(&actual.period, horizon) == Some((first, last));
        let mut found = None;
        // Until one is found; most often that is the first.
        let mut statement = self.connection.prepare(query).map_err(self.failed())?;
        let key = params![series, actual.metric.key(), actual.scope, actual.period, began, currency.code()];
        let mut rows = statement.query(key).map_err(self.failed())?;
        while let (None, Some(row)) = (&found, rows.next().map_err(self.failed())?) {
            let cells = self.cells(row);
            if same(&cells.horizon(5)?) {
                found = Some(Backtest {
                    period: actual.period.clone(),
                    actual: actual.amount,
                    run: cells.get(0)?,
                    when: cells.time(1)?,
                    p10: cells.get(2)?,
                    p50: cells.get(3)?,
                    p90: cells.get(4)?,
                });
            }
        }
        Ok(found)
    }
}

fn months(period: &str, horizon: &Horizon) -> Option<(Month, Month)> {
    span_of(period, horizon).map(|(first, last, _)| (first, last))
}

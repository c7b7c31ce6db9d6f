//! Queries of the history: its series, and what each run forecast of a figure.

use jiff::Timestamp;
use rusqlite::types::FromSql;
use rusqlite::{Row, ToSql};

use super::{History, HistoryError};
use crate::analysis::{SeriesNow, Snapshot, TrendPoint, TrendTarget};
use crate::forecast::Bands;
use crate::model::FigureKey;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::{Currency, Horizon, Month};

impl History {
    /// The series, by name.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn series(&self) -> Result<Vec<SeriesNow>, HistoryError> {
        let query = "SELECT series, name, runs, first_at, last_at, currency, metric, scope, period, p50, se_p50
                     FROM series_now ORDER BY series";
        self.rows(query, &[], |cells| {
            Ok(SeriesNow {
                series: cells.get(0)?,
                name: cells.get(1)?,
                runs: cells.count(2)?,
                first: cells.time(3)?,
                last: cells.time(4)?,
                currency: cells.currency(5)?,
                figure: cells.figure(6)?,
                p50: cells.estimate(9, 10)?,
            })
        })
    }

    /// The figures that any run of a series has bands of.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn figures(&self, series: &str) -> Result<Vec<FigureKey>, HistoryError> {
        let query = "SELECT metric, scope, period FROM figure
                     WHERE series = ?1 AND EXISTS (SELECT 1 FROM band WHERE band.figure = figure.id) ORDER BY id";
        self.rows(query, &[&series], |cells| cells.figure(0))
    }

    /// What each run of a series said of a figure, in the order of writing down; a run that did not know it is there without numbers.
    ///
    /// # Errors
    /// [`HistoryError`] where the file cannot be read.
    pub fn snapshots(&self, series: &str, figure: &FigureKey) -> Result<Vec<Snapshot>, HistoryError> {
        // Of several targets of the figure the first one comes first, and the others are passed over below.
        let query = "
            SELECT run.id, run.at, run.night, run.version, run.seed, run.trials, run.scenario_hash, run.currency, run.start, run.months,
                   run.fiscal_first_month, band.mean, band.se_mean, band.p10, band.se_p10, band.p50, band.se_p50, band.p90, band.se_p90,
                   target.name, target.at_least, target.probability, target.se_probability
            FROM run
            LEFT JOIN band ON band.figure = ?2 AND band.run = run.id
            LEFT JOIN target ON target.figure = ?2 AND target.run = run.id
            WHERE run.series = ?1 AND run.replaced_by IS NULL
            ORDER BY run.id, target.place";
        let key: [&dyn ToSql; 4] = [&series, &figure.metric.key(), &figure.scope, &figure.period];
        let figure = "SELECT id FROM figure WHERE series = ?1 AND metric = ?2 AND scope = ?3 AND period = ?4";
        let figure: Option<i64> = self.rows(figure, &key, |cells| cells.get(0))?.pop();
        let mut found = self.rows(query, &[&series, &figure], |cells| cells.snapshot())?;
        found.dedup_by_key(|snapshot| snapshot.point.run);
        Ok(found)
    }

    /// The rows of a query, each read by `read`.
    pub(super) fn rows<T>(
        &self,
        query: &str,
        given: &[&dyn ToSql],
        read: impl Fn(&Cells<'_, '_>) -> Result<T, HistoryError>,
    ) -> Result<Vec<T>, HistoryError> {
        let mut found = Vec::new();
        self.each(query, given, |cells| {
            found.push(read(cells)?);
            Ok::<(), HistoryError>(())
        })?;
        Ok(found)
    }

    /// A row that can be read.
    pub(super) fn cells<'a, 'r>(&'a self, row: &'a Row<'r>) -> Cells<'a, 'r> {
        Cells { history: self, row }
    }

    /// The same, one row at a time; ends at the first error.
    pub(super) fn each<E: From<HistoryError>>(
        &self,
        query: &str,
        given: &[&dyn ToSql],
        mut see: impl FnMut(&Cells<'_, '_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.connection.prepare(query).map_err(self.failed())?;
        let mut rows = statement.query(given).map_err(self.failed())?;
        while let Some(row) = rows.next().map_err(self.failed())? {
            see(&self.cells(row))?;
        }
        Ok(())
    }
}

/// The cells of a row, read as what they are.
pub(super) struct Cells<'a, 'r> {
    history: &'a History,
    row: &'a Row<'r>,
}

impl Cells<'_, '_> {
    pub(super) fn get<T: FromSql>(&self, at: usize) -> Result<T, HistoryError> {
        self.row.get(at).map_err(self.history.failed())
    }

    pub(super) fn count(&self, at: usize) -> Result<usize, HistoryError> {
        let count: i64 = self.get(at)?;
        usize::try_from(count).map_err(|_| self.history.misread("count", &count.to_string()))
    }

    /// A text that `read` understands.
    pub(super) fn parsed<T>(&self, at: usize, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, HistoryError> {
        let text: String = self.get(at)?;
        read(&text).ok_or_else(|| self.history.misread(what, &text))
    }

    pub(super) fn time(&self, at: usize) -> Result<Timestamp, HistoryError> {
        self.parsed(at, "time", |text| text.parse().ok())
    }

    pub(super) fn currency(&self, at: usize) -> Result<Currency, HistoryError> {
        self.parsed(at, "currency", Currency::new)
    }

    pub(super) fn month(&self, at: usize) -> Result<Month, HistoryError> {
        self.parsed(at, "month", |text| text.parse().ok())
    }

    /// The metric that a key names.
    fn metric(&self, at: usize) -> Result<Metric, HistoryError> {
        self.parsed(at, "metric", |key| Metric::ALL.into_iter().find(|metric| metric.key() == key))
    }

    pub(super) fn seed(&self, at: usize) -> Result<u64, HistoryError> {
        self.parsed(at, "seed", |text| text.parse().ok())
    }

    /// A metric, a scope and a period in three cells.
    pub(super) fn figure(&self, at: usize) -> Result<FigureKey, HistoryError> {
        Ok(FigureKey { metric: self.metric(at)?, scope: self.get(at + 1)?, period: self.get(at + 2)? })
    }

    /// A number and its error.
    pub(super) fn estimate(&self, value: usize, error: usize) -> Result<Estimate, HistoryError> {
        Ok(Estimate { value: self.get(value)?, error: self.get(error)? })
    }

    /// Bands in nine cells, with their standard errors in nine others.
    pub(super) fn bands(&self, values: usize, errors: usize) -> Result<Bands<Estimate>, HistoryError> {
        let mut columns = [Estimate::UNKNOWN; 9];
        for (i, column) in columns.iter_mut().enumerate() {
            *column = self.estimate(values + i, errors + i)?;
        }
        Ok(Bands::from_columns(columns))
    }

    /// The first month, how many, and the month in which the fiscal year begins, in three cells.
    pub(super) fn horizon(&self, at: usize) -> Result<Horizon, HistoryError> {
        let fiscal: u32 = self.get(at + 2)?;
        let months = self.count(at + 1)?;
        // What is beyond these limits no run can have written.
        if !(1..=1_200).contains(&months) || !(1..=12).contains(&fiscal) {
            return Err(self.history.misread("horizon", &format!("{months} months, fiscal year from {fiscal}")));
        }
        Ok(Horizon { start: self.month(at)?, months, fiscal_first_month: fiscal })
    }

    fn snapshot(&self) -> Result<Snapshot, HistoryError> {
        let target = match (self.get::<Option<String>>(19)?, self.get::<Option<f64>>(20)?) {
            (Some(name), Some(at_least)) => Some(TrendTarget { name, at_least, chance: self.estimate(21, 22)? }),
            _ => None,
        };
        let point = TrendPoint {
            run: self.get(0)?,
            when: self.time(1)?,
            night: self.get(2)?,
            version: self.get(3)?,
            seed: self.seed(4)?,
            trials: self.count(5)?,
            scenario_hash: self.get(6)?,
            mean: self.estimate(11, 12)?,
            p10: self.estimate(13, 14)?,
            p50: self.estimate(15, 16)?,
            p90: self.estimate(17, 18)?,
            change: Estimate::UNKNOWN,
            target,
            unlike: Vec::new(),
        };
        Ok(Snapshot { point, currency: self.currency(7)?, horizon: self.horizon(8)? })
    }
}

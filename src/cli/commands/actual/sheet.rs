//! Actuals as a scenario names them, or as they are kept in a spreadsheet: region, metric, month (or any period), amount, note.

use std::collections::HashSet;

use super::forecasts::{Forecasts, MAX_AMOUNT, OVER, PERIODS};
use crate::history::{FigureKey, Given};
use crate::scenario::{Fault, Faults, Metric, RECORDED_ACTUALS, UnknownMetric};
use crate::tables::{TableRows, sort_by_row};
use crate::units::Typed;

/// What is read from a table.
pub(super) struct Actuals {
    /// One amount a row.
    pub(super) given: Vec<Given>,
    /// How many rows were left out: they are of the as-of day's month, of which only the beginning is known.
    pub(super) begun: usize,
}

/// Reads a table. Where no metric stands it is that of the newest run's main figure; where no region stands, the total.
pub(super) fn read(file: &str, bytes: &[u8], forecasts: &Forecasts) -> Result<Actuals, Faults> {
    let table = RECORDED_ACTUALS.read(file, bytes, Some(forecasts.newest.currency.clone()))?;
    let (mut actuals, mut seen) = (Actuals { given: Vec::new(), begun: 0 }, HashSet::new());
    let mut faults = table.faults.clone();
    for i in 0..table.rows.len() {
        let row = Row { table: &table, index: i, forecasts };
        if forecasts.is_begun(row.text("month")) {
            actuals.begun += 1;
            continue;
        }
        let metric = row.metric();
        let amount = row.amount(*metric.as_ref().unwrap_or(&Metric::Bookings));
        match (metric, row.scope(), row.period(), amount) {
            (Ok(metric), Ok(scope), Ok(period), Ok(Some(amount))) => {
                let key = FigureKey::new(metric, scope, period);
                if !seen.insert(key.clone()) {
                    let found = format!("{} of {} in {} a second time", metric.name(), key.scope, key.period);
                    faults.push(table.fault(i, "amount", found, "each amount once", ""));
                }
                let note = Some(row.text("note").to_owned()).filter(|note| !note.is_empty());
                actuals.given.push(Given { key, amount: Some(amount), note });
            }
            (metric, scope, period, amount) => {
                faults.extend([metric.err(), scope.err(), period.err(), amount.err()].into_iter().flatten());
            }
        }
    }
    if faults.is_empty() && actuals.given.is_empty() && actuals.begun == 0 {
        let (path, hint) = (String::new(), String::new());
        let (found, allowed) = ("no amount".to_owned(), "one amount a row".to_owned());
        faults.push(Fault { file: file.to_owned(), path, found, allowed, hint });
    }
    sort_by_row(&mut faults);
    if faults.is_empty() { Ok(actuals) } else { Err(Faults::Fields(faults)) }
}

/// A row, and the forecasts that it is held against.
struct Row<'a> {
    table: &'a TableRows,
    index: usize,
    forecasts: &'a Forecasts,
}

impl Row<'_> {
    fn text(&self, key: &str) -> &str {
        self.table.rows[self.index][key].as_str().unwrap_or_default()
    }

    fn fault(&self, key: &str, found: String, allowed: &str, hint: &str) -> Fault {
        self.table.fault(self.index, key, found, allowed, hint)
    }

    fn metric(&self) -> Result<Metric, Fault> {
        let text = self.text("metric");
        if text.is_empty() {
            return Ok(self.forecasts.newest.past.figure.metric);
        }
        text.parse().map_err(|e: UnknownMetric| self.fault("metric", format!("\"{text}\""), &e.allowed(), &e.hint()))
    }

    fn scope(&self) -> Result<String, Fault> {
        let text = self.text("region");
        let found = self.forecasts.scope(if text.is_empty() { "total" } else { text });
        found.map_err(|e| self.fault("region", format!("\"{text}\""), &e.allowed, &e.hint))
    }

    fn period(&self) -> Result<String, Fault> {
        let text = self.text("month");
        if let Some(found) = self.forecasts.not_over(text) {
            return Err(self.fault("month", found, OVER, ""));
        }
        let hint = "format the column as text, or as yyyy-mm";
        self.forecasts.period(text).ok_or_else(|| self.fault("month", format!("\"{text}\""), PERIODS, hint))
    }

    /// The amount; `None` where the cell could not be read, which is a fault already.
    fn amount(&self, metric: Metric) -> Result<Option<f64>, Fault> {
        let (typed, found) = (self.table.text(self.index, "amount"), self.table.rows[self.index]["amount"].as_f64());
        let fault = |found: String, allowed: &str, hint: &str| Err(self.fault("amount", found, allowed, hint));
        match found {
            Some(_) if metric.typed() == Typed::Amount && typed.ends_with('%') => {
                fault(format!("\"{typed}\""), "a number, such as 0.25 or 15000", "an amount is not a percentage")
            }
            Some(amount) if amount.abs() > MAX_AMOUNT => fault(format!("{amount:e}"), "-1e18 to 1e18", ""),
            None if typed.is_empty() => fault("nothing".to_owned(), "a number, such as 0.25 or 15000", ""),
            found => Ok(found),
        }
    }
}

//! Actuals as they are kept in a spreadsheet: period, metric, region, amount, note.

use std::collections::HashSet;

use super::forecasts::{Forecasts, MAX_AMOUNT, OVER, PERIODS};
use crate::history::{FigureKey, Given};
use crate::scenario::{Fault, Faults, Metric, UnknownMetric};
use crate::tables::{Row, Sheet};

const COLUMNS: [&str; 5] = ["period", "metric", "region", "amount", "note"];

/// Reads a sheet, one amount a row. Where no metric stands it is that of the newest run's main figure; where no region stands, the total.
pub(super) fn read(file: &str, bytes: &[u8], forecasts: &Forecasts) -> Result<Vec<Given>, Faults> {
    let known = |name: &str| COLUMNS.contains(&name);
    let sheet = Sheet::read(file, bytes, &["period", "amount"], &known, &COLUMNS.join(", "))?;
    let (mut given, mut faults, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for row in sheet.rows() {
        let metric = metric(&row, forecasts);
        let amount = amount(&row, *metric.as_ref().unwrap_or(&Metric::Bookings));
        match (metric, scope(&row, forecasts), period(&row, forecasts), amount) {
            (Ok(metric), Ok(scope), Ok(period), Ok(amount)) => {
                let key = FigureKey::new(metric, scope, period);
                if !seen.insert(key.clone()) {
                    let found = format!("{} of {} in {} a second time", metric.name(), key.scope, key.period);
                    faults.push(row.fault("amount", found, "each amount once", ""));
                }
                let note = Some(row.text("note").to_owned()).filter(|note| !note.is_empty());
                given.push(Given { key, amount: Some(amount), note });
            }
            (metric, scope, period, amount) => {
                faults.extend([metric.err(), scope.err(), period.err(), amount.err()].into_iter().flatten());
            }
        }
    }
    if faults.is_empty() && given.is_empty() {
        let (path, hint) = (String::new(), String::new());
        let (found, allowed) = ("no amount".to_owned(), "one amount a row".to_owned());
        faults.push(Fault { file: file.to_owned(), path, found, allowed, hint });
    }
    if faults.is_empty() { Ok(given) } else { Err(Faults::Fields(faults)) }
}

fn metric(row: &Row, forecasts: &Forecasts) -> Result<Metric, Fault> {
    let text = row.text("metric");
    if text.is_empty() {
        return Ok(forecasts.newest.past.figure.metric);
    }
    text.parse().map_err(|e: UnknownMetric| row.fault("metric", format!("\"{text}\""), &e.allowed(), &e.hint()))
}

fn scope(row: &Row, forecasts: &Forecasts) -> Result<String, Fault> {
    let text = row.text("region");
    let found = forecasts.scope(if text.is_empty() { "total" } else { text });
    found.map_err(|e| row.fault("region", format!("\"{text}\""), &e.allowed, &e.hint))
}

fn period(row: &Row, forecasts: &Forecasts) -> Result<String, Fault> {
    let text = row.text("period");
    if let Some(found) = forecasts.not_over(text) {
        return Err(row.fault("period", found, OVER, ""));
    }
    let fault = || row.fault("period", format!("\"{text}\""), PERIODS, "format the column as text, or as yyyy-mm");
    forecasts.period(text).ok_or_else(fault)
}

fn amount(row: &Row, metric: Metric) -> Result<f64, Fault> {
    let found = row.number("amount", metric.typed())?;
    if found.abs() <= MAX_AMOUNT {
        Ok(found)
    } else {
        Err(row.fault("amount", format!("{found:e}"), "-1e18 to 1e18", ""))
    }
}

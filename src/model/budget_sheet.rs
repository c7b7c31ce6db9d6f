//! A budget as it is kept in a spreadsheet: region, metric, month, amount.

use super::budget::Budget;
use super::types::Model;
use crate::scenario::{Fault, Faults, Metric, UnknownMetric};
use crate::tables::{Row, Sheet};

const COLUMNS: [&str; 4] = ["region", "metric", "month", "amount"];
const ALLOWED: &str = "region, metric, month, amount, note, source";

impl Budget {
    /// Reads a budget: one amount a row, of a region (its key or label), a tag (`segment=enterprise`) or the total (`total`, or
    /// nothing). Months outside the model's horizon are left out and counted.
    ///
    /// # Errors
    /// [`Faults`] of all rows.
    pub fn read(file: &str, bytes: &[u8], model: &Model) -> Result<Budget, Faults> {
        let known = |name: &str| COLUMNS.contains(&name) || ["note", "source"].contains(&name);
        let sheet = Sheet::read(file, bytes, &COLUMNS, &known, ALLOWED)?;
        let mut budget = Budget::default();
        let mut faults = Vec::new();
        for row in sheet.rows() {
            let (scope, metric, month) = (scope(&row, model), metric(&row), row.month("month"));
            let amount = amount(&row, *metric.as_ref().unwrap_or(&Metric::Bookings));
            match (scope, metric, month, amount) {
                (Ok(scope), Ok(metric), Ok(month), Ok(amount)) => {
                    if let Some(lacking) = model.lacking(metric) {
                        let found = format!("{} of a scenario without {lacking}", metric.name());
                        faults.push(row.fault("metric", found, "a metric that it has", ""));
                    }
                    if model.lacking(metric).is_none() && !model.has(metric) {
                        let found = format!("{}, which is not among the metrics asked for", metric.name());
                        let hint = "name it in --metrics, or simulation.metrics of the scenario";
                        faults.push(row.fault("metric", found, "a metric that is forecast", hint));
                    }
                    if metric.total_only(model.has_costs()) && scope != model.total() {
                        faults.push(row.fault(
                            "metric",
                            format!("{} of a part", metric.name()),
                            "the region total",
                            "it is known for the total only",
                        ));
                    }
                    match usize::try_from(month.since(model.horizon.start)) {
                        Ok(m) if m < model.horizon.months => {
                            if budget.set(model, metric, scope, m, amount).is_some() {
                                let found = format!(
                                    "{} of {} in {month} a second time",
                                    metric.name(),
                                    model.scopes[scope].key
                                );
                                faults.push(row.fault("amount", found, "each amount once", ""));
                            }
                        }
                        _ => budget.outside += 1,
                    }
                }
                (scope, metric, month, amount) => {
                    faults.extend([scope.err(), metric.err(), month.err(), amount.err()].into_iter().flatten());
                }
            }
        }
        if faults.is_empty() && budget.is_empty() {
            faults.push(Fault {
                file: file.to_owned(),
                path: String::new(),
                found: format!("no amount from {} to {}", model.horizon.start, model.horizon.last()),
                allowed: "amounts of months that the scenario plays".to_owned(),
                hint: String::new(),
            });
        }
        if faults.is_empty() { Ok(budget) } else { Err(Faults::Fields(faults)) }
    }
}

fn scope(row: &Row, model: &Model) -> Result<usize, Fault> {
    let text = row.text("region");
    if text.is_empty() {
        return Ok(model.total());
    }
    model.scope_named(text).map_err(|e| row.fault("region", format!("\"{text}\""), &e.allowed, &e.hint))
}

fn amount(row: &Row, metric: Metric) -> Result<f64, Fault> {
    let found = row.number("amount", metric.typed())?;
    if found.abs() <= 1e18 { Ok(found) } else { Err(row.fault("amount", format!("{found:e}"), "-1e18 to 1e18", "")) }
}

fn metric(row: &Row) -> Result<Metric, Fault> {
    let text = row.text("metric");
    text.parse().map_err(|e: UnknownMetric| row.fault("metric", format!("\"{text}\""), &e.allowed(), &e.hint()))
}

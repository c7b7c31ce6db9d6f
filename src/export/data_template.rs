//! The tables that a scenario names, before anybody has filled them in.

use super::csv_table::CsvTable;
use super::{CsvStyle, ExportError};
use crate::scenario::{Metric, Scenario, columns};

/// The table of a section (`actuals`, `pipeline` or `contracts`) with the names of its columns and no amounts. Of a scenario it leaves out
/// columns that its regions do not need, and `actuals` have a row for every amount that has to be given.
///
/// # Errors
/// [`ExportError::Csv`] when the table cannot be written.
pub fn data_template_csv(section: &str, scenario: Option<&Scenario>, style: CsvStyle) -> Result<Vec<u8>, ExportError> {
    let needed = |column: &&str| match (*column, scenario) {
        ("region", Some(scenario)) => section == "actuals" || scenario.regions.len() > 1,
        ("stage" | "stage_since", Some(scenario)) => scenario.regions.values().any(|region| region.stages.is_some()),
        _ => true,
    };
    let mut table = CsvTable::begin(style, Vec::new())?;
    for column in columns(section).filter(needed) {
        table.text(column)?;
    }
    table.end()?;
    for scenario in scenario.iter().filter(|_| section == "actuals") {
        for key in scenario.regions.keys() {
            for metric in [Metric::Bookings, Metric::Renewals] {
                for month in (0..scenario.known_months()).map(|m| scenario.start.plus(m)) {
                    for cell in [key, metric.key(), &month.to_string(), ""] {
                        table.text(cell)?;
                    }
                    table.end()?;
                }
            }
        }
    }
    table.finish()
}

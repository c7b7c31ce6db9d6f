//! What metrics, scopes and periods are called in the workbook.

use std::collections::BTreeMap;

use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::units::Frequency;
use crate::units::format::{capitalize, period_name};

/// The names of scopes by key, no two alike.
#[derive(Debug)]
pub(super) struct Names {
    scopes: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn of(forecast: &Forecast) -> Names {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for scope in &forecast.scopes {
            *times.entry(scope.label.clone()).or_default() += 1;
        }
        let name =
            |key: &str, label: &str| if times[label] > 1 { format!("{label} ({key})") } else { label.to_owned() };
        let scopes = forecast.scopes.iter().map(|s| (s.key.clone(), name(&s.key, &s.label))).collect();
        Names { scopes }
    }

    /// The name of a scope.
    pub(super) fn scope(&self, key: &str) -> String {
        self.scopes.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }
}

/// The name of a metric as the head of something: "Total bookings".
pub(super) fn metric(metric: Metric) -> String {
    capitalize(metric.name())
}

/// What a kind of period is called.
pub(super) fn every(every: Frequency) -> &'static str {
    match every {
        Frequency::Month => "Month",
        Frequency::Quarter => "Quarter",
        Frequency::Year => "Year",
        Frequency::FiscalQuarter => "Fiscal quarter",
        Frequency::FiscalYear => "Fiscal year",
        Frequency::Total => "Total",
        Frequency::Cumulative => "Cumulative",
        Frequency::Span => "Span",
    }
}

/// A period as people read it: "March 2027", "Q1 FY28", "every month".
pub(super) fn period(label: &str) -> String {
    match label {
        "each-month" => "every month".to_owned(),
        "each-quarter" => "every quarter".to_owned(),
        label => period_name(label),
    }
}

/// The head of the standard errors of what has the head `of`: no two columns of a sheet are called the same.
pub(super) fn error_of(of: &str) -> String {
    let mut letters = of.chars();
    // "P10" keeps its capital.
    let first = letters.next().filter(|_| letters.clone().next().is_some_and(char::is_lowercase));
    let of = first.map_or_else(|| of.to_owned(), |first| first.to_lowercase().chain(letters).collect());
    format!("Standard error of {of}")
}

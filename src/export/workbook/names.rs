//! What metrics, scopes and periods are called in the workbook.

use std::collections::BTreeMap;

use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::units::format::{brief_month, capitalize, period_name, plain, shorten};
use crate::units::{Frequency, Month};

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

/// A period where there is little room: "to Dec 2028", "every month".
pub(super) fn brief(forecast: &Forecast, label: &str) -> String {
    match label.strip_prefix("to ").and_then(|month| month.parse::<Month>().ok()) {
        Some(month) => format!("to {}", brief_month(month)),
        None if label == "total" => months_said(forecast),
        None => period(label),
    }
}

/// What the whole horizon is called.
pub(super) fn months_said(forecast: &Forecast) -> String {
    if forecast.months == 1 { "The one month".to_owned() } else { format!("All {} months", forecast.months) }
}

/// A name in a head: where it is long it is cut.
pub(super) fn short(name: &str) -> String {
    const LONGEST: usize = 30;
    shorten(&plain(name), LONGEST)
}

//! What metrics, scopes and periods are called in the workbook.

use std::collections::BTreeMap;

use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::units::Every;

/// The names of scopes by key, no two alike.
#[derive(Debug)]
pub(super) struct Names {
    scopes: BTreeMap<String, String>,
}

impl Names {
    pub(super) fn of(forecast: &Forecast) -> Names {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for scope in &forecast.scopes {
            *times.entry(capital(&scope.label)).or_default() += 1;
        }
        let name = |key: &str, label: String| if times[&label] > 1 { format!("{label} ({key})") } else { label };
        let scopes = forecast.scopes.iter().map(|s| (s.key.clone(), name(&s.key, capital(&s.label)))).collect();
        Names { scopes }
    }

    /// The name of a scope.
    pub(super) fn scope(&self, key: &str) -> String {
        self.scopes.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }
}

/// The name of a metric as the head of something: "Total bookings".
pub(super) fn metric(metric: Metric) -> String {
    capital(metric.name())
}

/// What a kind of period is called.
pub(super) fn every(every: Every) -> &'static str {
    match every {
        Every::Month => "Month",
        Every::Quarter => "Quarter",
        Every::Year => "Year",
        Every::FiscalQuarter => "Fiscal quarter",
        Every::FiscalYear => "Fiscal year",
        Every::Total => "Total",
        Every::Cumulative => "Cumulative",
        Every::Span => "Span",
    }
}

/// The first letter as a capital.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

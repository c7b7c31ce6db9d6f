//! Metrics by the names that people type.

use std::str::FromStr;

use thiserror::Error;

use super::metric::Metric;
use crate::units::closest;

/// A text that names no metric.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("\"{0}\" is no metric")]
pub struct UnknownMetric(pub String);

impl UnknownMetric {
    /// What could stand there.
    pub fn allowed(&self) -> String {
        format!("one of {}", Metric::ALL.map(Metric::key).join(", "))
    }

    /// What was perhaps meant; empty where nothing is like it.
    pub fn hint(&self) -> String {
        closest(&self.0, Metric::ALL.map(|metric| metric.key().to_owned()).iter())
    }
}

impl FromStr for Metric {
    type Err = UnknownMetric;

    /// Reads the key or the name of a metric, in capitals or not.
    fn from_str(text: &str) -> Result<Metric, UnknownMetric> {
        let named = |m: &Metric| m.key().eq_ignore_ascii_case(text) || m.name().eq_ignore_ascii_case(text);
        Metric::ALL.into_iter().find(named).ok_or_else(|| UnknownMetric(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_called_in_documents_as_in_tables() {
        for metric in Metric::ALL {
            assert_eq!(serde_json::to_value(metric).unwrap(), metric.key());
            assert_eq!((metric.key().parse(), metric.name().parse()), (Ok(metric), Ok(metric)));
        }
    }

    #[test]
    fn an_unknown_metric_is_told_what_there_is() {
        let error = "boking".parse::<Metric>().unwrap_err();
        assert!(error.allowed().starts_with("one of leads, won_deals"), "{}", error.allowed());
        assert!(error.hint().contains("bookings"), "{}", error.hint());
    }
}

//! How the bands of earlier forecasts held: what a scenario takes from a back-test.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The last forecasts of the next period, from a file of `revcast backtest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct BacktestRecord {
    /// The name of the file, relative to this one.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// What a period is: month or week.
    pub period: String,
    /// How many periods were forecast, none of which shares a day with another.
    pub periods: usize,
    /// How many of these lay inside the band that holds 8 futures in 10.
    pub inside: usize,
    /// How many would, at least and at most, in 95 % of cases if the bands were right.
    pub right: (usize, usize),
}

impl BacktestRecord {
    /// The record of the total's next month, or week; what is no back-test has none.
    pub fn read(file: &str, sha256: String, bytes: &[u8]) -> Option<BacktestRecord> {
        let document: Value = serde_json::from_slice(bytes).ok()?;
        if document["kind"] != "backtest" {
            return None;
        }
        let body = &document["body"];
        let period = body["step"].as_str()?;
        let horizon = format!("1 {period}");
        let of_total = |entry: &&Value| entry["scope"] == "total" && entry["horizon"] == horizon.as_str();
        let separate = &body["scores"].as_array()?.iter().find(of_total)?["separate"];
        let count = |value: &Value| value.as_u64().map(|n| n as usize);
        Some(BacktestRecord {
            file: file.to_owned(),
            sha256,
            period: period.to_owned(),
            periods: count(&separate["n"])?,
            inside: count(&separate["hits"]["80"])?,
            right: (count(&separate["right_hits"]["80"][0])?, count(&separate["right_hits"]["80"][1])?),
        })
    }
}

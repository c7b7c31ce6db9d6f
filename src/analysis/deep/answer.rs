//! The whole of `forecast.json`.

use serde::Serialize;

use super::document::Deep;
use crate::forecast::Forecast;

/// What a run answers, as it is written to `forecast.json`: the forecast, and beside it what was asked with `--deep`.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The forecast.
    #[serde(flatten)]
    pub forecast: Forecast,
    /// What takes further simulation; absent where it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deep: Option<Deep>,
}

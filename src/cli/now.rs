//! The clock, as far as results tell the time: what is written down in a history.

use jiff::Timestamp;

use super::exit::Failure;

/// The variable that stands for the clock.
const VARIABLE: &str = "REVCAST_NOW";

/// The time that the environment tells, for backfilling a history and for tests; `None` where it tells none.
pub(super) fn told() -> Result<Option<Timestamp>, Failure> {
    let Some(text) = std::env::var_os(VARIABLE).filter(|text| !text.is_empty()) else { return Ok(None) };
    let read = text.to_str().and_then(|text| text.parse().ok());
    read.map(Some).ok_or_else(|| Failure::Option {
        option: format!("the environment variable {VARIABLE}"),
        found: format!("\"{}\"", text.to_string_lossy()),
        allowed: "a time with its zone, such as 2027-03-01T02:00:00Z".to_owned(),
        hint: "unset it to use the clock".to_owned(),
    })
}

/// Now: the time that was told, else that of the clock.
pub(super) fn now(told: Option<Timestamp>) -> Timestamp {
    told.unwrap_or_else(Timestamp::now)
}

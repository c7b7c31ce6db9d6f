//! The clock: the time that a history records, and the time that the parts of a run take.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::exit::Failure;

/// The variable that stands for the clock.
const VARIABLE: &str = "REVCAST_NOW";

/// The time that the environment tells, for backfilling a history and for tests; `None` where it tells none.
pub(super) fn overridden_clock() -> Result<Option<Timestamp>, Failure> {
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
pub(super) fn now(overridden: Option<Timestamp>) -> Timestamp {
    overridden.unwrap_or_else(Timestamp::now)
}

/// The day of a moment, in UTC.
pub(super) fn today(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// Measures the time that each part of a run takes.
#[derive(Debug)]
pub(super) struct Stopwatch {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    pub(super) fn start() -> Stopwatch {
        Stopwatch { last: Instant::now(), laps: Vec::new() }
    }

    /// Ends a part, which began when the one before it ended.
    pub(super) fn lap(&mut self, part: &'static str) {
        let now = Instant::now();
        self.laps.push((part, now - self.last));
        self.last = now;
    }

    /// The parts with their times, as a line of text.
    pub(super) fn report(&self) -> String {
        let parts: Vec<String> =
            self.laps.iter().map(|(part, time)| format!("{part} {:.3} s", time.as_secs_f64())).collect();
        format!("time: {}", parts.join(", "))
    }
}

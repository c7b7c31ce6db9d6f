//! Histories for tests, made by hand.

use jiff::{SignedDuration, Timestamp};

use super::forecast::Sample;
use crate::analysis::{Actual, FigureInfo, Trend, TrendPoint, TrendTarget};
use crate::documents::Document;
use crate::scenario::Metric;
use crate::stats::Estimate;

/// What a test wants to see drawn.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Nights {
    pub(in crate::charts) runs: usize,
    /// From run to run.
    pub(in crate::charts) hours: i64,
    pub(in crate::charts) metric: Metric,
    /// The median of the first run.
    pub(in crate::charts) level: f64,
    /// How far P10 and P90 lie from the median, of 1.
    pub(in crate::charts) spread: f64,
    /// How much the median grows from run to run, of 1.
    pub(in crate::charts) drift: f64,
    /// What was booked in the end.
    pub(in crate::charts) actual: Option<f64>,
    /// The name of a target.
    pub(in crate::charts) target: Option<&'static str>,
    /// The name of everything; the total has none.
    pub(in crate::charts) name: &'static str,
}

impl Nights {
    /// Like the plan, night after night.
    pub(in crate::charts) const PLAN: Nights = Nights {
        runs: 12,
        hours: 24,
        metric: Metric::TotalBookings,
        level: 17.8e6,
        spread: 0.2,
        drift: 0.002,
        actual: None,
        target: Some("Year 1"),
        name: "",
    };
}

/// The history that was asked for.
pub(in crate::charts) fn nights(asked: &Nights) -> Document<Trend> {
    let sample = Sample { metric: asked.metric, months: 36, ..Sample::PLAIN };
    let head = sample.forecast().header.clone();
    let start: Timestamp = "2026-11-01T02:00:00Z".parse().unwrap();
    let size = asked.level.abs();
    let points = (0..asked.runs as i64).map(|i| {
        // A little up and down, so that a fan looks like one.
        let wave = 0.3 * asked.drift * f64::from(((i * 7919) % 11) as i32 - 5);
        let median = asked.level + size * (asked.drift * i as f64 + if i > 0 { wave } else { 0.0 });
        let of = |by: f64| Estimate { value: Some(median + by * size), error: Some(0.001 * size) };
        TrendPoint {
            run: i + 1,
            when: start + SignedDuration::from_hours(asked.hours * i),
            night: None,
            version: "0.1.0".to_owned(),
            seed: 1,
            trials: 10_000,
            scenario_hash: "0".repeat(64),
            mean: of(0.01),
            p10: of(-asked.spread),
            p50: of(0.0),
            p90: of(1.3 * asked.spread),
            change: Estimate::UNKNOWN,
            target: asked.target.map(|name| TrendTarget {
                name: name.to_owned(),
                at_least: asked.level,
                chance: Estimate { value: Some(0.47), error: Some(0.005) },
            }),
            unlike: Vec::new(),
        }
    });
    let scope = if asked.name.is_empty() { "total" } else { "dach" };
    let actual = asked.actual.map(|amount| Actual {
        metric: asked.metric,
        scope: scope.to_owned(),
        period: "2027".to_owned(),
        amount,
        given: start,
        note: None,
    });
    let figure = FigureInfo {
        metric: asked.metric,
        scope: scope.to_owned(),
        label: asked.name.to_owned(),
        period: "2027".to_owned(),
        target: None,
        at_least: None,
    };
    let found = Trend { series: "plan".to_owned(), figure, points: points.collect(), actual, accuracy: Vec::new() };
    Document::new(head, found)
}

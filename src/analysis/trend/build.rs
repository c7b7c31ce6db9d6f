//! A trend from what each run said.

use std::collections::BTreeMap;

use super::accuracy::Known;
use super::calendar::span_of;
use super::document::{Accuracy, Actual, Backtest, Discontinuity, Trend, TrendPoint};
use crate::analysis::FigureInfo;
use crate::stats::Estimate;
use crate::units::{Currency, Horizon};

/// What a run said of a figure, and what it takes to hold it against another run.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What it said; its change and what makes it unlike the run before are found here.
    pub point: TrendPoint,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The months that it played.
    pub horizon: Horizon,
}

impl Trend {
    /// Of runs in the order in which they were written down. `known` has what happened in any period of the figure's metric and scope, with
    /// what the last run before that period began said of it; `actual` is that of the figure's own period.
    pub fn new(
        series: &str,
        figure: FigureInfo,
        runs: Vec<Snapshot>,
        actual: Option<Actual>,
        known: &[(Actual, Option<Backtest>)],
    ) -> Trend {
        let newest = runs.last().map(|run| run.horizon);
        let mut points: Vec<TrendPoint> = Vec::with_capacity(runs.len());
        let mut before: Option<Snapshot> = None;
        // The last that knew the figure.
        let mut knew: Option<Snapshot> = None;
        for run in runs {
            let mut point = run.point.clone();
            point.unlike = before.as_ref().map_or_else(Vec::new, |before| unlike(before, &run, &figure.period));
            point.change = knew.as_ref().map_or(Estimate::UNKNOWN, |knew| change(knew, &run, &figure.period));
            points.push(point);
            if run.point.p50.value.is_some() {
                knew = Some(run.clone());
            }
            before = Some(run);
        }
        let accuracy = newest.map_or_else(Vec::new, |newest| accuracy(known, &newest));
        Trend { series: series.to_owned(), figure, points, actual, accuracy }
    }

    /// How many runs have a time before that of the run before them.
    pub fn clock_went_back(&self) -> usize {
        self.points.iter().filter(|point| point.unlike.contains(&Discontinuity::ClockWentBack)).count()
    }
}

/// Whether a period means the same months to two runs.
fn same_months(a: &Snapshot, b: &Snapshot, period: &str) -> bool {
    let months = |run: &Snapshot| span_of(period, &run.horizon).map(|(first, last, _)| (first, last));
    months(a) == months(b)
}

fn unlike(before: &Snapshot, run: &Snapshot, period: &str) -> Vec<Discontinuity> {
    let (a, b) = (&before.point, &run.point);
    let all = [
        (Discontinuity::Version, a.version != b.version),
        (Discontinuity::Seed, a.seed != b.seed),
        (Discontinuity::Trials, a.trials != b.trials),
        (Discontinuity::Currency, before.currency.code() != run.currency.code()),
        (Discontinuity::Months, !same_months(before, run, period)),
        (Discontinuity::ClockWentBack, b.when < a.when),
    ];
    all.into_iter().filter_map(|(what, holds)| holds.then_some(what)).collect()
}

fn change(knew: &Snapshot, run: &Snapshot, period: &str) -> Estimate {
    let (from, to) = (knew.point.p50, run.point.p50);
    let comparable = knew.currency.code() == run.currency.code() && same_months(knew, run, period);
    match (from.value, to.value) {
        (Some(was), Some(is)) if comparable => {
            Estimate::new(is - was, from.error.zip(to.error).map(|(a, b)| libm::hypot(a, b)))
        }
        _ => Estimate::UNKNOWN,
    }
}

/// By kind of period.
fn accuracy(known: &[(Actual, Option<Backtest>)], newest: &Horizon) -> Vec<Accuracy> {
    let mut kinds: BTreeMap<_, Vec<Known<'_>>> = BTreeMap::new();
    for (actual, found) in known {
        if let Some((first, last, every)) = span_of(&actual.period, newest) {
            kinds.entry(every).or_default().push((&actual.period, found.clone(), (first, last)));
        }
    }
    let in_order = |(every, mut known): (_, Vec<Known<'_>>)| {
        known.sort_by_key(|(_, _, months)| *months);
        Accuracy::new(every, known)
    };
    kinds.into_iter().map(in_order).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Metric;

    fn run(number: i64, when: &str, p50: Option<f64>) -> Snapshot {
        let exactly = |value: f64| Estimate { value: Some(value), error: Some(3.0) };
        let of = |by: f64| p50.map_or(Estimate::UNKNOWN, |x| exactly(by * x));
        let point = TrendPoint {
            run: number,
            when: when.parse().unwrap(),
            night: None,
            version: "1".to_owned(),
            seed: 1,
            trials: 100,
            scenario_hash: String::new(),
            mean: of(1.0),
            p10: of(0.8),
            p50: of(1.0),
            p90: of(1.2),
            change: Estimate::UNKNOWN,
            target: None,
            unlike: Vec::new(),
        };
        let horizon = Horizon { start: "2027-01".parse().unwrap(), months: 12, fiscal_first_month: 1 };
        Snapshot { point, currency: Currency::new("EUR").unwrap(), horizon }
    }

    fn trend(period: &str, runs: Vec<Snapshot>) -> Trend {
        let figure = FigureInfo {
            metric: Metric::Bookings,
            scope: "total".to_owned(),
            label: "Total".to_owned(),
            period: period.to_owned(),
            target: None,
            at_least: None,
        };
        Trend::new("plan", figure, runs, None, &[])
    }

    #[test]
    fn changes_are_from_the_last_run_that_knew_the_figure() {
        let mut other = run(3, "2026-12-03T00:00:00Z", Some(90.0));
        other.point.seed = 2;
        other.point.version = "2".to_owned();
        let runs = vec![run(1, "2026-12-01T00:00:00Z", Some(100.0)), run(2, "2026-12-02T00:00:00Z", None), other];
        let found = trend("2027", runs);
        assert_eq!(found.points[0].change, Estimate::UNKNOWN);
        assert_eq!(found.points[1].change, Estimate::UNKNOWN);
        assert_eq!(found.points[2].change.value, Some(-10.0));
        assert!((found.points[2].change.error.unwrap() - 4.24).abs() < 0.01);
        assert_eq!(found.points[2].unlike, [Discontinuity::Version, Discontinuity::Seed]);
    }

    #[test]
    fn a_clock_that_went_back_is_marked_and_order_stays_that_of_writing_down() {
        let runs = ["2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2026-12-05T00:00:00Z"];
        let runs: Vec<Snapshot> = runs.iter().zip(1..).map(|(when, n)| run(n, when, Some(1.0))).collect();
        let found = trend("2027", runs);
        assert_eq!(found.points.iter().map(|point| point.run).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(found.points[1].unlike, [Discontinuity::ClockWentBack]);
        assert_eq!(found.clock_went_back(), 1);
    }

    #[test]
    fn a_period_of_other_months_is_not_compared() {
        let mut later = run(2, "2026-12-02T00:00:00Z", Some(90.0));
        later.horizon.months = 24;
        let found = trend("total", vec![run(1, "2026-12-01T00:00:00Z", Some(100.0)), later.clone()]);
        assert_eq!(
            (found.points[1].change, &found.points[1].unlike[..]),
            (Estimate::UNKNOWN, &[Discontinuity::Months][..])
        );
        let found = trend("2027", vec![run(1, "2026-12-01T00:00:00Z", Some(100.0)), later]);
        assert_eq!(found.points[1].change.value, Some(-10.0));
    }
}

//! What is written down of a run, and what is taken out again.

use jiff::civil::date;
use revcast::history::{FigureKey, Given};
use revcast::scenario::Metric;

use super::{Place, append, small, time};

fn key(metric: Metric, scope: &str, period: &str) -> FigureKey {
    FigureKey::new(metric, scope, period)
}

#[test]
fn a_run_is_remembered_with_all_it_takes_to_explain_the_next_one() {
    let place = Place::new();
    let mut history = place.open();
    assert!(history.past("small", None).unwrap().is_none());
    let forecast = small(u64::MAX);
    let run = append(&mut history, "2026-12-01T02:00:00Z", Some("2026-12-01"), &forecast);
    let past = history.past("small", None).unwrap().unwrap();
    assert_eq!((past.run, past.at, past.night.as_deref()), (run, time("2026-12-01T02:00:00Z"), Some("2026-12-01")));
    assert_eq!(past.past.manifest.seed, u64::MAX);
    assert_eq!(past.past.manifest.scenario, forecast.manifest.scenario);
    assert_eq!(past.past.manifest.scenario_hash, forecast.manifest.scenario_hash);
    past.past.manifest.scenario().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(past.past.figure, key(Metric::Bookings, "total", "2027"));
    assert_eq!(past.past.bands.columns(), forecast.main.bands.columns());
    let names: Vec<&str> = past.past.targets.iter().map(|target| target.name.as_str()).collect();
    assert_eq!(names, ["Year", "More", "Months", "North", "So far"]);
    assert_eq!(past.past.targets[2].figure.period, "each-month");
    assert_eq!(past.past.targets[0].probability, forecast.targets[0].probability);
    assert!(history.past("other", None).unwrap().is_none());
}

#[test]
fn the_past_of_a_day_is_the_last_run_up_to_its_end() {
    let place = Place::new();
    let mut history = place.open();
    let forecast = small(1);
    for at in ["2026-12-01T02:00:00Z", "2026-12-03T23:59:59Z", "2026-12-04T00:00:00Z"] {
        append(&mut history, at, None, &forecast);
    }
    let found = |day| history.past("small", Some(day)).unwrap().map(|past| past.at.to_string());
    assert_eq!(found(date(2026, 11, 30)), None);
    assert_eq!(found(date(2026, 12, 2)).as_deref(), Some("2026-12-01T02:00:00Z"));
    assert_eq!(found(date(2026, 12, 3)).as_deref(), Some("2026-12-03T23:59:59Z"));
    assert_eq!(found(date(2027, 1, 1)).as_deref(), Some("2026-12-04T00:00:00Z"));
}

#[test]
fn the_bands_that_people_ask_for_are_kept() {
    let place = Place::new();
    let mut history = place.open();
    let forecast = small(1);
    append(&mut history, "2026-12-01T02:00:00Z", None, &forecast);
    let kept = history.figures("small").unwrap();
    let has = |metric, scope, period| kept.contains(&key(metric, scope, period));
    for period in ["2027", "2027-Q2", "2027-03", "total", "to 2028-06"] {
        assert!(has(Metric::Bookings, "total", period), "{period}");
    }
    assert!(has(Metric::Bookings, "north", "2027-Q2") && has(Metric::Bookings, "south", "total"));
    assert!(!has(Metric::Bookings, "north", "2027-03"));
    assert!(has(Metric::Arr, "total", "2028") && has(Metric::Arr, "north", "2027-12"));
    assert!(!has(Metric::Arr, "total", "2027-03") && !has(Metric::Arr, "north", "2027"));
    assert!(!has(Metric::Bookings, "total", "to 2028-05"));
    // Unknown is NULL: nothing is invested, so there is no return.
    assert_eq!(place.number("SELECT count(*) FROM forecast_by_run WHERE metric = 'roi' AND p50 IS NULL"), 11.0);
    assert_eq!(place.number("SELECT count(*) FROM forecast_by_run WHERE is_main"), 1.0);
    // The first of the two targets of 2027.
    assert_eq!(place.number("SELECT at_least FROM forecast_by_run WHERE is_main"), 1_800_000.0);
    assert_eq!(place.number("SELECT count(*) FROM target_by_run"), 5.0);
}

#[test]
fn a_night_has_one_run_and_the_one_before_is_back_if_the_new_one_is_taken_out() {
    let place = Place::new();
    let mut history = place.open();
    let nights = |history: &revcast::history::History| {
        let found = history.snapshots("small", &key(Metric::Bookings, "total", "2027")).unwrap();
        found.iter().map(|run| run.point.seed).collect::<Vec<u64>>()
    };
    append(&mut history, "2026-12-01T02:00:00Z", Some("2026-12-01"), &small(1));
    append(&mut history, "2026-12-02T02:00:00Z", Some("2026-12-02"), &small(2));
    append(&mut history, "2026-12-02T03:00:00Z", Some("2026-12-02"), &small(3));
    assert_eq!(nights(&history), [1, 3]);
    let again = append(&mut history, "2026-12-02T04:00:00Z", Some("2026-12-02"), &small(4));
    assert_eq!(nights(&history), [1, 4]);
    history.remove(again).unwrap();
    assert_eq!(nights(&history), [1, 3]);
    assert_eq!(place.number("SELECT count(*) FROM run"), 2.0);
    append(&mut history, "2026-12-02T05:00:00Z", Some("2026-12-02"), &small(5));
    assert_eq!(nights(&history), [1, 5]);
    // A run without a night takes nobody's place.
    append(&mut history, "2026-12-02T06:00:00Z", None, &small(6));
    assert_eq!(nights(&history), [1, 5, 6]);
    history.check().unwrap();
}

#[test]
fn a_removed_run_leaves_nothing() {
    let place = Place::new();
    let mut history = place.open();
    let run = append(&mut history, "2026-12-01T02:00:00Z", None, &small(1));
    history.remove(run).unwrap();
    for table in ["run", "band", "target", "scenario"] {
        assert_eq!(place.number(&format!("SELECT count(*) FROM {table}")), 0.0, "{table}");
    }
    let next = append(&mut history, "2026-12-01T02:00:00Z", None, &small(1));
    assert!(next > run, "a number is never given twice");
}

#[test]
fn pruning_keeps_the_newest_run_of_each_series_and_what_happened() {
    let place = Place::new();
    let mut history = place.open();
    for day in 1..=6 {
        append(&mut history, &format!("2026-12-0{day}T02:00:00Z"), None, &small(day));
    }
    let forecast = small(7);
    let entry =
        revcast::history::Entry { series: "old", at: time("2026-11-01T00:00:00Z"), night: None, forecast: &forecast };
    history.append(&entry).unwrap();
    let given = Given { key: key(Metric::Bookings, "total", "2027"), amount: Some(1.7e6), note: None };
    history.give("small", &[given], time("2028-01-05T00:00:00Z")).unwrap();

    let pruned = history.prune(date(2026, 12, 4), None).unwrap();
    assert_eq!((pruned.runs, pruned.left), (3, 4));
    assert_eq!(history.prune(date(2027, 12, 4), Some("small")).unwrap().left, 1);
    let pruned = history.prune(date(2027, 12, 4), None).unwrap();
    assert_eq!((pruned.runs, pruned.left), (0, 2));
    assert_eq!(history.series().unwrap().len(), 2);
    assert_eq!(history.actuals("small").unwrap()[0].amount, 1.7e6);
    assert_eq!(place.number("SELECT count(DISTINCT run) FROM band"), 2.0);
    assert_eq!(place.number("SELECT count(*) FROM scenario"), 2.0);
    history.check().unwrap();
}

#[test]
fn every_band_is_handed_out_run_by_run() {
    let place = Place::new();
    let mut history = place.open();
    for day in 1..=2 {
        append(&mut history, &format!("2026-12-0{day}T02:00:00Z"), None, &small(1));
    }
    let mut runs = Vec::new();
    let mut count = 0;
    let seen = history.each_band(None, |band| {
        runs.push(band.run);
        count += 1;
        if band.figure == FigureKey::new(Metric::Bookings, "total", "2027") {
            assert_eq!((band.at_least, band.bands.p50.value.is_some()), (Some(1_800_000.0), true));
        }
        Ok::<(), revcast::history::HistoryError>(())
    });
    seen.unwrap();
    assert!(runs.is_sorted());
    assert_eq!(f64::from(count), place.number("SELECT count(*) FROM band"));
    let mut stopped = 0;
    let ended = history.each_band(Some("small"), |_| {
        stopped += 1;
        Err(revcast::history::HistoryError::Absent { path: "x".into() })
    });
    assert!(ended.is_err() && stopped == 1);
}

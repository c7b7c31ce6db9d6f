//! How large a history becomes, and how fast it answers.

use std::path::Path;
use std::time::{Duration, Instant};

use revcast::analysis::{Snapshot, Trend};
use revcast::documents::Document;
use revcast::forecast::Forecast;
use revcast::history::{FigureKey, Given, History};
use revcast::scenario::Metric;

use super::{Place, append, small, time};
use crate::cli::ran;

/// A little more, in whole amounts as forecasts have them.
fn moved(name: &str, by: &str) -> String {
    format!("CASE WHEN abs({name}) > 1e5 THEN round({name} * (1 + {by})) ELSE {name} END")
}

/// A history of so many nights, each written down after the one before as nightly runs are, with a little more in each.
fn nights(place: &Place, forecast: &Forecast, count: usize) {
    append(&mut place.open(), "2016-01-01T02:00:00Z", None, forecast);
    let mut client = place.client();
    // All of it is changed night after night: kept in memory until it is written.
    client.execute_batch("PRAGMA cache_size = -1000000").unwrap();
    let change = client.transaction().unwrap();
    {
        let columns = |by: &str| {
            let names = ["mean", "sd", "p5", "p10", "p25", "p50", "p75", "p90", "p95"];
            let all = names.map(|name| if name == "sd" { name.to_owned() } else { moved(name, by) });
            let errors = names.map(|name| format!("se_{name}"));
            all.into_iter().chain(errors).collect::<Vec<_>>().join(", ")
        };
        let mut run = change
            .prepare(
                "INSERT INTO run SELECT ?1, series, strftime('%Y-%m-%dT%H:%M:%SZ', at, '+' || (?1 - 1) || ' days'), night, replaced_by,
                 name, version, scenario_hash, seed, trials, scenario, currency, start, months, fiscal_first_month, main_figure
                 FROM run WHERE id = 1",
            )
            .unwrap();
        let bands = format!("INSERT INTO band SELECT figure, ?1, {} FROM band WHERE run = 1", columns("?1 * 1e-5"));
        // Bands lie by figure, so that one run is found by its figures.
        let bands = bands.replace(
            "FROM band WHERE run = 1",
            "FROM figure CROSS JOIN band ON band.figure = figure.id AND band.run = 1",
        );
        let mut bands = change.prepare(&bands).unwrap();
        let targets = "INSERT INTO target SELECT figure, ?1, place, name, at_least, probability, se_probability
                       FROM figure CROSS JOIN target ON target.figure = figure.id AND target.run = 1";
        let mut targets = change.prepare(targets).unwrap();
        for night in 2..=count as i64 {
            run.execute([night]).unwrap();
            bands.execute([night]).unwrap();
            targets.execute([night]).unwrap();
        }
    }
    change.commit().unwrap();
}

/// What `revcast history SERIES` asks, from opening the file on; and how long that took.
fn asked(path: &Path, key: &FigureKey) -> (Vec<Snapshot>, usize, Duration) {
    let start = Instant::now();
    let history = History::read(path).unwrap();
    assert_eq!(history.series().unwrap().len(), 1);
    let newest = history.past("small", None).unwrap().unwrap();
    history.figures("small").unwrap();
    let horizon = newest.horizon;
    let actuals = history.actuals("small").unwrap();
    let before = |actual| history.forecast_before("small", actual, &newest.currency, &horizon).unwrap();
    let checked = actuals.iter().filter_map(before).count();
    let found = history.snapshots("small", key).unwrap();
    (found, checked, start.elapsed())
}

/// What happened in each month of the horizon.
fn give_months(place: &Place, metric: Metric, months: usize) {
    let given: Vec<Given> = (0..months)
        .map(|m| {
            let period = format!("{}-{:02}", 2027 + m / 12, m % 12 + 1);
            let key = FigureKey::new(metric, "total", period);
            Given { key, amount: Some(1e5), note: None }
        })
        .collect();
    place.open().give("small", &given, time("2030-01-01T00:00:00Z")).unwrap();
}

#[test]
fn a_thousand_runs_are_all_there_and_in_order() {
    let place = Place::new();
    nights(&place, &small(1), 1000);
    give_months(&place, Metric::Bookings, 24);
    let key = FigureKey::new(Metric::Bookings, "total", "2027");
    let (found, checked, _) = asked(&place.path, &key);
    assert_eq!((found.len(), checked), (1000, 24));
    assert!(
        found
            .windows(2)
            .all(|pair| pair[0].point.run + 1 == pair[1].point.run && pair[0].point.when < pair[1].point.when)
    );
    assert!(found.windows(2).all(|pair| pair[0].point.p50.value < pair[1].point.p50.value));
    assert!(found.iter().all(|run| run.point.target.as_ref().is_some_and(|target| target.name == "Year")));

    let path = place.path.to_str().unwrap();
    let (code, out, err) = ran(place.folder.path(), &["history", "small", "--history", path]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.lines().count() < 40, "{out}");
    assert!(out.contains("… 982 runs from 2016-01-04 to 2018-09-11, which history.csv has"), "{out}");
    let document = std::fs::read(place.folder.path().join("output/small-history/history.json")).unwrap();
    let read: Document<Trend> = serde_json::from_slice(&document).unwrap();
    assert_eq!((read.points.len(), read.accuracy[0].checked.len()), (1000, 24));
}

/// What `docs/history.md` says of the plan: how much a run takes, and how long the questions of `revcast history` do.
/// `cargo test ten_thousand -- --ignored --nocapture`
#[test]
#[ignore = "writes some hundred megabytes"]
fn ten_thousand_runs_of_the_plan_answer_at_once() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ai-marketing-plan.json");
    let scenario = revcast::scenario::load(&file, &[], &|path| std::fs::read(path)).unwrap();
    let forecast = crate::common::forecast_scenario(&scenario);
    let place = Place::new();
    nights(&place, &forecast, 10_000);
    place.client().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let bytes = std::fs::metadata(&place.path).unwrap().len();
    println!("{} bands a run, {:.1} kB a run", place.number("SELECT count(*) / 10000.0 FROM band"), bytes as f64 / 1e7);
    let main = &forecast.main;
    give_months(&place, main.metric, 36);
    let key = FigureKey::new(main.metric, &main.scope, &main.period);
    for _ in 0..5 {
        let (found, checked, took) = asked(&place.path, &key);
        assert_eq!((found.len(), checked), (10_000, 36));
        println!("10,000 runs asked in {:.1} ms", 1e3 * took.as_secs_f64());
    }
    let start = Instant::now();
    append(&mut place.open(), "2046-01-01T02:00:00Z", None, &forecast);
    println!("one more appended in {:.1} ms", 1e3 * start.elapsed().as_secs_f64());
}

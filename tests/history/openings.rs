//! Which files are opened, and which are left as they are.

use std::fs;
use std::sync::Barrier;

use revcast::history::{History, HistoryError};
use rusqlite::Connection;

use super::{Place, append, small};

/// What is refused is the same afterwards, whether it is opened to be written or read, and nothing is left beside it.
fn refused(place: &Place, why: fn(&HistoryError) -> bool) {
    let before = fs::read(&place.path).unwrap();
    for found in [History::open(&place.path), History::read(&place.path)] {
        let error = found.expect_err("it is refused");
        assert!(why(&error), "{error:?}");
        assert!(error.to_string().contains("history.sqlite") && !error.hint().is_empty());
    }
    assert!(fs::read(&place.path).unwrap() == before, "it was touched");
    assert_eq!(fs::read_dir(place.folder.path()).unwrap().count(), 1);
}

#[test]
fn a_history_is_made_where_there_is_none_but_not_by_reading() {
    let place = Place::new();
    assert!(matches!(History::read(&place.path), Err(HistoryError::Absent { .. })));
    assert!(!place.path.exists());
    let history = place.open();
    history.check().unwrap();
    assert!(history.series().unwrap().is_empty());
    drop(history);
    assert!(History::read(&place.path).unwrap().series().unwrap().is_empty());
    assert_eq!(place.number("SELECT CAST(journal_mode = 'wal' AS REAL) FROM pragma_journal_mode"), 1.0);
}

#[test]
fn many_who_come_at_once_all_open_it_and_nothing_of_theirs_is_lost() {
    const AT_ONCE: i64 = 4;
    let forecast = small(1);
    for round in 0..40 {
        let place = Place::new();
        let start = Barrier::new(AT_ONCE as usize);
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    start.wait();
                    append(&mut place.open(), "2026-12-01T02:00:00Z", None, &forecast);
                });
            }
        });
        assert_eq!(place.number("SELECT CAST(count(*) AS REAL) FROM run"), AT_ONCE as f64, "round {round}");
    }
}

#[test]
fn an_older_history_is_brought_up_to_date_with_all_that_is_in_it() {
    let place = Place::new();
    append(&mut place.open(), "2026-12-01T02:00:00Z", None, &small(1));
    // As the first program left it: without the views.
    let old = place.client();
    let views = ["actual_now", "forecast_by_run", "target_by_run", "series_now"];
    views.iter().for_each(|view| old.execute_batch(&format!("DROP VIEW {view}")).unwrap());
    old.execute_batch("PRAGMA user_version = 1").unwrap();
    drop(old);
    assert!(matches!(History::read(&place.path), Err(HistoryError::Older { found: 1, .. })));
    assert_eq!(place.open().series().unwrap()[0].runs, 1);
    assert_eq!(History::read(&place.path).unwrap().series().unwrap()[0].series, "small");

    // One that has the first tables and nothing in them.
    let place = Place::new();
    let old = Connection::open(&place.path).unwrap();
    old.execute_batch(include_str!("../../src/history/schema/1-tables.sql")).unwrap();
    old.execute_batch("PRAGMA application_id = 0x52564348; PRAGMA user_version = 1").unwrap();
    drop(old);
    append(&mut place.open(), "2026-12-01T02:00:00Z", None, &small(1));
}

#[test]
fn a_newer_history_is_refused_and_untouched() {
    let place = Place::new();
    append(&mut place.open(), "2026-12-01T02:00:00Z", None, &small(1));
    place.client().execute_batch("PRAGMA user_version = 99").unwrap();
    refused(&place, |error| matches!(error, HistoryError::Newer { found: 99, known: 2, .. }));
}

#[test]
fn the_database_of_another_program_is_refused_and_untouched() {
    let place = Place::new();
    let other = Connection::open(&place.path).unwrap();
    other.execute_batch("CREATE TABLE run (id); PRAGMA user_version = 2").unwrap();
    drop(other);
    refused(&place, |error| matches!(error, HistoryError::Foreign { .. }));
    let other = Connection::open(&place.path).unwrap();
    other.execute_batch("PRAGMA application_id = 7").unwrap();
    drop(other);
    refused(&place, |error| matches!(error, HistoryError::Foreign { .. }));
}

#[test]
fn what_is_no_database_is_refused_and_untouched() {
    let place = Place::new();
    fs::write(&place.path, "region,metric,month,amount\n".repeat(200)).unwrap();
    refused(&place, |error| matches!(error, HistoryError::Corrupt { .. }));
}

#[test]
fn a_truncated_history_is_refused_and_untouched() {
    let place = Place::new();
    append(&mut place.open(), "2026-12-01T02:00:00Z", None, &small(1));
    let whole = fs::read(&place.path).unwrap();
    for part in [100, 4096, whole.len() / 2] {
        fs::write(&place.path, &whole[..part]).unwrap();
        refused(&place, |error| matches!(error, HistoryError::Corrupt { .. }));
    }
}

#[test]
fn damage_within_is_found_where_it_is_met_and_by_a_check() {
    let place = Place::new();
    for night in 1..9 {
        append(&mut place.open(), &format!("2026-12-0{night}T02:00:00Z"), None, &small(night));
    }
    let mut bytes = fs::read(&place.path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].chunks_mut(4096).for_each(|page| page[..200].fill(0xA5));
    fs::write(&place.path, &bytes).unwrap();
    let history = History::read(&place.path).unwrap();
    assert!(matches!(history.check(), Err(HistoryError::Corrupt { .. })));
    let read = history.each_band(None, |_| Ok::<(), HistoryError>(()));
    assert!(matches!(read, Err(HistoryError::Corrupt { .. })));
    drop(history);
    assert!(fs::read(&place.path).unwrap() == bytes);
}

#[test]
fn two_writers_take_turns() {
    let place = Place::new();
    let forecast = small(1);
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let (place, forecast) = (&place, &forecast);
            scope.spawn(move || {
                for night in 1..=5 {
                    append(&mut place.open(), &format!("2026-12-0{night}T0{writer}:00:00Z"), None, forecast);
                }
            });
        }
    });
    let history = place.open();
    assert_eq!(history.series().unwrap()[0].runs, 20);
    history.check().unwrap();
    assert_eq!(place.number("SELECT count(*) FROM scenario"), 1.0);
}

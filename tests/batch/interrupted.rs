//! Nights that are interrupted and gone on with, and those that meet.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{folder_of, night, put, results};
#[cfg(unix)]
use crate::cli::until_ctrl_c_is_heard;
#[cfg(unix)]
use crate::common::signal;
use crate::common::{next, revcast};

#[test]
fn what_has_not_changed_is_skipped_with_resume() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet"]).0, 0);
    let before = results(at);
    put(at, "beta", 60.0);
    let (code, _, err) = night(at, &["--resume", "--log", "json"]);
    assert_eq!(code, 0);
    assert!(err.contains(r#""event":"scenario_skipped","scenario":"alpha""#), "{err}");
    assert!(err.contains(r#""event":"scenario_done","scenario":"beta""#), "{err}");
    let alpha = Path::new("output/alpha/report.html");
    assert!(results(at)[alpha] == before[alpha]);
    // Another seed, other files, a file that is gone: none of these is done.
    fs::remove_file(at.join("output/alpha/bands.csv")).unwrap();
    for more in [&["--seed", "5"][..], &["--xlsx"], &[]] {
        let (_, _, err) = night(at, &[&["--resume", "--log", "json"], more].concat());
        assert!(!err.contains(r#""event":"scenario_skipped","scenario":"alpha""#), "{more:?}: {err}");
    }
}

#[test]
fn a_run_that_the_history_missed_is_in_it_once_the_night_is_gone_on_with() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet", "--no-history"]).0, 0);
    // As a night leaves it that was killed when the history could not be written and all forecasts were new.
    let left = r#"{"night":"2026-12-01T02:00:00Z","before":{"alpha":null,"beta":null}}"#;
    let runs = || -> i64 {
        let history = rusqlite::Connection::open(at.join("output/history.sqlite")).unwrap();
        let query = "SELECT count(*) FROM run WHERE night = '2026-12-01T02:00:00Z'";
        history.query_row(query, [], |row| row.get(0)).unwrap()
    };
    for _ in 0..2 {
        fs::write(at.join("output/.revcast-batch"), left).unwrap();
        let (code, _, err) = night(at, &["--resume", "--log", "json"]);
        assert_eq!((code, err.matches("scenario_skipped").count()), (0, 2), "{err}");
        assert_eq!(runs(), 2);
    }
}

#[test]
fn a_night_that_skips_and_is_killed_goes_on_skipping() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    assert_eq!(night(at, &["--quiet"]).0, 0);
    let first = results(at);
    let print = |name: &str| -> String {
        let document = fs::read(at.join(format!("output/{name}/forecast.json"))).unwrap();
        Sha256::digest(document).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    put(at, "beta", 60.0);
    // As a night leaves it that was begun with or without --resume and was killed before it had done anything.
    for (skips, skipped) in [(true, 1), (false, 0)] {
        let before = json!({"alpha": print("alpha"), "beta": print("beta")});
        let left = json!({"night": "2026-12-01T02:00:00Z", "skips": skips, "before": before});
        fs::write(at.join("output/.revcast-batch"), left.to_string()).unwrap();
        let (code, _, err) = night(at, &["--resume", "--log", "json"]);
        assert_eq!((code, err.matches("scenario_skipped").count()), (0, skipped), "{err}");
        let alpha = Path::new("output/alpha/forecast.json");
        assert_eq!(results(at)[alpha] == first[alpha], skips);
    }
}

/// Starts a night, which leaves the files of the second one.
fn started(folder: &Path, more: &[&str]) -> Child {
    revcast(folder)
        .args(["batch", "scenarios", "--chart-size", "thumb", "--threads", "2", "--quiet"])
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Kills nights at `rounds` moments: every file is whole, and --resume ends with the bytes of a night that nobody disturbed.
fn killed(rounds: usize) {
    const NAMES: [&str; 4] = ["a", "b", "c", "d"];
    let first = folder_of(&NAMES.map(|name| (name, 60.0)));
    assert!(started(first.path(), &[]).wait().unwrap().success());
    for (i, name) in NAMES.iter().enumerate() {
        put(first.path(), name, 62.0 + i as f64);
    }
    let old = results(first.path());
    let whole = TempDir::new().unwrap();
    copy(first.path(), whole.path());
    let begun = Instant::now();
    assert!(started(whole.path(), &[]).wait().unwrap().success());
    let (mut took, new) = (begun.elapsed(), results(whole.path()));
    assert!(old != new);
    let (mut random, mut killed, mut twice) = (20_261_126, 0, 0);
    for round in 0..rounds {
        let folder = TempDir::new().unwrap();
        copy(first.path(), folder.path());
        let mut more: &[&str] = &[];
        let begun = || folder.path().join("output/.revcast-batch").exists();
        // Some are killed again when they go on.
        for _ in 0..1 + usize::from(round % 4 == 3) {
            if !more.is_empty() && !begun() {
                break;
            }
            let mut child = started(folder.path(), more);
            let moment = took.mul_f64(1.1 * next(&mut random));
            sleep(moment);
            let late = child.try_wait().unwrap().is_some();
            if late && more.is_empty() {
                // The night that was measured was slower, as nights are where the machine has other work.
                took = took.min(moment);
            }
            child.kill().unwrap();
            let told = child.wait_with_output().unwrap().stderr;
            assert!(told.is_empty(), "round {round}: {}", String::from_utf8_lossy(&told));
            killed += usize::from(!late);
            twice += usize::from(!late && !more.is_empty());
            more = &["--resume"];
            for name in NAMES {
                let of = |all: &BTreeMap<PathBuf, Vec<u8>>| -> Vec<(PathBuf, Vec<u8>)> {
                    let own = all.iter().filter(|(path, _)| path.starts_with(format!("output/{name}")));
                    own.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
                };
                let now = of(&results(folder.path()));
                assert!(now == of(&old) || now == of(&new), "round {round}: {name} is of no one run");
            }
        }
        if !begun() {
            continue;
        }
        let ended = started(folder.path(), more).wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && told.is_empty(), "round {round}: {told}");
        let now = results(folder.path());
        for (path, bytes) in &new {
            assert!(now.get(path) == Some(bytes), "round {round}: {} differs", path.display());
        }
        assert!(now.keys().eq(new.keys()), "round {round}: something is left");
        database_is_sound(&folder.path().join("output"), round);
    }
    eprintln!("{rounds} nights, {killed} killed before their end, {twice} of them when they went on");
    assert!(killed > rounds / 2, "{killed} of {rounds}");
}

/// The history of nights that were killed is whole.
fn database_is_sound(output: &Path, round: usize) {
    let history = rusqlite::Connection::open(output.join("history.sqlite")).unwrap();
    let check: String = history.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok", "round {round}");
    let runs = "SELECT count(*) FROM run WHERE replaced_by IS NULL";
    let runs: i64 = history.query_row(runs, [], |row| row.get(0)).unwrap();
    assert_eq!(runs, 8, "round {round}: each of the four scenarios in each of the two nights");
}

#[test]
fn a_killed_night_is_gone_on_with_to_the_bytes_of_an_undisturbed_one() {
    killed(8);
}

#[test]
#[ignore = "minutes: cargo test killed_nights -- --ignored --nocapture; REVCAST_KILLS=1000 for more"]
fn two_hundred_and_fifty_killed_nights_are_gone_on_with() {
    killed(std::env::var("REVCAST_KILLS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(250));
}

#[cfg(unix)]
#[test]
fn two_batches_at_once_do_not_interleave() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    let mut first = started(at, &["--trials", "100000"]);
    let lock = at.join("output/.revcast-batch");
    let begun = Instant::now();
    while !lock.exists() && begun.elapsed() < Duration::from_secs(20) {
        sleep(Duration::from_millis(1));
    }
    sleep(Duration::from_millis(20));
    // Stopped, so that it is at work for as long as the second one looks.
    signal(&first, "-STOP");
    let second = night(at, &[]);
    signal(&first, "-CONT");
    let (code, _, err) = second;
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("another batch is at work there"), "{err}");
    assert!(first.wait().unwrap().success());
    assert!(!lock.exists());
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_night_that_can_be_gone_on_with() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    let mut child = started(at, &["--trials", "3000000", "--max-memory", "8"]);
    until_ctrl_c_is_heard(&mut child);
    assert!(child.try_wait().unwrap().is_none(), "millions of futures were played before Ctrl-C was heard");
    signal(&child, "-INT");
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("--resume goes on from there"));
    assert!(!at.join("output/batch.json").exists());
    assert!(night(at, &["--resume", "--trials", "500"]).0 == 0);
    assert!(!at.join("output/.revcast-batch").exists());
}

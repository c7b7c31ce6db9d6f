//! Long runs in parts: killed at any moment, they go on and end with the bytes of an undisturbed run.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{next, revcast, signal};
use crate::kills::{beside, held};

/// A scenario whose futures take 5 parts.
fn long() -> Value {
    json!({
        "name": "Long", "start": "2027-01", "months": 24, "simulation": {"trials": 100_000},
        "market": {"volatility": 0.1},
        "regions": {"a": {"leads": {"monthly": 40}, "conversion": {"low": 0.1, "mode": 0.2, "high": 0.3},
            "cycle": {"mean_days": 40}, "deal_size": {"mean": 500}}},
        "targets": [{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 40000}]
    })
}

const PARTS: &str = ".out.revcast-parts";

fn start(folder: &Path, more: &[&str]) -> Child {
    let mut command = revcast(folder);
    command.args(["run", "long.json", "--out", "out", "--chart-size", "thumb"]).args(more);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// How it ended, and what it said.
fn ended(child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("long.json"), long().to_string()).unwrap();
    folder
}

/// Kills runs until so many were killed, each going on with what the one before left, and lets one in some end.
fn killed(kills: usize) {
    let folder = folder();
    let out = folder.path().join("out");
    assert_eq!(ended(start(folder.path(), &[])).0, Some(0));
    let whole = held(&out);
    fs::remove_dir_all(&out).unwrap();
    let begun = Instant::now();
    assert_eq!(ended(start(folder.path(), &["--resume"])), (Some(0), String::new()));
    let lasts = begun.elapsed();
    assert!(held(&out) == whole, "in parts and undisturbed");
    let (mut random, mut done, mut in_place, mut killed, mut went_on) = (20_261_126, 0, 0, 0, 0);
    while killed < kills {
        // Some are killed at once, others after they have ended.
        let mut child = start(folder.path(), &["--resume"]);
        sleep(lasts.mul_f64(0.6 * next(&mut random)));
        let late = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        let (code, said) = ended(child);
        went_on += usize::from(said.contains("going on: "));
        if late {
            assert_eq!(code, Some(0), "{said}");
            done += 1;
            assert!(held(&out) == whole, "after {killed} kills");
            assert_eq!(beside(folder.path(), "out"), ["long.json"]);
            fs::remove_dir_all(&out).unwrap();
        } else {
            killed += 1;
            // The results are those of the whole run, or not there yet.
            if out.exists() {
                in_place += 1;
                assert!(held(&out) == whole, "after {killed} kills");
                fs::remove_dir_all(&out).unwrap();
            }
        }
    }
    let (code, said) = ended(start(folder.path(), &["--resume"]));
    assert_eq!(code, Some(0), "{said}");
    assert!(held(&out) == whole);
    let mut left = beside(folder.path(), "out");
    left.sort();
    assert_eq!(left, ["long.json"]);
    eprintln!("{killed} kills, {in_place} of them with the results in place; {went_on} runs went on, {done} ended");
    assert!(went_on > 0, "none of the runs found parts");
}

#[test]
fn a_killed_run_goes_on_and_ends_with_the_same_bytes() {
    killed(6);
}

#[test]
#[ignore = "minutes: cargo test resume -- --ignored --nocapture; REVCAST_KILLS=1000 for more"]
fn a_hundred_kills_change_no_byte() {
    killed(std::env::var("REVCAST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(100));
}

/// A run that was killed once parts of it were there.
fn interrupted(folder: &Path) -> Vec<String> {
    let parts = folder.join(PARTS);
    let mut child = start(folder, &["--resume"]);
    while !parts.join("2-of-5.shard").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended: {:?}", beside(folder, "long.json"));
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    beside(&parts, "revcast.lock")
}

#[test]
fn damaged_parts_and_parts_of_another_run_are_played_again() {
    let folder = folder();
    let out = folder.path().join("out");
    let parts = folder.path().join(PARTS);
    assert!(interrupted(folder.path()).len() >= 2);
    // Whoever does not go on is told that one could.
    let (code, said) = ended(start(folder.path(), &["--trials", "50"]));
    assert!(code == Some(0) && said.contains("the same command with --resume goes on with it"), "{said}");
    // One is damaged, one is cut off, one is of a run of other parts, one is somebody's own.
    let first = parts.join("1-of-5.shard");
    let mut bytes = fs::read(&first).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&first, bytes).unwrap();
    fs::write(parts.join("2-of-5.shard"), "").unwrap();
    fs::write(parts.join("1-of-99.shard"), "of another run").unwrap();
    fs::write(parts.join("notes.txt"), "mine").unwrap();
    let (code, said) = ended(start(folder.path(), &["--resume"]));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("3 parts of another run, or damaged ones, are removed\n"), "{said}");
    assert_eq!(beside(&parts, ""), ["notes.txt"]);
    let resumed = held(&out);
    assert_eq!(ended(start(folder.path(), &["--quiet"])), (Some(0), String::new()));
    assert!(held(&out) == resumed);
    // Another seed finds none of its own parts.
    fs::remove_dir_all(&parts).unwrap();
    interrupted(folder.path());
    let (code, said) = ended(start(folder.path(), &["--resume", "--seed", "9"]));
    assert!(code == Some(0) && said.contains("parts of another run") && !said.contains("going on"), "{said}");
}

#[test]
fn two_runs_do_not_work_on_the_same_parts() {
    let folder = folder();
    let parts = folder.path().join(PARTS);
    fs::create_dir(&parts).unwrap();
    let lock = File::create(parts.join("revcast.lock")).unwrap();
    lock.lock().unwrap();
    let (code, said) = ended(start(folder.path(), &["--resume"]));
    assert!(code == Some(1) && said.contains("another run with --resume is at work on out"), "{said}");
    drop(lock);
    assert_eq!(ended(start(folder.path(), &["--resume", "--trials", "300"])), (Some(0), String::new()));
    assert!(!parts.exists());
    // What would be wrong in the end is wrong at the beginning.
    fs::write(folder.path().join("file"), "").unwrap();
    for wrong in [["--require", "No such target >= 0.5"], ["--budget", "absent.csv"], ["--out", "file"]] {
        let output = revcast(folder.path()).args(["run", "long.json", "--resume"]).args(wrong).output();
        assert_eq!(output.unwrap().status.code(), Some(2), "{wrong:?}");
        assert_eq!(beside(folder.path(), "out").len(), 2, "{wrong:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_stopped_says_that_it_can_be_gone_on_with() {
    let folder = folder();
    let parts = folder.path().join(PARTS);
    let mut child = start(folder.path(), &["--resume"]);
    while !parts.join("1-of-5.shard").exists() {
        assert!(child.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(2));
    }
    signal(&child, "-INT");
    let (code, said) = ended(child);
    assert_eq!(code, Some(130));
    assert_eq!(said, "error: stopped; what was played is written down, and the same command goes on from there\n");
    assert!(parts.join("1-of-5.shard").exists());
    let (code, said) = ended(start(folder.path(), &["--resume"]));
    assert!(code == Some(0) && said.starts_with("going on: ") && said.ends_with(" of 5 parts are there\n"), "{said}");
}

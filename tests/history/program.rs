//! `revcast run`, `revcast actual` and `revcast history` as they are used.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{files, scenario};
use crate::common::revcast;
#[cfg(unix)]
use crate::common::tmpfs::Tmpfs;

/// Exit code, standard output and standard error of a command at a time.
pub(super) fn at(time: &str, folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = revcast(folder).args(arguments).env("REVCAST_NOW", time).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

pub(super) const LATER: &str = "2028-02-01T00:00:00Z";

pub(super) fn run(time: &str, folder: &Path, more: &[&str]) {
    let minimal = scenario("minimal");
    let arguments = [&["run", &minimal, "--trials", "500", "--quiet", "--chart-size", "thumb"], more].concat();
    assert_eq!(at(time, folder, &arguments), (0, String::new(), String::new()), "{more:?}");
}

/// A folder in which the minimal scenario ran on four days, the last of which its clock took for an earlier one.
fn four_runs() -> TempDir {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let higher = ["--set", "regions.europe.deal_size.mean=15500", "--record"];
        run("2026-12-01T02:00:00Z", folder.path(), &[]);
        run("2026-12-02T02:00:00Z", folder.path(), &[]);
        run("2026-12-05T02:00:00Z", folder.path(), &higher);
        run("2026-12-04T02:00:00Z", folder.path(), &[&higher[..], &["--seed", "2"]].concat());
        folder
    });
    let folder = TempDir::new().unwrap();
    for name in files(made.path()) {
        let to = folder.path().join(&name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(made.path().join(&name), to).unwrap();
    }
    folder
}

#[test]
fn runs_are_appended_and_told_in_the_order_of_writing_down() {
    let folder = four_runs();
    assert!(files(folder.path()).contains(&"output/history.sqlite".to_owned()));
    let (code, out, err) = at(LATER, folder.path(), &["history"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out);
    let (code, out, err) = at(LATER, folder.path(), &["history", &scenario("minimal")]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out);
    let made = files(&folder.path().join("output/minimal-history"));
    assert_eq!(made, ["charts/history.png", "charts/history.svg", "history.csv", "history.json"]);
    // Again, over what it wrote; and in other words.
    let (code, out, _) =
        at(LATER, folder.path(), &["history", "minimal", "--json", "--period", "2027-Q2", "--chart-size", "thumb"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, document["body"]["points"].as_array().unwrap().len()), (0, 4));
    assert_eq!(document["body"]["figure"]["period"], "2027-Q2");
    assert_eq!(document["body"]["points"][3]["unlike"], serde_json::json!(["seed", "clock_went_back"]));
    let (_, out, _) = at(LATER, folder.path(), &["history", "--json"]);
    let all: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(all["series"][0]["runs"], 4);
}

#[test]
fn what_happened_is_given_corrected_and_held_against_what_was_forecast() {
    let folder = four_runs();
    let told = |arguments: &[&str]| at(LATER, folder.path(), &[&["actual", "minimal"], arguments].concat());
    let (code, out, err) = told(&["--period", "2027", "--amount", "3700000", "--note", "audited"]);
    assert_eq!((code, out.as_str(), err.as_str()), (0, "bookings in 2027: €3.7M\n", ""));
    let (_, out, _) = told(&["--period", "2027", "--amount", "3750000"]);
    assert_eq!(out, "bookings in 2027: €3.75M, no more €3.7M\n");
    let sheet = folder.path().join("actuals.csv");
    fs::write(&sheet, "period;metric;region;amount;note\n2027-01;;;150000;\n2027-02;bookings;total;260000,5;\n2027-03;Bookings;;9000;strike\n2026-12;bookings;;1;\n").unwrap();
    let (code, out, err) = told(&["--file", "actuals.csv"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out.lines().count(), 4);
    assert_eq!(err, "warning: no run keeps a forecast of bookings in December 2026\n");
    let (_, out, _) = told(&["--period", "2026-12", "--remove"]);
    assert_eq!(out, "bookings in December 2026: no more €1, but unknown\n");
    let (code, out, err) = at(LATER, folder.path(), &["history", "minimal"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out);
    let svg = fs::read_to_string(folder.path().join("output/minimal-history/charts/history.svg")).unwrap();
    assert!(svg.contains("actual: €3.75M"));
}

#[test]
fn a_run_with_a_folder_of_its_own_is_written_down_only_where_that_is_asked_for() {
    let folder = TempDir::new().unwrap();
    run(LATER, folder.path(), &["--out", "own"]);
    run(LATER, folder.path(), &["--no-history"]);
    assert!(!files(folder.path()).iter().any(|name| name.contains("sqlite")));
    run(LATER, folder.path(), &["--out", "own", "--history", "kept/here.sqlite"]);
    let (code, out, _) = at(LATER, folder.path(), &["history", "--history", "kept/here.sqlite"]);
    assert_eq!((code, out.lines().count()), (0, 2));
}

#[test]
fn a_run_that_fails_is_not_in_the_history() {
    let folder = four_runs();
    fs::write(folder.path().join("output/minimal/mine.txt"), "mine").unwrap();
    let (code, _, _) =
        at(LATER, folder.path(), &["run", &scenario("minimal"), "--quiet", "--trials", "100", "--chart-size", "thumb"]);
    assert_eq!(code, 2);
    let (_, out, _) = at(LATER, folder.path(), &["history", "--json"]);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["series"][0]["runs"], 4);
}

#[test]
fn a_history_that_cannot_be_written_is_said_and_the_run_succeeds() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("damaged.sqlite"), "no database".repeat(99)).unwrap();
    fs::create_dir(folder.path().join("folder.sqlite")).unwrap();
    for (file, why) in [
        ("damaged.sqlite", "damaged or no SQLite database"),
        ("folder.sqlite", "folder.sqlite"),
        ("damaged.sqlite/h.sqlite", "h.sqlite"),
    ] {
        let arguments =
            ["run", &scenario("minimal"), "--trials", "100", "--quiet", "--chart-size", "thumb", "--history", file];
        let (code, out, err) = at(LATER, folder.path(), &arguments);
        assert_eq!((code, out.as_str()), (0, ""), "{err}");
        assert!(err.starts_with("warning: this run is not in the history: ") && err.contains(why), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    assert!(folder.path().join("output/minimal/forecast.json").exists());
    let (code, _, err) = at(LATER, folder.path(), &["history", "--history", "damaged.sqlite"]);
    assert!(code == 1 && err.contains("damaged or no SQLite database") && err.contains("hint: "), "{err}");
    assert_eq!(fs::read_to_string(folder.path().join("damaged.sqlite")).unwrap(), "no database".repeat(99));
}

#[cfg(unix)]
#[test]
fn on_a_read_only_disk_runs_work_and_the_history_can_be_read() {
    let Some(disk) = Tmpfs::new() else { return };
    let folder = TempDir::new().unwrap();
    let file = disk.path().join("history.sqlite");
    let file = file.to_str().unwrap();
    run("2026-12-01T02:00:00Z", folder.path(), &["--history", file]);
    disk.remount("ro");
    let (code, _, err) = at(
        LATER,
        folder.path(),
        &["run", &scenario("minimal"), "--trials", "100", "--quiet", "--chart-size", "thumb", "--history", file],
    );
    let (read, out, unread) = at(LATER, folder.path(), &["history", "minimal", "--history", file]);
    assert!(code == 0 && err.starts_with("warning: this run is not in the history: "), "{code} {err}");
    assert!(err.contains("make it writable"), "{err}");
    assert!(read == 0 && out.contains("one run of minimal"), "{out}{unread}");
}

#[test]
fn a_history_is_pruned_and_handed_out() {
    let folder = four_runs();
    let (code, out, err) = at(LATER, folder.path(), &["history", "--export", "all.csv"]);
    assert_eq!(code, 0, "{err}");
    let table = fs::read_to_string(folder.path().join("all.csv")).unwrap();
    assert_eq!(out, format!("Wrote {} rows to all.csv.\n", table.lines().count() - 1));
    assert!(
        table.starts_with("series,run,at,night,version,seed,trials,currency,metric,region,period,mean,p5,"),
        "{table}"
    );
    assert!(table.contains("\nminimal,1,2026-12-01T02:00:00Z,,"));
    let (code, _, err) = at(LATER, folder.path(), &["history", "--export", "all.csv"]);
    assert!(code == 2 && err.contains("exists already"), "{err}");
    let (code, out, _) = at(LATER, folder.path(), &["history", "--prune-before", "2026-12-04"]);
    assert_eq!(
        (code, out.as_str()),
        (0, "Took out 2 runs made before 2026-12-04; 2 are left, the newest of each series among them.\n")
    );
    let (_, out, _) = at(LATER, folder.path(), &["history", "minimal", "--prune-before", "2030-01-01"]);
    assert_eq!(
        out,
        "Took out 1 run of minimal made before 2030-01-01; 1 is left, the newest of each series among them.\n"
    );
}

#[test]
fn bad_questions_exit_with_2_and_write_nothing() {
    let empty = TempDir::new().unwrap();
    let folder = four_runs();
    let before = files(folder.path());
    let sheet =
        folder.path().parent().unwrap().join(format!("{}.csv", folder.path().file_name().unwrap().to_string_lossy()));
    fs::write(&sheet, "period,amount,region\n2027-13,1,\n2027-01,x,\n2027-02,1,mars\n2027-03,1,\n2027-03,2,\n")
        .unwrap();
    let sheet = sheet.to_str().unwrap();
    let mut said = String::new();
    for (place, arguments) in [
        (&empty, &["history"][..]),
        (&empty, &["history", "minimal"]),
        (&empty, &["history", "--prune-before", "2027-01-01"]),
        (&empty, &["actual", "minimal", "--period", "2027", "--amount", "1"]),
        (&folder, &["history", "minimum"]),
        (&folder, &["history", "minimal", "--metric", "profit"]),
        (&folder, &["history", "minimal", "--period", "2028"]),
        (&folder, &["history", "minimal", "--region", "mars"]),
        (&folder, &["history", "minimal", "--metric", "arr", "--period", "2027-03"]),
        (&folder, &["actual", "minimal", "--period", "2027-13", "--amount", "1"]),
        (&folder, &["actual", "minimal", "--period", "each-month", "--amount", "1"]),
        (&folder, &["actual", "minimal", "--period", "2027", "--amount", "1,5"]),
        (&folder, &["actual", "minimal", "--period", "2027", "--amount", "inf"]),
        (&folder, &["actual", "minimal", "--period", "2027", "--amount", "1", "--region", "mars"]),
        (&folder, &["actual", "minimal", "--file", sheet]),
    ] {
        let (code, out, err) = at(LATER, place.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        let asked = arguments.join(" ").replace(sheet, "actuals.csv");
        said.push_str(&format!("$ revcast {asked}\n{}\n", err.replace(sheet, "actuals.csv")));
    }
    fs::remove_file(sheet).unwrap();
    assert_snapshot!(said);
    for arguments in [
        &["history", "--prune-before", "soon"][..],
        &["history", "--prune-before", "2027-01-01", "--export", "x.csv"],
        &["actual", "minimal", "--period", "2027"],
        &["actual", "minimal", "--period", "2027", "--amount", "1", "--remove"],
        &["run", "x.json", "--history", "h", "--no-history"],
    ] {
        assert_eq!(at(LATER, folder.path(), arguments).0, 2, "{arguments:?}");
    }
    let (code, _, err) = at("noon", folder.path(), &["run", &scenario("minimal"), "--quiet"]);
    assert!(code == 2 && err.contains("REVCAST_NOW") && err.contains("2027-03-01T02:00:00Z"), "{err}");
    assert_eq!(files(folder.path()), before);
    assert!(files(empty.path()).is_empty());
}

#[test]
fn a_newer_history_ends_with_1_and_says_both_versions() {
    let folder = four_runs();
    let path = folder.path().join("output/history.sqlite");
    rusqlite::Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 7").unwrap();
    let before = fs::read(&path).unwrap();
    let (code, _, err) = at(LATER, folder.path(), &["history"]);
    assert_eq!(code, 1);
    assert!(err.contains("newer revcast: its schema is 7, and this program knows schemas up to 2"), "{err}");
    let (code, _, err) =
        at(LATER, folder.path(), &["run", &scenario("minimal"), "--trials", "100", "--quiet", "--chart-size", "thumb"]);
    assert!(code == 0 && err.contains("newer revcast"), "{err}");
    assert!(fs::read(&path).unwrap() == before, "it was touched");
}

#[test]
fn a_history_of_an_older_program_is_brought_up_to_date_when_it_is_asked() {
    let folder = four_runs();
    let old = rusqlite::Connection::open(folder.path().join("output/history.sqlite")).unwrap();
    for view in ["actual_now", "forecast_by_run", "target_by_run", "series_now"] {
        old.execute_batch(&format!("DROP VIEW {view}")).unwrap();
    }
    old.execute_batch("PRAGMA user_version = 1").unwrap();
    drop(old);
    let (code, out, err) = at(LATER, folder.path(), &["history"]);
    assert!(code == 0 && out.contains("minimal"), "{err}");
}

#[test]
fn a_region_is_named_by_its_key_or_by_what_it_is_called() {
    let folder = TempDir::new().unwrap();
    let scenario = serde_json::json!({"name": "S", "start": "2027-01", "months": 12,
        "regions": {"n": {"label": "The North", "leads": {"monthly": 50}, "conversion": 0.2, "cycle": {"mean_days": 20},
            "deal_size": {"mean": 1000}}},
        "targets": [{"name": "North", "metric": "bookings", "region": "n", "period": "2027", "at_least": 100_000}]});
    fs::write(folder.path().join("s.json"), scenario.to_string()).unwrap();
    let run = ["run", "s.json", "--trials", "100", "--quiet", "--chart-size", "thumb"];
    assert_eq!(at(LATER, folder.path(), &run).0, 0);
    for region in ["n", "The North", "the north"] {
        let (code, _, err) = at(LATER, folder.path(), &["history", "s", "--region", region, "--chart-size", "thumb"]);
        assert_eq!((code, err.as_str()), (0, ""), "{region}");
    }
    let (code, _, err) = at(LATER, folder.path(), &["history", "s", "--region", "m"]);
    assert!(code == 2 && err.contains("--region\n  found:   m\n  allowed: one of n"), "{err}");
}

//! `revcast batch`: scenarios side by side, which they are, and one that fails.

mod bounded;
mod interrupted;
mod rules;
mod size;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::ran;

/// A folder of small scenarios, each with its own leads.
fn folder_of(leads: &[(&str, f64)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("scenarios")).unwrap();
    for (name, leads) in leads {
        put(folder.path(), name, *leads);
    }
    folder
}

fn put(folder: &Path, name: &str, leads: f64) {
    let scenario = json!({
        "name": format!("Plan {name}"), "start": "2027-01", "months": 6, "simulation": {"trials": 400},
        "regions": {"home": {
            "leads": {"monthly": {"mean": leads, "cv": 0.1}}, "conversion": 0.25, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1000}
        }},
        "targets": [{"name": "Half", "metric": "bookings", "period": "total", "at_least": 120_000}]
    });
    fs::write(folder.join(format!("scenarios/{name}.json")), scenario.to_string()).unwrap();
}

/// A night with small pictures.
fn night(folder: &Path, more: &[&str]) -> (i32, String, String) {
    ran(folder, &[&["batch", "scenarios", "--chart-size", "thumb", "--threads", "2"], more].concat())
}

/// The body of batch.json.
fn document(folder: &Path) -> Value {
    let document: Value = serde_json::from_slice(&fs::read(folder.join("output/batch.json")).unwrap()).unwrap();
    assert_eq!((&document["kind"], &document["format"]), (&"batch".into(), &2.into()));
    document["body"].clone()
}

/// The files of the scenarios and of the night itself.
fn results(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("output")];
    while let Some(inside) = folders.pop() {
        for entry in fs::read_dir(&inside).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with("history.sqlite") {
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn one_scenario_that_fails_stops_no_other_and_its_earlier_files_stay() {
    let folder = folder_of(&[("alpha", 100.0), ("beta", 90.0), ("gamma", 60.0)]);
    let (code, out, err) = night(folder.path(), &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @"
      Scenario     P10     P50    P90  P50 moved  first target
      alpha      €108k   €134k  €162k                74 in 100
      beta        €97k   €120k  €145k                51 in 100
      gamma     €62.6k  €79.8k   €99k                <2 in 100

    3 of 3 scenarios done.
    ");
    let before = results(folder.path());
    put(folder.path(), "gamma", 70.0);
    fs::write(folder.path().join("scenarios/beta.json"), "{\"name\": \"Plan beta\", \"start\": 5}").unwrap();
    let (code, out, _) = night(folder.path(), &[]);
    assert_eq!(code, 2, "a faulty scenario");
    assert!(out.contains("FAILED"), "{out}");
    assert!(out.contains("scenarios/beta.json: start"), "{out}");
    let (document, after) = (document(folder.path()), results(folder.path()));
    assert_eq!(document["counts"], json!({"done": 2, "failed": 1, "refused": 0, "broken": 0, "alerted": 0}));
    for (path, bytes) in before.iter().filter(|(path, _)| path.starts_with("output/beta")) {
        assert!(after[path] == *bytes, "{} was touched", path.display());
    }
    let moved = document["scenarios"][2]["answer"]["moved"].as_str().unwrap();
    assert!(moved.contains("rose by") && moved.contains("home: leads a month"), "{moved}");
    assert!(document["scenarios"][0]["answer"]["moved"].as_str().unwrap().contains("nothing has changed"));
    // No clock and no path.
    let again = folder_of(&[("alpha", 100.0), ("beta", 90.0), ("gamma", 60.0)]);
    assert_eq!(night(again.path(), &["--quiet"]).0, 0);
    assert!(results(again.path()) == before, "the same scenarios give the same bytes anywhere");
}

#[test]
fn folders_patterns_lists_and_files_name_scenarios() {
    let folder = folder_of(&[("emea-north", 50.0), ("emea-south", 50.0), ("apac", 50.0)]);
    let at = folder.path();
    fs::write(at.join("scenarios/scenario.schema.json"), "{}").unwrap();
    fs::write(at.join("scenarios/.hidden.json"), "{}").unwrap();
    fs::write(at.join("scenarios/notes.txt"), "# tonight\n\napac.json\nemea-north.json\n").unwrap();
    let names = |paths: &[&str]| -> Vec<String> {
        let (code, _, err) = ran(at, &[&["batch", "--quiet", "--chart-size", "thumb"], paths].concat());
        assert_eq!(code, 0, "{err}");
        let scenarios = document(at)["scenarios"].clone();
        scenarios.as_array().unwrap().iter().map(|s| s["scenario"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&["scenarios"]), ["apac", "emea-north", "emea-south"]);
    assert_eq!(names(&["scenarios/emea-*.json"]), ["emea-north", "emea-south"]);
    assert_eq!(names(&["scenarios/notes.txt"]), ["apac", "emea-north"]);
    assert_eq!(names(&["scenarios/apac.json", "scenarios/emea-*.json", "scenarios/apac.json"]).len(), 3);
    assert_eq!(document(at)["missing"], json!([]));
    names(&["scenarios/apac.json"]);
    assert_eq!(document(at)["missing"], json!(["emea-north", "emea-south"]));
}

#[test]
fn a_batch_that_cannot_be_is_refused_before_anything_is_run() {
    let folder = folder_of(&[("alpha", 50.0)]);
    let at = folder.path();
    fs::create_dir_all(at.join("empty")).unwrap();
    fs::create_dir_all(at.join("other")).unwrap();
    fs::copy(at.join("scenarios/alpha.json"), at.join("other/Alpha.json")).unwrap();
    fs::write(at.join("list"), "# nothing\n").unwrap();
    for (paths, said) in [
        (vec!["empty"], "a folder without scenarios"),
        (vec!["nowhere/*.json"], "a pattern that no scenario matches"),
        (vec!["list"], "a list without scenarios"),
        (vec!["scenarios", "other"], "a second scenario called"),
        (vec!["scenarios", "--require", "Half > 2"], "a chance of 2"),
        (vec!["scenarios", "--require", "Whole > 0.5"], "no target \"Whole\""),
        (vec!["scenarios", "--alert", "Half"], "neither a level nor a movement"),
        (vec!["scenarios", "--alert", "Half drops by much"], "\"much\" for how far"),
        (vec!["scenarios", "--guard", "3"], "a share from 0 to below 1"),
        (vec!["scenarios", "--max-memory", "0"], "a number of GiB above 0"),
        (vec!["scenarios", "--max-time", "0"], "0 is not in"),
        (vec!["scenarios", "--since", "nowhere.json"], "no such file"),
        (vec!["scenarios", "--since", "2027-02-30"], "a day such as"),
        (vec!["nowhere.json"], "no such file or folder"),
    ] {
        let (code, out, err) = ran(at, &[&["batch"], paths.as_slice()].concat());
        assert_eq!(code, 2, "{paths:?}: {out} {err}");
        assert!(err.contains(said) || out.contains(said), "{paths:?}: {out} {err}");
        assert!(!at.join("output/alpha").exists(), "{paths:?}");
    }
}

#[test]
fn events_are_json_one_a_line() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    fs::write(folder.path().join("scenarios/beta.json"), "{").unwrap();
    let (code, _, err) = night(folder.path(), &["--log", "json"]);
    assert_eq!(code, 2);
    let events: Vec<Value> = err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((names[0], names[names.len() - 1]), ("night_started", "night_done"));
    names.sort_unstable();
    let all =
        ["night_done", "night_started", "scenario_done", "scenario_failed", "scenario_started", "scenario_started"];
    assert_eq!(names, all);
    let done = events.iter().find(|event| event["event"] == "scenario_done").unwrap();
    assert!(done["seconds"].as_f64().unwrap() > 0.0 && done["main"]["p50"].is_number());
}

#[test]
fn an_output_of_someone_else_is_left_alone() {
    let folder = folder_of(&[("alpha", 50.0), ("beta", 50.0)]);
    let at = folder.path();
    fs::create_dir_all(at.join("output/alpha")).unwrap();
    fs::write(at.join("output/alpha/mine.txt"), "mine").unwrap();
    let (code, out, _) = night(at, &[]);
    assert_eq!(code, 2);
    assert!(out.contains("files, and no forecast.json"), "{out}");
    assert_eq!(fs::read(at.join("output/alpha/mine.txt")).unwrap(), b"mine");
    assert!(at.join("output/beta/forecast.json").exists());
    fs::write(at.join("output/batch.json"), "{\"mine\": true}").unwrap();
    let (code, _, err) = night(at, &[]);
    assert_eq!(code, 2);
    assert!(err.contains("something that no batch has written"), "{err}");
    // A forecast that was cut off is neither compared with nor replaced.
    fs::remove_file(at.join("output/batch.json")).unwrap();
    let forecast = at.join("output/beta/forecast.json");
    let bytes = fs::read(&forecast).unwrap();
    fs::write(&forecast, &bytes[..bytes.len() / 2]).unwrap();
    let (code, out, _) = night(at, &[]);
    assert_eq!(code, 2);
    assert!(out.contains("beta"), "{out}");
    assert!(fs::read(&forecast).unwrap() == bytes[..bytes.len() / 2]);
}

#[test]
fn names_of_the_batchs_own_files_are_no_scenarios_and_foreign_files_stay() {
    for name in ["batch.json", "history.sqlite", "History.sqlite-wal"] {
        let folder = folder_of(&[(name, 50.0)]);
        let (code, _, err) = night(folder.path(), &[]);
        assert_eq!(code, 2, "{name}: {err}");
        assert!(err.contains("the name of a file of the batch itself"), "{name}: {err}");
        assert!(!folder.path().join("output").exists(), "{name}");
    }
    let folder = folder_of(&[("alpha", 50.0)]);
    fs::create_dir(folder.path().join("output")).unwrap();
    fs::write(folder.path().join("output/.revcast-batch"), "mine").unwrap();
    let (code, _, err) = night(folder.path(), &[]);
    assert!(code == 2 && err.contains("a file that no batch has written"), "{code} {err}");
    assert_eq!(fs::read(folder.path().join("output/.revcast-batch")).unwrap(), b"mine");
}

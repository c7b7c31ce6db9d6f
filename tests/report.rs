//! `revcast report`: a forecast's folder again without a run, and what it refuses.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{files, ran, scenario};

const BUDGET: &str = "region,metric,month,amount\ntotal,bookings,2027-01,100000\ntotal,bookings,2027-02,150000\n";

/// Every file of a folder.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
}

/// The names that a folder's forecast lists, sorted.
fn listed(folder: &Path) -> Vec<String> {
    let document: Value = serde_json::from_slice(&fs::read(folder.join("forecast.json")).unwrap()).unwrap();
    let names = document["header"]["manifest"]["files"].as_array().unwrap();
    let mut names: Vec<String> = names.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// A folder with a run of the minimal scenario in `run`.
fn with_run(options: &[&str]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("budget.csv"), BUDGET).unwrap();
    let file = scenario("minimal");
    let mut arguments = vec!["run", &file, "--trials", "300", "--out", "run"];
    arguments.extend(options);
    let (code, out, err) = ran(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    (folder, out)
}

#[test]
fn with_the_options_of_the_run_the_folder_stays_the_same_to_the_byte() {
    let style = ["--csv-style", "excel-eu", "--chart-size", "thumb"];
    let mut options = vec!["--budget", "budget.csv", "--xlsx", "--trials-file", "trials.csv"];
    options.extend(style);
    let (folder, told) = with_run(&options);
    let run = folder.path().join("run");
    let before = contents(&run);
    assert!(["trials.csv", "forecast.xlsx", "attainment.csv"].iter().all(|name| before.contains_key(*name)));
    for threads in ["1", "3"] {
        let mut arguments = vec!["report", "run/forecast.json", "--threads", threads];
        arguments.extend(style);
        assert_eq!(ran(folder.path(), &arguments), (0, told.clone(), String::new()));
        let after = contents(&run);
        assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
        assert!(after.iter().all(|(name, bytes)| before[name] == *bytes));
    }
    assert_eq!(files(folder.path()).len(), before.len() + 1, "nothing is left beside the run's folder");
}

#[test]
fn elsewhere_it_writes_what_can_be_made_and_lists_that() {
    let (folder, _) = with_run(&["--trials-file", "trials.csv", "--chart-size", "thumb"]);
    let run = folder.path().join("run");
    let before = contents(&run);
    let arguments = ["report", "run/forecast.json", "--out", "again", "--xlsx", "--json"];
    let (code, out, err) = ran(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    let again = folder.path().join("again");
    assert_eq!(out, fs::read_to_string(again.join("forecast.json")).unwrap());
    assert_eq!(files(&again), listed(&again));
    assert!(again.join("forecast.xlsx").exists() && !again.join("trials.csv").exists());
    assert_eq!(fs::read(again.join("bands.csv")).unwrap(), before["bands.csv"]);
    let svg = |folder: &Path| fs::read(folder.join("charts/histogram.svg")).unwrap();
    assert_ne!(svg(&again), svg(&run), "it was drawn in another size");
    assert!(contents(&run) == before, "the run's own folder is left alone");
}

#[test]
fn what_is_gone_is_no_more_listed_and_what_is_carried_stays() {
    let (folder, _) = with_run(&["--trials-file", "trials.csv", "--xlsx"]);
    let run = folder.path().join("run");
    let trials = fs::read(run.join("trials.csv")).unwrap();
    fs::remove_file(run.join("charts/histogram.png")).unwrap();
    fs::remove_file(run.join("forecast.xlsx")).unwrap();
    // The same folder by another name.
    let out = format!("{}/run", folder.path().display());
    let arguments = ["report", "./run/../run/forecast.json", "--out", &out, "--quiet"];
    assert_eq!(ran(folder.path(), &arguments), (0, String::new(), String::new()));
    assert_eq!(files(&run), listed(&run));
    assert!(run.join("charts/histogram.png").exists() && run.join("forecast.xlsx").exists());
    assert_eq!(fs::read(run.join("trials.csv")).unwrap(), trials);

    fs::remove_file(run.join("trials.csv")).unwrap();
    assert_eq!(ran(folder.path(), &["report", "run/forecast.json", "--quiet"]).0, 0);
    assert_eq!(files(&run), listed(&run));
    assert!(!listed(&run).contains(&"trials.csv".to_owned()));
}

#[test]
fn what_is_no_forecast_is_refused_in_words() {
    let (folder, _) = with_run(&["--chart-size", "thumb"]);
    let file = |name: &str, text: &[u8]| fs::write(folder.path().join(name), text).unwrap();
    let whole = fs::read(folder.path().join("run/forecast.json")).unwrap();
    file("empty.json", b"");
    file("scenario.json", &fs::read(scenario("minimal")).unwrap());
    file("sensitivity.json", b"{\"kind\": \"sensitivity\", \"format\": 2, \"header\": {}, \"body\": {\"causes\": []}}");
    file("old.json", b"{\"manifest\": {\"version\": \"0.0.9\", \"files\": []}, \"name\": \"Plan\", \"series\": []}");
    file("cut.json", &whole[..whole.len() / 2]);
    file("binary.json", b"\x89PNG\xff\xfe");
    let mut document: Value = serde_json::from_slice(&whole).unwrap();
    document["header"]["manifest"]["files"] = serde_json::json!(["forecast.json", "../../etc/passwd"]);
    document["body"]["forecast"]["targets"][0]["probability"]["value"] = 2.into();
    file("hostile.json", document.to_string().as_bytes());
    fs::create_dir(folder.path().join("folder.json")).unwrap();
    let before = files(folder.path());
    let mut cases = vec![
        ("none.json", vec!["no such file", "the forecast.json that a run wrote"]),
        ("folder.json", vec!["a folder"]),
        ("empty.json", vec!["the file is empty"]),
        ("scenario.json", vec!["this is a scenario", "revcast run"]),
        ("sensitivity.json", vec!["`revcast sensitivity`", "forecast.json"]),
        ("old.json", vec!["revcast 0.0.9", "run its scenario again"]),
        ("cut.json", vec!["cut off"]),
        ("binary.json", vec!["UTF-8"]),
        ("hostile.json", vec!["manifest.files[1]", "../../etc/passwd", "targets[0].probability"]),
    ];
    if cfg!(unix) {
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.json")).status();
        if made.is_ok_and(|status| status.success()) {
            cases.push(("pipe.json", vec!["it is no file"]));
        }
    }
    for (name, words) in cases {
        let (code, out, err) = ran(folder.path(), &["report", name, "--out", "new"]);
        assert_eq!((code, out.as_str()), (2, ""), "{name}: {err}");
        assert!(err.contains(name) && words.iter().all(|word| err.contains(word)), "{name}: {err}");
    }
    let _ = fs::remove_file(folder.path().join("pipe.json"));
    assert_eq!(files(folder.path()), before, "nothing was written");
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let (folder, _) = with_run(&["--chart-size", "thumb"]);
    let run = folder.path().join("run");
    fs::write(run.join("notes.txt"), "mine").unwrap();
    let before = contents(&run);
    let (code, _, err) = ran(folder.path(), &["report", "run/forecast.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("notes.txt") && err.contains("--out"), "{err}");
    // Beside other files, and in the folder that the command is started in.
    fs::copy(run.join("forecast.json"), folder.path().join("copy.json")).unwrap();
    let (code, _, err) = ran(folder.path(), &["report", "copy.json"]);
    assert!(code == 2 && err.contains("--out"), "{err}");
    let (code, _, err) = ran(&run, &["report", "forecast.json"]);
    assert!(code == 2 && err.contains("--out"), "{err}");
    assert!(contents(&run) == before);
    assert_eq!(ran(&run, &["report", "forecast.json", "--out", "../elsewhere", "--quiet"]).0, 0);
}

#[test]
fn a_disk_that_fails_is_no_bad_input() {
    let (folder, _) = with_run(&["--chart-size", "thumb"]);
    let before = contents(&folder.path().join("run"));
    let (code, _, err) = ran(folder.path(), &["report", "run/forecast.json", "--out", "/proc/revcast/new"]);
    assert!(code == 1 || !cfg!(target_os = "linux"), "{err}");
    assert!(contents(&folder.path().join("run")) == before);
}

#[test]
fn amounts_beyond_all_measure_are_shown_and_read_back() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    // A return of 10^306, deals of the smallest number there is, of the largest that is allowed, all the same value.
    for (invested, size, leads) in [(1e-300, 1.5e6, 20.0), (1.0, 5e-324, 20.0), (1e-300, 1e12, 20.0), (1.0, 3.0, 1e-12)]
    {
        let plan = serde_json::json!({
            "name": "Odd", "start": "2027-01", "months": 6, "simulation": {"trials": 50},
            "investment": [{"name": "a", "amount": invested, "from_month": 1, "months": 1}],
            "regions": {"a": {"leads": {"monthly": leads}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"mean": size}}}
        });
        fs::write(at.join("odd.json"), plan.to_string()).unwrap();
        let (code, out, err) = ran(at, &["run", "odd.json", "--verbose", "--chart-size", "thumb"]);
        assert_eq!(code, 0, "{plan}: {err}");
        assert!(!out.contains("NaN"), "{out}");
        let before = contents(&at.join("output/odd"));
        assert_eq!(ran(at, &["report", "output/odd/forecast.json", "--quiet", "--chart-size", "thumb"]).0, 0, "{plan}");
        assert!(contents(&at.join("output/odd")) == before, "{plan}");
    }
}

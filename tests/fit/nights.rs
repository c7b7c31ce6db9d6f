//! Scenarios that a batch fits to an export before it plays them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::made_up::{deals, plain};
use crate::cli::{files, ran};

/// An analyst's scenario that is fitted from an export in a folder beside it.
fn analyst(options: &[&str]) -> Value {
    json!({"name": "Plan", "start": "2027-01", "months": 12, "currency": "USD", "contracts": [], "as_of": "2027-01-01", "pipeline": [],
        "simulation": {"trials": 300},
        "fitted_from": {"export": "crm/deals.csv", "options": options},
        "regions": {"emea": {"label": "East", "leads": {"monthly": 1}, "conversion": 0.5, "cycle": {"mean_days": 9},
            "deal_size": {"mean": 5}}, "west": {"leads": {"monthly": 1}, "conversion": 0.5, "cycle": {"mean_days": 9},
            "deal_size": {"mean": 5}}},
        "targets": [{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 1000000}]})
}

fn written(folder: &Path, options: &[&str]) -> String {
    let text = analyst(options).to_string();
    fs::write(folder.join("plans/plan.json"), &text).unwrap();
    text
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(folder.path().join("plans/crm")).unwrap();
    fs::write(folder.path().join("plans/crm/deals.csv"), plain(&deals(700))).unwrap();
    folder
}

fn json_of(folder: &Path, file: &str) -> Value {
    // The last line of a document is its seal.
    let text = fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_scenario_is_fitted_anew_each_night_and_what_moved_is_told() {
    let folder = folder();
    let folder = folder.path();
    let night = |options: &[&str]| {
        let text = written(folder, options);
        let (code, out, err) =
            ran(folder, &["batch", "plans", "--out", "out", "--no-history", "--chart-size", "thumb"]);
        assert_eq!((code, err.contains("error")), (0, false), "{out}{err}");
        assert_eq!(fs::read_to_string(folder.join("plans/plan.json")).unwrap(), text, "the analyst's file stays");
        json_of(folder, "out/batch.json")["body"]["scenarios"][0].clone()
    };
    let first = night(&["--as-of 2027-03-01"]);
    assert_eq!(first["status"], "done", "{first}");
    let fitted = json_of(folder, "out/plan/fit/scenario.json");
    assert_eq!((&fitted["as_of"], &fitted["extends"]), (&json!("2027-03-01"), &json!("../../../plans/plan.json")));
    assert_eq!(fitted["fitted_from"], Value::Null);
    let manifest = json_of(folder, "out/plan/forecast.json")["header"]["manifest"].clone();
    let listed: Vec<String> =
        manifest["files"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let mut there = files(&folder.join("out/plan"));
    let mut sorted = listed.clone();
    sorted.sort();
    there.sort();
    assert_eq!(there, sorted);
    assert!(listed.iter().any(|name| name == "fit/data-report.csv"));
    // The same as by hand.
    let by_hand = ["fit", "plans/crm/deals.csv", "--as-of", "2027-03-01", "--onto", "plans/plan.json"];
    assert_eq!(ran(folder, &[&by_hand[..], &["--out", "by-hand", "-q", "--chart-size", "thumb"]].concat()).0, 0);
    let regions = |file: &str| json_of(folder, file)["regions"].clone();
    assert_eq!(regions("by-hand/scenario.json"), regions("out/plan/fit/scenario.json"));
    let (code, _, err) =
        ran(folder, &["run", "by-hand/scenario.json", "--out", "run", "-q", "--no-history", "--chart-size", "thumb"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let main = |file: &str| json_of(folder, file)["body"]["main"].clone();
    assert_eq!(main("run/forecast.json"), main("out/plan/forecast.json"));

    let second = night(&["--as-of", "2027-04-01"]);
    assert_eq!(json_of(folder, "out/plan/fit/scenario.json")["as_of"], "2027-04-01");
    let moved = second["answer"]["moved"].to_string();
    assert!(moved.len() > 10, "{second}");
    // What was fitted was found together, and is one reason.
    let attribution = json_of(folder, "out/plan/forecast.json")["body"]["moved"].clone();
    let reasons: Vec<&str> =
        attribution["reasons"].as_array().unwrap().iter().map(|reason| reason["label"].as_str().unwrap()).collect();
    assert!(reasons.contains(&"what is drawn together"), "{reasons:?}");
    assert!(!reasons.iter().any(|label| label.contains("chance") || label.contains("closing")), "{reasons:?}");
    // Nothing changed: the night after skips it.
    let text = fs::read(folder.join("out/plan/forecast.json")).unwrap();
    let (code, ..) =
        ran(folder, &["batch", "plans", "--out", "out", "--no-history", "--chart-size", "thumb", "--resume"]);
    assert_eq!((code, fs::read(folder.join("out/plan/forecast.json")).unwrap()), (0, text));
}

#[test]
fn what_cannot_be_fitted_is_told_and_stops_no_other() {
    let folder = folder();
    let folder = folder.path();
    let mut other = analyst(&[]);
    other.as_object_mut().unwrap().remove("fitted_from");
    fs::write(folder.join("plans/other.json"), other.to_string()).unwrap();
    let cases: [(&[&str], &[&str]); 3] = [
        (&["--onto other.json"], &["plan.json", "fitted_from.options", "'--onto'", "options of `revcast fit`"]),
        (&["--map", "region=Land"], &["--map region=Land", "no column \"Land\" in plans/crm/deals.csv"]),
        (&["--join teams.csv:owner"], &["plans/teams.csv", "no such file"]),
    ];
    for (options, said) in cases {
        written(folder, options);
        let (code, out, _) =
            ran(folder, &["batch", "plans", "--out", "out", "--no-history", "--chart-size", "thumb", "--json"]);
        assert_eq!(code, 2, "{out}");
        for said in said {
            assert!(out.replace("\\\"", "\"").contains(said), "{said} is not in\n{out}");
        }
        assert!(!folder.join("out/plan").exists() && folder.join("out/other/forecast.json").exists());
    }
}

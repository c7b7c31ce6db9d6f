//! `revcast tune` and `run --tune`: the file that they write, and what they refuse.

use std::fs;

use serde_json::json;
use tempfile::TempDir;

use crate::cli::{ran, scenario as file};

/// No page of a plan is larger, so that it can be mailed.
const MOST_BYTES: u64 = 750_000;

#[test]
fn a_page_is_one_file_that_runs_leave_room_for() {
    let folder = TempDir::new().unwrap();
    let plan = file("ai-marketing-plan");
    let (code, out, err) = ran(folder.path(), &["tune", &plan, "--trials", "1000"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let page = folder.path().join("output/ai-marketing-plan/tune.html");
    assert!(out.contains("output/ai-marketing-plan/tune.html"), "{out}");
    assert!(fs::metadata(&page).unwrap().len() <= MOST_BYTES);
    // A run takes the folder, and the page may be made again beside it.
    for arguments in [
        vec!["run", &plan, "--trials", "200", "-q"],
        vec!["tune", &plan, "--trials", "200", "-q"],
        vec!["run", &plan, "--trials", "200", "-q", "--tune"],
    ] {
        let (code, _, err) = ran(folder.path(), &arguments);
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    }
    let report = fs::read_to_string(folder.path().join("output/ai-marketing-plan/report.html")).unwrap();
    assert!(report.contains("href=\"tune.html\""));
    let first = fs::read(&page).unwrap();
    let (code, _, err) = ran(folder.path(), &["report", "output/ai-marketing-plan/forecast.json", "-q"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(fs::read(&page).unwrap(), first);
}

#[test]
fn a_file_of_somebody_else_stays() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("mine.html"), "mine").unwrap();
    let (code, _, err) = ran(folder.path(), &["tune", &file("minimal"), "--out", "mine.html"]);
    assert_eq!(code, 2);
    assert!(err.contains("mine.html\n  found:   something that revcast tune has not written"), "{err}");
    assert_eq!(fs::read(folder.path().join("mine.html")).unwrap(), b"mine");
}

#[test]
fn a_page_gives_back_changes_of_a_file_as_it_is() {
    let folder = TempDir::new().unwrap();
    let change = ["run", &file("minimal"), "--tune", "--set", "market.volatility=0.2", "-q"];
    let (code, _, err) = ran(folder.path(), &change);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: --tune\n") && err.contains("a scenario as its file has it"), "{err}");
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_scenario_too_large_for_a_page_says_so_and_how_to_cut_it() {
    let folder = TempDir::new().unwrap();
    let deals: Vec<_> = (0..90_000).map(|i| json!({"id": format!("deal number {i} of the export of a year, with a name of some length"), "region": "north", "created": "2027-01-02", "amount": 1000.0 + f64::from(i)})).collect();
    let large = json!({"name": "Large", "start": "2027-01", "as_of": "2027-02-01", "months": 12, "simulation": {"trials": 10},
        "pipeline": deals, "contracts": [], "actuals": [
            {"region": "north", "metric": "bookings", "month": "2027-01", "amount": 1.0}, {"region": "north", "metric": "renewals", "month": "2027-01", "amount": 0.0}],
        "regions": {"north": {"leads": {"monthly": 10}, "conversion": 0.2, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000}}}});
    fs::write(folder.path().join("large.json"), large.to_string()).unwrap();
    let (code, _, err) = ran(folder.path(), &["tune", "large.json"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("found:   a scenario of ") && err.contains("with a count"), "{err}");
    assert!(!folder.path().join("output").exists());
}

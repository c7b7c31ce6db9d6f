//! `run --metrics`: what is asked alone is played, stored and shown, and is what it is where all is asked.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{ran, scenario as file};

/// The forecast of a folder: its series by metric, scope and kind of period.
fn forecast(folder: &Path) -> Value {
    let document: Value = serde_json::from_slice(&fs::read(folder.join("forecast.json")).unwrap()).unwrap();
    document["body"]["forecast"].clone()
}

fn metrics(forecast: &Value) -> BTreeSet<&str> {
    forecast["series"].as_array().unwrap().iter().map(|series| series["metric"].as_str().unwrap()).collect()
}

fn run(folder: &Path, out: &str, arguments: &[&str]) -> Value {
    let (code, _, said) =
        ran(folder, &[&["run", "--out", out, "--trials", "2000", "--quiet", "--history", "h"][..], arguments].concat());
    assert_eq!(code, 0, "{said}");
    forecast(&folder.join(out))
}

#[test]
fn what_is_asked_alone_is_what_it_is_where_all_is_asked() {
    let folder = TempDir::new().unwrap();
    for name in ["minimal", "mid-year", "funnel", "ai-marketing-plan-events"] {
        let scenario = file(name);
        // Targets may ask for leads.
        let few = ["--metrics", "bookings,revenue", "--set", "targets=[]"];
        let some = run(folder.path(), "some", &[&[scenario.as_str()][..], &few].concat());
        let all = run(folder.path(), "all", &[&scenario, "--set", "targets=[]"]);
        assert_eq!(metrics(&some), BTreeSet::from(["bookings", "revenue"]), "{name}");
        assert!(metrics(&all).len() > 10);
        let asked = |series: &&Value| ["bookings", "revenue"].contains(&series["metric"].as_str().unwrap());
        let of_all: Vec<&Value> = all["series"].as_array().unwrap().iter().filter(asked).collect();
        assert_eq!(some["series"].as_array().unwrap().iter().collect::<Vec<_>>(), of_all, "{name}");
        assert_eq!(some["main"]["bands"], all["main"]["bands"], "{name}");
        assert_eq!(some["main"]["variance"], all["main"]["variance"], "{name}");
        // What was written is read back: the page is made again to the byte.
        let page = fs::read(folder.path().join("some/report.html")).unwrap();
        let (code, _, said) = ran(folder.path(), &["report", "some/forecast.json", "--out", "again"]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(fs::read(folder.path().join("again/report.html")).unwrap(), page, "{name}");
        assert!(String::from_utf8_lossy(&page).contains("Asked for: bookings and recognised revenue;"), "{name}");
    }
}

#[test]
fn targets_and_calls_bring_what_they_name() {
    let folder = TempDir::new().unwrap();
    let plan = run(folder.path(), "plan", &[&file("ai-marketing-plan"), "--metrics", "revenue"]);
    assert_eq!(metrics(&plan), BTreeSet::from(["pipeline_value", "revenue", "total_bookings"]));
    let calls = json!([{"who": "Head of sales", "date": "2027-02-01", "metric": "won_deals", "period": "2027-Q1", "amount": 50}]);
    let called =
        run(folder.path(), "called", &[&file("minimal"), "--metrics", "revenue", "--set", &format!("calls={calls}")]);
    assert_eq!(metrics(&called), BTreeSet::from(["bookings", "revenue", "won_deals"]));
}

/// Costs told by region are read back where CAC, which exists with them alone, was not asked for.
#[test]
fn the_investment_of_regions_is_read_back_by_itself() {
    let folder = TempDir::new().unwrap();
    for name in ["ai-marketing-plan-events", "ai-marketing-plan-team"] {
        let investment = run(folder.path(), "out", &[&file(name), "--metrics", "investment", "--set", "targets=[]"]);
        let scopes = investment["series"].as_array().unwrap().iter().filter(|series| series["metric"] == "investment");
        assert!(scopes.map(|series| series["scope"].as_str().unwrap()).collect::<BTreeSet<_>>().len() > 1, "{name}");
        let (code, _, said) = ran(folder.path(), &["report", "out/forecast.json", "--out", "again"]);
        assert_eq!(code, 0, "{said}");
    }
}

#[test]
fn shards_of_what_is_asked_merge_into_the_run() {
    let folder = TempDir::new().unwrap();
    let asked = ["--metrics", "bookings", "--trials", "2000"];
    let minimal = file("minimal");
    for k in ["1/2", "2/2"] {
        let out = format!("part-{}", &k[..1]);
        let arguments = [&["run", &minimal, "--shard", k, "--out", &out][..], &asked].concat();
        let (code, _, said) = ran(folder.path(), &arguments);
        assert_eq!(code, 0, "{said}");
    }
    let (code, _, said) = ran(folder.path(), &["merge", "part-1", "part-2", "--out", "merged", "--quiet"]);
    assert_eq!(code, 0, "{said}");
    run(folder.path(), "whole", &[&file("minimal"), "--metrics", "bookings"]);
    let [merged, whole] =
        ["merged", "whole"].map(|out| fs::read(folder.path().join(out).join("forecast.json")).unwrap());
    assert_eq!(merged, whole);
    // Leads that are not won take no room.
    let bytes = fs::metadata(folder.path().join("part-1")).unwrap().len();
    let (code, _, said) =
        ran(folder.path(), &["run", &file("minimal"), "--shard", "1/2", "--out", "all-1", "--trials", "2000"]);
    assert_eq!(code, 0, "{said}");
    assert!(bytes < fs::metadata(folder.path().join("all-1")).unwrap().len());
}

#[test]
fn metrics_that_there_are_not_are_told_at_once_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let (code, _, said) = ran(folder.path(), &["run", &file("minimal"), "--metrics", "bokings,cac", "--out", "out"]);
    assert_eq!(code, 2);
    assert!(said.contains("--metrics bokings,cac: simulation.metrics[0]"), "{said}");
    assert!(said.contains("did you mean \"bookings\"?") && said.contains("CAC of a scenario without"), "{said}");
    let budget = "region,metric,month,amount\ntotal,leads,2027-01,5\n";
    fs::write(folder.path().join("budget.csv"), budget).unwrap();
    let arguments = ["run", &file("minimal"), "--metrics", "bookings", "--budget", "budget.csv", "--out", "out"];
    let (code, _, said) = ran(folder.path(), &arguments);
    assert_eq!(code, 2);
    assert!(said.contains("leads, which is not among the metrics asked for"), "{said}");
    assert!(said.contains("name it in --metrics"), "{said}");
    assert!(!folder.path().join("out").exists());
}

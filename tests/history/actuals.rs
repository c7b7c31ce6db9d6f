//! One format of actuals: what a scenario names is what `revcast actual --file` writes down, and what history scores against.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::at;
use crate::cli::files;

const ACTUALS: &str = "region,metric,month,amount\n\
    europe,bookings,2027-01,30000\neurope,renewals,2027-01,0\nEurope,Bookings,Feb-27,\"€41,500.50\"\neurope,renewals,2027-02,100\n\
    europe,bookings,2027-03,7000\neurope,renewals,2027-03,0\n";

const TODAY: &str = "2027-03-10T02:00:00Z";

/// A folder with a company that ran on New Year's Eve, and on 10 March with what had happened until then.
fn two_runs() -> TempDir {
    let folder = TempDir::new().unwrap();
    let scenario = json!({
        "name": "S", "start": "2027-01", "months": 12, "as_of": "2027-03-10", "actuals": "actuals.csv", "pipeline": [], "contracts": [],
        "regions": {"europe": {"label": "Europe", "leads": {"monthly": 20}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"mean": 5000}}},
        "targets": [{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 300_000}]
    });
    fs::write(folder.path().join("s.json"), scenario.to_string()).unwrap();
    fs::write(folder.path().join("actuals.csv"), ACTUALS).unwrap();
    let first = ["run", "s.json", "--record", "--set", "as_of=2027-01-01", "--set", "actuals=[]"];
    for (time, arguments) in [("2026-12-31T02:00:00Z", &first[..]), (TODAY, &["run", "s.json"])] {
        let more = ["--trials", "300", "--quiet", "--chart-size", "thumb"];
        assert_eq!(at(time, folder.path(), &[arguments, &more].concat()), (0, String::new(), String::new()));
    }
    folder
}

/// The periods that history scores of monthly bookings, and the actual amount of February.
fn scored(folder: &TempDir) -> (u64, Value) {
    let arguments = ["history", "s", "--json", "--period", "2027-02", "--chart-size", "thumb"];
    let (code, out, err) = at(TODAY, folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    let body = serde_json::from_str::<Value>(&out).unwrap()["body"].clone();
    let months = body["accuracy"].as_array().unwrap().iter().find(|kind| kind["every"] == "month");
    (months.map_or(0, |months| months["checked"].as_array().unwrap().len() as u64), body["actual"]["amount"].clone())
}

#[test]
fn history_scores_against_the_actuals_of_a_scenario_and_takes_their_table() {
    let folder = two_runs();
    assert_eq!(scored(&folder), (2, json!(41_500.5)));
    let (code, out, err) = at(TODAY, folder.path(), &["actual", "s", "--file", "actuals.csv"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        out,
        "bookings of Europe in January 2027: €30k\nrenewals of Europe in January 2027: €0\n\
         bookings of Europe in February 2027: €41,500.5\nrenewals of Europe in February 2027: €100\n"
    );
    assert!(
        err.starts_with("note: 2 rows are left out, of the month that the newest run knew up to 2027-03-10 only"),
        "{err}"
    );
    assert_eq!(scored(&folder), (2, json!(41_500.5)));
    assert_eq!(at(TODAY, folder.path(), &["run", "s.json", "--trials", "300", "--quiet"]).0, 0);
}

#[test]
fn what_was_written_down_and_what_a_scenario_says_must_agree() {
    let folder = two_runs();
    assert_eq!(at(TODAY, folder.path(), &["actual", "s", "--file", "actuals.csv", "--quiet"]).0, 0);
    let changed = ACTUALS.replace("41,500.50", "41500");
    fs::write(folder.path().join("actuals.csv"), &changed).unwrap();
    let before = files(folder.path());
    let forecast = fs::read(folder.path().join("output/s/forecast.json")).unwrap();
    for arguments in [&["run", "s.json", "--trials", "300", "--quiet"][..], &["run", "s.json", "--trials", "300"]] {
        let (code, out, err) = at(TODAY, folder.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        let fault = "actuals.csv: actuals\n  found:   bookings of europe in 2027-02: €41.5k\n  allowed: €41,500.5, which `revcast actual` was told";
        assert!(err.contains(fault), "{err}");
    }
    let fault = at(
        TODAY,
        folder.path(),
        &["batch", ".", "--trials", "300", "--history", "output/history.sqlite", "--out", "night"],
    );
    assert!(fault.0 == 2 && fault.1.contains("bookings of europe in 2027-02: €41.5k"), "{fault:?}");
    fs::remove_dir_all(folder.path().join("night")).unwrap();
    assert_eq!(files(folder.path()), before);
    assert_eq!(fs::read(folder.path().join("output/s/forecast.json")).unwrap(), forecast);
    // Written down anew, they agree.
    let (_, out, _) = at(TODAY, folder.path(), &["actual", "s", "--file", "actuals.csv"]);
    assert!(out.contains("bookings of Europe in February 2027: €41.5k, no more €41,500.5"), "{out}");
    assert_eq!(at(TODAY, folder.path(), &["run", "s.json", "--trials", "300", "--quiet"]).0, 0);
    // A period of which the scenario knows a part is not held against it.
    let (code, _, err) =
        at("2028-01-05T00:00:00Z", folder.path(), &["actual", "s", "--period", "2027-Q1", "--amount", "1"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(at(TODAY, folder.path(), &["run", "s.json", "--trials", "300", "--quiet"]).0, 0);
}

#[test]
fn a_table_of_actuals_with_faults_is_refused_by_row_and_column() {
    let folder = two_runs();
    let text = "region,metric,month,amount\nmars,bookings,2027-01,1\neurope,booking,2027-01,x\neurope,bookings,2027-04,1\n\
        europe,bookings,2027-13,1\neurope,bookings,2027-02,\neurope,bookings,2027-02,5%\neurope,bookings,2027-02,$5\n";
    fs::write(folder.path().join("bad.csv"), text).unwrap();
    let (code, out, err) = at(TODAY, folder.path(), &["actual", "s", "--file", "bad.csv"]);
    assert_eq!((code, out.as_str()), (2, ""));
    let wanted = [
        "row 2, region",
        "row 3, metric",
        "row 3, amount",
        "row 4, month",
        "row 5, month",
        "row 6, amount\n  found:   nothing",
        "row 7, amount\n  found:   \"5%\"",
        "row 8, amount\n  found:   \"$5\"\n  allowed: an amount in EUR",
    ];
    for fault in wanted {
        assert!(err.contains(fault), "{fault:?} is not in\n{err}");
    }
    assert_eq!(err.matches("  found:").count(), wanted.len(), "{err}");
}

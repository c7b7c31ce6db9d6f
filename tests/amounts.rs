//! Amounts, shares and months as people type them: read alike by every option and file, and refused where they may mean something else.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::revcast;

/// Exit code and standard error.
fn told(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = revcast(folder).args(arguments).output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8(output.stderr).unwrap())
}

/// Two regions of one label.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let region = |leads: u32| {
        json!({"label": "EMEA", "leads": {"monthly": leads}, "conversion": {"mean": 0.3, "sd": 0.03},
            "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000}})
    };
    let scenario = json!({
        "name": "Two", "start": "2027-01", "months": 12, "simulation": {"trials": 200, "seed": 1},
        "regions": {"de": region(10), "fr": region(90)},
        "targets": [{"name": "Year 1", "metric": "bookings", "period": "2027", "at_least": 300_000},
            {"name": "Spaced ", "metric": "bookings", "period": "2027", "at_least": 1}]
    });
    fs::write(folder.path().join("s.json"), scenario.to_string()).unwrap();
    folder
}

#[test]
fn a_decimal_comma_is_refused_by_every_option_and_never_a_thousand_times_as_much() {
    let folder = folder();
    for (arguments, hint) in [
        (vec!["run", "--require", "P50 >= 0,3M"], "a point, not a comma: 0.3"),
        (vec!["run", "--require", "P50 >= 1,500,000"], "without thousands separators"),
        (vec!["run", "--require", "P50 >= 30%"], "an amount is not a percentage"),
        (vec!["run", "--require", "Year 1 >= 0,5"], "a point, not a comma: 0.5"),
        (vec!["run", "--alert", "P50 drops by 0,5M since last run"], "a point, not a comma: 0.5"),
        (vec!["run", "--alert", "Year 1 drops by 0,05"], "a point, not a comma: 0.05"),
        (vec!["run", "--precision", "0,5%"], "a point, not a comma: 0.5"),
        (vec!["solve", "--vary", "regions.de.conversion", "--mean", "1,5M"], "a point, not a comma: 1.5"),
        (vec!["solve", "--vary", "regions.de.conversion", "--mean", "30%"], "an amount is not a percentage"),
        (vec!["solve", "--vary", "regions.de.conversion", "--mean", "1M", "--between", "0,1..0,5"], "a comma: 0.1"),
        (vec!["sensitivity", "--where", "main <= 1,5"], "a point, not a comma: 1.5"),
        (vec!["sensitivity", "--range", "regions.de.retention=0,9..0,98"], "a point, not a comma: 0.9"),
        (vec!["run", "--set", "regions.de.conversion=0,25"], "a point, not a comma: 0.25"),
    ] {
        let mut arguments = arguments;
        arguments.insert(1, "s.json");
        let (code, err) = told(folder.path(), &arguments);
        assert!(code == 2 && err.contains(hint), "{arguments:?}: {code} {err}");
    }
    assert!(!folder.path().join("output").exists(), "nothing is written");
}

#[test]
fn sheets_refuse_what_is_no_amount_no_day_and_no_single_region() {
    let folder = folder();
    let budget = |rows: &str| {
        fs::write(folder.path().join("b.csv"), format!("region,metric,month,amount\n{rows}\n")).unwrap();
        told(folder.path(), &["run", "s.json", "--out", "o", "--quiet", "--budget", "b.csv"])
    };
    for (row, words) in [
        ("EMEA,bookings,2027-03,5000", "2 have this label: write the key of the one that is meant"),
        ("EMEA,bookings,2027-03,5000", "one of de, fr"),
        ("de,bookings,2027-03,30%", "an amount is not a percentage"),
        ("de,bookings,2027-02-31,5000", "\"2027-02-31\""),
        ("de,bookings,2027-02-28,\"5,5\"", "a point, not a comma: 5.5"),
    ] {
        let (code, err) = budget(row);
        assert!(code == 2 && err.contains(words), "{row}: {code} {err}");
    }
    assert_eq!(budget("fr,bookings,2027-02-28,5k").0, 0);
    let set = |rows: &str| {
        fs::write(folder.path().join("i.csv"), format!("path,value\n{rows}\n")).unwrap();
        told(folder.path(), &["run", "s.json", "--out", "p", "--quiet", "--set-file", "i.csv"])
    };
    let (code, err) = set("regions.de.deal_size.mean,30%");
    assert!(code == 2 && err.contains("an amount is not a percentage"), "{err}");
    assert_eq!(set("simulation.seed,18446744073709551615").0, 0);
    let document: Value = serde_json::from_slice(&fs::read(folder.path().join("p/forecast.json")).unwrap()).unwrap();
    assert_eq!(document["header"]["manifest"]["seed"], json!(u64::MAX));
    let (code, err) = set("simulation.seed,-1");
    assert!(code == 2 && err.contains("0 to 18446744073709551615"), "{err}");
}

#[test]
fn rules_say_what_they_found_as_everything_else_does() {
    let folder = folder();
    let run = |rule: &str| told(folder.path(), &["run", "s.json", "--out", "o", "--quiet", "--require", rule]);
    let (code, err) = run("P50 >= 0.9M");
    assert!(code == 3 && err.contains("required: P50 >= 0.9M; found €3") && err.contains("(standard error €"), "{err}");
    let (code, err) = run("Year 1 >= 0.99");
    assert!(code == 3 && err.contains(" in 100 (0.") && err.contains(", standard error 0.0"), "{err}");
    assert_eq!(run("Spaced >= 0.5").0, 0, "the space at its end cannot be typed");
    let (code, err) = run("zz: Year 1 >= 0.4");
    assert!(code == 2 && err.contains("no scenario \"zz\"") && err.contains("without .json"), "{err}");
}

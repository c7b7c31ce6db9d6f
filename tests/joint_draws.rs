//! Joint draws of quantities, from a table that a scenario names.

use std::fs;

use revcast::documents::Manifest;
use revcast::model::{resolve, scenario_hash};
use revcast::scenario::Scenario;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::ran;
use crate::data_files::{ACTUALS, CONTRACTS, DEALS, base, read};

/// A scenario with joint draws in a file.
fn with_draws(file: &str, rows: usize, draws: &[u8]) -> Result<Scenario, String> {
    let mut scenario = base();
    scenario["draws"] = json!({"file": file, "rows": rows});
    let tables = [
        ("actuals.csv", ACTUALS.as_bytes()),
        ("contracts.csv", CONTRACTS.as_bytes()),
        ("deals.csv", DEALS.as_bytes()),
        (file, draws),
    ];
    read(&scenario, &tables)
}

const JOINT: &[u8] = b"regions.europe.conversion,regions.europe.leads.monthly\n0.2,20\n0.3,25\n0.4,45\n";

#[test]
fn joint_draws_give_quantities_their_values() {
    let scenario = with_draws("d.csv", 3, JOINT).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(scenario.columns().len(), 2);
    assert!(scenario.inputs().is_empty());
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(model.mean_inputs(), [0.3, 30.0]);
    assert_eq!(model.input(0).law.in_row(4), Some(0.3));
    // Other values are another scenario.
    let other = String::from_utf8(JOINT.to_vec()).unwrap().replace("45", "46");
    let other = with_draws("d.csv", 3, other.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_ne!(scenario_hash(&scenario), scenario_hash(&other));
    // A document has the columns in it.
    let manifest = Manifest::of(&scenario, &model);
    let text = serde_json::to_string(&manifest).unwrap();
    let again: Manifest = serde_json::from_str(&text).unwrap();
    let again = again.scenario().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(resolve(&again).unwrap_or_else(|faults| panic!("{faults}")).columns[1].law, model.columns[1].law);
    assert_eq!(scenario_hash(&scenario), scenario_hash(&again));
}

#[test]
fn joint_draws_that_cannot_be_are_refused() {
    let told = |file: &str, rows: usize, text: &str| with_draws(file, rows, text.as_bytes()).unwrap_err();
    let outside = told("d.csv", 2, "regions.europe.conversion,regions.europe.leads.montly\n0.5,1\n1.5,2\n");
    insta::assert_snapshot!(outside, @r#"
    d.csv: row 2, regions.europe.conversion
      found:   1.5
      allowed: a share, 0 to 1

    d.csv: regions.europe.leads.montly
      found:   a column regions.europe.leads.montly
      allowed: the path of a quantity of the scenario
      hint:    did you mean "regions.europe.leads.monthly"?
    "#);
    let rows = told("d.csv", 4, std::str::from_utf8(JOINT).unwrap());
    insta::assert_snapshot!(rows, @"
    plans/s.json: draws.rows
      found:   4
      allowed: 3, as many as plans/d.csv has
    ");
    let cell = told("d.csv", 1, "regions.europe.conversion\nhigh\n");
    insta::assert_snapshot!(cell, @r#"
    plans/d.csv: row 2, regions.europe.conversion
      found:   "high"
      allowed: a number
    "#);
    assert!(told("d.parquet", 1, "PAR1").contains("a Parquet file of numbers"));
}

#[test]
fn what_an_option_sets_is_no_longer_drawn_together() {
    let folder = TempDir::new().unwrap();
    let mut scenario = base();
    for section in ["actuals", "pipeline", "contracts", "as_of"] {
        scenario.as_object_mut().unwrap().remove(section);
    }
    scenario["draws"] = json!({"file": "d.csv", "rows": 3});
    scenario["simulation"] = json!({"trials": 300});
    fs::write(folder.path().join("s.json"), scenario.to_string()).unwrap();
    fs::write(folder.path().join("d.csv"), JOINT).unwrap();
    let whole = ran(folder.path(), &["run", "s.json", "--json"]).1;
    assert!(whole.contains("\"regions.europe.conversion\":["));
    let set = ran(folder.path(), &["run", "s.json", "--json", "--set", "regions.europe.conversion=0.5"]).1;
    assert!(!set.contains("\"regions.europe.conversion\":["));
    let said = ran(folder.path(), &["run", "s.json"]).1.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("what is not known of win rates and leads brings"), "{said}");
    let sensitivity = ran(folder.path(), &["sensitivity", "s.json"]).1;
    assert!(sensitivity.contains("drawn together, from d.csv"), "{sensitivity}");
    // What it moves is the whole way from the one run to the other.
    let since =
        ["run", "s.json", "--json", "--since", "output/s/forecast.json", "--set", "regions.europe.conversion=0.5"];
    let (code, set, err) = ran(folder.path(), &since);
    assert_eq!((code, err.as_str()), (0, ""));
    let set: Value = serde_json::from_str(&set).unwrap();
    let (moved, now) = (&set["body"]["moved"], &set["body"]["forecast"]["main"]["bands"]["p50"]["value"]);
    let step = moved["spans"]["p50"]["steps"][0]["value"].as_f64().unwrap();
    assert!(moved["reasons"].as_array().unwrap().len() == 1 && step != 0.0, "{moved}");
    assert_eq!(&moved["spans"]["p50"]["to"]["value"], now, "{moved}");
}

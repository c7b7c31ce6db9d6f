//! Two data sets that lie beside the project, where they do; their SOURCE.md says where they come from.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::range_of_quarter;
use crate::cli::ran;
use crate::common::required::skipped;

const MAP: &str = "region=regional_office,created=engage_date,closed=close_date,stage=deal_stage,amount=close_value,id=opportunity_id";

/// The folder of a data set, if it is there.
fn data_set(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !folder.exists() {
        skipped("data-sets", &format!("there is no ../shared/data/{name}"));
        return None;
    }
    Some(folder)
}

fn fitted(arguments: &[&str]) -> (String, Value) {
    let folder = TempDir::new().unwrap();
    let (code, said, err) =
        ran(folder.path(), &[&["fit"], arguments, &["--out", "out", "--chart-size", "thumb"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    let found = std::fs::read(folder.path().join("out/fit.json")).unwrap();
    // The last line is its seal.
    (said, serde_json::from_slice(&found).unwrap())
}

#[test]
fn computer_hardware_is_fitted_as_it_was_known_at_midyear() {
    let Some(folder) = data_set("maven_crm") else { return };
    let [pipeline, teams] =
        ["sales_pipeline.csv", "sales_teams.csv"].map(|file| folder.join(file).display().to_string());
    let options = ["--join", &format!("{teams}:sales_agent"), "--map", MAP, "--won", "Won", "--lost", "Lost"];
    let (said, found) =
        fitted(&[&[pipeline.as_str()], &options[..], &["--as-of", "2017-07-01", "--months", "6"]].concat());
    for text in [
        "8,800 rows, 8,300 used, 500 set aside",
        "1,785 deals won, 894 lost, 1,686 open",
        "1,185 deals were created before 2017-03-01",
    ] {
        assert!(said.contains(text), "{text}: {said}");
    }
    let fit = &found["body"]["fit"];
    assert_eq!(fit["ages"].as_array().unwrap().len(), 15);
    let regions = fit["regions"].as_array().unwrap();
    assert_eq!(regions.len(), 3);
    for region in regions {
        let mean = |field: &str, i: usize| region[field][i].as_f64().unwrap();
        // The law of sizes has the mean of the deals.
        assert!((mean("size", 0) / mean("sized", 1) - 1.0).abs() < 0.03, "{region}");
        assert!(mean("win_rate", 0) > 0.5 && mean("win_rate", 0) < 0.68 && mean("win_rate", 1) < 0.05, "{region}");
    }
}

#[test]
fn quarters_of_computer_hardware_came_inside_the_ranges_known_before_them() {
    let Some(folder) = data_set("maven_crm") else { return };
    let [pipeline, teams] =
        ["sales_pipeline.csv", "sales_teams.csv"].map(|file| folder.join(file).display().to_string());
    for (as_of, quarter, came) in [("2017-07-01", "2017-Q3", 2_982_255.0), ("2017-10-01", "2017-Q4", 2_802_496.0)] {
        let folder = TempDir::new().unwrap();
        let join = format!("{teams}:sales_agent");
        let fit = [
            &["fit", pipeline.as_str(), "--join", &join, "--map", MAP, "--won", "Won", "--lost", "Lost"][..],
            &["--as-of", as_of, "--months", "6", "--out", "out", "--chart-size", "thumb", "-q"],
        ];
        let run = [
            "run",
            "out/scenario.json",
            "--trials",
            "2000",
            "--out",
            "more",
            "--chart-size",
            "thumb",
            "-q",
            "--no-history",
        ];
        for arguments in [&fit.concat()[..], &run] {
            let (code, _, err) = ran(folder.path(), arguments);
            assert_eq!((code, err.as_str()), (0, ""));
        }
        let (low, high) = range_of_quarter(&folder.path().join("more"), quarter);
        assert!(low < came && came < high && high - low < 1.8e6, "{quarter}: {low} {came} {high}");
    }
}

#[test]
fn weeks_of_a_young_pipeline_are_fitted_with_what_they_cannot_say() {
    let Some(folder) = data_set("leadforge_synth") else { return };
    let export = folder.join("opportunities.csv").display().to_string();
    let map = ["--map", "status=close_outcome,amount=estimated_acv", "--as-of", "2024-04-01"];
    let (said, found) = fitted(&[&[export.as_str()], &map[..]].concat());
    assert!(said.contains("7,099 rows, 7,099 used"), "{said}");
    let wins: u64 =
        found["body"]["fit"]["regions"].as_array().unwrap().iter().map(|region| region["won"].as_u64().unwrap()).sum();
    assert!(wins > 500, "{wins}");
    let (said, _) = fitted(&[&[export.as_str()], &map[..3], &["2024-02-05"]].concat());
    assert!(said.contains("The window is 31 days") && said.contains("No month is seen"), "{said}");
}

//! `revcast fit`: exports as systems write them become the same scenario, what is no export is refused, and what was not known on a day
//! changes nothing.
#![allow(unreachable_pub)] // a module of a test binary has no outside

mod data_sets;
mod exports;
mod histories;
mod made_up;
mod nights;
mod refused;
mod simulated;
mod stages;
mod traps;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{files, ran};
use made_up::{Deal, deals, plain};

/// What a fit of an export wrote, and what it said.
struct Fitted {
    folder: TempDir,
    said: String,
}

impl Fitted {
    fn bytes(&self, file: &str) -> Vec<u8> {
        fs::read(self.folder.path().join("out").join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn text(&self, file: &str) -> String {
        String::from_utf8(self.bytes(file)).unwrap()
    }

    fn scenario(&self) -> Value {
        serde_json::from_slice(&self.bytes("scenario.json")).unwrap()
    }
}

/// Fits an export; further files lie beside it.
fn fitted(name: &str, bytes: &[u8], beside: &[(&str, &[u8])], options: &[&str]) -> Fitted {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in [(name, bytes)].iter().chain(beside) {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let arguments = [&["fit", name, "--out", "out", "--chart-size", "thumb"], options].concat();
    let (code, said, err) = ran(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    // Whatever is written can be played.
    let played = ["--trials", "20", "--out", "played", "--chart-size", "thumb", "--no-history", "-q"];
    let (code, _, err) = ran(folder.path(), &[&["run", "out/scenario.json"], &played[..]].concat());
    assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
    Fitted { folder, said }
}

/// P5 and P95 of the bookings of a quarter, by `bands.csv` in a folder of results.
fn range_of_quarter(folder: &Path, quarter: &str) -> (f64, f64) {
    let bands = fs::read_to_string(folder.join("bands.csv")).unwrap();
    let row = bands.lines().find(|row| row.starts_with(&format!("bookings,total,{quarter},"))).unwrap();
    let cells: Vec<&str> = row.split(',').collect();
    let column = |name: &str| bands.lines().next().unwrap().split(',').position(|column| column == name).unwrap();
    (cells[column("p5")].parse().unwrap(), cells[column("p95")].parse().unwrap())
}

/// The made-up export that the documents use.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/opportunities.csv")
}

#[test]
fn two_commands_lead_from_an_export_to_a_forecast() {
    let bytes = fs::read(example()).unwrap();
    let first = fitted("opportunities.csv", &bytes, &[], &[]);
    for said in [
        "opportunities.csv: 781 rows, 779 used, 2 set aside.",
        "no day of creation: row 781",
        "the id of a row above: row 782",
        "As of 2027-05-10, the window beginning on 2026-01-02: 178 deals won, 417 lost, 184 open.",
        "revcast run out/scenario.json",
    ] {
        assert!(first.said.contains(said), "{said}: {}", first.said);
    }
    let said = first.said.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "The as-of day, 2027-05-10, is the day after the last one on which a deal was created, won or lost; --as-of DAY sets another.",
        "are won in the end.",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    let folder = first.folder.path();
    let names = [
        "actuals.csv",
        "data-report.csv",
        "fit.draws.parquet",
        "fit.json",
        "pipeline.csv",
        "scenario.json",
        "scenario.schema.json",
    ];
    let (charts, tables): (Vec<String>, Vec<String>) =
        files(&folder.join("out")).into_iter().partition(|name| name.starts_with("charts/"));
    assert_eq!(tables, names);
    let drawn = ["chances-by-age", "deal-sizes", "leads-by-month", "rhythm", "won-and-lost"];
    assert_eq!(charts, drawn.map(|name| ["png", "svg"].map(|kind| format!("charts/{name}.{kind}"))).concat());
    let (code, out, err) = ran(folder, &["run", "out/scenario.json", "--trials", "200"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("2027") && out.contains("output/out"), "{out}");
    // Without a target it is told what is closed and open.
    let told = out.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = told.split_once("Pipeline: ").unwrap().1.split_once(". ").unwrap().0;
    assert!(line.starts_with("Bookings so far: ") && line.contains("; 184 open deals stand at "), "{line}");
    let pipeline: Value = serde_json::from_slice(&fs::read(folder.join("output/out/forecast.json")).unwrap()).unwrap();
    let pipeline = &pipeline["body"]["pipeline"];
    let amount = |part: &str, key: &str, unit: f64| pipeline[part][key].as_f64().unwrap() / unit;
    let (value, weighted) = (amount("all", "value", 1e6), amount("weighted", "amount", 1e3));
    let wanted = format!("stand at €{value:.2}M; amount times chance adds up to €{weighted:.0}k");
    assert!(line.ends_with(&wanted), "{line}: {wanted}");
    // What becomes of leads in the end is the same here and there; bookings of last year are known but for the month that is not whole.
    let (_, checked, _) = ran(folder, &["check", "out/scenario.json"]);
    let fit: Value = serde_json::from_slice(&first.bytes("fit.json")).unwrap();
    for region in fit["body"]["fit"]["regions"].as_array().unwrap() {
        let share = format!("{:.1} %", 100.0 * region["won_in_the_end"][0].as_f64().unwrap());
        assert!(checked.contains(&share), "{share}: {checked}");
    }
    let actuals = first.text("actuals.csv");
    assert!(actuals.contains(",bookings,2026-02,") && !actuals.contains("2026-01,"), "{actuals}");
    // The same inputs give the same bytes, and a folder of a fit may be written again.
    let before: Vec<Vec<u8>> = names.iter().map(|name| first.bytes(name)).collect();
    let (code, ..) = ran(folder, &["fit", "opportunities.csv", "--out", "out", "--chart-size", "thumb", "-q"]);
    assert_eq!(code, 0);
    assert_eq!(names.map(|name| first.bytes(name)), before[..]);
    // For people there is another form, which has no draws.
    let simple = fitted("opportunities.csv", &bytes, &[], &["--simple"]);
    let scenario = simple.scenario();
    assert!(scenario["regions"]["asia_pacific"]["conversion"]["mean"].is_f64() && scenario.get("draws").is_none());
    assert!(!files(simple.folder.path()).iter().any(|name| name.ends_with(".parquet")));
}

#[test]
fn the_quarter_that_came_lies_in_the_range_that_was_known_before_it() {
    let bytes = fs::read(example()).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let mut rows = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let head = rows.next().unwrap();
    // Short rows are the footer of a report.
    let rows = rows.filter(|row| row.len() == head.len());
    let place = |name: &str| head.iter().position(|column| *column == name).unwrap();
    let (closed, stage, amount) = (place("Close Date"), place("Stage"), place("Amount"));
    let won =
        |row: &Vec<&str>, from: &str, to: &str| row[stage] == "Closed Won" && row[closed] >= from && row[closed] < to;
    let fitted = fitted("opportunities.csv", &bytes, &[], &["--as-of", "2027-01-01"]);
    let folder = fitted.folder.path();
    let run = [
        "run",
        "out/scenario.json",
        "--trials",
        "1000",
        "--out",
        "more",
        "--chart-size",
        "thumb",
        "--no-history",
        "-q",
    ];
    assert_eq!(ran(folder, &run).0, 0);
    let came: f64 = rows
        .filter(|row| won(row, "2027-01-01", "2027-04-01"))
        .map(|row| row[amount].parse::<f64>().unwrap_or(0.0))
        .sum();
    let (low, high) = range_of_quarter(&folder.join("more"), "2027-Q1");
    assert!(came > 0.0 && low < came && came < high, "{low} {came} {high}");
}

#[test]
fn a_fit_that_people_went_on_with_is_not_replaced() {
    let found = fitted("deals.csv", plain(&deals(300)).as_bytes(), &[], &[]);
    let folder = found.folder.path();
    let fit = ["fit", "deals.csv", "--out", "out", "--chart-size", "thumb"];
    // As the fit wrote it another one may take its place, and nothing else.
    assert_eq!(ran(folder, &fit).0, 0);
    let before = files(&folder.join("out"));
    for other in [&["run", "out/scenario.json", "--no-history"][..], &["backtest", "deals.csv"]] {
        let (code, _, err) = ran(folder, &[other, &["--out", "out"]].concat());
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains("a scenario that revcast fit wrote (fit.json)") && err.contains("nothing was touched"),
            "{err}"
        );
    }
    assert_eq!(files(&folder.join("out")), before);
    for (file, by) in [("actuals.csv", "\n"), ("scenario.json", " ")] {
        let own = fs::read_to_string(folder.join("out").join(file)).unwrap();
        fs::write(folder.join("out").join(file), own.clone() + by).unwrap();
        let (code, _, err) = ran(folder, &fit);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(&format!("{file}, which was changed since")) && err.contains("--onto"), "{err}");
        assert_eq!(fs::read_to_string(folder.join("out").join(file)).unwrap(), own.clone() + by);
        fs::write(folder.join("out").join(file), own).unwrap();
    }
    assert_eq!(ran(folder, &fit).0, 0);
}

#[test]
fn what_was_not_known_on_a_day_changes_nothing() {
    let all = deals(700);
    let as_of = "2027-01-01";
    let known: Vec<Deal> =
        all.iter().filter(|deal| deal.created.as_str() < as_of).map(|deal| deal.known(as_of)).collect();
    let (later, then) = (plain(&all), plain(&known));
    let later = fitted("deals.csv", later.as_bytes(), &[], &["--as-of", as_of]);
    let then = fitted("deals.csv", then.as_bytes(), &[], &["--as-of", as_of]);
    for file in ["fit.draws.parquet", "actuals.csv", "pipeline.csv"] {
        assert!(later.bytes(file) == then.bytes(file), "{file}");
    }
    let (mut later, mut then) = (later.scenario(), then.scenario());
    // What is said of the rows is of the whole file, as the amounts of open deals are.
    for scenario in [&mut later, &mut then] {
        let said = scenario["assumptions"].as_array_mut().unwrap();
        let of_file = ["deals.csv: ", "Deals in these stages", "have no amount: new deals' sizes stand in"];
        said.retain(|text| !of_file.iter().any(|of| text.as_str().unwrap().contains(of)));
    }
    // It is said that what the export holds of open deals is of a later day.
    let said = later["assumptions"].as_array_mut().unwrap();
    let before = said.len();
    said.retain(|text| !text.as_str().unwrap().contains("as of a later day"));
    assert_eq!(before, said.len() + 1);
    assert_eq!(later, then);
    // Where what came later is looked at, the numbers are others.
    let whole = fitted("deals.csv", plain(&all).as_bytes(), &[], &[]);
    assert_ne!(whole.scenario()["regions"]["east"]["leads"], then["regions"]["east"]["leads"]);
}

#[test]
fn a_scenario_has_the_open_deals_and_what_was_booked() {
    let all = deals(700);
    let fitted = fitted("deals.csv", plain(&all).as_bytes(), &[], &["--as-of", "2027-03-15", "--months", "6"]);
    let scenario = fitted.scenario();
    assert_eq!((&scenario["start"], &scenario["months"]), (&"2027-01".into(), &8.into()));
    let open = |deal: &&Deal| deal.created.as_str() < "2027-03-15" && deal.known("2027-03-15").closed.is_none();
    assert_eq!(fitted.text("pipeline.csv").lines().count() - 1, all.iter().filter(open).count());
    let actuals = fitted.text("actuals.csv");
    for (region, month) in [("east", "2027-01"), ("west", "2027-03")] {
        let won = |deal: &&Deal| {
            let closed = deal.closed.as_deref().unwrap_or_default();
            deal.region.eq_ignore_ascii_case(region)
                && deal.stage == "Closed Won"
                && closed.starts_with(month)
                && closed < "2027-03-15"
        };
        let booked: i64 = all.iter().filter(won).filter_map(|deal| deal.amount).sum();
        assert!(actuals.contains(&format!("{region},bookings,{month},{booked}\n")), "{actuals}");
        assert!(actuals.contains(&format!("{region},renewals,{month},0\n")), "{actuals}");
    }
    assert_eq!(scenario["regions"]["west"]["retention"]["value"], 0);
    assert_eq!(scenario["contracts"], Value::Array(Vec::new()));
}

#[test]
fn regions_of_another_file_are_joined() {
    let all = deals(300);
    let own = plain(&all);
    // The same deals with an owner in place of the region.
    let owned: String = own.replace(",East,", ",Ann,").replace(",West,", ",Bob,").replace("Region", "Owner");
    let teams = "Owner,Office\nAnn,East\nBob,West\n";
    let joined = fitted(
        "deals.csv",
        owned.as_bytes(),
        &[("teams.csv", teams.as_bytes())],
        &["--join", "teams.csv:owner", "--map", "region=office"],
    );
    let plain = fitted("deals.csv", own.as_bytes(), &[], &[]);
    assert_eq!(joined.scenario(), plain.scenario());
}

#[test]
fn a_fit_is_put_onto_what_the_analyst_wrote() {
    let analyst = r#"{"name": "Plan", "start": "2027-01", "months": 24, "currency": "USD",
        "regions": {"emea": {"label": "East", "leads": {"monthly": 1}, "conversion": 0.5, "cycle": {"mean_days": 9},
            "deal_size": {"mean": 5}, "retention": {"mean": 0.9, "sd": 0.02}}, "west": {"leads": {"monthly": 1}, "conversion": 0.5,
            "cycle": {"mean_days": 9}, "deal_size": {"mean": {"mean": 5, "sd": 1}}, "retention": {"mean": 0.8, "sd": 0.02}}},
        "correlations": [{"between": ["regions.emea.retention", "regions.west.retention"], "rho": 0.125},
            {"between": ["regions.emea.retention", "regions.west.deal_size.mean"], "rho": 0.375}],
        "targets": [{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 1000000}]}"#;
    let all = deals(700);
    let (as_of, export) = (["--onto", "plan.json", "--as-of", "2027-03-01"], plain(&all));
    for form in [&["--simple"][..], &[]] {
        let options = [&as_of[..], form].concat();
        let fitted = fitted("deals.csv", export.as_bytes(), &[("plan.json", analyst.as_bytes())], &options);
        let scenario = fitted.scenario();
        assert_eq!(
            (&scenario["extends"], &scenario["start"], &scenario["months"]),
            (&"../plan.json".into(), &"2027-01".into(), &24.into())
        );
        let emea = &scenario["regions"]["emea"];
        match form {
            [] => assert!(emea["closing"]["table"]["won"][0].is_f64() && emea["conversion"].is_null()),
            _ => assert!(emea["conversion"]["mean"].as_f64().unwrap() < 0.45),
        }
        // What the analyst said of fitted figures gives way; the rest stays.
        let kept = scenario["correlations"].as_array().unwrap().iter().filter(|pair| pair["rho"] == 0.125).count();
        assert_eq!((kept, scenario["correlations"].to_string().contains("0.375")), (1, false), "{form:?}");
        assert!(fitted.text("pipeline.csv").contains(",emea,") && fitted.text("pipeline.csv").contains(",west,"));
        assert_eq!(fs::read_to_string(fitted.folder.path().join("plan.json")).unwrap(), analyst);
        let (code, out, err) = ran(fitted.folder.path(), &["check", "out/scenario.json"]);
        assert_eq!((code, err.as_str()), (0, ""));
        // The analyst's retention, target and currency are still there.
        assert!(out.contains("90 %") && out.contains('$'), "{out}");
    }
}

//! The whole program on a business that is running, `scenarios/mid-year.json`: in parts, gone on with, in a batch, in the history, and what each
//! surface tells of its open deals.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use calamine::{DataType, Reader, Xlsx};
use serde_json::Value;

use crate::cli::{ran, scenario};

const TRIALS: [&str; 3] = ["--trials", "300", "--quiet"];

fn run(folder: &Path, arguments: &[&str]) -> String {
    let arguments: Vec<&str> = arguments.iter().chain(&TRIALS).copied().collect();
    let (code, out, err) = ran(folder, &arguments);
    assert_eq!(code, 0, "{arguments:?}: {err}");
    out
}

fn document(folder: &Path, file: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(file)).expect(file)).expect("it is JSON")
}

#[test]
fn in_parts_gone_on_with_and_in_a_batch_it_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, file) = (folder.path(), scenario("mid-year"));
    let small = ["--xlsx", "--chart-size", "thumb"];
    run(folder, &[&["run", file.as_str(), "--out", "whole"][..], &small[..]].concat());
    run(folder, &[&["run", file.as_str(), "--resume", "--out", "resumed"][..], &small[..]].concat());
    for (part, name) in [("1/3", "1.shard"), ("2/3", "2.shard"), ("3/3", "3.shard")] {
        run(folder, &["run", &file, "--shard", part, "--out", name]);
    }
    let (code, _, err) = ran(
        folder,
        &[&["merge", "3.shard", "1.shard", "2.shard", "--quiet", "--out", "merged"][..], &small[..]].concat(),
    );
    assert_eq!(code, 0, "{err}");
    for other in ["resumed", "merged"] {
        for name in ["forecast.json", "report.html", "forecast.xlsx", "bands.csv"] {
            let read = |of: &str| fs::read(folder.join(of).join(name)).expect(name);
            assert!(read("whole") == read(other), "{other}/{name}");
        }
    }
    run(folder, &["batch", &file, "--out", "nights", "--chart-size", "thumb"]);
    let (whole, night) = (document(folder, "whole/forecast.json"), document(folder, "nights/mid-year/forecast.json"));
    for part in ["/body/forecast/main", "/body/pipeline"] {
        assert!(whole.pointer(part).is_some() && whole.pointer(part) == night.pointer(part), "{part}");
    }
}

#[test]
fn a_night_later_it_is_said_what_passed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, file) = (folder.path(), scenario("mid-year"));
    run(folder, &["run", &file, "--chart-size", "thumb"]);
    let later =
        ["--set", "as_of=2027-06-12", "--record", "--since", "last", "--trials", "300", "--chart-size", "thumb"];
    let (code, out, err) = ran(folder, &[&["run", file.as_str()][..], &later[..]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("time that passed, 2027-06-10 → 2027-06-12"), "{out}");
    let moved = document(folder, "output/mid-year/forecast.json");
    let kinds = moved.pointer("/body/moved/reasons").and_then(Value::as_array).expect("reasons");
    assert_eq!(kinds.iter().map(|reason| &reason["kind"]).collect::<Vec<_>>(), ["time"]);
    let (code, out, err) = ran(folder, &["history", "mid-year"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("2 runs"), "{out}");
}

#[test]
fn files_of_trials_have_every_flow_and_level_and_known_months_their_actuals() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, file) = (folder.path(), scenario("mid-year"));
    run(folder, &["run", &file, "--out", "o", "--trials-file", "trials.csv", "--chart-size", "thumb"]);
    let text = fs::read_to_string(folder.join("o/trials.csv")).expect("it is there");
    let mut rows = text.lines();
    let names: Vec<&str> = rows.next().expect("a head").split(',').collect();
    for name in [
        "total_bookings",
        "weighted_pipeline",
        "bookings_closed",
        "bookings_from_open",
        "bookings_from_new",
        "bookings_from_one_offs",
        "renewals_closed",
        "renewals_from_contracts",
        "renewals_from_new",
        "arr_new",
        "arr_expansion",
        "arr_contraction",
        "arr_churn",
    ] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert!(!names.contains(&"nrr") && !names.contains(&"roi"), "{names:?}");
    let at = |name: &str| names.iter().position(|known| *known == name).expect("a column");
    let actuals = fs::read_to_string(scenario("mid-year-actuals").replace(".json", ".csv")).expect("it is there");
    let booked: f64 = actuals
        .lines()
        .find_map(|row| row.strip_prefix("europe,bookings,2027-04,"))
        .and_then(|amount| amount.parse().ok())
        .expect("an amount");
    let known: Vec<Vec<&str>> =
        rows.map(|row| row.split(',').collect()).filter(|row: &Vec<&str>| row[1..3] == ["europe", "2027-04"]).collect();
    assert_eq!(known.len(), 300);
    for row in known {
        for name in ["bookings", "bookings_closed"] {
            assert_eq!(row[at(name)].parse::<f64>().ok(), Some(booked), "{name}");
        }
        // The ARR bridge begins with the as-of day: before it nobody knows.
        assert_eq!((row[at("arr_new")], row[at("weighted_pipeline")]), ("", ""));
    }
}

#[test]
fn open_deals_stand_in_the_workbook_on_the_page_and_beside_the_calls() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, file) = (folder.path(), scenario("mid-year"));
    let (code, out, err) =
        ran(folder, &["run", &file, "--trials", "300", "--xlsx", "--out", "o", "--chart-size", "thumb", "-v"]);
    assert_eq!(code, 0, "{err}");
    let groups = "Open deals by forecast_category, what is won in 2027:";
    assert!(out.contains(groups) && out.contains("Commit") && out.contains("P20 to P80 is"), "{out}");
    let page = fs::read_to_string(folder.join("o/report.html")).expect("it is there");
    assert!(page.contains("Open deals and renewals") && page.contains("Renewals with the most at risk"));
    assert!(page.contains("Open deals by forecast_category"));

    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(fs::read(folder.join("o/forecast.xlsx")).expect("it is there"))).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Summary", "Periods", "Drivers", "Pipeline", "Assumptions", "Data"]);
    let sheet = book.worksheet_range("Pipeline").expect("a sheet");
    let document = document(folder, "o/forecast.json");
    let deals = document.pointer("/body/pipeline/deals").and_then(Value::as_array).expect("deals");
    assert_eq!(deals.len(), 25);
    let cell = |row: u32, column: u32| sheet.get_value((row, column)).map_or_else(String::new, ToString::to_string);
    let head = (0..100).find(|row| cell(*row, 0) == "Deal").expect("a table of deals");
    for (deal, row) in deals.iter().zip(head + 1..) {
        let cell = |column: u32| cell(row, column);
        assert_eq!(cell(0), deal["label"].as_str().expect("a label"));
        let number = |column: u32| cell(column).parse::<f64>().ok();
        assert_eq!(number(5), deal["amount"].as_f64());
        assert_eq!(number(6), deal["chance_in_period"]["value"].as_f64());
        let moves = &deal["moves"];
        let error = moves["error"].as_f64().unwrap_or(f64::INFINITY);
        assert_eq!(number(8), moves["value"].as_f64().filter(|moved| moved.abs() > 3.0 * error));
    }
    // Where the year stands: what is known and what is still to come are the latest estimate.
    let summary = book.worksheet_range("Summary").expect("a sheet");
    let cell = |row: u32, column: u32| summary.get_value((row, column)).cloned().unwrap_or_default();
    let head = (0..60).find(|row| cell(*row, 1) == *"Known to date").expect("a table of years");
    let number = |column: u32| cell(head + 1, column).as_f64().expect("a number");
    assert_eq!(cell(head, 4), *"Latest estimate (P50)");
    assert!((number(1) + number(2) - number(4)).abs() < 1e-6);
    let known = document.pointer("/body/forecast/actuals").and_then(Value::as_array).expect("actuals");
    let of_year =
        |line: &&Value| line["metric"] == "total_bookings" && line["scope"] == "total" && line["every"] == "year";
    let known = known.iter().find(of_year).expect("the year is known");
    assert_eq!(Some(number(1)), known["to_date"][0].as_f64());
    assert_eq!(cell(head + 1, 7).as_f64(), known["last_year"][0].as_f64());
}

#[test]
fn check_says_in_words_how_deals_close() {
    let (code, out, err) = ran(Path::new("."), &["check", &scenario("mid-year")]);
    assert_eq!(code, 0, "{err}");
    let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Stalled of the leads that are not won 10 % (8 chances in 10: ",
        "is never decided: it stays open",
        "Close dates of the open deals that are won and whose stated day is still to come, 50 % (8 chances in 10: ",
        "close by that day and a slip of 20 days (8 chances in 10: ",
    ] {
        assert!(out.contains(said), "{said}: {out}");
    }
}

#[test]
fn deals_are_drawn_by_age_and_are_a_cause_of_variance() {
    let folder = tempfile::tempdir().expect("a folder");
    let (folder, file) = (folder.path(), scenario("mid-year"));
    run(folder, &["pipeline", &file, "--out", "p", "--chart-size", "thumb"]);
    let chart = fs::read_to_string(folder.join("p/charts/deals-by-age.svg")).expect("it is there");
    assert!(chart.contains("40 open deals are "), "its title");
    run(folder, &["sensitivity", &file, "--out", "s", "--chart-size", "thumb"]);
    let found = document(folder, "s/sensitivity.json");
    let causes = found.pointer("/body/causes").and_then(Value::as_array).expect("causes");
    let kinds: Vec<&str> = causes.iter().rev().take(2).filter_map(|cause| cause["kind"].as_str()).collect();
    assert_eq!(kinds, ["chance", "open_deals"]);
    let share =
        |name: &str| found.pointer(&format!("/body/split/{name}/value")).and_then(Value::as_f64).expect("a share");
    assert!(share("open_deals") > 0.0 && share("chance") > 0.0);
}

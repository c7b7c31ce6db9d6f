//! What is in the record and what is apart from it; what is known, shown beside the forecast; the day that results bear.

use std::fs;
use std::path::Path;

use calamine::Reader;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{LATER, at, run};
use crate::cli::{files, scenario};

const HIGHER: [&str; 2] = ["--set", "regions.europe.deal_size.mean=15500"];

fn document(folder: &Path, of: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join(of).join("forecast.json")).unwrap()).unwrap()
}

fn rows(folder: &Path) -> Value {
    let (code, out, err) = at(LATER, folder, &["history", "--json"]);
    assert_eq!(code, 0, "{err}");
    serde_json::from_str::<Value>(&out).unwrap()["series"][0]["runs"].clone()
}

#[test]
fn a_what_if_is_apart_from_the_record() {
    let folder = TempDir::new().unwrap();
    run("2026-12-01T02:00:00Z", folder.path(), &[]);
    let official = fs::read(folder.path().join("output/minimal/forecast.json")).unwrap();
    run("2026-12-02T02:00:00Z", folder.path(), &[&HIGHER[..], &["--since", "last"]].concat());
    let now = || fs::read(folder.path().join("output/minimal/forecast.json")).unwrap();
    assert!(now() == official, "the run of the record stays as it is");
    let what_if = document(folder.path(), "output/what-if/minimal");
    assert_eq!(what_if["header"]["manifest"]["scenario"]["regions"]["europe"]["deal_size"]["mean"], 15500.0);
    assert_eq!(
        what_if["body"]["moved"]["since"]["ran"], "2026-12-01T02:00:00Z",
        "{}",
        what_if["body"]["moved"]["since"]
    );
    assert_eq!(rows(folder.path()), 1);
    // The last one is the last of the record.
    run("2026-12-03T02:00:00Z", folder.path(), &["--since", "last"]);
    let again = document(folder.path(), "output/minimal");
    assert_eq!(again["body"]["moved"]["spans"]["p50"]["steps"], json!([]), "{}", again["body"]["moved"]);
    // A sheet of inputs makes a what-if, too; seed and number of futures make none.
    let (_, sheet, _) = at(LATER, folder.path(), &["template", &scenario("minimal")]);
    fs::write(folder.path().join("inputs.csv"), sheet).unwrap();
    run("2026-12-04T02:00:00Z", folder.path(), &["--set-file", "inputs.csv"]);
    assert_eq!(rows(folder.path()), 2);
    run("2026-12-05T02:00:00Z", folder.path(), &["--seed", "2"]);
    assert_eq!(rows(folder.path()), 3);
    // Where it is said so, it is kept.
    run("2026-12-06T02:00:00Z", folder.path(), &[&HIGHER[..], &["--record"]].concat());
    assert_eq!(rows(folder.path()), 4);
    let kept = document(folder.path(), "output/minimal");
    assert_eq!(kept["header"]["manifest"]["scenario"]["regions"]["europe"]["deal_size"]["mean"], 15500.0);
}

#[test]
fn shards_of_a_what_if_make_one() {
    let folder = TempDir::new().unwrap();
    for (shard, more) in [("what-if", &[][..]), ("kept", &["--record"])] {
        let file = format!("{shard}.shard");
        let own = ["run", &scenario("minimal"), "--trials", "500", "--quiet", "--shard", "1/1", "--out", &file];
        assert_eq!(at(LATER, folder.path(), &[&own[..], &HIGHER, more].concat()).0, 0);
        let (code, _, err) = at(LATER, folder.path(), &["merge", &file, "--quiet", "--chart-size", "thumb"]);
        assert_eq!((code, err.as_str()), (0, ""));
    }
    let made = files(folder.path());
    assert!(made.contains(&"output/what-if/minimal/forecast.json".to_owned()), "{made:?}");
    assert!(made.contains(&"output/minimal/forecast.json".to_owned()), "{made:?}");
    assert_eq!(rows(folder.path()), 1);
    let [one, other] = ["output/what-if/minimal", "output/minimal"].map(|of| document(folder.path(), of));
    assert_eq!(one, other);
    assert_eq!(one["header"]["file"], "minimal.json");
}

#[test]
fn nothing_has_come_of_a_period_that_is_not_over() {
    let folder = TempDir::new().unwrap();
    run("2026-12-01T02:00:00Z", folder.path(), &[]);
    let told = |time: &str, more: &[&str]| at(time, folder.path(), &[&["actual", "minimal"], more].concat());
    let (code, _, err) = told("2027-03-31T23:59:59Z", &["--period", "2027-Q1", "--amount", "1"]);
    assert_eq!(code, 2);
    assert!(err.contains("found:   2027-Q1, which ends with March 2027; today is 2027-03-31"), "{err}");
    assert!(err.contains("allowed: a period that is over"), "{err}");
    fs::write(folder.path().join("actuals.csv"), "period,amount\n2027-02,1\n2027-03,1\n2027,1\n").unwrap();
    let (code, _, err) = told("2027-03-31T23:59:59Z", &["--file", "actuals.csv"]);
    assert!(code == 2 && err.matches("a period that is over").count() == 2 && !err.contains("2027-02"), "{err}");
    assert_eq!(told("2027-03-31T23:59:59Z", &["--period", "2027-Q1", "--remove"]).0, 0);
    assert_eq!(told("2027-04-01T00:00:00Z", &["--period", "2027-Q1", "--amount", "1"]).0, 0);
}

#[test]
fn what_is_known_is_shown_beside_the_forecast_and_named_in_it() {
    let folder = TempDir::new().unwrap();
    run("2026-12-01T02:00:00Z", folder.path(), &[]);
    let before = document(folder.path(), "output/minimal");
    assert!(before["header"]["manifest"].get("actuals").is_none());
    for (period, amount) in [("2027", "3750000"), ("2027-Q1", "812000"), ("2026-12", "5")] {
        let (code, _, err) = at(LATER, folder.path(), &["actual", "minimal", "--period", period, "--amount", amount]);
        assert_eq!(code, 0, "{err}");
    }
    let minimal = scenario("minimal");
    let (code, out, _) = at(LATER, folder.path(), &["run", &minimal, "--trials", "500", "--chart-size", "thumb"]);
    assert_eq!(code, 0);
    assert!(out.contains("; known: €3.75M"), "{out}");
    assert!(out.contains("Known: bookings in Q1 2027 €812k."), "{out}");
    let page = fs::read_to_string(folder.path().join("output/minimal/report.html")).unwrap();
    assert!(
        page.contains("<strong>Known: €3.75M.</strong>") && page.contains("Known: bookings in Q1 2027 €812k."),
        "{page}"
    );
    let now = document(folder.path(), "output/minimal");
    // What lies outside the months is not shown.
    let known = json!([
        {"metric": "bookings", "scope": "total", "period": "2027", "amount": 3_750_000.0},
        {"metric": "bookings", "scope": "total", "period": "2027-Q1", "amount": 812_000.0}
    ]);
    assert_eq!(now["header"]["manifest"]["actuals"], known);
    assert_eq!(now["body"]["forecast"]["main"], before["body"]["forecast"]["main"], "it changes no number");
    // The same inputs give the same bytes, and the page can be made again.
    let bytes = || fs::read(folder.path().join("output/minimal/report.html")).unwrap();
    let first = bytes();
    run(LATER, folder.path(), &[]);
    assert!(bytes() == first);
    let (code, _, err) =
        at(LATER, folder.path(), &["report", "output/minimal/forecast.json", "--quiet", "--chart-size", "thumb"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(bytes() == first);
}

#[test]
fn results_bear_the_day_that_is_given() {
    let folder = TempDir::new().unwrap();
    let minimal = scenario("minimal");
    run(LATER, folder.path(), &["--out", "bare"]);
    run("2027-05-01T00:00:00Z", folder.path(), &["--out", "again"]);
    let file = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(file("bare/report.html") == file("again/report.html"), "without a day the clock is nowhere");
    let dated = [
        "run",
        &minimal,
        "--trials",
        "500",
        "--out",
        "dated",
        "--date",
        "2027-03-01",
        "--xlsx",
        "--chart-size",
        "slide",
    ];
    let (code, out, err) = at(LATER, folder.path(), &dated);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("Minimal (2027-03-01): 500 futures"), "{out}");
    let document = document(folder.path(), "dated");
    assert_eq!(
        (&document["header"]["date"], &document["header"]["file"]),
        (&json!("2027-03-01"), &json!("minimal.json"))
    );
    let page = String::from_utf8(file("dated/report.html")).unwrap();
    assert!(page.contains("Dated 2027-03-01, from minimal.json"), "{page}");
    let svg = String::from_utf8(file("dated/charts/monthly-fan.svg")).unwrap();
    assert!(svg.contains("2027-03-01, 500 simulated futures"), "{svg}");
    let book = file("dated/forecast.xlsx");
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(&book)).unwrap();
    let summary = book.worksheet_range("Summary").unwrap();
    let cells: Vec<String> = summary.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(cells.iter().any(|cell| cell.starts_with("Dated 2027-03-01, from minimal.json.")), "{cells:?}");
    let today =
        ["run", &minimal, "--trials", "500", "--out", "dated", "--date", "today", "--brief", "--chart-size", "thumb"];
    let (_, out, _) = at(LATER, folder.path(), &today);
    assert!(out.starts_with("Minimal: 2028-02-01, 500 futures"), "{out}");
    let (code, _, err) = at(LATER, folder.path(), &["run", &minimal, "--date", "1.3.2027"]);
    assert!(code == 2 && err.contains("a day such as 2027-03-01, or today"), "{err}");
    for analysis in [
        &["sweep", &minimal, "--grid", "regions.europe.deal_size.mean=15000,16000"][..],
        &["compare", &minimal, "--with", "regions.europe.deal_size.mean=16000"],
    ] {
        let asked =
            [analysis, &["--trials", "200", "--json", "--date", "2027-03-01", "--chart-size", "thumb"]].concat();
        let (code, out, err) = at(LATER, folder.path(), &asked);
        assert_eq!(code, 0, "{err}");
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["header"]["date"], "2027-03-01");
    }
}

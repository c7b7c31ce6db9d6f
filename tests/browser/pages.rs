//! The pages that are looked at, made by the program with few futures, each once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::driver::driver;
use crate::cli::{ran, scenario};
use crate::page::scenarios::{fixed, levels, many, one_month};

/// The pages that each control, width and print is tried on, by name.
pub const ALL: [&str; 6] = ["plan", "plan-deep", "minimal", "one-month", "many", "fixed"];

/// The folder of a run whose page is looked at.
pub fn run(name: &str) -> PathBuf {
    static MADE: Mutex<BTreeMap<String, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(name.to_owned()).or_insert_with(|| make(name)).clone()
}

/// A page.
pub fn page(name: &str) -> PathBuf {
    run(name).join("report.html")
}

/// What the page shows, whole.
pub fn document(name: &str) -> Value {
    let text = fs::read(run(name).join("forecast.json")).expect("the run wrote its forecast");
    serde_json::from_slice(&text).expect("a forecast is JSON")
}

fn make(name: &str) -> PathBuf {
    let (plan, minimal) = (scenario("ai-marketing-plan"), scenario("minimal"));
    match name {
        "plan" => make_of(name, &plan, &["--trials", "2000"]),
        "plan-deep" => make_of(name, &plan, &["--trials", "400", "--deep"]),
        "minimal" => make_of(name, &minimal, &["--trials", "2000"]),
        "one-month" => make_from(name, &one_month(), &[]),
        "many" => make_from(name, &many(30, 60, 200), &[]),
        "fixed" => make_from(name, &fixed(), &[]),
        "mid-year" => make_of(name, &scenario("mid-year"), &["--trials", "400"]),
        "levels" => make_from(name, &levels(), &[]),
        "backtest" => {
            make_by("backtest", name, &scenario("opportunities").replace(".json", ".csv"), &["--trials", "200"])
        }
        other => panic!("no page {other}"),
    }
}

/// The page of a committed scenario whose inputs can be moved, made once.
pub fn tuning_page(name: &str) -> PathBuf {
    static MADE: Mutex<()> = Mutex::new(());
    let _held = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let file = folder().join(format!("{name}-tune.html"));
    if !file.exists() {
        let (code, _, err) = ran(folder(), &["tune", &scenario(name), "--out", &file.display().to_string(), "--quiet"]);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
    }
    file
}

/// Runs a scenario that is given as JSON.
fn make_from(name: &str, json: &Value, options: &[&str]) -> PathBuf {
    let file = folder().join(format!("{name}.json"));
    fs::write(&file, json.to_string()).expect("the folder can be written to");
    make_of(name, &file.display().to_string(), options)
}

/// The page that the program makes of a document that was read back.
pub fn report_of(name: &str, document: &str) -> PathBuf {
    let file = folder().join(format!("{name}.json"));
    fs::write(&file, document).expect("the folder can be written to");
    let file = file.display().to_string();
    let arguments = ["report", &file, "--out", name, "--quiet", "--chart-size", "thumb"];
    assert_eq!(ran(folder(), &arguments), (0, String::new(), String::new()), "{name}");
    folder().join(name).join("report.html")
}

fn make_of(name: &str, file: &str, options: &[&str]) -> PathBuf {
    make_by("run", name, file, options)
}

fn make_by(command: &str, name: &str, file: &str, options: &[&str]) -> PathBuf {
    let mut arguments = vec![command, file, "--out", name, "--quiet", "--chart-size", "thumb"];
    arguments.extend(options);
    let (code, _, err) = ran(folder(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{name}");
    folder().join(name)
}

fn folder() -> &'static Path {
    driver().expect("pages are made for a browser").folder()
}

//! What tests share: running a scenario given as JSON.
#![allow(unreachable_pub)] // a module of a test binary has no outside

pub mod required;
#[cfg(unix)]
pub mod tmpfs;

use std::path::Path;
use std::process::Command;

use revcast::analysis::Answer;
use revcast::engine::{Execution, Memory, Resampling, Run, SimulationScope, simulate};
use revcast::export::{CsvStyle, write_trials};
use revcast::forecast::{Forecast, forecast};
use revcast::model::{Budget, Model, resolve};
use revcast::outcomes::Outcomes;
use revcast::scenario::{Scenario, load};
use serde_json::Value;

/// The program, to be started in a folder.
pub fn revcast(folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("revcast"));
    command.current_dir(folder);
    command
}

/// The next of numbers that are evenly spread from 0 to 1, the same in every test that begins with the same state.
pub fn next(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// Sends a signal to a program that was started.
#[cfg(unix)]
pub fn signal(child: &std::process::Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Reads a scenario that is expected to be sound. Where it has joint draws, their values stand in them: under `values`, a list for each path.
pub fn scenario(json: &Value) -> Scenario {
    let mut written = json.clone();
    let values = written.get_mut("draws").and_then(|draws| draws.as_object_mut()?.shift_remove("values"));
    let open = |path: &Path| match &values {
        Some(values) if path == Path::new("draws.csv") => Ok(draws_csv(values)),
        _ => Ok(written.to_string().into_bytes()),
    };
    load("test.json".as_ref(), &[], &open).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A table of joint draws as CSV, from a list for each path.
pub fn draws_csv(values: &Value) -> Vec<u8> {
    let columns: Vec<&Vec<Value>> = values.as_object().expect("by path").values().filter_map(Value::as_array).collect();
    let names: Vec<&str> = values.as_object().expect("by path").keys().map(String::as_str).collect();
    let rows = (0..columns[0].len()).map(|row| {
        let cells: Vec<String> = columns.iter().map(|column| column[row].to_string()).collect();
        cells.join(",")
    });
    let lines: Vec<String> = std::iter::once(names.join(",")).chain(rows).collect();
    lines.join("\n").into_bytes()
}

/// The model of a scenario.
pub fn model(json: &Value) -> Model {
    resolve(&scenario(json)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A scenario played with its own trials and seed.
pub fn played(json: &Value) -> (Model, Outcomes) {
    let model = model(json);
    let outcomes = simulate(&model, Resampling::None, SimulationScope::whole(&model), &Execution::new(None))
        .expect("the run is sound");
    (model, outcomes)
}

/// A scenario's forecast.
pub fn forecast_of(json: &Value) -> Forecast {
    forecast_scenario(&scenario(json))
}

/// The same, of a scenario that is read already.
pub fn forecast_scenario(scenario: &Scenario) -> Forecast {
    forecast_with(scenario, None, Memory::default())
}

/// The same with a budget, in memory that may be too small to keep the outcomes.
pub fn forecast_with(scenario: &Scenario, budget: Option<&Budget>, memory: Memory) -> Forecast {
    let model = resolve(scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let execution = Execution::new(None);
    let run = Run::begin(model.clone(), &execution, memory).expect("the run is sound");
    forecast(scenario, &run, budget).expect("the run is sound")
}

/// The table of a scenario's trials.
pub fn trials_of(scenario: &Scenario, style: CsvStyle, memory: Memory) -> Vec<u8> {
    let model = resolve(scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let execution = Execution::new(None);
    let run = Run::begin(model.clone(), &execution, memory).expect("the run is sound");
    let mut table = Vec::new();
    write_trials(&run, style, &mut table).expect("it is written to memory");
    table
}

/// The largest distance of two samples' distribution functions.
pub fn ks_distance(a: &[f64], b: &[f64]) -> f64 {
    let sorted = |x: &[f64]| {
        let mut x = x.to_vec();
        x.sort_unstable_by(f64::total_cmp);
        x
    };
    let (a, b) = (sorted(a), sorted(b));
    let (mut i, mut j, mut widest) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        let x = a[i].min(b[j]);
        while i < a.len() && a[i] <= x {
            i += 1;
        }
        while j < b.len() && b[j] <= x {
            j += 1;
        }
        widest = widest.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    widest
}

/// What a run answers that asked nothing beside its forecast.
fn answer_of(forecast: &Forecast) -> Answer {
    Answer { forecast: forecast.clone(), deep: None, moved: None, pipeline: None }
}

/// `forecast.json` of a forecast alone.
pub fn document_of(forecast: &Forecast) -> Vec<u8> {
    revcast::export::forecast_json(&answer_of(forecast)).expect("a document is JSON")
}

/// `forecast.xlsx` of a forecast alone.
pub fn workbook_of(forecast: &Forecast) -> Vec<u8> {
    revcast::export::workbook(&answer_of(forecast)).expect("a workbook can be put together")
}

/// The same as JSON that may be changed: without the checksum.
pub fn unsealed(forecast: &Forecast) -> Value {
    let mut document: Value = serde_json::from_slice(&document_of(forecast)).expect("it is JSON");
    document.as_object_mut().expect("it is an object").shift_remove("checksum");
    document
}

/// Where a field of a forecast, or of its header, stands in the document.
pub fn pointer_in_document(pointer: &str) -> String {
    let header = ["/manifest", "/scopes", "/months", "/start", "/currency", "/inputs", "/fiscal_first_month"];
    let of_header = header.iter().any(|field| pointer.starts_with(field));
    format!("{}{pointer}", if of_header { "/header" } else { "/body/forecast" })
}

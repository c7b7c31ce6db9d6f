//! The module that pages hold: it was built of these sources, and says what they say.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use revcast::documents::Manifest;
use revcast::model::resolve;
use revcast::report::Tuning;
use revcast::scenario::Scenario;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::engine::{SCENARIOS, read};
use crate::cli::scenario as file;
use crate::common::required::skipped;
use crate::invariants;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// What bindings/web/sources.sh prints.
fn fingerprint() -> String {
    let mut files = Vec::new();
    for folder in [
        "units",
        "stats",
        "chance",
        "scenario",
        "model",
        "outcomes",
        "engine",
        "documents",
        "forecast",
        "analysis",
        "findings",
    ] {
        sources(&root().join("src").join(folder), &mut files);
    }
    let single = [
        "src/report/page/tuning/answer.rs",
        "src/report/page/headline.rs",
        "src/report/page/explorer_data.rs",
        "src/report/page/text.rs",
        "src/report/sentences.rs",
        "bindings/web/src/lib.rs",
        "bindings/web/Cargo.toml",
        "bindings/web/Cargo.lock",
        "bindings/web/unpack/src/lib.rs",
        "bindings/web/unpack/Cargo.toml",
    ];
    files.extend(single.map(|file| root().join(file)));
    let name = |file: &PathBuf| file.strip_prefix(root()).unwrap().display().to_string().replace('\\', "/");
    let mut names: Vec<String> = files.iter().map(name).collect();
    names.sort();
    let lines = names.iter().map(|name| format!("{}  {name}\n", sha256(&fs::read(root().join(name)).unwrap())));
    sha256(lines.collect::<String>().as_bytes())
}

#[test]
fn the_engine_of_pages_is_that_of_these_sources() {
    let built: Value = serde_json::from_slice(&fs::read(root().join("assets/engine.json")).unwrap()).unwrap();
    for asset in ["engine.wasm.lzma", "unpack.wasm.gz"] {
        assert_eq!(built[asset], sha256(&fs::read(root().join("assets").join(asset)).unwrap()), "{asset}");
    }
    assert_eq!(
        built["sources"],
        fingerprint(),
        "assets/engine.wasm.lzma was built of other sources: run bindings/web/build.sh and commit what it writes"
    );
}

/// A scenario as a page holds it.
fn document(scenario: &Scenario) -> String {
    let manifest = Manifest::of(scenario, &resolve(scenario).unwrap());
    json!({"file": scenario.file, "scenario": manifest.scenario, "locale": "en", "data": manifest.data}).to_string()
}

/// An answer of the module, and the bytes of memory that it has then.
#[derive(Debug, serde::Deserialize)]
struct Told {
    answer: String,
    memory: u64,
}

/// What the committed module says to questions about each of some documents; `None` where Node is missing.
fn said(asked: &[(String, Vec<String>)]) -> Option<Vec<Vec<Told>>> {
    let script = root().join("tests/tuning/module.mjs");
    let assets = root().join("assets");
    let started = Command::new("node").arg(script).arg(assets).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = started else {
        skipped("node", "Node is not installed; the module was not held against the program");
        return None;
    };
    let asked = asked.iter().map(|(document, questions)| json!({"document": document, "questions": questions}));
    node.stdin.take().unwrap().write_all(Value::from_iter(asked).to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

fn question(adjustments: &Value) -> String {
    json!({"adjustments": adjustments, "trials": 1000}).to_string()
}

/// Holds the module against the program, letter by letter: every band and every word that either says to questions about scenarios.
fn assert_same(asked: &[(&Scenario, Vec<String>)]) {
    let asked: Vec<_> = asked.iter().map(|(scenario, questions)| (document(scenario), questions.clone())).collect();
    let Some(of_module) = said(&asked) else { return };
    assert_eq!(of_module.len(), asked.len());
    for ((document, questions), of_module) in asked.iter().zip(&of_module) {
        let mut native = Tuning::open(document).unwrap();
        assert_eq!(of_module.len(), questions.len());
        for (question, Told { answer: said, .. }) in questions.iter().zip(of_module) {
            let own = native.answer(question);
            assert!(own.contains("\"state\"") || own.contains("\"at\""), "{document}: {own}");
            assert_eq!(&own, said, "{document}: {question}");
        }
    }
}

#[test]
fn the_module_says_what_the_program_says_of_every_scenario() {
    let scenarios = SCENARIOS.map(|name| read(&file(name), &[]));
    let questions = scenarios.each_ref().map(|scenario| {
        let first = scenario.inputs().first().map(|(path, quantity)| (path.clone(), quantity.law().mean()));
        let moved = first.map(|(path, mean)| question(&json!([{"move": path, "to": mean * 0.95}])));
        [question(&json!([]))].into_iter().chain(moved).collect()
    });
    let plan = read(&file("ai-marketing-plan"), &[]);
    let goal = json!({"path": "regions.europe.conversion", "between": [0.15, 0.375], "near": 0.25, "target": "Year 1", "chance": 0.8});
    let goal = json!({"adjustments": [], "trials": 500, "solve": goal}).to_string();
    let asked: Vec<_> = scenarios.iter().zip(questions).chain([(&plan, vec![goal])]).collect();
    assert_same(&asked);
}

#[test]
fn the_module_says_what_the_program_says_of_random_scenarios() {
    let mut runner = TestRunner::deterministic();
    let json = || invariants::scenario().new_tree(&mut runner).unwrap().current();
    let scenarios: Vec<Scenario> =
        std::iter::repeat_with(json).take(50).map(|json| crate::common::scenario(&json)).collect();
    let asked: Vec<_> = scenarios.iter().map(|scenario| (scenario, vec![question(&json!([]))])).collect();
    assert_same(&asked);
}

#[test]
fn memory_stays_as_it_is_over_hundreds_of_moves() {
    let plan = read(&file("ai-marketing-plan"), &[]);
    let regions = ["europe", "latin_america", "asia_pacific"];
    let moves = (0..650).map(|i| {
        let path = format!("regions.{}.conversion", regions[i / 10 % 3]);
        json!({"adjustments": [{"move": path, "to": 0.2 + i as f64 / 10_000.0}], "trials": 128}).to_string()
    });
    let Some(told) = said(&[(document(&plan), moves.collect())]) else { return };
    assert!(told[0].iter().all(|told| told.answer.contains("\"state\"")));
    // What is kept of moves, some 280 kB of each, has a bound; at it, memory that is taken and given back may still lie a little otherwise.
    let [middle, end] = [told[0][549].memory, told[0][649].memory];
    assert!(end <= middle + (4 << 20), "{middle} bytes, then {end}");
}

//! What is committed must be true: the schema, the scenarios, what the README and the documents show.

use std::fs;
use std::path::{Path, PathBuf};

use revcast::analysis::Answer;
use revcast::engine::{Execution, Resampling, SimulationScope, simulate};
use revcast::model::resolve;
use revcast::outcomes::Grid;
use revcast::scenario::{Setting, load};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn scenarios() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(root().join("scenarios"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|end| end == "json") && !p.to_string_lossy().ends_with("schema.json"))
        .collect();
    found.sort();
    found
}

#[test]
fn the_schema_beside_the_scenarios_is_the_one_the_program_prints() {
    let committed = json(&root().join("scenarios/scenario.schema.json"));
    assert_eq!(
        committed,
        revcast::scenario::schema(),
        "run: cargo run --release -- schema > scenarios/scenario.schema.json"
    );
}

#[test]
fn every_scenario_satisfies_the_schema_and_resolves() {
    let schema = jsonschema::validator_for(&revcast::scenario::schema()).expect("the schema is one");
    assert!(scenarios().len() >= 5);
    for path in scenarios() {
        let errors: Vec<String> =
            schema.iter_errors(&json(&path)).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        let scenario =
            revcast::scenario::load(&path, &[], &|p| fs::read(p)).unwrap_or_else(|faults| panic!("{faults}"));
        revcast::model::resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    }
}

/// A part of a scenario's months has the very trials that all of them have, and so has money alone: what `solve` says of a year is what `run` says.
#[test]
fn a_part_of_the_months_has_the_trials_of_the_whole() {
    for path in scenarios() {
        let set = |path: &str, value: &str| Setting {
            option: format!("--set {path}"),
            path: path.to_owned(),
            value: value.to_owned(),
        };
        let few = [set("simulation.trials", "200")];
        let scenario = load(&path, &few, &|p| fs::read(p)).unwrap_or_else(|faults| panic!("{faults}"));
        let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
        let play = |months, won_deals_only| {
            let part = SimulationScope::new(months, won_deals_only);
            simulate(&model, Resampling::None, part, &Execution::new(Some(1))).expect("it runs")
        };
        let whole = play(model.horizon.months, false);
        let months = (model.as_of.month + model.horizon.months).div_ceil(2);
        for won_deals_only in [false, true] {
            let part = play(months, won_deals_only);
            for metric in model.metrics().filter(|metric| !won_deals_only || metric.spec().won_deals_only) {
                let [all, found] = [&whole, &part]
                    .map(|outcomes| Grid::new(&model, outcomes, metric, &model.scopes[model.total()].regions));
                for m in 0..months {
                    let same = all.month(m).iter().zip(found.month(m)).all(|(a, b)| a.to_bits() == b.to_bits());
                    assert!(same, "{}: {} of month {m} of {months}, {won_deals_only}", path.display(), metric.name());
                }
            }
        }
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let schema = jsonschema::validator_for(&revcast::scenario::schema()).expect("the schema is one");
    let sound = json(&root().join("scenarios/minimal.json"));
    assert!(schema.is_valid(&sound));
    let removing =
        serde_json::json!({"extends": "minimal.json", "targets": null, "market": null, "regions": {"europe": null}});
    assert!(schema.is_valid(&removing));
    for (pointer, value) in [
        ("/months", Value::from(0)),
        ("/regions/europe/conversion", Value::from("0.2")),
        ("/start", Value::from("2027")),
        ("/regions/europe/leads/monthy", Value::from(1)),
        ("/regions/europe/cycle/shape", Value::from("beta")),
    ] {
        let mut broken = sound.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        broken.pointer_mut(parent).unwrap()[key] = value;
        assert!(!schema.is_valid(&broken), "{pointer}");
    }
}

#[test]
fn the_readme_shows_the_minimal_scenario_as_it_is() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let minimal = fs::read_to_string(root().join("scenarios/minimal.json")).unwrap();
    assert!(readme.contains(minimal.trim()), "the README's scenario differs from scenarios/minimal.json");
}

#[test]
fn the_readme_shows_the_answer_that_the_plan_gives() {
    let path = root().join("scenarios/ai-marketing-plan.json");
    let scenario = revcast::scenario::load(&path, &[], &|p| fs::read(p)).unwrap_or_else(|faults| panic!("{faults}"));
    let forecast = crate::common::forecast_scenario(&scenario);
    let answer = revcast::report::summary(&Answer::new(forecast, None, None), 100);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    // With the line of the page and the files.
    assert!(answer.lines().count() < 12, "{answer}");
    assert!(readme.contains(answer.trim()), "the README's answer differs from:\n{answer}");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let markdown = |folder: &str| {
        let paths = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect::<Vec<_>>()
    };
    let documents = ["", "docs", "docs/developers", "fuzz"].map(markdown).concat();
    assert!(documents.len() > 20, "{documents:?}");
    for path in documents {
        let document = path.display();
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{document}: {e}"));
        for (i, _) in text.match_indices("](") {
            let target = text[i + 2..].split([')', '#']).next().unwrap();
            if !target.is_empty() && !target.starts_with("http") {
                assert!(path.parent().unwrap().join(target).exists(), "{document} links to {target}");
            }
        }
    }
}

//! The commands as another program calls them: what they give and write is what the program prints and writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use revcast::cli::embedded::{
    Analysis, CallError, Forecast, HeldScenario, Merged, Session, Shards, Watch, ask, fit, forecast, load, merge, shard,
};
use revcast::engine::{Execution, Memory, Run};
use revcast::export::{TrialColumn, trial_columns};
use revcast::outcomes::Grid;
use revcast::scenario::Metric;
use serde_json::json;
use tempfile::TempDir;

use crate::cli::{files, ran, scenario};
use crate::common::model;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A session about scenarios.
fn about(scenarios: &[&HeldScenario]) -> Session {
    Session::embedded(scenarios.iter().map(|held| (*held).clone()).collect(), Arc::default())
}

/// A session about none.
fn alone() -> Session {
    about(&[])
}

fn held(file: &str, changes: &[&str]) -> HeldScenario {
    let changes = changes.iter().map(|change| format!("--set={change}"));
    load(&changes.chain([file.to_owned()]).collect::<Vec<_>>(), Vec::new()).unwrap().0
}

/// All files of two folders are the same.
fn assert_same(one: &Path, other: &Path) {
    assert_eq!(files(one), files(other));
    for name in files(one) {
        assert!(fs::read(one.join(&name)).unwrap() == fs::read(other.join(&name)).unwrap(), "{name}");
    }
}

#[test]
fn a_forecast_is_written_as_the_program_writes_it() {
    let folder = TempDir::new().unwrap();
    let (file, settings) = (scenario("ai-marketing-plan"), ["regions.*.conversion*=1.08", "market.volatility=0.2"]);
    let files = ["--xlsx", "--trials-file", "trials.csv", "--chart-size", "thumb"];
    let mut run = vec!["run", &file, "--trials", "500", "--out", "program", "--quiet"];
    run.extend(settings.iter().flat_map(|setting| ["--set", setting]));
    run.extend(files);
    assert_eq!(ran(folder.path(), &run).0, 0);

    let plan = held(&file, &settings);
    let mut found = forecast(&words(&["--quiet", "--trials=500", &file]), &about(&[&plan])).unwrap();
    let out = folder.path().join("embedded");
    found.save(&out, &words(&files), &alone()).unwrap();
    assert_same(&folder.path().join("program"), &out);
    assert!(found.page(&[]).unwrap().into_bytes() == fs::read(out.join("report.html")).unwrap());
    assert!(found.bands_csv().unwrap() == fs::read(out.join("bands.csv")).unwrap());
    let charts = found.charts(&words(&["--chart-size=thumb"])).unwrap();
    let (name, svg) = &charts[0];
    assert!(svg.as_bytes() == fs::read(out.join(format!("charts/{name}.svg"))).unwrap());
    let (summary, details, json) = (found.summary(), found.details(), found.json().unwrap());
    assert!(summary.contains("500 futures") && details.contains("Closed form"), "{details}");
    // One page written as elsewhere changes nothing else.
    let page = found.page(&words(&["--locale=de"])).unwrap();
    assert!(page != found.page(&[]).unwrap());
    found.page(&words(&["--locale=de"])).unwrap();
    assert_eq!((found.summary(), found.details()), (summary, details));
    assert!(found.json().unwrap() == json);
}

#[test]
fn a_question_is_answered_as_the_program_answers_it() {
    let folder = TempDir::new().unwrap();
    let file = scenario("minimal");
    let asked =
        ["--vary", "regions.europe.conversion", "--target", "Year 1", "--probability", "0.8", "--trials", "400"];
    let run = [&["solve", &file, "--out", "program", "--json"], &asked[..]].concat();
    let (code, printed, err) = ran(folder.path(), &run);
    assert_eq!((code, err.as_str()), (0, ""));
    let plan = held(&file, &[]);
    let mut found = ask("solve", &words(&[&["--quiet", &file], &asked[..]].concat()), &about(&[&plan])).unwrap();
    assert!(found.json().unwrap() == printed.as_bytes());
    found.save(&folder.path().join("embedded"), &[], &alone()).unwrap();
    assert_same(&folder.path().join("program"), &folder.path().join("embedded"));
    assert!(found.summary().contains("Year 1") && !found.charts(&[]).unwrap().is_empty());
}

#[test]
fn scenarios_of_one_name_are_each_what_they_were_loaded_as() {
    let text = fs::read(scenario("minimal")).unwrap();
    let load = |changes: &[&str]| {
        let changes = changes.iter().map(|change| format!("--set={change}"));
        let words: Vec<String> = changes.chain(["plan.json".to_owned()]).collect();
        load(&words, vec![("plan.json".into(), text.clone())]).unwrap().0
    };
    let (plain, more) = (load(&[]), load(&["regions.europe.conversion*=1.2"]));
    let compare = words(&["plan.json", "plan.json", "--trials=500", "--quiet"]);
    let found = ask("compare", &compare, &about(&[&plain, &more])).unwrap();
    let same = ask("compare", &compare, &about(&[&plain, &plain])).unwrap();
    assert_ne!(found.json().unwrap(), same.json().unwrap());
}

#[test]
fn a_scenario_is_what_it_was_when_it_was_loaded() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("plan.json").display().to_string();
    fs::copy(scenario("minimal"), &file).unwrap();
    let plan = held(&file, &[]);
    let json = |plan: &HeldScenario| {
        forecast(&words(&["--trials=300", "--quiet", &file]), &about(&[plan])).and_then(|mut found| found.json())
    };
    let before = json(&plan).unwrap();
    fs::write(&file, "{").unwrap();
    assert!(json(&plan).unwrap() == before);
    // Elsewhere, too, where its file never was.
    fs::remove_file(&file).unwrap();
    let (again, checked) = load(&words(&[&file]), plan.files()).unwrap();
    assert!(json(&again).unwrap() == before);
    assert_eq!(checked.name, "Minimal");
    assert!(checked.understood.contains("europe"), "{}", checked.understood);
}

#[test]
fn parts_make_the_whole() {
    let file = scenario("minimal");
    let plan = held(&file, &[]);
    let options = words(&["--trials=600", "--quiet", &file]);
    let whole = forecast(&options, &about(&[&plan])).unwrap().json().unwrap();
    let part = |k: usize| shard(&format!("{k}/3"), &options, &about(&[&plan])).unwrap();
    let parts = [3, 1, 2].map(|k| (format!("part {k}"), part(k).into()));
    let Ok(Merged::Forecast(mut merged)) = merge(Shards::Bytes(parts.to_vec()), &words(&["--quiet"]), &alone()) else {
        panic!("a forecast")
    };
    assert!(merged.json().unwrap() == whole);
    let Err(CallError::Scenario { text, faults }) =
        merge(Shards::Bytes(parts[..2].to_vec()), &words(&["--quiet"]), &alone())
    else {
        panic!("a part is missing")
    };
    assert_eq!(faults.len(), 1, "{text}");

    let grid = words(&["--grid=regions.europe.conversion*=0.9,1.1", "--trials=200", "--quiet", &file]);
    let sweep = |more: &[&str]| ask("sweep", &[words(more), grid.clone()].concat(), &about(&[&plan])).unwrap();
    let parts = ["2/2", "1/2"].map(|k| sweep(&["--shard", k, "--out=shard"]).json().unwrap());
    let folder = TempDir::new().unwrap();
    let named = parts.iter().enumerate().map(|(i, bytes)| {
        let file = folder.path().join(format!("{i}.shard"));
        fs::write(&file, bytes).unwrap();
        file
    });
    let shards = Shards::Files(named.collect::<Vec<PathBuf>>());
    let Ok(Merged::Sweep(merged)) = merge(shards, &words(&["--quiet"]), &alone()) else { panic!("a sweep") };
    assert!(merged.json().unwrap() == sweep(&[]).json().unwrap());
}

#[test]
fn a_fit_is_written_as_the_program_writes_it_and_runs_without_a_file() {
    let folder = TempDir::new().unwrap();
    let export = format!("{}/scenarios/opportunities.csv", env!("CARGO_MANIFEST_DIR"));
    assert_eq!(ran(folder.path(), &["fit", &export, "--months", "3", "--out", "fit", "--quiet"]).0, 0);
    let out = folder.path().join("elsewhere").display().to_string();
    let found = fit(&words(&[&export, "--months=3", "--quiet", "--out", &out]), &alone()).unwrap();
    found.save(Some(&folder.path().join("embedded")), &alone()).unwrap();
    assert_same(&folder.path().join("fit"), &folder.path().join("embedded"));
    let (file, files) = found.scenario();
    assert!(file.starts_with(&out) && !file.exists());
    let file = file.display().to_string();
    let plan = load(&words(&[&file]), files).unwrap().0;
    let mut run = forecast(&words(&["--trials=200", "--quiet", &file]), &about(&[&plan])).unwrap();
    assert!(!run.json().unwrap().is_empty());
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let folder = TempDir::new().unwrap();
    let faulty = json!({"name": "Faulty", "start": "2027-13", "months": 0, "regions": {}}).to_string();
    let Err(CallError::Scenario { faults, text }) =
        load(&words(&["plan.json"]), vec![("plan.json".into(), faulty.into())])
    else {
        panic!("it has faults")
    };
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert!(paths.contains(&"start") && paths.contains(&"months"), "{text}");

    let file = scenario("minimal");
    let plan = held(&file, &[]);
    let run = |more: &[&str]| forecast(&words(&[more, &["--quiet", &file]].concat()), &about(&[&plan]));
    for (wrong, named) in [("--threads=0", "--threads"), ("--trails=5", "--trails"), ("--trials=100000000", "GiB")] {
        let Err(CallError::Option(text)) = run(&[wrong]) else { panic!("{wrong}") };
        assert!(text.contains(named) && !text.contains("--help") && !text.starts_with("error"), "{text}");
    }
    let mut found = run(&["--trials=100"]).unwrap();
    assert!(
        matches!(found.trials(&words(&["profits"]), &alone()), Err(CallError::Option(text)) if text.contains("bookings"))
    );
    fs::write(folder.path().join("mine.txt"), "mine").unwrap();
    assert!(matches!(found.save(folder.path(), &[], &alone()), Err(CallError::Option(_))));
    assert_eq!(files(folder.path()), ["mine.txt"]);
    // Nor is another result replaced.
    let out = TempDir::new().unwrap();
    found.save(out.path(), &[], &alone()).unwrap();
    let written = files(out.path());
    let mut drivers = ask("sensitivity", &words(&["--trials=100", "--quiet", &file]), &about(&[&plan])).unwrap();
    let Err(CallError::Option(text)) = drivers.save(out.path(), &[], &alone()) else { panic!("it was replaced") };
    assert!(text.contains("forecast.json") && files(out.path()) == written, "{text}");
}

#[test]
fn whoever_waits_sees_how_far_it_is_and_may_stop_it() {
    let file = scenario("minimal");
    let plan = held(&file, &[]);
    let options = words(&["--trials=2000", "--quiet", &file]);
    let watch = Arc::new(Watch::default());
    let session = Session::embedded(vec![plan.clone()], Arc::clone(&watch));
    assert_eq!(watch.progress(), (0, 0));
    forecast(&options, &session).unwrap();
    assert_eq!(watch.progress(), (2000, 2000));
    watch.stop();
    assert!(matches!(forecast(&options, &session), Err(CallError::Stopped)));
}

/// The values of the column of a name.
fn column<'a>(columns: &'a [TrialColumn], name: &str) -> &'a [f64] {
    &columns.iter().find(|column| column.name == name).unwrap_or_else(|| panic!("{name}")).values
}

#[test]
fn columns_of_trials_are_the_same_whether_they_are_kept_or_not() {
    let plan: serde_json::Value = serde_json::from_slice(&fs::read(scenario("ai-marketing-plan")).unwrap()).unwrap();
    let model = Arc::new(model(&plan).with_trials(3000));
    let metrics = [Metric::Bookings, Metric::Leads, Metric::Roi];
    let columns = |memory| {
        let run = Run::begin(Arc::clone(&model), &Execution::new(Some(2)), memory).unwrap();
        let columns = trial_columns(&run, &metrics).unwrap();
        (run, columns)
    };
    let (kept, all) = columns(Memory::default());
    let (again, same) = columns(Memory(1e6));
    assert!(kept.kept().is_some() && again.kept().is_none());
    assert_eq!(all.len(), (3 + 3 + 1) * 36);
    for (one, other) in all.iter().zip(&same) {
        assert_eq!(one.name, other.name);
        assert!(one.values.iter().zip(&other.values).all(|(x, y)| x.to_bits() == y.to_bits()), "{}", one.name);
    }
    let outcomes = kept.kept().unwrap();
    let grid = Grid::new(&model, outcomes, Metric::Leads, &[1]);
    let name = format!("leads:{}:{}", model.regions[1].key, model.horizon.month(7));
    assert_eq!(column(&all, &name), grid.month(7));
    // By then something was invested, so that it is known.
    assert!(column(&all, &format!("roi:total:{}", model.horizon.month(35))).iter().all(|roi| roi.is_finite()));
}

/// What is handed from thread to thread.
#[test]
fn what_calls_give_can_be_handed_to_other_threads() {
    fn sent<T: Send>() {}
    sent::<(Forecast, Analysis, HeldScenario, Session)>();
}

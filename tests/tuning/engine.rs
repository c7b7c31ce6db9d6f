//! What the engine of a page says of a scenario with changes is what a run with the same settings says, to the bit.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use revcast::analysis::{self, Adjustment, GoalStatistic, Outcome, Response, SolveQuestion, Tuner};
use revcast::engine::{Execution, Memory, Run};
use revcast::forecast::{Forecast, forecast};
use revcast::model::resolve;
use revcast::scenario::{Scenario, Setting, load};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::scenario as file;

/// The scenarios that are committed.
pub(super) const SCENARIOS: [&str; 10] = [
    "ai-marketing-plan",
    "ai-marketing-plan-events",
    "ai-marketing-plan-team",
    "as-stated",
    "downside",
    "flat-leads",
    "funnel",
    "mid-year",
    "minimal",
    "upside",
];

const TRIALS: usize = 1_000;

pub(super) fn read(path: &str, settings: &[Setting]) -> Scenario {
    load(Path::new(path), settings, &|path| fs::read(path)).unwrap_or_else(|faults| panic!("{path}: {faults}"))
}

/// What a run of a scenario says.
fn played(scenario: &Scenario, trials: usize) -> Forecast {
    let execution = Execution::new(None);
    let model = resolve(scenario).unwrap_or_else(|faults| panic!("{faults}")).with_trials(trials);
    let run = Run::begin(Arc::new(model), &execution, Memory::default()).unwrap();
    forecast(scenario, &run, None).unwrap()
}

/// What a run of a scenario says with the number of futures that it asks for.
fn played_as_written(scenario: &Scenario) -> Forecast {
    played(scenario, scenario.simulation.trials as usize)
}

fn tuner(scenario: &Scenario) -> Tuner {
    Tuner::new(scenario.clone(), Execution::new(Some(1))).unwrap()
}

/// Main figure, targets and every band of the fan are the same numbers.
fn assert_same(name: &str, tuned: &Forecast, run: &Forecast) {
    let bits = |forecast: &Forecast| forecast.main.bands.columns().map(|found| found.value.map(f64::to_bits));
    assert_eq!(bits(tuned), bits(run), "{name}");
    let chances = |forecast: &Forecast| {
        forecast.targets.iter().map(|target| (target.name.clone(), target.probability.value)).collect::<Vec<_>>()
    };
    assert_eq!(chances(tuned), chances(run), "{name}");
    let fan = &tuned.series[0];
    let same = |series: &&revcast::forecast::Series| {
        (series.metric, &series.scope, series.every) == (fan.metric, &fan.scope, fan.every)
    };
    let whole = run.series.iter().find(same).unwrap();
    for (of_fan, of_run) in fan.bands.columns().into_iter().zip(whole.bands.columns()) {
        let [one, other] = [of_fan, of_run].map(|column| column.iter().map(|found| found.value).collect::<Vec<_>>());
        assert!(!one.is_empty() && one == other[..one.len()], "{name}");
    }
}

#[test]
fn every_scenario_is_told_as_its_run_tells_it() {
    for name in SCENARIOS {
        let scenario = read(&file(name), &[]);
        let tuned = tuner(&scenario).forecast(&[], TRIALS, false).unwrap();
        assert_same(name, &tuned, &played(&scenario, TRIALS));
    }
}

fn moved(path: &str, to: f64) -> Adjustment {
    Adjustment::Move { r#move: path.to_owned(), to }
}

fn set(path: &str, to: Value) -> Adjustment {
    Adjustment::Set { set: path.to_owned(), to }
}

/// Changes of each kind, those of one region and those of all.
fn changes() -> Vec<(&'static str, Vec<Adjustment>)> {
    let pull = |name: &str| Adjustment::Pull { pull: name.to_owned() };
    let plan = read(&file("ai-marketing-plan"), &[]);
    let lever = &plan.levers[0].name;
    let deals = read(&file("mid-year"), &[]).pipeline.unwrap();
    let won = format!("pipeline[{}].win_probability", deals[0].id);
    let lost = format!("pipeline[{}].win_probability", deals[1].id);
    vec![
        ("ai-marketing-plan", vec![moved("regions.europe.conversion", 0.23)]),
        (
            "ai-marketing-plan",
            vec![moved("regions.europe.leads.growth[0].rate", 0.14), set("regions.europe.conversion", json!(0.3))],
        ),
        ("ai-marketing-plan", vec![moved("regions.*.deal_size.mean", 9_000.0), pull(lever)]),
        ("ai-marketing-plan", vec![set("market.volatility", json!(0.2)), set("targets[Year 1].at_least", json!(15e6))]),
        ("ai-marketing-plan-team", vec![moved("regions.europe_enterprise.team.account_executives.headcount", 7.0)]),
        // Correlated inputs that are known for sure go with nothing.
        (
            "ai-marketing-plan",
            vec![set("regions.europe.conversion", json!(0.23)), set("regions.latin_america.conversion", json!(0.3))],
        ),
        ("mid-year", vec![set(&won, json!(1.0)), set(&lost, json!(0.0))]),
        ("funnel", vec![moved("regions.europe.stages[Qualification].pass", 0.5)]),
    ]
}

#[test]
fn a_changed_scenario_is_told_as_a_run_with_the_same_settings_tells_it_and_so_is_the_one_that_is_saved() {
    let folder = TempDir::new().unwrap();
    for entry in fs::read_dir(Path::new(&file("minimal")).parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    for (name, changes) in changes() {
        let path = file(name);
        let tuner = tuner(&read(&path, &[]));
        let settings = match tuner.settings(&changes) {
            Ok(settings) => settings,
            Err(faults) => panic!("{name}: {changes:?}: {faults}"),
        };
        assert!(!settings.is_empty());
        // Twice, from what is kept of regions too.
        tuner.forecast(&[], TRIALS, false).unwrap();
        let run = played(&read(&path, &settings), TRIALS);
        for _ in 0..2 {
            assert_same(name, &tuner.forecast(&settings, TRIALS, false).unwrap(), &run);
        }
        let quick = tuner.forecast(&settings, TRIALS, true).unwrap();
        assert_eq!(quick.main.bands.p50.value, run.main.bands.p50.value, "{name}");
        assert!(quick.targets.iter().all(|target| {
            run.targets.iter().any(|known| known.name == target.name && known.probability == target.probability)
        }));
        let saved = folder.path().join("saved.json");
        fs::write(&saved, tuner.extended(&settings, TRIALS).unwrap().to_string()).unwrap();
        assert_same(
            name,
            &tuner.forecast(&settings, TRIALS, false).unwrap(),
            &played_as_written(&read(&saved.display().to_string(), &[])),
        );
    }
}

#[test]
fn the_goal_lies_where_solve_finds_it() {
    let scenario = read(
        &file("ai-marketing-plan"),
        &[Setting { option: String::new(), path: "simulation.trials".to_owned(), value: TRIALS.to_string() }],
    );
    let (path, between) = ("regions.europe.conversion", [0.125, 0.375]);
    let model = resolve(&scenario).unwrap();
    let question = SolveQuestion {
        figure: Response::of_target(&model.targets[0]),
        wanted: GoalStatistic::Probability(0.8),
        vary: vec![format!("{path}.mean")],
        between: Some(between),
        scenario: scenario.clone(),
    };
    let solved = analysis::solve(&question, &Execution::new(None)).unwrap();
    let Outcome::Root(root) = solved.outcome else { panic!("{solved:?}") };
    let tuner = tuner(&scenario);
    let reach = tuner.solve(&[], &|to| moved(path, to), (between, 0.25), ("Year 1", 0.8), TRIALS).unwrap();
    let found = reach.at.unwrap();
    // One future of a thousand is 0.0002 here.
    assert!((found - root.value.value.unwrap()).abs() < 5e-4, "{found} {root:?}");
    let there = tuner.forecast(&tuner.settings(&[moved(path, found)]).unwrap(), TRIALS, true).unwrap();
    // It is given to four digits, on the side where the chance is reached.
    let reached = there.targets[0].probability.value.unwrap();
    assert!((0.8..0.806).contains(&reached), "{reached}");
    let near = tuner.solve(&[], &|to| moved(path, to), ([0.2, 0.25], 0.25), ("Year 1", 0.8), TRIALS).unwrap();
    assert!(near.at.is_none() && near.most.known() == near.now.known() && near.now == reach.now);
    assert!(tuner.solve(&[], &|to| moved(path, to), ([0.2, 0.25], 0.25), ("No such", 0.8), TRIALS).is_err());
}

#[test]
fn what_cannot_be_changed_says_so() {
    let tuner = tuner(&read(&file("ai-marketing-plan"), &[]));
    for wrong in [
        moved("regions.europe.convrsion", 0.2),
        set("regions.europe.conversion", json!("much")),
        set("pipeline[7].win_probability", json!(1.0)),
        Adjustment::Pull { pull: "no such".to_owned() },
        moved("regions.europe.conversion", 2.0),
    ] {
        let played = tuner.settings(std::slice::from_ref(&wrong)).map_err(|faults| faults.to_string());
        let played =
            played.and_then(|settings| tuner.forecast(&settings, 10, false).map_err(|error| format!("{error:?}")));
        assert!(played.is_err(), "{wrong:?}");
    }
}

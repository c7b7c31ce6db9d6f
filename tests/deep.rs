//! `revcast run --deep`: its figures against exact ones and against `compare`, what is not known, its files.

use std::fs;

use revcast::analysis::{
    Answer, ComparisonRun, GoalSeek, LeverOutcome, NoSensitivity, Outcome, Response, Step, WhatIf, WhatIfRun,
};
use revcast::engine::{Execution, Memory, RunError};
use revcast::export::forecast_json;
use revcast::model::{resolve, scenario_hash};
use revcast::scenario::{Scenario, Setting, load};
use revcast::stats::Estimate;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{files, ran, scenario as named};
use crate::common::{forecast_scenario, scenario};

/// One month of one region: won deals are Poisson with mean 40 · 0.5 = 20, each worth 1,000.
fn counted(more: Value) -> Value {
    let mut plan = json!({
        "name": "Counted", "start": "2027-01", "months": 1, "simulation": {"trials": 20_000},
        "regions": {"home": {
            "leads": {"monthly": 40}, "conversion": 0.5, "cycle": {"mean_days": 1e-6, "shape": "fixed"},
            "deal_size": {"mean": 1000, "cv": 0}
        }},
        "targets": [{"name": "Twenty", "metric": "won_deals", "period": "total", "at_least": 20}],
        "levers": [
            {"name": "Dearer", "cost": 10, "multiply": {"regions.home.deal_size.mean": 2}},
            {"name": "Leads", "cost": 50, "multiply": {"regions.*.leads.monthly": 1.2}}
        ]
    });
    lay(&mut plan, more);
    plan
}

/// A year of two regions whose leads and win rates are not known.
fn plan(more: Value) -> Value {
    let region = |leads: f64| {
        json!({"leads": {"monthly": {"mean": leads, "cv": 0.1}, "growth": 0.02}, "conversion": {"mean": 0.25, "sd": 0.02},
            "cycle": {"mean_days": 40}, "deal_size": {"mean": 10_000}, "retention": 0.9})
    };
    let mut plan = json!({
        "name": "Two", "start": "2027-01", "months": 14, "simulation": {"trials": 2000, "seed": 3},
        "regions": {"home": region(60.0), "away": region(20.0)},
        "targets": [
            {"name": "Year", "metric": "bookings", "period": "2027", "at_least": 2_400_000},
            {"name": "Home", "metric": "bookings", "period": "2027", "at_least": 1_800_000, "region": "home"},
            {"name": "Each", "metric": "bookings", "period": "each-quarter", "at_least": 300_000}
        ],
        "levers": [
            {"name": "Away alone", "cost": 0, "multiply": {"regions.away.leads.monthly": 1.5}},
            {"name": "Nothing", "cost": 5, "multiply": {"regions.*.conversion": 1}},
            {"name": "Better", "cost": 20_000, "set": {"regions.*.conversion.mean": 0.27}, "note": "why", "source": "where"}
        ]
    });
    lay(&mut plan, more);
    plan
}

fn lay(plan: &mut Value, more: Value) {
    for (key, value) in more.as_object().expect("what is laid over comes as an object") {
        plan[key] = value.clone();
    }
}

fn deep_of(scenario: &Scenario) -> WhatIf {
    let model = resolve(scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let whatif = WhatIfRun::new(scenario, model.clone()).unwrap_or_else(|faults| panic!("{faults}"));
    let execution = Execution::new(Some(2));
    let deep = whatif.run(&execution).unwrap_or_else(|ended| panic!("{}", ended.error));
    // About as often as is told; a search stops where it has found, and looks farther where it has not.
    let told = (whatif.times_played() * model.trials) as u64;
    assert!(execution.monitor.done() <= 2 * told, "{} played of {told} told", execution.monitor.done());
    deep
}

fn deep(json: &Value) -> WhatIf {
    deep_of(&scenario(json))
}

fn lever<'a>(deep: &'a WhatIf, name: &str) -> &'a LeverOutcome {
    deep.levers.iter().find(|lever| lever.name == name).expect("it is there")
}

fn step<'a>(deep: &'a WhatIf, label: &str) -> &'a Step {
    deep.steps.iter().find(|step| step.label == label).expect("it is there")
}

/// P(N ≥ k) of a Poisson law.
fn at_least(k: i32, mean: f64) -> f64 {
    let term = |j: i32| (1..=j).fold(libm::exp(-mean), |term, i| term * mean / f64::from(i));
    1.0 - (0..k).map(term).sum::<f64>()
}

/// Within five standard errors of what is exact: of the 12 comparisons here, one fails by chance in 100,000 seeds.
fn near(found: Estimate, exact: f64, of: &str) {
    let (value, error) = (found.value.unwrap(), found.error.unwrap());
    assert!((value - exact).abs() <= 5.0 * error, "{of}: {found:?}, not {exact}");
    assert!(error > 0.0 && error < 0.1, "{of}: {found:?}");
}

#[test]
fn levers_and_steps_give_the_exact_chances_of_a_poisson_count() {
    let deep = deep(&counted(json!({})));
    let now = at_least(20, 20.0);
    let leads = lever(&deep, "Leads");
    let target = &leads.effect.targets[0];
    near(target.before, now, "before");
    near(target.after, at_least(20, 24.0), "leads × 1.2");
    near(target.change, at_least(20, 24.0) - now, "leads × 1.2, paired");
    near(leads.effect.mean, 4.0, "mean of leads × 1.2");
    // On common draws the difference is known far better than either side by itself.
    assert!(target.change.error < target.after.error.map(|error| 1.2 * error));
    assert_eq!(leads.gain_per_cost, None, "deals are no money");
    assert_eq!(deep.levers[0].name, "Leads", "strongest first");

    let rate = step(&deep, "win rate");
    assert!((rate.factor - 0.98).abs() < 1e-12);
    assert_eq!((rate.example.from, rate.example.to, rate.example.region.as_deref()), (0.5, 0.49, Some("home")));
    near(rate.effect.targets[0].after, at_least(20, 19.6), "a point less");
    near(rate.effect.targets[0].change, at_least(20, 19.6) - now, "a point less, paired");
    near(step(&deep, "leads a month").effect.targets[0].change, at_least(20, 19.0) - now, "5 % fewer leads");
    let labels: Vec<&str> = deep.steps.iter().map(|step| step.label.as_str()).collect();
    assert_eq!(labels[0], "leads a month", "what the target suffers from most comes first");
    assert_eq!(labels.len(), 4, "nothing that is 0 is stepped: {labels:?}");
}

#[test]
fn what_moves_nothing_that_is_asked_changes_exactly_nothing() {
    let dearer = deep(&counted(json!({})));
    let dearer = &lever(&dearer, "Dearer").effect;
    assert_eq!((dearer.targets[0].change.value, dearer.mean.value), (Some(0.0), Some(0.0)));
    assert_eq!(dearer.targets[0].before, dearer.targets[0].after);

    let deep = deep(&plan(json!({})));
    let away = &lever(&deep, "Away alone").effect;
    assert_eq!(away.targets[1].change.value, Some(0.0), "the target of another region");
    assert!(away.targets[1].change.error > Some(0.0), "that none of 2,000 changed is not certain");
    assert!(away.targets[0].change.value > Some(0.1));
    assert_eq!(lever(&deep, "Away alone").gain_per_cost, None, "it costs nothing");
    let nothing = &lever(&deep, "Nothing").effect;
    let none = Estimate { value: Some(0.0), error: Some(0.0) };
    assert!(nothing.targets.iter().all(|target| target.change == none), "{nothing:?}");
    assert_eq!((nothing.mean, nothing.median), (none, none));
}

#[test]
fn a_lever_gives_what_compare_gives_for_the_same_change() {
    let plain = scenario(&plan(json!({})));
    let deep = deep_of(&plain);
    let better = lever(&deep, "Better");
    let setting = Setting { option: "--with".into(), path: "regions.*.conversion.mean".into(), value: "0.27".into() };
    let changed = plain.with(&[setting]).unwrap_or_else(|faults| panic!("{faults}"));
    let figure = Response::main(&resolve(&plain).unwrap());
    let comparing = ComparisonRun::new(("a".into(), plain.clone()), vec![("b".into(), changed)], &figure).unwrap();
    let comparison = comparing.compare(&Execution::new(Some(2)), Memory::default()).unwrap();
    let difference = &comparison.differences[0];
    let sides = [&comparison.sides[0].targets, &comparison.sides[1].targets];
    for (i, target) in better.effect.targets.iter().enumerate() {
        assert_eq!((&target.name, target.change), (&difference.targets[i].name, difference.targets[i].change));
        assert_eq!(target.before.value, sides[0][i].probability.value, "{}", target.name);
        assert_eq!(target.after, sides[1][i].probability, "{}", target.name);
    }
    let main = difference.metrics.iter().find(|found| {
        (found.metric, found.scope.as_str(), found.period.as_str()) == (figure.metric(), "total", "2027")
    });
    let main = main.expect("the main figure is compared");
    assert_eq!((better.effect.mean.value, better.effect.mean.error), (main.bands.mean.value, main.bands.mean.error));
    let (gain, mean) = (better.gain_per_cost.unwrap(), better.effect.mean.value.unwrap());
    assert!((gain.value.unwrap() - mean / 20_000.0).abs() <= 0.01 * gain.error.unwrap(), "{gain:?}");

    assert_eq!((better.note.as_deref(), better.source.as_deref()), (Some("why"), Some("where")));
    let [moves] = better.changes.as_slice() else { panic!("{:?}", better.changes) };
    assert_eq!((moves.label.as_str(), moves.factor, moves.fields.len()), ("win rate, mean in all regions", None, 2));
    assert_eq!((moves.fields[1].label.as_str(), moves.fields[1].to), ("away: win rate, mean", 0.27));
    let nothing = &lever(&deep, "Nothing").changes[0];
    assert_eq!((nothing.label.as_str(), nothing.factor), ("win rate in all regions", Some(1.0)));
}

#[test]
fn what_it_would_take_is_what_solve_finds_unless_it_is_met_already() {
    let asked = |level: f64| {
        let target = json!([{"name": "Months", "metric": "bookings", "period": "each-month", "at_least": 1},
            {"name": "Year", "metric": "bookings", "period": "2027", "at_least": level}]);
        deep(&plan(json!({"targets": target, "simulation": {"trials": 400}}))).solution
    };
    let GoalSeek::Found(solution) = asked(2_400_000.0) else { panic!("it can be found") };
    assert_eq!(solution.figure.target.as_deref(), Some("Year"), "one for each month is not asked about");
    let Outcome::Root(root) = solution.outcome else { panic!("a root") };
    assert!(root.value.value.unwrap() > 1.0 && root.reached.value.unwrap() >= 0.8);
    assert!(
        matches!(asked(1.0), GoalSeek::MetAlready { target, asked: 0.8, chance } if target == "Year" && chance.value == Some(1.0))
    );
    assert!(matches!(asked(1e15), GoalSeek::OutOfReach(_)));
    // Of one region with a fixed number it is that number: Poisson(λ) reaches 20 in 8 of 10 at λ = 23.6.
    let GoalSeek::Found(solution) = deep(&counted(json!({}))).solution else { panic!("it can be found") };
    let Outcome::Root(root) = solution.outcome else { panic!("a root") };
    assert!((root.value.value.unwrap() * 0.5 - 23.6).abs() < 0.3, "{root:?}");
}

#[test]
fn whatever_the_scenario_there_is_an_answer_or_a_reason() {
    let none = json!({"targets": []});
    let roi = json!({"targets": [{"name": "Paid", "metric": "roi", "period": "2027-02", "at_least": 0}],
        "investment": [{"name": "Team", "amount": 1000, "from_month": 6, "months": 3}]});
    let flow = |at_least: f64| json!({"targets": [{"name": "T", "metric": "bookings", "period": "total", "at_least": at_least}]});
    let few = |trials: u64| json!({"simulation": {"trials": trials}});
    let all =
        [none.clone(), roi, flow(-1.0), flow(1e15), few(1), few(10), few(199), json!({"months": 1, "targets": []})];
    for more in all {
        let mut written = plan(few(300));
        lay(&mut written, more.clone());
        let found = deep(&written);
        let text = serde_json::to_string(&found).unwrap();
        assert!(!text.contains("NaN") && !text.contains("inf\""), "{more}");
        assert_eq!(found.sensitivity.is_none(), found.no_sensitivity.is_some(), "{more}");
        assert_eq!((found.steps.len(), found.levers.len()), (6, 3), "{more}");
        let answer = forecast_scenario(&scenario(&written));
        let answer = Answer::new(answer, Some(found.clone()), None);
        let text = revcast::report::summary(&answer, 100) + &revcast::report::details(&answer, 100);
        assert!(!text.contains("NaN") && !text.contains(" inf"), "{more}: {text}");
        let answer = answer.forecast;
        for (told, effect) in answer.targets.iter().zip(&found.steps[0].effect.targets) {
            assert_eq!((effect.before.value, effect.before.error), (told.probability.value, told.probability.error));
        }
    }
    let unknown = |more: Value| {
        let found = deep(&plan(more));
        (found.no_sensitivity, found.sensitivity.and_then(|found| found.stress).is_some())
    };
    assert_eq!(unknown(few(300)), (None, true));
    assert_eq!(unknown(few(100)), (None, false), "ten futures have no story");
    assert!(matches!(deep(&plan(none)).solution, GoalSeek::NoTarget));

    let fixed = deep(&counted(few(50)));
    assert_eq!((fixed.no_sensitivity, fixed.sensitivity.is_none()), (Some(NoSensitivity::AllFixed), true));
    assert!(!fixed.findings.is_empty(), "the audit warns of it");
}

#[test]
fn stages_are_stepped_by_name_and_what_cannot_be_worse_is_left_out() {
    let mut staged = plan(json!({"simulation": {"trials": 100}, "levers": []}));
    for key in ["home", "away"] {
        let region = staged["regions"][key].as_object_mut().unwrap();
        region.remove("conversion");
        region.remove("cycle");
        region.insert(
            "stages".into(),
            json!([{"name": "Demo", "pass": 0.5, "mean_days": 10}, {"name": key, "pass": 0.01, "mean_days": 36_525}]),
        );
    }
    let found = deep(&staged);
    let demo = step(&found, "share that passes Demo");
    assert_eq!(demo.paths, ["regions.home.stages[Demo].pass", "regions.away.stages[Demo].pass"]);
    assert_eq!(step(&found, "share that passes away").example.region.as_deref(), Some("away"));
    assert!((step(&found, "share that passes home").factor - 0.95).abs() < 1e-12, "a point less would leave nothing");
    assert!(found.steps.iter().all(|step| step.label != "days in home"), "no time is longer than a century");
}

#[test]
fn growth_and_decline_both_become_worse() {
    let mut mixed = plan(json!({"simulation": {"trials": 50}}));
    mixed["regions"]["away"]["leads"]["growth"] = json!(-0.02);
    let growth = deep(&mixed);
    let growth = step(&growth, "growth of leads");
    assert_eq!((growth.paths.len(), growth.example.from, growth.example.to), (1, 0.02, 0.01));
    mixed["regions"]["home"]["leads"]["growth"] = json!(-0.02);
    let decline = deep(&mixed);
    let decline = step(&decline, "growth of leads");
    assert_eq!((decline.paths.len(), decline.example.from, decline.example.to), (2, -0.02, -0.03));
    assert!(decline.effect.median.value < Some(0.0));
}

#[test]
fn levers_change_no_forecast_and_lists_of_them_are_replaced_whole() {
    let plain = scenario(&plan(json!({"levers": []})));
    let levered = scenario(&plan(json!({})));
    assert_eq!(scenario_hash(&plain), scenario_hash(&levered));
    assert!(serde_json::to_value(&plain).unwrap().get("levers").is_none());
    let base = plan(json!({}));
    let open = |more: Value| {
        let base = base.to_string();
        load("child.json".as_ref(), &[], &move |path| {
            Ok(if path.ends_with("child.json") { more.to_string().into() } else { base.clone().into() })
        })
        .unwrap_or_else(|faults| panic!("{faults}"))
    };
    assert_eq!(open(json!({"extends": "base.json"})).levers.len(), 3);
    let own = json!([{"name": "Own", "cost": 1, "set": {"regions.home.retention": {"low": 0.9, "high": 0.95}}}]);
    let child = open(json!({"extends": "base.json", "levers": own}));
    assert_eq!(child.levers.len(), 1);
    assert!(open(json!({"extends": "base.json", "levers": null})).levers.is_empty());
    let again = scenario(&serde_json::to_value(&child).unwrap());
    assert_eq!(serde_json::to_value(&child).unwrap(), serde_json::to_value(&again).unwrap());
    let changes = &deep_of(&child).levers[0].changes[0];
    assert_eq!((changes.label.as_str(), changes.fields[0].from), ("home: retention", 0.9));
    assert!((changes.fields[0].to - 0.925).abs() < 1e-9);
}

#[test]
fn a_lever_that_lets_leads_grow_past_all_bounds_is_named() {
    let runaway =
        plan(json!({"months": 60, "levers": [{"name": "Ads", "cost": 1, "set": {"regions.home.leads.growth": 1.0}}]}));
    let scenario = scenario(&runaway);
    let model = resolve(&scenario).unwrap();
    let faults = WhatIfRun::new(&scenario, model.clone()).unwrap_err().to_string();
    assert!(faults.contains("levers[Ads]: regions.home.leads") && faults.contains("did you mean 0.01?"), "{faults}");
}

#[test]
fn it_stops_when_asked_to() {
    let scenario = scenario(&plan(json!({})));
    let model = resolve(&scenario).unwrap();
    let execution = Execution::new(Some(2));
    execution.monitor.stop();
    let whatif = WhatIfRun::new(&scenario, model.clone()).unwrap();
    assert_eq!(whatif.run(&execution).unwrap_err().error, RunError::Stopped);
}

#[test]
fn the_program_writes_it_at_the_end_of_the_forecast_and_only_when_asked() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("two.json");
    fs::write(&file, plan(json!({"simulation": {"trials": 400}})).to_string()).unwrap();
    let file = file.to_string_lossy().into_owned();
    let run = |out: &str, more: &[&str]| ran(folder.path(), &[&["run", &file, "--out", out][..], more].concat());
    let read = |out: &str| fs::read_to_string(folder.path().join(out).join("forecast.json")).unwrap();
    let (code, plain, err) = run("plain", &[]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (code, text, err) = run("deep", &["--deep", "--threads", "1"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(text.starts_with(plain.split("\nDrivers: ").next().unwrap()), "{text}");
    let (_, whole, _) = ran(folder.path(), &["report", "deep/forecast.json", "-v", "--out", "again"]);
    let words = whole.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in ["“Year” is met in ", "For 80 in 100, “Year” would take ", "To do: Try “"] {
        assert_eq!(words.matches(said).count(), 1, "{said}: {text}");
    }
    let (code, json, err) = run("deep", &["--deep", "--json", "--threads", "3", "--verbose"]);
    assert_eq!(code, 0);
    assert!(err.contains(", deep "), "{err}");
    assert_eq!(json, read("deep"), "the same on any number of threads");

    let mut whole: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(whole.as_object().unwrap().keys().next_back().map(String::as_str), Some("checksum"));
    whole.as_object_mut().unwrap().shift_remove("checksum");
    assert_eq!(whole["body"].as_object().unwrap().keys().next_back().map(String::as_str), Some("deep"));
    let listed = whole["header"]["manifest"]["files"].clone();
    let listed: Vec<&str> = listed.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    for chart in ["tornado", "what-it-takes"] {
        assert!(listed.contains(&format!("charts/{chart}.svg").as_str()), "{listed:?}");
    }
    assert_eq!(files(&folder.path().join("deep")).len(), listed.len());
    // Without what was asked beside it, it is the forecast to the byte, but for the split, which is the sensitivity's.
    let mut bare: Value = serde_json::from_str(&read("plain")).unwrap();
    let split = whole["body"]["deep"]["sensitivity"]["split"].clone();
    for (name, share) in split.as_object().unwrap() {
        assert_eq!(whole["body"]["forecast"]["main"]["variance"][name]["value"], share["value"], "{name}");
    }
    for field in ["variance", "input_shares"] {
        whole["body"]["forecast"]["main"][field] = bare["body"]["forecast"]["main"][field].clone();
    }
    bare.as_object_mut().unwrap().shift_remove("checksum");
    whole["body"].as_object_mut().unwrap().shift_remove("deep");
    whole["header"]["manifest"]["files"] = bare["header"]["manifest"]["files"].clone();
    assert_eq!(whole.to_string(), bare.to_string());
    let mut forecast = forecast_scenario(&load(file.as_ref(), &[], &|path| fs::read(path)).unwrap());
    forecast.manifest.files = serde_json::from_value(bare["header"]["manifest"]["files"].clone()).unwrap();
    let own = forecast_json(&Answer { forecast, deep: None, moved: None, pipeline: None }).unwrap();
    assert!(own == read("plain").into_bytes(), "run without --deep writes the forecast alone");
}

#[test]
fn the_plan_has_its_levers_with_the_plans_own_costs() {
    for name in ["ai-marketing-plan", "downside", "upside", "flat-leads"] {
        let scenario =
            load(named(name).as_ref(), &[], &|path| fs::read(path)).unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(scenario.levers.len(), 2, "{name}");
        for lever in &scenario.levers {
            assert_eq!(lever.cost, 100_000.0);
            assert!(
                lever.note.as_deref().is_some_and(|note| note.contains("assumed") && note.contains("plan states none"))
            );
            assert!(lever.source.as_deref().is_some_and(|source| source.contains("Sales Investment Breakdown")));
        }
    }
}

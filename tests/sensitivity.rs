//! `revcast sensitivity`: its figures against exact ones, its files, its refusals.

use std::fs;

use revcast::analysis::{
    AnalysisError, Basis, CauseKind, Condition, Response, Sensitivity, SensitivityQuestion, ShiftKind, futures_played,
    sensitivity,
};
use revcast::engine::{Execution, PlayedSet, SimulationScope, TrialSet, each_block_of};
use revcast::model::{Model, resolve};
use revcast::outcomes::{Grid, Outcomes};
use revcast::scenario::Metric;
use serde_json::{Value, json};

use tempfile::TempDir;

use crate::cli::{files, ran, scenario as named};
use crate::common::{ks_distance, model, scenario};

/// Two regions of one month, so many leads that luck hardly counts: Y ≈ (L₁ + 2 L₂) / 2.
fn plan(rho: f64, extra: Value) -> Value {
    let region = |leads: Value, size: f64| json!({"leads": {"monthly": leads}, "conversion": 0.5, "cycle": {"mean_days": 1e-6, "shape": "fixed"}, "deal_size": {"mean": size, "cv": 0}});
    let mut plan = json!({
        "name": "Two", "start": "2027-01", "months": 1, "simulation": {"trials": 8000},
        "regions": {
            "a": region(json!({"mean": 1e8, "cv": 0.02}), 1.0),
            "b": region(json!({"mean": 1e8, "cv": 0.02, "source": "a study"}), 2.0),
        },
        "targets": [{"name": "All", "metric": "bookings", "period": "total", "at_least": 1.5e8}],
    });
    if rho != 0.0 {
        plan["correlations"] = json!([{"between": ["regions.a.leads.monthly", "regions.b.leads.monthly"], "rho": rho}]);
    }
    for (key, value) in extra.as_object().unwrap() {
        plan[key] = value.clone();
    }
    plan
}

fn asked(plan: &Value, condition: Option<&str>, target: bool) -> Result<Sensitivity, AnalysisError> {
    let written = scenario(plan);
    let model = resolve(&written).unwrap();
    let figure = if target { Response::of_target(&model.targets[0]) } else { Response::main(&model) };
    let condition = condition.map(|text| Condition::parse(text, &model, &figure).unwrap());
    let question = SensitivityQuestion { figure, ranged: Vec::new(), condition };
    let execution = Execution::new(Some(2));
    let found = sensitivity(&written, &model, &question, &execution)?;
    // Where nothing varies, no shares are played.
    let varies = found.causes[0].first.value.is_some();
    assert!(!varies || execution.monitor.done() == futures_played(&model, &question), "progress would end elsewhere");
    Ok(found)
}

/// Within five standard errors of what is exact: of the 20 comparisons here, one fails by chance in 80,000 seeds.
fn near(found: revcast::stats::Estimate, exact: f64, of: &str) {
    let (value, error) = (found.value.unwrap(), found.error.unwrap());
    assert!((value - exact).abs() <= 5.0 * error + 2e-4, "{of}: {found:?}, not {exact}");
    assert!(error < 0.05, "{of}: {found:?}");
}

#[test]
fn shares_of_a_weighted_sum_are_the_exact_ones() {
    // Y = L₁ + 2 L₂ halves, cv 2 % each: V ∝ 1 + 4; S = T = 1/5 and 4/5.
    let found = asked(&plan(0.0, json!({})), None, false).unwrap();
    assert!(!found.correlated && found.causes.iter().all(|cause| cause.shapley.is_none()));
    assert_eq!(found.causes[0].key, "regions.b.leads.monthly");
    for (cause, exact) in found.causes.iter().zip([0.8, 0.2, 0.0]) {
        near(cause.first, exact, &cause.key);
        near(cause.total, exact, &cause.key);
        let [low, high] = cause.first_interval.unwrap();
        assert!(low < high);
    }
    assert_eq!(found.causes[2].kind, CauseKind::Chance);
    assert_eq!((found.provenance.stated, found.provenance.assumed), (1, 1));
    assert_eq!(found.causes[0].basis, Some(Basis::Stated));
    // What is left of the range when the larger is known: 1 / √5 of it, but for the laws' slight skew.
    near(found.causes[0].worth.unwrap(), 1.0 - 1.0 / 5f64.sqrt(), "worth");
    // The bar of the larger: 2 · 1.2816 · 2 % of its 10⁸; the other keeps its median.
    let bar = found.causes[0].bar.as_ref().unwrap();
    let swing = bar.swing.value.unwrap();
    assert!((swing / (2.0 * 1.281_55 * 0.02 * 1e8) - 1.0).abs() < 0.01, "{bar:?}");
    assert!(bar.low.value.unwrap() < found.base.value.unwrap() && found.base.value.unwrap() < bar.high.value.unwrap());
}

#[test]
fn correlated_inputs_have_shapley_effects() {
    // The linear sum with σ = (1, 2), ρ = ½: 0.339286 and 0.660714.
    let found = asked(&plan(0.5, json!({})), None, false).unwrap();
    assert!(found.correlated);
    near(found.causes[0].shapley.unwrap(), 0.660714, "b");
    near(found.causes[1].shapley.unwrap(), 0.339286, "a");
    let sum: f64 = found.causes.iter().map(|cause| cause.shapley.unwrap().value.unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
}

#[test]
fn a_market_factor_and_luck_have_shares_of_their_own() {
    // Market with exposure 1 on leads of one month: exp(x), sd 2 %, beside the inputs of 2 % each: V ∝ (1 + 4) + 9.
    let mut market = plan(0.0, json!({"market": {"volatility": 0.02}}));
    for key in ["a", "b"] {
        market["regions"][key]["exposure"] = json!({"leads": 1});
    }
    let found = asked(&market, None, false).unwrap();
    let market = found.causes.iter().find(|cause| cause.kind == CauseKind::Market).unwrap();
    near(market.first, 9.0 / 14.0, "market");
    let split = found.split.unwrap();
    near(split.inputs, 5.0 / 14.0, "all inputs");
    near(split.market, 9.0 / 14.0, "the market besides");
    near(split.chance, 0.0, "chance");
    // Few leads: luck is all but all of it. Won deals are Poisson(50) twice, worth 1 and 2: V = 50 + 200, of which 5 % of the
    // level squared … 50² · 0.02² · 5 = 5.
    let mut small = plan(0.0, json!({}));
    for key in ["a", "b"] {
        small["regions"][key]["leads"]["monthly"] = json!({"mean": 100, "cv": 0.02});
    }
    let found = asked(&small, None, false).unwrap();
    let luck = found.causes.iter().find(|cause| cause.kind == CauseKind::Chance).unwrap();
    near(luck.total, 250.0 / 255.0, "luck");
}

#[test]
fn a_target_is_explained_by_its_chance() {
    let found = asked(&plan(0.0, json!({})), None, true).unwrap();
    near(found.base, 0.5, "the chance");
    assert!(found.width.is_none() && found.causes.iter().all(|cause| cause.worth.is_none()));
    // With the larger at its P10 (2.563 standard deviations of the other below), the target is met in 0.5 % of futures.
    let bar = found.causes[0].bar.as_ref().unwrap();
    near(bar.low, 0.0052, "at P10");
    near(bar.high, 0.9948, "at P90");
    // Where hardly a future meets it, what changed in none of them is not known to change in none.
    let mut rare =
        plan(0.0, json!({"targets": [{"name": "All", "metric": "bookings", "period": "total", "at_least": 1.555e8}]}));
    rare["regions"]["a"]["retention"] = json!({"low": 0.5, "high": 0.9});
    let found = asked(&rare, None, true).unwrap();
    let idle = found.causes.iter().find(|cause| cause.key.ends_with("retention")).unwrap();
    assert_eq!(idle.total.value, Some(0.0));
    assert!(idle.total.error.unwrap() > 0.002, "{:?} of a chance of {:?}", idle.total, found.base);
}

#[test]
fn what_was_different_in_the_worst_tenth_is_ranked() {
    let found = asked(&plan(0.0, json!({})), Some("main <= p10"), false).unwrap();
    let stress = found.stress.unwrap();
    assert_eq!(stress.trials, 800);
    // E[Z given Z ≤ −1.2816] = −1.7550, of which the larger input has 2/√5 and the smaller 1/√5.
    assert_eq!(stress.shifts[0].key, "regions.b.leads.monthly");
    near(stress.shifts[0].shift, -1.7550 * 2.0 / 5f64.sqrt(), "b");
    near(stress.shifts[1].shift, -1.7550 / 5f64.sqrt(), "a");
    assert!(stress.shifts.iter().all(|shift| shift.kind == ShiftKind::Input), "one month is no choice of months");
    let missed = asked(&plan(0.0, json!({})), Some("All missed"), false).unwrap().stress.unwrap();
    near(missed.share, 0.5, "missed");
    let few = asked(&plan(0.0, json!({})), Some("main > 1e9"), false);
    assert_eq!(few.unwrap_err(), AnalysisError::Condition { holds: 0, trials: 8000 });
}

#[test]
fn what_never_varies_has_no_shares() {
    let mut never =
        plan(0.0, json!({"targets": [{"name": "All", "metric": "bookings", "period": "total", "at_least": 1e12}]}));
    never["simulation"]["trials"] = json!(600);
    let found = asked(&never, None, true).unwrap();
    assert!(found.causes.iter().all(|cause| cause.first.value.is_none() && cause.first_interval.is_none()));
    let mut few = plan(0.0, json!({}));
    few["simulation"]["trials"] = json!(99);
    let found = asked(&few, None, false).unwrap();
    assert!(found.split.is_none() && found.causes.iter().all(|cause| cause.first.value.is_none()), "99 tell no shares");
    for key in ["a", "b"] {
        never["regions"][key]["leads"]["monthly"] = json!(100);
    }
    assert_eq!(asked(&never, None, false).unwrap_err(), AnalysisError::AllFixed);
}

#[test]
fn the_command_writes_its_folder_and_says_the_same_with_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let run = |threads: &str, more: &[&str]| {
        let file = named("minimal");
        let base = ["sensitivity", &file, "--trials", "600", "--threads", threads, "--where", "main <= p10"];
        ran(folder.path(), &[&base, more].concat())
    };
    let (code, text, err) = run("1", &[]);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    assert!(text.contains("what drives") && text.contains("Where main <= p10"), "{text}");
    let out = folder.path().join("output/minimal-sensitivity");
    let one = files(&out);
    assert!(["sensitivity.json", "drivers.csv", "shifts.csv"].iter().all(|name| one.contains(&(*name).to_owned())));
    let document = fs::read_to_string(out.join("sensitivity.json")).unwrap();
    let read: Value = serde_json::from_str(&document).unwrap();
    let mut listed: Vec<String> = serde_json::from_value(read["header"]["manifest"]["files"].clone()).unwrap();
    listed.sort();
    assert_eq!(listed, one);
    // It replaces its own folder, but no other.
    let (code, json, _) = run("3", &["--json"]);
    assert_eq!((code, json), (0, document));
    assert_eq!(files(&out), one);
    fs::write(out.join("mine.txt"), "x").unwrap();
    assert_eq!(run("1", &[]).0, 2);
}

#[test]
fn a_question_that_cannot_be_asked_is_refused() {
    let folder = TempDir::new().unwrap();
    let plan = named("ai-marketing-plan");
    for (options, said) in [
        (["--metric", "bookigns"], "did you mean \"bookings\"?"),
        (["--period", "2031"], "inside 2027-01 to 2029-12"),
        (["--period", "each-month"], "set a target"),
        (["--region", "eurpe"], "did you mean \"europe\"?"),
        (["--target", "Year 2"], "did you mean \"Year 1\"?"),
        (["--range", "regions.europe.retention"], "no =LOW..HIGH"),
        (["--range", "regions.europe.retention=0.9"], "two numbers"),
        (["--range", "regions.europe.retention=0.98..0.9"], "the lower one first"),
        (["--range", "regions.europe.retention=0.9..1.2"], "0 to 1"),
        (["--range", "regions.eurpe.retention=0.9..0.95"], "did you mean \"europe\"?"),
        (["--where", "main"], "main <= p10"),
        (["--where", "main <= p100"], "\"p100\""),
        (["--where", "mian <= p10"], "did you mean \"main\"?"),
        (["--where", "main < 0"], "holds in 0 of"),
    ] {
        let (code, text, err) =
            ran(folder.path(), &[&["sensitivity", &plan, "--trials", "300"][..], &options[..]].concat());
        assert!(code == 2 && text.is_empty() && err.contains(said), "{options:?}: {code} {text} {err}");
        assert!(files(folder.path()).is_empty());
    }
}

/// Two regions, one of whose keys begins with the other's, on a market.
fn two_regions() -> Value {
    let region = json!({"leads": {"monthly": {"mean": 50, "cv": 0.2}}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": {"mean": 40, "sd": 5}, "cv": 0.5},
        "deal_size": {"mean": {"mean": 10, "sd": 1}, "cv": 1}, "exposure": {"leads": 1, "conversion": 0.5, "deal_size": 0.2}});
    json!({"name": "Two", "start": "2027-01", "months": 6, "simulation": {"trials": 300}, "market": {"volatility": 0.2, "persistence": 0.5},
        "changes": [{"name": "Competitor", "from": "2027-03", "chance": {"mean": 0.5, "sd": 0.1}, "multiply": {"regions.*.conversion": 0.5}}],
        "regions": {"a": region, "ab": region}})
}

#[test]
fn regions_that_are_not_played_again_are_those_that_stay_the_same() {
    let model = model(&two_regions());
    let execution = Execution::new(None);
    let sets = [TrialSet::of_trials(&model, 0..300), TrialSet::of_trials(&model, 300..600)];
    let part = SimulationScope::whole(&model);
    let played = sets.clone().map(|set| PlayedSet::new(&model, set, part, &execution).unwrap());
    let all = |outcomes: &Outcomes| {
        let of = |metric| Grid::new(&model, outcomes, metric, &[0, 1]).period(0..6);
        [Metric::TotalBookings, Metric::LostDeals, Metric::WeightedPipeline].map(of)
    };
    let mut others = sets.to_vec();
    for input in 0..model.inputs.len() {
        for set in &sets {
            let mut moved = set.clone();
            moved.normals_mut(input).fill(1.0);
            others.push(moved);
        }
    }
    let mut market = sets[0].clone();
    market.market.clone_from(&sets[1].market);
    let mut rest = sets[1].clone();
    rest.rest.clone_from(&sets[0].rest);
    others.extend([market, rest]);
    for set in &others {
        let found = PlayedSet::each_block_beside(&played, set, &execution, all).unwrap();
        assert_eq!(found, each_block_of(&model, set, part, &execution, all).unwrap());
    }
}

/// Contracts of two terms that renew in the months that are asked of, and after them.
fn renewing(retention: f64) -> Value {
    json!({"name": "Renewing", "start": "2027-01", "months": 24, "contract": {"term_months": 4}, "simulation": {"trials": RENEWING},
        "market": {"volatility": 0.2, "persistence": 0.5},
        "regions": {"a": {"leads": {"monthly": {"mean": 20, "cv": 0.2}}, "conversion": 0.4, "cycle": {"mean_days": 30},
            "deal_size": {"mean": {"mean": 10, "sd": 1}, "cv": 1}, "terms": [{"months": 4, "share": 0.7}, {"months": 12, "share": 0.3}],
            "retention": retention, "expansion": 0.1, "exposure": {"leads": 1, "conversion": 0.5, "deal_size": 0.2}}}})
}

const RENEWING: usize = 20_000;

/// The figures of the first ten months, in a part of a model.
fn figures(model: &Model, scope: SimulationScope, trials: std::ops::Range<u64>) -> Vec<Vec<f64>> {
    const METRICS: [Metric; 4] = [Metric::Bookings, Metric::Renewals, Metric::Customers, Metric::WonDeals];
    let set = TrialSet::of_trials(model, trials);
    let see = |outcomes: &Outcomes| METRICS.map(|metric| Grid::new(model, outcomes, metric, &[0]).period(0..10));
    let blocks = each_block_of(model, &set, scope, &Execution::new(None), see).unwrap();
    (0..METRICS.len()).map(|i| blocks.iter().flat_map(|block| block[i].clone()).collect()).collect()
}

/// False alarms: one in a million over the four figures, by Kolmogorov and Smirnov's bound for two samples.
#[test]
fn a_part_whose_law_is_enough_has_the_law_of_the_run() {
    let model = model(&renewing(0.8));
    let part = SimulationScope::new(10, true);
    let n = RENEWING as u64;
    let in_run = figures(&model, part, 0..n);
    // These are the run's own.
    let whole = figures(&model, SimulationScope::new(24, true), 0..n);
    assert_eq!(in_run, whole);
    let by_law = figures(&model, part.by_law(&model), n..2 * n);
    let bound = (-libm::log(1e-6 / 4.0 / 2.0) / RENEWING as f64).sqrt();
    let farthest = |one: &[Vec<f64>], other: &[Vec<f64>]| {
        one.iter().zip(other).map(|(one, other)| ks_distance(one, other)).fold(0.0, f64::max)
    };
    assert!(farthest(&in_run, &by_law) < bound, "{} of {bound}", farthest(&in_run, &by_law));
    assert_ne!(in_run, figures(&model, part.by_law(&model), 0..n));
    // Others than the run's are found, and all months are the run's in either case.
    let wrong = crate::common::model(&renewing(0.5));
    let found = farthest(&in_run, &figures(&wrong, part.by_law(&wrong), n..2 * n));
    assert!(found > 1.5 * bound, "{found} of {bound}");
    assert_eq!(SimulationScope::whole(&model).by_law(&model), SimulationScope::whole(&model));
}

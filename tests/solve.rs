//! What it would take: roots against closed forms over many seeds, the plan's lead factors, questions of every kind, and bad
//! questions.

#![allow(clippy::disallowed_methods)] // the judge may use what the engine may not

use std::fs;

use insta::assert_snapshot;
use revcast::analysis::{GoalStatistic, How, Monotonicity, Outcome, Response, Root, Solution, SolveQuestion, solve};
use revcast::engine::Execution;
use revcast::model::resolve;
use revcast::scenario::Scenario;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{files, ran, scenario as file};
use crate::common::scenario;

/// Leads of one region, each decided after exactly ten days, deals of one size: everything is known in closed form.
fn simple(months: usize, trials: usize) -> Value {
    json!({
        "name": "Simple", "start": "2027-01", "months": months, "simulation": {"trials": trials},
        "regions": {"europe": {
            "leads": {"monthly": 600}, "conversion": 0.25, "cycle": {"mean_days": 10, "shape": "fixed"},
            "deal_size": {"mean": 1000, "shape": "fixed"}}},
        // 99.5 deals and not 100: sums of 100 sizes may end a hair below.
        "targets": [{"name": "Year", "metric": "bookings", "period": "total", "at_least": 99_500}]
    })
}

const LEADS: &str = "regions.europe.leads.monthly";

/// The share of a month's leads that are decided within it.
fn decided() -> f64 {
    1.0 - 10.0 / 30.4375
}

fn solved(
    scenario: &Scenario,
    figure: &Response,
    wanted: GoalStatistic,
    vary: &[&str],
    between: Option<[f64; 2]>,
) -> Solution {
    let vary = vary.iter().map(|path| (*path).to_owned()).collect();
    let question = SolveQuestion { scenario: scenario.clone(), figure: figure.clone(), wanted, vary, between };
    solve(&question, &Execution::new(None)).unwrap_or_else(|error| panic!("{error}"))
}

/// The first target's chance, or the main figure for anything else.
fn asked(scenario: &Scenario, wanted: GoalStatistic, vary: &[&str]) -> Solution {
    let model = resolve(scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let figure = match wanted {
        GoalStatistic::Probability(_) => Response::of_target(&model.targets[0]),
        _ => Response::main(&model),
    };
    solved(scenario, &figure, wanted, vary, None)
}

fn root(solution: &Solution) -> &Root {
    match &solution.outcome {
        Outcome::Root(root) => root,
        other => panic!("no root: {other:?}"),
    }
}

/// How many of 200 seeds have an interval that covers `truth`, and how many would have if intervals were half as wide.
fn covered(wanted: GoalStatistic, truth: f64) -> (usize, usize) {
    let mut scenario = scenario(&simple(1, 2_000));
    let model = resolve(&scenario).unwrap();
    let figure = match wanted {
        GoalStatistic::Probability(_) => Response::of_target(&model.targets[0]),
        _ => Response::main(&model),
    };
    let (mut whole, mut half) = (0, 0);
    for seed in 1..=200 {
        scenario.simulation.seed = seed;
        let solution = solved(&scenario, &figure, wanted, &[LEADS], Some([0.8 * truth, 1.2 * truth]));
        let found = root(&solution);
        let (value, low, high) = (found.value.value.unwrap(), found.low.unwrap(), found.high.unwrap());
        whole += usize::from((low..=high).contains(&truth));
        half += usize::from(((low + value) / 2.0..=(high + value) / 2.0).contains(&truth));
    }
    (whole, half)
}

/// Of 200 intervals that cover with 95 %, 179 to 198 do but in 1 of 1,000 cases: quantiles of Bin(200, 0.95), computed with
/// SciPy 1.17. Intervals half as wide cover with 67 %, and 179 of 200 once in 10^12.
const COVERED: std::ops::RangeInclusive<usize> = 179..=198;

#[test]
fn intervals_cover_the_root_of_a_chance_in_95_of_100_seeds() {
    // Won deals are Poisson; with a mean of 108.304… there are at least 100 with a chance of 0.8: scipy.special.gammaincinv(100, 0.8).
    let (whole, half) = covered(GoalStatistic::Probability(0.8), 108.304_391_619_014_11 / (0.25 * decided()));
    assert!(COVERED.contains(&whole) && half < 179, "{whole} and {half} of 200");
}

#[test]
fn intervals_cover_the_root_of_a_mean_in_95_of_100_seeds() {
    // Bookings have mean leads · 0.25 · 1,000 · the share decided.
    let (whole, half) = covered(GoalStatistic::Mean(100_000.0), 100.0 / (0.25 * decided()));
    assert!(COVERED.contains(&whole) && half < 179, "{whole} and {half} of 200");
}

#[test]
fn a_chance_and_its_percentile_are_one_question() {
    let scenario = scenario(&simple(3, 4_000));
    let chance = asked(&scenario, GoalStatistic::Probability(0.8), &[LEADS]);
    let level = GoalStatistic::Percentile { p: 0.2, level: 99_500.0 };
    let percentile = asked(&scenario, level, &[LEADS]);
    let (one, other) = (root(&chance).value.value.unwrap(), root(&percentile).value.value.unwrap());
    assert!((one / other - 1.0).abs() < 1e-3, "{one} {other}");
    assert_eq!((root(&chance).low, root(&chance).high), (root(&percentile).low, root(&percentile).high));
}

/// The assumptions of the plan's flat reading: leads from month 3 on at a level that books 17.8M on average with as many deals
/// won in each region, cycles gamma with cv 0.5; levels, win rates and deal sizes known to `spread` times 10, 8 and 5 %.
fn flat(spread: f64, rho: Option<f64>) -> Value {
    let mut regions = serde_json::Map::new();
    // A region's leads that are decided before the year's end: ten months of them less a cycle.
    for (key, size, days, rate) in
        [("europe", 15_000.0, 45.0, 0.25), ("latam", 3_000.0, 30.0, 0.3), ("apac", 6_000.0, 35.0, 0.22)]
    {
        let monthly = 17.8e6 / 24_000.0 / (rate * (10.0 - days / 30.4375));
        let about = |mean: f64, cv: f64| match spread {
            0.0 => json!(mean),
            spread => json!({"mean": mean, "cv": cv * spread}),
        };
        regions.insert(
            key.to_owned(),
            json!({
                "leads": {"monthly": about(monthly, 0.1), "ramp": [0, 0, 1]}, "conversion": about(rate, 0.08),
                "cycle": {"mean_days": days, "cv": 0.5, "shape": "gamma"}, "deal_size": {"mean": about(size, 0.05), "cv": 0.8}
            }),
        );
    }
    let pair =
        |field: &str| json!({"between": [format!("regions.*.{field}"), format!("regions.*.{field}")], "rho": rho});
    let correlations = match rho {
        None => json!([]),
        Some(_) => json!([pair("leads.monthly"), pair("conversion"), pair("deal_size.mean")]),
    };
    json!({
        "name": "Flat", "start": "2027-01", "months": 12, "simulation": {"trials": 20_000}, "regions": regions,
        "correlations": correlations,
        "targets": [{"name": "Year 1", "metric": "bookings", "period": "2027", "at_least": 17_800_000}]
    })
}

#[test]
fn the_plans_lead_factors_for_80_in_100_are_those_of_the_normal_law() {
    // 17.8M / (1 − 0.8416 cv) for the cv of chance alone, of regions misjudged each by itself, and all alike. Ours may differ by
    // 0.003: spreads are lognormal and beta and not normal (0.002), the number of deals and not their cv is held as leads rise
    // (0.001), and months have 30.4375 and not 30.4167 days (0.0001).
    for (spread, rho, factor) in [(0.0, None, 1.028), (1.0, None, 1.091), (1.0, Some(1.0), 1.135)] {
        let scenario = scenario(&flat(spread, rho));
        let solution = asked(&scenario, GoalStatistic::Probability(0.8), &["regions.*.leads.monthly"]);
        let found = root(&solution);
        let (value, error) = (found.value.value.unwrap(), found.value.error.unwrap());
        assert!((value - factor).abs() < 0.003 + 3.0 * error, "{value} ± {error}, {factor}");
        // On average the plan is met as it stands, so in about half of all futures.
        assert!((solution.before.value.unwrap() - 0.5).abs() < 0.04, "{:?}", solution.before);
        assert!((found.check.value.unwrap() - 0.8).abs() < 0.02, "{:?}", found.check);
    }
}

#[test]
fn a_single_number_is_looked_for_itself_and_draws_by_a_factor() {
    let mut written = simple(3, 2_000);
    let fixed = asked(&scenario(&written), GoalStatistic::Mean(100_000.0), &[LEADS]);
    assert_eq!((fixed.varied.how, fixed.varied.now), (How::Value, Some(600.0)));
    written["regions"]["europe"]["leads"]["monthly"] = json!({"mean": 600, "cv": 0.1});
    let uncertain = scenario(&written);
    let factor = asked(&uncertain, GoalStatistic::Mean(100_000.0), &[LEADS]);
    let mean = asked(&uncertain, GoalStatistic::Mean(100_000.0), &["regions.europe.leads.monthly.mean"]);
    assert_eq!((factor.varied.how, mean.varied.how), (How::Factor, How::Value));
    assert_eq!((factor.varied.now, mean.varied.now), (Some(1.0), Some(600.0)));
    // With a cv, moving the mean and multiplying every draw come to the same.
    let (by_factor, by_mean) = (root(&factor).value.value.unwrap(), root(&mean).value.value.unwrap());
    assert!((600.0 * by_factor / by_mean - 1.0).abs() < 1e-4, "{by_factor} {by_mean}");
    assert_eq!(mean.varied.fields[0].to, Some(by_mean));
    assert!((factor.varied.fields[0].to.unwrap() / by_mean - 1.0).abs() < 1e-3);
}

#[test]
fn an_end_of_the_interval_that_was_not_searched_is_left_open() {
    let scenario = scenario(&simple(1, 1_000));
    let figure = Response::main(&resolve(&scenario).unwrap());
    let truth = 100.0 / (0.25 * decided());
    let solution =
        solved(&scenario, &figure, GoalStatistic::Mean(100_000.0), &[LEADS], Some([0.5 * truth, 1.003 * truth]));
    let found = root(&solution);
    assert!(found.low.is_some() && found.high.is_none() && found.value.error.is_none(), "{found:?}");
}

#[test]
fn falling_functions_have_roots_too() {
    let scenario = scenario(&simple(2, 4_000));
    let solution = asked(&scenario, GoalStatistic::Mean(220_000.0), &["regions.europe.cycle.mean_days"]);
    let found = root(&solution);
    // 600 leads a month of which a quarter is won, over two months less a cycle.
    let days = 30.4375 * (2.0 - 220.0 / 150.0);
    let error = found.value.error.unwrap();
    assert!((found.value.value.unwrap() - days).abs() < 4.0 * error, "{:?} {days}", found.value);
    assert_eq!(solution.course, Monotonicity::Falls);
    assert!(found.low < found.value.value && found.value.value < found.high);
}

#[test]
fn the_level_that_a_target_could_have_is_found() {
    let scenario = scenario(&simple(1, 4_000));
    let solution = asked(&scenario, GoalStatistic::Probability(0.8), &["targets[Year].at_least"]);
    let level = root(&solution).value.value.unwrap();
    // At least so many of a Poisson number with mean 150 · 0.6715 come with a chance of 0.8: 92, by scipy.stats.poisson.
    assert!((91_900.0..=92_100.0).contains(&level), "{level}");
}

#[test]
fn a_field_that_changes_nothing_reaches_nothing() {
    let scenario = scenario(&simple(2, 1_000));
    let solution = asked(&scenario, GoalStatistic::Mean(1e6), &["market.volatility"]);
    assert!(matches!(solution.outcome, Outcome::Unreachable { .. }) && solution.course == Monotonicity::Stays);
    assert!(solution.varied.fields[0].to.is_none());
}

#[test]
fn the_answer_is_said_first_and_written_beside_its_curve() {
    let folder = TempDir::new().unwrap();
    let plan = file("ai-marketing-plan");
    let ask = ["solve", &plan, "--vary", "regions.*.leads.monthly", "--target", "Year 1", "--probability", "80%"];
    let (code, out, err) = ran(folder.path(), &[&ask[..], &["--trials", "2000"]].concat());
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out);
    let folder = folder.path().join("output/ai-marketing-plan-solve");
    let document: Value = serde_json::from_slice(&fs::read(folder.join("solution.json")).unwrap()).unwrap();
    let mut listed: Vec<&str> =
        document["header"]["manifest"]["files"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    listed.sort_unstable();
    assert_eq!(files(&folder), listed);
    let curve = fs::read_to_string(folder.join("curve.csv")).unwrap();
    assert!(curve.starts_with("value,statistic,se_statistic\n0.5,0,"), "{curve}");
    assert_eq!(curve.lines().count(), 1 + document["body"]["curve"].as_array().unwrap().len());
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = TempDir::new().unwrap();
    let minimal = file("minimal");
    let ask =
        ["solve", &minimal, "--vary", "regions.europe.conversion", "--mean", "4.5M", "--trials", "1000", "--quiet"];
    for threads in ["1", "3"] {
        let (code, out, err) = ran(folder.path(), &[&ask[..], &["--threads", threads, "--out", threads]].concat());
        assert_eq!((code, out.as_str(), err.as_str()), (0, "", ""));
    }
    let [one, three] = ["1", "3"].map(|threads| folder.path().join(threads));
    assert_eq!(files(&one), files(&three));
    for name in files(&one) {
        assert!(fs::read(one.join(&name)).unwrap() == fs::read(three.join(&name)).unwrap(), "{name}");
    }
}

#[test]
fn json_is_the_document_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let minimal = file("minimal");
    let (code, out, err) = ran(
        folder.path(),
        &["solve", &minimal, "--vary", LEADS, "--percentile", "p10", "--at-least", "4M", "--trials", "1000", "--json"],
    );
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out.as_bytes(), fs::read(folder.path().join("output/minimal-solve/solution.json")).unwrap());
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["body"]["wanted"], json!({"percentile": {"p": 0.1, "level": 4e6}}));
    assert!(document["body"]["outcome"]["root"]["check"]["value"].as_f64().unwrap() > 3.8e6);
}

#[test]
fn bad_questions_exit_with_2_and_write_nothing() {
    let folder = TempDir::new().unwrap();
    let plan = file("ai-marketing-plan");
    let asked = |rest: &str| {
        let rest: Vec<&str> = rest.split(' ').map(|word| if word == "Year_1" { "Year 1" } else { word }).collect();
        let ask = [&["solve", &plan, "--trials", "200"], rest.as_slice()].concat();
        let (code, out, err) = ran(folder.path(), &ask);
        assert_eq!((code, out.as_str()), (2, ""), "{rest:?}: {err}");
        err.replace(&plan, "PLAN")
    };
    let leads = "--vary regions.*.leads.monthly";
    let met = "--target Year_1 --probability 0.8";
    let said = [
        format!("--vary regions.eurpe.conversion --vary regions.*.leads {met}"),
        format!("--vary contract.term_months {met}"),
        format!("--vary regions.europe.conversion --vary regions.europe.conversion.mean {met}"),
        format!("--vary regions.*.retention {met}"),
        format!("{leads} --between 0.1..0.9 {met}"),
        format!("--vary regions.europe.conversion.mean --between 0.2..1.5 {met}"),
        format!("{leads} --between 2..1 {met}"),
        format!("{leads} --target Yaer_1 --probability 0.8"),
        format!("{leads} --target Year_1 --probability 80"),
        format!("{leads} --target Year_1 --probability 1"),
        format!("{leads} --probability 0.8"),
        format!("{leads} --target Year_1"),
        format!("{leads} --target Year_1 --mean 5M"),
        format!("{leads} --mean many"),
        format!("{leads} --metric revenu --mean 5M"),
        format!("{leads} --percentile p0 --at-least 5M"),
        format!("{leads} --metric roi --period 2027-01 --mean 5 --set investment[0].from_month=2"),
    ]
    .map(|rest| format!("{rest}\n{}", asked(&rest)))
    .join("\n");
    assert_snapshot!(said);
    assert!(!folder.path().join("output").exists());
}

#[test]
fn a_jump_is_told_as_one_and_no_factor_is_below_0() {
    let folder = TempDir::new().unwrap();
    let few = json!({"name": "Few", "start": "2027-01", "months": 12, "simulation": {"trials": 4000},
        "regions": {"ent": {"leads": {"monthly": 1}, "conversion": 0.3, "cycle": {"mean_days": 30, "shape": "fixed"},
            "deal_size": {"mean": 400_000, "cv": 0}}},
        "targets": [{"name": "Y", "metric": "bookings", "period": "2027", "at_least": 1_500_000}]});
    fs::write(folder.path().join("few.json"), few.to_string()).unwrap();
    let options = ["--vary", "regions.ent.deal_size.mean", "--target", "Y", "--probability", "70%"];
    let (code, out, _) = ran(folder.path(), &[&["solve", "few.json"], &options[..]].concat());
    assert!(code == 0 && out.contains("jumps past what is asked for") && !out.contains("in 70 in 100"), "{out}");
    let plan = file("ai-marketing-plan");
    let options = ["--vary", "regions.*.cycle.mean_days", "--target", "Year 1", "--probability", "60%"];
    let between = ["--trials", "300", "--between", "-2..0.5"];
    let (code, out, err) = ran(folder.path(), &[&["solve", &plan], &options[..], &between].concat());
    assert!(code == 2 && out.is_empty() && err.contains("a factor of -2"), "{err}");
}

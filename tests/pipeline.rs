//! Deal by deal: what may become of the open deals, against the closed form; what they move, against a case worked out by hand.

use insta::assert_snapshot;
use revcast::analysis::{DealFlag, DealOutlook, Pipeline, PipelineQuestion, PipelineRun, pipeline};
use revcast::documents::{Document, Header};
use revcast::engine::{Execution, Memory, Resampling, Run, SimulationScope, Trials, WonDeal};
use revcast::findings;
use revcast::model::resolve;
use revcast::outcomes::{Grid, Outcomes};
use revcast::report::terminal;
use revcast::scenario::Metric;
use revcast::stats::Estimate;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{revcast as program, scenario};

/// A company of one region as of 10 March 2027, without leads, with these open deals.
fn company(deals: &Value, trials: usize) -> Value {
    let known = |month: &str| json!({"region": "a", "metric": "bookings", "month": month, "amount": 0});
    let renewed = |month: &str| json!({"region": "a", "metric": "renewals", "month": month, "amount": 0});
    let months = ["2027-01", "2027-02", "2027-03"];
    let actuals: Vec<Value> = months.iter().flat_map(|month| [known(month), renewed(month)]).collect();
    json!({
        "name": "Deals", "start": "2027-01", "months": 6, "as_of": "2027-03-10", "simulation": {"trials": trials, "seed": 5},
        "actuals": actuals, "pipeline": deals, "contracts": [],
        "regions": {"a": {
            "leads": {"monthly": 0}, "conversion": 0.3, "cycle": {"mean_days": 45, "cv": 0.5}, "deal_size": {"mean": 1000}
        }},
        "targets": [{"name": "Half", "metric": "bookings", "period": "to 2027-04", "at_least": 4000}]
    })
}

fn found_in(json: &Value, execution: &Execution) -> Document<Pipeline> {
    let scenario = scenario(json);
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let question = PipelineQuestion::of_run(&model);
    let found = pipeline(&scenario, &model, &question, execution).expect("it runs");
    Document::new(Header::new(&scenario, &model), found)
}

fn found(json: &Value) -> Document<Pipeline> {
    found_in(json, &Execution::new(None))
}

fn deal<'a>(pipeline: &'a Pipeline, id: &str) -> &'a DealOutlook {
    pipeline.deals.iter().find(|deal| deal.id == id).expect("it is listed")
}

/// P(D > age) of the cycle: lognormal with mean 45 and coefficient of variation 0.5.
fn open_at(age: f64) -> f64 {
    let variance = libm::log(1.25);
    let z = (libm::log(age / 45.0) + variance / 2.0) / variance.sqrt();
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// A chance of 1e-6 that |Z| is larger.
const LIMIT: f64 = 4.89;

/// With fixed inputs and one cycle a deal is won with the win rate, whatever its age, and by the end of April with the chance that the
/// cycle ends by then given that it has not yet. Each of the six comparisons has a false-alarm rate of 1e-6; with another deal's age in the
/// formula they fail.
#[test]
fn chances_are_those_of_the_closed_form() {
    let trials = 40_000;
    let deals = json!([
        {"id": "young", "created": "2027-03-01", "amount": 1000},
        {"id": "old", "created": "2027-01-09", "amount": 1000},
        {"id": "three", "created": "2027-01-09", "amount": 3000, "count": 3},
    ]);
    let found = found(&company(&deals, trials));
    for (id, age, count) in [("young", 9.0, 1.0), ("old", 60.0, 1.0), ("three", 60.0, 3.0)] {
        let deal = deal(&found, id);
        // 22 of March's 31 days, and April, in months of 30.4375 days.
        let days = (22.0 / 31.0 + 1.0) * 30.4375;
        let inside = |age: f64| 0.3 * (1.0 - open_at(age + days) / open_at(age));
        let z = |estimate: Estimate, wanted: f64| {
            let error = f64::sqrt(wanted * (1.0 - wanted) / (trials as f64 * count));
            assert!((estimate.error.unwrap() / error - 1.0).abs() < 0.1, "{id}: {estimate:?} has the error {error}");
            (estimate.value.unwrap() - wanted) / error
        };
        for (estimate, wanted) in [(deal.chance, 0.3), (deal.chance_in_period, inside(age))] {
            assert!(z(estimate, wanted).abs() < LIMIT, "{id}: {estimate:?} is not {wanted}");
        }
        assert!(z(deal.chance_in_period, inside(69.0 - age)).abs() > LIMIT, "{id}: its age would not matter");
        assert_eq!(deal.age_days, age);
        assert!((deal.age_percentile - (1.0 - open_at(age))).abs() < 1e-6);
    }
    assert_eq!(found.weighted.amount, 0.3 * 5000.0);
}

/// A run of the forecast shows each block once to whoever counts deals: on one thread and on several that is what a play of its own finds. Trials
/// that are not kept are shown to nobody.
#[test]
fn deals_counted_while_the_forecast_is_played_are_those_of_a_play_of_their_own() {
    let deals = json!([
        {"id": "young", "created": "2027-03-01", "amount": 3000},
        {"id": "old", "created": "2027-01-09"},
        {"id": "three", "created": "2027-01-09", "amount": 1500, "count": 3},
    ]);
    let scenario = scenario(&company(&deals, 1_000));
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let question = PipelineQuestion { by: Some("region".to_owned()), ..PipelineQuestion::of_run(&model) };
    let alone = pipeline(&scenario, &model, &question, &Execution::new(Some(1))).expect("it runs");
    let text = |found: &Pipeline| serde_json::to_string(found).expect("it is JSON");
    for (threads, memory) in [(1, Memory::default()), (3, Memory::default()), (1, Memory(0.0))] {
        let counted = PipelineRun::new(&scenario, &model, &question);
        let see = |outcomes: &Outcomes, won: &[WonDeal]| counted.see(outcomes, won);
        let execution = Execution::new(Some(threads));
        let (run, seen) =
            Run::with_won_deals(model.clone(), &execution, Trials::Simulated(memory), see).expect("it runs");
        assert_eq!((run.kept().is_some(), seen.is_some()), (memory != Memory(0.0), memory != Memory(0.0)));
        if let Some(mut seen) = seen {
            let (found, fewer) = (counted.finish(&seen), PipelineRun::new(&scenario, &model, &question));
            assert_eq!(text(&found), text(&alone), "{threads} threads");
            // The test can fail: without the last block it is another document.
            seen.pop();
            assert_ne!(text(&fewer.finish(&seen)), text(&alone));
        }
    }
}

/// The pass that keeps what becomes of open deals takes their bookings from trials that are kept. Bookings are then what they are where all is
/// played, and so are bookings with renewals before a term has passed; where open deals renew they are not.
#[test]
fn bookings_of_open_deals_that_are_kept_are_those_played_again() {
    let deals: Vec<Value> = (1..28)
        .map(|day| json!({"id": format!("d{day}"), "created": format!("2027-02-{day:02}"), "amount": 900 + day}))
        .collect();
    let mut json = company(&json!(deals), 300);
    json["months"] = json!(30);
    json["regions"]["a"]["leads"] = json!({"monthly": {"mean": 20, "sd": 4}});
    json["regions"]["a"]["conversion"] = json!({"low": 0.2, "mode": 0.3, "high": 0.4});
    json["regions"]["a"]["retention"] = json!(0.8);
    let model = resolve(&scenario(&json)).unwrap_or_else(|faults| panic!("{faults}"));
    let run = Run::begin(model.clone(), &Execution::new(Some(2)), Memory::default()).expect("it runs");
    let passed = |metric, months: usize, bookings_only| {
        let part = SimulationScope::new(months, true);
        let figure = |block: &Outcomes| Grid::new(&model, block, metric, &[0]).period(3..months);
        run.resampled(Resampling::AllButOpenDeals, part, bookings_only, figure).expect("it runs")
    };
    for (metric, months, same) in [
        (Metric::Bookings, 30, true),
        (Metric::TotalBookings, 14, true),
        (Metric::TotalBookings, 30, false),
        (Metric::WonDeals, 14, false),
    ] {
        assert_eq!(
            passed(metric, months, true) == passed(metric, months, false),
            same,
            "{metric:?} of {months} months"
        );
    }
}

/// 4,000 are asked for, which the deal of 5,000 alone makes, and all others together do not: with it every trial meets the target, without
/// it none does.
#[test]
fn a_deal_that_alone_makes_the_target_moves_all_of_it() {
    let deals = json!([
        {"id": "small", "created": "2027-02-20", "amount": 500},
        {"id": "whale", "created": "2027-02-20", "amount": 5000, "close_date": "2027-03-01"},
        {"id": "sure", "created": "2027-02-20", "amount": 100, "win_probability": 1},
    ]);
    let found = found(&company(&deals, 2000));
    let whale = &found.deals[0];
    assert_eq!((whale.id.as_str(), whale.moves.value), ("whale", Some(1.0)));
    assert_eq!(found.target_chance.value, whale.chance_in_period.value);
    assert_eq!(whale.flags, [DealFlag::Slipped, DealFlag::Large]);
    assert!(!deal(&found, "small").moves.is_clear());
    // One side of it has fewer than 100 futures: nothing is said.
    let sure = deal(&found, "sure");
    assert_eq!((sure.chance.value, sure.flags.as_slice()), (Some(1.0), &[DealFlag::OwnChance][..]));
}

#[test]
fn a_deal_less_changes_nothing_of_the_others_and_threads_change_nothing() {
    let row =
        |i: usize| json!({"id": format!("d{i}"), "created": format!("2027-02-{:02}", i + 1), "amount": 100 * (i + 1)});
    let rows: Vec<Value> = (0..20).map(row).collect();
    let all = found_in(&company(&json!(rows), 1000), &Execution::new(Some(2)));
    let again = found_in(&company(&json!(rows), 1000), &Execution::new(Some(1)));
    assert_eq!(json!(*all), json!(*again));
    let less = found(&company(&json!(rows[1..]), 1000));
    for kept in &less.deals {
        let before = deal(&all, &kept.id);
        let of = |deal: &DealOutlook| {
            (deal.chance, deal.chance_in_period, deal.closes_p10, deal.closes_p50, deal.closes_p90)
        };
        assert_eq!(of(before), of(kept), "{}", kept.id);
    }
}

/// In stages a deal is won with the product of the passes ahead, whatever its age; a chance of its own takes their place. Where a retention is
/// drawn, a contract renews with the mean of the chances. Each of the four comparisons has a false-alarm rate of 1e-6.
#[test]
fn stages_and_renewals_have_their_laws() {
    let deals = json!([
        {"id": "first", "created": "2027-01-01", "stage": "Demo", "stage_since": "2027-03-01", "amount": 1000},
        {"id": "last", "created": "2027-01-01", "stage": "Offer", "stage_since": "2027-01-20", "amount": 1000},
        {"id": "own", "created": "2027-01-01", "stage": "Demo", "stage_since": "2027-03-01", "amount": 1000, "win_probability": 0.8},
    ]);
    let trials = 20_000;
    let mut plan = company(&deals, trials);
    let region = plan["regions"]["a"].as_object_mut().unwrap();
    region.remove("conversion");
    region.remove("cycle");
    region.insert("retention".to_owned(), json!({"low": 0.6, "high": 0.9}));
    let stage = |name: &str, pass: f64| json!({"name": name, "pass": pass, "mean_days": 20});
    region.insert("stages".to_owned(), json!([stage("Demo", 0.5), stage("Offer", 0.6)]));
    plan["contracts"] = json!([{"id": "two years", "annual_value": 1000, "renews": "2027-05", "term_months": 24}]);
    let found = found(&plan);
    for (id, wanted) in [("first", 0.3), ("last", 0.6), ("own", 0.8)] {
        let z = |wanted: f64| {
            (deal(&found, id).chance.value.unwrap() - wanted) / f64::sqrt(wanted * (1.0 - wanted) / trials as f64)
        };
        assert!(z(wanted).abs() < LIMIT && z(wanted - 0.05).abs() > LIMIT, "{id}: {}", z(wanted));
    }
    assert_eq!(deal(&found, "own").flags, [DealFlag::Large, DealFlag::OwnChance]);
    // E[U²] of U even between 0.6 and 0.9: (0.9³ − 0.6³) / (3 · 0.3).
    let (chance, wanted) = (found.contracts[0].chance, (0.729 - 0.216) / 0.9);
    let z = (chance.value.unwrap() - wanted) / chance.error.unwrap();
    assert!(z.abs() < LIMIT, "{chance:?} is not {wanted}");
    assert!((wanted - 0.75 * 0.75) / chance.error.unwrap() > LIMIT, "the square of the mean would do");
}

#[test]
fn what_may_become_of_the_deals_is_told_on_one_screen() {
    let folder = TempDir::new().unwrap();
    let mut plan = company(&json!("deals.csv"), 2000);
    plan["contracts"] = json!([
        {"id": "C1", "annual_value": 9000, "renews": "2027-05"},
        {"id": "C2", "annual_value": 12_000, "renews": "2027-04", "count": 3},
    ]);
    plan["regions"]["a"]["retention"] = json!(0.8);
    std::fs::write(folder.path().join("s.json"), plan.to_string()).unwrap();
    let deals = "id,created,amount,close_date,owner,category,label\n\
        d1,2027-02-20,5000,2027-03-01,Ann,commit,Big one\nd2,2027-02-20,800,,Bo,best case,\nd3,2026-09-01,700,,Ann,best case,Old one\n";
    std::fs::write(folder.path().join("deals.csv"), deals).unwrap();
    let run = |arguments: &[&str]| {
        let output = program(folder.path()).args(["pipeline", "s.json"]).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told, _) = run(&["--by", "Category"]);
    assert_eq!(code, Some(0));
    assert_snapshot!(told);
    let read = |name: &str| std::fs::read_to_string(folder.path().join("output/s-pipeline").join(name)).unwrap();
    assert_eq!(read("pipeline.csv").lines().count(), 4);
    assert_eq!(read("groups.csv").lines().count(), 3);
    assert_eq!(read("contracts.csv").lines().count(), 3);
    let document: Document<Pipeline> = serde_json::from_str(&read("pipeline.json")).unwrap();
    assert_eq!(document.groups.iter().map(|group| group.deals).sum::<usize>(), 3);
    assert!((document.contracts[0].at_risk.value.unwrap() - 2400.0).abs() < 1e-9);
    // By hand from the document, in the words of the terminal.
    assert!(told.starts_with(&terminal(&findings::pipeline(&document), 100)));

    // What is won in a month is a part of what is won by its end.
    assert_eq!(run(&["--period", "2027-03", "--out", "march", "--quiet"]).0, Some(0));
    let march = std::fs::read_to_string(folder.path().join("march/pipeline.json")).unwrap();
    let march: Document<Pipeline> = serde_json::from_str(&march).unwrap();
    for id in ["d1", "d2", "d3"] {
        let [early, all] = [&march, &document].map(|found| deal(found, id));
        assert!(early.chance_in_period.value < all.chance_in_period.value && early.chance == all.chance, "{id}");
    }

    let (code, _, told) = run(&["--by", "ownr", "--out", "no"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("one of region, owner, category") && told.contains("did you mean \"owner\""), "{told}");
    let (code, _, told) = run(&["--target", "Year", "--out", "no"]);
    assert!(code == Some(2) && told.contains("one of Half"), "{told}");
    plan["pipeline"] = json!([]);
    plan["contracts"] = json!([]);
    std::fs::write(folder.path().join("s.json"), plan.to_string()).unwrap();
    let (code, _, told) = run(&["--out", "no"]);
    assert!(code == Some(2) && told.contains("no open deals") && told.contains("revcast new"), "{told}");
    assert!(!folder.path().join("no").exists());
}

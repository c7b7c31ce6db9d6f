//! Documents read back: to the same bytes, or refused in words, and never a panic of the reader or of what shows them.

use std::path::Path;

use insta::assert_snapshot;
use revcast::analysis::Answer;
use revcast::analysis::{
    Condition, GoalStatistic, Response, Sensitivity, SensitivityQuestion, Solution, SolveQuestion, sensitivity, solve,
};
use revcast::audit::{Finding, audit};
use revcast::charts::{self, Size};
use revcast::documents::{Document, Header};
use revcast::engine::{Execution, Memory};
use revcast::export::{self, CsvStyle};
use revcast::forecast::Forecast;
use revcast::model::{Budget, resolve, scenario_hash};
use revcast::report;
use revcast::scenario::{Scenario, Setting, load};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::common::{document_of, forecast_scenario, forecast_with, pointer_in_document, scenario, unsealed};

/// The committed plan with few trials.
fn plan() -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ai-marketing-plan.json");
    let trials = Setting { option: "--trials 300".into(), path: "simulation.trials".into(), value: "300".into() };
    load(&path, &[trials], &|path| std::fs::read(path)).unwrap_or_else(|faults| panic!("{faults}"))
}

/// A little of everything: stages, tags, a fiscal year, investment, targets of each kind, calls.
fn rich(months: usize) -> Value {
    let region = |segment: &str, size: f64| {
        json!({
            "tags": {"segment": segment}, "leads": {"monthly": {"mean": 40, "cv": 0.2}, "overdispersion": 0.1},
            "stages": [
                {"name": "Offer", "pass": {"mean": 0.5, "sd": 0.05}, "mean_days": 20},
                {"name": "Contract", "pass": 0.6, "mean_days": 15, "shape": "gamma"}
            ],
            "deal_size": {"mean": size}, "retention": 0.8, "exposure": {"leads": 1}
        })
    };
    json!({
        "name": "Rich", "assumptions": ["Some."], "start": "2027-02", "months": months, "currency": "CHF",
        "fiscal_year": {"first_month": 2}, "contract": {"term_months": 2},
        "simulation": {"trials": 200, "seed": 18_446_744_073_709_551_615_u64},
        "market": {"volatility": 0.1, "persistence": 0.8},
        "regions": {"a": region("large", 10_000.1), "b": region("small", 9_000.7), "c": region("small", 500.3)},
        "investment": [{"name": "Team", "amount": 500_000, "months": 2}],
        "targets": [
            {"name": "All", "metric": "bookings", "period": "total", "at_least": 300_000},
            {"name": "Each", "metric": "total_bookings", "period": "each-month", "at_least": 100_000},
            {"name": "Small", "metric": "revenue", "period": "2027-02..2027-03", "at_least": 1, "tag": {"segment": "small"}}
        ],
        "calls": [{"who": "Sales", "metric": "bookings", "period": "total", "amount": 310_000.5, "note": "why"}]
    })
}

fn rich_forecast(months: usize) -> Forecast {
    let scenario = scenario(&rich(months));
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let mut sheet = "region,metric,month,amount\n".to_owned();
    for region in ["a", "b", "c"] {
        for month in 2..5 {
            sheet.push_str(&format!("{region},bookings,2027-{month:02},{}\n", 40_000 + 1_000 * month));
        }
    }
    let budget = Budget::read("b.csv", sheet.as_bytes(), &model).unwrap_or_else(|faults| panic!("{faults}"));
    let mut forecast = forecast_with(&scenario, Some(&budget), Memory::default());
    forecast.manifest.files = vec!["forecast.json".into(), "bands.csv".into(), "charts/monthly-fan.svg".into()];
    forecast
}

fn fixed() -> Value {
    json!({
        "name": "Fixed", "start": "2027-01", "months": 4, "simulation": {"trials": 500},
        "regions": {"europe": {"leads": {"monthly": 600}, "conversion": 0.25, "cycle": {"mean_days": 10}, "deal_size": {"mean": 1000}}},
        "targets": [{"name": "Year", "metric": "bookings", "period": "total", "at_least": 99_500}]
    })
}

fn json_of(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).expect("a document is JSON")
}

fn read(bytes: &[u8]) -> Forecast {
    Answer::read("forecast.json", bytes).unwrap_or_else(|faults| panic!("{faults}")).forecast
}

#[test]
fn every_forecast_reads_back_to_the_same_bytes() {
    let forecasts = [
        forecast_scenario(&plan()),
        rich_forecast(3),
        rich_forecast(14),
        forecast_scenario(&scenario(&rich(2))),
        forecast_scenario(&scenario(&fixed())),
    ];
    assert!(forecasts[4].closed_form.is_some() && forecasts[1].payback.is_some() && !forecasts[2].budget.is_empty());
    for forecast in forecasts {
        let bytes = document_of(&forecast);
        assert!(document_of(&read(&bytes)) == bytes, "{}", forecast.name);
    }
}

#[test]
fn fields_that_are_not_known_are_passed_over() {
    let forecast = rich_forecast(3);
    let mut document = unsealed(&forecast);
    document["body"]["later"] = json!({"causes": [1, {"x": null}]});
    document["body"]["forecast"]["main"]["later"] = json!("x");
    document["body"]["forecast"]["series"][3]["later"] = json!([1]);
    assert!(document_of(&read(document.to_string().as_bytes())) == document_of(&forecast));
}

#[test]
fn the_scenario_of_a_forecast_reads_back_to_itself() {
    for forecast in [forecast_scenario(&plan()), rich_forecast(3), forecast_scenario(&scenario(&fixed()))] {
        let manifest = read(&document_of(&forecast)).header.manifest;
        let scenario = manifest.scenario().unwrap_or_else(|faults| panic!("{faults}"));
        assert_eq!(serde_json::to_value(&scenario).unwrap(), manifest.scenario);
        assert_eq!(scenario_hash(&scenario), manifest.scenario_hash);
    }
    let mut manifest = rich_forecast(3).header.manifest;
    manifest.scenario["months"] = json!(0);
    let said = manifest.scenario().unwrap_err().to_string();
    assert!(said.starts_with("manifest.scenario: months\n  found:   0"), "{said}");
    manifest.scenario["extends"] = json!("/etc/passwd");
    assert!(manifest.scenario().unwrap_err().to_string().contains("no such file"));
}

#[test]
fn analyses_read_back_to_the_same_bytes() {
    fn same<T: Serialize + DeserializeOwned>(document: &T) {
        let bytes = json_of(document);
        let read: T = serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{error}"));
        assert!(json_of(&read) == bytes, "{}", String::from_utf8_lossy(&bytes));
    }
    let execution = Execution::new(None);
    let scenario = scenario(&rich(3));
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let head = Header::new(&scenario, &model);
    let figure = Response::main(&model);
    let condition = Condition::parse("main <= p20", &model, &figure).unwrap();
    let question = SensitivityQuestion { figure: figure.clone(), ranged: Vec::new(), condition: Some(condition) };
    let found: Sensitivity = sensitivity(&scenario, &model, &question, &execution).unwrap();
    assert!(found.stress.is_some());
    same(&found);
    same(&Document::new(head.clone(), found));

    for (wanted, between) in [
        (GoalStatistic::Mean(330_000.0), None),
        (GoalStatistic::Mean(1e12), Some([0.9, 1.1])),
        (GoalStatistic::Percentile { p: 0.1, level: 250_000.0 }, None),
    ] {
        let vary = vec!["regions.*.leads.monthly".to_owned()];
        let question = SolveQuestion { scenario: scenario.clone(), figure: figure.clone(), wanted, vary, between };
        let found: Solution = solve(&question, &execution).unwrap_or_else(|error| panic!("{error}"));
        same(&found);
        same(&Document::new(head.clone(), found));
    }

    let plan = plan();
    let findings: Vec<Finding> = audit(&plan, &resolve(&plan).unwrap());
    assert!(!findings.is_empty());
    same(&findings);
}

/// What is said of a small forecast with some fields changed.
fn said(changes: &[(&str, Value)]) -> String {
    let mut document = unsealed(&rich_forecast(3));
    for (pointer, value) in changes {
        *document.pointer_mut(&pointer_in_document(pointer)).unwrap_or_else(|| panic!("no {pointer}")) = value.clone();
    }
    match Answer::read("forecast.json", document.to_string().as_bytes()) {
        Ok(_) => "sound".to_owned(),
        Err(faults) => faults.to_string(),
    }
}

#[test]
fn a_field_of_another_type_is_named_with_what_it_should_be() {
    assert_snapshot!(said(&[("/series/0/bands/p10/value/1", json!("many"))]), @r#"
    forecast.json: body.forecast.series[0].bands.p10.value[1]
      found:   the text "many"
      allowed: a number
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    "#);
    assert_snapshot!(said(&[("/main/bands", json!(7))]), @"
    forecast.json: body.forecast.main.bands
      found:   7
      allowed: an object
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
    assert_snapshot!(said(&[("/start", json!("2027-13"))]), @r#"
    forecast.json: header.start
      found:   the text "2027-13"
      allowed: a month such as 2027-01, of the years 1900 to 2999
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    "#);
    assert_snapshot!(said(&[("/currency", json!("euro"))]), @r#"
    forecast.json: header.currency
      found:   the text "euro"
      allowed: a currency's three capital letters, such as EUR
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    "#);
    assert_snapshot!(said(&[("/main/contributions/0/at", json!("p11"))]), @r#"
    forecast.json: body.forecast.main.contributions[0].at
      found:   the text "p11"
      allowed: one of p10, p50, p90
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    "#);
    assert_snapshot!(said(&[("/targets/0/metric", json!(5))]), @"
    forecast.json: body.forecast.targets[0].metric
      found:   something else than text
      allowed: one of the words that a run writes, in quotes
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
    assert_snapshot!(said(&[("/manifest/trials", json!(-1))]), @"
    forecast.json: header.manifest.trials
      found:   -1
      allowed: a whole number of 0 or more
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
}

#[test]
fn everything_that_does_not_agree_is_said_at_once() {
    let mut document = unsealed(&rich_forecast(3));
    for (pointer, value) in [
        ("/manifest/files", json!(["forecast.json", "../x", "/etc/passwd", "forecast.json"])),
        ("/scopes/0/key", json!("z")),
        ("/series/0/bands/p10/value", json!([1.0])),
        ("/main/period", json!("2031")),
        ("/targets/0/probability/value", json!(1.5)),
        ("/targets/1/each/probabilities/value", json!([0.5])),
        ("/payback/month/p50/value", json!(0.0)),
        ("/distributions/0/quantiles/5", json!(1e9)),
        ("/distributions/0/histogram/width", json!(0.0)),
        ("/budget/0/amount", json!([])),
    ] {
        *document.pointer_mut(&pointer_in_document(pointer)).unwrap() = value;
    }
    let faults = Answer::read("forecast.json", document.to_string().as_bytes()).unwrap_err().into_list();
    let paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    let expected = [
        "header.manifest.files[1]",
        "header.manifest.files[2]",
        "header.manifest.files[3]",
        "header.scopes[0].regions",
        "header.scopes[3].regions",
        "header.scopes[5].regions",
        "body.forecast.series[0].scope",
        "body.forecast.series[0].bands.p10.value",
        "body.forecast.budget[0].amount",
        "body.forecast.main.period",
        "body.forecast.targets[0].probability.value",
        "body.forecast.targets[1].each.probabilities.value",
        "body.forecast.payback.month.p50.value",
        "body.forecast.distributions[0].quantiles[5]",
        "body.forecast.distributions[0].histogram.width",
    ];
    assert_eq!(paths, expected);
    assert_eq!(faults.iter().filter(|fault| !fault.hint.is_empty()).count(), 1, "what to do is said once");
    assert_snapshot!(said(&[("/series/0/bands/p10/value", json!([1.0]))]), @r"
    forecast.json: body.forecast.series[0].bands.p10.value
      found:   a list of 1
      allowed: a list of 3, one for each of the periods
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
    for (field, value) in [
        ("/months", json!(0)),
        ("/months", json!(601)),
        ("/fiscal_first_month", json!(13)),
        ("/periods/0/labels/0", json!("2026-01")),
        ("/periods/0/starts", json!([])),
    ] {
        let said = said(&[(field, value)]);
        assert!(said.starts_with("forecast.json: ") && said.matches("found:").count() == 1, "{said}");
    }
}

#[test]
fn other_documents_and_pieces_of_a_forecast_are_told_from_one() {
    let said = |text: &str| Answer::read("x.json", text.as_bytes()).unwrap_err().to_string();
    assert_snapshot!(said(""), @"x.json: the file is empty; a document of revcast is a JSON object");
    assert_snapshot!(said("{}"), @"
    x.json: kind
      found:   nothing
      allowed: it once, as a run writes it
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
    assert_snapshot!(said("[1, 2]"), @"
    x.json: [0]
      found:   something else than text
      allowed: one of the words that a run writes, in quotes
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
    assert_snapshot!(said("{\"manifest\": {\"version\": \"1\", \"scen"), @r#"
    x.json:1:31: the text that begins here has no closing quote; the file was cut off: copy it again, or run its scenario again
      | {"manifest": {"version": "1", "scen
      |                               ^
    "#);
    assert_snapshot!(said("{\"format\": 1e999}"), @"
    x.json: format
      found:   a number too large for double precision
      allowed: a number
      hint:    the file was changed or damaged after the run: copy it again, or run its scenario again
    ");
    assert_snapshot!(said(&rich(3).to_string()), @"
    x.json
      found:   this is a scenario
      allowed: the forecast.json that a run wrote (format 2)
      hint:    play it: revcast run FILE
    ");
    assert!(said("{\"kind\": \"sensitivity\"}").contains("`revcast sensitivity`"));
    let whole = String::from_utf8(document_of(&rich_forecast(3))).unwrap();
    for end in (0..whole.len()).step_by(4_999) {
        let said = said(&whole[..end]);
        assert!(said.contains("cut off") || end == 0, "{end}: {said}");
    }
}

/// A cheap random number.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) as usize
}

/// Changes one value somewhere in a tree: deeper where there is more below.
fn mutate(tree: &mut Value, state: &mut u64) -> String {
    let mut at = tree;
    let mut path = String::new();
    loop {
        let children = match &*at {
            Value::Object(map) => map.len(),
            Value::Array(list) => list.len(),
            _ => 0,
        };
        if children == 0 || (!path.is_empty() && next(state).is_multiple_of(6)) {
            break;
        }
        let chosen = next(state) % children;
        let drop = next(state).is_multiple_of(12);
        at = match at {
            Value::Object(map) => {
                let key = map.keys().nth(chosen).expect("there is one").clone();
                path.push_str(&format!("/{key}"));
                if drop {
                    map.shift_remove(&key);
                    return format!("{path} removed");
                }
                &mut map[&key]
            }
            Value::Array(list) => {
                path.push_str(&format!("/{chosen}"));
                if drop {
                    list.pop();
                    return format!("{path} shortened");
                }
                &mut list[chosen]
            }
            _ => unreachable!("it has children"),
        };
    }
    let values = [
        json!(null),
        json!(0),
        json!(-1),
        json!(1e308),
        json!(-1e308),
        json!(1e-320),
        json!(0.5),
        json!(3),
        json!(""),
        json!("é=\u{202e}<"),
        json!([]),
        json!({}),
    ];
    *at = values[next(state) % values.len()].clone();
    format!("{path} = {at}")
}

#[test]
fn no_document_makes_the_reader_or_what_shows_it_panic() {
    let mut forecast = rich_forecast(3);
    // Without most series, which all are alike, single figures are changed more often.
    let mut kept = 0;
    forecast.series.retain(|series| {
        kept += 1;
        series.scope == "total" && kept % 3 == 0
    });
    let whole = unsealed(&forecast);
    let (mut state, mut sound) = (1_u64, 0);
    for round in 0..1_000 {
        let mut tree = whole.clone();
        // The whole document seldom: what it is has four fields, and a change of one is always seen.
        let parts = ["/header", "/body/forecast", "/body/forecast"];
        let change = |k: usize| {
            let part = if round % 10 == 9 { "" } else { parts[(round + k) % 3] };
            mutate(tree.pointer_mut(part).unwrap_or(&mut Value::Null), &mut state)
        };
        let changes: Vec<String> = (0..=round % 3).map(change).collect();
        let bytes = tree.to_string().into_bytes();
        let shown = std::panic::catch_unwind(|| {
            let Ok(answer) = Answer::read("forecast.json", &bytes) else { return false };
            let forecast = &answer.forecast;
            let charts = charts::of_forecast(forecast, Size::Thumb);
            if round % 50 == 0 {
                for chart in &charts {
                    drop((chart.svg("chart"), chart.png().expect("it is painted in memory")));
                }
            }
            report::summary(&answer, 100);
            report::details(&answer, 100);
            export::bands_csv(forecast, CsvStyle::Plain).expect("it is written to memory");
            export::attainment_csv(forecast, CsvStyle::Plain).expect("it is written to memory");
            if round % 20 == 0 {
                drop(export::workbook(&answer));
            }
            let _ = forecast.manifest.scenario();
            true
        });
        match shown {
            Ok(read) => sound += usize::from(read),
            Err(_) => panic!("round {round}: {changes:?}"),
        }
    }
    assert!(sound > 30, "only {sound} were read");
    let text = whole.to_string();
    for end in 0..200 {
        let end = end * text.len() / 200;
        assert!(Answer::read("forecast.json", &text.as_bytes()[..end]).is_err());
    }
}

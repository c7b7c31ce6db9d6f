//! A field that only tests have, written down in the table of fields and as a member of a region and nowhere else: whoever reads,
//! moves, prints or compares a scenario knows it.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};

use crate::analysis::{Answer, ComparisonRun, Response};
use crate::audit::{Rule, audit};
use crate::engine::{Execution, Memory, Run};
use crate::export::{CsvStyle, inputs_csv, workbook};
use crate::forecast::{Forecast, forecast};
use crate::model::{resolve, scenario_hash};
use crate::report;
use crate::scenario::{FieldId, Scenario, Setting, Unit, load, read_inputs};
use crate::units::Frequency;

const PATH: &str = "regions.home.upsell";

fn written(upsell: Value) -> Value {
    json!({
        "name": "plan", "start": "2027-01", "months": 3, "simulation": {"trials": 100},
        "regions": {"home": {
            "label": "Home", "leads": {"monthly": 60}, "conversion": 0.25, "cycle": {"mean_days": 40}, "deal_size": {"mean": 10_000},
            "upsell": upsell
        }},
        "levers": [{"name": "Care", "cost": 5, "multiply": {PATH: 1.5}}]
    })
}

fn read(file: &Value, settings: &[Setting]) -> Result<Scenario, String> {
    load("plan.json".as_ref(), settings, &|_| Ok(file.to_string().into())).map_err(|faults| faults.to_string())
}

fn uncertain() -> Scenario {
    read(&written(json!({"low": 0.1, "high": 0.3, "source": "CRM"})), &[]).expect("it has no faults")
}

fn mean(scenario: &Scenario) -> f64 {
    scenario.quantity(PATH).expect("it has the field").law().mean()
}

fn played(scenario: &Scenario) -> Forecast {
    let model = resolve(scenario).expect("it has no faults");
    let run = Run::begin(model, &Execution::new(None), Memory::default()).expect("it can be played");
    forecast(scenario, &run, None).expect("it can be summed up")
}

#[test]
fn it_is_read_set_laid_over_and_kept_in_a_sheet() {
    let scenario = uncertain();
    assert_eq!((mean(&scenario), scenario.path("home", FieldId::MadeUp).as_str()), (0.2, PATH));
    let refused = read(&written(json!(2)), &[]).expect_err("a share is at most 1");
    assert!(refused.contains(PATH) && refused.contains("a share, 0 to 1"), "{refused}");
    let setting = |path: &str, value: &str| Setting { option: "--set".into(), path: path.into(), value: value.into() };
    let set = read(&written(json!({"low": 0.1, "high": 0.3})), &[setting("regions.*.upsell.low", "0.2")]);
    assert_eq!(mean(&set.expect("a parameter can be set")), 0.25);
    // A quantity laid over another takes its place whole.
    let over = json!({"extends": "plan.json", "regions": {"home": {"upsell": {"mean": 0.5, "sd": 0.1}}}});
    let plan = written(json!({"low": 0.1, "high": 0.3}));
    let files = |path: &std::path::Path| Ok(if path.ends_with("over.json") { &over } else { &plan }.to_string().into());
    let laid = load("over.json".as_ref(), &[], &files).unwrap_or_else(|faults| panic!("{faults}"));
    assert!((mean(&laid) - 0.5).abs() < 1e-12);
    let sheet =
        String::from_utf8(inputs_csv(&scenario, CsvStyle::default()).expect("it can be written")).expect("text");
    assert!(sheet.contains(&format!("{PATH},Home: share that buys more,,0.1,,0.3")), "{sheet}");
    let again = read(&written(json!(0)), &read_inputs("inputs.csv", sheet.as_bytes()).expect("it has no faults"));
    let again = again.expect("it has no faults");
    assert_eq!((mean(&again), again.quantity(PATH).and_then(|quantity| quantity.source())), (0.2, Some("CRM")));
}

#[test]
fn it_is_moved_compared_and_audited() {
    let scenario = uncertain();
    assert_eq!(Unit::of("regions.home.upsell.high"), Unit::Share);
    let pulled = scenario.apply(&scenario.levers[0]).expect("it can be moved");
    assert!((mean(&pulled) - 0.3).abs() < 1e-12);
    let other = read(&written(json!({"low": 0.2, "high": 0.3})), &[]).expect("it has no faults");
    assert_ne!(scenario_hash(&scenario), scenario_hash(&other));
    let figure = Response::main(&resolve(&scenario).expect("it has no faults"));
    let sides = (("a".to_owned(), scenario), vec![("b".to_owned(), other)]);
    let comparing = ComparisonRun::new(sides.0, sides.1, &figure).expect("they can be compared");
    let compared =
        comparing.compare(&Execution::new(None), Memory::default()).unwrap_or_else(|ended| panic!("{}", ended.error));
    let changes = serde_json::to_string(&compared).expect("it is written");
    assert!(changes.contains("Home: share that buys more"), "{changes}");
    let listed = read(&written(json!({"values": [0.1, 0.4], "weights": [1, 1]})), &[]).expect("it has no faults");
    let findings = audit(&listed, &resolve(&listed).expect("it has no faults"));
    let found =
        findings.iter().find(|finding| finding.rule == Rule::ListOfValues).expect("a list may be meant as a mix");
    assert_eq!(found.about, [PATH]);
}

#[test]
fn it_is_drawn_and_shown() {
    let forecast = played(&uncertain());
    assert_eq!(forecast.inputs.iter().map(|input| input.path.as_str()).collect::<Vec<_>>(), [PATH]);
    let book = workbook(&Answer::new(forecast.clone(), None, None)).expect("it can be written");
    let mut book = Xlsx::new(Cursor::new(book)).expect("it can be read");
    let inputs = book.worksheet_range("Drivers").expect("there is a sheet of inputs");
    let label = "Home: share that buys more";
    assert!(inputs.rows().flatten().any(|cell| matches!(cell, Data::String(text) if text == label)));
    let page = |forecast| {
        report::page(&Answer { forecast, deep: None, moved: None, pipeline: None }, Frequency::Month, None)
            .expect("it can be drawn")
    };
    assert!(page(forecast).contains("share that buys more"));
    let fixed = played(&read(&written(json!(0.25)), &[]).expect("it has no faults"));
    let page = page(fixed);
    let (_, row) = page.split_once("Home: share that buys more").expect("it is listed among what is fixed");
    assert!(row[..row.find("</tr>").expect("the row ends")].contains("25"), "{}", &row[..80]);
}

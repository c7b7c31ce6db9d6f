//! forecast.xlsx, read back.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, Range, Reader, Xlsx};
use revcast::analysis::{Answer, WhatIfRun};
use revcast::engine::{Execution, Memory};
use revcast::export::workbook;
use revcast::forecast::Forecast;
use revcast::model::Budget;
use revcast::scenario::Metric;
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::{forecast_of, forecast_with, model, scenario, workbook_of};

/// The first columns of the estimates, of what is given and of the standard errors in the table of all figures.
const ESTIMATES: u32 = 6;
const GIVEN: u32 = 15;
const ERRORS: u32 = 19;

/// A scenario with everything that has a sheet of its own.
fn rich() -> Value {
    json!({
        "name": "Rich", "start": "2027-01", "months": 24, "simulation": {"trials": 300}, "currency": "CHF",
        "assumptions": ["Everything here is made up."], "fiscal_year": {"first_month": 7},
        "regions": {
            "north": {"label": "North", "tags": {"size": "large"}, "leads": {"monthly": {"mean": 80, "cv": 0.2, "note": "a guess"}},
                "conversion": {"low": 0.2, "mode": 0.25, "high": 0.32}, "cycle": {"mean_days": 40}, "deal_size": {"mean": 9000}},
            "south": {"label": "South", "leads": {"monthly": 50}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"mean": 4000}}
        },
        "levers": [{"name": "Train", "cost": 1000, "multiply": {"regions.*.conversion": 1.1}}],
        "investment": [{"name": "Team", "amount": 200000, "from_month": 1, "months": 6}],
        "targets": [
            {"name": "Year 1", "metric": "bookings", "period": "2027", "at_least": 1000000},
            {"name": "Every month", "metric": "bookings", "period": "each-month", "at_least": 150000},
            {"name": "North", "metric": "won_deals", "period": "to 2027-12", "at_least": 100, "region": "north"}
        ],
        "calls": [{"who": "Kim", "date": "2027-01-15", "period": "2027", "amount": 2500000, "note": "at the kick-off"}]
    })
}

fn rich_forecast() -> Forecast {
    let scenario = scenario(&rich());
    let model = model(&rich());
    let mut budget = Budget::default();
    for month in 0..12 {
        budget.set(&model, Metric::Bookings, model.total(), month, 200_000.0);
    }
    forecast_with(&scenario, Some(&budget), Memory::default())
}

/// The same with what is asked beside it.
fn rich_answer() -> Answer {
    let deep = WhatIfRun::new(&scenario(&rich()), Arc::new(model(&rich()))).expect("it can be asked");
    let deep = deep.run(&Execution::new(None)).expect("it runs");
    Answer::new(rich_forecast(), Some(deep), None)
}

fn opened(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes)).expect("the workbook opens")
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Range<Data> {
    book.worksheet_range(name).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn number(range: &Range<Data>, row: u32, column: u32) -> Option<f64> {
    range.get_value((row, column)).and_then(|cell| match cell {
        Data::Float(x) => Some(*x),
        Data::Int(x) => Some(*x as f64),
        _ => None,
    })
}

fn text(range: &Range<Data>, row: u32, column: u32) -> String {
    range.get_value((row, column)).map_or_else(String::new, ToString::to_string)
}

/// The row that begins with these words.
fn row(range: &Range<Data>, words: &[&str]) -> u32 {
    let found = |row: &u32| words.iter().zip(0..).all(|(word, column)| text(range, *row, column) == *word);
    (0..range.end().unwrap().0 + 1).find(found).unwrap_or_else(|| panic!("no row {words:?}"))
}

/// The column with a head in a row.
fn column(range: &Range<Data>, row: u32, head: &str) -> u32 {
    (0..40).find(|column| text(range, row, *column) == head).unwrap_or_else(|| panic!("no column {head}"))
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

#[test]
fn every_band_stands_in_the_table_of_all_figures_with_its_error() {
    let forecast = rich_forecast();
    let data = sheet(&mut opened(workbook_of(&forecast)), "Data");
    // Rows of the same metric, region and kind follow each other in the order of the periods.
    let mut rows: BTreeMap<[String; 3], Vec<u32>> = BTreeMap::new();
    for row in (4..=data.end().unwrap().0).filter(|row| text(&data, *row, 0) == "Forecast") {
        rows.entry([1, 2, 3].map(|column| text(&data, row, column))).or_default().push(row);
    }
    let mut compared = 0;
    for series in &forecast.series {
        let label = &forecast.scope(&series.scope).unwrap().label;
        let kind = match series.every {
            Frequency::FiscalQuarter => "Fiscal quarter".to_owned(),
            Frequency::FiscalYear => "Fiscal year".to_owned(),
            every => capital(&format!("{every:?}").to_lowercase()),
        };
        let key = [capital(series.metric.name()), label.clone(), kind];
        let rows = rows.remove(&key).unwrap_or_else(|| panic!("no rows {key:?}"));
        assert_eq!(rows.len(), series.plan.len(), "{key:?}");
        for (at, row) in rows.into_iter().enumerate() {
            for (estimate, i) in series.bands.at(at).in_file_order().into_iter().zip(0..) {
                assert_eq!(number(&data, row, ESTIMATES + i), estimate.value, "{key:?} {at} {i}");
                assert_eq!(number(&data, row, ERRORS + i), estimate.error, "{key:?} {at} {i}");
                compared += 1;
            }
            assert_eq!(number(&data, row, GIVEN), series.plan[at], "{key:?} {at}");
        }
    }
    assert!(rows.is_empty() && compared > 10_000, "{compared} {rows:?}");
}

/// Every estimate under a value of JSON, with its error.
fn estimates(value: &Value, found: &mut Vec<(f64, Option<f64>)>) {
    if let (Some(x), Some(error)) = (value.get("value").and_then(Value::as_f64), value.get("error")) {
        found.push((x, error.as_f64()));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| estimates(item, found)),
        Value::Object(map) => map.values().for_each(|item| estimates(item, found)),
        _ => {}
    }
}

#[test]
fn every_other_estimate_stands_there_too() {
    let answer = rich_answer();
    let data = sheet(&mut opened(workbook(&answer).unwrap()), "Data");
    let mut shown: BTreeSet<(u64, Option<u64>)> = BTreeSet::new();
    for row in 4..=data.end().unwrap().0 {
        for i in 0..9 {
            if let Some(value) = number(&data, row, ESTIMATES + i) {
                shown.insert((value.to_bits(), number(&data, row, ERRORS + i).map(f64::to_bits)));
            }
        }
    }
    let forecast = &answer.forecast;
    let mut asked = Vec::new();
    for part in [
        json!(forecast.main),
        json!(forecast.targets),
        json!(forecast.calls),
        json!(forecast.payback),
        json!(answer.deep),
    ] {
        estimates(&part, &mut asked);
    }
    let each = forecast.targets[1].each.as_ref().unwrap();
    asked.extend(each.probabilities.iter().filter_map(|found| Some((found.value?, found.error))));
    for line in &forecast.budget {
        for spread in [&line.attainment, &line.variance] {
            for column in [&spread.mean, &spread.p10, &spread.p50, &spread.p90] {
                asked.extend(column.iter().filter_map(|found| Some((found.value?, found.error))));
            }
        }
        asked.extend(line.percentile.iter().filter_map(|found| Some((found.value?, found.error))));
    }
    assert!(asked.len() > 400, "{}", asked.len());
    for (value, error) in asked {
        assert!(shown.contains(&(value.to_bits(), error.map(f64::to_bits))), "{value} ± {error:?} is nowhere");
    }
}

/// What a formula comes to over the cells of its sheet: the sums, differences and quotients that the workbook has.
fn worked_out(range: &Range<Data>, names: &BTreeMap<String, (u32, u32)>, formula: &str) -> Option<f64> {
    let cell = |text: &str| -> (u32, u32) {
        if let Some(place) = names.get(text) {
            return *place;
        }
        let letters = text.chars().take_while(char::is_ascii_uppercase).collect::<String>();
        let column = letters.bytes().fold(0, |column, letter| 26 * column + u32::from(letter - b'A') + 1) - 1;
        (text[letters.len()..].parse::<u32>().unwrap() - 1, column)
    };
    let value = |text: &str| number(range, cell(text).0, cell(text).1);
    if let Some(inner) = formula.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')')) {
        let (from, to) = inner.split_once(':').unwrap();
        let ((top, left), (bottom, right)) = (cell(from), cell(to));
        return (top..=bottom)
            .flat_map(|row| (left..=right).map(move |column| (row, column)))
            .map(|(row, column)| number(range, row, column))
            .sum();
    }
    if let Some(inner) = formula.strip_prefix("IF(N(") {
        let (over, rest) = inner.split_once(")>0,").unwrap();
        let (of, _) = rest.split_once('/').unwrap();
        assert_eq!(formula, format!("IF(N({over})>0,{of}/{over},\"\")"));
        return value(over).filter(|over| *over > 0.0).and_then(|over| Some(value(of)? / over));
    }
    let (a, b) = formula.split_once('-').unwrap_or_else(|| panic!("{formula} is none of the formulas"));
    Some(value(a)? - value(b)?)
}

#[test]
fn formulas_have_the_results_that_they_come_to() {
    let mut book = opened(workbook(&rich_answer()).unwrap());
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for name in book.sheet_names() {
        let (formulas, range) = (book.worksheet_formula(&name).unwrap(), sheet(&mut book, &name));
        let (top, left) = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            let (row, column) = (top + row as u32, left + column as u32);
            let (shown, found) = (number(&range, row, column), worked_out(&range, &BTreeMap::new(), formula));
            match (shown, found) {
                (Some(shown), Some(found)) => {
                    assert!((shown - found).abs() <= 1e-9 * found.abs().max(1.0), "{name} {formula}: {shown} {found}")
                }
                (shown, found) => {
                    assert_eq!((shown, text(&range, row, column).as_str()), (found, ""), "{name} {formula}")
                }
            }
            let kind = ["SUM", "IF"].into_iter().find(|kind| formula.starts_with(kind)).unwrap_or("less");
            *seen.entry(kind).or_default() += 1;
        }
    }
    assert!(seen["SUM"] > 7 && seen["IF"] > 30 && seen["less"] > 50, "{seen:?}");
}

#[test]
fn cells_of_the_summary_have_names() {
    let forecast = rich_forecast();
    let mut book = opened(workbook_of(&forecast));
    let names: BTreeMap<String, String> = book.defined_names().iter().cloned().collect();
    let summary = sheet(&mut book, "Summary");
    let named = |name: &str| {
        let place = names.get(name).unwrap_or_else(|| panic!("no {name} in {names:?}"));
        let (_, cell) = place.split_once("!$").unwrap();
        let (column, row) = cell.split_once('$').unwrap();
        number(&summary, row.parse::<u32>().unwrap() - 1, u32::from(column.as_bytes()[0] - b'A'))
    };
    let bands = &forecast.main.bands;
    assert_eq!(
        ["main_p10", "main_p50", "main_p90", "main_mean"].map(named),
        [bands.p10, bands.p50, bands.p90, bands.mean].map(|found| found.value)
    );
    let target = &forecast.targets[0];
    assert_eq!([named("target_1_level"), named("target_1_chance")], [Some(target.at_least), target.probability.value]);
    assert_eq!(named("target_1_distance"), Some(bands.p50.value.unwrap() - target.at_least));
    // Of each month there is no one median.
    assert_eq!([named("target_2_p50"), named("target_2_distance")], [None, None]);
}

#[test]
fn money_comes_first_with_budget_target_and_their_distance() {
    let forecast = rich_forecast();
    let mut book = opened(workbook_of(&forecast));
    let periods = sheet(&mut book, "Periods");
    let fiscal = row(&periods, &["Fiscal year"]);
    assert_eq!(text(&periods, fiscal + 1, 0), "FY28");
    let quarters = row(&periods, &["Fiscal quarter"]);
    let first = forecast.budgeted(Metric::Bookings, "total", Frequency::FiscalQuarter).unwrap();
    assert_eq!(number(&periods, quarters + 1, column(&periods, quarters, "Budget")), Some(600_000.0));
    let attained = number(&periods, quarters + 1, column(&periods, quarters, "P50 / budget")).unwrap();
    // The workbook divides the rounded median.
    assert!((attained - first.attainment.p50.value[0].unwrap()).abs() < 1e-3, "{attained}");
    assert_eq!(
        number(&periods, quarters + 1, column(&periods, quarters, "Futures below the budget")),
        first.percentile.value[0]
    );
    let months = row(&periods, &["Month"]);
    assert!(
        matches!(periods.get_value((months + 1, 0)), Some(Data::DateTime(date)) if date.as_f64() == 46_388.0),
        "1 January 2027"
    );
    let each = forecast.targets[1].each.as_ref().unwrap();
    let at = |head| number(&periods, months + 3, column(&periods, months, head));
    assert_eq!((at("Target"), at("Chance of the target")), (Some(150_000.0), each.probabilities.value[2]));
    let monthly = forecast.series(Metric::Bookings, "total", Frequency::Month).unwrap();
    assert_eq!(at("P50 − target"), Some(monthly.bands.p50.value[2].unwrap() - 150_000.0));
    let sum = number(&periods, months + 25, column(&periods, months, "Mean")).unwrap();
    let whole = forecast.series(Metric::Bookings, "total", Frequency::Total).unwrap().bands.mean.at(0);
    assert!((sum - whole.value.unwrap()).abs() < whole.error.unwrap(), "{sum} {whole:?}");
    // No median of all months is made of those of the months.
    assert_eq!(number(&periods, months + 25, column(&periods, months, "P50 (median)")), None);
    let regions = row(&periods, &["Region"]);
    assert_eq!([1, 2, 3].map(|i| text(&periods, regions + i, 0)), ["North", "South", "Sum"]);
}

#[test]
fn dates_are_dates_and_chances_have_errors_in_the_table() {
    let forecast = rich_forecast();
    let mut book = opened(workbook_of(&forecast));
    let summary = sheet(&mut book, "Summary");
    let at = row(&summary, &["Kim", "Bookings", "2027", "call"]);
    assert!(matches!(summary.get_value((at, 4)), Some(Data::DateTime(_))));
    assert_eq!(number(&summary, at, 5), Some(2_500_000.0));
    assert_eq!(number(&summary, at, 6), forecast.calls[0].percentile.value);
    let at = row(&summary, &["Year 1", "Bookings", "2027"]);
    assert_eq!(number(&summary, at, 6), forecast.targets[0].probability.value);
    let at = row(&summary, &["Month"]);
    let month = forecast.payback.as_ref().unwrap().month.p90.known();
    // Days of spreadsheets: 46,388 is 1 January 2027, and no month of that year is longer than 31 days.
    let Some(Data::DateTime(date)) = summary.get_value((at, 3)) else { panic!("no date") };
    assert_eq!(((date.as_f64() - 46_388.0) / 30.4).round(), month.ceil() - 1.0);
    assert!(summary.used_cells().any(|(_, _, cell)| cell.to_string().contains(&forecast.manifest.scenario_hash)));
    let assumed = sheet(&mut book, "Assumptions");
    let at = row(&assumed, &["regions.north.leads.monthly.mean"]);
    assert_eq!((number(&assumed, at, 1), text(&assumed, at, 7)), (Some(80.0), "a guess".to_owned()));
    let input = &forecast.inputs[0];
    let at = row(&assumed, &[&input.label, &input.law]);
    assert_eq!(
        [2, 3, 4, 6].map(|column| number(&assumed, at, column)),
        [input.mean, input.sd, input.p10, input.p90].map(Some)
    );
    let data = sheet(&mut book, "Data");
    let at = row(&data, &["Target", "Year 1, bookings, 2027, probability"]);
    let chance = forecast.targets[0].probability;
    assert_eq!((number(&data, at, ESTIMATES), number(&data, at, ERRORS)), (chance.value, chance.error));
}

#[test]
fn what_was_asked_beside_the_forecast_is_there() {
    let answer = rich_answer();
    let deep = answer.deep.as_ref().unwrap();
    let drivers = sheet(&mut opened(workbook(&answer).unwrap()), "Drivers");
    let at = row(&drivers, &["Train"]);
    let effect = &deep.levers[0].effect;
    let target = &effect.targets[0];
    assert_eq!(
        [1, 2, 3, 5].map(|column| number(&drivers, at, column)),
        [target.before.value, target.after.value, target.change.value, effect.mean.value]
    );
    assert_eq!(number(&drivers, at, 6), Some(1_000.0));
    let cause = deep.sensitivity.as_ref().unwrap().inputs().next().unwrap();
    let at = row(&drivers, &[&cause.label]);
    assert_eq!(number(&drivers, at, 7), cause.bar.as_ref().unwrap().swing.value);
    let plain = sheet(&mut opened(workbook_of(&answer.forecast)), "Drivers");
    assert!(plain.used_cells().any(|(_, _, cell)| cell.to_string().contains("run it with --deep")));
}

#[test]
fn no_two_columns_of_the_table_have_the_same_head() {
    let data = sheet(&mut opened(workbook_of(&rich_forecast())), "Data");
    let heads: BTreeSet<String> = (0..28).map(|column| text(&data, 3, column)).collect();
    assert!(heads.len() == 28 && !heads.contains(""), "{heads:?}");
}

#[test]
fn the_same_forecast_gives_the_same_workbook() {
    let forecast = rich_forecast();
    assert!(workbook_of(&forecast) == workbook_of(&forecast));
}

#[test]
fn there_are_five_sheets_whatever_there_is_to_say() {
    const SHEETS: [&str; 5] = ["Summary", "Periods", "Drivers", "Assumptions", "Data"];
    assert_eq!(opened(workbook(&rich_answer()).unwrap()).sheet_names(), SHEETS);
    let mut sparse = rich();
    for key in ["targets", "calls", "fiscal_year", "investment", "levers", "assumptions"] {
        sparse.as_object_mut().unwrap().remove(key);
    }
    sparse["months"] = json!(1);
    sparse["simulation"]["trials"] = json!(1);
    for region in ["north", "south"] {
        sparse["regions"][region]["leads"]["monthly"] = json!(50);
        sparse["regions"][region]["conversion"] = json!(0.3);
    }
    let mut book = opened(workbook_of(&forecast_of(&sparse)));
    assert_eq!(book.sheet_names(), SHEETS);
    let summary = sheet(&mut book, "Summary");
    let said: String = summary.used_cells().map(|(_, _, cell)| format!("{cell}\n")).collect();
    assert!(
        said.contains("in the one future simulated.") && !said.contains("Targets") && !said.contains("Assumed"),
        "{said}"
    );
}

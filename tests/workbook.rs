//! forecast.xlsx, read back.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use revcast::engine::Memory;
use revcast::export::workbook;
use revcast::forecast::Forecast;
use revcast::model::Budget;
use revcast::scenario::Metric;
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::{forecast_of, forecast_with, model, scenario};

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

#[test]
fn the_workbook_has_the_numbers_of_the_forecast_and_their_errors() {
    let forecast = rich_forecast();
    let mut book = opened(workbook(&forecast, None).unwrap());
    let mut compared = 0;
    for (name, every) in [
        ("Months", Frequency::Month),
        ("Quarters", Frequency::Quarter),
        ("Years", Frequency::Year),
        ("Fiscal quarters", Frequency::FiscalQuarter),
        ("Fiscal years", Frequency::FiscalYear),
        ("Cumulative", Frequency::Cumulative),
    ] {
        let (values, errors) = (sheet(&mut book, name), sheet(&mut book, &format!("{name} errors")));
        for series in forecast.series.iter().filter(|series| series.every == every) {
            let label = &forecast.scope(&series.scope).unwrap().label;
            let metric = capital(series.metric.name());
            for (statistic, value, error) in [
                ("P10", &series.bands.p10.value, Some(&series.bands.p10.error)),
                ("P90", &series.bands.p90.value, Some(&series.bands.p90.error)),
                ("Mean", &series.bands.mean.value, Some(&series.bands.mean.error)),
                ("Plan", &series.plan, None),
            ] {
                let at = row(&values, &[&metric, label, statistic]);
                for (i, value) in value.iter().enumerate() {
                    assert_eq!(number(&values, at, 3 + i as u32), *value, "{name} {metric} {label} {statistic} {i}");
                    let error = error.and_then(|error| error[i]);
                    assert_eq!(number(&errors, at, 3 + i as u32), error, "{name} {metric} {label} {statistic} {i}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 5_000, "{compared}");
}

fn capital(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}

#[test]
fn dates_are_dates_and_chances_have_errors() {
    let forecast = rich_forecast();
    let mut book = opened(workbook(&forecast, None).unwrap());
    let months = sheet(&mut book, "Months");
    assert!(
        matches!(months.get_value((3, 3)), Some(Data::DateTime(date)) if date.as_f64() == 46_388.0),
        "1 January 2027"
    );
    assert_eq!(number(&months, row(&months, &["Bookings", "Total", "Budget"]), 3), Some(200_000.0));
    assert_eq!(number(&months, row(&months, &["Bookings", "Total", "Target Every month"]), 5), Some(150_000.0));
    let targets = sheet(&mut book, "Targets");
    let at = row(&targets, &["Year 1"]);
    assert_eq!(number(&targets, at, 5), forecast.targets[0].probability.value);
    assert_eq!(number(&targets, at, 6), forecast.targets[0].probability.error);
    let each = forecast.targets[1].each.as_ref().unwrap();
    let heads = (at..).find(|row| *row > at && text(&targets, *row, 0) == "Target").unwrap();
    assert_eq!(number(&targets, heads + 3, 5), each.probabilities.value[2]);
    let budget = sheet(&mut book, "Budget");
    let line = forecast.budgeted(Metric::Bookings, "total", Frequency::Year).unwrap();
    let at = row(&budget, &["Bookings", "Total", "Year", "2027"]);
    assert_eq!(number(&budget, at, 5), Some(2_400_000.0));
    assert_eq!(number(&budget, at, 8), line.attainment.mean.value[0]);
    assert_eq!(number(&budget, at, 16), line.variance.mean.value[0]);
    let calls = sheet(&mut book, "Calls");
    let at = row(&calls, &["Kim"]);
    assert!(matches!(calls.get_value((at, 1)), Some(Data::DateTime(_))));
    assert_eq!(number(&calls, at, 7), forecast.calls[0].percentile.value);
    let inputs = sheet(&mut book, "Inputs");
    let strongest = &forecast.main.rank_correlations[0];
    assert_eq!((text(&inputs, 4, 0), number(&inputs, 4, 8)), (strongest.path.clone(), strongest.rho.value));
    let assumed = sheet(&mut book, "Assumptions");
    let at = row(&assumed, &["regions.north.leads.monthly.mean"]);
    assert_eq!((number(&assumed, at, 1), text(&assumed, at, 2)), (Some(80.0), "a guess".to_owned()));
    let summary = sheet(&mut book, "Summary");
    assert_eq!(number(&summary, row(&summary, &["P10"]), 1), forecast.main.bands.p10.value);
    assert_eq!(number(&summary, row(&summary, &["P10"]), 2), forecast.main.bands.p10.error);
    assert_eq!(text(&summary, row(&summary, &["Scenario (SHA-256)"]), 1), forecast.manifest.scenario_hash);
}

#[test]
fn no_two_columns_of_a_table_have_the_same_head() {
    let mut book = opened(workbook(&rich_forecast(), None).unwrap());
    for (name, columns) in [("Targets", 25), ("Budget", 24), ("Calls", 11), ("Inputs", 12)] {
        let range = sheet(&mut book, name);
        let mut heads: Vec<String> = (0..columns).map(|column| text(&range, 3, column)).collect();
        assert!(heads.iter().all(|head| !head.is_empty() && head != "Standard error"), "{name}: {heads:?}");
        heads.sort();
        heads.dedup();
        assert_eq!(heads.len(), columns as usize, "{name}: {heads:?}");
    }
}

#[test]
fn periods_are_labels_and_long_ones_come_first() {
    let forecast = rich_forecast();
    let mut book = opened(workbook(&forecast, None).unwrap());
    let targets = sheet(&mut book, "Targets");
    assert_eq!(text(&targets, row(&targets, &["Every month"]), 3), "every month");
    let heads = (5..).find(|row| text(&targets, *row, 0) == "Target").unwrap();
    assert_eq!(targets.get_value((heads + 3, 3)), Some(&Data::String("March 2027".into())));
    let budget = sheet(&mut book, "Budget");
    let mut kinds: Vec<String> = (4..=budget.end().unwrap().0).map(|row| text(&budget, row, 2)).collect();
    kinds.dedup();
    assert_eq!(kinds, ["Year", "Quarter", "Fiscal quarter", "Month", "Cumulative"]);
    let quarters = sheet(&mut book, "Quarters");
    assert_eq!((text(&quarters, 2, 3), text(&quarters, 3, 3)), (String::new(), "Q1 2027".to_owned()));
}

#[test]
fn the_summary_has_calls_budget_and_the_month_of_payback() {
    let forecast = rich_forecast();
    let mut book = opened(workbook(&forecast, None).unwrap());
    let summary = sheet(&mut book, "Summary");
    let at = row(&summary, &["Kim", "call", "Bookings", "2027"]);
    assert_eq!(number(&summary, at, 4), Some(2_500_000.0));
    assert_eq!(number(&summary, at, 5), forecast.calls[0].percentile.value);
    assert_eq!(number(&summary, at, 6), forecast.calls[0].percentile.error);
    let line = forecast.budgeted(Metric::Bookings, "total", Frequency::Year).unwrap();
    let at = row(&summary, &["Budgeted"]) + 1;
    assert_eq!((text(&summary, at, 0), number(&summary, at, 1)), ("2027".to_owned(), Some(2_400_000.0)));
    for (column, value) in (2..).zip([
        &line.percentile.value,
        &line.percentile.error,
        &line.attainment.p10.value,
        &line.attainment.p50.value,
        &line.attainment.p90.value,
    ]) {
        assert_eq!(number(&summary, at, column), value[0], "{column}");
    }
    let at = row(&summary, &["Month, counted from 1: P90"]);
    let month = forecast.payback.as_ref().unwrap().month.p90.known();
    assert_eq!(number(&summary, at, 1), Some(month));
    // Days of spreadsheets: 46,388 is 1 January 2027, and no month of that year is longer than 31 days.
    let Some(Data::DateTime(date)) = summary.get_value((at, 3)) else { panic!("no date") };
    assert_eq!(((date.as_f64() - 46_388.0) / 30.4).round(), month.ceil() - 1.0);
}

#[test]
fn the_same_forecast_gives_the_same_workbook() {
    let forecast = rich_forecast();
    assert!(workbook(&forecast, None).unwrap() == workbook(&forecast, None).unwrap());
}

#[test]
fn sheets_without_anything_to_say_are_left_out() {
    let mut sparse = rich();
    for key in ["targets", "calls", "fiscal_year", "investment"] {
        sparse.as_object_mut().unwrap().remove(key);
    }
    sparse["months"] = json!(1);
    sparse["simulation"]["trials"] = json!(1);
    for region in ["north", "south"] {
        sparse["regions"][region]["leads"]["monthly"] = json!(50);
        sparse["regions"][region]["conversion"] = json!(0.3);
    }
    let book = opened(workbook(&forecast_of(&sparse), None).unwrap());
    assert_eq!(
        book.sheet_names(),
        [
            "Summary",
            "Months",
            "Years",
            "Cumulative",
            "Assumptions",
            "Months errors",
            "Years errors",
            "Cumulative errors"
        ]
    );
}

//! Names that would run in a spreadsheet, in every place where a scenario holds a text.
#![allow(unreachable_pub)] // a module of a test binary has no outside

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use revcast::engine::Memory;
use revcast::export::{CsvStyle, bands_csv};
use serde_json::{Value, json};

use crate::common::{self, forecast_of, trials_of, workbook_of};

/// Texts that a spreadsheet could run, read backwards, or choke on.
pub fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "=cmd|' /C calc'!A0",
        "+1",
        "-1",
        "@SUM(1,1)",
        "\t=1+1",
        "\r=1+1",
        "  =1+1",
        "\u{202e}=1+1",
        "\u{200b}=1+1",
        "\u{1b}]0;x\u{7}",
        "\u{9b}31m",
        "<script>alert(1)</script>",
        "＝1+1",
        "{=1+1}",
        "http://example.com/",
        "a;=1+1",
        "_x0041_ \u{ffff} ]]>&amp;",
        "=HYPERLINK(\"http://example.com\",\"x\")",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("=".repeat(40_000));
    texts
}

/// A scenario that holds `text` wherever it may.
pub fn scenario(text: &str) -> Value {
    let region = |tag: &str| {
        json!({
            "label": text, "tags": {"size": tag}, "note": text, "source": text,
            "leads": {"monthly": {"mean": 50, "cv": 0.1, "note": text, "source": text}},
            "conversion": 0.3, "cycle": {"mean_days": 20, "note": text}, "deal_size": {"mean": 4000, "source": text}
        })
    };
    json!({
        "name": text, "note": text, "source": text, "assumptions": [text], "start": "2027-01", "months": 3,
        "simulation": {"trials": 20, "note": text}, "regions": {"north": region(text), "south": region("small")},
        "investment": [{"name": text, "amount": 1000, "from_month": 1, "months": 1, "note": text}],
        "targets": [
            {"name": text, "metric": "bookings", "period": "total", "at_least": 1, "tag": {"size": text}, "note": text, "source": text},
            {"name": format!("{text} "), "metric": "bookings", "period": "each-month", "at_least": 1}
        ],
        "calls": [{"who": text, "name": text, "period": "total", "amount": 1, "note": text, "source": text}]
    })
}

/// Whether a formula is one of the workbook's own: it adds, subtracts or divides cells, and holds no text.
fn is_of_cells(formula: &str) -> bool {
    let rest = formula.replace("SUM(", "").replace("IF(N(", "").replace(")>0,", "").replace(",\"\")", "");
    let cells = rest.trim_end_matches(')').split([':', '-', '/']);
    let is_cell = |cell: &str| {
        let row = cell.trim_start_matches(|c: char| c.is_ascii_uppercase());
        let letters = cell.len() - row.len();
        (1..=2).contains(&letters) && !row.is_empty() && row.len() < 5 && row.bytes().all(|c| c.is_ascii_digit())
    };
    !formula.is_empty() && cells.into_iter().all(|cell| is_cell(cell) || formula.starts_with("IF(") && cell.len() < 12)
}

#[test]
fn nothing_that_was_written_becomes_a_formula_or_a_link_in_the_workbook() {
    for text in texts() {
        let bytes = workbook_of(&forecast_of(&scenario(&text)));
        let mut book = Xlsx::new(Cursor::new(&bytes)).expect("the workbook opens");
        let mut seen = 0;
        for name in book.sheet_names() {
            for (_, _, formula) in book.worksheet_formula(&name).unwrap().used_cells() {
                assert!(is_of_cells(formula), "{name} of {text:?} has the formula {formula}");
            }
            for (_, _, cell) in book.worksheet_range(&name).unwrap().used_cells() {
                if let Data::String(shown) = cell {
                    seen += 1;
                    assert!(!shown.contains(char::is_control), "{shown:?}");
                    assert!(!shown.contains(['\u{202e}', '\u{ffff}']) && shown.encode_utf16().count() <= 32_767);
                }
            }
        }
        assert!(seen > 100, "{seen}");
        let mut files = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        for i in 0..files.len() {
            let mut file = files.by_index(i).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut xml = String::new();
            file.read_to_string(&mut xml).unwrap();
            assert!(!name.contains("external") && !xml.contains("<hyperlink"), "{name}");
            assert!(!xml.contains("<script"), "{name}");
        }
    }
}

#[test]
fn no_text_of_a_table_begins_like_a_formula() {
    for text in texts() {
        let json = scenario(&text);
        let forecast = forecast_of(&json);
        let sound = common::scenario(&json);
        for (style, separator, other) in [(CsvStyle::Plain, b',', b';'), (CsvStyle::ExcelEu, b';', b',')] {
            let trials = trials_of(&sound, style, Memory::default());
            for table in [bands_csv(&forecast, style).unwrap(), trials] {
                let table = String::from_utf8(table).unwrap();
                let table = table.trim_start_matches('\u{feff}');
                assert!(!table.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r')));
                assert!(!table.contains("inf") && !table.contains("NaN"));
                // Also by somebody who takes the wrong separator.
                for separator in [separator, other] {
                    let mut rows = csv::ReaderBuilder::new()
                        .delimiter(separator)
                        .has_headers(false)
                        .flexible(true)
                        .from_reader(table.as_bytes());
                    for field in
                        rows.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
                    {
                        let number = field.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite);
                        let begin =
                            field.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{fffd}');
                        assert!(
                            number && field != "+1" && field != "-1" || !begin.starts_with(['=', '+', '-', '@', '＝']),
                            "{text:?} gives {field:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn renewals_that_run_away_are_a_fault_that_names_region_month_and_trial() {
    use revcast::engine::{Execution, Resampling, RunError, SimulationScope, simulate};
    let model = crate::common::model(&json!({
        "name": "Runaway", "start": "2027-01", "months": 600, "simulation": {"trials": 20, "seed": 1},
        "contract": {"term_months": 1},
        "regions": {"a": {
            "leads": {"monthly": 50}, "conversion": 0.5, "cycle": {"mean_days": 10}, "deal_size": {"mean": 1000},
            "retention": 1, "expansion": {"mean": 10, "sd": 1e15}
        }}
    }));
    let played = simulate(&model, Resampling::None, SimulationScope::whole(&model), &Execution::new(Some(1)));
    assert!(matches!(played, Err(RunError::TooMuchMoney { region, .. }) if region == "a"));
}

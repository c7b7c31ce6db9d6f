//! forecast.xlsx and the European bands.csv as LibreOffice opens them; skipped where it is not installed.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use revcast::export::{CsvStyle, bands_csv};
use revcast::scenario::Metric;
use revcast::units::Frequency;
use tempfile::TempDir;

use crate::common::required::skipped;
use crate::common::{forecast_of, revcast, workbook_of};
use crate::hostile;

/// Every sheet as a CSV file, numbers as they are rather than as they are shown.
const SHEETS: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1";

/// What makes LibreOffice work every formula out again.
const RECALCULATED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"#;

/// Converts files with LibreOffice; `false` where there is none.
fn converted(folder: &Path, to: &str, files: &[&str]) -> bool {
    let profile = folder.join("profile");
    fs::create_dir_all(profile.join("user")).unwrap();
    fs::write(profile.join("user/registrymodifications.xcu"), RECALCULATED).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", profile.display());
    let run = Command::new("soffice")
        .current_dir(folder)
        .args([&profile, "--headless", "--convert-to", to])
        .args(files)
        .output();
    match run {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(error) => {
            let reason = format!("LibreOffice does not start ({error}); the workbook was not opened with it");
            skipped("libreoffice", &reason);
            false
        }
    }
}

/// The workbook with every result of a formula taken away, and how many there were.
fn without_results(book: &[u8]) -> (Vec<u8>, usize) {
    let mut from = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut taken = 0;
    for i in 0..from.len() {
        let mut file = from.by_index(i).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        if name.starts_with("xl/worksheets/sheet") {
            let xml = String::from_utf8(bytes).unwrap();
            let mut parts = xml.split("</f><v>");
            let mut left = parts.next().unwrap().to_owned();
            for part in parts {
                let (_, rest) = part.split_once("</v>").unwrap();
                left.push_str(&format!("</f><v>-123456</v>{rest}"));
                taken += 1;
            }
            bytes = left.into_bytes();
        }
        to.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(&bytes).unwrap();
    }
    (to.finish().unwrap().into_inner(), taken)
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice()).into_records();
    reader.map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn libreoffice_reads_the_workbook_as_it_is_meant() {
    let folder = TempDir::new().unwrap();
    let mut scenario = hostile::scenario("Plain");
    scenario["months"] = 12.into();
    let forecast = forecast_of(&scenario);
    let sound = workbook_of(&forecast);
    let (bare, formulas) = without_results(&sound);
    fs::write(folder.path().join("sound.xlsx"), &sound).unwrap();
    fs::write(folder.path().join("bare.xlsx"), bare).unwrap();
    let wild = forecast_of(&hostile::scenario("=123456+654321"));
    fs::write(folder.path().join("wild.xlsx"), workbook_of(&wild)).unwrap();
    if !converted(folder.path(), SHEETS, &["sound.xlsx", "bare.xlsx", "wild.xlsx"]) {
        return;
    }
    let data = rows(&folder.path().join("sound-Data.csv"));
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("{text} is no number"));
    let months = data.iter().filter(|row| row[..4] == ["Forecast", "Bookings", "Total", "Month"]);
    let series = forecast.series(Metric::Bookings, "total", Frequency::Month).unwrap();
    let mut compared = 0;
    for (row, at) in months.zip(0..) {
        // A day in the order of whatever language this machine speaks.
        assert!(row[5].contains("2027") && !row[5].contains("Jan"), "{} is no date", row[5]);
        for (column, value) in
            [(6, series.bands.mean.value[at]), (8, series.bands.p10.value[at]), (15, series.plan[at])]
        {
            let (shown, value) = (number(&row[column]), value.unwrap());
            assert!((shown - value).abs() <= 1e-6 * value.abs(), "{shown} {value:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, 36);
    // LibreOffice works every formula out to the result that stands in the file.
    assert!(formulas > 40, "{formulas}");
    let mut without = 0;
    for sheet in ["Summary", "Periods", "Drivers", "Assumptions", "Data"] {
        let [kept, again] =
            ["sound", "bare"].map(|book| rows(&folder.path().join(format!("{book}-{sheet}.csv"))).concat());
        assert_eq!(kept.len(), again.len());
        for (kept, again) in kept.iter().zip(&again).filter(|(kept, again)| kept != again) {
            let (a, b) = (number(kept), number(again));
            assert!((a - b).abs() <= 1e-9 * a.abs(), "{sheet}: {kept} {again}");
        }
        without += again.iter().filter(|cell| cell.contains("123456")).count();
    }
    assert_eq!(without, 0);
    for sheet in ["Summary", "Periods", "Drivers", "Assumptions", "Data"] {
        let cells: Vec<String> = rows(&folder.path().join(format!("wild-{sheet}.csv"))).concat();
        assert!(cells.iter().any(|cell| cell.contains("=123456+654321")), "{sheet} lost its text");
        assert!(!cells.iter().any(|cell| cell.contains("777777")), "{sheet} ran a formula");
        assert!(!cells.iter().any(|cell| cell.contains("Err:") || cell.contains("#")), "{sheet} shows an error");
    }
}

#[test]
fn the_plan_prints_on_eight_pages_at_most() {
    let folder = TempDir::new().unwrap();
    let plan = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/ai-marketing-plan.json");
    let run =
        ["run", &plan.to_string_lossy(), "--trials", "200", "--deep", "--xlsx", "--out", "o", "--chart-size", "thumb"]
            .map(str::to_owned);
    assert!(revcast(folder.path()).args(run).output().unwrap().status.success());
    if !converted(folder.path(), "pdf", &["o/forecast.xlsx"]) {
        return;
    }
    let pdf = fs::read(folder.path().join("forecast.pdf")).unwrap();
    let marks = pdf.windows(11).filter(|bytes| bytes.starts_with(b"/Type/Page") && bytes[10] != b's');
    let pages = marks.count();
    assert!((5..=8).contains(&pages), "{pages}");
}

#[test]
fn the_european_table_is_a_table_of_numbers() {
    let forecast = forecast_of(&hostile::scenario("=1+1"));
    let text = String::from_utf8(bands_csv(&forecast, CsvStyle::ExcelEu).unwrap()).unwrap();
    assert!(text.starts_with("\u{feff}metric;region;period;start;mean;"));
    assert!(text.contains("\r\nbookings;size='=1+1;") || text.contains("\r\nbookings;size==1+1;"), "{text}");
    let series = forecast.series(Metric::Bookings, "total", Frequency::Total).unwrap();
    let mean = series.bands.mean.value[0].unwrap().to_string().replace('.', ",");
    assert!(text.contains(&format!("\r\nbookings;total;total;2027-01;{mean};")));
    let plain = String::from_utf8(bands_csv(&forecast, CsvStyle::Plain).unwrap()).unwrap();
    assert_eq!(plain.lines().count(), text.lines().count());
    assert!(!plain.contains('\r') && !plain.starts_with('\u{feff}'));
}

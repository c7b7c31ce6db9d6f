//! forecast.xlsx and the European bands.csv as LibreOffice opens them; skipped where it is not installed.

use std::fs;
use std::path::Path;
use std::process::Command;

use revcast::export::{CsvStyle, bands_csv, workbook};
use revcast::scenario::Metric;
use revcast::units::Frequency;
use tempfile::TempDir;

use crate::common::forecast_of;
use crate::common::required::skipped;
use crate::hostile;

/// Every sheet as a CSV file, numbers as they are rather than as they are shown.
const SHEETS: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/// Converts files with LibreOffice; `false` where there is none.
fn converted(folder: &Path, files: &[&str]) -> bool {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let run = Command::new("soffice")
        .current_dir(folder)
        .args([&profile, "--headless", "--convert-to", SHEETS])
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
    fs::write(folder.path().join("sound.xlsx"), workbook(&forecast, None).unwrap()).unwrap();
    let wild = forecast_of(&hostile::scenario("=123456+654321"));
    fs::write(folder.path().join("wild.xlsx"), workbook(&wild, None).unwrap()).unwrap();
    if !converted(folder.path(), &["sound.xlsx", "wild.xlsx"]) {
        return;
    }
    let months = rows(&folder.path().join("sound-Months.csv"));
    assert_eq!(months[3][..3], ["Metric", "Region", "Statistic"]);
    // A day in the order of whatever language this machine speaks.
    assert!(months[3][3].contains("2027") && months[3][3] != "Jan 2027", "{} is no date", months[3][3]);
    let series = forecast.series(Metric::Bookings, "total", Frequency::Month).unwrap();
    for (statistic, values) in
        [("P10", &series.bands.p10.value), ("P90", &series.bands.p90.value), ("Plan", &series.plan)]
    {
        let row = months.iter().find(|row| row[..3] == ["Bookings", "Total", statistic]).unwrap();
        for (shown, value) in row[3..].iter().zip(values) {
            let shown: f64 = shown.parse().unwrap_or_else(|_| panic!("{shown} is no number"));
            assert!((shown - value.unwrap()).abs() <= 1e-6 * shown.abs(), "{shown} {value:?}");
        }
    }
    let targets = rows(&folder.path().join("sound-Targets.csv"));
    let row = targets.iter().find(|row| row[0] == "Plain").unwrap();
    let chance: f64 = row[5].trim_end_matches('%').parse().unwrap_or_else(|_| panic!("{} is no number", row[5]));
    assert!(
        row[5].ends_with('%') && (chance / 100.0 - forecast.targets[0].probability.known()).abs() < 1e-3,
        "{row:?}"
    );
    for sheet in ["Summary", "Targets", "Assumptions", "Inputs", "Calls", "Months"] {
        let cells: Vec<String> = rows(&folder.path().join(format!("wild-{sheet}.csv"))).concat();
        assert!(cells.iter().any(|cell| cell.contains("=123456+654321")), "{sheet} lost its text");
        assert!(!cells.iter().any(|cell| cell.contains("777777")), "{sheet} ran a formula");
        assert!(!cells.iter().any(|cell| cell.contains("Err:") || cell.contains("#")), "{sheet} shows an error");
    }
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

//! What the buttons of a figure save: figures and pictures.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::pages::{document, page};
use super::session::{Session, session};

/// A folder that the browser saves to.
fn downloads(session: &Session) -> TempDir {
    let folder = TempDir::new().unwrap();
    session.cdp("Browser.setDownloadBehavior", &json!({"behavior": "allow", "downloadPath": folder.path()}));
    folder
}

/// The one file that is saved, once it is whole.
fn saved(folder: &Path, ending: &str) -> PathBuf {
    saved_within(folder, ending, 20).unwrap_or_else(|| panic!("no {ending} was saved"))
}

/// The same where a busy browser may have lost the click.
fn saved_within(folder: &Path, ending: &str, seconds: u64) -> Option<PathBuf> {
    let patience = Instant::now();
    while patience.elapsed() < Duration::from_secs(seconds) {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let found: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == ending)).collect();
        if let [file] = found.as_slice()
            && fs::metadata(file).is_ok_and(|file| file.len() > 0)
        {
            return Some(file.clone());
        }
        sleep(Duration::from_millis(20));
    }
    None
}

fn rows(file: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn the_figures_of_the_live_chart_are_those_of_the_forecast() {
    let Some(session) = session() else { return };
    session.open_page(&page("plan"));
    let document = document("plan");
    session.choose("metric", "bookings");
    session.choose("scope", "asia_pacific");
    session.click("label:has([data-control=every][value=month])");
    session.click("label:has([data-control=whole])");
    let folder = downloads(&session);
    session.click("#fan [data-action=download-csv]");
    let file = saved(folder.path(), "csv");
    assert_eq!(file.file_name().unwrap(), "revcast-bookings-asia-pacific-month.csv");
    let rows = rows(&file);
    assert_eq!(rows[0], ["period", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "plan"]);
    let series = document["body"]["forecast"]["series"].as_array().unwrap();
    let is = |s: &&Value| s["metric"] == "bookings" && s["scope"] == "asia_pacific" && s["every"] == "month";
    let series = series.iter().find(is).expect("the forecast has it");
    assert_eq!(rows.len(), 37);
    let mut compared = 0;
    for (at, row) in rows[1..].iter().enumerate() {
        for (name, shown) in rows[0].iter().zip(row).skip(1) {
            let column = if name == "plan" { &series["plan"] } else { &series["bands"][name]["value"] };
            let Some(meant) = column[at].as_f64() else {
                assert_eq!(shown, "", "{name} of month {at}");
                continue;
            };
            let shown: f64 = shown.parse().unwrap_or_else(|_| panic!("{shown} is no number"));
            // Four digits, or fewer where the simulation's error is larger.
            let error = series["bands"][name]["error"][at].as_f64().unwrap_or(0.0);
            let allowed = (0.0005 * meant.abs()).max(0.5 * error);
            assert!((shown - meant).abs() <= allowed * 1.0001, "{name} of month {at}: {shown}, not {meant}");
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn the_figures_of_every_other_chart_can_be_saved() {
    let Some(session) = session() else { return };
    session.open_page(&page("plan-deep"));
    session.details(true);
    let names = session.run(
        "return [...document.querySelectorAll('figure.chart')].map((f) => f.id).filter((id) => id !== 'fan')",
        &[],
    );
    let names: Vec<&str> = names.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(names.len() > 6, "{names:?}");
    for name in names {
        let folder = downloads(&session);
        let click = || {
            session.click(&format!("#{name} [data-action=download-csv]"));
            saved_within(folder.path(), "csv", 8)
        };
        let file = click().or_else(click).unwrap_or_else(|| panic!("{name}: no table was saved"));
        let rows = rows(&file);
        assert!(rows.len() > 3, "{name}: {rows:?}");
        let numbers = rows.iter().flatten().filter(|cell| cell.parse::<f64>().is_ok()).count();
        assert!(numbers >= rows.len() - 1, "{name}: {rows:?}");
    }
}

/// Width and height of a PNG.
fn size(bytes: &[u8]) -> (u32, u32) {
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "that is no PNG");
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn pictures_are_saved_where_the_clipboard_cannot_be_had_twice_as_wide_as_they_are_seen() {
    let Some(session) = session() else { return };
    session.open_page(&page("plan"));
    session.resize(1000);
    session.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})", &[]);
    for (figure, drawing) in [("fan", "#fan .plot svg"), ("sources-of-variance", "#sources-of-variance svg.wide")] {
        let folder = downloads(&session);
        session.click(&format!("#{figure} [data-action=copy-png]"));
        let bytes = fs::read(saved(folder.path(), "png")).unwrap();
        let (wide, high) = size(&bytes);
        let seen =
            session.run("return document.querySelector(arguments[0]).getBoundingClientRect().width", &[drawing.into()]);
        let seen = seen.as_f64().unwrap();
        assert!((f64::from(wide) - 2.0 * (seen + 32.0)).abs() <= 2.0, "{figure}: {wide} for {seen}");
        assert!(high > 400, "{figure}: {high}");
        // White paper, with something on it.
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let dark = pixels.chunks(4).filter(|p| p[..3].iter().all(|c| *c < 0xc0)).count();
        assert!(dark > 500, "{figure}: {dark}");
        assert_eq!(pixels[..4], [255, 255, 255, 255], "{figure}");
    }
}

#[test]
fn a_picture_is_put_on_the_clipboard_where_that_is_allowed() {
    let Some(session) = session() else { return };
    session.open_page(&page("plan"));
    // The clipboard of a machine without a screen is the machine's: what the page hands over is looked at.
    session.run(
        "navigator.clipboard.write = async ([item]) => { const blob = await item.getType('image/png'); \
         window.copied = [...new Uint8Array(await blob.arrayBuffer())].slice(0, 24); }",
        &[],
    );
    session.click("#fan [data-action=copy-png]");
    let copied = session.wait(
        "const done = arguments[0]; const look = () => (window.copied ? done(window.copied) : setTimeout(look, 20)); look();",
    );
    let bytes: Vec<u8> = copied.as_array().unwrap().iter().map(|byte| byte.as_u64().unwrap() as u8).collect();
    assert!(size(&bytes).0 > 600);
    let said = session.wait(
        "const done = arguments[0]; const look = () => { const text = document.querySelector('#fan [role=status]').textContent; \
         if (text) done(text); else setTimeout(look, 20); }; look();",
    );
    assert_eq!(said, "Copied");
}

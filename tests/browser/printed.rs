//! Printed, the page is two sheets that an executive takes along; what is for the analyst is printed when it is open.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::pages::{ALL, page};
use super::session::{Session, session};
use super::widths::sticking_out;

/// Width of the printed part of a sheet: A4 without its margins, in pixels.
pub const PRINTED: u32 = 695;

/// Pages of a PDF: objects of type Page, which Chromium writes as plain text.
pub fn pages(pdf: &[u8]) -> usize {
    assert!(pdf.starts_with(b"%PDF-"), "that is no PDF");
    let text = String::from_utf8_lossy(pdf);
    let objects = text.match_indices("/Type /Page").map(|(at, found)| &text[at + found.len()..]);
    objects.filter(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric())).count()
}

pub fn print(session: &Session) -> Vec<u8> {
    let answer = session.cdp("Page.printToPDF", &json!({"preferCSSPageSize": true, "printBackground": true}));
    STANDARD.decode(answer["data"].as_str().expect("a PDF")).expect("base64")
}

#[test]
fn a_page_prints_on_two_sheets_and_on_more_with_what_is_for_the_analyst() {
    let Some(session) = session() else { return };
    let mut faults = Vec::new();
    for name in ALL {
        session.open_page(&page(name));
        let most = if matches!(name, "one-month" | "fixed") { 1..=2 } else { 2..=2 };
        let sheets = pages(&print(&session));
        if !most.contains(&sheets) {
            faults.push(format!("{name}: {sheets} sheets"));
        }
        session.details(true);
        let opened = pages(&print(&session));
        if opened <= sheets {
            faults.push(format!("{name}, opened: {opened} sheets"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn nothing_is_cut_off_on_paper() {
    let Some(session) = session() else { return };
    for name in ALL {
        session.open_page(&page(name));
        session.resize(PRINTED);
        session.cdp("Emulation.setEmulatedMedia", &json!({"media": "print"}));
        for open in [false, true] {
            session.details(open);
            assert_eq!(sticking_out(&session, true), json!([]), "{name}, {}", if open { "opened" } else { "closed" });
        }
        let said = session
            .holds("document.querySelector('footer').getClientRects().length && document.querySelector('#limits')");
        assert!(said, "{name} loses its end");
        assert!(
            !session.holds("document.querySelector('.live').getClientRects().length"),
            "{name} prints its controls"
        );
        let fan = session.run("return document.querySelector('#fan .wide').getBoundingClientRect().height", &[]);
        assert!(fan.as_f64().is_some_and(|high| high > 150.0), "{name}: the fan is {fan} high");
        session.cdp("Emulation.setEmulatedMedia", &json!({"media": ""}));
    }
}

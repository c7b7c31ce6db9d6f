//! The page of a back-test: the verdict on the first screen, nothing that sticks out, two sheets.

use serde_json::json;

use super::pages::run;
use super::printed::{PRINTED, pages, print};
use super::session::session;
use super::widths::sticking_out;

#[test]
fn the_verdict_stands_on_the_first_screen_and_nothing_sticks_out() {
    let Some(session) = session() else { return };
    session.open_page(&run("backtest").join("backtest.html"));
    for (width, height) in [(1440, 900), (360, 640)] {
        session.resize(width);
        let ends = session.run("return document.querySelector('.lead').getBoundingClientRect().bottom", &[]);
        assert!(ends.as_f64().is_some_and(|ends| ends < f64::from(height)), "at {width} the verdict ends at {ends}");
        for open in [false, true] {
            session.details(open);
            assert_eq!(sticking_out(&session, false), json!([]), "at {width}");
        }
        session.details(false);
    }
    let charts = session.run(
        "return [...document.querySelectorAll('figure.chart')].map((node) => Boolean(node.querySelector('.actions')))",
        &[],
    );
    let charts = charts.as_array().expect("a list").clone();
    assert!(charts.len() >= 3 && charts.iter().all(|acts| acts == true), "{charts:?}");
    assert_eq!(session.log("browser"), Vec::<serde_json::Value>::new());
}

#[test]
fn it_prints_on_two_sheets() {
    let Some(session) = session() else { return };
    session.open_page(&run("backtest").join("backtest.html"));
    assert_eq!(pages(&print(&session)), 2);
    session.resize(PRINTED);
    session.cdp("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    assert_eq!(sticking_out(&session, true), json!([]));
    session.cdp("Emulation.setEmulatedMedia", &json!({"media": ""}));
}

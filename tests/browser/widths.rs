//! From a telephone to a desk, by day and by night: nothing sticks out, everything can be read, and axe finds nothing.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::pages::{ALL, page};
use super::session::{Session, session};
use crate::common::required::skipped;

const WIDTHS: [u32; 3] = [360, 768, 1440];
/// By day or by night; closed or opened.
const LOOKS: [(&str, bool); 4] = [("light", false), ("light", true), ("dark", false), ("dark", true)];

/// What reaches beyond the window to the right; on paper also what would have to be scrolled to.
pub fn sticking_out(session: &Session, on_paper: bool) -> Value {
    session.run(
        "const wide = document.documentElement.clientWidth; const inner = arguments[0] ? 'svg' : 'svg, pre, .scroll'; \
         const told = (node) => `${node.localName}.${node.getAttribute('class') ?? ''} to ${Math.round(node.getBoundingClientRect().right)} \
            of ${wide}: ${node.textContent.trim().slice(0, 60)}`; \
         const out = [...document.querySelectorAll('body *')].filter((node) => { \
            if (node.parentElement.closest(inner) || node.closest('.unseen') || !node.getClientRects().length) return false; \
            const box = node.getBoundingClientRect(); \
            return box.right > wide + 0.5 || box.left < -0.5; }).map(told); \
         if (document.scrollingElement.scrollWidth > wide) out.push(`the page scrolls to ${document.scrollingElement.scrollWidth}`); \
         return out.slice(0, 8);",
        &[on_paper.into()],
    )
}

#[test]
fn nothing_sticks_out_and_all_text_is_large_enough_at_any_width() {
    let Some(session) = session() else { return };
    let small = "return [...document.querySelectorAll('h1, h2, h3, h4, p, li, dt, dd, th, td, summary, caption, figcaption, label, button, svg.narrow text, .plot text')] \
        .filter((node) => node.textContent.trim() && node.getClientRects().length && !node.closest('.unseen') && parseFloat(getComputedStyle(node).fontSize) \
            * (node.ownerSVGElement ? node.ownerSVGElement.getBoundingClientRect().width / node.ownerSVGElement.viewBox.baseVal.width : 1) < 10.99) \
        .map((node) => `${node.localName} ${getComputedStyle(node).fontSize}: ${node.textContent.slice(0, 40)}`).slice(0, 5)";
    for name in ALL {
        session.open_page(&page(name));
        for width in WIDTHS {
            session.resize(width);
            for open in [false, true] {
                session.details(open);
                let at = format!("{name} at {width}, {}", if open { "opened" } else { "closed" });
                assert_eq!(sticking_out(&session, false), json!([]), "{at}");
                assert_eq!(session.run(small, &[]), json!([]), "{at}");
            }
        }
    }
}

#[test]
fn the_night_has_its_own_colours() {
    let Some(session) = session() else { return };
    session.open_page(&page("minimal"));
    let colours = || {
        ["html", "h1", ".plot .band8"].map(|of| {
            let look = if of == "html" {
                "backgroundColor"
            } else if of == "h1" {
                "color"
            } else {
                "fill"
            };
            session.text(&format!("getComputedStyle(document.querySelector('{of}')).{look}"))
        })
    };
    session.colours("light");
    let day = colours();
    session.colours("dark");
    let night = colours();
    assert!(day.iter().zip(&night).all(|(day, night)| day != night), "{day:?} {night:?}");
}

/// The source of axe, or a loud word that it is not there.
pub fn axe() -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/browser/axe.min.js");
    let axe = fs::read_to_string(&file).ok();
    if axe.is_none() {
        skipped("axe", "axe-core is not there (tests/browser/setup.sh gets it); the page was not looked at by it");
    }
    axe
}

/// What axe finds: its rule with the elements that break it.
pub fn violations(session: &Session) -> Vec<String> {
    let found = session.wait(
        "const done = arguments[0]; \
         axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}, resultTypes: ['violations']}) \
            .then((found) => done(found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 5).map((n) => n.target.join(' ')).join(' | ')} (${v.nodes.length}): ` \
                + (v.nodes[0].any[0] ?? v.nodes[0].all[0] ?? v.nodes[0].none[0] ?? {message: v.help}).message)), (error) => done([`axe fails: ${error}`]));",
    );
    found.as_array().expect("axe answers").iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn axe_finds_nothing_at_any_width_by_day_and_by_night() {
    let Some(session) = session() else { return };
    let Some(axe) = axe() else { return };
    let mut faults = Vec::new();
    for name in ["plan-deep", "minimal", "fixed"] {
        session.open_page(&page(name));
        session.run(&axe, &[]);
        for (width, scheme, open) in
            WIDTHS.into_iter().flat_map(|width| LOOKS.map(|(scheme, open)| (width, scheme, open)))
        {
            // The longest page in every look; of the others, what they alone have.
            if name != "plan-deep" && (width, scheme, open) != (360, "dark", true) {
                continue;
            }
            session.resize(width);
            session.colours(scheme);
            session.details(open);
            let at = format!("{name} at {width}, {scheme}, {}", if open { "opened" } else { "closed" });
            faults.extend(violations(&session).into_iter().map(|found| format!("{at}: {found}")));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

//! The page's policy lets its own style and script in, and no other.

use std::fs;
use std::path::PathBuf;

use super::pages::{page, run};
use super::quiet::complaints;
use super::session::session;

/// The minimal page with one text in it replaced.
fn changed(name: &str, from: &str, to: &str) -> PathBuf {
    let text = fs::read_to_string(page("minimal")).unwrap();
    assert!(text.contains(from), "the page has no {from}");
    let file = run("minimal").with_file_name(format!("{name}.html"));
    fs::write(&file, text.replacen(from, to, 1)).unwrap();
    file
}

#[test]
fn a_script_of_which_one_byte_was_changed_does_not_run() {
    let Some(session) = session() else { return };
    session.open_page(&changed("script", "'use strict'", "'use Strict'"));
    assert!(!session.holds("document.documentElement.classList.contains('js')"));
    let told = complaints(&session);
    assert!(told.iter().any(|told| told.contains("script-src")), "{told:?}");
    assert!(session.holds("document.querySelector('#fan .drawing').getClientRects().length"), "the drawing stays");
}

#[test]
fn a_style_that_was_changed_or_added_does_not_hold() {
    let Some(session) = session() else { return };
    session.open_page(&page("minimal"));
    assert_eq!(session.text("getComputedStyle(document.body).maxWidth"), "960px");
    session.open_page(&changed("style", "max-width: 60rem", "max-width: 61rem"));
    assert_eq!(session.text("getComputedStyle(document.body).maxWidth"), "none");
    session.open_page(&changed("inline", "<h1>", "<h1 style=\"color: red\" onclick=\"alert(1)\">"));
    assert_ne!(session.text("getComputedStyle(document.querySelector('h1')).color"), "rgb(255, 0, 0)");
    let told = complaints(&session);
    assert!(told.iter().filter(|told| told.contains("Content Security Policy")).count() >= 2, "{told:?}");
    session.click("h1");
    assert_eq!(session.dialog(), None);
}

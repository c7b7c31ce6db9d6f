//! Whatever names and notes say, it is text: the elements of the page stay the same.
#![allow(unreachable_pub)] // a module of a test binary has no outside

use std::sync::OnceLock;

use revcast::analysis::Answer;
use revcast::export::forecast_json;
use revcast::report::page;
use revcast::units::Frequency;
use serde_json::Value;

use super::scenarios::{addressed, hostile_texts, saying, saying_with};
use super::tree::Tree;
use super::{answer_of, page_of};

/// Stands for every text; no word of the page or the document has it in it.
const TOKEN: &str = "Qzqz";
/// The same, where a path points at it.
const ADDRESSED: &str = "Qyqy";

/// The document of a run whose scenario says `text` wherever it may. It is the same run for every text: another stage name alone
/// would be another draw.
pub fn document_saying(text: &str) -> String {
    static DOCUMENT: OnceLock<String> = OnceLock::new();
    let document = DOCUMENT.get_or_init(|| {
        let bytes = forecast_json(&answer_of(&saying_with(TOKEN, ADDRESSED), true)).expect("it is JSON");
        let mut document: Value = serde_json::from_slice(&bytes).expect("it is JSON");
        document.as_object_mut().expect("it is an object").shift_remove("checksum");
        document.to_string()
    });
    let quoted = |text: &str| {
        let quoted = Value::from(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    document.replace(TOKEN, &quoted(text)).replace(ADDRESSED, &quoted(&addressed(text)))
}

/// The page of that document.
fn page_saying(text: &str) -> String {
    let answer = Answer::read("forecast.json", document_saying(text).as_bytes());
    let answer = answer.unwrap_or_else(|faults| panic!("{faults}"));
    page(&answer, Frequency::Quarter, None).expect("its charts can be drawn")
}

/// What differs first.
fn difference(a: &[String], b: &[String]) -> Option<String> {
    let first = a.iter().zip(b).position(|(a, b)| a != b);
    let at = first.or_else(|| (a.len() != b.len()).then(|| a.len().min(b.len())))?;
    let told = |lines: &[String]| lines.get(at.saturating_sub(3)..(at + 2).min(lines.len())).map(|l| l.join("\n  "));
    Some(format!("element {at}:\n  {}\ninstead of\n  {}", told(a).unwrap_or_default(), told(b).unwrap_or_default()))
}

/// How a page has other elements than it should.
fn strange(page: &Tree, sound: &Tree) -> Option<String> {
    if let Some(told) = difference(&page.outline(), &sound.outline()) {
        return Some(told);
    }
    let more: Vec<String> = page.drawn().difference(&sound.drawn()).cloned().collect();
    (!more.is_empty()).then(|| format!("in a drawing: {more:?}"))
}

#[test]
fn no_text_of_a_document_becomes_an_element_an_attribute_or_a_comment() {
    let sound = Tree::of(&page_saying(TOKEN));
    for text in hostile_texts() {
        let page = page_saying(&text);
        let begin: String = text.chars().take(40).collect();
        let tree = Tree::of(&page);
        if let Some(told) = strange(&tree, &sound) {
            panic!("{begin:?} changes the page at {told}");
        }
        let shown: String = tree.text("h1", None).chars().take(80).collect();
        let seen = |c: char| if c.is_control() || c == '\u{202e}' { '\u{fffd}' } else { c };
        let meant: String = text.chars().map(seen).take(80).collect();
        assert_eq!(shown, meant, "the name is not shown as it was written");
        // The keys of the data stay as they are: nothing shows them.
        let read = page.split("<script type=\"application/json\"").next().unwrap_or_default();
        assert!(!read.contains(['\0', '\u{1b}', '\u{202e}']), "{begin:?} hides or turns around what follows");
        let data = tree.text("script", Some("data"));
        let data: Value = serde_json::from_str(&data).unwrap_or_else(|e| panic!("{begin:?}: {e}"));
        assert!(data["series"].as_array().is_some_and(|series| series.len() > 50), "{begin:?}");
        assert!(tree.values("href").iter().all(|link| link.starts_with('#')), "{begin:?}");
    }
}

#[test]
fn a_scenario_that_says_such_a_text_everywhere_has_a_page_of_the_same_kinds_of_elements() {
    let sound = Tree::of(&page_of(&saying(TOKEN), true));
    // An element and an attribute: all texts are tried on the document above.
    for text in hostile_texts().iter().step_by(2).take(2) {
        let page = Tree::of(&page_of(&saying(text), true));
        let more: Vec<String> = page.kinds().difference(&sound.kinds()).cloned().collect();
        assert!(more.is_empty(), "{:?}: {more:?}", text.chars().take(40).collect::<String>());
    }
}

#[test]
fn a_text_that_is_not_escaped_would_be_seen() {
    let (page, sound) = (page_saying("<i>"), Tree::of(&page_saying(TOKEN)));
    assert_eq!(strange(&Tree::of(&page), &sound), None);
    let places: Vec<usize> = page.match_indices("&lt;i&gt;").map(|(at, _)| at).collect();
    assert!(places.len() > 30, "{}", places.len());
    // One place at a time; in an attribute nothing but a quotation mark would do harm, in the title nothing but its end.
    let texts = places.iter().filter(|at| {
        let before = &page[..**at];
        before.rfind('>') > before.rfind('<') && before.contains("<body>")
    });
    for at in texts.step_by(places.len() / 20) {
        let (before, after) = page.split_at(*at);
        let broken = format!("{before}<i>{}", &after["&lt;i&gt;".len()..]);
        assert!(strange(&Tree::of(&broken), &sound).is_some(), "…{}<i>", &before[before.len() - 80..]);
    }
}

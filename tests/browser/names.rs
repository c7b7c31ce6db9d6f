//! Names that would run, hide or spread: on a telephone, with every control touched, nothing comes of them.

use serde_json::{Value, json};

use super::pages::report_of;
use super::quiet::{asked_for, complaints};
use super::session::{address, session};
use super::widths::sticking_out;
use crate::page::names::document_saying;
use crate::page::scenarios::hostile_texts;

/// Touches everything that could carry a handler, and shows every region and tag.
const TOUCH: &str = "
    for (const node of document.querySelectorAll('*')) for (const kind of ['mouseover', 'focus', 'click', 'load', 'error'])
        if (node.localName !== 'button' || kind !== 'click') node.dispatchEvent(new Event(kind));
    const scope = document.querySelector('[data-control=scope]');
    for (const option of [...scope.options].filter((o) => !o.disabled)) {
        scope.value = option.value;
        scope.dispatchEvent(new Event('change'));
    }
    scope.value = 'total';
    scope.dispatchEvent(new Event('change'));
    for (const link of document.querySelectorAll('a[href]')) if (!link.hash) window.ran = 'a link';
    return [window.ran ?? null, scope.options.length];";

#[test]
fn no_name_runs_or_spreads_the_page_on_a_telephone() {
    let Some(session) = session() else { return };
    let replaced = json!({"source": "window.alert = () => { window.ran = 'an alert'; };"});
    let added = session.cdp("Page.addScriptToEvaluateOnNewDocument", &replaced);
    session.resize(360);
    for (i, text) in hostile_texts().iter().enumerate() {
        let begin: String = text.chars().take(40).collect();
        let file = report_of(&format!("name-{i}"), &document_saying(text));
        session.open_page(&file);
        assert_eq!(session.dialog(), None, "{begin:?}");
        let answer = session.run(TOUCH, &[]);
        assert_eq!(answer[0], Value::Null, "{begin:?} runs");
        assert!(answer[1].as_u64().is_some_and(|scopes| scopes >= 5), "{begin:?}: {answer}");
        for open in [false, true] {
            session.details(open);
            assert_eq!(
                sticking_out(&session, false),
                json!([]),
                "{begin:?}, {}",
                if open { "opened" } else { "closed" }
            );
        }
        assert_eq!(complaints(&session), Vec::<String>::new(), "{begin:?}");
        let asked = asked_for(&session);
        assert!(asked.iter().all(|url| *url == address(&file) || url.starts_with("data:")), "{begin:?}: {asked:?}");
    }
    session.cdp("Page.removeScriptToEvaluateOnNewDocument", &json!({"identifier": added["identifier"]}));
}

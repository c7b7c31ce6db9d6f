//! Without scripts the page says the same.

use super::pages::page;
use super::quiet::complaints;
use super::session::session_without_scripts;

#[test]
fn without_scripts_everything_is_there_and_opens() {
    let Some(session) = session_without_scripts() else { return };
    for name in ["plan-deep", "minimal"] {
        session.open_page(&page(name));
        assert!(!session.holds("document.documentElement.classList.contains('js')"), "a script ran");
        let high =
            session.run("return document.querySelector('#fan .drawing svg.wide').getBoundingClientRect().height", &[]);
        assert!(high.as_f64().is_some_and(|high| high > 200.0), "the fan is {high} high");
        assert!(
            !session.holds("document.querySelector('.live, .actions, button, select')"),
            "{name} has dead controls"
        );
        // Every text of every section is laid out, but for what waits in a closed part.
        let lost = "return [...document.querySelectorAll('main section')].flatMap((section) => [...section.querySelectorAll('h2, h3, p, li, dd, td')]) \
                    .filter((node) => !node.closest('details, .only-print') && node.textContent.trim() && !node.getClientRects().length).map((node) => node.textContent)";
        assert_eq!(session.run(lost, &[]), serde_json::json!([]), "{name}");
        session.click("#fan details summary");
        assert!(session.holds("document.querySelector('#fan details').open"), "{name}");
        session.click(".analyst > details > summary");
        session.click(".analyst .part:has(.inputs) > summary");
        let rows =
            session.run("return document.querySelector('.analyst .inputs')?.getBoundingClientRect().height", &[]);
        assert!(rows.as_f64().is_some_and(|high| high > 50.0), "{name}: {rows}");
        assert_eq!(complaints(&session), Vec::<String>::new(), "{name}");
    }
}

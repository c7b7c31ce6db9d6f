//! The live chart does what its controls say, by pointer and by keys.

use serde_json::{Value, json};

use super::pages::{ALL, page};
use super::session::{Session, session};

const LEFT: &str = "\u{e012}";
const HOME: &str = "\u{e011}";
const END: &str = "\u{e010}";
const CURSOR: &str = "[data-control=cursor]";

fn open(session: &Session, name: &str) {
    session.open_page(&page(name));
    session.resize(1000);
    assert!(session.holds("document.documentElement.classList.contains('js')"), "{name} has no live chart");
}

fn readout(session: &Session) -> String {
    session.text("document.querySelector('[data-part=readout]').textContent")
}

/// What the live chart says that it shows: metric, scope, periods.
fn shown(session: &Session) -> [String; 3] {
    ["metric", "scope", "every"].map(|of| session.text(&format!("document.querySelector('.plot svg').dataset.{of}")))
}

/// Shows all months, where the main figure's period is shorter.
fn all_months(session: &Session) {
    session.click("label:has([data-control=whole])");
}

fn every(session: &Session, every: &str) {
    session.click(&format!("label:has([data-control=every][value={every}])"));
}

#[test]
fn each_metric_region_and_kind_of_period_can_be_shown() {
    let Some(session) = session() else { return };
    open(&session, "plan");
    assert_eq!(shown(&session), ["total_bookings", "total", "cumulative"]);
    let before = readout(&session);
    session.choose("metric", "arr");
    let [metric, scope, periods] = shown(&session);
    assert_eq!((metric.as_str(), scope.as_str(), periods.as_str()), ("arr", "total", "month"), "ARR does not add up");
    assert_ne!(readout(&session), before);
    assert!(session.holds("document.querySelector('[data-control=every][value=cumulative]').disabled"));
    let named = "document.querySelector('.plot svg').getAttribute('aria-label')";
    assert!(session.text(named).starts_with("ARR, monthly, Total: "), "{}", session.text(named));
    session.choose("scope", "europe");
    every(&session, "quarter");
    assert_eq!(shown(&session), ["arr", "europe", "quarter"]);
    assert!(readout(&session).starts_with("Q4 2027, ARR, Europe: "), "{}", readout(&session));
    all_months(&session);
    assert!(readout(&session).starts_with("Q4 2029, ARR, Europe: "), "{}", readout(&session));
    // What cannot be shown falls to the nearest that can.
    session.choose("metric", "roi");
    assert_eq!(shown(&session)[..2], ["roi", "total"]);
    assert!(session.holds("document.querySelector('[data-control=scope] [value=europe]').disabled"));
    session.choose("metric", "total_bookings");
    assert_eq!(shown(&session), ["total_bookings", "europe", "quarter"], "what was wanted comes back");
    every(&session, "cumulative");
    assert_eq!(shown(&session)[2], "cumulative");
}

#[test]
fn every_choice_on_every_page_is_drawn_and_told_in_numbers() {
    let Some(session) = session() else { return };
    let script = "
        const faults = [];
        const [metric, scope] = ['metric', 'scope'].map((c) => document.querySelector(`[data-control=${c}]`));
        const fire = (node, value) => { node.value = value; node.dispatchEvent(new Event('change')); };
        const regions = [...scope.options].map((o) => o.value);
        const some = regions.length > 6 ? [regions[0], regions[1], regions.at(-1)] : regions;
        let seen = 0;
        for (const m of [...metric.options].filter((o) => !o.disabled).map((o) => o.value)) for (const s of some) for (const e of ['month', 'quarter', 'cumulative']) {
            fire(metric, m); fire(scope, s);
            const radio = document.querySelector(`[data-control=every][value=${e}]`);
            if (!radio.disabled) radio.click();
            const svg = document.querySelector('.plot svg');
            const told = document.querySelector('[data-part=readout]').textContent;
            if (svg.dataset.metric !== m || metric.value !== m) faults.push(`${m} shows ${svg.dataset.metric}`);
            if (scope.value !== svg.dataset.scope || scope.selectedOptions[0].disabled) faults.push(`${m} ${s} shows ${svg.dataset.scope}`);
            if (/NaN|undefined|Infinity|null/.test(svg.outerHTML + told)) faults.push(`${m} ${s} ${e}: ${told}`);
            const checked = document.querySelector('[data-control=every]:checked');
            if (checked.value !== svg.dataset.every || checked.disabled) faults.push(`${m} ${s} ${e}: ${svg.dataset.every}`);
            seen += 1;
        }
        return [seen, faults];";
    for name in ALL {
        open(&session, name);
        let answer = session.run(script, &[]);
        assert!(answer[0].as_u64().is_some_and(|seen| seen > 10), "{name}: {answer}");
        assert_eq!(answer[1], json!([]), "{name}");
        assert_eq!(super::quiet::complaints(&session), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn bands_plan_and_targets_can_be_hidden() {
    let Some(session) = session() else { return };
    open(&session, "plan");
    let marks =
        [("band-9", ".band9"), ("band-8", ".band8"), ("band-5", ".band5"), ("plan", ".plan"), ("targets", ".target")];
    for (control, mark) in marks {
        let drawn = |on: bool| {
            let is = session.holds(&format!("document.querySelector('.plot svg {mark}')"));
            let pressed = session
                .text(&format!("document.querySelector('[data-control={control}]').getAttribute('aria-pressed')"));
            assert_eq!((is, pressed), (on, on.to_string()), "{control}");
        };
        drawn(true);
        session.click(&format!("[data-control={control}]"));
        drawn(false);
        session.click(&format!("[data-control={control}]"));
        drawn(true);
    }
    assert!(session.holds("document.querySelector('[data-control=budget]').hidden"), "there is no budget to hide");
}

#[test]
fn the_cursor_moves_by_keys_and_by_pointer() {
    let Some(session) = session() else { return };
    open(&session, "plan");
    all_months(&session);
    every(&session, "month");
    session.press(CURSOR, HOME);
    assert!(readout(&session).starts_with("January 2027, total bookings, Total: "), "{}", readout(&session));
    session.press(CURSOR, END);
    let last = readout(&session);
    assert!(last.starts_with("December 2029, total bookings, Total: median €"), "{last}");
    session.press(CURSOR, LEFT);
    let before = readout(&session);
    assert!(before.starts_with("November 2029, total bookings, Total: "), "{before}");
    let said = session.text(&format!("document.querySelector('{CURSOR}').getAttribute('aria-valuetext')"));
    assert_eq!(said, before, "a screen reader hears what is seen");
    let middle = ".plot svg";
    session.hover(middle, 0.5);
    let over = readout(&session);
    assert!(over.contains("2028, total bookings"), "{over}");
    session.hover(middle, 0.15);
    assert!(readout(&session).contains("2027, total bookings"), "{}", readout(&session));
    // The line of the cursor stands above the handle.
    let gap = session.run(
        "const [line, range] = ['.plot .cursor line', '[data-control=cursor]'].map((s) => document.querySelector(s)); \
         const box = range.getBoundingClientRect(); const at = range.value / range.max; \
         return Math.abs(line.getBoundingClientRect().left - (box.left + 12 + at * (box.width - 24)));",
        &[],
    );
    assert!(gap.as_f64().is_some_and(|gap| gap < 2.0), "{gap} pixels off");
}

#[test]
fn the_table_of_figures_follows_what_is_shown() {
    let Some(session) = session() else { return };
    open(&session, "minimal");
    session.click(".live details summary");
    // What is opened is filled a moment later.
    session.wait("const found = () => document.querySelector('.live table caption') ? arguments[0]() : setTimeout(found, 10); found();");
    let table = |part: &str| session.text(&format!("document.querySelector('.live table {part}').textContent"));
    let rows = || session.run("return document.querySelectorAll('.live tbody tr').length", &[]);
    assert_eq!((table("caption").as_str(), rows()), ("Bookings, cumulative, Total", json!(12)));
    every(&session, "quarter");
    assert_eq!((table("caption").as_str(), rows()), ("Bookings, quarterly, Total", json!(4)));
    session.choose("metric", "won_deals");
    assert_eq!(table("caption"), "Won deals, quarterly, Total");
    session.press(CURSOR, HOME);
    let median = table("tbody tr:first-child td:nth-of-type(4)");
    assert!(readout(&session).contains(&format!("median {median}")), "{median}: {}", readout(&session));
}

#[test]
fn a_page_of_one_month_has_no_cursor_to_move_and_says_its_month() {
    let Some(session) = session() else { return };
    open(&session, "one-month");
    assert!(session.holds("document.querySelector('.slider').hidden"));
    assert!(readout(&session).contains("January 2027"), "{}", readout(&session));
    let fixed = session.run("return document.querySelectorAll('.plot .target').length", &[]);
    assert_ne!(fixed, Value::from(0), "its target is drawn");
}

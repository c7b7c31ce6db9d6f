//! The page whose inputs can be moved: it says what a run says, moves, finds a goal, remembers and gives back what was changed.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::driver::driver;
use super::pages::tuning_page;
use super::quiet::{asked_for, complaints};
use super::session::{Session, address, session, session_without_scripts};
use super::widths::{axe, sticking_out, violations};
use crate::cli::{ran, scenario};

/// What the page says when it rests.
fn at_rest(session: &Session) -> Value {
    let script = "const done = arguments[0]; const look = () => { const said = document.documentElement.dataset.forecast; \
                  if (said) done(said); else setTimeout(look, 20); }; setTimeout(look, 150);";
    serde_json::from_str(session.wait(script).as_str().unwrap()).unwrap()
}

/// Opens the page with changes in its address, and waits until it rests.
fn opened(session: &Session, name: &str, changes: &str) -> Value {
    session.post("/url", &json!({"url": "about:blank"}));
    session.post("/url", &json!({"url": format!("{}{changes}", address(&tuning_page(name)))}));
    at_rest(session)
}

/// What a run says with settings: P10, P50 and P90 of the main figure, and the chance of each target.
fn run_says(name: &str, settings: &[&str]) -> Value {
    let folder = driver().unwrap().folder();
    let mut arguments = vec!["run", name, "--out", "said", "--quiet"];
    settings.iter().for_each(|setting| arguments.extend(["--set", *setting]));
    let (code, _, err) = ran(folder, &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    let document: Value = serde_json::from_slice(&fs::read(folder.join("said/forecast.json")).unwrap()).unwrap();
    let forecast = &document["body"]["forecast"];
    let main = ["p10", "p50", "p90"].map(|p| (p.to_owned(), forecast["main"]["bands"][p]["value"].clone()));
    let chances = forecast["targets"].as_array().unwrap().iter();
    let chances = chances.map(|t| (t["name"].as_str().unwrap().to_owned(), t["probability"]["value"].clone()));
    json!({"main": Value::Object(main.into_iter().collect()), "targets": Value::Object(chances.collect())})
}

fn assert_says(said: &Value, run: &Value) {
    for part in ["main", "targets"] {
        let numbers = |of: &Value| -> Vec<(String, f64)> {
            of[part].as_object().unwrap().iter().map(|(name, x)| (name.clone(), x.as_f64().unwrap())).collect()
        };
        assert_eq!(numbers(said), numbers(run));
    }
}

/// Moves a slider by steps, as a hand does.
fn drag(session: &Session, path: &str, steps: i32) {
    let script = "const range = document.querySelector(`.input[data-path=\"${arguments[0]}\"] input[type=range]`); \
                  range.value = arguments[1]; range.dispatchEvent(new Event('input', {bubbles: true}));";
    session.run(script, &[path.into(), steps.into()]);
}

fn changes_told(session: &Session) -> Vec<String> {
    let told = session
        .run("return [...document.querySelectorAll('#changes li')].map((row) => row.firstChild.textContent)", &[]);
    serde_json::from_value(told).unwrap()
}

#[test]
fn an_input_that_moves_is_told_as_a_run_with_its_setting() {
    let Some(session) = session() else { return };
    let plan = scenario("ai-marketing-plan");
    assert_says(&opened(&session, "ai-marketing-plan", ""), &run_says(&plan, &[]));
    drag(&session, "regions.europe.conversion", -10);
    let said = at_rest(&session);
    assert_eq!(said["changes"], json!({"regions.europe.conversion.mean": 0.23}));
    assert_says(&said, &run_says(&plan, &["regions.europe.conversion.mean=0.23"]));
    assert_eq!(changes_told(&session), ["Europe: win rate 25 % → 23 %: Year 1: 47 → 37 in 100"]);
    // By keys, and known for sure.
    session.press(".input[data-path=\"regions.latin_america.conversion\"] input[type=range]", "\u{E012}\u{E012}");
    session.click(".input[data-path=\"regions.latin_america.conversion\"] [data-fix]");
    session.click("[data-lever]");
    let said = at_rest(&session);
    let settings: Vec<String> =
        said["changes"].as_object().unwrap().iter().map(|(path, to)| format!("{path}={to}")).collect();
    assert_says(&said, &run_says(&plan, &settings.iter().map(String::as_str).collect::<Vec<_>>()));
    assert_eq!(changes_told(&session).len(), 3);
    // What was changed is in the address, and there again when the page is opened with it.
    let there = session.text("location.hash");
    assert!(there.contains("lever=") && session.holds("document.querySelector('[data-lever]').checked"));
    assert_eq!(opened(&session, "ai-marketing-plan", &there), said);
    // A lever multiplies what a field has come to, whichever came first.
    session.click("[data-lever]");
    at_rest(&session);
    session.click("[data-lever]");
    drag(&session, "regions.europe.conversion", -9);
    drag(&session, "regions.europe.conversion", -10);
    assert_eq!(at_rest(&session)["main"], said["main"]);
    session.click("#reset");
    assert_says(&at_rest(&session), &run_says(&plan, &[]));
    assert_eq!(complaints(&session), Vec::<String>::new());
}

#[test]
fn the_page_asks_for_nothing_but_itself() {
    let Some(session) = session() else { return };
    opened(&session, "ai-marketing-plan", "");
    drag(&session, "regions.europe.conversion", 5);
    at_rest(&session);
    let own = address(&tuning_page("ai-marketing-plan"));
    let other: Vec<String> = asked_for(&session)
        .into_iter()
        .filter(|url| *url != own && url != "about:blank" && !url.starts_with("blob:"))
        .collect();
    assert_eq!(other, Vec::<String>::new());
}

#[test]
fn the_goal_is_reached_where_the_slider_then_stands() {
    let Some(session) = session() else { return };
    opened(&session, "ai-marketing-plan", "");
    session.click(".input[data-path=\"regions.europe.conversion\"] [data-goal]");
    session.wait("const done = arguments[0]; const look = () => (/is then met/.test(document.getElementById('message').textContent) ? done(1) : setTimeout(look, 20)); look();");
    let chance = at_rest(&session)["targets"]["Year 1"].as_f64().unwrap();
    assert!((0.8..0.801).contains(&chance), "{chance}");
    // Where it is met already, and where it cannot be, that is said.
    session.run("document.getElementById('goal-chance').value = 30", &[]);
    session.click(".input[data-path=\"regions.europe.conversion\"] [data-goal]");
    session.wait("const done = arguments[0]; const look = () => (/nothing is needed/.test(document.getElementById('message').textContent) ? done(1) : setTimeout(look, 20)); look();");
    session.run("document.getElementById('goal-chance').value = 99", &[]);
    session.click(".input[data-path=\"regions.latin_america.conversion\"] [data-goal]");
    session.wait("const done = arguments[0]; const look = () => (/alone does not do it/.test(document.getElementById('message').textContent) ? done(1) : setTimeout(look, 20)); look();");
}

#[test]
fn links_set_what_they_say_and_what_is_wrong_in_them_is_told() {
    let Some(session) = session() else { return };
    let said = opened(&session, "ai-marketing-plan", "#regions.europe.conversion.mean=0.23&trials=1000");
    assert_eq!((&said["trials"], &said["changes"]), (&json!(1000), &json!({"regions.europe.conversion.mean": 0.23})));
    let plan = scenario("ai-marketing-plan");
    assert_says(&said, &run_says(&plan, &["regions.europe.conversion.mean=0.23", "simulation.trials=1000"]));
    let said = opened(&session, "ai-marketing-plan", "#nonsense=3&regions.europe.conversion=0.23&trials=200");
    assert_eq!(said["changes"], json!({"regions.europe.conversion": 0.23}));
    assert!(session.text("document.getElementById('message').textContent").contains("nonsense"));
    assert!(
        session.holds("document.querySelector('.input[data-path=\"regions.europe.conversion\"] [data-fix]').checked")
    );
}

#[test]
fn open_deals_and_events_can_be_decided() {
    let Some(session) = session() else { return };
    for (name, path) in [("mid-year", "pipeline["), ("ai-marketing-plan-events", "changes[")] {
        opened(&session, name, "#trials=1000");
        let path = session.text(&format!("document.querySelector('[data-choice^=\"{path}\"]').dataset.choice"));
        session.click(&format!("select[data-choice=\"{path}\"] option[value=\"1\"]"));
        let said = at_rest(&session);
        assert_eq!(said["changes"], json!({ &path: 1 }));
        assert_says(&said, &run_says(&scenario(name), &[&format!("{path}=1"), "simulation.trials=1000"]));
    }
}

#[test]
fn a_damaged_page_and_one_without_an_engine_say_so() {
    let Some(session) = session() else { return };
    let page = tuning_page("minimal");
    let text = fs::read_to_string(&page).unwrap();
    let at = text.find("id=\"engine\"").unwrap() + 200_000;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    let damaged = page.with_file_name("damaged.html");
    fs::write(&damaged, format!("{}{other}{}", &text[..at], &text[at + 1..])).unwrap();
    session.open_page(&damaged);
    session.wait("const done = arguments[0]; const look = () => (document.getElementById('message').textContent ? done(1) : setTimeout(look, 20)); look();");
    let said = session.text("document.getElementById('message').textContent");
    assert!(said.starts_with("Its inputs cannot be moved: this file is damaged"), "{said}");
    assert!(session.holds("document.querySelector('fieldset.inputs').disabled"));
    // A scenario with another digit is refused too.
    let at = text.find("\"monthly\":{\"mean\":100").unwrap();
    fs::write(&damaged, format!("{}{}", &text[..at], text[at..].replacen("100", "101", 1))).unwrap();
    session.open_page(&damaged);
    session.wait("const done = arguments[0]; const look = () => (document.getElementById('message').textContent ? done(1) : setTimeout(look, 20)); look();");
    let said = session.text("document.getElementById('message').textContent");
    assert!(said.contains("its scenario is not the one that it was made with"), "{said}");
    // The forecast as it was stays.
    assert!(session.text("document.getElementById('range').textContent").contains("8 chances"));

    let Some(still) = session_without_scripts() else { return };
    still.open_page(&page);
    let said = still.text("document.getElementById('needs').textContent");
    assert!(said.contains("needs a browser with JavaScript and WebAssembly"), "{said}");
    assert!(still.text("document.getElementById('range').textContent").contains("8 chances"));
}

#[test]
fn nothing_sticks_out_and_axe_finds_nothing() {
    let Some(session) = session() else { return };
    opened(&session, "ai-marketing-plan", "#regions.europe.conversion.mean=0.23&trials=500");
    let axe = axe();
    if let Some(axe) = &axe {
        session.run(axe, &[]);
    }
    for width in [360, 768, 1440] {
        session.resize(width);
        for open in [false, true] {
            session.details(open);
            assert_eq!(sticking_out(&session, false), json!([]), "{width}");
            for scheme in ["light", "dark"] {
                session.colours(scheme);
                if axe.is_some() {
                    assert_eq!(violations(&session), Vec::<String>::new(), "{width} {scheme} {open}");
                }
            }
        }
    }
}

#[test]
fn names_that_would_be_elements_stay_text() {
    let Some(session) = session() else { return };
    let bad = "</script><img src=x onerror=alert(1)>";
    let json = json!({"name": bad, "start": "2027-01", "months": 3, "simulation": {"trials": 100},
        "regions": {"a": {"label": bad, "leads": {"monthly": {"mean": 10, "cv": 0.1, "note": bad}}, "conversion": 0.5, "cycle": {"mean_days": 10}, "deal_size": {"mean": 100}}},
        "targets": [{"name": bad, "metric": "bookings", "period": "total", "at_least": 1000}],
        "levers": [{"name": bad, "cost": 1, "multiply": {"regions.a.leads.monthly": 1.1}}]});
    let folder = driver().unwrap().folder();
    fs::write(folder.join("bad.json"), json.to_string()).unwrap();
    let (code, _, err) = ran(folder, &["tune", "bad.json", "--out", "bad-tune.html", "-q"]);
    assert_eq!((code, err.as_str()), (0, ""));
    session.open_page(Path::new(&folder.join("bad-tune.html")));
    at_rest(&session);
    drag(&session, "regions.a.leads.monthly", 5);
    session.click("[data-lever]");
    at_rest(&session);
    assert_eq!(session.dialog(), None);
    assert!(session.holds("document.querySelectorAll('img').length === 0"));
    assert_eq!(complaints(&session), Vec::<String>::new());
}

#[test]
fn without_targets_there_is_no_goal_and_the_rest_goes_on() {
    let Some(session) = session() else { return };
    let json = json!({"name": "Plain", "start": "2027-01", "months": 3, "simulation": {"trials": 100},
        "regions": {"a": {"leads": {"monthly": {"mean": 10, "cv": 0.1}}, "conversion": 0.5, "cycle": {"mean_days": 10}, "deal_size": {"mean": 100}}}});
    let folder = driver().unwrap().folder();
    fs::write(folder.join("plain.json"), json.to_string()).unwrap();
    let (code, _, err) = ran(folder, &["tune", "plain.json", "--out", "plain-tune.html", "-q"]);
    assert_eq!((code, err.as_str()), (0, ""));
    session.open_page(Path::new(&folder.join("plain-tune.html")));
    at_rest(&session);
    drag(&session, "regions.a.leads.monthly", 5);
    let said = at_rest(&session);
    assert_eq!((&said["targets"], &said["changes"]), (&json!({}), &json!({"regions.a.leads.monthly.mean": 10.5})));
    assert!(
        changes_told(&session)[0].starts_with("a: leads a month 10 → 10.5: median €"),
        "{:?}",
        changes_told(&session)
    );
    assert!(!session.holds("document.querySelector('[data-goal], #goal-target')"));
    assert_eq!(complaints(&session), Vec::<String>::new());
}

//! The page and the brief: what they say, in which words, how they write numbers.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::{ran, scenario};

/// Runs a scenario into `run` below a new folder; gives the folder and what was printed.
fn with_run(scenario: &str, options: &[&str]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let mut arguments = vec!["run", scenario, "--out", "run"];
    arguments.extend(options);
    let (code, out, err) = ran(folder.path(), &arguments);
    assert_eq!((code, err.as_str()), (0, ""));
    (folder, out)
}

fn page(folder: &Path) -> String {
    fs::read_to_string(folder.join("run/report.html")).unwrap()
}

/// The words of a page: without head, style, script, pictures and tags, white space as one space.
fn words(page: &str) -> String {
    let mut text = page[page.find("<body").unwrap()..].to_owned();
    for element in ["script", "svg"] {
        while let Some(from) = text.find(&format!("<{element}")) {
            let end = format!("</{element}>");
            let to = from + text[from..].find(&end).unwrap() + end.len();
            text.replace_range(from..to, " ");
        }
    }
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(if c == '\u{A0}' { ' ' } else { c }),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".").replace(" ,", ",")
}

fn written(folder: &Path, scenario: &Value) -> String {
    let file = folder.join("scenario.json");
    fs::write(&file, scenario.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// One region, three months, nothing uncertain.
fn fixed() -> Value {
    json!({
        "name": "Fixed", "start": "2027-01", "months": 3, "simulation": {"trials": 200},
        "regions": {"a": {"leads": {"monthly": 20}, "conversion": 0.5, "cycle": {"mean_days": 10}, "deal_size": {"mean": 100}}}
    })
}

#[test]
fn the_plan_is_answered_in_the_order_of_an_executives_questions() {
    let (folder, _) = with_run(&scenario("ai-marketing-plan"), &["--trials", "2000"]);
    let words = words(&page(folder.path()));
    let order = [
        "AI marketing platform",
        "Total bookings in 2027",
        "8 chances in 10 of",
        "Year 1",
        "What drives it",
        "What to do",
        "in 100 by construction: what this assumes (5 assumptions)",
        "solved so that the mean of 2027 is €17.8M",
        "Will we make the plan?",
        "€17.8M in 2027:",
        "When levels are first reached",
        "Over time",
        "The 8-in-10 band holds for any one month of total bookings; all 12 months of 2027 inside:",
        "What drives it",
        "revcast run --deep",
        "If things go badly",
        "Regions side by side",
        "Percentiles do not add",
        "Quarters and years",
        "What comes back for the money",
        "not profit",
        "What this does not say",
        "For the analyst",
        "How sure the simulation itself is",
        "Inputs with a range",
        "What is fixed",
        "What is taken as independent",
        "How to repeat it",
    ];
    let mut from = 0;
    for text in order {
        from += words[from..].find(text).unwrap_or_else(|| panic!("{text:?} is not where it should be in: {words}"));
    }
    // Nobody reads far for the figure.
    let figure = words.find("€14").unwrap_or(words.len());
    assert!(words[..figure].split_whitespace().count() <= 15, "{}", &words[..figure]);
    for nonsense in ["NaN", " inf", "undefined", "null", "None", "-0 ", " 1 futures", " 0 in 100"] {
        assert!(!words.contains(nonsense), "{nonsense}");
    }
}

#[test]
fn what_was_asked_beside_the_forecast_is_on_the_page() {
    let (folder, _) = with_run(&scenario("ai-marketing-plan"), &["--trials", "1000", "--deep"]);
    let words = words(&page(folder.path()));
    for text in [
        "What would raise the odds",
        "(€100k) would raise the chance of “Year 1” most: from",
        "(€100k): if it works as the scenario says, “Year 1” goes from",
        "it contradicts itself in 12 places and leaves 8 questions open, listed for the analyst.",
        "The effect is assumed",
        "For 80 in 100, “Year 1” would take",
        "With leads a month 5 % lower in every region, “Year 1” is met in",
        "What was different in those futures:",
        "Small steps for the worse, and levers",
        "Contradictions",
        "12 months of €1.5M make €18.0M",
    ] {
        assert!(words.contains(text), "{text:?} in: {words}");
    }
    assert!(!words.contains("revcast run --deep"));
}

#[test]
fn a_scenario_without_ranges_targets_and_investment_is_told_as_it_is() {
    let folder = TempDir::new().unwrap();
    let file = written(folder.path(), &fixed());
    let (code, ..) = ran(folder.path(), &["run", &file, "--out", "run"]);
    assert_eq!(code, 0);
    let words = words(&page(folder.path()));
    for text in [
        "Every input is fixed, so the range shows luck alone",
        "Name a target to be told its chance",
        "The scenario sets no target.",
        "nothing but luck moves the figures",
        "There are no two inputs with a range.",
        "Closed form:",
    ] {
        assert!(words.contains(text), "{text:?} in: {words}");
    }
    assert!(!words.contains("What comes back for the money") && !words.contains("Regions side by side"));
}

#[test]
fn the_page_lets_nothing_in_and_asks_for_nothing() {
    let (folder, _) = with_run(&scenario("minimal"), &["--trials", "300"]);
    let page = page(folder.path());
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    // The only address is the name of a space of XML.
    let addresses = page.match_indices("http").count();
    let names = page.match_indices("http://www.w3.org/").count() + page.match_indices("http-equiv").count();
    assert_eq!(addresses, names);
    assert!(![" style=\"", "<link", "<img", "@import", "onclick"].iter().any(|text| page.contains(text)));
    // It carries its typeface.
    assert_eq!(page.matches("url(").count(), page.matches("url(data:font/woff2;base64,").count());
    assert!(page.len() < 1_500_000);
}

#[test]
fn the_brief_has_at_most_twelve_lines_and_is_all_that_is_printed() {
    let plan = scenario("ai-marketing-plan");
    let (folder, out) = with_run(&plan, &["--trials", "1000", "--brief", "--period", "year"]);
    insta::assert_snapshot!(out);
    let again = ran(folder.path(), &["report", "run/forecast.json", "--brief", "--period", "year"]);
    assert_eq!(again, (0, out, String::new()));
    let mut many: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    many["name"] = "A name of\nmany *words* ".repeat(500).into();
    many["targets"] = (1..=40)
        .map(|i| json!({"name": format!("T{i} <b>*x*</b>"), "metric": "total_bookings", "period": "2027", "at_least": 400_000 * i}))
        .collect();
    let file = written(folder.path(), &many);
    for style in ["--brief", "--brief=markdown"] {
        for period in ["month", "quarter", "year"] {
            let options = ["run", &file, "--out", "many", "--trials", "100", style, "--period", period];
            let (code, out, _) = ran(folder.path(), &options);
            let lines: Vec<&str> = out.lines().collect();
            assert_eq!(code, 0);
            assert!((6..=12).contains(&lines.len()), "{out}");
            assert!(lines.iter().all(|line| line.chars().count() < 420), "{out}");
            assert!(style == "--brief" || out.contains("T1 \\<b\\>\\*x\\*\\</b\\>"), "{out}");
        }
    }
}

#[test]
fn numbers_are_written_as_the_locale_does_and_the_document_stays_the_same() {
    let plan = scenario("ai-marketing-plan");
    let (english, told) = with_run(&plan, &["--trials", "1000"]);
    let (german, gesagt) = with_run(&plan, &["--trials", "1000", "--locale", "de"]);
    let document = |folder: &TempDir| fs::read(folder.path().join("run/forecast.json")).unwrap();
    assert!(document(&english) == document(&german));
    assert!(told.contains("1,000 futures") && gesagt.contains("1.000 futures"));
    let words = words(&page(german.path()));
    assert!(words.contains("17,8M € in 2027") && words.contains("1.000 futures"), "{words}");
    // What somebody wrote stays as it was written.
    assert!(words.contains("solved so that the mean of 2027 is €17.8M"));
    let chart = fs::read_to_string(german.path().join("run/charts/exceedance.svg")).unwrap();
    assert!(chart.contains("17,8M\u{A0}€"));
    let (code, _, err) = ran(english.path(), &["report", "run/forecast.json", "--locale", "klingon"]);
    assert_eq!(code, 2);
    assert!(err.contains("klingon") && err.contains("de-CH"), "{err}");
}

//! The audit of the committed plan, of a scenario that states nothing, and what `revcast check` makes of it.

use std::path::Path;

use crate::cli::{ran, scenario as named};
use revcast::audit::{Finding, Kind, Rule, audit};
use revcast::engine::{Execution, Memory, Run};
use revcast::forecast::forecast;
use revcast::model::resolve;
use revcast::scenario::{Scenario, load};
use revcast::units::Frequency;
use serde_json::{Value, json};

fn committed(name: &str) -> (Scenario, Vec<Finding>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
    let scenario = load(&path, &[], &|p| std::fs::read(p)).unwrap_or_else(|faults| panic!("{faults}"));
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let findings = audit(&scenario, &model);
    (scenario, findings)
}

/// That a rule finds something of a kind on the plan in which all these words stand together.
#[track_caller]
fn finds(findings: &[Finding], kind: Kind, rule: Rule, words: &[&str]) {
    let of: Vec<&Finding> = findings.iter().filter(|f| f.kind == kind && f.rule == rule).collect();
    let all = |f: &&Finding| words.iter().all(|w| format!("{} {}", f.sentence, f.consistent).contains(w));
    assert!(of.iter().any(|f| all(f) && !f.sources.is_empty()), "{words:?} not in {of:#?}");
}

#[test]
fn the_plan_contradicts_itself_where_it_was_worked_out_to() {
    let (_, findings) = committed("ai-marketing-plan.json");
    let contradiction = |rule, words: &[&str]| finds(&findings, Kind::Contradiction, rule, words);
    let targets = [
        "€80.87M by the end of December 2028, 2.27 times the €35.6M",
        "€188.1M by the end of December 2029, 2.64 times the €71.2M",
        "targets of €80.87M and €188.1M",
        "12 % of the rates assumed",
        "31 % of the leads assumed from January 2028 on and 82 % from January 2029 on",
    ];
    contradiction(Rule::TargetsAgainstInputs, &targets);
    assert_eq!(findings[0].rule, Rule::TargetsAgainstInputs, "what bears most on the forecast comes first");
    contradiction(Rule::StatedTwice, &["35 days", "45 days", "Executive Summary"]);
    contradiction(
        Rule::PartsAndWholes,
        &["12 months of €1.5M make €18.0M", "4 quarters of €4.5M", "€17.8M: €200k (1.12 %) less", "€1.483M a month"],
    );
    let flat = ["29 times", "€613.8k", "€2.855M", "month 8", "€43.5M", "€9.351M", "€876.7k to €3.084M"];
    contradiction(Rule::FlatAndGrowing, &flat);
    let years = [
        "5.35 times",
        "€95.23M and €509.5M",
        "€17.8M and €35.6M read as cumulative",
        "€35.6M and €71.2M read as single",
        "5.946 %",
    ];
    contradiction(Rule::YearsAgainstGrowth, &years);
    contradiction(Rule::RunRateFromLaunch, &["month 3", "books €13.0M", "€2.054M a month", "37 %"]);
    contradiction(
        Rule::NoMixHasThem,
        &[
            "€8,000 and sales cycle 35 days",
            "€6,000 to €7,000",
            "€8,000 and 25 % fit exactly one mix",
            "of the wins Europe 32.37 %, Latin America 30.43 % and Asia-Pacific 37.2 %",
            "of the leads Europe 32.37 %, Latin America 25.36 % and Asia-Pacific 42.27 %",
            "36.7 days by wins and 37 days by leads",
        ],
    );
    let pipeline = [
        "needs €6.899M",
        "€1.087M a month",
        "€13.04M a year",
        "€1.25M",
        "0.83 months",
        "1.11 times",
        "4 times (€18.0M)",
    ];
    contradiction(Rule::Pipeline, &pipeline);
    contradiction(Rule::ReturnArithmetic, &["917 %, not 910 %", "612 % to 610 %", "1,482 % to 1,480 %"]);
    contradiction(Rule::ReturnWindows, &["12 months", "18 months", "€1.667M", "968 %"]);
    contradiction(Rule::ReturnOfNothing, &["400 %", "€12.5M of revenue", "€3.56M invested", "70.2 % on €17.8M"]);
    contradiction(Rule::Performers, &["20 %, 60 % and 20 %", "average 84 %", "85 %+ stated of Latin America"]);
    assert_eq!(findings.iter().filter(|f| f.kind == Kind::Contradiction).count(), 12, "{findings:#?}");
}

#[test]
fn the_plan_is_asked_what_its_words_mean() {
    let (_, findings) = committed("ai-marketing-plan.json");
    let question = |rule, words: &[&str]| finds(&findings, Kind::Question, rule, words);
    question(Rule::CumulativeOrSingle, &["€17.8M in year 2 and €35.6M in year 3", "+100 % a year", "€124.6M"]);
    question(Rule::PlainMean, &["€15k, €3,000 and €6,000", "Europe 22.2 % to 41.7 %"]);
    question(Rule::ReturnWindows, &["1,426 % on €53.4M in 2 years", "2,669 % on €124.6M in 3 years"]);
    question(Rule::BookedOrRecognised, &["€6.43M", "€5.16"]);
    question(
        Rule::Activities,
        &["are 45 meetings (stated: 20+)", "2 demos (stated: 15+)", "0.75 proposals (stated: 10+)"],
    );
    question(
        Rule::Staffing,
        &["\"Account Executives\" takes 35 to 59 heads", "€800k over 18 months", "at most €15.24k a year"],
    );
    question(
        Rule::Renewals,
        &[
            "95.5 %",
            "€17.0M",
            "€18.6M new of €35.6M in year 2",
            "€37.2M new of €71.2M in year 3",
            "+4.5 %",
            "€801k new of €17.8M",
        ],
    );
    finds(&findings, Kind::Warning, Rule::MiddleValue, &["win rate of 25 %", "25.7 %"]);
    finds(&findings, Kind::Warning, Rule::MiddleValue, &["sales cycle of 35 days", "36.7 days"]);
    let warnings = findings.iter().filter(|f| f.kind == Kind::Warning).count();
    assert_eq!(warnings, 2, "the plan's inputs have ranges, correlations and a market factor: {findings:#?}");
}

#[test]
fn the_plan_as_stated_comes_out_at_its_targets() {
    let (scenario, findings) = committed("as-stated.json");
    assert!(findings.iter().all(|finding| finding.rule != Rule::TargetsAgainstInputs), "{findings:#?}");
    let model = resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}"));
    let execution = Execution::new(None);
    let run = Run::begin(model, &execution, Memory::default()).unwrap_or_else(|error| panic!("{error}"));
    let forecast = forecast(&scenario, &run, None).unwrap_or_else(|error| panic!("{error}"));
    let mut held = 0;
    for target in forecast.targets.iter().filter(|target| target.each.is_none()) {
        let series = forecast.series(target.metric, &target.scope, Frequency::Cumulative).expect("a flow");
        let months = &forecast.periods(Frequency::Cumulative).expect("the same").labels;
        let label = if target.period == "2027" { "to 2027-12" } else { &target.period };
        let at = months.iter().position(|month| month == label).expect("a month of the horizon");
        let mean = series.bands.mean.value[at].expect("a mean");
        // Solved with these draws, to the last digit written.
        assert!((mean / target.at_least - 1.0).abs() < 0.003, "{}: {mean}", target.name);
        held += 1;
    }
    assert_eq!(held, 3);
}

#[test]
fn the_audit_of_the_plan_reads_as_it_did() {
    let (scenario, findings) = committed("ai-marketing-plan.json");
    insta::assert_snapshot!(revcast::report::audit(&scenario, &findings, 80));
}

#[test]
fn a_scenario_that_states_nothing_is_warned_only() {
    let (scenario, findings) = committed("minimal.json");
    let rules: Vec<Rule> = findings.iter().map(|f| f.rule).collect();
    assert_eq!(rules, [Rule::Independent]);
    let text = revcast::report::audit(&scenario, &findings, 100);
    assert!(text.contains("It states no figures") && text.contains("Warnings"), "{text}");
    let text = revcast::report::audit(&scenario, &[], 100);
    assert!(text.contains("Nothing else was found."), "{text}");
}

#[test]
fn check_prints_the_findings_as_json_and_nothing_else() {
    let (code, out, err) = ran(Path::new("."), &["check", &named("ai-marketing-plan"), "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let findings: Vec<Value> = serde_json::from_str(&out).expect("JSON");
    assert_eq!(findings.len(), committed("ai-marketing-plan.json").1.len());
    assert_eq!(
        (&findings[0]["kind"], &findings[0]["rule"]),
        (&json!("contradiction"), &json!("targets_against_inputs"))
    );
    assert_eq!(findings[0]["about"], json!(["targets[Two years]", "targets[Three years]"]));
    assert_eq!(
        findings[0]["headline"],
        "The inputs bring 2.3 and 2.6 times what \"Two years\" and \"Three years\" ask."
    );
    let (code, out, _) = ran(Path::new("."), &["check", &named("minimal")]);
    assert!(code == 0 && out.contains("\nDoes the plan agree with itself?\n"), "{out}");
}

/// A scenario with this stated.
fn stating(stated: &Value) -> Result<Scenario, String> {
    let scenario = json!({
        "name": "a", "start": "2027-01", "months": 12, "stated": stated,
        "regions": {"one": {"leads": {"monthly": 5}, "conversion": 0.5, "cycle": {"mean_days": 9}, "deal_size": {"mean": 1}}}
    });
    load("a.json".as_ref(), &[], &|_| Ok(scenario.to_string().into_bytes())).map_err(|faults| faults.to_string())
}

#[test]
fn faults_of_stated_figures_are_all_reported_at_once() {
    let faults = stating(&json!({
        "figurs": [],
        "figures": [{"name": "A", "metric": "bookngs", "period": "2027", "value": 1},
            {"name": "B", "metric": "bookings", "period": "2026", "value": {"at_lest": 1}},
            {"name": "C", "metric": "bookings", "period": "2026", "value": 1, "region": "on"}],
        "averages": [{"name": "D", "of": "win_rate", "value": 25}],
        "staffing": [{"name": "E", "role": "Saless", "customers_per_head": 5}],
        "budget": [{"name": "Sales", "amount": 5}],
        "activities": [{"name": "F", "rate": 0.5, "from": ["G"]}],
        "mix": {"of": "wins", "shares": {"two": 1}}
    }))
    .expect_err("it is full of faults");
    for words in [
        "stated.figurs",
        "did you mean \"bookings\"?",
        "an object with one of value, at_least, at_most",
        "\"2026\", which begins before the scenario",
        "no region \"on\"",
        "did you mean 0.25?",
        "did you mean \"Sales\"?",
        "no activity \"G\" before it",
        "stated.mix.shares.two",
    ] {
        assert!(faults.contains(words), "{words}: {faults}");
    }
}

#[test]
fn figures_that_lead_nowhere_are_faults() {
    let faults = stating(&json!({
        "figures": [{"name": "A", "metric": "bookings", "period": "2999", "value": 1},
            {"name": "B", "metric": "bookings", "period": "2027", "value": 1, "region": "one", "tag": {"size": "big"}}],
        "quotas": [{"name": "C", "attainment": 80}],
        "activities": [{"name": "D", "per_week": 5, "rate": 0.5}, {"name": "D", "per_week": 5}],
        "budget": [{"name": "E", "amount": 5, "part_of": "F"}, {"name": "F", "amount": 5, "part_of": "E"},
            {"name": "G", "amount": 5, "share": 0.5}, {"name": "G", "amount": 6}]
    }))
    .expect_err("it is full of faults");
    for words in [
        "\"2999\", which ends more than 100 years after the scenario's start",
        "a period from 2027-01 to 2126-12",
        "a tag beside a region",
        "80 is above 10; did you mean 0.8?",
        "a rate of the first activity",
        "a second activity \"D\"",
        "\"E\" is part of itself",
        "\"F\" is part of itself",
        "a share without part_of",
        "a second line \"G\"",
    ] {
        assert!(faults.contains(words), "{words}: {faults}");
    }
}

#[test]
fn what_a_list_lacks_is_a_fault_of_the_file_that_replaced_it() {
    let figure = json!({"name": "A", "metric": "bookings", "period": "2027", "value": 1});
    let base = json!({
        "name": "a", "start": "2027-01", "months": 12, "stated": {"figures": [figure]},
        "regions": {"one": {"leads": {"monthly": 5}, "conversion": 0.5, "cycle": {"mean_days": 9}, "deal_size": {"mean": 1}}}
    });
    let variant = json!({"extends": "base.json", "stated": {"figures": [{"name": "A", "metric": "bookings"}]}});
    let read = |path: &Path| Ok(if path.ends_with("base.json") { &base } else { &variant }.to_string().into_bytes());
    let faults = load("variant.json".as_ref(), &[], &read).expect_err("a period is missing").to_string();
    assert!(faults.contains("variant.json: stated.figures[A].period") && !faults.contains("base.json"), "{faults}");
}

#[test]
fn a_section_without_figures_states_nothing() {
    let scenario = stating(&json!({"figures": [], "note": "later"})).unwrap_or_else(|faults| panic!("{faults}"));
    let text = revcast::report::audit(&scenario, &[], 100);
    assert!(text.contains("It states no figures") && !text.contains("No contradiction"), "{text}");
}

#[test]
fn what_is_stated_is_written_as_it_was_read() {
    let stated = json!({
        "figures": [{"name": "A", "metric": "bookings", "period": "2031", "value": {"at_least": 2.5, "rounding": 0.5}}],
        "performers": [{"name": "B", "share": 0.25, "attainment": {"at_most": 0.6}}]
    });
    let read = stating(&stated).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(serde_json::to_value(&read).expect("JSON")["stated"], stated);
    let (minimal, _) = committed("minimal.json");
    assert_eq!(serde_json::to_value(&minimal).expect("JSON").get("stated"), None);
}

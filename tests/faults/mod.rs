//! Bad input: one clear report that names file, field, found, allowed and hint; all faults at once.

mod changes;
mod levers;
mod limits;
mod options;
mod team;

use std::collections::HashMap;
use std::io;
use std::path::Path;

use insta::assert_snapshot;
use revcast::model::resolve;
use revcast::scenario::{Setting, load};
use serde_json::{Value, json};

/// A sound scenario to break.
fn sound() -> Value {
    json!({
        "name": "Sound", "start": "2027-01", "months": 12,
        "regions": {"europe": {"leads": {"monthly": 100}, "conversion": {"mean": 0.25, "sd": 0.03}, "cycle": {"mean_days": 45}, "deal_size": {"mean": 15000}}}
    })
}

/// What is said of a text in place of a scenario.
fn said(text: &[u8], settings: &[(&str, &str)]) -> String {
    let settings: Vec<Setting> = settings
        .iter()
        .map(|(path, value)| Setting {
            option: format!("--set {path}={value}"),
            path: (*path).to_owned(),
            value: (*value).to_owned(),
        })
        .collect();
    let text = text.to_vec();
    let open = move |path: &Path| {
        if path == Path::new("s.json") { Ok(text.clone()) } else { Err(io::Error::from(io::ErrorKind::NotFound)) }
    };
    match load("s.json".as_ref(), &settings, &open).and_then(|scenario| resolve(&scenario)) {
        Ok(_) => "sound".to_owned(),
        Err(faults) => faults.to_string(),
    }
}

fn with(settings: &[(&str, &str)]) -> String {
    said(sound().to_string().as_bytes(), settings)
}

#[test]
fn a_sound_scenario_is_sound() {
    assert_eq!(with(&[]), "sound");
}

#[test]
fn all_faults_are_reported_at_once() {
    let text = json!({
        "name": "Broken", "start": "2027-13", "months": 36.5, "currency": "Euro",
        "regions": {
            "europe": {"leads": {"monthly": -5, "grwoth": 0.1}, "conversion": 25, "cycle": {"mean_days": "45"}, "deal_size": {"mean": 15000, "shape": "lognromal"}},
            "Asia": {"leads": {"monthly": {"p10": 50, "p90": 20}}, "conversion": {"mean": 0.25, "sd": 0.5}, "cycle": {"mean_days": {"low": 50, "mode": 40, "high": 60}},
                "stages": [], "deal_size": {"mean": {"mean": 5, "low": 2}}, "retention": 0.96}
        },
        "targets": [{"name": "T", "metric": "revenu", "period": "2027", "at_least": 1}]
    });
    assert_snapshot!(said(text.to_string().as_bytes(), &[]), @r#"
    s.json: currency
      found:   the text "Euro"
      allowed: three capital letters, such as EUR

    s.json: start
      found:   the text "2027-13"
      allowed: a month such as "2027-03", in quotes, years 1900 to 2999

    s.json: months
      found:   36.5
      allowed: months, 1 to 600 without decimals

    s.json: regions.europe.leads.monthly
      found:   -5
      allowed: leads a month, 0 to 1e9
      hint:    negative numbers are not allowed here

    s.json: regions.europe.leads.grwoth
      found:   an unknown key
      allowed: one of monthly, growth, activities, ramp, season, overdispersion, note, source
      hint:    did you mean "growth"?

    s.json: regions.europe.conversion
      found:   25
      allowed: a share, 0 to 1
      hint:    25 is above 1; did you mean 0.25?

    s.json: regions.europe.cycle.mean_days
      found:   the text "45"
      allowed: days, above 0 and at most 36525: a number, or an object with mean and sd (or cv), low and high (and mode), two percentiles such as p10 and p90, values and weights, or value
      hint:    numbers are written without quotes

    s.json: regions.europe.deal_size.shape
      found:   the text "lognromal"
      allowed: one of lognormal, gamma, fixed, table
      hint:    did you mean "lognormal"?

    s.json: regions.Asia
      found:   the key "Asia"
      allowed: lower-case letters, digits and underscores, and not "total"
      hint:    what people read goes into "label"

    s.json: regions.Asia.leads.monthly
      found:   percentiles cross: a higher percentile has a lower value
      allowed: a higher percentile with a higher value, inside the domain
      hint:    p10 is the value that 10 % of outcomes fall below

    s.json: regions.Asia.stages
      found:   a list of 0
      allowed: a list of 1 to 20 stages

    s.json: regions.Asia.conversion
      found:   no beta law with mean 0.25 has a standard deviation of 0.5; it must be below 0.4330
      allowed: an sd below 0.4330
      hint:    an sd is that of the share itself: 0.03 means plus or minus 3 points

    s.json: regions.Asia.cycle.mean_days
      found:   low 50, mode 40 and high 60 do not ascend
      allowed: low ≤ mode ≤ high

    s.json: regions.Asia
      found:   conversion beside stages
      allowed: either conversion and cycle, or stages
      hint:    stages say how many pass and how long it takes

    s.json: regions.Asia
      found:   cycle beside stages
      allowed: either conversion and cycle, or stages
      hint:    stages say how many pass and how long it takes

    s.json: regions.Asia.deal_size.mean
      found:   mean beside low
      allowed: a number, or an object with mean and sd (or cv), low and high (and mode), two percentiles such as p10 and p90, values and weights, or value
      hint:    a quantity is written in one of these forms only

    s.json: targets[T].metric
      found:   the text "revenu"
      allowed: one of leads, won_deals, lost_deals, open_deals, bookings, renewals, total_bookings, revenue, arr, customers, pipeline_value, weighted_pipeline, investment, roi, bookings_closed, bookings_from_open, bookings_from_new, bookings_from_one_offs, renewals_closed, renewals_from_contracts, renewals_from_new, arr_new, arr_expansion, arr_contraction, arr_churn, nrr, grr, cac, arpa, ltv, cac_payback_months, margin_roi, ae_headcount, sdr_headcount, started_leads, waiting_leads, expired_leads, ae_capacity, sdr_capacity, ae_utilisation, sdr_utilisation, quota_attainment, reps_at_quota, bookings_per_rep
      hint:    did you mean "revenue"?
    "#);
}

#[test]
fn syntax_faults_show_the_place() {
    assert_snapshot!(said(b"{\n  \"name\": \"x\",\n  \"months\": 12,\n  \"months\": 24\n}", &[]), @r#"
    s.json:4:10: the key "months" stands twice in this object
      |   "months": 24
      |          ^
    "#);
    assert_snapshot!(said(b"{\"name\": \"x\",}", &[]), @r#"
    s.json:1:14: trailing comma
      | {"name": "x",}
      |              ^
    "#);
    assert_snapshot!(said(b"{\"months\": 1e400}", &[]), @r#"
    s.json:1:16: a number too large for double precision
      | {"months": 1e400}
      |                ^
    "#);
    assert_snapshot!(said(b"{\"months\": NaN}", &[]), @r#"
    s.json:1:12: expected value
      | {"months": NaN}
      |            ^
    "#);
    // What is not closed is shown where it was opened, by the brackets or, where one is missing further up, by how far right it stands.
    assert_snapshot!(said(b"{\n  \"name\": \"x\",\n  \"regions\": {\n", &[]), @r#"
    s.json:3:14: the file ends too soon: the object that is opened here is not closed
      |   "regions": {
      |              ^
    "#);
    assert_snapshot!(said(b"{\n  \"regions\": {\n    \"a\": {\"leads\": 1},\n  \"targets\": [\n  ]\n}\n", &[]), @r#"
    s.json:2:14: the file ends too soon: a bracket is missing; is the object that is opened here closed?
      |   "regions": {
      |              ^
    "#);
    assert_snapshot!(said(b"{\n  \"regions\": {\n    \"a\": {\n      \"leads\": [1, {}]\n  },\n  \"months\": 12\n}\n", &[]), @r#"
    s.json:3:10: the file ends too soon: a bracket is missing; is the object that is opened here closed?
      |     "a": {
      |          ^
    "#);
    assert_snapshot!(said(b"{\"name\": \"a \\\"{, \"months\": 1}", &[]), @r#"
    s.json:1:19: expected `,` or `}`
      | {"name": "a \"{, "months": 1}
      |                   ^
    "#);
    assert_snapshot!(said(b"{\"months\": 12, \"name\": \"Plan", &[]), @r#"
    s.json:1:24: the text that begins here has no closing quote
      | {"months": 12, "name": "Plan
      |                        ^
    "#);
    assert_snapshot!(said(b"", &[]), @"s.json: the file is empty; a scenario is a JSON object");
    assert_snapshot!(said(b"[1, 2]", &[]), @"s.json: a scenario is a JSON object in braces");
    assert_snapshot!(said(b"{\"name\": \"\xff\"}", &[]), @"s.json: not UTF-8 text: byte 11 is 0xff; save the file as UTF-8");
    let deep = "[".repeat(100_000);
    assert!(said(deep.as_bytes(), &[]).contains("nested more than 127 levels deep"), "{}", said(deep.as_bytes(), &[]));
}

#[test]
fn numbers_out_of_range_are_refused_with_what_is_allowed() {
    for (path, value, expected) in [
        ("regions.europe.conversion", "1.0000001", "a share, 0 to 1"),
        ("regions.europe.conversion", "-0.1", "negative numbers are not allowed"),
        ("regions.europe.conversion", "25", "did you mean 0.25?"),
        ("regions.europe.leads.monthly", "1e308", "leads a month, 0 to 1e9"),
        ("regions.europe.leads.growth", "-2", "-1 to 10"),
        ("regions.europe.deal_size.mean", "0", "above 0"),
        ("regions.europe.deal_size.mean", "1e308", "an amount of money"),
        ("regions.europe.cycle.cv", "-1", "0 to 10"),
        ("regions.europe.cycle.cv", "1e-9", "0, or 0.001 to 10"),
        ("regions.europe.leads.ramp", "[]", "a list of 1 to 600"),
        ("regions.europe.leads.season", "[1,2]", "a list of 12"),
        ("regions.europe.leads.season", "[0,0,0,0,0,0,0,0,0,0,0,0]", "at least one factor above 0"),
        ("regions.europe.leads.overdispersion", "-0.1", "0 to 100"),
        ("simulation.trials", "1000000000000", "1 to 1e8"),
        ("simulation.trials", "0", "1 to 1e8"),
        ("simulation.trials", "1.5", "without decimals"),
        ("simulation.seed", "-1", "a seed"),
        ("simulation.seed", "18446744073709551615", "sound"),
        ("simulation.seed", "18446744073709551616", "a seed"),
        ("months", "1000000", "1 to 600"),
        ("months", "0", "1 to 600"),
        ("months", "\"12\"", "without quotes"),
        ("market.persistence", "1", "0 to 0.9999"),
        ("contract.term_months", "0", "1 to 600"),
        ("fiscal_year.first_month", "13", "1 to 12"),
        ("name", "7", "text in quotes"),
        ("regions.europe.leads", "[]", "an object"),
        ("assumptions", "\"one\"", "a list in brackets"),
        ("currency", "eur", "three capital letters"),
        ("start", "2027", "a month such as"),
    ] {
        let message = with(&[(path, value)]);
        assert!(message.contains(expected), "{path}={value}: {message}");
        assert!(
            message == "sound" || message.contains(path) && message.contains(&format!("--set {path}")),
            "{path}={value}: {message}"
        );
    }
}

#[test]
fn quantities_that_make_no_law_are_refused() {
    for (value, expected) in [
        (r#"{"mean": 0.25, "sd": 0.44}"#, "an sd below 0.4330"),
        (r#"{"p10": 0.3, "p90": 0.2}"#, "percentiles cross"),
        (r#"{"p10": 0.3}"#, "two percentiles"),
        (r#"{"p10": 0.3, "p50": 0.4, "p90": 0.5}"#, "two percentiles"),
        (r#"{"p10": 0, "p90": 0.5}"#, "between 0 and 1, both excluded"),
        (r#"{"low": 0.3, "mode": 0.2, "high": 0.4}"#, "do not ascend"),
        (r#"{"low": 0.3}"#, "required"),
        (r#"{"mean": 0.3}"#, "a mean without a spread"),
        (r#"{"mean": 0.3, "sd": 0.1, "cv": 0.1}"#, "sd beside cv"),
        (r#"{"mean": 0.3, "sd": 0.1, "shape": "gamma"}"#, "outside the field's domain"),
        (r#"{"mean": 0.3, "sd": 0.1, "shape": "betta"}"#, "did you mean \"beta\"?"),
        (r#"{"mean": 0.3, "low": 0.1}"#, "mean beside low"),
        (r#"{"values": [0.2, 0.1], "weights": [1, 1]}"#, "ascend"),
        (r#"{"values": [0.1, 0.2], "weights": [1]}"#, "as many weights"),
        (r#"{"values": [0.1, 0.2], "weights": [0, 0]}"#, "not all 0"),
        (r#"{"values": [0.1, 2], "weights": [1, 1]}"#, "did you mean 0.02?"),
        (r#"{}"#, "an empty object"),
        (r#"{"meen": 0.3}"#, "mean and sd"),
        (r#"{"low": 0.2, "high": 0.3, "shape": "pert"}"#, "needs a mode"),
        (r#"{"low": 0.2, "mode": 0.25, "high": 0.3, "shape": "uniform"}"#, "beside shape uniform"),
        (r#""0.25""#, "without quotes"),
        ("true", "a share"),
        ("null", "required"),
    ] {
        let message = with(&[("regions.europe.conversion", value)]);
        assert!(message.contains(expected) && message.contains("regions.europe.conversion"), "{value}: {message}");
    }
}

#[test]
fn crossing_faults_are_refused() {
    let stage = r#"[{"name": "Demo", "pass": 0.5, "mean_days": 10}]"#;
    assert_snapshot!(with(&[("regions.europe.stages", stage)]), @r#"
    --set regions.europe.stages=[{"name": "Demo", "pass": 0.5, "mean_days"…: regions.europe
      found:   conversion beside stages
      allowed: either conversion and cycle, or stages
      hint:    stages say how many pass and how long it takes

    --set regions.europe.stages=[{"name": "Demo", "pass": 0.5, "mean_days"…: regions.europe
      found:   cycle beside stages
      allowed: either conversion and cycle, or stages
      hint:    stages say how many pass and how long it takes
    "#);
    assert_snapshot!(with(&[("targets", r#"[{"name": "A", "metric": "bookings", "period": "2028", "at_least": 1}, {"name": "A", "metric": "arr", "period": "to 2027-06", "at_least": 1},
        {"name": "B", "metric": "roi", "period": "total", "at_least": 0, "region": "europe"}, {"name": "C", "metric": "bookings", "period": "Q1", "at_least": 1, "region": "eurpe"},
        {"name": "D", "metric": "bookings", "period": "total", "at_least": 1, "tag": {"segment": "x"}}]"#)]), @r#"
    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[A].name
      found:   the name "A" twice
      allowed: a name of its own

    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[A].period
      found:   "2028" is not wholly inside the horizon, 2027-01 to 2027-12
      allowed: a period inside 2027-01 to 2027-12
      hint:    months: 24 would reach it

    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[A].period
      found:   "to 2027-06" of ARR
      allowed: a period that it ends
      hint:    it is a level at the end of a month and does not add up: name that month

    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[B].metric
      found:   return on investment of a part
      allowed: no region and no tag
      hint:    it is known for the total only

    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[C].period
      found:   "Q1" is not a period; write 2027-03, 2027-Q1, 2027, FY28, FY28-Q1, 2027..2028, to 2028-12, total, each-month or each-quarter
      allowed: a period inside 2027-01 to 2027-12

    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[C].region
      found:   no region "eurpe"
      allowed: the key of a region
      hint:    did you mean "europe"?

    --set targets=[{"name": "A", "metric": "bookings", "period": "2028", "…: targets[D].tag
      found:   no region with segment = x
      allowed: a tag that a region carries
    "#);
    assert_snapshot!(with(&[("regions.europe.leads.growth", "0.9"), ("months", "60")]), @"
    s.json: regions.europe.leads
      found:   1,768,453,418 expected leads in 2029-03
      allowed: at most 1e9 expected leads a region and month
      hint:    growth compounds month by month: end it with a phase of rate 0
    ");
    let hint_of = |settings: &[(&str, &str)]| {
        let said = with(settings);
        said.rsplit("hint:    ").next().map(str::to_owned).filter(|hint| *hint != said)
    };
    let hint = |settings: &[(&str, &str)]| hint_of(settings).unwrap_or_default();
    assert_eq!(
        hint(&[("regions.europe.leads.growth", "1.5"), ("months", "60")]),
        "1.5 is 150 % a month; did you mean 0.015?"
    );
    assert_eq!(
        hint(&[("regions.europe.leads.monthly", "1e9"), ("regions.europe.leads.ramp", "[2]")]),
        "the leads of a month are leads.monthly times its ramp and its season"
    );
    let target =
        |period: &str| format!(r#"[{{"name": "Q", "metric": "bookings", "period": "{period}", "at_least": 1}}]"#);
    assert_eq!(hint(&[("targets", &target("2029"))]), "months: 36 would reach it");
    assert_eq!(hint(&[("targets", &target("2026-12"))]), "");
    let quarters = r#"[{"name": "Q", "metric": "bookings", "period": "each-quarter", "at_least": 1}]"#;
    assert!(with(&[("months", "2"), ("targets", quarters)]).contains("without a whole one"));
    assert_snapshot!(with(&[("regions", "{}")]), @"
    --set regions={}: regions
      found:   0 regions
      allowed: 1 to 1000 regions
    ");
}

#[test]
fn correlations_are_checked_by_name_and_as_a_whole() {
    let correlate = |list: &str| with(&[("correlations", list)]);
    assert_snapshot!(correlate(r#"[{"between": ["regions.europe.conversion", "regions.europe.retention"], "rho": 0.5}]"#), @r#"
    --set correlations=[{"between": ["regions.europe.conversion", "regions…: correlations[0].between[1]
      found:   regions.europe.retention, which is fixed at 0
      allowed: the path of an uncertain input
      hint:    give it a range, or leave the correlation out
    "#);
    assert_snapshot!(correlate(r#"[{"between": ["regions.europe.conversion", "regions.europe.convrsion"], "rho": 0.5}]"#), @r#"
    --set correlations=[{"between": ["regions.europe.conversion", "regions…: correlations[0].between[1]
      found:   no quantity regions.europe.convrsion
      allowed: the path of an uncertain input
      hint:    did you mean "regions.europe.conversion"?
    "#);
    assert_snapshot!(correlate(r#"[{"between": ["regions.europe.conversion"], "rho": 1.5}]"#), @r#"
    --set correlations=[{"between": ["regions.europe.conversion"], "rho": …: correlations[0].between
      found:   a list of 1
      allowed: a list of two paths

    --set correlations=[{"between": ["regions.europe.conversion"], "rho": …: correlations[0].rho
      found:   1.5
      allowed: a correlation, -1 to 1
    "#);
    let uncertain = [
        ("regions.europe.leads.monthly", r#"{"low": 80, "high": 120}"#),
        ("regions.europe.deal_size.mean", r#"{"low": 80, "high": 120}"#),
        (
            "correlations",
            r#"[{"between": ["regions.europe.conversion", "regions.europe.leads.monthly"], "rho": 0.9}, {"between": ["regions.europe.conversion", "regions.europe.deal_size.mean"], "rho": 0.9},
            {"between": ["regions.europe.leads.monthly", "regions.europe.deal_size.mean"], "rho": -0.9}]"#,
        ),
    ];
    assert_snapshot!(with(&uncertain), @r#"
    --set correlations=[{"between": ["regions.europe.conversion", "regions…: correlations
      found:   regions.europe.conversion with regions.europe.deal_size.mean 0.9; regions.europe.conversion with regions.europe.leads.monthly 0.9; regions.europe.deal_size.mean with regions.europe.leads.monthly -0.9
      allowed: correlations that some joint law has (no negative eigenvalue)
      hint:    these would do: regions.europe.conversion with regions.europe.deal_size.mean 0.5; regions.europe.conversion with regions.europe.leads.monthly 0.5; regions.europe.deal_size.mean with regions.europe.leads.monthly -0.5
    "#);
}

#[test]
fn paths_that_do_not_exist_are_refused() {
    assert_snapshot!(with(&[("regions.eurpoe.conversion", "0.3")]), @r#"
    --set regions.eurpoe.conversion=0.3: regions.eurpoe
      found:   no such region
      allowed: one of europe
      hint:    did you mean "europe"?
    "#);
    assert_snapshot!(with(&[("regions.europe.convrsion", "0.3")]), @r#"
    --set regions.europe.convrsion=0.3: regions.europe.convrsion
      found:   an unknown key
      allowed: one of label, tags, leads, stages, conversion, cycle, lost_cycle, stalled, closing, close_dates, final_amount, deal_size, retention, expansion, gross_margin, team, currency, term_months, terms, exposure, note, source
      hint:    did you mean "conversion"?
    "#);
    assert_snapshot!(with(&[("regions.europe.cycle.mean_days.mean", "40")]), @r#"
    --set regions.europe.cycle.mean_days.mean=40: regions.europe.cycle.mean_days.mean
      found:   the fixed number 45, which has no parameter "mean"
      allowed: a parameter of a quantity that has it
      hint:    set the quantity itself: regions.europe.cycle.mean_days=45, or give it a range: regions.europe.cycle.mean_days={"low": …, "high": …}
    "#);
    assert!(with(&[("extends", "nowhere.json")]).contains("a key of the file"));
    let nothing_to_set = with(&[("investment[0].amount", "3")]);
    assert!(
        nothing_to_set.contains("set the whole list") && nothing_to_set.matches("found:").count() == 1,
        "{nothing_to_set}"
    );
    assert_snapshot!(with(&[("regions.europe.conversion.mean", "1.4")]), @"
    --set regions.europe.conversion.mean=1.4: regions.europe.conversion.mean
      found:   1.4
      allowed: a share, 0 to 1
    ");
}

#[test]
fn extending_files_are_checked_too() {
    let run = |files: &[(&str, &str)]| {
        let files: HashMap<String, String> =
            files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let open = |path: &Path| {
            files
                .get(&path.to_string_lossy().into_owned())
                .map(|t| t.clone().into_bytes())
                .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
        };
        load("dir/a.json".as_ref(), &[], &open).map_or_else(|faults| faults.to_string(), |scenario| scenario.name)
    };
    let base = sound().to_string();
    assert_eq!(
        run(&[("dir/a.json", r#"{"extends": "../base.json", "name": "Child"}"#), ("base.json", &base)]),
        "Child"
    );
    assert_snapshot!(run(&[("dir/a.json", r#"{"extends": "a.json"}"#)]), @"
    dir/a.json: extends
      found:   a circle: dir/a.json extends dir/a.json
      allowed: a file that does not extend itself
    ");
    assert_snapshot!(run(&[("dir/a.json", r#"{"extends": "b.json"}"#), ("dir/b.json", r#"{"extends": "./a.json"}"#)]), @"
    dir/b.json: extends
      found:   a circle: dir/a.json extends dir/b.json extends dir/a.json
      allowed: a file that does not extend itself
    ");
    assert_snapshot!(run(&[("dir/a.json", r#"{"extends": "missing.json"}"#)]), @"
    dir/a.json: extends
      found:   dir/missing.json: no such file
      allowed: a scenario file that can be read
    ");
    assert_snapshot!(run(&[("dir/a.json", r#"{"extends": "../base.json", "months": 900, "regions": {"europe": {"conversion": {"low": 0.2, "high": 30}}}}"#), ("base.json", &base)]), @"
    dir/a.json: months
      found:   900
      allowed: months, 1 to 600

    dir/a.json: regions.europe.conversion.high
      found:   30
      allowed: a share, 0 to 1
      hint:    30 is above 1; did you mean 0.3?
    ");
    assert_snapshot!(run(&[("dir/a.json", r#"{"extends": "../base.json"}"#), ("base.json", &base.replace("\"months\":12", "\"months\":0"))]), @"
    base.json: months
      found:   0
      allowed: months, 1 to 600
    ");
}

#[test]
fn a_patch_replaces_quantities_whole_and_removes_by_null() {
    let base = json!({
        "name": "Base", "start": "2027-01", "months": 12, "market": {"volatility": 0.1, "persistence": 0.5},
        "regions": {"a": {"leads": {"monthly": {"mean": 100, "cv": 0.1}, "growth": [{"from_month": 1, "rate": 0.1}]}, "conversion": 0.2, "cycle": {"mean_days": 10}, "deal_size": {"mean": {"mean": 5, "cv": 0.1}, "cv": 0.4}}}
    })
    .to_string();
    let child = r#"{"extends": "base.json", "market": null, "regions": {"a": {"leads": {"monthly": {"low": 1, "high": 2}, "growth": 0.02}, "deal_size": {"mean": {"p10": 1, "p90": 2}}}}}"#;
    let open =
        |path: &Path| Ok(if path == Path::new("base.json") { base.clone() } else { child.to_owned() }.into_bytes());
    let scenario = load("s.json".as_ref(), &[], &open).unwrap_or_else(|faults| panic!("{faults}"));
    let region = &scenario.regions["a"];
    assert_eq!(scenario.market.volatility, 0.0);
    assert_eq!(region.leads.monthly.as_ref().unwrap().written(), &json!({"low": 1, "high": 2}));
    assert_eq!(region.deal_size.mean.as_ref().map(|mean| mean.written()), Some(&json!({"p10": 1, "p90": 2})));
    assert_eq!(region.deal_size.cv, Some(0.4));
}

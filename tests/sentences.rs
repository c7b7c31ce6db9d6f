//! What a person typed is quoted as it was typed, and no sentence says what its figure does not: on the terminal, the page, the brief and
//! the charts.

use revcast::analysis::{Answer, SampleSizeControl};
use revcast::charts::{Size, of_forecast};
use revcast::engine::Execution;
use revcast::report::{BriefStyle, brief, details, page, summary};
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::cli::ran;
use crate::common::{forecast_of, model, scenario};
use crate::page::page_of;

/// One region and a year; what more there is is for the test to say.
fn plan(more: Value) -> Value {
    let mut plan = json!({
        "name": "Plan", "start": "2027-01", "months": 12, "simulation": {"trials": 400, "seed": 3},
        "regions": {"home": {
            "leads": {"monthly": {"mean": 400, "cv": 0.2}}, "conversion": 0.2, "cycle": {"mean_days": 30},
            "deal_size": {"mean": 10_000}
        }}
    });
    for (key, value) in more.as_object().expect("what more there is comes as an object") {
        plan[key] = value.clone();
    }
    plan
}

/// What a run says of a scenario: terminal, brief, page, and the texts of the charts.
fn said(json: &Value) -> [String; 4] {
    let answer = Answer { forecast: forecast_of(json), deep: None, moved: None, pipeline: None };
    let charts = of_forecast(&answer.forecast, Size::Slide);
    let charts: Vec<String> = charts
        .iter()
        .map(|chart| format!("{}\n{}\n{}", chart.title(), chart.about(), chart.svg("id").expect("it can be drawn")))
        .collect();
    [
        summary(&answer, 110) + &details(&answer, 110),
        brief(&answer, Frequency::Quarter, BriefStyle::Text),
        page(&answer, Frequency::Quarter, None).expect("its charts can be drawn"),
        charts.join("\n"),
    ]
}

#[test]
fn levels_are_quoted_with_the_digits_they_were_typed_with() {
    let said = said(&plan(json!({
        "targets": [
            {"name": "Board", "metric": "bookings", "period": "2027", "at_least": 9_574_900},
            {"name": "Deals", "metric": "won_deals", "period": "2027-06", "at_least": 80.5}
        ],
        "calls": [{"who": "VP", "metric": "bookings", "period": "2027", "amount": 10_049_000}]
    })));
    for text in &said {
        assert!(text.contains("€9.5749M"), "{text}");
        assert!(!text.contains("€9.57M"), "{text}");
    }
    for text in &said[..3] {
        assert!(text.contains("won deals of 80.5"), "{text}");
    }
    for text in [&said[0], &said[2]] {
        assert!(text.contains("of €10.049M in 2027"), "{text}");
    }
}

/// Three regions of which two follow the market, two years from February, and a fiscal year that begins with it.
fn fiscal() -> Value {
    let region = |label: &str, leads: f64, exposure: f64| {
        json!({
            "label": label, "exposure": {"leads": exposure}, "leads": {"monthly": {"mean": leads, "cv": 0.2}},
            "conversion": {"mean": 0.2, "sd": 0.02}, "cycle": {"mean_days": 30}, "deal_size": {"mean": 20_000}
        })
    };
    plan(json!({
        "start": "2027-02", "months": 24, "fiscal_year": {"first_month": 2},
        "market": {"volatility": 0.3, "persistence": 0.8},
        "regions": {"dach": region("DACH", 60.0, 1.0), "uki": region("UK & Ireland", 40.0, 1.0), "na": region("North America", 50.0, 0.0)},
        "investment": [{"name": "Launch", "amount": 900_000, "months": 12}],
        "targets": [
            {"name": "Year", "metric": "total_bookings", "period": "FY28", "at_least": 6_000_000},
            {"name": "Start", "metric": "total_bookings", "period": "Q1 FY28", "at_least": 1_000_000},
            {"name": "June", "metric": "total_bookings", "period": "June 2027", "at_least": 500_000}
        ]
    }))
}

#[test]
fn a_fiscal_year_is_told_where_it_is_first_read_and_periods_are_fiscal() {
    let [summary, brief, page, charts] = said(&fiscal());
    let summary = summary.replace("\n  ", " ");
    for text in [&summary, &brief, &page, &charts] {
        assert!(text.contains("FY28 (February 2027 to January 2028)"), "{text}");
    }
    assert!(brief.contains("\nQ1 FY28: about") && !brief.contains("Q2 2027"), "{brief}");
    assert!(
        page.contains("By the end of FY28 (January 2028), ") && page.contains("By the end of FY29 (January 2029), ")
    );
    assert!(!page.contains("By the end of December 2028"));
    // Charts over time show the main figure's period.
    assert!(charts.contains("\nFY28\n</text>"), "no fiscal year under the axes");
}

#[test]
fn the_first_line_of_every_question_says_what_a_fiscal_year_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    std::fs::write(&file, fiscal().to_string()).unwrap();
    let leads = "regions.na.leads.monthly";
    let questions = [
        "sensitivity plan.json".to_owned(),
        format!("compare plan.json --with {leads}=60"),
        format!("solve plan.json --vary {leads} --target Year --probability 0.5"),
        format!("sweep plan.json --grid {leads}=50,60"),
    ];
    for question in questions {
        let (code, out, err) = ran(folder.path(), &question.split(' ').collect::<Vec<_>>());
        let first = out.replace("\n  ", " ");
        let first = first.lines().next().unwrap_or_default();
        assert!(code == 0 && first.contains("FY28 (February 2027 to January 2028)"), "{question}: {first}{err}");
    }
}

#[test]
fn a_period_is_read_as_it_is_printed_and_files_keep_their_form() {
    let scenario = scenario(&fiscal());
    let periods: Vec<&str> = scenario.targets.iter().map(|target| target.period.as_str()).collect();
    assert_eq!(periods, ["FY28", "FY28-Q1", "2027-06"]);
    let forecast = forecast_of(&fiscal());
    let text = summary(&Answer::new(forecast, None, None), 110);
    assert!(text.contains("in Q1 FY28: ") && text.contains("in June 2027: "), "{text}");
}

#[test]
fn payback_is_the_month_from_which_bookings_cover_what_was_spent_to_the_end() {
    // One deal of 10,000 covers the 1,000 of the first month, and 600,000 more are spent from the second one on: 100,000 a month
    // against some 60,000 of bookings, until the year's second half has nothing to pay for.
    let json = plan(json!({
        "simulation": {"trials": 1000, "seed": 3}, "months": 14,
        "regions": {"home": {
            "leads": {"monthly": 60}, "conversion": 0.1, "cycle": {"mean_days": 1e-6, "shape": "fixed"}, "deal_size": {"mean": 10_000, "cv": 0}
        }},
        "investment": [{"name": "Plan", "amount": 1000, "months": 1}, {"name": "Team", "from_month": 2, "amount": 600_000, "months": 6}]
    }));
    let payback = forecast_of(&json).payback.expect("there is investment");
    // Month m has 60,000 a month against 601,000 from month 7 on: cumulative bookings pass it in about month 11.
    let months = [payback.month.p10, payback.month.p50, payback.month.p90].map(|month| month.value.unwrap());
    assert!(months[0] >= 8.0 && (10.0..=11.0).contains(&months[1]) && months[2] >= months[1], "{months:?}");
    // A spending in the last month that nothing covers: it is not paid back at the end.
    let mut late = json.clone();
    late["investment"][1] = json!({"name": "Late", "from_month": 14, "amount": 1e9, "months": 1});
    let payback = forecast_of(&late).payback.expect("there is investment");
    assert_eq!((payback.probability.known(), payback.month.p50.value), (0.0, None));
}

#[test]
fn a_share_of_a_median_of_0_is_told_apart_from_too_few_futures() {
    let rare = |trials: usize| {
        plan(json!({
            "simulation": {"trials": trials, "seed": 3}, "months": 1,
            "regions": {"home": {"leads": {"monthly": 1}, "conversion": 0.25, "cycle": {"mean_days": 1e-6, "shape": "fixed"}, "deal_size": {"mean": 10_000}}}
        }))
    };
    let text = said(&rare(2000))[0].replace("\n  ", " ");
    assert!(text.contains("a share of a median of 0 has no meaning; P90 is known to ± €"), "{text}");
    assert!(said(&rare(5))[0].contains("Too few futures to tell"), "{}", said(&rare(5))[0]);
    let control = SampleSizeControl { wanted: 0.05, most: SampleSizeControl::MOST };
    let (trials, precision) = control.reach(&model(&rare(2000)), &Execution::new(None)).expect("the run is sound");
    assert_eq!((trials, precision.met, precision.reached), (2000, false, None));
}

#[test]
fn new_lines_are_kept_in_tables_and_are_spaces_in_sentences() {
    let mut json = plan(json!({"assumptions": ["Prices rise in March.\nNo price list yet."]}));
    json["regions"]["home"]["conversion"] =
        json!({"mean": 0.2, "sd": 0.02, "note": "CRM export of 3 May.\nWithout partners."});
    let [summary, brief, page, _] = said(&json);
    assert!(!brief.contains('\u{fffd}'), "{brief}");
    for text in [&summary, &page] {
        assert!(text.contains("Prices rise in March. No price list yet.") && !text.contains('\u{fffd}'), "{text}");
    }
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.json"), json.to_string()).unwrap();
    let (_, table, _) = ran(folder.path(), &["template", "a.json"]);
    assert!(table.contains("CRM export of 3 May.\nWithout partners."), "{table}");
    std::fs::write(folder.path().join("a.csv"), table).unwrap();
    let (code, out, err) = ran(folder.path(), &["template", "a.json", "--set-file", "a.csv"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(out.contains("CRM export of 3 May.\nWithout partners."), "{out}");
}

#[test]
fn a_step_for_the_worse_names_only_regions_of_its_target() {
    let mut json = fiscal();
    json["targets"] = json!([
        {"name": "All", "metric": "total_bookings", "period": "FY28", "at_least": 6_000_000},
        {"name": "Islands", "metric": "total_bookings", "period": "FY28", "at_least": 1_600_000, "region": "uki"}
    ]);
    let page = page_of(&json, true);
    let sentences: Vec<&str> =
        page.split("<p>").filter_map(|text| text.split("</p>").next()).filter(|text| text.contains("With ")).collect();
    let of = |target: &str| {
        let found = sentences.iter().find(|text| text.contains(&format!("“{target}” is met in")));
        *found.unwrap_or_else(|| panic!("{sentences:?}"))
    };
    assert!(
        of("All").contains("5\u{a0}% lower in every region, “All”") && !of("All").contains("as much less"),
        "{}",
        of("All")
    );
    let islands = of("Islands");
    assert!(islands.contains(" in UK &amp; Ireland, “Islands”") && !islands.contains("DACH"), "{islands}");
}

#[test]
fn the_market_moves_the_regions_that_follow_it_and_no_others() {
    let mut json = fiscal();
    json["market"]["volatility"] = json!(0.8);
    let page = page_of(&json, false);
    assert!(page.contains("The market factor, which moves DACH and UK &amp; Ireland"), "{page}");
    assert!(!page.contains("which moves all regions"), "{page}");
}

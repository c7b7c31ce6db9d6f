//! What a person typed is quoted as it was typed, and no sentence says what its figure does not: on the terminal, the page, the brief and
//! the charts.

use revcast::analysis::Answer;
use revcast::charts::{Size, of_forecast};
use revcast::report::{BriefStyle, brief, page, summary};
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::{forecast_of, scenario};

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
    let answer = Answer { forecast: forecast_of(json), deep: None, moved: None };
    let charts = of_forecast(&answer.forecast, Size::Slide);
    let charts: Vec<String> = charts
        .iter()
        .map(|chart| format!("{}\n{}\n{}", chart.title(), chart.about(), chart.svg("id").expect("it can be drawn")))
        .collect();
    [
        summary(&answer.forecast, 110),
        brief(&answer, Frequency::Quarter, BriefStyle::Text),
        page(&answer, Frequency::Quarter).expect("its charts can be drawn"),
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
    for text in [&summary, &brief, &page] {
        assert!(text.contains("FY28 (February 2027 to January 2028)"), "{text}");
    }
    assert!(brief.contains("\nQ1 FY28: about") && !brief.contains("Q2 2027"), "{brief}");
    assert!(
        page.contains("By the end of FY28 (January 2028), ") && page.contains("By the end of FY29 (January 2029), ")
    );
    assert!(!page.contains("By the end of December 2028"));
    assert!(
        ["FY28", "FY29"].iter().all(|year| charts.contains(&format!("\n{year}\n</text>"))),
        "no fiscal years under the axes"
    );
}

#[test]
fn a_period_is_read_as_it_is_printed_and_files_keep_their_form() {
    let scenario = scenario(&fiscal());
    let periods: Vec<&str> = scenario.targets.iter().map(|target| target.period.as_str()).collect();
    assert_eq!(periods, ["FY28", "FY28-Q1", "2027-06"]);
    let forecast = forecast_of(&fiscal());
    let text = summary(&forecast, 110);
    assert!(text.contains("in Q1 FY28: ") && text.contains("in June 2027: "), "{text}");
}

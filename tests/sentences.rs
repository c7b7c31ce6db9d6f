//! What a person typed is quoted as it was typed, and no sentence says what its figure does not: on the terminal, the page, the brief and
//! the charts.

use revcast::analysis::Answer;
use revcast::charts::{Size, of_forecast};
use revcast::report::{BriefStyle, brief, page, summary};
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::forecast_of;

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

//! Targets far from what the inputs bring, with figures worked out by hand.

use serde_json::json;

use super::*;

/// A hundred leads a month, all of them won on the day they come, 1,000 each: 1.2 million new in each of two years; half of the first
/// year's is renewed in the second.
fn aimed(targets: Value) -> Vec<Finding> {
    let scenario = json!({
        "name": "Pumps", "start": "2026-01", "months": 24, "currency": "EUR", "targets": targets, "contract": {"term_months": 12},
        "regions": {"north": {
            "leads": {"monthly": 100}, "conversion": 1, "cycle": {"mean_days": 0.001, "cv": 0}, "deal_size": {"mean": 1000}, "retention": 0.5}}
    });
    found(&scenario).into_iter().filter(|finding| finding.rule == Rule::TargetsAgainstInputs).collect()
}

fn target(name: &str, metric: &str, period: &str, level: f64) -> Value {
    json!({"name": name, "metric": metric, "period": period, "at_least": level})
}

#[track_caller]
fn told(findings: &[Finding], words: &[&str]) {
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let text = format!("{} {} {}", findings[0].headline, findings[0].sentence, findings[0].consistent);
    for words in words {
        assert!(text.contains(words), "\"{words}\" is not in: {text}");
    }
}

#[test]
fn a_target_that_the_inputs_overshoot_has_its_ways_out() {
    // 1.2 new and 0.6 renewed in 2027, 3.0 in both years; with a target of 1.5 leads of 2027 have to bring −0.3.
    let year = target("First", "total_bookings", "2026", 1_200_000.0);
    let both = target("Both", "total_bookings", "to 2027-12", 1_500_000.0);
    told(
        &aimed(json!([year, both])),
        &[
            "The inputs bring 2 times what \"Both\" asks.",
            "€3.0M by the end of December 2027, 2 times the €1.5M of target \"Both\"",
            "Two ways to agree: a target of €3.0M; or new business alone (metric bookings: €2.4M for \"Both\") with 25 % of the leads assumed from January 2027 on.",
            "without any from January 2027 on €1.8M for \"Both\" is left",
        ],
    );
    // With 1.9 the leads of 2027 bring 0.1 of their 1.2.
    let both = target("Both", "total_bookings", "to 2027-12", 1_900_000.0);
    let year = target("First", "total_bookings", "2026", 1_200_000.0);
    told(
        &aimed(json!([year, both])),
        &["a target of €3.0M; or 8.3 % of the leads assumed from January 2027 on; or new"],
    );
    // Alone it begins with the first month: half of all leads.
    let both = target("Both", "total_bookings", "to 2027-12", 1_500_000.0);
    told(&aimed(json!([both])), &["or 50 % of the leads assumed from January 2026 on"]);
}

#[test]
fn a_target_far_above_the_inputs_is_told_too() {
    let year = target("Stretch", "won_deals", "2026", 2_400.0);
    told(
        &aimed(json!([year])),
        &[
            "The inputs bring far less than \"Stretch\" asks.",
            "1,200 of the 2,400 that target \"Stretch\" asks for in 2026",
            "2 times as many leads",
        ],
    );
}

#[test]
fn a_margin_of_safety_is_no_finding() {
    let levels = [("total_bookings", "to 2027-12", 2_100_000.0), ("total_bookings", "to 2027-12", 4_400_000.0)];
    for (metric, period, level) in levels {
        assert!(aimed(json!([target("One", metric, period, level)])).is_empty());
    }
    assert!(aimed(json!([target("Level", "customers", "2026", 1.0)])).is_empty(), "a level is not summed over months");
    assert!(aimed(json!([target("Each", "bookings", "each-month", 1.0)])).is_empty());
}

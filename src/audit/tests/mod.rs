//! The rules on other plans than the committed one: each speaks where figures contradict, with figures worked out by hand,
//! and is silent where they agree.

mod averages;
mod consistent;
mod money;
mod people;
mod sales;
mod targets;
mod team;
mod warnings;

use serde_json::{Value, json};

use super::{Finding, Kind, Rule, audit};
use crate::model::resolve;
use crate::scenario::load;

/// The first twelve months.
const YEAR_1: &str = "2026-04..2027-03";
/// The twelve months after them.
const YEAR_2: &str = "2027-04..2028-03";

/// Two regions whose figures are stated: north has 20,000 a deal, 20 %, 60 days, 90 %; south 10,000, 40 %, 30 days, 80 %.
fn plan(stated: &Value) -> Value {
    let region = |size: f64, rate: f64, days: f64, kept: f64| {
        let said = |x: f64| json!({"value": x, "source": "plan"});
        json!({
            "leads": {"monthly": 100}, "conversion": said(rate), "cycle": {"mean_days": said(days)},
            "deal_size": {"mean": said(size)}, "retention": said(kept)
        })
    };
    json!({
        "name": "Pumps", "currency": "USD", "start": "2026-04", "months": 24, "stated": stated,
        "regions": {"north": region(20_000.0, 0.2, 60.0, 0.9), "south": region(10_000.0, 0.4, 30.0, 0.8)}
    })
}

/// What is found in a scenario.
fn found(scenario: &Value) -> Vec<Finding> {
    let read = load("plan.json".as_ref(), &[], &|_| Ok(scenario.to_string().into_bytes()));
    let scenario = read.unwrap_or_else(|faults| panic!("{faults}"));
    audit(&scenario, &resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}")))
}

/// What one rule finds in the two regions with these figures stated.
fn by(rule: Rule, stated: &Value) -> Vec<Finding> {
    found(&plan(stated)).into_iter().filter(|finding| finding.rule == rule).collect()
}

/// That a rule finds one thing, in whose sentence or advice all of these stand.
#[track_caller]
fn speaks(rule: Rule, stated: Value, words: &[&str]) {
    let findings = by(rule, &stated);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let text = format!("{} {}", findings[0].sentence, findings[0].consistent);
    for words in words {
        assert!(text.contains(words), "\"{words}\" is not in: {text}");
    }
    assert!(!findings[0].about.is_empty());
}

/// That a rule finds nothing.
#[track_caller]
fn silent(rule: Rule, stated: Value) {
    let findings = by(rule, &stated);
    assert!(findings.is_empty(), "{findings:#?}");
}

/// A stated figure of a metric in a period.
fn figure(metric: &str, period: &str, value: impl Into<Value>) -> Value {
    json!({"name": format!("{metric} {period}"), "metric": metric, "period": period, "value": value.into()})
}

/// A stated average over all regions.
fn average(of: &str, value: f64) -> Value {
    json!({"name": of, "of": of, "value": value})
}

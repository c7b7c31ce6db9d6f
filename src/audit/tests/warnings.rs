//! Warnings, which need nothing stated.

use serde_json::json;

use super::*;

/// One region with these fields changed.
fn warned(rule: Rule, changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut scenario = json!({
        "name": "One line", "start": "2026-01", "months": 12, "market": {"volatility": 0.1},
        "regions": {"all": {
            "leads": {"monthly": {"mean": 50, "cv": 0.1}}, "conversion": {"mean": 0.2, "sd": 0.02},
            "cycle": {"mean_days": 20}, "deal_size": {"mean": 4000, "cv": 1}, "retention": 0.9,
            "exposure": {"leads": 1}}}
    });
    for (pointer, value) in changes {
        *scenario.pointer_mut(pointer).expect("a field of the scenario") = value.clone();
    }
    found(&scenario).into_iter().filter(|finding| finding.rule == rule).collect()
}

#[test]
fn a_sound_scenario_raises_no_warning() {
    for rule in [Rule::AllFixed, Rule::Independent, Rule::MonthlyRetention, Rule::MedianAsMean, Rule::ListOfValues] {
        assert!(warned(rule, &[]).is_empty(), "{rule:?}");
    }
}

#[test]
fn inputs_that_are_all_fixed_are_warned_of() {
    let fixed = [("/regions/all/leads/monthly", json!(50)), ("/regions/all/conversion", json!(0.2))];
    assert_eq!(warned(Rule::AllFixed, &fixed).len(), 1);
    assert!(warned(Rule::AllFixed, &fixed[..1]).is_empty());
}

#[test]
fn independence_is_warned_of_where_there_is_something_to_go_together() {
    let calm = ("/market/volatility", json!(0));
    let findings = warned(Rule::Independent, std::slice::from_ref(&calm));
    assert!(findings.len() == 1 && findings[0].sentence.contains("2 uncertain inputs"), "{findings:#?}");
    let one_input = [calm, ("/regions/all/conversion", json!(0.2))];
    assert!(warned(Rule::Independent, &one_input).is_empty());
}

#[test]
fn a_retention_called_monthly_is_warned_of() {
    let retention = |source: &str| [("/regions/all/retention", json!({"value": 0.97, "source": source}))];
    // 0.97¹² = 0.694.
    let findings = warned(Rule::MonthlyRetention, &retention("CRM: monthly retention"));
    assert!(findings.len() == 1 && findings[0].sentence.contains("69.4 % a year"), "{findings:#?}");
    for source in
        ["CRM, monthly report", "annual retention, 99.7 % a month", "renewals of the last year, not per month"]
    {
        assert!(warned(Rule::MonthlyRetention, &retention(source)).is_empty(), "{source}");
    }
}

#[test]
fn a_median_where_the_mean_belongs_is_warned_of() {
    let size = |note: &str| [("/regions/all/deal_size/mean", json!({"value": 4000, "note": note}))];
    // √(1 + 1²) = 1.41.
    let findings = warned(Rule::MedianAsMean, &size("Median of 2025."));
    assert!(findings.len() == 1 && findings[0].sentence.contains("1.41 times as much, €5,657"), "{findings:#?}");
    assert!(warned(Rule::MedianAsMean, &size("The mean, not the median.")).is_empty());
    let mut scenario = plan(&json!({"averages": [
        {"name": "Deal", "of": "deal_size", "kind": "median", "value": 20_000, "region": "north"}]}));
    let by_statement = |scenario: &Value| found(scenario).iter().filter(|f| f.rule == Rule::MedianAsMean).count();
    assert_eq!(by_statement(&scenario), 1);
    scenario["stated"]["averages"][0]["value"] = json!(15_600);
    assert_eq!(by_statement(&scenario), 0);
}

#[test]
fn a_list_of_values_far_apart_is_warned_of() {
    let list = |field: &'static str, values: Value| [(field, json!({"values": values, "weights": [1, 1]}))];
    let findings = warned(Rule::ListOfValues, &list("/regions/all/deal_size/mean", json!([3000, 15_000])));
    assert!(findings.len() == 1 && findings[0].sentence.contains("3,000 and 15,000"), "{findings:#?}");
    assert!(warned(Rule::ListOfValues, &list("/regions/all/deal_size/mean", json!([3000, 3600]))).is_empty());
    // Two levels of leads are doubt about one level, not a mix.
    assert!(warned(Rule::ListOfValues, &list("/regions/all/leads/monthly", json!([30, 90]))).is_empty());
}

#[test]
fn regions_called_the_same_and_keys_that_are_read_as_missing_are_warned_of() {
    let region = json!({"label": "EMEA", "leads": {"monthly": 50}, "conversion": 0.2, "cycle": {"mean_days": 20},
        "deal_size": {"mean": 4000}});
    let mut scenario =
        json!({"name": "Two", "start": "2026-01", "months": 12, "regions": {"de": region, "null": region}});
    scenario["regions"]["null"]["label"] = json!("Emea");
    let of = |scenario: &Value, rule: Rule| -> Vec<Finding> {
        found(scenario).into_iter().filter(|finding| finding.rule == rule).collect()
    };
    let equal = of(&scenario, Rule::EqualLabels);
    assert_eq!(equal.len(), 1);
    assert!(equal[0].sentence.starts_with("de and null are all called \"EMEA\""), "{equal:?}");
    assert_eq!(equal[0].about, ["regions.de.label", "regions.null.label"]);
    assert_eq!(of(&scenario, Rule::KeyReadAsMissing)[0].about, ["regions.null"]);
    scenario["regions"]["null"]["label"] = json!("France");
    assert!(of(&scenario, Rule::EqualLabels).is_empty());
}

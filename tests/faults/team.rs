//! What is wrong with people and activities, all at once.

use super::*;

#[test]
fn all_faults_of_people_are_told_at_once() {
    let mut scenario = sound();
    let team = |executives: Value, development: Value| json!({"account_executives": executives, "sales_development": development});
    scenario["regions"]["europe"]["team"] = team(
        json!({
            "headcount": -1, "hires": [{"month": "2028-01", "count": 1}, {"month": "2026-12", "count": 2}, {"month": "May", "count": 1.5}],
            "ramp": [0.5, 1.2], "opportunities_per_month": 5, "open_opportunities": 9, "leads_per_month": 4,
            "performance": [{"share": 0.5, "quota_share": 1}, {"share": 0.3, "quota_share": 0.5}]
        }),
        json!({"headcount": 2, "quota": 5, "attrition": 1.2, "heads": 3}),
    );
    scenario["regions"]["asia"] = scenario["regions"]["europe"].clone();
    scenario["regions"]["asia"]["team"] = team(json!({"headcount": 0, "quota": 10000}), json!({"headcount": 0}));
    scenario["regions"]["asia"]["leads"]["activities"] =
        json!([{"name": "Calls", "per_rep_per_week": 5, "yields": [0.5, 1.5]}]);
    let first = said(scenario.to_string().as_bytes(), &[]);
    for told in [
        "regions.europe.team.account_executives.headcount",
        "a number of people, 0 to 10000",
        "regions.europe.team.account_executives.hires[2].month",
        "regions.europe.team.account_executives.hires[2].count",
        "a productivity of 1.2",
        "say why in a note beside it",
        "opportunities_per_month beside open_opportunities",
        "leads_per_month of account executives",
        "shares that add up to 0.8",
        "quota of sales development",
        "regions.europe.team.sales_development.attrition",
        "heads",
        "a quota without executives",
        "activities beside monthly",
        "regions.asia.leads.activities[Calls].yields[1]",
        "activities that nobody does",
    ] {
        assert!(first.contains(told), "{told} is not in:\n{first}");
    }
    // With sound numbers, what only the whole scenario tells.
    scenario["regions"]["europe"]["team"] = json!({"account_executives": {"headcount": 1, "hires": [{"month": "2028-01", "count": 1}, {"month": "2026-12", "count": 2}]}});
    scenario["regions"]["asia"]["leads"] = json!({"monthly": 0});
    scenario["regions"]["asia"]["team"] = json!({"account_executives": {"headcount": 3}});
    scenario["regions"]["africa"] = scenario["regions"]["asia"].clone();
    scenario["regions"]["africa"]["team"] = json!({});
    let then = said(scenario.to_string().as_bytes(), &[]);
    for told in [
        "regions.europe.team.account_executives.hires[0].month",
        "regions.europe.team.account_executives.hires[1].month",
        "a month of 2027-01 to 2027-12",
        "a team beside no leads",
        "a team without people",
    ] {
        assert!(then.contains(told), "{told} is not in:\n{then}");
    }
}

#[test]
fn metrics_of_people_need_a_team() {
    let mut scenario = sound();
    scenario["targets"] = json!([{"name": "Quota", "metric": "quota_attainment", "period": "2027", "at_least": 0.8}]);
    let said = said(scenario.to_string().as_bytes(), &[]);
    assert!(said.contains("quota attainment of a scenario without team"), "{said}");
}

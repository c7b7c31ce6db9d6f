//! What is stated of people against the teams of the scenario.

use serde_json::json;

use super::*;

/// The two regions, each with four executives and two in sales development.
fn staffed(stated: &Value) -> Value {
    let mut scenario = plan(stated);
    for region in ["north", "south"] {
        scenario["regions"][region]["team"] = json!({
            "account_executives": {"headcount": 4, "open_opportunities": 250, "cost_per_month": 5000},
            "sales_development": {"headcount": 2, "leads_per_month": 100, "cost_per_month": 3000}
        });
    }
    scenario
}

/// What one rule finds in a scenario: its kind, and its sentence and advice.
fn told(rule: Rule, scenario: &Value) -> Vec<(Kind, String)> {
    let of_rule = found(scenario).into_iter().filter(|finding| finding.rule == rule);
    of_rule.map(|finding| (finding.kind, format!("{} {}", finding.sentence, finding.consistent))).collect()
}

/// That a rule finds one thing of a kind, with all of these words.
#[track_caller]
fn says(rule: Rule, kind: Kind, scenario: &Value, words: &[&str]) {
    let findings = told(rule, scenario);
    let [(found, text)] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(*found, kind, "{text}");
    for words in words {
        assert!(text.contains(words), "\"{words}\" is not in: {text}");
    }
}

#[test]
fn a_team_does_what_is_stated() {
    let with = |stated: Value, calls: f64, yields: Value| {
        let mut scenario = staffed(&json!({"activities": stated}));
        for region in ["north", "south"] {
            scenario["regions"][region]["leads"] =
                json!({"activities": [{"name": "calls", "per_rep_per_week": calls, "yields": yields}]});
        }
        scenario
    };
    let stated = json!([
        {"name": "Calls", "per_week": {"at_least": 100}}, {"name": "Letters", "per_week": 20},
        {"name": "Meetings", "rate": {"at_least": 0.15}, "from": ["Calls", "Letters"]}, {"name": "Demos", "rate": 0.25}
    ]);
    says(
        Rule::TeamActivities,
        Kind::Contradiction,
        &with(stated.clone(), 80.0, json!([0.2, 0.1])),
        &[
            "a rep makes 80 calls a week in north and south (stated: 100+) and 10 % of meetings into demos in north",
            "(stated: 25 %)",
        ],
    );
    assert_eq!(told(Rule::TeamActivities, &with(stated, 120.0, json!([0.2, 0.25]))), []);
    // Where two things follow from calls, a yield may be either of them.
    let open = json!([
        {"name": "Calls", "per_week": 100}, {"name": "Meetings", "rate": 0.15},
        {"name": "Refusals", "rate": 0.3, "from": ["Calls"]}
    ]);
    assert_eq!(told(Rule::TeamActivities, &with(open, 100.0, json!([0.5]))), []);
    // Nor is it told where a plan leaves out a step.
    let short = json!([{"name": "Calls", "per_week": 100}, {"name": "Meetings", "rate": 0.15}]);
    assert_eq!(told(Rule::TeamActivities, &with(short, 100.0, json!([0.25, 0.15]))), []);
    // One in the north alone.
    let mut one = with(json!([{"name": "Calls", "per_week": 100}]), 100.0, json!([0.1]));
    one["regions"]["north"]["leads"]["activities"][0]["per_rep_per_week"] = json!({"low": 60, "high": 80});
    says(Rule::TeamActivities, Kind::Contradiction, &one, &["70 calls a week in north (stated: 100)"]);
}

#[test]
fn a_team_has_the_heads_that_ratios_take() {
    // 1,000 customers at one head for 25 are 40 heads; there are eight.
    let with = |per_head: u32, at_a_time: u32| {
        let mut scenario = staffed(&json!({
            "figures": [figure("customers", "2027-03", 1000)],
            "budget": [{"name": "Account Executives", "amount": 480_000, "months": 12}],
            "staffing": [{"name": "AEs", "role": "Account Executives", "customers_per_head": per_head}]
        }));
        for region in ["north", "south"] {
            scenario["regions"][region]["team"]["account_executives"]["open_opportunities"] = json!(at_a_time);
        }
        scenario
    };
    let heads =
        ["takes 40 heads at one for 25 customers (1,000 customers, as stated)", "have 8 at the end of March 2027"];
    says(Rule::TeamHeads, Kind::Contradiction, &with(25, 250), &heads);
    says(Rule::TeamHeads, Kind::Contradiction, &with(25, 250), &["40 heads in the teams, or ratios 5 times as wide"]);
    says(Rule::TeamHeads, Kind::Question, &with(25, 25), &heads);
    says(Rule::TeamHeads, Kind::Question, &with(25, 25), &["read as opportunities that one works at a time"]);
    assert_eq!(told(Rule::TeamHeads, &with(125, 250)), []);
    // Half of the customers are in the north.
    let mut north = with(25, 250);
    north["regions"]["south"]["team"].as_object_mut().unwrap().remove("account_executives");
    says(Rule::TeamHeads, Kind::Contradiction, &north, &["takes 20 heads", "have 4 at"]);
}

#[test]
fn a_team_costs_what_its_budget_line_has() {
    // Eight at 5,000 over twelve months: 480,000.
    let with =
        |amount: Value| staffed(&json!({"budget": [{"name": "account executives", "amount": amount, "months": 12}]}));
    let words = ["cost $480k over 12 months (8 heads on average), 1.6 times the $300k", "or 5 heads on average"];
    says(Rule::TeamCosts, Kind::Contradiction, &with(json!(300_000)), &words);
    says(Rule::TeamCosts, Kind::Contradiction, &with(json!(800_000)), &["0.6 times the $800k", "13.3 heads"]);
    assert_eq!(told(Rule::TeamCosts, &with(json!(450_000))), []);
    assert_eq!(told(Rule::TeamCosts, &with(json!({"at_most": 800_000}))), []);
    // A line of another name, months that are not played, people without a cost.
    let mut other = with(json!(300_000));
    other["stated"]["budget"][0]["name"] = json!("Executives");
    assert_eq!(told(Rule::TeamCosts, &other), []);
    let mut long = with(json!(300_000));
    long["stated"]["budget"][0]["months"] = json!(36);
    assert_eq!(told(Rule::TeamCosts, &long), []);
    let mut free = with(json!(300_000));
    for region in ["north", "south"] {
        free["regions"][region]["team"]["account_executives"]["cost_per_month"] = json!(0);
    }
    assert_eq!(told(Rule::TeamCosts, &free), []);
    // In the north each costs 10,000 pesos, which are 500 dollars: 4 · 500 · 12 + 240,000.
    let mut abroad = with(json!(150_000));
    abroad["rates"] = json!({"MXN": {"rate": 0.05}});
    abroad["regions"]["north"]["currency"] = json!("MXN");
    abroad["regions"]["north"]["team"]["account_executives"]["cost_per_month"] = json!(10_000);
    says(Rule::TeamCosts, Kind::Contradiction, &abroad, &["cost $264k over 12 months", "1.76 times the $150k"]);
}

#[test]
fn a_team_reaches_the_quota_that_is_stated() {
    let with = |attainment: f64, quota: Option<f64>, classes: Value| {
        let mut scenario = staffed(&json!({"quotas": [{"name": "Quota", "attainment": attainment}]}));
        for region in ["north", "south"] {
            let executives = &mut scenario["regions"][region]["team"]["account_executives"];
            executives.as_object_mut().unwrap().remove("open_opportunities");
            executives["performance"] = classes.clone();
            if let Some(quota) = quota {
                executives["quota"] = json!(quota);
            }
        }
        scenario
    };
    let classes = json!([{"share": 0.5, "quota_share": 1.1}, {"share": 0.5, "quota_share": 0.9}]);
    let words = ["average 100 % (120 % stated of all) of quota"];
    says(Rule::TeamAttainment, Kind::Contradiction, &with(1.2, None, classes.clone()), &words);
    assert_eq!(told(Rule::TeamAttainment, &with(1.0, None, classes.clone())), []);
    // The rule about stated classes has said it.
    let mut stated = with(1.2, None, classes);
    stated["stated"]["performers"] =
        json!([{"name": "a", "share": 0.5, "attainment": 1.1}, {"name": "b", "share": 0.5, "attainment": 0.9}]);
    assert_eq!(told(Rule::TeamAttainment, &stated), []);
    // 0.4M a month in each region, 60 and 30 days late: 10.03 and 11.01 months of it are 8.42M, 80 % of eight quotas of 1.315M.
    let quota = Some(1_315_000.0);
    let words =
        ["book 80 % (120 % stated of all) of their quotas from April 2026 to March 2027", "1.5 times as high (all)"];
    says(Rule::TeamAttainment, Kind::Contradiction, &with(1.2, quota, json!([])), &words);
    assert_eq!(told(Rule::TeamAttainment, &with(0.85, quota, json!([]))), []);
}

#[test]
fn nothing_is_said_of_a_team_where_nothing_is_stated_nor_of_what_is_stated_without_a_team() {
    let rules = [Rule::TeamActivities, Rule::TeamHeads, Rule::TeamCosts, Rule::TeamAttainment];
    let stated = json!({
        "figures": [figure("customers", "2027-03", 1000)], "activities": [{"name": "Calls", "per_week": 100}],
        "budget": [{"name": "Account Executives", "amount": 1000, "months": 12}], "quotas": [{"name": "Quota", "attainment": 3}],
        "staffing": [{"name": "AEs", "role": "Account Executives", "customers_per_head": 1}]
    });
    for scenario in [staffed(&json!({})), plan(&stated)] {
        assert!(rules.iter().all(|rule| told(*rule, &scenario).is_empty()), "{scenario}");
    }
    let agreed = staffed(&json!({
        "figures": [figure("customers", "2027-03", 1000)], "quotas": [{"name": "Quota", "attainment": 0.8}],
        "budget": [
            {"name": "Account Executives", "amount": 480_000, "months": 12},
            {"name": "Sales Development", "amount": 150_000, "months": 12}
        ],
        "staffing": [
            {"name": "AEs", "role": "Account Executives", "customers_per_head": 125},
            {"name": "SDRs", "role": "Sales Development", "customers_per_head": 250}
        ]
    }));
    assert!(rules.iter().all(|rule| told(*rule, &agreed).is_empty()), "{:#?}", found(&agreed));
}

#[test]
fn what_a_team_lets_on_is_not_linear_in_leads() {
    let with = |at_least: f64| {
        let mut scenario = staffed(&json!({}));
        scenario["targets"] =
            json!([{"name": "Year", "metric": "bookings", "period": "2026-04..2027-03", "at_least": at_least}]);
        told(Rule::TargetsAgainstInputs, &scenario)
    };
    let [(_, more)] = with(1e6).try_into().unwrap();
    assert!(more.contains("To agree: a target of") && !more.contains("of the leads"), "{more}");
    let [(_, less)] = with(2e7).try_into().unwrap();
    assert!(less.contains("times as much, and people to work them"), "{less}");
}

#[test]
fn the_plan_with_its_people_is_asked_what_its_ratios_mean() {
    let read = load("ai-marketing-plan-team.json".as_ref(), &[], &|path| {
        Ok(match path.ends_with("ai-marketing-plan-team.json") {
            true => include_bytes!("../../../scenarios/ai-marketing-plan-team.json").to_vec(),
            false => include_bytes!("../../../scenarios/ai-marketing-plan.json").to_vec(),
        })
    });
    let scenario = read.unwrap_or_else(|faults| panic!("{faults}"));
    let findings = audit(&scenario, &resolve(&scenario).unwrap_or_else(|faults| panic!("{faults}")));
    let asked = findings.iter().filter(|finding| finding.rule == Rule::TeamHeads && finding.kind == Kind::Question);
    let asked: Vec<&str> = asked.map(|finding| finding.sentence.as_str()).collect();
    assert!(asked.len() == 2 && asked[0].contains("as opportunities that one works at a time"), "{asked:#?}");
    assert!(asked[1].contains("as leads that one qualifies in a month"), "{asked:#?}");
}

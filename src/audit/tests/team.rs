//! Sellers, what they do, and what they cost.

use serde_json::json;

use super::*;

#[test]
fn classes_of_sellers_average_what_is_stated() {
    // 0.3 · 1.1 + 0.7 · 0.9 = 0.96; half in the best class would make 1.
    let stated = |share: f64, quota: f64| {
        json!({"quotas": [{"name": "Quota", "attainment": {"at_least": quota}}], "performers": [
            {"name": "best", "share": 0.3, "attainment": 1.1}, {"name": "rest", "share": share, "attainment": 0.9}]})
    };
    speaks(
        Rule::Performers,
        stated(0.7, 1.0),
        &["average 96 %, below the 100 %+ stated of all", "50 % in the best class"],
    );
    silent(Rule::Performers, stated(0.7, 0.95));
    speaks(Rule::Performers, stated(0.6, 0.95), &["30 % and 60 %, add up to 90 %"]);
    // A region may fall short of the average without contradiction.
    let mut region = stated(0.7, 0.9);
    region["quotas"][0] = json!({"name": "Quota", "attainment": 0.92, "region": "south"});
    silent(Rule::Performers, region);
}

#[test]
fn activities_follow_from_each_other() {
    let stated = |offers: f64| json!({"activities": [{"name": "Visits", "per_week": 40}, {"name": "Offers", "per_week": offers, "rate": 0.25}]});
    speaks(Rule::Activities, stated(25.0), &["25 % of 40 visits are 10 offers (stated: 25)", "63 % of visits"]);
    silent(Rule::Activities, stated(10.0));
    // Replies have no count of their own: 0.5 · (40 + 20) = 30, and 0.1 · 30 = 3 orders.
    let through = |orders: f64| {
        json!({"activities": [{"name": "Visits", "per_week": 40}, {"name": "Letters", "per_week": 20},
            {"name": "Replies", "rate": 0.5, "from": ["Visits", "Letters"]},
            {"name": "Orders", "per_week": orders, "rate": 0.1}]})
    };
    silent(Rule::Activities, through(3.0));
    speaks(Rule::Activities, through(9.0), &["10 % of 30 replies are 3 orders"]);
}

#[test]
fn a_budget_pays_the_heads_that_its_ratios_need() {
    // 1,000 customers at one head for 50 are 20 heads; at 105,000 a year 2.1M.
    let stated = |amount: f64, cost: Option<f64>| {
        let mut line = json!({"name": "Service", "amount": amount, "months": 12});
        if let Some(cost) = cost {
            line["yearly_cost_per_head"] = json!(cost);
        }
        json!({"figures": [figure("customers", "2027-03", 1000)], "budget": [line],
            "staffing": [{"name": "Service", "role": "Service", "customers_per_head": 50}]})
    };
    let told = ["takes 20 heads", "pays 14 heads at $105k a year", "A budget of $2.1M"];
    speaks(Rule::Staffing, stated(1_510_000.0, Some(105_000.0)), &told);
    silent(Rule::Staffing, stated(2_200_000.0, Some(105_000.0)));
    speaks(
        Rule::Staffing,
        stated(1_510_000.0, None),
        &["pays each head $75.5k a year", "does not say what a head costs"],
    );
    // Without customers, or without a ratio, nothing follows.
    let mut unknown = stated(1_510_000.0, None);
    unknown["figures"] = json!([]);
    silent(Rule::Staffing, unknown);
}

#[test]
fn regions_need_heads_of_their_own() {
    // 500 customers each: one for 25 to 50 in the north, 10 to 20 heads; one for 100 in the south, 5 heads.
    let staffing = |region: &str, customers: u32| json!({"name": region, "role": "Service", "region": region, "customers_per_head": customers});
    let stated = json!({"figures": [figure("customers", "2027-03", 1000)],
        "budget": [{"name": "Service", "amount": 1_510_000, "months": 24}],
        "staffing": [staffing("north", 25), staffing("north", 50), staffing("south", 100)]});
    speaks(Rule::Staffing, stated, &["takes 15 to 25 heads", "at most $50.33k a year ($30.2k with the most heads)"]);
}

#[test]
fn levels_at_least_so_high_are_asked_about() {
    let stated = |rate: Value, offers: Value| json!({"activities": [{"name": "Visits", "per_week": 40}, {"name": "SQLs", "per_week": offers, "rate": rate}]});
    let kind = |stated: &Value| by(Rule::Activities, stated).iter().map(|finding| finding.kind).collect::<Vec<_>>();
    let open = stated(json!({"at_least": 0.25}), json!(25));
    assert_eq!(kind(&open), [Kind::Question]);
    speaks(Rule::Activities, open, &["At the levels stated", "25 % of 40 visits are 10 SQLs (stated: 25)"]);
    // A rate of at most a quarter cannot make 25 or more of 40.
    assert_eq!(kind(&stated(json!({"at_most": 0.25}), json!({"at_least": 25}))), [Kind::Contradiction]);
}

#[test]
fn heads_are_whole() {
    // 450 customers at one head for 100 are 5 heads: 800,000 pay each 160,000.
    let stated = |cost: Option<f64>| {
        let mut line = json!({"name": "Service", "amount": 800_000, "months": 12});
        if let Some(cost) = cost {
            line["yearly_cost_per_head"] = json!({"value": cost, "rounding": 0});
        }
        json!({"figures": [figure("customers", "2027-03", 450)], "budget": [line],
            "staffing": [{"name": "Service", "role": "Service", "customers_per_head": 100}]})
    };
    speaks(Rule::Staffing, stated(None), &["takes 5 heads", "pays each head $160k a year"]);
    speaks(Rule::Staffing, stated(Some(170_000.0)), &["pays 4 heads at $170k a year", "A budget of $850"]);
    silent(Rule::Staffing, stated(Some(160_000.0)));
}

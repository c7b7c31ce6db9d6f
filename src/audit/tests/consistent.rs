//! A plan that states much and contradicts itself nowhere.

use serde_json::json;

use super::*;

#[test]
fn a_plan_that_agrees_with_itself_is_left_alone() {
    // 60 % of wins in the north: 16,000 a deal, 25 %, 48 days. 300 deals from 1,200 leads book 4.8M in a year, 0.4M a month;
    // 0.4M · 48/30.4375 / 0.25 = 2.52M open. The second year grows by half.
    let mut scenario = plan(&json!({
        "figures": [
            figure("bookings", "each-month", json!({"at_least": 300_000})), figure("bookings", YEAR_1, 4_800_000),
            figure("bookings", "to 2028-03", 12_000_000), figure("bookings", YEAR_2, 7_200_000),
            figure("leads", YEAR_1, 1200), figure("won_deals", YEAR_1, 300),
            figure("pipeline_value", "each-month", json!({"at_least": 2_600_000})), figure("customers", "2027-03", 300),
        ],
        "averages": [average("deal_size", 16_000.0), average("win_rate", 0.25), average("cycle_days", 48.0)],
        "mix": {"of": "wins", "shares": {"north": 0.6, "south": 0.4}},
        "growth": [{"name": "Growth", "metric": "bookings", "rate": 0.5, "per": "year"}],
        "returns": [
            {"name": "Return", "roi": 3.8, "invested": 1_000_000, "invested_in": YEAR_1, "returned": 4_800_000, "returned_in": YEAR_1},
            {"name": "Summary", "roi": 3.8}
        ],
        "quotas": [{"name": "Quota", "attainment": 0.96}],
        "performers": [{"name": "best", "share": 0.3, "attainment": 1.1}, {"name": "rest", "share": 0.7, "attainment": 0.9}],
        "activities": [{"name": "Visits", "per_week": 40}, {"name": "Offers", "per_week": 10, "rate": 0.25}],
        "budget": [
            {"name": "All", "amount": 1_000_000, "months": 12},
            {"name": "Service", "amount": 700_000, "share": 0.7, "part_of": "All", "yearly_cost_per_head": 110_000},
            {"name": "Tools", "amount": 300_000, "part_of": "All"}
        ],
        "staffing": [{"name": "Service", "role": "Service", "customers_per_head": 50}]
    }));
    for region in ["north", "south"] {
        scenario["regions"][region]["leads"]["monthly"] = json!({"mean": 100, "cv": 0.1});
        scenario["regions"][region]["exposure"] = json!({"leads": 1});
    }
    scenario["market"] = json!({"volatility": 0.1});
    let findings = found(&scenario);
    assert!(findings.is_empty(), "{findings:#?}");
}

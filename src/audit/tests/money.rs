//! Tests of the rules about returns and budgets.

use serde_json::json;

use super::*;

fn returns(roi: f64, invested_in: &str) -> Value {
    json!([{"name": "Return", "roi": roi, "invested": 2_100_000, "invested_in": invested_in, "returned": 8_400_000,
        "returned_in": YEAR_1}])
}

#[test]
fn a_return_follows_from_its_figures() {
    // (8.4M − 2.1M)/2.1M = 3.
    silent(Rule::ReturnArithmetic, json!({"returns": returns(3.0, YEAR_1)}));
    let told = ["($8.4M − $2.1M) / $2.1M is 300 %, not 420 %", "$10.92M on $2.1M"];
    speaks(Rule::ReturnArithmetic, json!({"returns": returns(4.2, YEAR_1)}), &told);
}

#[test]
fn a_return_holds_money_of_the_same_months() {
    // Half of 2.1M falls into the first of two years: (8.4M − 1.05M)/1.05M = 7.
    let two_years = "2026-04..2028-03";
    let told = ["$8.4M from 12 months against $2.1M spent over 24 months", "$1.05M", "700 %"];
    speaks(Rule::ReturnWindows, json!({"returns": returns(3.0, two_years)}), &told);
    silent(Rule::ReturnWindows, json!({"returns": returns(3.0, YEAR_1)}));
}

#[test]
fn cumulative_returns_are_asked_about_with_their_revenue() {
    let stated = |second: f64, third: f64| {
        let returned = [(10_400_000.0, YEAR_1), (second, "to 2028-03"), (third, "to 2029-03")];
        let returns: Vec<Value> = returned
            .iter()
            .map(|(x, period)| {
                json!({"name": period, "roi": x / 5e6 - 1.0, "invested": 5e6, "returned": x, "returned_in": period})
            })
            .collect();
        let figures: Vec<Value> = returned.iter().map(|(x, period)| figure("bookings", period, *x)).collect();
        json!({"figures": figures, "returns": returns})
    };
    // As single years 31.2M in two and 72.8M in three: 524 % and 1,356 % on 5M.
    speaks(
        Rule::ReturnWindows,
        stated(20.8e6, 41.6e6),
        &["524 % on $31.2M in 2 years", "1,356 % on $72.8M in 3 years"],
    );
    silent(Rule::ReturnWindows, stated(24.9e6, 46.7e6));
}

#[test]
fn a_bare_return_is_one_of_those_worked_out() {
    let stated = |bare: f64| {
        let mut returns = returns(3.0, YEAR_1);
        returns.as_array_mut().unwrap().push(json!({"name": "Summary", "roi": bare}));
        json!({"returns": returns})
    };
    // 6.2 · 2.1M = 13.02M; 8.4M/6.2 = 1.355M. Of 150 %: 2.5 · 2.1M = 5.25M, a margin of 62.5 %.
    speaks(Rule::ReturnOfNothing, stated(5.2), &["$13.02M of revenue on $2.1M", "$1.355M invested"]);
    speaks(Rule::ReturnOfNothing, stated(1.5), &["a margin of 62.5 % on $8.4M"]);
    silent(Rule::ReturnOfNothing, stated(3.0));
}

#[test]
fn parts_of_a_budget_add_up() {
    let stated = |whole: f64, share: f64| {
        json!({"budget": [{"name": "All", "amount": whole}, {"name": "People", "amount": 310_000, "part_of": "All",
            "share": share}, {"name": "Tools", "amount": 250_000, "part_of": "All"}]})
    };
    silent(Rule::BudgetParts, stated(560_000.0, 0.55));
    speaks(Rule::BudgetParts, stated(560_000.0, 0.5), &["is 55.4 % of \"All\" ($560k), not 50 %"]);
    speaks(Rule::BudgetParts, stated(640_000.0, 0.48), &["$310k and $250k, add up to $560k, not $640k"]);
}

#[test]
fn a_return_may_come_after_its_investment() {
    let mut later = returns(3.0, YEAR_1);
    later[0]["returned_in"] = json!("2026-04..2029-03");
    silent(Rule::ReturnWindows, json!({"returns": later}));
    later[0]["returned_in"] = json!(YEAR_2);
    speaks(Rule::ReturnWindows, json!({"returns": later}), &["Revenue and investment of the same months."]);
}

#[test]
fn only_returns_that_were_rounded_are_called_rounded() {
    let stated = |second: f64| {
        let mut returns = returns(4.2, YEAR_1);
        returns
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "b", "roi": second, "invested": 1e6, "returned": 3_030_000}));
        by(Rule::ReturnArithmetic, &json!({"returns": returns})).remove(0).consistent
    };
    assert!(stated(2.0).ends_with("The others are rounded: 203 % to 200 %."), "{}", stated(2.0));
    assert!(!stated(2.03).contains("rounded"), "{}", stated(2.03));
}

#[test]
fn one_part_of_a_budget_is_at_most_all_of_it() {
    let stated = |part: f64| json!({"budget": [{"name": "All", "amount": 560_000}, {"name": "People", "amount": part, "part_of": "All"}]});
    let told = ["\"People\" of $570k is part of \"All\" and more than all of it, $560k", "at most $560k for the part"];
    speaks(Rule::BudgetParts, stated(570_000.0), &told);
    silent(Rule::BudgetParts, stated(360_000.0));
}

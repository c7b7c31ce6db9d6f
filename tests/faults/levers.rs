//! The faults of levers.

use super::*;

#[test]
fn every_fault_of_a_lever_is_said_of_the_lever() {
    let mut levered = sound();
    levered["market"] = json!({"volatility": 0.1});
    levered["levers"] = json!([
        {"name": "", "cost": -1},
        {"name": "A", "cost": 1, "multiply": {
            "regions.*.conversion": 5, "regions.eurpe.conversion": 1.1, "targets[Year 1].at_least": 0.9, "mraket.volatility": 2,
            "regions.europe.leads": 2, "contract.term_months": 2}},
        {"name": "B", "cost": "1", "set": {"regions.europe.conversion": "26 %"}, "multiply": {"regions.*.leads.monthly": 0}, "cots": 2},
        {"name": "C", "cost": 1, "multiply": {}},
        {"name": "D", "cost": 1, "multiply": {"regions.*.conversion": 1.1, "market.volatility": 100},
            "set": {"regions.europe.conversion": 0.3, "regions.europe.retention": 1.2, "regions.europe.deal_size.mean": {"mean": 3}}},
        {"name": "A", "cost": 1, "set": {"regions.europe.conversion.sd": 0.5}}
    ]);
    assert_snapshot!(said(levered.to_string().as_bytes(), &[]), @r#"
    s.json: levers[].cost
      found:   -1
      allowed: an amount of money, 0 to 1e15
      hint:    negative numbers are not allowed here

    s.json: levers[]
      found:   the name ""
      allowed: a name of its own, without brackets

    s.json: levers[]
      found:   nothing that it changes
      allowed: multiply, set, or both, with at least one path

    s.json: levers[B].cost
      found:   the text "1"
      allowed: an amount of money, 0 to 1e15
      hint:    numbers are written without quotes

    s.json: levers[B].multiply.regions.*.leads.monthly
      found:   0
      allowed: a factor, above 0 and at most 1e6

    s.json: levers[B].set.regions.europe.conversion
      found:   the text "26 %"
      allowed: a number, or a quantity in braces

    s.json: levers[B].cots
      found:   an unknown key
      allowed: one of name, cost, multiply, set, note, source
      hint:    did you mean "cost"?

    s.json: levers[C]
      found:   nothing that it changes
      allowed: multiply, set, or both, with at least one path

    s.json: levers[A].multiply.regions.*.conversion
      found:   regions.europe.conversion: a mean of 1.25
      allowed: a share, 0 to 1
      hint:    a factor of at most 4

    s.json: levers[A].multiply.regions.eurpe.conversion
      found:   regions.eurpe: no such region
      allowed: one of europe
      hint:    did you mean "europe"?

    s.json: levers[A].multiply.targets[Year 1].at_least
      found:   "targets[Year 1].at_least"
      allowed: a path below regions, market, investment, changes, one_offs or rates

    s.json: levers[A].multiply.mraket.volatility
      found:   "mraket.volatility"
      allowed: a path below regions, market, investment, changes, one_offs or rates
      hint:    did you mean "market"?

    s.json: levers[A].multiply.regions.europe.leads
      found:   an object
      allowed: a number that can be a little more or less, or an uncertain quantity
      hint:    name a number in it: monthly, growth, ramp, overdispersion

    s.json: levers[A].multiply.contract.term_months
      found:   "contract.term_months"
      allowed: a path below regions, market, investment, changes, one_offs or rates

    s.json: levers[D].set.regions.europe.conversion
      found:   regions.europe.conversion: the same field twice
      allowed: each field once, and either a quantity or a parameter of it

    s.json: levers[D].multiply.market.volatility
      found:   market.volatility: 10
      allowed: a standard deviation (0.1 is 10 %), 0 to 5

    s.json: levers[D].set.regions.europe.deal_size.mean
      found:   regions.europe.deal_size.mean: a mean without a spread
      allowed: mean with either sd or cv
      hint:    a fixed number is written without braces, or as {"value": …}

    s.json: levers[D].set.regions.europe.retention
      found:   regions.europe.retention: 1.2
      allowed: a share, 0 to 1

    s.json: levers[A].name
      found:   the name "A" twice
      allowed: a name of its own

    s.json: levers[A].set.regions.europe.conversion.sd
      found:   regions.europe.conversion: no beta law with mean 0.25 has a standard deviation of 0.5; it must be below 0.4330
      allowed: an sd below 0.4330
      hint:    an sd is that of the share itself: 0.03 means plus or minus 3 points
    "#);
    // Where the scenario itself is faulty, what levers make of it is not looked at.
    levered["regions"]["europe"]["conversion"] = json!(25);
    let text = said(levered.to_string().as_bytes(), &[]);
    assert!(text.contains("levers[B].cots") && !text.contains("levers[D]"), "{text}");
}

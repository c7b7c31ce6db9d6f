//! What is wrong with changes, one-off deals, currencies and terms, all at once.

use super::*;

#[test]
fn all_faults_of_what_changes_are_told_at_once() {
    let mut scenario = sound();
    scenario["changes"] = json!([
        {"name": "Late", "from": "2028-01", "multiply": {"regions.europe.conversion": 1.1}},
        {"name": "Over", "from": "2026-01", "until": "2026-12", "multiply": {"regions.europe.conversion": 1.1}},
        {"name": "Backwards", "from": "2027-05", "until": "2027-04", "multiply": {"regions.*.conversion": 1.1}},
        {"name": "Paths", "from": "2027-05", "multiply": {"regions.europ.conversion": 1, "regions.*.stages[Demo].pass": 1, "market.volatility": 2, "rates.USD.rate": 2, "regions.europe.expansion": 2}},
        {"name": "Factors", "from": "2027-05", "multiply": {"regions.europe.conversion": 0}},
        {"name": "Nothing", "from": "2027-05", "multiply": {}},
        {"name": "Late", "from": "2027-05", "chance": 1.2, "multiply": {"regions.europe.conversion": 0.9}}
    ]);
    scenario["one_offs"] = json!([
        {"name": "Deal", "region": "europ", "month": "2028-01", "amount": 10},
        {"name": "Late", "region": "europe", "month": "2027-01", "amount": -1, "chance": 2}
    ]);
    scenario["rates"] = json!({"USD": {"rate": 0}, "GBP": {"rate": 1.1}});
    scenario["regions"]["europe"]["terms"] = json!([{"months": 12, "share": 0.6}, {"months": 12, "share": 0.3}]);
    let first = said(scenario.to_string().as_bytes(), &[]);
    for told in [
        "regions.europe.terms",
        "shares that add up to 0.9",
        "12 months twice",
        "changes[Factors].multiply.regions.europe.conversion",
        "changes[Nothing].multiply",
        "changes[Late].chance",
        "one_offs[Late].amount",
        "one_offs[Late].chance",
        "rates.USD.rate",
    ] {
        assert!(first.contains(told), "{told} is not in:\n{first}");
    }
    // With sound numbers, what only the whole scenario tells.
    scenario["regions"]["europe"]["terms"] = json!([{"months": 12, "share": 0.6}, {"months": 24, "share": 0.4}]);
    scenario["regions"]["europe"]["currency"] = json!("BRL");
    scenario["rates"] = json!({"GBP": {"rate": 1.1}, "EUR": {"rate": 1}});
    scenario["contracts"] = json!([{"id": "1", "annual_value": 10, "renews": "2027-03"}]);
    scenario["changes"][4]["multiply"]["regions.europe.conversion"] = json!(0.5);
    scenario["changes"][5]["multiply"]["regions.europe.conversion"] = json!(0.5);
    scenario["changes"][6]["chance"] = json!(1);
    scenario["one_offs"][1]["amount"] = json!(1);
    scenario["one_offs"][1]["chance"] = json!(0.5);
    let then = said(scenario.to_string().as_bytes(), &[]);
    for told in [
        "s.json: changes[Late].from",
        "a month up to 2027-12",
        "s.json: changes[Over].until",
        "s.json: changes[Backwards].until",
        "no region \"europ\"",
        "did you mean \"europe\"?",
        "regions.*.stages[Demo].pass, which no region has",
        "\"market.volatility\"",
        "no rate of USD",
        "regions.europe.expansion, which the region europe does not have",
        "the name \"Late\" twice",
        "the name \"Late\" of a change",
        "s.json: one_offs[Deal].region",
        "s.json: one_offs[Deal].month",
        "s.json: regions.europe.currency",
        "BRL, of which no rate is given",
        "s.json: rates.GBP",
        "a rate that nobody uses",
        "s.json: contracts[0].term_months",
    ] {
        assert!(then.contains(told), "{told} is not in:\n{then}");
    }
}

#[test]
fn what_changes_is_set_by_its_path() {
    let mut scenario = sound();
    scenario["changes"] =
        json!([{"name": "Rival", "from": "2027-05", "chance": 0.3, "multiply": {"regions.*.conversion": 0.9}}]);
    let text = scenario.to_string();
    let set = |path: &str, value: &str| said(text.as_bytes(), &[(path, value)]);
    assert_eq!(set("changes[Rival].chance", "0.5"), "sound");
    assert_eq!(set("changes[Rival].happens", "1"), "sound");
    assert_eq!(set("changes[Rival].multiply[regions.*.conversion]", r#"{"low": 0.8, "high": 1}"#), "sound");
    assert!(set("changes[Rival].happens", "2").contains("a share, 0 to 1"));
    assert!(set("changes[Rivl].chance", "0.5").contains("did you mean \"Rival\"?"));
}

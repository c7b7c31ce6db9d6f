//! How much a scenario may hold, and how far it may grow.

use super::*;

#[test]
fn runaway_growth_is_found_in_the_trial_where_it_happens() {
    use revcast::engine::{Execution, Resampling, SimulationScope, simulate};
    let mut wild = sound();
    wild["months"] = json!(240);
    wild["simulation"] = json!({"trials": 300});
    wild["regions"]["europe"]["leads"]["growth"] = json!({"mean": 0.0, "sd": 0.2});
    let model = crate::common::model(&wild);
    let error = simulate(&model, Resampling::None, SimulationScope::whole(&model), &Execution::new(None)).unwrap_err();
    assert!(error.to_string().contains("regions.europe.leads: the expected leads of"), "{error}");
}

#[test]
fn too_many_regions_are_refused_by_their_number() {
    let many = |n: usize| {
        let mut many = sound();
        many["regions"] = Value::Object((0..n).map(|i| (format!("r{i}"), json!({}))).collect());
        said(many.to_string().as_bytes(), &[])
    };
    assert!(many(1_001).contains("found:   1001 regions"), "{}", many(1_001));
    assert!(
        many(100_000).contains("more than 10000 keys in one object; a scenario has at most 1000 regions"),
        "{}",
        many(100_000)
    );
}

#[test]
fn a_thousand_regions_may_be_correlated() {
    let spread = json!({"mean": 0.25, "sd": 0.03});
    let region = json!({"leads": {"monthly": 100}, "conversion": spread, "cycle": {"mean_days": 45}, "deal_size": {"mean": 15000}});
    let regions: Value = (0..1_000).map(|i| (format!("r{i}"), region.clone())).collect();
    let of = |rho: f64| {
        let path = "regions.*.conversion";
        json!({"name": "Many", "start": "2027-01", "months": 12, "regions": regions, "correlations": [{"between": [path, path], "rho": rho}]})
    };
    assert_eq!(crate::common::model(&of(0.5)).correlated.len(), 1_000 * 999 / 2);
    let said = said(of(-0.5).to_string().as_bytes(), &[]);
    // Of so many the least correlation is −1/999.
    assert!(
        said.contains("hint:    these would do: regions.r0.conversion with regions.r1.conversion -0.001;"),
        "{said}"
    );
}

#[test]
fn the_values_of_a_scenario_are_bounded_with_those_of_what_it_extends() {
    let list = format!("[{}[]]", "[],".repeat(9_998));
    let of = |lists: usize, extends: &str| {
        format!("{{{extends}\"name\":\"x\",\"assumptions\":[{}{list}]}}", format!("{list},").repeat(lists - 1))
    };
    let alone = said(of(81, "").as_bytes(), &[]);
    assert!(alone.contains("more than 800000 values in a scenario and the files that it extends"), "{alone}");
    let open = |path: &Path| -> io::Result<Vec<u8>> {
        Ok(if path == Path::new("s.json") { of(41, "\"extends\": \"b.json\",") } else { of(41, "") }.into_bytes())
    };
    let both = load("s.json".as_ref(), &[], &open).unwrap_err().to_string();
    assert!(both.starts_with("b.json: line 1") && both.contains("more than 800000 values"), "{both}");
    let long = said(json!({"name": "x".repeat(100_001)}).to_string().as_bytes(), &[]);
    assert!(long.contains("a text of 100001 bytes; at most 100000 are read"), "{long}");
}

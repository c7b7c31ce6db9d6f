//! What an option breaks, and spreads that no law has.

use super::*;

#[test]
fn what_an_option_breaks_is_said_of_the_option() {
    assert_snapshot!(with(&[("region.europe.conversion", "0.2")]), @r#"
    --set region.europe.conversion=0.2: region
      found:   an unknown key
      allowed: one of $schema, extends, name, assumptions, currency, start, months, fiscal_year, as_of, until, backtest, fitted_from, actuals, pipeline, contracts, draws, simulation, contract, market, closing, regions, changes, one_offs, rates, correlations, investment, targets, calls, levers, stated, note, source
      hint:    did you mean "regions"?
    "#);
    let range = r#"{"low": 0.1, "mode": 0.2, "high": 0.3, "note": "CRM"}"#;
    let mut scenario = sound();
    scenario["regions"]["europe"]["conversion"] = serde_json::from_str(range).unwrap();
    let with = |settings: &[(&str, &str)]| said(scenario.to_string().as_bytes(), settings);
    assert_snapshot!(with(&[("regions.europe.conversion.mean", "0.2")]), @"
    --set regions.europe.conversion.mean=0.2: regions.europe.conversion
      found:   mean beside low
      allowed: a number, or an object with mean and sd (or cv), low and high (and mode), two percentiles such as p10 and p90, values and weights, or value
      hint:    this quantity has low, mode and high: set those, or the whole quantity
    ");
    assert!(
        with(&[("regions.europe.conversion.low", "0.25")]).starts_with("--set regions.europe.conversion.low=0.25: ")
    );
    // What the file breaks is said of the file, whatever is set beside it.
    scenario["regions"]["europe"]["conversion"]["mean"] = json!(0.2);
    let both = said(scenario.to_string().as_bytes(), &[("regions.europe.retention", "0.9")]);
    assert!(both.starts_with("s.json: regions.europe.conversion\n  found:   mean beside low"), "{both}");
    assert!(both.ends_with("a quantity is written in one of these forms only"), "{both}");
}

#[test]
fn spreads_that_no_law_can_be_computed_of_are_told_with_what_would_do() {
    let leads = |law: &str| with(&[("regions.europe.leads.monthly", law)]);
    let tiny = leads(r#"{"mean": 100, "cv": 0.000001, "shape": "gamma"}"#);
    assert!(
        tiny.contains("a gamma law with mean 100 and a standard deviation of 0.0001, which is too narrow"),
        "{tiny}"
    );
    assert!(tiny.ends_with("allowed: a spread of 0, or a larger one"), "{tiny}");
    let wide = leads(r#"{"mean": 100, "cv": 100, "shape": "gamma"}"#);
    assert!(wide.contains("too wide to compute") && wide.ends_with("allowed: a smaller spread"), "{wide}");
    let narrow = with(&[("regions.europe.conversion", r#"{"mean": 0.5, "sd": 1e-6}"#)]);
    assert!(
        narrow.contains("a beta law with mean 0.5") && narrow.ends_with("a spread of 0, or a larger one"),
        "{narrow}"
    );
    let far = leads(r#"{"p5": 1, "p10": 80}"#);
    assert!(far.contains("found:   p5 and p10 of a law whose mean is 1.") && far.contains("·10⁴⁰"), "{far}");
    assert!(far.contains("a mean that is leads a month, 0 to 1e9") && !far.contains("growth"), "{far}");
    assert_eq!(leads(r#"{"p10": 1, "p90": 80}"#), "sound");
}

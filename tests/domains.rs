//! Every number of a region over its whole domain: bounds and points inside against the referee, which follows each lead.

use revcast::outcomes::Grid;
use revcast::scenario::{Metric, schema};
use serde_json::{Value, json};

use crate::common::{forecast_of, ks_distance, played};
use crate::referee::{self, Trial, Twin};
use crate::referee_costs::costs;

const TRIALS: usize = 800;
const MONTHS: usize = 8;
/// Two samples of one law lie this far apart with a probability of at most 1.1e-9 (2 exp(−n d²), which discrete laws keep below). In
/// some 150 cases of six metrics: a false alarm in 1e-6.
const FAR: f64 = 0.1633;

/// A scenario in which each number matters.
fn base() -> Value {
    json!({
        "name": "Base", "start": "2027-01", "months": MONTHS, "simulation": {"trials": TRIALS, "seed": 5},
        "contract": {"term_months": 3}, "market": {"volatility": 0.3, "persistence": 0.5},
        "regions": {"a": {
            "leads": {"monthly": 6, "growth": 0.1, "overdispersion": 0.2}, "conversion": 0.4,
            "cycle": {"mean_days": 25, "cv": 0.5}, "deal_size": {"mean": 1000, "cv": 0.8}, "retention": 0.7, "expansion": 0.1,
            "exposure": {"leads": 0.5, "conversion": 0.5, "deal_size": 0.5}
        }}
    })
}

/// The same as of a day, with open deals, for what concerns these alone.
fn running() -> Value {
    let mut scenario = base();
    let known = |metric: &'static str| {
        ["2027-01", "2027-02"].map(|month| json!({"region": "a", "metric": metric, "month": month, "amount": 0}))
    };
    scenario["as_of"] = json!("2027-02-10");
    scenario["actuals"] = ["bookings", "renewals", "leads"].into_iter().flat_map(known).collect();
    scenario["contracts"] = json!([]);
    scenario["pipeline"] = json!([
        {"id": "1", "created": "2027-02-01", "amount": 8000, "count": 8, "close_date": "2027-03-20"},
        {"id": "2", "created": "2026-12-20", "amount": 9000, "count": 9, "close_date": "2027-05-05"}
    ]);
    scenario
}

/// The table: the path of each number in the schema, and what is laid over the region (or, of the market and the contract, over the
/// scenario) to put it to a bound or inside.
fn cases() -> Vec<(&'static str, Vec<Value>)> {
    let cycle = |cv: f64, shape: &str| json!({"cycle": {"cv": cv, "shape": shape}});
    let size = |cv: f64, shape: &str| json!({"deal_size": {"cv": cv, "shape": shape}});
    let sizes = |value: f64, weight: f64| json!({"deal_size": {"mean": null, "cv": null, "shape": "table", "values": [100, value, 1000], "weights": [1, weight, 2]}});
    let terms = |[one, other]: [usize; 2], share: f64| json!({"terms": [{"months": one, "share": share}, {"months": other, "share": 1.0 - share}]});
    let stage = |pass: f64, days: f64, cv: f64, shape: &str| {
        let stages = json!([{"name": "One", "pass": pass, "mean_days": days, "cv": cv, "shape": shape},
            {"name": "Two", "pass": 0.6, "mean_days": 10}]);
        json!({"conversion": null, "cycle": null, "stages": stages})
    };
    let points = |days: &[f64], decided: &[f64], stretch: f64| json!({"mean_days": null, "cv": null, "shape": null, "days": days, "decided": decided, "stretch": stretch});
    // Bounds and inside of the points of any time.
    let days = || [[0.0, 36_525.0], [1e-6, 40.0], [36_524.0, 36_525.0]].map(|days| points(&days, &[0.0, 1.0], 1.0));
    let decided = || {
        [[0.0, 0.0, 0.0, 1.0], [0.0, 0.4, 0.4, 1.0], [0.0, 1.0, 1.0, 1.0]]
            .map(|decided| points(&[5.0, 20.0, 50.0, 60.0], &decided, 1.0))
    };
    let stretch = || [1e-6, 0.7, 1_000.0].map(|stretch| points(&[0.0, 20.0, 60.0], &[0.0, 0.7, 1.0], stretch));
    let within = |path: &[&str], laws: [Value; 3]| {
        laws.map(|law| path.iter().rev().fold(law, |inner, key| json!({*key: inner}))).to_vec()
    };
    let spread = |mean: f64, cv: f64, shape: &str| json!({"mean_days": mean, "cv": cv, "shape": shape});
    let lengths = || [spread(1e-6, 0.5, "gamma"), spread(50.0, 0.5, "lognormal"), spread(36_525.0, 1.0, "weibull")];
    let spreads = || [spread(20.0, 0.0, "gamma"), spread(20.0, 0.001, "weibull"), spread(20.0, 10.0, "lognormal")];
    let staged = |laws: [Value; 3]| {
        laws.map(|mut law| {
            law["name"] = json!("One");
            law["pass"] = json!(0.7);
            law.as_object_mut().expect("an object").retain(|_, field| !field.is_null());
            json!({"conversion": null, "cycle": null, "stages": [law, {"name": "Two", "pass": 0.6, "mean_days": 10}]})
        })
        .to_vec()
    };
    let dates = |laws: [Value; 3]| laws.map(|slip| json!({"close_dates": {"kept": 0.8, "slip": slip}})).to_vec();
    let table = |ages: &[usize], won: f64, lost: f64| {
        let all = |chance: f64| vec![chance; ages.len()];
        let table = json!({"ages": ages, "won": all(won), "lost": all(lost)});
        json!({"conversion": null, "cycle": null, "closing": {"table": table}})
    };
    let closing = |key: &'static str, outcome: &'static str, values: [Value; 3]| {
        values.map(|value| json!({"closing": {key: {outcome: value}}})).to_vec()
    };
    let rhythms = || [json!([0, 0, 1]), json!([0.5, 0.7, 1.8]), json!([1, 2, 3, 4, 5, 6, 0, 8, 9, 10, 11, 12])];
    let logarithms = || [json!(-10), json!(0.5), json!(10)];
    let steps = || [json!(0), json!(0.3), json!(2)];
    let phases = |month: usize, rate: f64| json!({"leads": {"growth": [{"from_month": month, "rate": rate}]}});
    vec![
        ("leads.monthly", [0.0, 0.01, 60.0].map(|x| json!({"leads": {"monthly": x}})).to_vec()),
        (
            "leads.growth",
            [(6.0, -1.0), (6.0, 0.4), (1e-6, 10.0)]
                .map(|(n, x)| json!({"leads": {"monthly": n, "growth": x}}))
                .to_vec(),
        ),
        ("leads.growth[].from_month", vec![phases(1, 0.5), phases(4, 0.5), phases(600, 0.5)]),
        ("leads.growth[].rate", vec![phases(3, -1.0), phases(3, 0.3), phases(7, 10.0)]),
        (
            "leads.ramp[]",
            vec![json!({"leads": {"ramp": [0, 0, 1]}}), json!({"leads": {"monthly": 0.01, "ramp": [0.5, 1000]}})],
        ),
        (
            "leads.season[]",
            vec![
                json!({"leads": {"season": [1e6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}}),
                json!({"leads": {"season": [1, 2, 3, 1, 1, 1, 1, 1, 0.5, 0, 0, 1]}}),
            ],
        ),
        ("leads.overdispersion", [0.0, 1e-6, 1.0, 100.0].map(|x| json!({"leads": {"overdispersion": x}})).to_vec()),
        ("conversion", [0.0, 0.001, 0.9, 1.0].map(|x| json!({"conversion": x})).to_vec()),
        ("cycle.mean_days", [1e-6, 3.0, 120.0, 36_525.0].map(|x| json!({"cycle": {"mean_days": x}})).to_vec()),
        (
            "cycle.cv",
            vec![
                cycle(0.0, "lognormal"),
                cycle(0.001, "lognormal"),
                cycle(3.0, "lognormal"),
                cycle(10.0, "lognormal"),
                cycle(0.001, "gamma"),
                cycle(10.0, "gamma"),
                cycle(0.1, "weibull"),
                cycle(10.0, "weibull"),
                cycle(0.5, "fixed"),
            ],
        ),
        ("cycle.days[]", within(&["cycle"], days())),
        ("cycle.decided[]", within(&["cycle"], decided())),
        ("cycle.stretch", within(&["cycle"], stretch())),
        ("lost_cycle.mean_days", within(&["lost_cycle"], lengths())),
        ("lost_cycle.cv", within(&["lost_cycle"], spreads())),
        ("lost_cycle.days[]", within(&["lost_cycle"], days())),
        ("lost_cycle.decided[]", within(&["lost_cycle"], decided())),
        ("lost_cycle.stretch", within(&["lost_cycle"], stretch())),
        ("stalled.share", [0.0, 0.5, 1.0].map(|x| json!({"stalled": {"share": x}})).to_vec()),
        (
            "stalled.closed_after_days",
            [1e-6, 70.0, 36_525.0].map(|x| json!({"stalled": {"share": 0.5, "closed_after_days": x}})).to_vec(),
        ),
        (
            "closing.held_to_quarter_end",
            [0.0, 0.5, 1.0].map(|x| json!({"closing": {"held_to_quarter_end": x}})).to_vec(),
        ),
        (
            "closing.table.ages[]",
            vec![table(&[0], 0.01, 0.02), table(&[0, 1], 0.01, 0.02), table(&[0, 14, 1_000], 0.01, 0.02)],
        ),
        ("deal_size.values[]", [-500.0, 0.0, 2000.0].map(|x| sizes(x, 1.0)).to_vec()),
        ("deal_size.weights[]", [0.0, 1.0, 50.0].map(|weight| sizes(700.0, weight)).to_vec()),
        ("closing.table.won[]", [0.0, 0.005, 1.0].map(|x| table(&[0, 14, 75], x, 0.01)).to_vec()),
        ("closing.table.lost[]", [0.0, 0.005, 1.0].map(|x| table(&[0, 14, 75], 0.01, x)).to_vec()),
        ("closing.rhythm.won[]", closing("rhythm", "won", rhythms())),
        ("closing.rhythm.lost[]", closing("rhythm", "lost", rhythms())),
        ("closing.now.won", closing("now", "won", logarithms())),
        ("closing.now.lost", closing("now", "lost", logarithms())),
        ("closing.volatility.won", closing("volatility", "won", steps())),
        ("closing.volatility.lost", closing("volatility", "lost", steps())),
        ("close_dates.kept", [0.0, 0.5, 1.0].map(|x| json!({"close_dates": {"kept": x}})).to_vec()),
        ("close_dates.slip.mean_days", dates(lengths())),
        ("close_dates.slip.cv", dates(spreads())),
        ("close_dates.slip.days[]", dates(days())),
        ("close_dates.slip.decided[]", dates(decided())),
        ("close_dates.slip.stretch", dates(stretch())),
        ("final_amount.ratio", [1e-6, 0.8, 1_000.0].map(|x| json!({"final_amount": {"ratio": x}})).to_vec()),
        ("final_amount.cv", [0.0, 0.001, 10.0].map(|x| json!({"final_amount": {"cv": x}})).to_vec()),
        ("stages[].days[]", staged(days())),
        ("stages[].decided[]", staged(decided())),
        ("stages[].stretch", staged(stretch())),
        ("stages[].pass", [0.0, 0.5, 1.0].map(|x| stage(x, 10.0, 0.5, "lognormal")).to_vec()),
        ("stages[].mean_days", [1e-6, 60.0, 36_525.0].map(|x| stage(0.7, x, 0.5, "gamma")).to_vec()),
        (
            "stages[].cv",
            [(0.0, "gamma"), (10.0, "lognormal"), (10.0, "gamma")].map(|(x, s)| stage(0.7, 20.0, x, s)).to_vec(),
        ),
        ("deal_size.mean", [1e-6, 1e12].map(|x| json!({"deal_size": {"mean": x}})).to_vec()),
        (
            "deal_size.cv",
            vec![
                size(0.0, "lognormal"),
                size(0.001, "lognormal"),
                size(5.95, "lognormal"),
                size(7.0, "lognormal"),
                size(8.0, "lognormal"),
                size(10.0, "lognormal"),
                size(0.001, "gamma"),
                size(1.0, "gamma"),
                size(10.0, "gamma"),
                size(0.5, "fixed"),
            ],
        ),
        ("retention", [0.0, 0.3, 1.0].map(|x| json!({"retention": x})).to_vec()),
        ("expansion", [-1.0, 0.5, 10.0].map(|x| json!({"expansion": x})).to_vec()),
        ("gross_margin", [0.0, 0.7, 1.0].map(|x| json!({"gross_margin": x})).to_vec()),
        ("exposure.leads", [-10.0, -1.0, 2.0].map(|x| json!({"exposure": {"leads": x}})).to_vec()),
        ("exposure.conversion", [-10.0, 10.0].map(|x| json!({"exposure": {"conversion": x}})).to_vec()),
        ("exposure.deal_size", [-10.0, 10.0].map(|x| json!({"exposure": {"deal_size": x}})).to_vec()),
        ("market.volatility", [0.0, 1.0, 5.0].map(|x| json!({"market": {"volatility": x}})).to_vec()),
        ("market.persistence", [0.0, 0.9999].map(|x| json!({"market": {"persistence": x}})).to_vec()),
        ("term_months", [1, 2, 600].map(|x| json!({"term_months": x})).to_vec()),
        ("terms[].months", [1, 2, 600].map(|x| terms([x, 3], 0.5)).to_vec()),
        ("terms[].share", [0.0, 0.3, 1.0].map(|x| terms([2, 4], x)).to_vec()),
        ("contract.term_months", [1, 2, 600].map(|x| json!({"contract": {"term_months": x}})).to_vec()),
    ]
}

/// Lays a patch over JSON: objects merge and null removes, as in a scenario that extends another.
fn merge(into: &mut Value, patch: &Value) {
    match (into.as_object_mut(), patch.as_object()) {
        (Some(into), Some(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    into.shift_remove(key);
                } else {
                    merge(into.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        _ => *into = patch.clone(),
    }
}

fn scenario(path: &str, patch: &Value) -> Value {
    let of_open_deals = path.starts_with("close_dates.") || path.starts_with("final_amount.");
    let mut scenario = if of_open_deals { running() } else { base() };
    let whole = path.starts_with("market.") || path.starts_with("contract.");
    merge(if whole { &mut scenario } else { &mut scenario["regions"]["a"] }, patch);
    scenario
}

/// How far the two lie apart: the farthest of six metrics.
fn distance(scenario: &Value, twin: Twin) -> (f64, &'static str) {
    let (model, outcomes) = played(scenario);
    let trials = referee::simulate(scenario, TRIALS, 6, twin);
    let sum = |of: fn(&Trial) -> &Vec<Vec<f64>>| trials.iter().map(|t| of(t)[0].iter().sum()).collect::<Vec<f64>>();
    let last = |of: fn(&Trial) -> &Vec<Vec<f64>>| trials.iter().map(|t| of(t)[0][MONTHS - 1]).collect::<Vec<f64>>();
    let mut judged = vec![
        (Metric::Leads, sum(|t| &t.leads)),
        (Metric::Bookings, sum(|t| &t.bookings)),
        (Metric::Renewals, sum(|t| &t.renewals)),
        (Metric::OpenDeals, last(|t| &t.open_deals)),
        (Metric::Customers, last(|t| &t.customers)),
        (Metric::WeightedPipeline, last(|t| &t.weighted_pipeline)),
    ];
    if model.has_margin() {
        let ltv = trials.iter().map(|t| costs(scenario, t, &[0], 0, MONTHS - 1, twin).ltv);
        judged.push((Metric::Ltv, ltv.collect()));
    }
    // What differs by rounding alone, or by what the referee's quadrature leaves out, is the same: 20 bits of each number.
    let coarse = |values: Vec<f64>| -> Vec<f64> {
        let told = values.iter().map(|x| if x.is_nan() { -1.0 } else { *x });
        told.map(|x| f64::from(f32::from_bits(((x as f32).to_bits() + 8) & !15))).collect()
    };
    let apart = judged.into_iter().map(|(metric, right)| {
        let found = Grid::new(&model, &outcomes, metric, &[0]).period(0..MONTHS);
        (ks_distance(&coarse(found), &coarse(right)), metric.key())
    });
    apart.fold((0.0, ""), |farthest, next| if next.0 > farthest.0 { next } else { farthest })
}

#[test]
fn every_number_has_its_law_at_its_bounds_and_inside() {
    let mut wrong = Vec::new();
    for (path, patches) in cases() {
        for patch in patches {
            let (apart, metric) = distance(&scenario(path, &patch), Twin::None);
            if apart >= FAR {
                wrong.push(format!("{path} {patch}: {metric} {apart:.3}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_wrong_law_at_a_bound_is_seen() {
    for (path, patch, twin) in [
        ("leads.overdispersion", json!({"leads": {"overdispersion": 100}}), Twin::NoOverdispersion),
        ("exposure.deal_size", json!({"exposure": {"deal_size": 10}}), Twin::NoMarketCorrection),
        ("contract.term_months", json!({"contract": {"term_months": 1}}), Twin::RenewalMonth),
    ] {
        let (apart, metric) = distance(&scenario(path, &patch), twin);
        assert!(apart > FAR, "{path}: {metric} {apart}");
    }
}

/// As many leads as are allowed are more than anybody follows: what is exact is compared with the mean.
#[test]
fn as_many_leads_as_are_allowed_have_the_exact_mean() {
    for size in [
        json!({"mean": 1000, "cv": 0.8}),
        json!({"mean": 1000, "cv": 10}),
        json!({"mean": 1000, "cv": 10, "shape": "gamma"}),
    ] {
        let check = forecast_of(&json!({
            "name": "Most", "start": "2027-01", "months": 3, "simulation": {"trials": 200, "seed": 5},
            "regions": {"a": {"leads": {"monthly": 1e9}, "conversion": 0.4, "cycle": {"mean_days": 25}, "deal_size": size}}
        }));
        let check = check.closed_form.expect("all is fixed");
        assert!(check.totals.len() == 2 && check.wrong().count() == 0, "{check:?}");
    }
}

/// The paths of all numbers below a part of the schema.
fn numbers(schema: &Value, at: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(name) = at["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        if name == "Quantity" {
            found.push(path.to_owned());
        } else {
            numbers(schema, &schema["$defs"][name], path, found);
        }
    }
    for either in ["anyOf", "oneOf", "allOf"] {
        at[either].as_array().into_iter().flatten().for_each(|part| numbers(schema, part, path, found));
    }
    for (key, part) in at["properties"].as_object().into_iter().flatten() {
        numbers(schema, part, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, found);
    }
    if at["items"].is_object() {
        numbers(schema, &at["items"], &format!("{path}[]"), found);
    }
    if ["number", "integer"].iter().any(|kind| at["type"].to_string().contains(kind)) {
        found.push(path.to_owned());
    }
}

#[test]
fn the_table_has_every_number_of_the_schema() {
    let schema = schema();
    let mut found = Vec::new();
    for (part, path) in [("Region", ""), ("Market", "market"), ("Contract", "contract")] {
        numbers(&schema, &schema["$defs"][part], path, &mut found);
    }
    // Those of people are held against the referee together, in people.rs.
    found.retain(|path| !path.starts_with("team.") && !path.starts_with("leads.activities"));
    let mut known: Vec<String> = cases().iter().map(|(path, _)| (*path).to_owned()).collect();
    found.sort_unstable();
    found.dedup();
    known.sort_unstable();
    assert_eq!(found, known, "a new number needs its bounds in the table");
}

//! What a forecast is held against: budgets, calls, targets of combined tags; and what regions do to each other.

use std::fs;

use crate::cli::{ran, scenario};
use crate::common::{self, forecast_of, forecast_with, model, played};
use insta::assert_snapshot;
use revcast::engine::Memory;
use revcast::model::Budget;
use revcast::outcomes::Grid;
use revcast::scenario::Metric;
use revcast::units::Frequency;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Two regions of two segments and channels each; what they share is for the test to say.
fn four(more: Value) -> Value {
    let region = |segment: &str, channel: &str, size: f64| {
        json!({
            "tags": {"segment": segment, "channel": channel},
            "leads": {"monthly": {"mean": 40, "cv": 0.2}},
            "conversion": {"mean": 0.25, "sd": 0.03},
            "cycle": {"mean_days": 30},
            "deal_size": {"mean": size}
        })
    };
    let mut scenario = json!({
        "name": "four", "start": "2027-01", "months": 12, "simulation": {"trials": 4000, "seed": 5},
        "regions": {
            "a": region("enterprise", "direct", 10_000.0),
            "b": region("enterprise", "partner", 9_000.0),
            "c": region("small", "direct", 5_000.0),
            "d": region("small", "partner", 4_000.0)
        },
        "targets": [{"name": "Year", "metric": "bookings", "period": "2027", "at_least": 2_500_000}]
    });
    for (key, value) in more.as_object().expect("what more there is comes as an object") {
        scenario[key] = value.clone();
    }
    scenario
}

#[test]
fn a_target_of_combined_tags_is_of_the_regions_that_carry_all_of_them() {
    let targets = json!([
        {"name": "Pair", "metric": "bookings", "period": "2027", "at_least": 800_000, "tag": {"segment": "enterprise", "channel": "direct"}},
        {"name": "Same", "metric": "bookings", "period": "2027", "at_least": 800_000, "tag": {"channel": "direct", "segment": "enterprise"}},
        {"name": "Region", "metric": "bookings", "period": "2027", "at_least": 800_000, "region": "a"},
        {"name": "Segment", "metric": "bookings", "period": "2027", "at_least": 800_000, "tag": {"segment": "enterprise"}}
    ]);
    let forecast = forecast_of(&four(json!({ "targets": targets })));
    let chances: Vec<f64> = forecast.targets.iter().map(|target| target.probability.known()).collect();
    assert!(chances[0] > 0.05 && chances[0] < 0.95, "{chances:?}");
    assert_eq!((chances[0], chances[0]), (chances[1], chances[2]));
    assert!(chances[3] > chances[0]);
    let pair = forecast.scope("channel=direct&segment=enterprise").expect("the pair has its own sums");
    assert_eq!((pair.label.as_str(), pair.regions.as_slice()), ("direct and enterprise", ["a".to_owned()].as_slice()));
    assert_eq!(forecast.scopes.iter().filter(|scope| scope.key.contains('&')).count(), 1);
}

#[test]
fn without_anything_in_common_there_is_no_other_band() {
    let forecast = forecast_of(&four(json!({})));
    let parts = forecast.main.diversification.expect("four regions");
    assert!(parts.independent.is_none());
    // Four alike and independent: the gap is about half of what the regions' own P10s lie below their medians.
    assert!(parts.gap.known() > 5.0 * parts.gap.error.unwrap(), "{parts:?}");
    assert!((parts.sum_of_p10 + parts.gap.known() - forecast.main.bands.p10.value.unwrap()).abs() < 2_000.0);
    assert!(parts.sum_of_p90 > forecast.main.bands.p90.value.unwrap());
}

#[test]
fn independent_regions_have_the_band_of_the_same_scenario_without_what_they_share() {
    let exposed = |exposure: Value| {
        let mut scenario = four(json!({"market": {"volatility": 0.2, "persistence": 0.9}}));
        for key in ["a", "b", "c", "d"] {
            scenario["regions"][key]["exposure"] = exposure.clone();
        }
        scenario
    };
    let together = forecast_of(&exposed(json!({"leads": 1})));
    let parts = together.main.diversification.as_ref().expect("four regions");
    let apart = parts.independent.as_ref().expect("they share the market factor");
    let width = |p10: Option<f64>, p90: Option<f64>| p90.unwrap() - p10.unwrap();
    let main = &together.main.bands;
    assert!(width(apart.p10.value, apart.p90.value) < 0.8 * width(main.p10.value, main.p90.value));
    // The sum of four independent regions: variances add.
    let (model, outcomes) = played(&exposed(json!({"leads": 1})));
    let variance: f64 = (0..4)
        .map(|r| {
            let sample = Grid::new(&model, &outcomes, Metric::Bookings, &[r]).period(0..12);
            let mean = sample.iter().sum::<f64>() / sample.len() as f64;
            sample.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (sample.len() - 1) as f64
        })
        .sum();
    let (sd, error) = (apart.sd.value.unwrap(), apart.sd.error.unwrap());
    // 5 standard errors: one false alarm in 1.7 million seeds; the shared band is 20 of them away.
    assert!((sd - variance.sqrt()).abs() < 5.0 * error, "{sd} against {}", variance.sqrt());
    assert!((main.sd.value.unwrap() - variance.sqrt()).abs() > 10.0 * error);
    // The same mean, each rounded to the third digit of its error.
    let third_digit = 0.01 * together.main.bands.mean.error.unwrap();
    assert!((apart.mean.value.unwrap() - main.mean.value.unwrap()).abs() < third_digit);
}

#[test]
fn correlated_inputs_are_something_in_common() {
    let correlated = json!([{"between": ["regions.*.conversion", "regions.*.conversion"], "rho": 0.6}]);
    assert!(
        forecast_of(&four(json!({"correlations": correlated}))).main.diversification.unwrap().independent.is_some()
    );
    let within = json!([{"between": ["regions.a.conversion", "regions.a.leads.monthly"], "rho": 0.6}]);
    assert!(forecast_of(&four(json!({"correlations": within}))).main.diversification.unwrap().independent.is_none());
}

#[test]
fn a_call_is_at_the_share_of_futures_below_it() {
    let calls = json!([
        {"who": "VP", "name": "commit", "date": "2027-01-15", "period": "2027", "amount": 2_500_000},
        {"who": "VP", "period": "2027-Q4", "amount": 300_000, "metric": "bookings", "tag": {"segment": "small"}},
        {"who": "VP", "period": "2027", "amount": 0}
    ]);
    let forecast = forecast_of(&four(json!({ "calls": calls })));
    let target = forecast.targets[0].probability.known();
    assert!((forecast.calls[0].percentile.known() - (1.0 - target)).abs() < 1e-9);
    assert_eq!((forecast.calls[0].name.as_str(), forecast.calls[1].name.as_str()), ("commit", "call"));
    assert_eq!(forecast.calls[1].scope, "segment=small");
    assert_eq!(forecast.calls[2].percentile.value, Some(0.0));
    assert!(forecast.calls[2].percentile.error.unwrap() > 0.0, "none of 4,000 futures is not impossible");
}

#[test]
fn a_call_changes_no_number_and_no_hash() {
    let calls = json!([{"who": "VP", "period": "2027", "amount": 1}]);
    let (with, without) = (forecast_of(&four(json!({ "calls": calls }))), forecast_of(&four(json!({}))));
    assert_eq!(with.manifest.scenario_hash, without.manifest.scenario_hash);
    assert_eq!(with.main.bands.p10.value, without.main.bands.p10.value);
}

#[test]
fn a_budget_is_attained_by_the_forecast_over_it() {
    let (model, outcomes) = played(&four(json!({})));
    let mut sheet = "region,metric,month,amount\n".to_owned();
    for region in ["a", "b", "c", "d"] {
        for month in 1..=12 {
            sheet.push_str(&format!("{region},bookings,2027-{month:02},{}\n", 40_000 + 1_000 * month));
        }
    }
    sheet.push_str(",arr,Dec-27,1000000\nsegment=small,bookings,2027-02-01,0\n");
    let budget = Budget::read("b.csv", sheet.as_bytes(), &model).unwrap_or_else(|faults| panic!("{faults}"));
    let forecast = forecast_with(&common::scenario(&four(json!({}))), Some(&budget), Memory::default());

    let year = forecast.budgeted(Metric::Bookings, "total", Frequency::Year).expect("regions add up to the total");
    assert_eq!(year.amount, [Some(4.0 * 558_000.0)]);
    let sample = Grid::new(&model, &outcomes, Metric::Bookings, &[0, 1, 2, 3]).period(0..12);
    let below = sample.iter().filter(|x| **x < 2_232_000.0).count() as f64 / 4_000.0;
    assert!((year.percentile.value[0].unwrap() - below).abs() < 1e-4);
    let bands = &forecast.series(Metric::Bookings, "total", Frequency::Year).unwrap().bands;
    let close = |a: Option<f64>, b: f64| (a.unwrap() / b - 1.0).abs() < 1e-3;
    assert!(close(year.attainment.p50.value[0], bands.p50.value[0].unwrap() / 2_232_000.0));
    assert!(close(year.attainment.p10.value[0], bands.p10.value[0].unwrap() / 2_232_000.0));
    assert!((year.variance.mean.value[0].unwrap() - (bands.mean.value[0].unwrap() - 2_232_000.0)).abs() < 1_000.0);

    // A level has the budget of its last month; what is not wholly budgeted is unknown.
    let arr = |every| forecast.budgeted(Metric::Arr, "total", every).map(|line| line.amount.clone());
    assert_eq!(arr(Frequency::Year), Some(vec![Some(1e6)]));
    assert_eq!(arr(Frequency::Quarter), Some(vec![None, None, None, Some(1e6)]));
    assert_eq!(arr(Frequency::Cumulative), None);
    let small = forecast.budgeted(Metric::Bookings, "segment=small", Frequency::Month).expect("one month of it");
    assert_eq!((small.amount[0], small.amount[1]), (None, Some(0.0)));
    assert_eq!(
        (small.attainment.p50.value[1], small.percentile.value[1]),
        (None, Some(0.0)),
        "nothing is attained of a budget of 0"
    );
    assert!(forecast.budgeted(Metric::Bookings, "segment=enterprise", Frequency::Year).is_some());
    // Its regions add up to 84,000.
    let small = model.scopes.iter().position(|scope| scope.key == "segment=small").unwrap();
    assert_eq!(budget.contradictions(&model), [(Metric::Bookings, small, 1)]);
}

#[test]
fn faults_of_a_budget_name_their_rows() {
    let model = model(&four(json!({})));
    let said = |text: &str| match Budget::read("b.csv", text.as_bytes(), &model) {
        Ok(_) => "sound".to_owned(),
        Err(faults) => faults.to_string(),
    };
    let rows = "region,metric,month,amount\nx,bokings,13/2027,many\na,roi,2027-01,1\na,bookings,2027-01,1\na,bookings,2027-01,2\n";
    assert_snapshot!(said(rows), @r#"
    b.csv: row 2, region
      found:   "x"
      allowed: one of a, b, c, d, segment=enterprise, channel=direct, channel=partner, segment=small, total

    b.csv: row 2, metric
      found:   "bokings"
      allowed: one of leads, won_deals, lost_deals, open_deals, bookings, renewals, total_bookings, revenue, arr, customers, pipeline_value, weighted_pipeline, investment, roi, bookings_closed, bookings_from_open, bookings_from_new, bookings_from_one_offs, renewals_closed, renewals_from_contracts, renewals_from_new, arr_new, arr_expansion, arr_contraction, arr_churn, nrr, grr, cac, arpa, ltv, cac_payback_months, margin_roi, ae_headcount, sdr_headcount, started_leads, waiting_leads, expired_leads, ae_capacity, sdr_capacity, ae_utilisation, sdr_utilisation, quota_attainment, reps_at_quota, bookings_per_rep
      hint:    did you mean "bookings"?

    b.csv: row 2, month
      found:   "13/2027"
      allowed: a month such as 2027-03
      hint:    format the column as text, or as yyyy-mm

    b.csv: row 2, amount
      found:   "many"
      allowed: a number, such as 0.25 or 15000

    b.csv: row 3, metric
      found:   return on investment of a part
      allowed: the region total
      hint:    it is known for the total only

    b.csv: row 5, amount
      found:   bookings of a in 2027-01 a second time
      allowed: each amount once
    "#);
    assert_snapshot!(said("region,month,amount\n"), @"
    b.csv: row 1
      found:   no column metric
      allowed: region, metric, month, amount, note, source
    ");
    assert_snapshot!(said("region,metric,month,amount\na,bookings,2026-12,1\n"), @"
    b.csv
      found:   no amount from 2027-01 to 2027-12
      allowed: amounts of months that the scenario plays
    ");
}

#[test]
fn a_budget_and_calls_are_told_and_written() {
    let folder = TempDir::new().unwrap();
    let months = (1..=12).map(|m| format!("total;total_bookings;2027-{m:02};1.500.000\n"));
    fs::write(folder.path().join("wrong.csv"), format!("region;metric;month;amount\n{}", months.collect::<String>()))
        .unwrap();
    let months = (1..=12).map(|m| format!("total;total_bookings;2027-{m:02};1500000,0\n"));
    fs::write(folder.path().join("budget.csv"), format!("region;metric;month;amount\n{}", months.collect::<String>()))
        .unwrap();
    let plan = scenario("ai-marketing-plan");
    let arguments = |file| ["run", &plan, "--trials", "500", "--out", "o", "--budget", file].map(str::to_owned);
    let run = |file| ran(folder.path(), &arguments(file).each_ref().map(String::as_str));
    let (code, _, err) = run("wrong.csv");
    assert!(code == 2 && err.contains("without thousands separators") && !folder.path().join("o").exists(), "{err}");
    let (code, out, _) = run("budget.csv");
    assert_eq!(code, 0);
    assert!(out.contains("  total bookings 2027: €18M is at P"), "{out}");
    let document: Value = serde_json::from_slice(&fs::read(folder.path().join("o/forecast.json")).unwrap()).unwrap();
    assert!(document["body"]["forecast"]["budget"].as_array().unwrap().len() >= 4);
    let table = fs::read(folder.path().join("o/attainment.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_slice());
    assert_eq!(rows.headers().unwrap().len(), 23);
    let year: Vec<String> =
        rows.records().map(Result::unwrap).find(|row| &row[2] == "2027").unwrap().iter().map(str::to_owned).collect();
    assert_eq!((year[1].as_str(), year[4].as_str()), ("total", "18000000"));
    let share: f64 = year[5].parse().unwrap();
    assert!(share > 0.3 && share < 0.7 && year.iter().all(|cell| !cell.is_empty()), "{year:?}");
}

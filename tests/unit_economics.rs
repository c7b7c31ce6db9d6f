//! Costs and unit economics: against the referee, with twins that fail; what must hold in every future; what is empty; what is refused.

use revcast::model::Model;
use revcast::outcomes::{Grid, Outcomes};
use revcast::scenario::{Metric, Setting, load};
use revcast::units::Frequency;
use serde_json::{Value, json};

use crate::common::{forecast_of, ks_distance, played, revcast};
use crate::referee::{self, Trial, Twin};
use crate::referee_costs::costs;

/// The metrics of the section.
const METRICS: [Metric; 6] =
    [Metric::Investment, Metric::Cac, Metric::Arpa, Metric::Ltv, Metric::CacPaybackMonths, Metric::MarginRoi];

/// Two regions with uncertain margins, one of them correlated with retention; an item of each region and one of none.
fn two() -> Value {
    json!({
        "name": "Two", "start": "2027-01", "months": 14, "contract": {"term_months": 4},
        "market": {"volatility": 0.2, "persistence": 0.5},
        "regions": {
            "north": {"leads": {"monthly": {"mean": 12, "cv": 0.2}}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": 25},
                "deal_size": {"mean": 9000}, "retention": {"low": 0.6, "high": 0.9}, "expansion": 0.1,
                "gross_margin": {"mean": 0.8, "sd": 0.05}, "exposure": {"leads": 1}},
            "south": {"leads": {"monthly": 4}, "conversion": 0.2, "cycle": {"mean_days": 40}, "deal_size": {"mean": 30000, "cv": 0.4},
                "retention": 0.3, "gross_margin": {"low": 0.2, "mode": 0.4, "high": 0.7}}
        },
        "correlations": [{"between": ["regions.north.retention", "regions.north.gross_margin"], "rho": 0.7}],
        "investment": [
            {"name": "A", "amount": 60000, "months": 6, "region": "north"},
            {"name": "B", "amount": 9000, "from_month": 3, "months": 3, "region": "south"},
            {"name": "Of all", "amount": 24000, "from_month": 2, "months": 20}
        ]
    })
}

/// The first with retention that changes, a currency, several terms and a one-off deal.
fn changing() -> Value {
    let mut scenario = two();
    scenario["changes"] = json!([{"name": "Churn", "from": "2027-05", "chance": 0.5, "multiply": {"regions.*.retention": 0.6, "regions.*.deal_size.mean": 1.2}}]);
    scenario["rates"] = json!({"BRL": {"rate": 0.2, "volatility": 0.4}});
    scenario["one_offs"] =
        json!([{"name": "Deal", "region": "south", "month": "2027-03", "amount": 90000, "chance": 0.5}]);
    scenario["regions"]["north"]["currency"] = json!("BRL");
    scenario["regions"]["north"]["terms"] = json!([{"months": 3, "share": 0.5}, {"months": 8, "share": 0.5}]);
    scenario
}

/// The same as of a day, with open deals and contracts in force, and a margin from a table of joint draws.
fn running() -> Value {
    let mut scenario = two();
    scenario["as_of"] = json!("2027-02-10");
    let known = |region: &'static str| {
        ["bookings", "renewals", "won_deals"].into_iter().flat_map(move |metric| {
            ["2027-01", "2027-02"].map(|month| json!({"region": region, "metric": metric, "month": month, "amount": 2}))
        })
    };
    scenario["actuals"] = ["north", "south"].into_iter().flat_map(known).collect();
    scenario["pipeline"] = json!([
        {"id": "1", "region": "north", "created": "2027-01-20", "amount": 80000, "count": 8},
        {"id": "2", "region": "south", "created": "2026-12-20", "amount": 9000, "count": 9}
    ]);
    scenario["contracts"] = json!([
        {"id": "1", "region": "north", "annual_value": 300000, "count": 30, "renews": "evenly"},
        {"id": "2", "region": "south", "annual_value": 9000, "count": 5, "renews": "2027-04"}
    ]);
    scenario["regions"]["south"]["gross_margin"] = json!(0.5);
    scenario["draws"] = json!({
        "file": "draws.csv", "rows": 3,
        "values": {"regions.south.gross_margin": [0.3, 0.5, 0.7], "regions.south.retention": [0.2, 0.3, 0.9]}
    });
    scenario
}

const TRIALS: usize = 4_000;

/// The largest distance of each metric from the referee's over both regions, the total and several periods. An empty value lies above all.
fn distances(scenario: &Value, twin: Twin) -> Vec<(Metric, f64)> {
    let mut engine_side = scenario.clone();
    engine_side["simulation"] = json!({"trials": TRIALS, "seed": 21});
    let (model, outcomes) = played(&engine_side);
    let judged: Vec<Trial> = referee::simulate(scenario, TRIALS, 22, twin);
    let first = model.as_of.month;
    let told = |values: Vec<f64>| -> Vec<f64> {
        values.into_iter().map(|x| if x.is_nan() { 1e300 } else { format!("{x:.9e}").parse().unwrap_or(x) }).collect()
    };
    let mut found = Vec::new();
    for metric in METRICS {
        let mut farthest: f64 = 0.0;
        for regions in [vec![0], vec![1], vec![0, 1]] {
            if metric == Metric::MarginRoi && regions.len() == 1 {
                continue;
            }
            for (from, last) in [(first + 1, first + 1), (first + 2, first + 4), (first, 11), (0, 13)] {
                let ours = Grid::new(&model, &outcomes, metric, &regions).period(from..last + 1);
                let theirs = judged.iter().map(|trial| {
                    let of = costs(scenario, trial, &regions, from, last, twin);
                    match metric {
                        Metric::Investment => of.investment,
                        Metric::Cac => of.cac,
                        Metric::Arpa => of.arpa,
                        Metric::Ltv => of.ltv,
                        Metric::CacPaybackMonths => of.cac_payback_months,
                        _ => of.margin_roi,
                    }
                });
                farthest = farthest.max(ks_distance(&told(ours), &told(theirs.collect())));
            }
        }
        found.push((metric, farthest));
    }
    found
}

/// Two samples of one law lie this far apart in one of some 120 comparisons with a probability of at most 1e-6: 2 exp(−n d²).
fn bound() -> f64 {
    libm::sqrt(libm::log(2.0 * 120.0 / 1e-6) / TRIALS as f64)
}

#[test]
fn costs_and_what_customers_bring_follow_the_referee() {
    for scenario in [two(), running(), changing()] {
        let far: Vec<_> = distances(&scenario, Twin::None).into_iter().filter(|(_, apart)| *apart > bound()).collect();
        assert!(far.is_empty(), "past {}: {far:?}", bound());
    }
}

#[test]
fn wrong_laws_of_costs_are_found() {
    for (twin, metrics) in [
        (Twin::OneYearOfLife, vec![Metric::Ltv]),
        (Twin::CostsOfAll, vec![Metric::Investment, Metric::Cac, Metric::CacPaybackMonths]),
        (Twin::OneMargin, vec![Metric::Ltv, Metric::CacPaybackMonths, Metric::MarginRoi]),
    ] {
        let found = distances(&two(), twin);
        for metric in metrics {
            let apart = found.iter().find(|(of, _)| *of == metric).expect("it is compared").1;
            assert!(apart > bound(), "{twin:?} is not found in {metric:?}: {apart}");
        }
    }
}

fn values(
    model: &Model,
    outcomes: &Outcomes,
    metric: Metric,
    regions: &[usize],
    months: std::ops::Range<usize>,
) -> Vec<f64> {
    Grid::new(model, outcomes, metric, regions).period(months)
}

#[test]
fn in_every_future_quotients_are_those_of_the_other_metrics() {
    let mut scenario = two();
    scenario["simulation"] = json!({"trials": 300, "seed": 3});
    scenario["regions"]["north"]["gross_margin"] = json!(0.8);
    scenario["regions"]["south"]["gross_margin"] = json!(0.5);
    scenario["regions"]["north"]["retention"] = json!(0.75);
    scenario.as_object_mut().expect("an object").shift_remove("correlations");
    let (model, outcomes) = played(&scenario);
    let of = |metric, regions: &[usize]| values(&model, &outcomes, metric, regions, 3..12);
    let same = |what: &str, a: f64, b: f64| {
        assert!(
            a.is_nan() == b.is_nan() && (a.is_nan() || (a - b).abs() <= 1e-9 * b.abs().max(1e-9)),
            "{what}: {a} {b}"
        );
    };
    let (all, lives) = ([0, 1], [0.8 / 0.25, 0.5 / 0.7]);
    let [arr, customers, won, spent] =
        [Metric::Arr, Metric::Customers, Metric::WonDeals, Metric::Investment].map(|metric| of(metric, &all));
    let arr_of = [0, 1].map(|r| of(Metric::Arr, &[r]));
    let booked = [0, 1].map(|r| of(Metric::Bookings, &[r]));
    let [cac, arpa, ltv, payback] =
        [Metric::Cac, Metric::Arpa, Metric::Ltv, Metric::CacPaybackMonths].map(|metric| of(metric, &all));
    for t in 0..300 {
        same("cac", cac[t], spent[t] / won[t]);
        same("arpa", arpa[t], arr[t] / customers[t]);
        same("ltv", ltv[t], (arr_of[0][t] * lives[0] + arr_of[1][t] * lives[1]) / customers[t]);
        // Of a term of four months a year has three.
        same("payback", payback[t], 12.0 * spent[t] / (3.0 * (0.8 * booked[0][t] + 0.5 * booked[1][t])));
    }
    // 60,000 and 9,000 of items that name regions, and of the 24,000 of none what falls into these months.
    let by_region = [0, 1].map(|r| values(&model, &outcomes, Metric::Investment, &[r], 0..14)[0]);
    assert_eq!(by_region, [60_000.0, 9_000.0]);
    same("all", values(&model, &outcomes, Metric::Investment, &all, 0..14)[0], 60_000.0 + 9_000.0 + 13.0 * 1_200.0);
}

#[test]
fn without_churn_there_is_no_lifetime_value_and_without_customers_nothing_is_divided() {
    let of = |change: &dyn Fn(&mut Value)| {
        let mut scenario = two();
        scenario["simulation"] = json!({"trials": 200, "seed": 3});
        change(&mut scenario);
        forecast_of(&scenario)
    };
    let medians = |forecast: &revcast::forecast::Forecast, metric, scope: &str| {
        let series = forecast.series(metric, scope, Frequency::Total).expect("it has a series");
        (series.plan[0], series.bands.p50.value[0])
    };
    let stays = of(&|scenario| scenario["regions"]["south"]["retention"] = json!(1));
    for scope in ["south", "total"] {
        assert_eq!(medians(&stays, Metric::Ltv, scope), (None, None), "{scope}");
        assert!(matches!(medians(&stays, Metric::Cac, "total"), (Some(_), Some(_))));
    }
    assert!(matches!(medians(&stays, Metric::Ltv, "north"), (Some(_), Some(_))));
    let none = of(&|scenario| scenario["regions"]["south"]["leads"]["monthly"] = json!(0));
    for metric in [Metric::Cac, Metric::Arpa, Metric::Ltv, Metric::CacPaybackMonths] {
        assert_eq!(medians(&none, metric, "south"), (None, None), "{metric:?}");
        assert!(matches!(medians(&none, metric, "total"), (Some(_), Some(_))), "{metric:?}");
    }
    let free = of(&|scenario| scenario["investment"] = json!([]));
    assert_eq!(medians(&free, Metric::Cac, "total"), (Some(0.0), Some(0.0)));
    assert_eq!(medians(&free, Metric::MarginRoi, "total"), (None, None));
}

#[test]
fn metrics_exist_only_with_their_fields_and_move_no_other() {
    let mut scenario = two();
    scenario["simulation"] = json!({"trials": 200, "seed": 3});
    scenario.as_object_mut().expect("an object").shift_remove("correlations");
    let with = forecast_of(&scenario);
    for region in ["north", "south"] {
        scenario["regions"][region].as_object_mut().expect("an object").shift_remove("gross_margin");
    }
    let by_region = forecast_of(&scenario);
    for item in scenario["investment"].as_array_mut().expect("a list") {
        item.as_object_mut().expect("an object").shift_remove("region");
    }
    let without = forecast_of(&scenario);
    let metrics = |forecast: &revcast::forecast::Forecast| {
        let of = |metric: &Metric| forecast.series.iter().any(|series| series.metric == *metric);
        METRICS.into_iter().filter(of).collect::<Vec<Metric>>()
    };
    assert_eq!(metrics(&with), METRICS);
    assert_eq!(metrics(&by_region), [Metric::Investment, Metric::Cac, Metric::Arpa]);
    assert_eq!(metrics(&without), [Metric::Investment]);
    let written = |forecast: &revcast::forecast::Forecast, metric, scope: &str| {
        forecast.series(metric, scope, Frequency::Month).map(|series| format!("{series:?}"))
    };
    for metric in Metric::ALL.into_iter().filter(|metric| !METRICS[1..].contains(metric)) {
        assert_eq!(written(&with, metric, "total"), written(&without, metric, "total"), "{metric:?}");
    }
    assert!(written(&without, Metric::Investment, "north").is_none());
}

#[test]
fn bad_costs_are_refused_all_at_once() {
    let mut scenario = two();
    scenario["regions"]["north"]["gross_margin"] = json!(1.2);
    scenario["regions"]["south"].as_object_mut().expect("an object").shift_remove("gross_margin");
    scenario["investment"][1]["region"] = json!("sout");
    scenario["correlations"] = json!([]);
    scenario["targets"] =
        json!([{"name": "Cheap", "metric": "margin_roi", "period": "2027", "at_least": 2, "region": "north"}]);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("bad.json"), scenario.to_string()).expect("it is written");
    let output = revcast(folder.path()).args(["run", "bad.json"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_metric_that_the_scenario_lacks_is_refused_wherever_it_is_named() {
    let mut scenario = two();
    for region in ["north", "south"] {
        scenario["regions"][region].as_object_mut().expect("an object").shift_remove("gross_margin");
    }
    scenario["correlations"] = json!([]);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("two.json"), scenario.to_string()).expect("it is written");
    std::fs::write(folder.path().join("budget.csv"), "region,metric,month,amount\nnorth,ltv,2027-03,5000\n")
        .expect("it is written");
    let said = |args: &[&str]| {
        let output = revcast(folder.path()).args(args).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, text) = said(&["sensitivity", "two.json", "--metric", "ltv", "--trials", "100"]);
    assert!(code == Some(2) && text.contains("it takes gross_margin"), "{text}");
    let (code, text) = said(&["run", "two.json", "--budget", "budget.csv", "--trials", "100"]);
    assert!(code == Some(2) && text.contains("LTV of a scenario without gross_margin"), "{text}");
}

#[test]
fn a_margin_is_set_and_moved_as_any_input() {
    let mut scenario = two();
    scenario["correlations"] = json!([]);
    let text = scenario.to_string();
    let with = |value: &str| {
        let setting = Setting {
            option: format!("--set regions.*.gross_margin={value}"),
            path: "regions.*.gross_margin".to_owned(),
            value: value.to_owned(),
        };
        load("two.json".as_ref(), &[setting], &|_| Ok(text.clone().into_bytes()))
    };
    let scenario = with("0.5").expect("it is sound");
    assert_eq!(scenario.regions["north"].gross_margin.as_ref().and_then(|margin| margin.law().as_fixed()), Some(0.5));
    assert!(with("1.5").is_err());
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("two.json"), &text).expect("it is written");
    let output = revcast(folder.path())
        .args([
            "sensitivity",
            "two.json",
            "--metric",
            "ltv",
            "--period",
            "2027",
            "--region",
            "north",
            "--trials",
            "400",
        ])
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("LTV of north at the end of December 2027") && told.contains("gross margin"), "{told}");
}

#[test]
fn the_page_and_the_tables_say_of_what_each_figure_is() {
    let mut scenario = two();
    scenario["simulation"] = json!({"trials": 400, "seed": 3});
    scenario["targets"] =
        json!([{"name": "Paid back soon", "metric": "ltv", "period": "2027", "at_least": 9000.5, "region": "north"}]);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("two.json"), scenario.to_string()).expect("it is written");
    let output = revcast(folder.path()).args(["run", "two.json", "--out", "out"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("LTV of north at the end of December 2027"), "{told}");
    let read = |file: &str| std::fs::read_to_string(folder.path().join("out").join(file)).expect("it is there");
    let page = read("report.html");
    let (_, section) = page.split_once("id=\"customers\"").expect("the page has the section");
    let (section, _) = section.split_once("</section>").expect("it ends");
    for words in [
        "What a customer costs and brings",
        "north in 2027",
        "south in 2027",
        "All together in 2027",
        "ROI at gross margin",
    ] {
        assert!(section.contains(words), "{words} is not in {section}");
    }
    // 13 of the 20 months of the item of no region are played.
    assert!(section.contains("€15.6k of the investment of €84.6k names no region"), "{section}");
    let bands = read("bands.csv");
    for metric in ["cac", "arpa", "ltv", "cac_payback_months", "margin_roi"] {
        assert!(bands.lines().any(|line| line.split(',').any(|cell| cell == metric)), "{metric}");
    }
}

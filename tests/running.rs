//! A business that is already running against the referee, section by section and all at once; what must hold in every trial; and the
//! vectors of docs/model.md's second part by simulated means. Each comparison of laws has a false-alarm rate of 1e-6.

use revcast::model::Model;
use revcast::outcomes::{Grid, Outcomes};
use revcast::scenario::Metric;
use revcast::stats::Moments;
use serde_json::{Value, json};

use crate::common::played;
use crate::referee::Twin;
use crate::statistical::{assert_found, assert_same_law};

/// Months before the as-of day whose bookings and renewals are known, of each region.
fn actuals(regions: &[&str], months: &[&str]) -> Value {
    let of = |region: &&str| {
        let region = (*region).to_owned();
        let row = move |metric: &'static str, amount: f64| {
            let region = region.clone();
            months
                .iter()
                .map(move |month| json!({"region": region, "metric": metric, "month": month, "amount": amount}))
        };
        row("bookings", 70_000.0).chain(row("renewals", 0.0)).collect::<Vec<Value>>()
    };
    regions.iter().flat_map(of).collect()
}

/// Section A alone: part of a month's leads, with growth, season, market, overdispersion and uncertain inputs.
fn as_of() -> Value {
    json!({
        "name": "As of", "start": "2027-01", "months": 10, "as_of": "2027-03-10",
        "pipeline": [], "contracts": [], "actuals": actuals(&["only"], &["2027-01", "2027-02", "2027-03"]),
        "contract": {"term_months": 4}, "market": {"volatility": 0.25, "persistence": 0.6},
        "regions": {"only": {
            "leads": {"monthly": {"mean": 80, "cv": 0.2}, "growth": 0.03, "ramp": [0.2, 0.5, 1], "overdispersion": 0.1},
            "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": {"low": 20, "high": 50}, "cv": 0.6},
            "deal_size": {"mean": 1000}, "retention": 0.7, "expansion": 0.1, "exposure": {"leads": 1, "conversion": 0.7, "deal_size": 0.4}
        }}
    })
}

/// Section A with little noise, and with counts of the months before.
fn as_of_sharp() -> Value {
    let months = ["2027-01", "2027-02", "2027-03"];
    let mut known = actuals(&["only"], &months);
    for metric in ["leads", "won_deals", "lost_deals"] {
        let rows = months.map(|month| json!({"region": "only", "metric": metric, "month": month, "amount": 20}));
        known.as_array_mut().expect("a list").extend(rows);
    }
    json!({
        "name": "As of", "start": "2027-01", "months": 6, "as_of": "2027-03-10",
        "pipeline": [], "contracts": [], "actuals": known,
        "regions": {"only": {"leads": {"monthly": 400}, "conversion": 0.3, "cycle": {"mean_days": 20}, "deal_size": {"mean": 1000}}}
    })
}

/// Section C alone: two clocks, stalled leads that are closed and others that are not, times through points.
fn two_clocks() -> Value {
    json!({
        "name": "Two clocks", "start": "2027-01", "months": 9,
        "market": {"volatility": 0.2, "persistence": 0.3},
        "regions": {
            "closed": {"leads": {"monthly": 60}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": 60, "cv": 0.4},
                "lost_cycle": {"mean_days": {"low": 15, "high": 40}, "cv": 0.9, "shape": "gamma"},
                "stalled": {"share": {"mean": 0.25, "sd": 0.05}, "closed_after_days": 100},
                "deal_size": {"mean": 1000}, "exposure": {"conversion": 1}},
            "points": {"leads": {"monthly": 40}, "conversion": 0.4,
                "cycle": {"days": [0, 7, 30, 90, 180], "decided": [0, 0.3, 0.5, 0.9, 1], "stretch": {"low": 0.8, "high": 1.4}},
                "stalled": {"share": 0.2}, "deal_size": {"mean": 1000}}
        }
    })
}

/// Section D alone, with a fiscal year, one cycle and stages.
fn quarter_ends() -> Value {
    json!({
        "name": "Quarter ends", "start": "2027-01", "months": 9, "fiscal_year": {"first_month": 2},
        "contract": {"term_months": 3},
        "regions": {
            "cycle": {"leads": {"monthly": 60}, "conversion": 0.35, "cycle": {"mean_days": 30}, "deal_size": {"mean": 1000, "cv": 0.3},
                "closing": {"held_to_quarter_end": {"low": 0.4, "high": 0.8}}, "retention": 0.8},
            "staged": {"leads": {"monthly": 40}, "stages": [{"name": "A", "pass": 0.6, "mean_days": 15}, {"name": "B", "pass": 0.7, "mean_days": 20, "cv": 0.8}],
                "deal_size": {"mean": 1000}, "closing": {"held_to_quarter_end": 0.5}}
        }
    })
}

/// Section B alone: deals of several ages, some with a chance of their own, a close date, no amount, or alike.
fn open_deals() -> Value {
    let deals = |region: &str| {
        json!([
            {"id": format!("{region} 1"), "region": region, "created": "2027-02-20", "amount": 9000, "count": 40},
            {"id": format!("{region} 2"), "region": region, "created": "2026-12-20", "amount": 400, "count": 30, "close_date": "2027-04-21"},
            {"id": format!("{region} 3"), "region": region, "created": "2027-01-15", "count": 25},
            {"id": format!("{region} 4"), "region": region, "created": "2026-11-01", "amount": 700, "win_probability": 0.8, "close_date": "2027-03-12"},
            {"id": format!("{region} 5"), "region": region, "created": "2015-01-01", "amount": 50, "count": 5},
            {"id": format!("{region} 6"), "region": region, "created": "2015-01-01", "amount": 60, "win_probability": 0.5}
        ])
    };
    let all: Vec<Value> = ["aged", "plain"]
        .into_iter()
        .flat_map(|region| deals(region).as_array().cloned().unwrap_or_default())
        .collect();
    json!({
        "name": "Open deals", "start": "2027-01", "months": 9, "as_of": "2027-03-08",
        "pipeline": all, "contracts": [], "actuals": actuals(&["aged", "plain"], &["2027-01", "2027-02", "2027-03"]),
        "contract": {"term_months": 3}, "market": {"volatility": 0.3, "persistence": 0.5},
        "regions": {
            "aged": {"leads": {"monthly": 0}, "conversion": {"mean": 0.3, "sd": 0.05}, "cycle": {"mean_days": {"mean": 50, "cv": 0.1}},
                "lost_cycle": {"mean_days": 35, "cv": 0.8}, "stalled": {"share": 0.2, "closed_after_days": 200},
                "close_dates": {"kept": 0.6, "slip": {"mean_days": 20}}, "closing": {"held_to_quarter_end": 0.4},
                "final_amount": {"ratio": {"low": 0.8, "high": 1}, "cv": 0.3},
                "deal_size": {"mean": 1000}, "retention": 0.8, "expansion": -0.2, "exposure": {"conversion": 1, "deal_size": 0.5}},
            "plain": {"leads": {"monthly": 0}, "conversion": 0.25, "cycle": {"mean_days": 45}, "close_dates": {"kept": 0.7},
                "deal_size": {"mean": 500, "cv": 0.5}, "retention": 0.5, "expansion": 0.1}
        }
    })
}

/// Open deals in stages, as of a day, held to quarter ends.
fn open_in_stages() -> Value {
    json!({
        "name": "Open in stages", "start": "2027-01", "months": 8, "as_of": "2027-02-10",
        "pipeline": [
            {"id": "1", "created": "2027-01-01", "stage": "A", "stage_since": "2027-01-20", "amount": 100, "count": 20},
            {"id": "2", "created": "2026-10-01", "stage": "B", "stage_since": "2026-12-20", "amount": 300, "count": 20, "close_date": "2027-05-05"},
            {"id": "3", "created": "2026-10-01", "stage": "B", "stage_since": "2027-02-01", "amount": 70, "win_probability": 0.8, "count": 9},
            {"id": "4", "created": "2026-10-01", "stage": "C", "stage_since": "2016-12-20", "amount": 30, "count": 3}
        ],
        "contracts": [], "actuals": actuals(&["only"], &["2027-01", "2027-02"]),
        "market": {"volatility": 0.3, "persistence": 0.5},
        "regions": {"only": {
            "leads": {"monthly": 20}, "closing": {"held_to_quarter_end": 0.3}, "close_dates": {"kept": 0.5, "slip": {"mean_days": 10}},
            "stages": [{"name": "A", "pass": 0.9, "mean_days": 20}, {"name": "B", "pass": 0.5, "mean_days": {"low": 15, "high": 35}, "cv": 0.8, "shape": "gamma"},
                {"name": "C", "pass": 0.6, "mean_days": 12, "shape": "weibull"}],
            "deal_size": {"mean": 1000}, "exposure": {"conversion": 1}
        }}
    })
}

/// Sections H and I: contracts alike, evenly, of several terms; value that grows, and value that falls.
fn contracts() -> Value {
    let rows = |region: &str| {
        json!([
            {"id": format!("{region} 1"), "region": region, "annual_value": 70000, "renews": "evenly", "count": 70},
            {"id": format!("{region} 2"), "region": region, "annual_value": 100000, "renews": "2027-03", "count": 40, "term_months": 3},
            {"id": format!("{region} 3"), "region": region, "annual_value": 5000, "renews": "2028-06"}
        ])
    };
    let all: Vec<Value> = ["grows", "falls"]
        .into_iter()
        .flat_map(|region| rows(region).as_array().cloned().unwrap_or_default())
        .collect();
    let region = |expansion: f64| {
        json!({"leads": {"monthly": 30}, "conversion": 0.4, "cycle": {"mean_days": 25}, "deal_size": {"mean": 1000, "cv": 0.3},
            "retention": {"mean": 0.7, "sd": 0.05}, "expansion": expansion})
    };
    json!({
        "name": "Contracts", "start": "2027-01", "months": 10, "as_of": "2027-01-17", "contract": {"term_months": 4},
        "pipeline": [], "contracts": all, "actuals": actuals(&["grows", "falls"], &["2027-01"]),
        "regions": {"grows": region(0.2), "falls": region(-0.3)}
    })
}

/// Everything together.
fn all_at_once() -> Value {
    let mut scenario = open_deals();
    scenario["regions"]["aged"]["leads"] =
        json!({"monthly": {"mean": 30, "cv": 0.2}, "growth": 0.05, "overdispersion": 0.2});
    scenario["regions"]["plain"]["leads"] = json!({"monthly": 50});
    scenario["contracts"] = json!([
        {"id": "1", "region": "aged", "annual_value": 30000, "renews": "evenly", "count": 30},
        {"id": "2", "region": "plain", "annual_value": 9000, "renews": "2027-04", "count": 3, "term_months": 2}
    ]);
    scenario
}

#[test]
fn leads_as_of_a_day_follow_the_referee() {
    assert_same_law(&as_of(), 6_000);
    assert_same_law(&as_of_sharp(), 5_000);
    assert_found(
        &as_of_sharp(),
        Twin::WholeMonth,
        &[Metric::Leads, Metric::WonDeals, Metric::LostDeals, Metric::Bookings],
    );
}

#[test]
fn two_clocks_and_stalled_leads_follow_the_referee() {
    assert_same_law(&two_clocks(), 6_000);
    assert_found(&two_clocks(), Twin::LostLawForWon, &[Metric::WonDeals, Metric::OpenDeals]);
    assert_found(&two_clocks(), Twin::NoneStalls, &[Metric::LostDeals, Metric::OpenDeals]);
}

#[test]
fn quarter_ends_follow_the_referee() {
    assert_same_law(&quarter_ends(), 6_000);
    assert_found(&quarter_ends(), Twin::NotHeld, &[Metric::WonDeals, Metric::Bookings, Metric::WeightedPipeline]);
}

#[test]
fn open_deals_follow_the_referee() {
    assert_same_law(&open_deals(), 5_000);
    assert_found(&open_deals(), Twin::NoAge, &[Metric::WonDeals, Metric::BookingsFromOpen, Metric::WeightedPipeline]);
}

#[test]
fn open_deals_in_stages_follow_the_referee() {
    assert_same_law(&open_in_stages(), 5_000);
    assert_found(&open_in_stages(), Twin::NoAge, &[Metric::WonDeals]);
}

#[test]
fn contracts_in_force_follow_the_referee() {
    assert_same_law(&contracts(), 5_000);
    assert_found(&contracts(), Twin::LateChurn, &[Metric::Customers, Metric::Arr, Metric::Revenue]);
}

#[test]
fn everything_at_once_follows_the_referee() {
    assert_same_law(&all_at_once(), 5_000);
}

/// The months of a metric over all regions, trial by trial.
fn total(model: &Model, outcomes: &Outcomes, metric: Metric) -> Grid {
    Grid::new(model, outcomes, metric, &model.scopes[model.total()].regions)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn leads_sources_and_arr_add_up_in_every_trial() {
    for mut scenario in [as_of(), open_deals(), open_in_stages(), contracts(), all_at_once()] {
        scenario["simulation"] = json!({"trials": 300, "seed": 5});
        let (model, outcomes) = played(&scenario);
        let of = |metric| total(&model, &outcomes, metric);
        let (first, months) = (model.as_of.month, model.horizon.months);
        let open_as_of: usize = model.regions.iter().flat_map(|region| &region.open_deals).map(|deal| deal.count).sum();
        let [bookings, closed, open, new, one_offs] = [
            Metric::Bookings,
            Metric::BookingsClosed,
            Metric::BookingsFromOpen,
            Metric::BookingsFromNew,
            Metric::BookingsFromOneOffs,
        ]
        .map(of);
        let [renewals, renewed, in_force, since] =
            [Metric::Renewals, Metric::RenewalsClosed, Metric::RenewalsFromContracts, Metric::RenewalsFromNew].map(of);
        let [arr, signed, expansion, contraction, churn] =
            [Metric::Arr, Metric::ArrNew, Metric::ArrExpansion, Metric::ArrContraction, Metric::ArrChurn].map(of);
        // Leads, won and lost deals of the months before are unknown here: of what is simulated they are the months after, and the
        // as-of day's month where its own are not given.
        let left = of(Metric::OpenDeals);
        let mut actual = scenario.clone();
        for region in model.regions.iter() {
            for month in ["2027-01", "2027-02", "2027-03"] {
                for metric in ["leads", "won_deals", "lost_deals"] {
                    let known = actual["actuals"].as_array().unwrap().iter().any(|row| row["month"] == month);
                    if known {
                        let row = json!({"region": region.key, "metric": metric, "month": month, "amount": 0});
                        actual["actuals"].as_array_mut().unwrap().push(row);
                    }
                }
            }
        }
        let (model_0, outcomes_0) = played(&actual);
        let [leads, won, lost] = [Metric::Leads, Metric::WonDeals, Metric::LostDeals]
            .map(|m| total(&model_0, &outcomes_0, m).period(0..months));
        for t in 0..300 {
            assert_eq!(
                leads[t] + open_as_of as f64,
                won[t] + lost[t] + left.month(months - 1)[t],
                "trial {t} of {}",
                scenario["name"]
            );
            for m in 0..months {
                let sum = closed.month(m)[t] + open.month(m)[t] + new.month(m)[t] + one_offs.month(m)[t];
                assert!(near(bookings.month(m)[t], sum), "{} {m} {t}", scenario["name"]);
                let sum = renewed.month(m)[t] + in_force.month(m)[t] + since.month(m)[t];
                assert!(near(renewals.month(m)[t], sum));
                if m > first {
                    let change =
                        signed.month(m)[t] + expansion.month(m)[t] - contraction.month(m)[t] - churn.month(m)[t];
                    assert!(near(arr.month(m - 1)[t] + change, arr.month(m)[t]), "{} {m} {t}", scenario["name"]);
                }
            }
        }
    }
}

#[test]
fn a_deal_more_moves_no_draw_of_the_others() {
    let with = |deals: &[usize]| {
        let mut scenario = open_deals();
        scenario["simulation"] = json!({"trials": 200, "seed": 5});
        let all = scenario["pipeline"].as_array().unwrap().clone();
        scenario["pipeline"] = deals.iter().map(|i| all[*i].clone()).collect();
        let (model, outcomes) = played(&scenario);
        let months = model.horizon.months;
        let grid = total(&model, &outcomes, Metric::BookingsFromOpen);
        (model.as_of.month..months).flat_map(|m| grid.month(m).to_vec()).collect::<Vec<f64>>()
    };
    let (one, other, both) = (with(&[1]), with(&[3]), with(&[1, 3]));
    assert!(one.iter().any(|x| *x > 0.0) && other.iter().any(|x| *x > 0.0));
    for ((one, other), both) in one.iter().zip(&other).zip(&both) {
        assert!(near(one + other, *both));
    }
}

/// Asserts that means of many trials are those wanted, with a false-alarm rate of 1e-6 over all of them.
pub(crate) fn assert_means(what: &str, found: &[Vec<f64>], wanted: &[f64]) {
    // Two-sided normal quantile at 1e-6 over at most 20 comparisons; counts of thousands of events are nearly normal.
    const Z: f64 = 5.7;
    for (i, (sample, wanted)) in found.iter().zip(wanted).enumerate() {
        let m = Moments::of(sample).expect("there are trials");
        assert!(
            (m.mean - wanted).abs() <= Z * m.mean_error + 1e-9,
            "{what} {i}: {} ± {}, not {wanted}",
            m.mean,
            m.mean_error
        );
    }
}

pub(crate) fn trials(mut scenario: Value, metric: Metric, months: std::ops::Range<usize>) -> Vec<Vec<f64>> {
    scenario["simulation"] = json!({"trials": 20_000, "seed": 21});
    let (model, outcomes) = played(&scenario);
    let grid = total(&model, &outcomes, metric);
    months.map(|m| grid.month(m).to_vec()).collect()
}

#[test]
fn vector_2_new_leads_of_the_as_of_month() {
    let rows: Vec<Value> = (1..=5)
        .flat_map(|m| {
            ["bookings", "renewals", "leads", "won_deals"]
                .map(|metric| json!({"region": "a", "metric": metric, "month": format!("2027-0{m}"), "amount": 0}))
        })
        .collect();
    let scenario = json!({"name": "2", "start": "2027-01", "months": 9, "as_of": "2027-05-10", "pipeline": [], "contracts": [], "actuals": rows,
        "regions": {"a": {"leads": {"monthly": 60}, "conversion": 0.3, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1}}}});
    let won = [0.2210437696, 7.4638585444, 15.2661568435, 17.4014364530];
    assert_means("won", &trials(scenario.clone(), Metric::WonDeals, 4..8), &won);
    assert_means("leads", &trials(scenario, Metric::Leads, 4..5), &[42.5806451613]);
}

/// The share of trials in which something has happened by the end of each month.
fn by_month(found: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut sum = vec![0.0; found[0].len()];
    let add = |month: &Vec<f64>| {
        sum.iter_mut().zip(month).for_each(|(sum, x)| *sum += x);
        sum.clone()
    };
    found.iter().map(add).collect()
}

#[test]
fn vector_4_an_open_deal_and_a_new_lead() {
    let region = json!({"leads": {"monthly": 0}, "conversion": 0.3, "cycle": {"mean_days": 45}, "lost_cycle": {"mean_days": 30, "cv": 0.8},
        "stalled": {"share": 0.25}, "deal_size": {"mean": 1, "shape": "fixed"}});
    let rows: Vec<Value> = (1..=2)
        .flat_map(|m| {
            ["bookings", "renewals"]
                .map(|metric| json!({"region": "a", "metric": metric, "month": format!("2027-0{m}"), "amount": 0}))
        })
        .collect();
    let scenario = json!({"name": "4", "start": "2027-01", "months": 6, "as_of": "2027-03-01", "contracts": [], "actuals": rows,
        "pipeline": [{"id": "d", "created": "2027-01-30", "amount": 1}], "regions": {"a": region}});
    let won = by_month(&trials(scenario.clone(), Metric::WonDeals, 2..6));
    assert_means("won", &won, &[0.2759517584, 0.3540629348, 0.3707710758, 0.3745005549]);
    let lost = by_month(&trials(scenario.clone(), Metric::LostDeals, 2..6));
    assert_means("lost", &lost, &[0.2454591024, 0.3010262105, 0.3165219752, 0.3216721773]);
    let weighted = trials(scenario, Metric::WeightedPipeline, 2..6);
    for (month, wanted) in weighted.iter().zip([0.2085726142, 0.0629420943, 0.0159934742, 0.0041859030]) {
        let open: Vec<&f64> = month.iter().filter(|x| **x > 0.0).collect();
        assert!(
            !open.is_empty() && open.iter().all(|x| (**x - wanted).abs() < 1e-9),
            "{:?} is not {wanted}",
            open.first()
        );
    }
    for (closed, wanted) in [
        (None, [0.3366542137, 0.3136726272, 0.1271030739, 0.0340510045, f64::NAN]),
        (Some(100), [0.3366542137, 0.3136726272, 0.1271030739, 0.0995110725, 0.3206036706]),
    ] {
        let mut scenario = json!({"name": "4", "start": "2027-01", "months": 6, "regions": {"a": region}});
        scenario["regions"]["a"]["leads"] = json!({"monthly": 500, "ramp": [1, 0]});
        if let Some(days) = closed {
            scenario["regions"]["a"]["stalled"]["closed_after_days"] = json!(days);
        }
        scenario["simulation"] = json!({"trials": 200, "seed": 3});
        let (model, outcomes) = played(&scenario);
        let [open, weighted] =
            [Metric::OpenDeals, Metric::WeightedPipeline].map(|metric| total(&model, &outcomes, metric));
        for (m, wanted) in wanted.into_iter().enumerate().filter(|(_, wanted)| !wanted.is_nan()) {
            for (open, weighted) in open.month(m).iter().zip(weighted.month(m)).filter(|(open, _)| **open > 0.0) {
                assert!((weighted / open - wanted).abs() < 1e-8, "month {m}: {} is not {wanted}", weighted / open);
            }
        }
    }
}

#[test]
fn vector_8_quarter_ends() {
    let scenario = |held: f64| {
        json!({"name": "8", "start": "2027-01", "months": 8, "regions": {"a": {"leads": {"monthly": 50, "ramp": [1, 1, 1, 0]}, "conversion": 0.3,
            "cycle": {"mean_days": 45}, "deal_size": {"mean": 1}, "closing": {"held_to_quarter_end": held}}}})
    };
    let free = [
        0.9698061736,
        8.7501861577,
        13.5339882346,
        13.7065381570,
        6.1723117893,
        1.4454910269,
        0.3176836975,
        0.0756120876,
    ];
    assert_means("free", &trials(scenario(0.0), Metric::WonDeals, 0..8), &free);
    let held = [
        0.4849030868,
        4.3750930789,
        18.3939844002,
        6.8532690785,
        3.0861558947,
        11.3849160000,
        0.1588418487,
        0.0378060438,
    ];
    assert_means("held", &trials(scenario(0.5), Metric::WonDeals, 0..8), &held);
}

#[test]
fn vector_11_contracts_in_force() {
    let rows = json!([{"region": "a", "metric": "bookings", "month": "2027-01", "amount": 0}, {"region": "a", "metric": "renewals", "month": "2027-01", "amount": 0}]);
    let base = json!({"name": "11", "start": "2027-01", "months": 12, "as_of": "2027-01-17", "pipeline": [], "actuals": rows,
        "regions": {"a": {"leads": {"monthly": 0}, "conversion": 0.3, "cycle": {"mean_days": 45}, "deal_size": {"mean": 1}, "retention": 0.7}}});
    let mut evenly = base.clone();
    evenly["contracts"] = json!([{"id": "c", "annual_value": 7, "renews": "evenly", "count": 7}]);
    let wanted = [7.0, 6.7, 6.7, 6.4, 6.1, 6.1, 5.8, 5.8, 5.5, 5.2, 5.2, 4.9];
    assert_means("evenly", &trials(evenly, Metric::Customers, 0..12), &wanted);
    let mut alike = base;
    alike["contracts"] =
        json!([{"id": "c", "annual_value": 100_000, "renews": "2027-06", "count": 4, "term_months": 36}]);
    alike["regions"]["a"]["retention"] = json!(0.9);
    alike["regions"]["a"]["expansion"] = json!(0.05);
    let of = |metric| trials(alike.clone(), metric, 5..6);
    let customers = &of(Metric::Customers)[0];
    let shares: Vec<Vec<f64>> =
        (0..5).rev().map(|n| customers.iter().map(|x| f64::from(*x == f64::from(n))).collect()).collect();
    assert_means("customers", &shares, &[0.2824295365, 0.4199638101, 0.2341773509, 0.0580357221, 0.0053935805]);
    for (metric, wanted) in [
        (Metric::Renewals, 253_172.587_5),
        (Metric::Arr, 84_390.862_5),
        (Metric::ArrExpansion, 11_490.862_5),
        (Metric::ArrChurn, 27_100.0),
    ] {
        assert_means(metric.key(), &of(metric), &[wanted]);
    }
}

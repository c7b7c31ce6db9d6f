//! What must hold for every scenario, tried on random ones; seeds of failures are kept beside this file.

use proptest::prelude::*;
use revcast::engine::{Execution, Resampling, SimulationScope, TrialSet, each_block_of, simulate};
use revcast::outcomes::{Grid, Measure, Outcomes};
use revcast::scenario::Metric;
use serde_json::{Value, json};

use crate::common::{model, played};

/// A region with whatever a region may have.
fn region() -> impl Strategy<Value = Value> {
    let leads = (0.0..120.0f64, -0.1..0.2f64, prop_oneof![Just(0.0), 0.01..0.5f64]);
    let deal = (
        1.0..10_000.0f64,
        prop_oneof![Just(0.0), 0.1..1.5f64],
        prop::sample::select(vec!["lognormal", "gamma", "fixed"]),
    );
    let time = (
        0.5..200.0f64,
        prop_oneof![Just(0.0), 0.1..1.5f64],
        prop::sample::select(vec!["lognormal", "gamma", "weibull", "fixed"]),
    );
    let renewal = (prop_oneof![Just(0.0), Just(1.0), 0.3..0.99f64], -0.2..0.3f64);
    let exposure = (-1.0..1.5f64, -1.0..1.5f64, -1.0..1.5f64);
    (leads, 0.02..0.98f64, deal, time, renewal, exposure, any::<bool>()).prop_map(|(leads, win, deal, time, renewal, exposure, staged)| {
        let mut region = json!({
            "leads": {"monthly": {"low": leads.0 * 0.8, "mode": leads.0, "high": leads.0 * 1.3}, "growth": leads.1, "ramp": [0.3, 1], "overdispersion": leads.2},
            "deal_size": {"mean": deal.0, "cv": deal.1, "shape": deal.2},
            "retention": renewal.0, "expansion": renewal.1,
            "exposure": {"leads": exposure.0, "conversion": exposure.1, "deal_size": exposure.2}
        });
        if staged {
            region["stages"] = json!([
                {"name": "One", "pass": win, "mean_days": time.0, "cv": time.1, "shape": time.2},
                {"name": "Two", "pass": {"low": 0.3, "high": 0.9}, "mean_days": 10}
            ]);
        } else {
            region["conversion"] = json!({"mean": win, "sd": 0.01});
            region["cycle"] = json!({"mean_days": time.0, "cv": time.1, "shape": time.2});
        }
        region
    })
}

/// A scenario with whatever its two regions may have.
pub(crate) fn scenario() -> impl Strategy<Value = Value> {
    (region(), region(), 1..20usize, 1..14usize, 0.0..0.3f64, 0..1000u64).prop_map(|(a, b, months, term, volatility, seed)| {
        json!({
            "name": "Any", "start": "2027-01", "months": months, "simulation": {"trials": 150, "seed": seed}, "contract": {"term_months": term},
            "market": {"volatility": volatility, "persistence": 0.5},
            "regions": {"a": a, "b": b}
        })
    })
}

/// Every column of a region, trial by trial.
fn columns(outcomes: &Outcomes, region: usize) -> Vec<Vec<f64>> {
    let layout = outcomes.layout();
    layout
        .measures()
        .flat_map(|measure| {
            (0..layout.months).map(|m| outcomes.column(layout.column(measure, region) + m)).collect::<Vec<_>>()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn leads_are_won_lost_or_open_in_every_trial(scenario in scenario()) {
        let (model, outcomes) = played(&scenario);
        let months = model.horizon.months;
        for region in 0..2 {
            let of = |metric| Grid::new(&model, &outcomes, metric, &[region]);
            let (leads, won, lost) = (of(Metric::Leads).period(0..months), of(Metric::WonDeals).period(0..months), of(Metric::LostDeals).period(0..months));
            let open = of(Metric::OpenDeals);
            for trial in 0..outcomes.trials() {
                prop_assert_eq!(leads[trial], won[trial] + lost[trial] + open.month(months - 1)[trial]);
                for m in 0..months {
                    prop_assert!(open.month(m)[trial] >= 0.0);
                }
            }
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_byte(scenario in scenario()) {
        let model = model(&scenario);
        let run = |threads| {
            let outcomes = simulate(&model, Resampling::None, SimulationScope::whole(&model), &Execution::new(Some(threads))).unwrap();
            (columns(&outcomes, 0), columns(&outcomes, 1))
        };
        let one = run(1);
        for threads in [2, 3, 7] {
            prop_assert!(run(threads) == one);
        }
    }

    #[test]
    fn adding_or_permuting_regions_moves_no_other_draw(scenario in scenario(), added in region()) {
        let (_, before) = played(&scenario);
        let mut changed = scenario.clone();
        changed["regions"] = json!({"c": added, "b": scenario["regions"]["b"], "a": scenario["regions"]["a"]});
        let (_, after) = played(&changed);
        prop_assert!(columns(&before, 0) == columns(&after, 2));
        prop_assert!(columns(&before, 1) == columns(&after, 1));
    }

    #[test]
    fn permuting_regions_leaves_the_total_as_it_is_to_the_byte(scenario in scenario()) {
        let mut turned = scenario.clone();
        turned["regions"] = json!({"b": scenario["regions"]["b"], "a": scenario["regions"]["a"]});
        let total = |scenario: &Value| {
            let (model, outcomes) = played(scenario);
            Grid::new(&model, &outcomes, Metric::TotalBookings, &model.scopes[model.total()].regions).period(0..model.horizon.months)
        };
        prop_assert!(total(&scenario) == total(&turned));
    }

    #[test]
    fn doubling_the_deal_size_doubles_bookings_to_the_bit(scenario in scenario()) {
        let (_, before) = played(&scenario);
        let mut doubled = scenario.clone();
        let size = scenario["regions"]["a"]["deal_size"]["mean"].as_f64().unwrap();
        doubled["regions"]["a"]["deal_size"]["mean"] = json!(2.0 * size);
        let (_, after) = played(&doubled);
        let layout = before.layout();
        for measure in [Measure::Bookings, Measure::Renewals] {
            for m in 0..layout.months {
                let column = layout.column(measure, 0) + m;
                let twice: Vec<f64> = before.column(column).iter().map(|x| 2.0 * x).collect();
                prop_assert_eq!(twice, after.column(column));
            }
        }
    }

    #[test]
    fn a_horizon_is_the_prefix_of_a_longer_one(scenario in scenario()) {
        // To the byte up to the first renewal: bookings of customers whose renewals fall inside are drawn by class.
        let mut longer = scenario.clone();
        let months = scenario["months"].as_u64().unwrap() as usize;
        longer["months"] = json!(months + 1);
        let ((model, short), (_, long)) = (played(&scenario), played(&longer));
        let renewals = months >= model.term;
        for region in 0..2 {
            for measure in [Measure::Leads, Measure::Won, Measure::Lost, Measure::WeightedOpen, Measure::Bookings, Measure::Customers] {
                if renewals && matches!(measure, Measure::Bookings | Measure::Customers) {
                    continue;
                }
                for m in 0..months {
                    let (a, b) = (short.column(short.layout().column(measure, region) + m), long.column(long.layout().column(measure, region) + m));
                    prop_assert_eq!(a, b, "{:?} of month {}", measure, m);
                }
            }
        }
    }

    #[test]
    fn leaving_out_lost_leads_leaves_the_rest_alone(scenario in scenario()) {
        let model = model(&scenario);
        let run = |won_deals_only| simulate(&model, Resampling::None, SimulationScope::new(model.horizon.months, won_deals_only), &Execution::new(Some(1))).unwrap();
        let (whole, part) = (run(false), run(true));
        for region in 0..2 {
            for measure in [Measure::Won, Measure::Bookings, Measure::Renewals, Measure::Customers] {
                for m in 0..model.horizon.months {
                    let column = |outcomes: &Outcomes| outcomes.column(outcomes.layout().column(measure, region) + m);
                    prop_assert_eq!(column(&whole), column(&part));
                }
            }
        }
    }

    #[test]
    fn playing_fewer_months_leaves_these_alone(scenario in scenario(), part in 0.0..1.0) {
        let model = model(&scenario);
        let months = 1 + (part * model.horizon.months as f64) as usize;
        let run = |months| simulate(&model, Resampling::None, SimulationScope::new(months, false), &Execution::new(Some(1))).unwrap();
        let (whole, part) = (run(model.horizon.months), run(months));
        for region in 0..2 {
            for measure in [Measure::Leads, Measure::Won, Measure::Lost, Measure::WeightedOpen, Measure::Bookings, Measure::Renewals, Measure::Customers] {
                for m in 0..months {
                    let column = |outcomes: &Outcomes| outcomes.column(outcomes.layout().column(measure, region) + m);
                    prop_assert_eq!(column(&whole), column(&part), "{:?} of month {} of {}", measure, m, months);
                }
            }
        }
    }

    #[test]
    fn futures_put_together_from_trials_are_those_trials(scenario in scenario()) {
        let model = model(&scenario);
        let one = Execution::new(Some(1));
        let whole = simulate(&model, Resampling::None, SimulationScope::whole(&model), &one).unwrap();
        let all = |outcomes: &Outcomes| (0..outcomes.layout().columns()).map(|c| outcomes.column(c)).collect::<Vec<_>>();
        let futures = TrialSet::of_trials(&model, 0..model.trials as u64);
        let again = each_block_of(&model, &futures, SimulationScope::whole(&model), &one, all).unwrap();
        for (c, column) in all(&whole).into_iter().enumerate() {
            prop_assert_eq!(column, again.iter().flat_map(|block| block[c].clone()).collect::<Vec<f64>>());
        }
        // The last half of the trials by themselves; then one with the chance of another.
        let from = model.trials as u64 / 2;
        let mut half = TrialSet::of_trials(&model, from..model.trials as u64);
        let again = each_block_of(&model, &half, SimulationScope::whole(&model), &one, |o| o.column(3)).unwrap().concat();
        prop_assert_eq!(&whole.column(3)[from as usize..], &again[..]);
        half.rest[0] = 0;
        prop_assert_eq!(half.market[0], from);
    }

    #[test]
    fn a_higher_win_rate_never_wins_fewer_deals_on_the_same_draws(scenario in scenario()) {
        let staged = scenario["regions"]["a"].get("stages").is_some();
        let mut better = scenario.clone();
        if staged {
            better["regions"]["a"]["stages"][0]["pass"] = json!((scenario["regions"]["a"]["stages"][0]["pass"].as_f64().unwrap() + 0.01).min(1.0));
        } else {
            better["regions"]["a"]["conversion"]["mean"] = json!(scenario["regions"]["a"]["conversion"]["mean"].as_f64().unwrap() + 0.005);
        }
        let ((model, before), (_, after)) = (played(&scenario), played(&better));
        let won = |outcomes: &Outcomes| {
            let grid = Grid::new(&model, outcomes, Metric::WonDeals, &[0]);
            let sample = grid.period(0..model.horizon.months);
            sample.iter().sum::<f64>()
        };
        prop_assert!(won(&after) >= won(&before));
    }
}

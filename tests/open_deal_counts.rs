//! Open deals that are counted together follow the law of open deals that are drawn one by one.

use revcast::engine::{Execution, SimulationScope, each_block_counting_open_deals};
use revcast::outcomes::Grid;
use revcast::scenario::Metric;
use serde_json::{Value, json};

use crate::closing::{known, rhythm, table};
use crate::common::{ks_distance, model, played};

/// Chance that a test fails although both follow one law, over all its comparisons.
const FALSE_ALARM: f64 = 1e-6;
const TRIALS: usize = 20_000;
const METRICS: [Metric; 2] = [Metric::Bookings, Metric::WonDeals];

/// Regions that decide by the day, with amounts of a table, and by a cycle, with a cycle of their own for lost deals, some of which stall; the market moves
/// both. Three ages have so many deals each.
fn scenario(deals: [usize; 3], seed: u64) -> Value {
    let rows = ["a", "b"].iter().flat_map(|region| {
        deals.iter().zip(["2027-01-12", "2027-04-20", "2027-05-01"]).enumerate().map(move |(i, (count, day))| {
            json!({"id": format!("{region}{i}"), "region": region, "created": day, "count": count})
        })
    });
    json!({"name": "Alike", "start": "2027-01", "months": 8, "as_of": "2027-05-10", "pipeline": rows.collect::<Value>(),
        "contracts": [], "simulation": {"trials": TRIALS, "seed": seed},
        "market": {"volatility": 0.1, "persistence": 0.5},
        "actuals": known(&["a", "b"], &["2027-01", "2027-02", "2027-03", "2027-04", "2027-05"]),
        "regions": {
            "a": {"leads": {"monthly": 1}, "closing": {"table": table(), "rhythm": rhythm(), "volatility": {"won": 0.2, "lost": 0.1}},
                "deal_size": {"shape": "table", "values": [1, 2, 10], "weights": [5, 3, 2]}},
            "b": {"leads": {"monthly": 1}, "conversion": {"mean": 0.4, "sd": 0.05}, "cycle": {"mean_days": {"mean": 80, "sd": 6}, "cv": 0.7},
                "lost_cycle": {"mean_days": 50, "cv": 0.7}, "stalled": {"share": 0.1}, "exposure": {"leads": 0, "conversion": 0.5, "deal_size": 0.3},
                "deal_size": {"mean": {"mean": 5, "sd": 0.3}, "cv": 1}}}})
}

/// How far the two are apart at most, of every month and of all together, in parts of what one law allows.
fn farthest(one_by_one: &Value, counted: &Value) -> f64 {
    let (ours, outcomes) = played(one_by_one);
    let theirs = model(counted);
    let months = ours.as_of.month..ours.horizon.months;
    let periods = || months.clone().map(|k| k..k + 1).chain([months.clone()]);
    let scope = SimulationScope { won_deals_only: true, ..SimulationScope::whole(&theirs) };
    let blocks = each_block_counting_open_deals(&theirs, scope, &Execution::new(None), |outcomes| {
        let of = |metric, region| {
            let grid = Grid::new(&theirs, outcomes, metric, &[region]);
            periods().map(|period| grid.period(period)).collect::<Vec<_>>()
        };
        METRICS.map(|metric| [0, 1].map(|region| of(metric, region)))
    });
    let blocks = blocks.expect("the run is sound");
    let comparisons = METRICS.len() * 2 * periods().count();
    let alpha = FALSE_ALARM / comparisons as f64;
    let bound = (-libm::log(alpha / 2.0) / TRIALS as f64).sqrt();
    let mut farthest = 0.0_f64;
    for (i, metric) in METRICS.into_iter().enumerate() {
        for region in [0, 1] {
            let grid = Grid::new(&ours, &outcomes, metric, &[region]);
            for (p, period) in periods().enumerate() {
                let counted: Vec<f64> = blocks.iter().flat_map(|block| block[i][region][p].clone()).collect();
                farthest = farthest.max(ks_distance(&grid.period(period), &counted) / bound);
            }
        }
    }
    farthest
}

#[test]
fn open_deals_counted_together_follow_the_law_of_those_drawn_one_by_one() {
    let found = farthest(&scenario([30, 60, 7], 1), &scenario([30, 60, 7], 2));
    assert!(found < 1.0, "{found}");
    // Seen to fail: with five deals more, and with deals of another age.
    for wrong in [[30, 65, 7], [60, 30, 7]] {
        let found = farthest(&scenario([30, 60, 7], 1), &scenario(wrong, 2));
        assert!(found > 1.0, "{wrong:?}: {found}");
    }
}

//! The workload as the peers read it.

use std::path::Path;

use rand_distr::{Beta, LogNormal};
use revcast::scenario::{Scenario, load};
use serde_json::Value;

/// Every month is this long.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;

pub(crate) struct Workload {
    /// As revcast reads it.
    pub(crate) scenario: Scenario,
    pub(crate) months: usize,
    pub(crate) trials: usize,
    pub(crate) regions: Vec<Region>,
}

pub(crate) struct Region {
    /// Expected leads of the first month.
    pub(crate) level: LogNormal<f64>,
    /// Month on month, as a factor.
    pub(crate) growth: f64,
    pub(crate) win_rate: Beta<f64>,
    /// In months.
    pub(crate) cycle: LogNormal<f64>,
    pub(crate) size: LogNormal<f64>,
    /// Expected deals won by closing month, at level 1 and win rate 1.
    pub(crate) deals: Vec<f64>,
}

impl Workload {
    pub(crate) fn read() -> Workload {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/workload.json");
        let bytes = std::fs::read(&path).expect("the workload can be read");
        let json: Value = serde_json::from_slice(&bytes).expect("the workload is JSON");
        let scenario = load(&path, &[], &|_| Ok(bytes.clone())).expect("the workload is sound");
        let months = scenario.months;
        let regions = json["regions"].as_object().expect("regions by key");
        Workload {
            months,
            trials: scenario.simulation.trials as usize,
            regions: regions.values().map(|region| Region::read(region, months)).collect(),
            scenario,
        }
    }
}

impl Region {
    fn read(json: &Value, months: usize) -> Region {
        let number = |pointer: &str| json.pointer(pointer).and_then(Value::as_f64).expect("a number");
        let lognormal = |mean, cv| LogNormal::from_mean_cv(mean, cv).expect("a positive mean");
        let (mean, sd) = (number("/conversion/mean"), number("/conversion/sd"));
        let total = mean * (1.0 - mean) / (sd * sd) - 1.0;
        let cycle = (number("/cycle/mean_days") / DAYS_PER_MONTH, number("/cycle/cv"));
        let growth = 1.0 + number("/leads/growth");
        Region {
            level: lognormal(number("/leads/monthly/mean"), number("/leads/monthly/cv")),
            growth,
            win_rate: Beta::new(mean * total, (1.0 - mean) * total).expect("a sound beta"),
            cycle: lognormal(cycle.0, cycle.1),
            size: lognormal(number("/deal_size/mean"), number("/deal_size/cv")),
            deals: deals_by_closing_month(growth, cycle, months),
        }
    }
}

/// The sum over m of growth^m q_{k−m}. A lead that arrives evenly over a month is decided j months later with the chance
/// q_j = G(j + 1) − 2 G(j) + G(j − 1), where G(x) = x F(x) − E[D; D ≤ x] and D is the cycle in months.
fn deals_by_closing_month(growth: f64, (mean, cv): (f64, f64), months: usize) -> Vec<f64> {
    let variance = libm::log1p(cv * cv);
    let (mu, sigma) = (libm::log(mean) - variance / 2.0, libm::sqrt(variance));
    let cdf = |z: f64| libm::erfc(-z / std::f64::consts::SQRT_2) / 2.0;
    let g = |x: f64| {
        let z = (libm::log(x) - mu) / sigma;
        if x > 0.0 { x * cdf(z) - mean * cdf(z - sigma) } else { 0.0 }
    };
    let later = |j: usize| {
        let j = j as f64;
        g(j + 1.0) - 2.0 * g(j) + g(j - 1.0)
    };
    (0..months).map(|k| (0..=k).map(|m| libm::pow(growth, m as f64) * later(k - m)).sum()).collect()
}

//! The referee of costs and unit economics: the law's sentences, word by word, on a trial of the referee. Lines marked `>` quote them.

use serde_json::Value;

use crate::referee::{Trial, Twin};

/// What a scope costs and brings in a period of one trial; NaN is empty.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    pub(crate) investment: f64,
    pub(crate) cac: f64,
    pub(crate) arpa: f64,
    pub(crate) ltv: f64,
    pub(crate) cac_payback_months: f64,
    /// Of the total, since the start.
    pub(crate) roi: f64,
    pub(crate) margin_roi: f64,
}

/// > What is divided by 0 is empty.
fn over(above: f64, below: f64) -> f64 {
    if below == 0.0 { f64::NAN } else { above / below }
}

/// The costs of regions, by their numbers, in the months from `from` to `last`.
pub(crate) fn costs(scenario: &Value, trial: &Trial, regions: &[usize], from: usize, last: usize, twin: Twin) -> Costs {
    let keys: Vec<&String> = scenario["regions"].as_object().expect("regions by name").keys().collect();
    let total = regions.len() == keys.len();
    // > An investment item may name a `region`; regions then have `investment`: their items and people (L); the total has all.
    let spent = |m: usize| {
        let mut sum: f64 = regions.iter().map(|r| trial.people_costs[*r][m]).sum();
        for item in scenario["investment"].as_array().into_iter().flatten() {
            let whose = |r: &usize| item["region"] == **keys[*r] || twin == Twin::CostsOfAll;
            let first = item["from_month"].as_f64().unwrap_or(1.0) as usize - 1;
            let months = item["months"].as_f64().expect("a number") as usize;
            if (first..first + months).contains(&m) && (total || regions.iter().any(whose)) {
                sum += item["amount"].as_f64().expect("a number") / months as f64;
            }
        }
        sum
    };
    let margin = |r: usize| trial.gross_margin[if twin == Twin::OneMargin { 0 } else { r }];
    let (mut signed, mut arr_new, mut arr, mut lifetime, mut customers) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for &r in regions {
        for m in from..=last {
            signed += trial.won_deals[r][m];
            arr_new += trial.arr_new[r][m] * margin(r);
        }
        arr += trial.arr[r][last];
        customers += trial.customers[r][last];
        // > `ltv` = Σ ARR · margin/(1 − r) / Σ customers, r the retention in the last month
        let leaves = 1.0 - if twin == Twin::OneYearOfLife { 0.0 } else { trial.retention[r][last] };
        lifetime += over(trial.arr[r][last] * margin(r), leaves);
    }
    let investment: f64 = (from..=last).map(spent).sum();
    // > `margin_roi` = ROI with Σ total bookings · margin, total only.
    let (mut invested, mut booked, mut brought) = (0.0, 0.0, 0.0);
    for m in 0..=last {
        invested += spent(m);
        booked += regions.iter().map(|r| trial.bookings[*r][m] + trial.renewals[*r][m]).sum::<f64>();
        brought += regions.iter().map(|r| (trial.bookings[*r][m] + trial.renewals[*r][m]) * margin(*r)).sum::<f64>();
    }
    Costs {
        investment,
        // > `cac` = investment / contracts signed
        cac: over(investment, signed),
        // > `arpa` = ARR / customers, at the end
        arpa: over(arr, customers),
        ltv: over(lifetime, customers),
        // > `cac_payback_months` = 12 · investment / Σ arr_new · margin
        cac_payback_months: over(12.0 * investment, arr_new),
        roi: over(booked - invested, invested),
        margin_roi: over(brought - invested, invested),
    }
}

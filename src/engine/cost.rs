//! What a run costs before it is begun: its tables, their memory, and its time.

use std::collections::BTreeMap;

use super::simulate::BLOCK;
use super::workers::Workers;
use crate::chance::MoneyShape;
use crate::model::{Funnel, Model, Region};

/// Makes the tables of deal sizes that a run of the model is likely to read, so that their time can be told from that of the
/// trials; else they are made as trials ask for them. They are kept for the next model with the same laws.
pub fn make_tables(model: &Model, workers: &Workers) {
    let means = model.mean_inputs();
    workers.map(model.regions.len(), |r| {
        let region = &model.regions[r];
        region.size.prepare_up_to(likely_deals(region, &means));
    });
}

/// About how many bytes the tables of deal sizes take: some 0.2 MB for each octave of counts and each law.
pub fn table_bytes(model: &Model) -> f64 {
    let means = model.mean_inputs();
    let mut laws: BTreeMap<(MoneyShape, u64), f64> = BTreeMap::new();
    for region in &model.regions {
        if let Some(key) = region.size.tables_key() {
            let most = laws.entry(key).or_default();
            *most = likely_deals(region, &means).max(*most);
        }
    }
    laws.values().map(|most| 2e5 * (4.0 + libm::log2(*most))).sum()
}

/// About how many bytes executives take while trials are played, where it is told whose deals are whose: of a block of trials each of them has a row of
/// months twice, on every core.
pub fn people_bytes(model: &Model) -> f64 {
    let executives = |region: &Region| {
        let role = region.team.as_ref()?.executives().filter(|role| role.quota.is_some())?;
        let hired: usize = role.hires.iter().map(|hire| hire.count).sum();
        // Those who leave are replaced, some of them more than once.
        Some((role.headcount + hired) as f64 * if role.replaced_after.is_some() { 2.0 } else { 1.0 })
    };
    let most = model.regions.iter().filter_map(executives).fold(0.0, f64::max);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    16.0 * most * (model.horizon.months * BLOCK * threads) as f64
}

/// More deals than a region is likely to win in a month.
fn likely_deals(region: &Region, means: &[f64]) -> f64 {
    let leads = region.expected_leads.iter().copied().fold(1.0, f64::max);
    (2.0 * leads * region.funnel.win_rate(means)).clamp(1.0, 1e6)
}

/// About how many seconds a run takes on one core, from what it draws; good to a factor of two or so.
pub fn seconds(model: &Model) -> f64 {
    // What a month of a region takes, a stage that a lead sees, two months of a region that is decided day by day, a deal that
    // is open there, and a product in correlating inputs.
    const MONTH: f64 = 250e-9;
    const STAGE: f64 = 8e-9;
    const DAILY: f64 = 400e-9;
    const OPEN_DEAL: f64 = 20e-9;
    const PRODUCT: f64 = 1e-9;
    let means = model.mean_inputs();
    let of_trial = |region: &Region| match &region.funnel {
        Funnel::Cycle { .. } => MONTH * region.expected_leads.len() as f64,
        // Each month's leads by days of arrival, in each month since; and the deals that are open.
        Funnel::Daily(_) => {
            let months = region.expected_leads.len() as f64;
            let deals: usize = region.open_deals.iter().map(|deal| deal.count).sum();
            DAILY * months * months / 2.0 + OPEN_DEAL * deals as f64
        }
        Funnel::Stages(stages) => {
            let passes =
                stages.iter().scan(1.0, |reach, stage| Some(std::mem::replace(reach, *reach * stage.pass.at(&means))));
            let leads = region.expected_leads.iter().sum::<f64>();
            MONTH * region.expected_leads.len() as f64 + STAGE * leads * passes.sum::<f64>()
        }
    };
    let inputs = PRODUCT * model.copula.products() as f64;
    (model.regions.iter().map(of_trial).sum::<f64>() + inputs) * model.trials as f64
}

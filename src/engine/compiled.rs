//! A model compiled for simulation: the addresses of its streams, and whatever is the same in every trial.

use std::sync::Arc;

use super::scope::{Resampling, SimulationScope};
use super::streams::{RegionStreams, input_addresses, market_addresses};
use crate::chance::{Address, SalesCycleTable};
use crate::model::{Cycle, Funnel, Model, Region, Stage};
use crate::outcomes::ColumnLayout;
use crate::units::DAYS_PER_MONTH;

/// A model with the plans of its regions and the addresses of its streams.
#[derive(Debug)]
pub(super) struct CompiledModel<'m> {
    pub(super) model: &'m Model,
    /// The columns that a block of trials fills.
    pub(super) layout: ColumnLayout,
    pub(super) inputs: Vec<Address>,
    /// The market factor in as many months as any region looks ahead.
    pub(super) market: Vec<Address>,
    /// The exposures other than 0 that any region has; exp(β x) is formed once for each.
    pub(super) exposures: Vec<f64>,
    pub(super) regions: Vec<RegionPlan<'m>>,
}

/// A region with what is the same for it in every trial.
#[derive(Debug)]
pub(super) struct RegionPlan<'m> {
    pub(super) region: &'m Region,
    /// How its leads are decided in a trial.
    pub(super) path: Path<'m>,
    /// Whether only bookings, renewals and customers are simulated, and the won deals behind them.
    pub(super) won_deals_only: bool,
    /// The number of months that are simulated.
    pub(super) months: usize,
    /// The number of months whose leads are looked at: beyond the last month simulated, as many as its leads may take to be
    /// decided. Only so can the deals that are open at the end be told from those won, in a way that no later end changes.
    pub(super) lookahead_months: usize,
    /// For the leads of each month, the lag in months from which on deals that are decided belong to the tail. Tail deals are
    /// few, by this choice; they are drawn by month of arrival and placed in time one by one.
    pub(super) tail_start: Vec<usize>,
    /// The largest of these.
    pub(super) max_lag: usize,
    /// For the deals decided in each month, the months of arrival that are not in the tail, ascending.
    pub(super) arrival_months: Vec<Vec<usize>>,
    /// The table of the sales cycle, where there is one cycle.
    pub(super) cycle_table: Option<Arc<SalesCycleTable>>,
    /// For leads, odds of winning and deal size, the index of the region's exposure among those of the compiled model.
    pub(super) exposure_index: [Option<usize>; 3],
    /// For leads, odds of winning and deal size, exp(−β² v / 2), which makes the market factor's effect 1 in the mean.
    pub(super) mean_correction: [f64; 3],
    pub(super) streams: RegionStreams,
}

/// The way in which the deals of a region are simulated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'m> {
    /// All deals won in a month are drawn at once, by thinning: leads decide independently of each other, after one cycle.
    Thinning(&'m Cycle),
    /// Each lead is followed through its stages.
    LeadByLead(&'m [Stage]),
}

/// The number of leads of a month that are expected in the tail, at most.
const MAX_TAIL_LEADS: f64 = 0.25;
/// No tail begins at a longer lag than this many months.
const MAX_LAG: usize = 600;

impl<'m> CompiledModel<'m> {
    pub(super) fn new(model: &'m Model, resampling: Resampling, scope: SimulationScope) -> CompiledModel<'m> {
        let mut exposures: Vec<f64> = Vec::new();
        if model.market.volatility > 0.0 {
            exposures.extend(model.regions.iter().flat_map(|region| region.exposure).filter(|beta| *beta != 0.0));
            exposures.sort_by(f64::total_cmp);
            exposures.dedup();
        }
        let means = model.mean_inputs();
        let mut tables: Vec<Arc<SalesCycleTable>> = Vec::new();
        let regions: Vec<RegionPlan> = model
            .regions
            .iter()
            .map(|region| RegionPlan::new(region, model, resampling, scope, &means, &exposures, &mut tables))
            .collect();
        let lookahead = regions.iter().map(|plan| plan.lookahead_months).max().unwrap_or(scope.months);
        CompiledModel {
            model,
            layout: scope.layout(model),
            inputs: input_addresses(model).collect(),
            market: market_addresses(model, resampling, lookahead).collect(),
            exposures,
            regions,
        }
    }
}

impl<'m> RegionPlan<'m> {
    fn new(
        region: &'m Region,
        model: &Model,
        resampling: Resampling,
        scope: SimulationScope,
        means: &[f64],
        exposures: &[f64],
        tables: &mut Vec<Arc<SalesCycleTable>>,
    ) -> RegionPlan<'m> {
        let (path, cycle_table, tail_start) = match &region.funnel {
            Funnel::Cycle(cycle) => {
                let known = tables.iter().find(|table| *table.delay() == cycle.delay).map(Arc::clone);
                let table = known.unwrap_or_else(|| {
                    tables.push(Arc::new(SalesCycleTable::new(&cycle.delay)));
                    Arc::clone(&tables[tables.len() - 1])
                });
                let tail_start = tail_start(region, &table, cycle.mean_days.at(means), means, scope);
                (Path::Thinning(cycle), Some(table), tail_start)
            }
            Funnel::Stages(stages) => (Path::LeadByLead(stages), None, vec![1; scope.months]),
        };
        let lookahead_months = tail_start.len();
        let arrived = |k: usize| (0..=k).filter(|m| k - m < tail_start[*m]).collect();
        RegionPlan {
            region,
            path,
            won_deals_only: scope.won_deals_only,
            months: scope.months,
            lookahead_months,
            max_lag: tail_start.iter().copied().max().unwrap_or(1),
            arrival_months: (0..lookahead_months).map(arrived).collect(),
            tail_start,
            cycle_table,
            exposure_index: region.exposure.map(|beta| exposures.iter().position(|known| *known == beta)),
            mean_correction: region.exposure.map(|beta| model.market.mean_correction(beta)),
            streams: RegionStreams::new(model.seed, resampling, region, scope.months, lookahead_months),
        }
    }
}

/// For each month looked at, the lag in months from which on its leads belong to the tail. It rests on inputs at their means
/// and on leads that no horizon changes.
fn tail_start(
    region: &Region,
    table: &SalesCycleTable,
    mean_days: f64,
    means: &[f64],
    scope: SimulationScope,
) -> Vec<usize> {
    let months = mean_days / DAYS_PER_MONTH;
    let cycle = (months, libm::log(months));
    let mut undecided = vec![1.0];
    let mut starts = Vec::new();
    let mut lookahead = scope.months;
    for (m, leads) in region.expected(means).enumerate() {
        if m >= lookahead {
            break;
        }
        let mut lag = 1;
        loop {
            if undecided.len() <= lag {
                undecided.push(table.undecided(cycle, lag));
            }
            if leads * undecided[lag] <= MAX_TAIL_LEADS || lag >= MAX_LAG || leads.is_nan() {
                break;
            }
            lag += 1;
        }
        if m < scope.months && !scope.won_deals_only {
            lookahead = lookahead.max(m + lag);
        }
        starts.push(lag);
    }
    starts
}

//! A model compiled for simulation: the addresses of its streams, and whatever is the same in every trial.

use std::sync::Arc;

use super::daily::DailyPlan;
use super::open_deal_plan::OpenDealPlan;
use super::scope::{Cause, Resampling, SimulationScope};
use super::streams::{
    RegionStreams, contract_address, input_addresses, market_addresses, one_off_address, rate_addresses,
};
use super::team_plan::TeamPlan;
use crate::chance::{Address, Purpose, SalesCycle, SalesCycleTable, SurvivalTable, TimeShape};
use crate::model::{
    AsOf, Change, ContractInForce, Cycle, Factor, Funnel, Model, OneOff, ParameterValue, Region, Stage, whole_months,
};
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
    /// The steps of each exchange rate, by month.
    pub(super) rates: Vec<Vec<Address>>,
    /// Where rows of joint draws come from that are not the run's own.
    pub(super) fresh_rows: Option<Address>,
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
    /// The number of months whose renewals tell how many deals of a month have a sum of their own: of the run's own trials those of the horizon, so
    /// that they are the same however few of them are simulated.
    pub(super) renewal_months: usize,
    /// Where the last day of them ends that is played, in months.
    pub(super) end: f64,
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
    /// The tables of the sales cycle of won and of lost leads, where there is one cycle, or of the first stage; they may be the same.
    pub(super) cycle_tables: Option<[Arc<SalesCycleTable>; 2]>,
    /// What is left of the times of open deals, and the times of stages.
    pub(super) times: OpenDealTimes,
    /// The laws of when leads of a month are decided.
    pub(super) lag_laws: Vec<LagLaw>,
    /// Which of them holds for the won leads of each month looked at.
    pub(super) won_law: Vec<usize>,
    /// Which of them holds for the lost leads of each month.
    pub(super) lost_law: Vec<usize>,
    /// The as-of day, before which nothing arrives.
    pub(super) as_of: AsOf,
    /// How many months of its quarter come before the first month.
    pub(super) place_in_quarter: usize,
    /// Whether the weight of an open lead depends on its age: then leads are counted by month of arrival and month of decision.
    pub(super) weighed_by_age: bool,
    /// When stalled leads are closed, by months since that of arrival: of whole months and of the as-of day's.
    pub(super) stalled_closed: [Vec<f64>; 2],
    /// How leads and deals are decided day by day, where they are.
    pub(super) daily: Option<DailyPlan<'m>>,
    /// The deals that are open on the as-of day.
    pub(super) open_deals: Vec<OpenDealPlan<'m>>,
    /// The contracts in force on the as-of day.
    pub(super) contracts: Vec<ContractPlan<'m>>,
    /// The one-off deals, with the addresses of their draws.
    pub(super) one_offs: Vec<(&'m OneOff, Address)>,
    /// For leads, odds of winning and deal size, the index of the region's exposure among those of the compiled model.
    pub(super) exposure_index: [Option<usize>; 3],
    /// For leads, odds of winning and deal size, exp(−β² v / 2), which makes the market factor's effect 1 in the mean.
    pub(super) mean_correction: [f64; 3],
    pub(super) streams: RegionStreams,
    /// Its people, where it has some.
    pub(super) team: Option<TeamPlan<'m>>,
}

/// The tables of times of a region's open deals, and with stages of all leads; none without these.
#[derive(Debug, Default)]
pub(super) struct OpenDealTimes {
    /// Of won deals, and after it that of lost ones where it is another; or of each stage.
    pub(super) laws: Vec<Arc<SurvivalTable>>,
    /// How long after their stated date deals close, where they do not close on it.
    pub(super) slip: Option<Arc<SurvivalTable>>,
}

/// A contract with the addresses of its draws.
#[derive(Debug)]
pub(super) struct ContractPlan<'m> {
    pub(super) contract: &'m ContractInForce,
    /// One for each month in which customers next come up.
    pub(super) addresses: Vec<Address>,
}

/// A law of when leads of a month are decided, by the months since.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LagLaw {
    /// Whether it is that of lost leads.
    pub(super) lost: bool,
    /// The part of the month that leads arrive in.
    pub(super) part: f64,
    /// Of a law with deals held to the quarter's end: the law without, and how many months of the quarter come before the month of arrival.
    pub(super) held: Option<(usize, usize)>,
    /// The month of arrival whose changes of the cycle it has; none where nothing is changed.
    pub(super) changed: Option<usize>,
}

/// The way in which the deals of a region are simulated.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'m> {
    /// All deals won in a month are drawn at once, by thinning: leads decide independently of each other, after one cycle.
    Thinning(&'m Cycle),
    /// Each lead is followed through its stages.
    LeadByLead(&'m [Stage]),
    /// Day by day, as the region's plan for that has it.
    Daily,
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
        let mut regions: Vec<RegionPlan> = model
            .regions
            .iter()
            .map(|region| RegionPlan::new(region, model, resampling, scope, &means, &exposures))
            .collect();
        let mut before = 0;
        for plan in &mut regions {
            plan.open_deals.iter_mut().for_each(|deal| deal.place += before);
            plan.team.iter_mut().for_each(|team| team.begin_open_deals(before));
            before += plan.open_deals.len();
        }
        let lookahead = regions.iter().map(|plan| plan.lookahead_months).max().unwrap_or(scope.months);
        CompiledModel {
            model,
            layout: scope.layout(model),
            inputs: input_addresses(model, resampling).collect(),
            rates: model.rates.iter().map(|rate| rate_addresses(model, resampling, &rate.code, lookahead)).collect(),
            fresh_rows: (resampling == Resampling::AllButEvents)
                .then(|| Address::new(model.seed, resampling.pass(Cause::Inputs), Purpose::Row, 0, 0)),
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
    ) -> RegionPlan<'m> {
        let as_of = model.as_of;
        let (path, cycle_tables, tail_start) = match &region.funnel {
            Funnel::Cycle(cycle) => {
                let lost = cycle.lost.as_ref();
                let both = [&cycle.delay, lost.map_or(&cycle.delay, |lost| &lost.delay)].map(SalesCycleTable::of);
                let means_of_both = [cycle.mean_days, lost.map_or(cycle.mean_days, |lost| lost.mean_days)];
                let leads = region.expected(means).enumerate().map(|(m, leads)| leads * as_of.part(m));
                // Those that people start are counted one month after the other, without a tail.
                let tail_start = if region.team.is_some() {
                    vec![scope.months; scope.months]
                } else {
                    tail_start(leads, &both, means_of_both.map(|days| days.at(means)), scope)
                };
                (Path::Thinning(cycle), Some(both), tail_start)
            }
            Funnel::Stages(stages) => {
                let first = stages.first().map(|stage| SalesCycleTable::of(&stage.delay));
                (Path::LeadByLead(stages), first.map(|table| [Arc::clone(&table), table]), vec![1; scope.months])
            }
            Funnel::Daily(_) => (Path::Daily, None, vec![1; scope.months]),
        };
        let lookahead_months = tail_start.len();
        let arrived = |k: usize| (as_of.month..=k).filter(|m| k - m < tail_start[*m]).collect();
        let (lost, stalled) = match path {
            Path::Thinning(cycle) => (cycle.lost.is_some(), cycle.stalled.as_ref()),
            Path::LeadByLead(_) | Path::Daily => (false, None),
        };
        let place_in_quarter = model.horizon.place_in_quarter(0);
        let mut lag_laws: Vec<LagLaw> = Vec::new();
        let mut index = |law: LagLaw| {
            lag_laws.iter().position(|known| *known == law).unwrap_or_else(|| {
                lag_laws.push(law);
                lag_laws.len() - 1
            })
        };
        // No lead comes before the as-of day; whole months have any law there.
        let part = |m: usize| if m == as_of.month { as_of.left() } else { 1.0 };
        let changed_of = |lost: bool| {
            let factors = if lost { &region.changes.lost_cycle } else { &region.changes.cycle };
            changed_months(factors, &model.changes, lookahead_months)
        };
        let changed = [changed_of(false), changed_of(lost)];
        let won_law = (0..lookahead_months).map(|m| {
            let law = LagLaw { lost: false, part: part(m), held: None, changed: changed[0][m] };
            let base = index(law);
            if region.held.is_none() {
                return base;
            }
            index(LagLaw { held: Some((base, (place_in_quarter + m) % 3)), ..law })
        });
        let won_law = won_law.collect();
        let lost_law =
            (0..scope.months).map(|m| index(LagLaw { lost, part: part(m), held: None, changed: changed[1][m] }));
        let lost_law = lost_law.collect();
        let weighed_by_age = !scope.won_deals_only
            && (lost || stalled.is_some() || region.held.is_some() && matches!(path, Path::Thinning(_)));
        let max_lag = tail_start.iter().copied().max().unwrap_or(1);
        let closed_after = stalled.and_then(|stalled| stalled.closed_after_days);
        let stalled_closed = [1.0, as_of.left()].map(|part| {
            let delay = SalesCycle::new(TimeShape::Fixed, 0.0);
            // All of them, whatever the horizon.
            let months = |days: f64| (days / DAYS_PER_MONTH) as usize + 3;
            closed_after.map_or_else(Vec::new, |days| delay.decided_by_lag(days, DAYS_PER_MONTH, part, months(days)))
        });
        let exposure_index = region.exposure.map(|beta| exposures.iter().position(|known| *known == beta));
        let mut open_deals =
            by_age(region.open_deals.iter().enumerate().map(|deal| OpenDealPlan::new(deal, model.seed, resampling)));
        let daily = region.funnel.closing().map(|closing| {
            DailyPlan::new(region, closing, model, resampling, scope, exposure_index[1].is_some(), &mut open_deals)
        });
        RegionPlan {
            region,
            path,
            won_deals_only: scope.won_deals_only,
            months: scope.months,
            renewal_months: match resampling {
                Resampling::None if scope.as_in_run => model.horizon.months,
                _ => scope.months,
            },
            end: if scope.months == model.horizon.months { model.end() } else { scope.months as f64 },
            lookahead_months,
            max_lag: if weighed_by_age { max_lag.max(scope.months) } else { max_lag },
            arrival_months: (0..lookahead_months).map(arrived).collect(),
            tail_start,
            cycle_tables,
            times: OpenDealTimes::new(region),
            lag_laws,
            won_law,
            lost_law,
            as_of,
            place_in_quarter,
            weighed_by_age,
            stalled_closed,
            daily,
            open_deals,
            contracts: region
                .contracts
                .iter()
                .map(|contract| ContractPlan::new(contract, model.seed, resampling))
                .collect(),
            one_offs: region
                .one_offs
                .iter()
                .map(|deal| (deal, one_off_address(model.seed, resampling, &deal.name)))
                .collect(),
            exposure_index,
            mean_correction: region.exposure.map(|beta| model.market.mean_correction(beta)),
            team: region.team.as_ref().map(|team| TeamPlan::new(team, region, model, resampling, scope.months)),
            streams: RegionStreams::new(model.seed, resampling, region, scope.months, lookahead_months),
        }
    }
}

/// For each month, the first one in which the same of these changes are in force for sure, where some are: its leads take equally long. Where a
/// delay is uncertain each month stands for itself.
fn changed_months(factors: &[Factor], changes: &[Change], months: usize) -> Vec<Option<usize>> {
    let in_force = |m: usize| -> Option<Vec<bool>> {
        let each = factors.iter().map(|factor| {
            let change = &changes[factor.change];
            match change.delay {
                ParameterValue::Fixed(delay) => Some(change.is_in_force(m, whole_months(delay))),
                _ => ((m as i64) < change.from).then_some(false),
            }
        });
        each.collect()
    };
    let sets: Vec<Option<Vec<bool>>> = (0..months).map(in_force).collect();
    let of = |m: usize| match &sets[m] {
        None => Some(m),
        Some(set) if set.contains(&true) => sets.iter().position(|other| other.as_ref() == Some(set)),
        Some(_) => None,
    };
    (0..months).map(of).collect()
}

/// For each month looked at, the lag in months from which on its leads belong to the tail, won or lost. It rests on inputs at their
/// means, `leads` being those of each month then, and on leads that no horizon changes.
fn tail_start(
    leads: impl Iterator<Item = f64>,
    tables: &[Arc<SalesCycleTable>; 2],
    mean_days: [f64; 2],
    scope: SimulationScope,
) -> Vec<usize> {
    let cycles = mean_days.map(|days| (days / DAYS_PER_MONTH, libm::log(days / DAYS_PER_MONTH)));
    let mut undecided = vec![1.0];
    let mut starts = Vec::new();
    let mut lookahead = scope.months;
    for (m, leads) in leads.enumerate() {
        if m >= lookahead {
            break;
        }
        let mut lag = 1;
        loop {
            if undecided.len() <= lag {
                let [won, lost] = [0, 1].map(|i| tables[i].undecided(cycles[i], 1.0, lag));
                undecided.push(f64::max(won, lost));
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

impl OpenDealTimes {
    fn new(region: &Region) -> OpenDealTimes {
        if region.open_deals.is_empty() && !matches!(region.funnel, Funnel::Stages(_)) {
            return OpenDealTimes::default();
        }
        let laws = match &region.funnel {
            Funnel::Cycle(cycle) => [&cycle.delay]
                .into_iter()
                .chain(cycle.lost.as_ref().map(|lost| &lost.delay))
                .map(SurvivalTable::of)
                .collect(),
            Funnel::Stages(stages) => stages.iter().map(|stage| SurvivalTable::of(&stage.delay)).collect(),
            Funnel::Daily(_) => Vec::new(),
        };
        let dates = region.close_dates.as_ref();
        OpenDealTimes {
            laws,
            slip: dates.and_then(|dates| dates.slip.as_ref()).map(|slip| SurvivalTable::of(&slip.delay)),
        }
    }
}

/// Deals in the order of their ages, those of one age by their ids: they share what is left of their time, and no order of rows moves
/// a sum.
fn by_age<'m>(deals: impl Iterator<Item = OpenDealPlan<'m>>) -> Vec<OpenDealPlan<'m>> {
    let mut deals: Vec<OpenDealPlan> = deals.collect();
    deals.sort_by(|a, b| a.deal.age.total_cmp(&b.deal.age).then_with(|| a.deal.id.cmp(&b.deal.id)));
    deals
}

impl RegionPlan<'_> {
    /// The last month of the quarter that a month lies in.
    pub(super) fn quarter_end(&self, month: usize) -> usize {
        month + 2 - (self.place_in_quarter + month) % 3
    }
}

impl<'m> ContractPlan<'m> {
    fn new(contract: &'m ContractInForce, seed: u64, resampling: Resampling) -> ContractPlan<'m> {
        let address = |(month, _): &(usize, usize)| contract_address(seed, resampling, &contract.id, *month);
        ContractPlan { contract, addresses: contract.due.iter().map(address).collect() }
    }
}

//! Simulation of a model: blocks of trials on all threads, joined in the order of their indices.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::compiled::{CompiledModel, Path, RegionPlan};
use super::error::RunError;
use super::execution::Execution;
use super::kept_regions::KeptRegions;
use super::monitor::Monitor;
use super::scope::{Resampling, SimulationScope};
use super::scratch::{Columns, Scratch};
use super::size_rows::SizeRows;
use super::trial_set::TrialSet;
use super::won_deal::WonDeal;
use crate::model::{Model, ParameterValue};
use crate::outcomes::{Block, Measure, Outcomes};

/// The number of trials that are simulated together; their columns lie side by side.
pub(super) const BLOCK: usize = 128;
/// Amounts of a region and month from this one on are refused.
const MAX_AMOUNT: f64 = 1e300;

/// Simulates all of the model's trials and returns what came out: trials × regions × months.
///
/// # Errors
/// [`RunError`] when growth or expansion runs away in a trial, or when the monitor was asked to stop.
pub fn simulate(
    model: &Model,
    resampling: Resampling,
    scope: SimulationScope,
    execution: &Execution,
) -> Result<Outcomes, RunError> {
    Simulator::new(model, resampling, scope).simulate(0..model.trials, execution)
}

/// [`simulate`] of the model's own trials in full, with `see` shown each block of them and the open deals that are won in it, as in
/// [`each_block_with_won_deals`]; what it says comes beside the outcomes.
///
/// # Errors
/// As of [`simulate`].
pub(super) fn simulate_with_won_deals<T: Send>(
    model: &Model,
    execution: &Execution,
    see: impl Fn(&Outcomes, &[WonDeal]) -> T + Sync + Send,
) -> Result<(Outcomes, Vec<T>), RunError> {
    let mut simulator = Simulator::new(model, Resampling::None, SimulationScope::whole(model));
    simulator.lists_won_deals = true;
    let task = |scratch: &mut Scratch, b| {
        let (outcomes, found) = simulator.seen(0..model.trials, b, Vec::new(), scratch, execution, &see)?;
        Ok((outcomes.into_blocks(), found))
    };
    let blocks = execution.workers.map_with(model.trials.div_ceil(BLOCK), Scratch::default, task);
    let (blocks, found): (Vec<_>, Vec<T>) =
        blocks.into_iter().collect::<Result<Vec<_>, RunError>>()?.into_iter().unzip();
    Ok((Outcomes::new(simulator.compiled.layout, blocks.into_iter().flatten().collect()), found))
}

/// Simulates all of the model's trials, shows `see` each block of them, and returns what it says, in their order. For questions
/// that need little of each trial: a block stays in the processor's caches, and no outcomes are kept.
///
/// # Errors
/// As of [`simulate`].
pub fn each_block<T: Send>(
    model: &Model,
    resampling: Resampling,
    scope: SimulationScope,
    execution: &Execution,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    each_block_within(model, 0..model.trials, resampling, scope, execution, see)
}

/// [`each_block`] of some of the model's trials.
///
/// # Errors
/// As of [`simulate`].
pub fn each_block_within<T: Send>(
    model: &Model,
    trials: Range<usize>,
    resampling: Resampling,
    scope: SimulationScope,
    execution: &Execution,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    Simulator::new(model, resampling, scope).each_block(trials, execution, |block, _| see(block))
}

/// [`each_block`] of the model's own trials, with the open deals that are won in each block: region after region, in each those of one row one
/// after the other.
///
/// # Errors
/// As of [`simulate`].
pub fn each_block_with_won_deals<T: Send>(
    model: &Model,
    scope: SimulationScope,
    execution: &Execution,
    see: impl Fn(&Outcomes, &[WonDeal]) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    let mut simulator = Simulator::new(model, Resampling::None, scope);
    simulator.lists_won_deals = true;
    simulator.each_block(0..model.trials, execution, see)
}

/// [`each_block`] of the model's own trials, with the bookings from open deals that `kept` has of them in place of playing these; of open
/// deals all else is left out.
///
/// # Errors
/// As of [`simulate`].
pub(super) fn each_block_with_open_deals_of<T: Send>(
    kept: &Outcomes,
    model: &Model,
    resampling: Resampling,
    scope: SimulationScope,
    execution: &Execution,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    let mut simulator = Simulator::new(model, resampling, scope);
    simulator.open_deals = Some(kept);
    simulator.each_block(0..model.trials, execution, |block, _| see(block))
}

/// [`each_block`] of the model's own trials, with open deals counted: of those of a row only how many are won in each month, and what these are worth
/// together. The law is that of deals drawn one by one, the draws are others. All else that open deals bring is left out.
///
/// # Errors
/// As of [`simulate`].
pub fn each_block_counting_open_deals<T: Send>(
    model: &Model,
    scope: SimulationScope,
    execution: &Execution,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    let mut simulator = Simulator::new(model, Resampling::None, scope);
    simulator.counts_open_deals = true;
    simulator.each_block(0..model.trials, execution, |block, _| see(block))
}

/// [`each_block`] of trials that were put together on purpose.
///
/// # Errors
/// As of [`simulate`]; the trial that it names is then an index into the set.
pub fn each_block_of<T: Send>(
    model: &Model,
    trials: &TrialSet,
    scope: SimulationScope,
    execution: &Execution,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    Simulator::of_set(model, trials, scope).each_block(0..trials.count(), execution, |block, _| see(block))
}

/// A compiled model with the memory to simulate it, range of trials after range of trials.
#[derive(Debug)]
pub(super) struct Simulator<'m> {
    compiled: CompiledModel<'m>,
    /// The trials that are simulated instead of the model's own.
    trials: Option<&'m TrialSet>,
    /// The outcomes of the same trials that bookings from open deals are taken from instead of being played.
    open_deals: Option<&'m Outcomes>,
    /// Whether the open deals that are won are listed one by one.
    lists_won_deals: bool,
    /// Whether they are counted where they can be.
    counts_open_deals: bool,
    /// Regions that are taken from other trials in place of being played.
    pub(super) kept_regions: Option<KeptRegions<'m>>,
    /// Blocks that are no longer looked at: to take memory from the system costs more than to simulate trials into it.
    buffer_pool: Mutex<Vec<Vec<f64>>>,
}

impl<'m> Simulator<'m> {
    pub(super) fn new(model: &'m Model, resampling: Resampling, scope: SimulationScope) -> Simulator<'m> {
        let compiled = CompiledModel::new(model, resampling, scope);
        Simulator {
            compiled,
            trials: None,
            open_deals: None,
            lists_won_deals: false,
            counts_open_deals: false,
            kept_regions: None,
            buffer_pool: Mutex::default(),
        }
    }

    /// One that plays trials that were put together on purpose.
    pub(super) fn of_set(model: &'m Model, trials: &'m TrialSet, scope: SimulationScope) -> Simulator<'m> {
        Simulator { trials: Some(trials), ..Simulator::new(model, Resampling::None, scope) }
    }

    /// Simulates trials and shows `see` each block of them.
    pub(super) fn each_block<T: Send>(
        &self,
        trials: Range<usize>,
        execution: &Execution,
        see: impl Fn(&Outcomes, &[WonDeal]) -> T + Sync + Send,
    ) -> Result<Vec<T>, RunError> {
        let task = |(scratch, values): &mut (Scratch, Vec<f64>), b| {
            let (outcomes, found) = self.seen(trials.clone(), b, std::mem::take(values), scratch, execution, &see)?;
            *values = outcomes.into_blocks().map(|block| block.values).next().unwrap_or_default();
            Ok(found)
        };
        let blocks = execution.workers.map_with(trials.len().div_ceil(BLOCK), Default::default, task);
        blocks.into_iter().collect()
    }

    /// Simulates block `b` of a range of trials, as [`Simulator::block`] does, and shows it to `see`.
    fn seen<T>(
        &self,
        trials: Range<usize>,
        b: usize,
        values: Vec<f64>,
        scratch: &mut Scratch,
        execution: &Execution,
        see: impl Fn(&Outcomes, &[WonDeal]) -> T,
    ) -> Result<(Outcomes, T), RunError> {
        if self.lists_won_deals {
            scratch.won_deals.get_or_insert_default();
        }
        let block = self.block(trials, b, values, scratch, &execution.monitor)?;
        let outcomes = Outcomes::new(self.compiled.layout, vec![block]);
        let found = see(&outcomes, scratch.won_deals.as_deref().unwrap_or_default());
        Ok((outcomes, found))
    }

    /// Simulates some of the trials, which are the same whatever others are simulated.
    pub(super) fn simulate(&self, trials: Range<usize>, execution: &Execution) -> Result<Outcomes, RunError> {
        let task = |scratch: &mut Scratch, b| {
            let buffer = self.buffer_pool.lock().unwrap_or_else(PoisonError::into_inner).pop();
            self.block(trials.clone(), b, buffer.unwrap_or_default(), scratch, &execution.monitor)
        };
        let blocks = execution.workers.map_with(trials.len().div_ceil(BLOCK), Scratch::default, task);
        Ok(Outcomes::new(self.compiled.layout, blocks.into_iter().collect::<Result<Vec<Block>, RunError>>()?))
    }

    /// Simulates block `b` of a range of trials into memory that may hold an older block of the same model.
    fn block(
        &self,
        trials: Range<usize>,
        b: usize,
        mut values: Vec<f64>,
        scratch: &mut Scratch,
        monitor: &Monitor,
    ) -> Result<Block, RunError> {
        if monitor.stopped() {
            return Err(RunError::Stopped);
        }
        let first = trials.start + b * BLOCK;
        let trials = BLOCK.min(trials.end - first);
        let needed = self.compiled.layout.columns() * trials;
        if values.len() != needed {
            values = vec![0.0; needed];
        }
        self.fill(first as u64, &mut values, scratch, monitor)?;
        monitor.advance(trials);
        Ok(Block { trials, values })
    }

    /// Simulates the trials from `first` on that `values` has room for: each of the layout's columns, trial by trial. Columns
    /// outside the scope are left as they are.
    fn fill(&self, first: u64, values: &mut [f64], scratch: &mut Scratch, monitor: &Monitor) -> Result<(), RunError> {
        let (compiled, layout) = (&self.compiled, self.compiled.layout);
        let lanes = values.len() / layout.columns();
        scratch.begin(first, lanes, self.trials);
        if let Some(address) = compiled.fresh_rows {
            scratch.take_any_rows(address);
        }
        compiled.draw_inputs(self.trials, scratch);
        if let Some(i) = scratch.inputs.iter().position(|x| x.is_nan()) {
            let what = format!("the input {}", compiled.model.input(i / lanes).path);
            return Err(RunError::NotANumber { what, trial: first + (i % lanes) as u64 });
        }
        compiled.draw_market(scratch);
        compiled.draw_changes(scratch);
        let (regions, rest) = values.split_at_mut(layout.mean_size(0) * lanes);
        let (sizes, rest) = rest.split_at_mut(layout.regions * lanes);
        let (margins, inputs) = rest.split_at_mut(if layout.margin { 2 * layout.regions * lanes } else { 0 });
        let (at_quota, inputs) =
            inputs.split_at_mut(2 * (layout.quota_periods + layout.classes) * layout.regions * lanes);
        at_quota.fill(0.0);
        let (margins, retention) = margins.split_at_mut(margins.len() / 2);
        let regions_with = compiled.regions.iter().map(|plan| plan.region);
        let drawn = margins.chunks_exact_mut(lanes).zip(retention.chunks_exact_mut(lanes));
        for (region, (margin, retention)) in regions_with.zip(drawn) {
            scratch.fill(region.gross_margin.unwrap_or(ParameterValue::Fixed(0.0)), margin);
            scratch.fill(region.retention, retention);
        }
        inputs.copy_from_slice(&scratch.inputs[..inputs.len()]);
        let of_region = layout.measures().count() * layout.months * lanes;
        for (r, (plan, (region, mean_size))) in compiled
            .regions
            .iter()
            .zip(regions.chunks_exact_mut(of_region).zip(sizes.chunks_exact_mut(lanes)))
            .enumerate()
        {
            if let Some(kept) = self.kept_regions.as_ref().filter(|kept| kept.kept[r]) {
                let block = &kept.outcomes.block(first as usize / BLOCK).values;
                let (columns, size) = (r * of_region, layout.mean_size(r) * lanes);
                region.copy_from_slice(&block[columns..columns + of_region]);
                mean_size.copy_from_slice(&block[size..size + lanes]);
                continue;
            }
            let mut columns = Columns::of(region, layout, lanes);
            if let Some(running) = &mut columns.running {
                running.clear();
            }
            if let Some(valued) = &mut columns.valued {
                valued.clear();
            }
            compiled.take_effect(plan, scratch);
            scratch.fill(plan.region.mean_size, mean_size);
            let table = plan.region.sizes.as_ref();
            scratch.sizes = table.map(|table| SizeRows::new(table, lanes, |value| scratch.filled(value)));
            if let Some(sizes) = &scratch.sizes {
                mean_size.copy_from_slice(&sizes.mean);
            }
            if let Some(people) = &mut columns.people {
                people.clear();
            }
            compiled.draw_people(plan, scratch);
            compiled.expect_leads(plan, scratch)?;
            compiled.queue_leads(plan, &mut columns, scratch);
            plan.decide_leads(&mut columns, scratch, monitor)?;
            if !all_sound(columns.won) {
                return Err(unsound(compiled, plan, region, mean_size, first));
            }
            plan.close_deals(mean_size, &mut columns, scratch);
            plan.win_one_offs(&mut columns, scratch);
            match self.open_deals {
                Some(kept) => {
                    let column = kept.layout().column(Measure::BookingsFromOpen, r);
                    columns.take_open_deals(kept.block(first as usize / BLOCK), column);
                }
                // A page's engine need not hold what it never does.
                None if cfg!(feature = "fit") && self.counts_open_deals && plan.counts_open_deals() => {
                    plan.count_open_deals(mean_size, &mut columns, scratch, monitor);
                }
                None => {
                    let mut won_deals = scratch.won_deals.take();
                    let before = won_deals.as_ref().map_or(0, Vec::len);
                    let mut found = Vec::new();
                    let listed = won_deals.as_mut().or(plan.tells_winners().then_some(&mut found));
                    plan.decide_open_deals(mean_size, &mut columns, scratch, listed, monitor);
                    if plan.tells_winners() {
                        plan.win_open_deals(won_deals.as_ref().map_or(&found[..], |won| &won[before..]), scratch);
                    }
                    scratch.won_deals = won_deals;
                }
            }
            plan.renew_contracts(&mut columns, scratch);
            plan.count_people(&mut columns, scratch);
            plan.count_at_quota(scratch, &mut |period, counted, lane| {
                for (i, count) in counted.into_iter().enumerate() {
                    at_quota[((2 * period + i) * layout.regions + r) * lanes + lane] = count;
                }
            });
            if monitor.stopped() {
                return Err(RunError::Stopped);
            }
            if !all_sound(region) {
                return Err(unsound(compiled, plan, region, mean_size, first));
            }
        }
        Ok(())
    }

    /// Takes back the memory of outcomes that nobody looks at any more.
    pub(super) fn recycle(&self, outcomes: Outcomes) {
        self.buffer_pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(outcomes.into_blocks().map(|block| block.values));
    }
}

/// Whether all are numbers that can be added up.
fn all_sound(values: &[f64]) -> bool {
    values.iter().fold(true, |sound, x| sound & (x.abs() < MAX_AMOUNT))
}

/// What is wrong with the columns of a region, of which one holds something else than a number that can be added up. Expansion or
/// deal sizes that run away end in an amount without end, and that times 0 is no number either; any other is the program's fault.
fn unsound(compiled: &CompiledModel, plan: &RegionPlan, columns: &[f64], mean_size: &[f64], first: u64) -> RunError {
    let wrong = |x: &f64| x.is_nan() || x.abs() >= MAX_AMOUNT;
    let i = columns.iter().position(wrong).unwrap_or_default();
    let (column, lane) = (i / mean_size.len(), i % mean_size.len());
    let measures: Vec<Measure> = compiled.layout.measures().collect();
    let measure = measures[column / compiled.layout.months];
    let region = plan.region.key.clone();
    let month = compiled.model.horizon.month(column % compiled.layout.months).to_string();
    let trial = first + lane as u64;
    match measure {
        Measure::Bookings if !columns[i].is_nan() || mean_size[lane].is_infinite() => {
            RunError::TooMuchMoney { region, measure, month, trial }
        }
        Measure::Renewals | Measure::RenewalsFromContracts => RunError::TooMuchMoney { region, measure, month, trial },
        _ => RunError::NotANumber { what: format!("{} of regions.{region} in {month}", measure.key()), trial },
    }
}

impl RegionPlan<'_> {
    /// Leads, won, lost and weighted open deals of every month, on the region's path.
    fn decide_leads(&self, columns: &mut Columns, scratch: &mut Scratch, monitor: &Monitor) -> Result<(), RunError> {
        // With people those that are started take the place of those that arrive.
        let arrived = self.team.is_some().then(|| columns.leads.to_vec());
        match self.path {
            Path::Thinning(cycle) if self.team.is_some() => self.simulate_counted(cycle, columns, scratch, monitor),
            Path::Thinning(cycle) => self.simulate_cycle(cycle, columns, scratch, monitor),
            Path::LeadByLead(stages) => self.simulate_stages(stages, columns, scratch, monitor),
            Path::Daily => {
                if let Some(plan) = &self.daily {
                    self.simulate_daily(plan, columns, scratch, monitor);
                }
            }
        }
        if let Some(arrived) = arrived {
            columns.leads.copy_from_slice(&arrived);
        }
        // Whoever was asked to stop has left off somewhere.
        if monitor.stopped() { Err(RunError::Stopped) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Distribution;
    use crate::model::{Funnel, Input, ParameterSchedule, Region, resolve};
    use crate::scenario::load;

    fn small(funnel: &str) -> Model {
        let text = format!(
            r#"{{"name": "Small", "start": "2027-01", "months": 3,
            "regions": {{"a": {{"leads": {{"monthly": 100}}, {funnel}, "deal_size": {{"mean": 1000}}}}}}}}"#
        );
        let scenario = load("small.json".as_ref(), &[], &|_| Ok(text.clone().into()));
        resolve(&scenario.unwrap_or_else(|faults| panic!("{faults}"))).expect("it is sound")
    }

    const CYCLE: &str = r#""conversion": 0.25, "cycle": {"mean_days": 45}"#;

    #[test]
    fn what_is_no_number_ends_the_run_and_says_where() {
        let played = |model: &Model| {
            let execution = Execution::new(Some(1));
            simulate(model, Resampling::None, SimulationScope::whole(model), &execution).map(|_| ())
        };
        let sound = small(CYCLE);
        assert_eq!(played(&sound), Ok(()));
        let with = |change: &dyn Fn(&mut Region)| {
            let mut model = sound.clone();
            change(&mut model.regions[0]);
            played(&model)
        };
        let no_number = |what: &str| Err(RunError::NotANumber { what: what.to_owned(), trial: 0 });
        let nan = ParameterValue::Fixed(f64::NAN);
        assert_eq!(with(&|region| region.mean_size = nan), no_number("bookings of regions.a in 2027-01"));
        let unknown_win_rate = |region: &mut Region| match &mut region.funnel {
            Funnel::Cycle(cycle) => cycle.conversion = ParameterSchedule::constant(nan),
            _ => unreachable!("it has a cycle"),
        };
        assert_eq!(with(&unknown_win_rate), no_number("leads of regions.a in 2027-01"));
        let mut staged = small(r#""stages": [{"name": "Only", "pass": 0.25, "mean_days": 45}]"#);
        match &mut staged.regions[0].funnel {
            Funnel::Stages(stages) => stages[0].pass = nan,
            _ => unreachable!("it has stages"),
        }
        assert_eq!(played(&staged), no_number("won_deals of regions.a in 2027-01"));
        let without_end = with(&|region| region.mean_size = ParameterValue::Fixed(f64::INFINITY));
        assert!(
            matches!(without_end, Err(RunError::TooMuchMoney { measure: Measure::Bookings, .. })),
            "{without_end:?}"
        );
        let mut model = sound.clone();
        let law = Distribution::fixed(f64::NAN);
        model.inputs.push(Input { path: "regions.a.conversion".to_owned(), law, chance: None });
        assert_eq!(played(&model), no_number("the input regions.a.conversion"));
    }

    #[test]
    fn a_block_that_is_stopped_before_its_first_month_ends_quietly() {
        for funnel in [CYCLE, r#""stages": [{"name": "Only", "pass": 0.25, "mean_days": 45}]"#] {
            let model = small(funnel);
            let simulator = Simulator::new(&model, Resampling::None, SimulationScope::whole(&model));
            let mut values = vec![0.0; simulator.compiled.layout.columns() * 2];
            let monitor = Monitor::default();
            monitor.stop();
            assert_eq!(simulator.fill(0, &mut values, &mut Scratch::default(), &monitor), Err(RunError::Stopped));
        }
    }
}

//! Blocks of trials.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use thiserror::Error;

use super::desk::Desk;
use super::futures::Futures;
use super::player::Player;
use super::workers::Workers;
use crate::chance::SizeShape;
use crate::model::{Funnel, Model, Region};
use crate::outcomes::{Block, Layout, Outcomes};

/// Trials played together; their columns lie side by side.
pub(super) const BLOCK: usize = 128;

/// Which randomness a pass draws afresh. The inputs are always those of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// The run itself.
    Run,
    /// The same inputs; market factor and remaining chance drawn again.
    FreshChance,
    /// The same inputs and the same market factor; remaining chance drawn again.
    FreshRest,
}

/// What of the model is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Only the first months.
    pub months: usize,
    /// Without lost leads and what hangs on them (leads, open deals, pipelines), which leaves the rest's bytes alone.
    pub money_only: bool,
}

/// Progress of a run and the wish to stop it, shared with whoever watches.
#[derive(Debug, Default)]
pub struct Monitor {
    done: AtomicU64,
    stop: AtomicBool,
}

/// Why a run ended without outcomes.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RunError {
    /// Growth ran away in a trial.
    #[error("regions.{region}.leads: the expected leads of {month} passed 10^12 in trial {trial}")]
    TooManyLeads {
        /// The region's key.
        region: String,
        /// The month.
        month: String,
        /// The trial, counted from 0.
        trial: u64,
    },
    /// Expansion ran away in a trial.
    #[error("regions.{region}.expansion: the renewals of {month} passed 10^300 in trial {trial}")]
    TooMuchMoney {
        /// The region's key.
        region: String,
        /// The month.
        month: String,
        /// The trial, counted from 0.
        trial: u64,
    },
    /// Trials that were played before can no longer be read.
    #[error("{file}: {why}")]
    Unreadable {
        /// The file they are in.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// It was asked to stop.
    #[error("stopped")]
    Stopped,
}

impl Monitor {
    /// Trials played, or read, so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// So many more were.
    pub(super) fn passed(&self, trials: usize) {
        self.done.fetch_add(trials as u64, Ordering::Relaxed);
    }

    /// Asks the run to stop as soon as it can.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

impl Part {
    /// All of the model.
    pub fn whole(model: &Model) -> Part {
        Part { months: model.horizon.months, money_only: false }
    }

    /// What both take.
    pub fn and(self, other: Part) -> Part {
        Part { months: self.months.max(other.months), money_only: self.money_only && other.money_only }
    }

    /// Where the columns of its outcomes lie.
    pub fn layout(self, model: &Model) -> Layout {
        Layout { regions: model.regions.len(), months: self.months, inputs: model.inputs.len() }
    }
}

/// Plays all of the model's trials and returns what came out: trials × regions × months.
///
/// # Errors
/// [`RunError`] when growth or expansion runs away in a trial, or when `monitor` was asked to stop.
pub fn play(model: &Model, pass: Pass, part: Part, workers: &Workers, monitor: &Monitor) -> Result<Outcomes, RunError> {
    Stage::new(model, pass, part).play(0..model.trials, workers, monitor)
}

/// Plays all of the model's trials, shows `see` each block of them, and returns what it says, in their order. For questions
/// that need little of each trial: a block stays in the processor's caches, and no outcomes are kept.
///
/// # Errors
/// As of [`play`].
pub fn each_block<T: Send>(
    model: &Model,
    pass: Pass,
    part: Part,
    workers: &Workers,
    monitor: &Monitor,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    each_block_within(model, 0..model.trials, pass, part, workers, monitor, see)
}

/// The same of some of the trials.
///
/// # Errors
/// As of [`play`].
pub fn each_block_within<T: Send>(
    model: &Model,
    trials: Range<usize>,
    pass: Pass,
    part: Part,
    workers: &Workers,
    monitor: &Monitor,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    Stage::new(model, pass, part).each_block(trials, workers, monitor, see)
}

/// The same for futures that are put together on purpose.
///
/// # Errors
/// As of [`play`]; the trial that it names is then the index of the future.
pub fn each_block_of<T: Send>(
    model: &Model,
    futures: &Futures,
    part: Part,
    workers: &Workers,
    monitor: &Monitor,
    see: impl Fn(&Outcomes) -> T + Sync + Send,
) -> Result<Vec<T>, RunError> {
    let mut stage = Stage::new(model, Pass::Run, part);
    stage.player.futures = Some(futures);
    stage.each_block(0..futures.count(), workers, monitor, see)
}

/// A model made ready to be played, piece after piece, with the memory for it.
#[derive(Debug)]
pub(super) struct Stage<'m> {
    player: Player<'m>,
    /// Blocks that are no longer looked at: to take memory from the system costs more than to play trials into it.
    spare: Mutex<Vec<Vec<f64>>>,
}

impl<'m> Stage<'m> {
    pub(super) fn new(model: &'m Model, pass: Pass, part: Part) -> Stage<'m> {
        Stage { player: Player::new(model, pass, part), spare: Mutex::default() }
    }

    /// Plays trials and shows `see` each block of them.
    fn each_block<T: Send>(
        &self,
        trials: Range<usize>,
        workers: &Workers,
        monitor: &Monitor,
        see: impl Fn(&Outcomes) -> T + Sync + Send,
    ) -> Result<Vec<T>, RunError> {
        let blocks =
            workers.map_at(trials.len().div_ceil(BLOCK), Default::default, |(desk, values): &mut (Desk, _), b| {
                let block = self.block(trials.clone(), b, std::mem::take(values), desk, monitor)?;
                let outcomes = Outcomes::new(self.player.layout, vec![block]);
                let said = see(&outcomes);
                *values = outcomes.into_values().next().unwrap_or_default();
                Ok(said)
            });
        blocks.into_iter().collect()
    }

    /// Plays some of the trials, which are the same whatever others are played.
    pub(super) fn play(&self, range: Range<usize>, workers: &Workers, monitor: &Monitor) -> Result<Outcomes, RunError> {
        let blocks = workers.map_at(range.len().div_ceil(BLOCK), Desk::default, |desk, b| {
            let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
            self.block(range.clone(), b, spare.unwrap_or_default(), desk, monitor)
        });
        Ok(Outcomes::new(self.player.layout, blocks.into_iter().collect::<Result<Vec<Block>, RunError>>()?))
    }

    /// Plays block `b` of a range of trials into memory that may hold an older one of the same player.
    fn block(
        &self,
        range: Range<usize>,
        b: usize,
        mut values: Vec<f64>,
        desk: &mut Desk,
        monitor: &Monitor,
    ) -> Result<Block, RunError> {
        if monitor.stopped() {
            return Err(RunError::Stopped);
        }
        let first = range.start + b * BLOCK;
        let trials = BLOCK.min(range.end - first);
        let needed = self.player.layout.columns() * trials;
        if values.len() != needed {
            values = vec![0.0; needed];
        }
        self.player.block(first as u64, &mut values, desk, monitor)?;
        monitor.passed(trials);
        Ok(Block { trials, values })
    }

    /// Takes back the memory of outcomes that nobody looks at any more.
    pub(super) fn take_back(&self, outcomes: Outcomes) {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner).extend(outcomes.into_values());
    }
}

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
    let mut laws: BTreeMap<(SizeShape, u64), f64> = BTreeMap::new();
    for region in &model.regions {
        if let Some(key) = region.size.tables_key() {
            let most = laws.entry(key).or_default();
            *most = likely_deals(region, &means).max(*most);
        }
    }
    laws.values().map(|most| 2e5 * (4.0 + libm::log2(*most))).sum()
}

/// More deals than a region is likely to win in a month.
fn likely_deals(region: &Region, means: &[f64]) -> f64 {
    let leads = region.expected_leads.iter().copied().fold(1.0, f64::max);
    (2.0 * leads * region.funnel.win_rate(means)).clamp(1.0, 1e6)
}

/// About how many seconds a run takes on one core, from what it draws; good to a factor of two or so.
pub fn seconds(model: &Model) -> f64 {
    // What a month of a region takes, and a stage of a lead that is followed by itself.
    const MONTH: f64 = 250e-9;
    const STAGE: f64 = 90e-9;
    let of_trial = |region: &Region| match &region.funnel {
        Funnel::Cycle { .. } => MONTH * region.expected_leads.len() as f64,
        Funnel::Stages(stages) => STAGE * stages.len() as f64 * region.expected_leads.iter().sum::<f64>(),
    };
    model.regions.iter().map(of_trial).sum::<f64>() * model.trials as f64
}

//! A run's trials, chunk after chunk: kept where they fit into memory, simulated again whenever they are asked for, or read from
//! where they were written to when they were simulated.

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use super::error::RunError;
use super::execution::Execution;
use super::scope::{Resampling, SimulationScope};
use super::simulate::{
    BLOCK, Simulator, each_block_with_open_deals_of, each_block_within, simulate, simulate_with_won_deals,
};
use super::won_deal::WonDeal;
use super::workers::Workers;
use crate::model::Model;
use crate::outcomes::Outcomes;

/// The memory that a run's outcomes may take, in bytes. It changes no number: a trial is a function of its index, so that it is
/// the same when it is simulated again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory(pub f64);

/// All trials of a run, simulated before and written down.
pub trait Stored: Debug + Send + Sync {
    /// The number of pieces that the trials come in.
    fn pieces(&self) -> usize;

    /// One of the pieces, which follow each other in the order of their trials, read by all workers.
    ///
    /// # Errors
    /// [`RunError::Unreadable`] when it can no longer be read.
    fn piece(&self, i: usize, workers: &Workers) -> Result<Outcomes, RunError>;

    /// The main figure in each trial, with some of the randomness drawn afresh.
    ///
    /// # Errors
    /// As of [`Stored::piece`].
    fn resampled(&self, resampling: Resampling) -> Result<Vec<f64>, RunError>;
}

/// Where a run's trials come from. It changes no number.
#[derive(Clone, Debug)]
pub enum Trials {
    /// They are simulated, within a memory.
    Simulated(Memory),
    /// They were simulated before.
    Stored(Arc<dyn Stored>),
}

/// The trials of a model. A run borrows nothing, so that whoever asks for it may keep it.
#[derive(Debug)]
pub struct Run {
    /// The model that is simulated.
    pub model: Arc<Model>,
    /// The threads it is simulated on, and who watches.
    pub execution: Execution,
    source: Source,
}

/// Where the trials of a run are.
#[derive(Debug)]
enum Source {
    /// In memory, looked at in chunks of so many.
    Kept(Outcomes, usize),
    /// Nowhere: they are simulated in chunks of so many.
    Simulated(usize),
    /// The outcomes are written down, and read again piece by piece.
    Stored(Arc<dyn Stored>),
}

/// The bytes of a chunk, at most: what large caches hold, so that it is summarised before it leaves them.
const MAX_CHUNK_BYTES: f64 = 16.0 * 1024.0 * 1024.0;
/// The number of blocks that are worth spreading over threads.
const MIN_CHUNK_BLOCKS: usize = 8;

/// The number of trials of a model whose outcomes take so many bytes: a whole number of blocks, which do not depend on where
/// chunks begin, and at least one.
pub fn trials_of(model: &Model, bytes: f64) -> usize {
    let trial = SimulationScope::whole(model).layout(model).bytes(1);
    BLOCK * ((bytes / trial) as usize / BLOCK).max(1)
}

impl Default for Memory {
    /// One GiB of outcomes is kept.
    fn default() -> Memory {
        Memory(1024.0 * 1024.0 * 1024.0)
    }
}

impl Memory {
    /// Whether all outcomes of a model fit.
    pub fn keeps(self, model: &Model) -> bool {
        SimulationScope::whole(model).layout(model).bytes(model.trials) <= self.0
    }

    /// The number of trials of a model that make a chunk, of which an eighth of the memory holds at least one.
    pub fn chunk(self, model: &Model) -> usize {
        let blocks = |bytes: f64| trials_of(model, bytes) / BLOCK;
        BLOCK * blocks(MAX_CHUNK_BYTES).max(MIN_CHUNK_BLOCKS).min(blocks(self.0 / 8.0)).max(1)
    }

    /// The bytes of outcomes that are in memory at once.
    pub fn taken(self, model: &Model) -> f64 {
        let trials = if self.keeps(model) { model.trials } else { self.chunk(model).min(model.trials) };
        SimulationScope::whole(model).layout(model).bytes(trials)
    }

    /// How many times all trials are simulated for their summaries: once where they are kept.
    pub fn times_simulated(self, model: &Model) -> usize {
        if self.keeps(model) { 1 } else { 2 }
    }
}

impl Trials {
    /// The memory that the outcomes may take. Trials that are read take a chunk at a time.
    pub fn memory(&self) -> Memory {
        match self {
            Trials::Simulated(memory) => *memory,
            Trials::Stored(_) => Memory(8.0 * 4.0 * MAX_CHUNK_BYTES),
        }
    }

    /// Whether all outcomes of a model are kept in memory from when they are simulated.
    pub fn keep(&self, model: &Model) -> bool {
        matches!(self, Trials::Simulated(memory) if memory.keeps(model))
    }

    /// How many times all trials are simulated, or read, for their summaries.
    pub fn times_passed(&self, model: &Model) -> usize {
        match self {
            Trials::Simulated(memory) => memory.times_simulated(model),
            Trials::Stored(_) => 2,
        }
    }
}

impl Run {
    /// Simulates the trials where they fit into memory; else that is left for when they are asked for.
    ///
    /// # Errors
    /// [`RunError`] when growth runs away in a trial, or when the monitor was asked to stop.
    pub fn begin(model: impl Into<Arc<Model>>, execution: &Execution, memory: Memory) -> Result<Run, RunError> {
        Run::of(model, execution, Trials::Simulated(memory))
    }

    /// A run of trials, wherever they come from.
    ///
    /// # Errors
    /// As of [`Run::begin`].
    pub fn of(model: impl Into<Arc<Model>>, execution: &Execution, trials: Trials) -> Result<Run, RunError> {
        let model = model.into();
        let source = match trials {
            Trials::Stored(stored) => Source::Stored(stored),
            Trials::Simulated(memory) if memory.keeps(&model) => {
                let kept = simulate(&model, Resampling::None, SimulationScope::whole(&model), execution)?;
                Source::Kept(kept, memory.chunk(&model))
            }
            Trials::Simulated(memory) => Source::Simulated(memory.chunk(&model)),
        };
        Ok(Run { model, execution: execution.clone(), source })
    }

    /// A run of outcomes that were played already, of no more than the months and columns that are asked of it.
    pub fn kept_of(model: impl Into<Arc<Model>>, outcomes: Outcomes, execution: &Execution) -> Run {
        let chunk = outcomes.trials();
        Run { model: model.into(), execution: execution.clone(), source: Source::Kept(outcomes, chunk) }
    }

    /// [`Run::of`] with `see` shown each block of trials and the open deals that are won in it while trials that are kept are played; what it
    /// says, in the order of the blocks. `None` where they are not kept: they would have to be played once more.
    ///
    /// # Errors
    /// As of [`Run::begin`].
    pub fn with_won_deals<T: Send>(
        model: impl Into<Arc<Model>>,
        execution: &Execution,
        trials: Trials,
        see: impl Fn(&Outcomes, &[WonDeal]) -> T + Sync + Send,
    ) -> Result<(Run, Option<Vec<T>>), RunError> {
        let model = model.into();
        if !trials.keep(&model) {
            return Ok((Run::of(model, execution, trials)?, None));
        }
        let (kept, seen) = simulate_with_won_deals(&model, execution, see)?;
        let source = Source::Kept(kept, trials.memory().chunk(&model));
        Ok((Run { model, execution: execution.clone(), source }, Some(seen)))
    }

    /// All outcomes, where they are kept.
    pub fn kept(&self) -> Option<&Outcomes> {
        match &self.source {
            Source::Kept(kept, _) => Some(kept),
            _ => None,
        }
    }

    /// Shows `see` all outcomes, chunk after chunk in the order of their trials.
    ///
    /// # Errors
    /// [`RunError`] as of [`Run::begin`], or what `see` says.
    pub fn each_chunk<E: From<RunError>>(&self, see: impl FnMut(&Outcomes) -> Result<(), E>) -> Result<(), E> {
        self.first_chunks(self.model.trials, see)
    }

    /// [`Run::each_chunk`] of the first `trials` alone.
    ///
    /// # Errors
    /// As of [`Run::each_chunk`].
    pub fn first_chunks<E: From<RunError>>(
        &self,
        trials: usize,
        see: impl FnMut(&Outcomes) -> Result<(), E>,
    ) -> Result<(), E> {
        self.chunks(trials, SimulationScope::whole(&self.model), see)
    }

    /// [`Run::each_chunk`] for what a scope holds, which is all that is simulated where trials are not kept.
    ///
    /// # Errors
    /// As of [`Run::each_chunk`].
    pub fn each_chunk_of<E: From<RunError>>(
        &self,
        scope: SimulationScope,
        see: impl FnMut(&Outcomes) -> Result<(), E>,
    ) -> Result<(), E> {
        self.chunks(self.model.trials, scope, see)
    }

    fn chunks<E: From<RunError>>(
        &self,
        trials: usize,
        scope: SimulationScope,
        mut see: impl FnMut(&Outcomes) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut left = trials;
        let mut show = |piece: Result<Outcomes, RunError>, left: &mut usize| {
            let piece = piece?.first(*left);
            see(&piece)?;
            *left -= piece.trials();
            Ok::<usize, E>(piece.trials())
        };
        let stopped = || if self.execution.monitor.stopped() { Err(RunError::Stopped) } else { Ok(()) };
        match &self.source {
            Source::Kept(kept, chunk) => {
                for piece in kept.pieces(*chunk) {
                    if left == 0 {
                        break;
                    }
                    stopped()?;
                    show(Ok(piece), &mut left)?;
                }
                Ok(())
            }
            Source::Simulated(chunk) => chunks_within(&self.model, scope, (0..trials, *chunk), &self.execution, see),
            Source::Stored(stored) => {
                for i in 0..stored.pieces() {
                    if left == 0 {
                        break;
                    }
                    stopped()?;
                    let shown = show(stored.piece(i, &self.execution.workers), &mut left)?;
                    self.execution.monitor.advance(shown);
                }
                Ok(())
            }
        }
    }

    /// The main figure in each trial, as `figure` finds it in outcomes of this scope, with some of the randomness drawn afresh. With
    /// `bookings_only` it reads nothing of open deals but their bookings: where those are the same they are not played again.
    ///
    /// # Errors
    /// As of [`Run::begin`].
    pub fn resampled(
        &self,
        resampling: Resampling,
        scope: SimulationScope,
        bookings_only: bool,
        figure: impl Fn(&Outcomes) -> Vec<f64> + Sync + Send,
    ) -> Result<Vec<f64>, RunError> {
        match &self.source {
            Source::Stored(stored) => stored.resampled(resampling),
            Source::Kept(kept, _) if resampling == Resampling::AllButOpenDeals && bookings_only => {
                Ok(each_block_with_open_deals_of(kept, &self.model, resampling, scope, &self.execution, figure)?
                    .concat())
            }
            _ => {
                let all = 0..self.model.trials;
                Ok(each_block_within(&self.model, all, resampling, scope, &self.execution, figure)?.concat())
            }
        }
    }
}

/// Simulates some of a model's trials and shows `see` their outcomes, in chunks of so many.
///
/// # Errors
/// As of [`Run::begin`], or what `see` says.
pub fn each_chunk<E: From<RunError>>(
    model: &Model,
    trials: Range<usize>,
    chunk: usize,
    execution: &Execution,
    see: impl FnMut(&Outcomes) -> Result<(), E>,
) -> Result<(), E> {
    chunks_within(model, SimulationScope::whole(model), (trials, chunk), execution, see)
}

/// [`each_chunk`] of a scope.
fn chunks_within<E: From<RunError>>(
    model: &Model,
    scope: SimulationScope,
    (trials, chunk): (Range<usize>, usize),
    execution: &Execution,
    mut see: impl FnMut(&Outcomes) -> Result<(), E>,
) -> Result<(), E> {
    let simulator = Simulator::new(model, Resampling::None, scope);
    for first in trials.clone().step_by(chunk) {
        let outcomes = simulator.simulate(first..trials.end.min(first + chunk), execution)?;
        see(&outcomes)?;
        simulator.recycle(outcomes);
    }
    Ok(())
}

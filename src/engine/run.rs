//! A run's trials, chunk after chunk: kept where they fit into memory, played again whenever they are asked for, or read from
//! where they were written to when they were played.

use std::fmt::Debug;
use std::ops::Range;

use super::play::{BLOCK, Monitor, Part, Pass, RunError, Stage, each_block_within, play};
use super::workers::Workers;
use crate::model::Model;
use crate::outcomes::Outcomes;

/// Memory that a run's outcomes may take, in bytes. It changes no number: a trial is a function of its index, so that played again
/// it is the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory(pub f64);

/// All trials of a run, played before and written down.
pub trait Stored: Debug + Sync {
    /// How many pieces they come in.
    fn pieces(&self) -> usize;

    /// One of the pieces, which follow each other in the order of their trials.
    ///
    /// # Errors
    /// [`RunError::Unreadable`] when it can no longer be read.
    fn piece(&self, i: usize) -> Result<Outcomes, RunError>;

    /// The main figure in each trial as a pass plays it that draws chance afresh.
    ///
    /// # Errors
    /// As of [`Stored::piece`].
    fn again(&self, pass: Pass) -> Result<Vec<f64>, RunError>;
}

/// Where a run's trials come from. It changes no number.
#[derive(Clone, Copy, Debug)]
pub enum Trials<'a> {
    /// They are played, within a memory.
    Played(Memory),
    /// They were played before.
    Stored(&'a dyn Stored),
}

/// The trials of a model.
#[derive(Debug)]
pub struct Run<'a> {
    /// What is played.
    pub model: &'a Model,
    /// The cores it is played on.
    pub workers: &'a Workers,
    /// Who watches.
    pub monitor: &'a Monitor,
    source: Source<'a>,
}

/// Where the trials are.
#[derive(Debug)]
enum Source<'a> {
    /// Here, looked at in chunks of so many.
    Kept(Outcomes, usize),
    /// Nowhere: they are played in chunks of so many.
    Played(usize),
    /// Written down.
    Stored(&'a dyn Stored),
}

/// Most bytes of a chunk: what large caches hold, so that it is summarised before it leaves them.
const MOST: f64 = 16.0 * 1024.0 * 1024.0;
/// Blocks that are worth spreading over cores.
const BLOCKS: usize = 8;

/// How many trials of a model have outcomes of so many bytes: a whole number of blocks, which do not depend on where chunks begin, and at least
/// one.
pub fn trials_of(model: &Model, bytes: f64) -> usize {
    let trial = Part::whole(model).layout(model).bytes(1);
    BLOCK * ((bytes / trial) as usize / BLOCK).max(1)
}

impl Default for Memory {
    /// 1 GiB.
    fn default() -> Memory {
        Memory(1024.0 * 1024.0 * 1024.0)
    }
}

impl Memory {
    /// Whether all outcomes of a model fit.
    pub fn keeps(self, model: &Model) -> bool {
        Part::whole(model).layout(model).bytes(model.trials) <= self.0
    }

    /// How many trials of a model make a chunk, of which an eighth of the memory holds at least one.
    pub fn chunk(self, model: &Model) -> usize {
        let blocks = |bytes: f64| trials_of(model, bytes) / BLOCK;
        BLOCK * blocks(MOST).max(BLOCKS).min(blocks(self.0 / 8.0)).max(1)
    }

    /// Bytes of outcomes that are in memory at once.
    pub fn taken(self, model: &Model) -> f64 {
        let trials = if self.keeps(model) { model.trials } else { self.chunk(model).min(model.trials) };
        Part::whole(model).layout(model).bytes(trials)
    }

    /// How many times all trials are played for their summaries: once where they are kept.
    pub fn times_played(self, model: &Model) -> usize {
        if self.keeps(model) { 1 } else { 2 }
    }
}

impl Trials<'_> {
    /// The memory that the outcomes may take. What is read takes a chunk at a time.
    pub fn memory(self) -> Memory {
        match self {
            Trials::Played(memory) => memory,
            Trials::Stored(_) => Memory(8.0 * 4.0 * MOST),
        }
    }

    /// How many times all trials are played, or read, for their summaries.
    pub fn times_passed(self, model: &Model) -> usize {
        match self {
            Trials::Played(memory) => memory.times_played(model),
            Trials::Stored(_) => 2,
        }
    }
}

impl<'a> Run<'a> {
    /// Plays the trials where they fit into memory; else that is left for when they are asked for.
    ///
    /// # Errors
    /// [`RunError`] when growth runs away in a trial, or when `monitor` was asked to stop.
    pub fn begin(
        model: &'a Model,
        workers: &'a Workers,
        monitor: &'a Monitor,
        memory: Memory,
    ) -> Result<Run<'a>, RunError> {
        Run::of(model, workers, monitor, Trials::Played(memory))
    }

    /// The same of trials wherever they come from.
    ///
    /// # Errors
    /// As of [`Run::begin`].
    pub fn of(
        model: &'a Model,
        workers: &'a Workers,
        monitor: &'a Monitor,
        trials: Trials<'a>,
    ) -> Result<Run<'a>, RunError> {
        let source = match trials {
            Trials::Stored(stored) => Source::Stored(stored),
            Trials::Played(memory) if memory.keeps(model) => {
                Source::Kept(play(model, Pass::Run, Part::whole(model), workers, monitor)?, memory.chunk(model))
            }
            Trials::Played(memory) => Source::Played(memory.chunk(model)),
        };
        Ok(Run { model, workers, monitor, source })
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

    /// The same of the first `trials` alone.
    ///
    /// # Errors
    /// As of [`Run::each_chunk`].
    pub fn first_chunks<E: From<RunError>>(
        &self,
        trials: usize,
        mut see: impl FnMut(&Outcomes) -> Result<(), E>,
    ) -> Result<(), E> {
        match &self.source {
            Source::Kept(kept, chunk) => {
                let mut left = trials;
                for piece in kept.pieces(*chunk) {
                    if left == 0 {
                        break;
                    }
                    if self.monitor.stopped() {
                        return Err(RunError::Stopped.into());
                    }
                    let piece = piece.first(left);
                    see(&piece)?;
                    left -= piece.trials();
                }
                Ok(())
            }
            Source::Played(chunk) => each_chunk(self.model, 0..trials, *chunk, self.workers, self.monitor, see),
            Source::Stored(stored) => {
                let mut left = trials;
                for i in 0..stored.pieces() {
                    if left == 0 {
                        break;
                    }
                    if self.monitor.stopped() {
                        return Err(RunError::Stopped.into());
                    }
                    let piece = stored.piece(i)?.first(left);
                    self.monitor.passed(piece.trials());
                    see(&piece)?;
                    left -= piece.trials();
                }
                Ok(())
            }
        }
    }

    /// The main figure in each trial, as `part` of the model shows it to `figure`, in a pass that draws chance afresh.
    ///
    /// # Errors
    /// As of [`Run::begin`].
    pub fn again(
        &self,
        pass: Pass,
        part: Part,
        figure: impl Fn(&Outcomes) -> Vec<f64> + Sync + Send,
    ) -> Result<Vec<f64>, RunError> {
        match &self.source {
            Source::Stored(stored) => stored.again(pass),
            _ => {
                let all = 0..self.model.trials;
                Ok(each_block_within(self.model, all, pass, part, self.workers, self.monitor, figure)?.concat())
            }
        }
    }
}

/// Plays some of a model's trials and shows `see` their outcomes, in chunks of so many.
///
/// # Errors
/// As of [`Run::begin`], or what `see` says.
pub fn each_chunk<E: From<RunError>>(
    model: &Model,
    trials: Range<usize>,
    chunk: usize,
    workers: &Workers,
    monitor: &Monitor,
    mut see: impl FnMut(&Outcomes) -> Result<(), E>,
) -> Result<(), E> {
    let stage = Stage::new(model, Pass::Run, Part::whole(model));
    for first in trials.clone().step_by(chunk) {
        let outcomes = stage.play(first..trials.end.min(first + chunk), workers, monitor)?;
        see(&outcomes)?;
        stage.take_back(outcomes);
    }
    Ok(())
}

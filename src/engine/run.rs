//! A run's trials, chunk after chunk: kept where they fit into memory, else played again whenever they are asked for.

use super::play::{BLOCK, Monitor, Part, Pass, RunError, Stage, play};
use super::workers::Workers;
use crate::model::Model;
use crate::outcomes::Outcomes;

/// Memory that a run's outcomes may take, in bytes. It changes no number: a trial is a function of its index, so that played again
/// it is the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory(pub f64);

/// The trials of a model.
#[derive(Debug)]
pub struct Run<'a> {
    /// What is played.
    pub model: &'a Model,
    /// The cores it is played on.
    pub workers: &'a Workers,
    /// Who watches.
    pub monitor: &'a Monitor,
    memory: Memory,
    kept: Option<Outcomes>,
}

/// Most bytes of a chunk: what large caches hold, so that it is summarised before it leaves them.
const MOST: f64 = 16.0 * 1024.0 * 1024.0;
/// Blocks that are worth spreading over cores.
const BLOCKS: usize = 8;

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
        let trial = Part::whole(model).layout(model).bytes(1);
        // A whole number of blocks, which do not depend on where chunks begin.
        let blocks = |bytes: f64| (bytes / trial) as usize / BLOCK;
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
        let play = || play(model, Pass::Run, Part::whole(model), workers, monitor);
        let kept = if memory.keeps(model) { Some(play()?) } else { None };
        Ok(Run { model, workers, monitor, memory, kept })
    }

    /// All outcomes, where they are kept.
    pub fn kept(&self) -> Option<&Outcomes> {
        self.kept.as_ref()
    }

    /// Shows `see` all outcomes, chunk after chunk in the order of their trials.
    ///
    /// # Errors
    /// [`RunError`] as of [`Run::begin`], or what `see` says.
    pub fn each_chunk<E: From<RunError>>(&self, mut see: impl FnMut(&Outcomes) -> Result<(), E>) -> Result<(), E> {
        let chunk = self.memory.chunk(self.model);
        if let Some(kept) = &self.kept {
            for piece in kept.pieces(chunk) {
                if self.monitor.stopped() {
                    return Err(RunError::Stopped.into());
                }
                see(&piece)?;
            }
            return Ok(());
        }
        let stage = Stage::new(self.model, Pass::Run, Part::whole(self.model));
        for first in (0..self.model.trials).step_by(chunk) {
            let range = first..self.model.trials.min(first + chunk);
            let outcomes = stage.play(range, self.workers, self.monitor)?;
            see(&outcomes)?;
            stage.take_back(outcomes);
        }
        Ok(())
    }
}

//! Plays trials that were put together on purpose, and takes over what it has played of others.

use crate::analysis::Response;
use crate::engine::{Execution, PlayedSet, RunError, SimulationScope, TrialSet, each_block_of};
use crate::model::Model;
use crate::outcomes::Outcomes;

/// Two sets of trials are kept, for others that differ from them in a region alone, if they take no more bytes than this.
pub(super) const MOST_KEPT: f64 = 5e8;

/// Reads a figure off sets of trials, played in one scope.
pub(super) struct Player<'a> {
    model: &'a Model,
    figure: &'a Response,
    scope: SimulationScope,
    execution: &'a Execution,
    /// What was played, if it fits into memory.
    kept: Vec<PlayedSet<'a>>,
}

impl<'a> Player<'a> {
    /// One that takes over what these sets have in common with others.
    ///
    /// # Errors
    /// As of [`Player::play`].
    pub(super) fn new(
        model: &'a Model,
        figure: &'a Response,
        scope: SimulationScope,
        sets: &[TrialSet],
        execution: &'a Execution,
    ) -> Result<Player<'a>, RunError> {
        let keeps = kept_bytes(model, scope, model.trials) <= MOST_KEPT;
        let sets = sets.iter().filter(|_| keeps);
        let kept = sets.map(|set| PlayedSet::new(model, set.clone(), scope, execution)).collect::<Result<_, _>>()?;
        Ok(Player { model, figure, scope, execution, kept })
    }

    /// The figure in each trial of a set that this one was made with, which is not played again where it was kept.
    ///
    /// # Errors
    /// As of [`Player::play`].
    pub(super) fn of_set(&self, set: &TrialSet) -> Result<Vec<f64>, RunError> {
        let known = self.kept.iter().find_map(|kept| kept.outcomes_of(set));
        known.map_or_else(|| self.play(set), |outcomes| Ok(self.figure.values(self.model, outcomes)))
    }

    /// The figure in each of some trials.
    ///
    /// # Errors
    /// [`RunError`] when growth or expansion runs away in a trial, or when the monitor was asked to stop.
    pub(super) fn play(&self, trials: &TrialSet) -> Result<Vec<f64>, RunError> {
        let see = |outcomes: &Outcomes| self.figure.values(self.model, outcomes);
        let blocks = match self.kept.as_slice() {
            [] => each_block_of(self.model, trials, self.scope, self.execution, see),
            kept => PlayedSet::each_block_beside(kept, trials, self.execution, see),
        };
        Ok(blocks?.concat())
    }
}

/// How many bytes two sets of so many trials take whose regions others take over.
pub(super) fn kept_bytes(model: &Model, scope: SimulationScope, trials: usize) -> f64 {
    2.0 * scope.layout(model).bytes(trials)
}

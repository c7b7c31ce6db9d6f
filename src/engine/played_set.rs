//! Trials that were played, for others that differ from them in some regions alone: the rest is not played again.

use super::error::RunError;
use super::execution::Execution;
use super::kept_regions::KeptRegions;
use super::scope::SimulationScope;
use super::simulate::Simulator;
use super::trial_set::TrialSet;
use crate::model::Model;
use crate::outcomes::Outcomes;
use crate::scenario::in_region;

/// A set of trials with what came out of it.
#[derive(Debug)]
pub struct PlayedSet<'m> {
    model: &'m Model,
    scope: SimulationScope,
    set: TrialSet,
    outcomes: Outcomes,
    /// The region that each input is part of; none where it may be part of all.
    regions: Vec<Option<usize>>,
}

impl<'m> PlayedSet<'m> {
    /// Plays a set of trials of a model.
    ///
    /// # Errors
    /// As of [`simulate`](super::simulate).
    pub fn new(
        model: &'m Model,
        set: TrialSet,
        scope: SimulationScope,
        execution: &Execution,
    ) -> Result<PlayedSet<'m>, RunError> {
        let outcomes = Simulator::of_set(model, &set, scope).simulate(0..set.count(), execution)?;
        let region_of = |path: &str| {
            let (key, _) = in_region(path)?;
            model.regions.iter().position(|region| region.key == key)
        };
        let regions = model.inputs.iter().map(|input| region_of(&input.path)).collect();
        Ok(PlayedSet { model, scope, set, outcomes, regions })
    }

    /// What came out of these trials, if they are the ones that were played.
    pub fn outcomes_of(&self, trials: &TrialSet) -> Option<&Outcomes> {
        (self.set == *trials).then_some(&self.outcomes)
    }

    /// Plays as many other trials of the model, and shows `see` each block of them: of regions that have the same inputs, joint draws, market factor and
    /// remaining chance what was played of one of these sets, all of one scope, is taken. Without any set nothing is played.
    ///
    /// # Errors
    /// As of [`each_block_of`](super::each_block_of).
    pub fn each_block_beside<T: Send>(
        played: &[PlayedSet<'m>],
        trials: &TrialSet,
        execution: &Execution,
        see: impl Fn(&Outcomes) -> T + Sync + Send,
    ) -> Result<Vec<T>, RunError> {
        let Some(one) = played.first() else { return Ok(Vec::new()) };
        let mut simulator = Simulator::of_set(one.model, trials, one.scope);
        let alike = played.iter().map(|set| set.alike(trials));
        simulator.kept_regions = alike.max_by_key(|regions| regions.kept.iter().filter(|kept| **kept).count());
        simulator.each_block(0..trials.count(), execution, |block, _| see(block))
    }

    /// Which regions other trials play alike. People are not told apart by regions.
    fn alike(&self, trials: &TrialSet) -> KeptRegions<'_> {
        let same = self.set.shares_all_but_inputs(trials) && !self.model.has_team;
        let mut kept = vec![same; self.model.regions.len()];
        let changed = (0..self.set.inputs()).filter(|i| same && self.set.normals(*i) != trials.normals(*i));
        for input in changed {
            match self.regions[input] {
                Some(region) => kept[region] = false,
                None => kept.fill(false),
            }
        }
        KeptRegions { outcomes: &self.outcomes, kept }
    }
}

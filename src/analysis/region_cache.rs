//! Regions that several scenarios play alike, which are played once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::{Execution, Resampling, RunError, SimulationScope, simulate};
use crate::model::Model;
use crate::outcomes::Outcomes;
use crate::scenario::{Scenario, in_region};

/// What a region's trials depend on: its key, how many trials and what is played of it, which columns it has, and what was changed in it, in any words
/// that tell one change from another.
pub(super) type RegionKey = (String, [usize; 2], [bool; 2], String);

/// Trials of regions, those that were used last. Threads share them: who wants what another one is playing waits for it.
#[derive(Debug)]
pub(super) struct RegionCache {
    held: Mutex<Held>,
    most: f64,
}

/// What is held.
#[derive(Debug, Default)]
struct Held {
    slots: HashMap<RegionKey, Slot>,
    /// Counts up with each use.
    clock: u64,
    bytes: f64,
}

/// The trials of a region, once they are played.
#[derive(Debug, Default)]
struct Slot {
    used: u64,
    bytes: f64,
    outcomes: Arc<Mutex<Option<Arc<Outcomes>>>>,
}

impl RegionCache {
    /// Keeps at most so many bytes of them.
    pub(super) fn within(most: f64) -> RegionCache {
        RegionCache { held: Mutex::default(), most }
    }

    /// The trials of one region of a model, as they are when all of them are played: it draws from streams of its own, and inputs and market factor
    /// are the same for all.
    pub(super) fn region(
        &self,
        alike: RegionKey,
        (model, r): (&Model, usize),
        part: SimulationScope,
        execution: &Execution,
    ) -> Result<Arc<Outcomes>, RunError> {
        let held = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = held().slot(&alike);
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcomes) = &*slot {
            return Ok(Arc::clone(outcomes));
        }
        let alone = Model { regions: vec![model.regions[r].clone()], ..model.clone() };
        let outcomes = Arc::new(simulate(&alone, Resampling::None, part, execution)?);
        *slot = Some(Arc::clone(&outcomes));
        held().keep(&alike, outcomes.layout().bytes(outcomes.trials()), self.most);
        Ok(outcomes)
    }
}

impl Held {
    /// The place of some trials, which are now those that were used last.
    fn slot(&mut self, alike: &RegionKey) -> Arc<Mutex<Option<Arc<Outcomes>>>> {
        self.clock += 1;
        let slot = self.slots.entry(alike.clone()).or_default();
        slot.used = self.clock;
        Arc::clone(&slot.outcomes)
    }

    /// Counts trials that were played, and lets go of those that were not used for the longest time while there is no room.
    fn keep(&mut self, alike: &RegionKey, bytes: f64, most: f64) {
        if let Some(slot) = self.slots.get_mut(alike) {
            slot.bytes = bytes;
            self.bytes += bytes;
        }
        while self.bytes > most {
            let others = self.slots.iter().filter(|(key, slot)| *key != alike && slot.bytes > 0.0);
            let Some(oldest) = others.min_by_key(|(_, slot)| slot.used).map(|(key, _)| key.clone()) else { break };
            self.bytes -= self.slots.remove(&oldest).map_or(0.0, |slot| slot.bytes);
        }
    }
}

/// Whether two models draw the same inputs, whatever their laws.
pub(super) fn same_inputs(one: &Model, other: &Model) -> bool {
    one.inputs.len() == other.inputs.len()
        && one.inputs.iter().zip(&other.inputs).all(|(a, b)| a.path == b.path)
        && one.correlated == other.correlated
        && one.regions.len() == other.regions.len()
}

/// The keys of the regions that a field at a path touches; `None` for all. Targets, calls and investments are no part of what is played.
pub(super) fn touched_regions(path: &str, scenario: &Scenario) -> Option<Vec<String>> {
    let first = path.split(['.', '[']).next().unwrap_or_default();
    if ["targets", "calls", "investment"].contains(&first) {
        return Some(Vec::new());
    }
    let (key, _) = in_region(path)?;
    scenario.regions.contains_key(key).then(|| vec![key.to_owned()])
}

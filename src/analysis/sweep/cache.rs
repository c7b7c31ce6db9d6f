//! Regions that several combinations play alike, which are played once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::engine::{Execution, Resampling, RunError, SimulationScope, simulate};
use crate::model::Model;
use crate::outcomes::Outcomes;

/// What a region's trials depend on: its key, what is played of it and which columns it has, and which value of each axis that touches it, `None`
/// of the others.
pub(super) type RegionKey = (String, usize, [bool; 2], Vec<Option<usize>>);

/// Trials of regions, those that were used last.
#[derive(Debug)]
pub(super) struct RegionCache {
    held: HashMap<RegionKey, (u64, Arc<Outcomes>)>,
    /// Counts up with each use.
    clock: u64,
    bytes: f64,
    most: f64,
}

impl RegionCache {
    /// Keeps at most so many bytes of them.
    pub(super) fn within(most: f64) -> RegionCache {
        RegionCache { held: HashMap::new(), clock: 0, bytes: 0.0, most }
    }

    /// The trials of one region of a model, as they are when all of them are played: it draws from streams of its own, and inputs and market factor
    /// are the same for all.
    pub(super) fn region(
        &mut self,
        alike: RegionKey,
        (model, r): (&Model, usize),
        part: SimulationScope,
        execution: &Execution,
    ) -> Result<Arc<Outcomes>, RunError> {
        self.clock += 1;
        if let Some((used, outcomes)) = self.held.get_mut(&alike) {
            *used = self.clock;
            return Ok(Arc::clone(outcomes));
        }
        let alone = Model { regions: vec![model.regions[r].clone()], ..model.clone() };
        let outcomes = Arc::new(simulate(&alone, Resampling::None, part, execution)?);
        self.bytes += bytes(&outcomes);
        while self.bytes > self.most
            && let Some(oldest) = self.held.iter().min_by_key(|(_, (used, _))| *used).map(|(alike, _)| alike.clone())
        {
            if let Some((_, gone)) = self.held.remove(&oldest) {
                self.bytes -= bytes(&gone);
            }
        }
        self.held.insert(alike, (self.clock, Arc::clone(&outcomes)));
        Ok(outcomes)
    }
}

fn bytes(outcomes: &Outcomes) -> f64 {
    outcomes.layout().bytes(outcomes.trials())
}

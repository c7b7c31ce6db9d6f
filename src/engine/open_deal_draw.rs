//! The draws of an open deal, addressed by its id.

use super::scratch::Scratch;
use crate::chance::{Address, TrialKey};
use crate::model::OpenDeal;

/// What a deal draws, each from a part of its address.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// What becomes of it, and of a deal decided by its age also when.
    Fate,
    /// Whether it closes by its date, and how long after it.
    Kept,
    Slip,
    /// Whether it is held to the end of its quarter.
    Held,
    /// What it is worth in the end, and how often that is renewed.
    Amount,
    Renewals,
    /// How long it stays in a stage: the first of as many parts as there are stages.
    Stages,
}

/// The part by which a deal draws its term, where there are several: past those of all stages that there may be.
pub(super) const TERM: usize = 1_000;

/// A deal that is drawn in a block of trials.
pub(super) struct Deal<'a> {
    pub(super) row: &'a OpenDeal,
    /// Its place among the open deals of the model.
    pub(super) place: usize,
    address: Address,
    /// The address of what it is worth in the end, of which every deal that is won is asked.
    amount: Address,
    trials: &'a [TrialKey],
}

impl<'a> Deal<'a> {
    pub(super) fn new(row: &'a OpenDeal, place: usize, address: Address, scratch: &'a Scratch) -> Deal<'a> {
        Deal { row, place, address, amount: address.part(Part::Amount as usize), trials: &scratch.trials }
    }

    /// One of its uniform numbers in a trial.
    #[inline]
    pub(super) fn uniform(&self, part: Part, lane: usize) -> f64 {
        self.address.part(part as usize).uniform_of(self.trials[lane])
    }

    /// One of its uniform numbers in a trial, of a part by its number.
    #[inline]
    pub(super) fn uniform_of(&self, part: usize, lane: usize) -> f64 {
        self.address.part(part).uniform_of(self.trials[lane])
    }

    /// The uniform number of what it is worth in the end in a trial.
    #[inline]
    pub(super) fn amount(&self, lane: usize) -> f64 {
        self.amount.uniform_of(self.trials[lane])
    }

    /// One of its uniform numbers in all trials.
    pub(super) fn uniforms(&self, part: Part) -> Vec<f64> {
        self.uniforms_of(part as usize)
    }

    /// The same in memory of that size.
    pub(super) fn fill_uniforms(&self, part: Part, uniforms: &mut [f64]) {
        self.address.part(part as usize).uniforms(self.trials, uniforms);
    }

    /// The same of a part by its number.
    pub(super) fn uniforms_of(&self, part: usize) -> Vec<f64> {
        let mut uniforms = vec![0.0; self.trials.len()];
        self.address.part(part).uniforms(self.trials, &mut uniforms);
        uniforms
    }
}

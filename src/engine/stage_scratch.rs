//! The memory that leads are followed through stages in.

/// Moves are counted in so many numbers, one lead after the other: a number that has just been counted up must be waited for.
pub(super) const COPIES: usize = 4;

/// Scratch memory for a block of trials of a region with stages.
#[derive(Debug, Default)]
pub(super) struct StageScratch {
    /// The shares that pass each stage, and the mean times in it in months: stages × trials.
    pub(super) pass: Vec<f64>,
    pub(super) times: Vec<f64>,
    /// How many leads of a month there are of each fate: fates × trials.
    pub(super) counts: Vec<f64>,
    pub(super) leads: Leads,
    /// How many leads of a month do what in each month, and after the last: months × moves (passed, lost, held), each in several numbers.
    pub(super) moves: Vec<[u64; COPIES]>,
}

/// Leads that are followed side by side.
#[derive(Debug, Default)]
pub(super) struct Leads {
    /// Where in the horizon each is, in months, and where its move is counted.
    pub(super) now: Vec<f64>,
    pub(super) place: Vec<u32>,
    /// A random number for each.
    pub(super) drawn: Vec<f64>,
}

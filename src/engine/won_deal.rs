//! A deal that was open on the as-of day and is won, for whoever asks what became of each.

/// A deal that was open on the as-of day and is won in a trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WonDeal {
    /// Its place among the open deals of the model, region after region, from 0; of a row of several deals alike it stands in one of these for
    /// each that is won.
    pub deal: u32,
    /// The trial, counted from the first of its block.
    pub lane: u16,
    /// The month in which it is won; the number of months that are simulated where that is later.
    pub month: u16,
    /// What it is worth in the end; 0 where it is won later.
    pub value: f64,
}

//! The progress of a run and the wish to stop it, shared between those who run and whoever watches.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A counter of the trials that are done and a request to stop, which any thread may look at and make.
#[derive(Debug, Default)]
pub struct Monitor {
    done: AtomicU64,
    stop: AtomicBool,
}

impl Monitor {
    /// The number of trials that were simulated, or read, so far; a trial that is simulated again counts again.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Adds trials to those that are done.
    pub(super) fn advance(&self, trials: usize) {
        self.done.fetch_add(trials as u64, Ordering::Relaxed);
    }

    /// Asks the run to stop as soon as it can.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the run was asked to stop.
    pub fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

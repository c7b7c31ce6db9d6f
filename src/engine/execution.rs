//! Where a run is executed and who watches it.

use std::sync::Arc;

use super::monitor::Monitor;
use super::workers::Workers;

/// The threads that a run is spread over, and the monitor that counts its trials and can stop it. Clones share both, so that
/// several runs may be executed on the same threads and be stopped together. It changes no number.
#[derive(Clone, Debug)]
pub struct Execution {
    /// The threads that share the blocks of trials.
    pub workers: Workers,
    /// The monitor, which counts what is done and can stop it.
    pub monitor: Arc<Monitor>,
}

impl Execution {
    /// `threads` threads of its own, `None` for one a core, and a monitor that nobody else holds yet.
    pub fn new(threads: Option<usize>) -> Execution {
        Execution { workers: Workers::new(threads), monitor: Arc::default() }
    }
}

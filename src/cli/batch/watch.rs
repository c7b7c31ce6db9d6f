//! The watch over a batch: Ctrl-C stops all scenarios, a limit of time one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::engine::Monitor;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(20);

/// The scenarios at work.
#[derive(Debug)]
pub(super) struct Watch {
    /// Stopped with Ctrl-C.
    all: Arc<Monitor>,
    limit: Option<Duration>,
    at_work: Mutex<Vec<Guarded>>,
    ended: AtomicBool,
}

#[derive(Debug)]
struct Guarded {
    monitor: Arc<Monitor>,
    begun: Instant,
    late: Arc<AtomicBool>,
}

/// A scenario that is watched.
#[derive(Debug)]
pub(super) struct Watched {
    pub(super) monitor: Arc<Monitor>,
    late: Arc<AtomicBool>,
}

impl Watched {
    /// Whether it was stopped because it took too long.
    pub(super) fn late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }
}

impl Watch {
    pub(super) fn new(all: Arc<Monitor>, limit: Option<Duration>) -> Watch {
        Watch { all, limit, at_work: Mutex::default(), ended: AtomicBool::new(false) }
    }

    /// Whether everything was stopped.
    pub(super) fn stopped(&self) -> bool {
        self.all.stopped()
    }

    /// Watches over `work` on one scenario.
    pub(super) fn over<T>(&self, work: impl FnOnce(&Watched) -> T) -> T {
        let watched = Watched { monitor: Arc::default(), late: Arc::default() };
        let (monitor, late) = (Arc::clone(&watched.monitor), Arc::clone(&watched.late));
        self.lock().push(Guarded { monitor, begun: Instant::now(), late });
        let done = work(&watched);
        self.lock().retain(|other| !Arc::ptr_eq(&other.monitor, &watched.monitor));
        done
    }

    /// Looks until everything is done.
    pub(super) fn look(&self) {
        while !self.ended.load(Ordering::Relaxed) {
            for scenario in self.lock().iter() {
                if self.limit.is_some_and(|limit| scenario.begun.elapsed() > limit) {
                    scenario.late.store(true, Ordering::Relaxed);
                    scenario.monitor.stop();
                }
                if self.stopped() {
                    scenario.monitor.stop();
                }
            }
            std::thread::sleep(EVERY);
        }
    }

    /// Everything is done.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Guarded>> {
        // A panic in between leaves a list that is still one.
        self.at_work.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

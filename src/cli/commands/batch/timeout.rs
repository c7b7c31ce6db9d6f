//! Stops the scenarios of a batch: all of them with Ctrl-C, one of them when it takes too long.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::engine::Monitor;

/// How long it waits before it looks again.
const EVERY: Duration = Duration::from_millis(20);

/// The scenarios at work, with the time that each may take.
#[derive(Debug)]
pub(super) struct Timeouts {
    /// The monitor that Ctrl-C stops.
    all: Arc<Monitor>,
    limit: Option<Duration>,
    at_work: Mutex<Vec<AtWork>>,
    ended: AtomicBool,
}

#[derive(Debug)]
struct AtWork {
    monitor: Arc<Monitor>,
    begun: Instant,
    late: Arc<AtomicBool>,
}

/// A scenario's run, whose time is limited.
#[derive(Debug)]
pub(super) struct TimedRun {
    pub(super) monitor: Arc<Monitor>,
    late: Arc<AtomicBool>,
}

impl TimedRun {
    /// Whether it was stopped because it took too long.
    pub(super) fn late(&self) -> bool {
        self.late.load(Ordering::Relaxed)
    }
}

impl Timeouts {
    pub(super) fn new(all: Arc<Monitor>, limit: Option<Duration>) -> Timeouts {
        Timeouts { all, limit, at_work: Mutex::default(), ended: AtomicBool::new(false) }
    }

    /// Whether everything was stopped.
    pub(super) fn stopped(&self) -> bool {
        self.all.stopped()
    }

    /// Does `work` on one scenario within its time.
    pub(super) fn limit<T>(&self, work: impl FnOnce(&TimedRun) -> T) -> T {
        let timed = TimedRun { monitor: Arc::default(), late: Arc::default() };
        let (monitor, late) = (Arc::clone(&timed.monitor), Arc::clone(&timed.late));
        self.lock().push(AtWork { monitor, begun: Instant::now(), late });
        let done = work(&timed);
        self.lock().retain(|other| !Arc::ptr_eq(&other.monitor, &timed.monitor));
        done
    }

    /// Stops what takes too long, until everything is done.
    pub(super) fn enforce(&self) {
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

    /// Ends the watch: everything is done.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<AtWork>> {
        // A panic in between leaves a list that is still one.
        self.at_work.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

//! Who calls a command: the program on a terminal, or a program of another language, which holds scenarios, watches and may stop it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::changes::Changes;
use super::disk;
use super::exit::Failure;
use super::opened::{MAX_FILE_BYTES, open_up_to};
use super::progress::{Counted, stoppable, watched, with_bar};
use crate::engine::{Execution, Monitor, Workers};
use crate::scenario::Setting;

/// What stands around a command. That of the program reads files from disk as they are, writes folders, and is stopped with Ctrl-C.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The scenarios that the command is about, in the order in which it names them.
    scenarios: Vec<HeldScenario>,
    watch: Option<Arc<Watch>>,
}

/// A scenario with what is laid over it, and its files as they were when they were read first: what is done to them on disk later changes nothing.
#[derive(Clone, Debug, Default)]
pub struct HeldScenario {
    pub(super) changes: Changes,
    pub(super) files: Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
}

/// How far a command is, and the wish to stop it, for whoever waits for it on another thread.
#[derive(Debug, Default)]
pub struct Watch {
    monitor: Arc<Monitor>,
    done: AtomicUsize,
    of: AtomicUsize,
}

impl Session {
    /// A command that another program calls: it is about scenarios that are held, prints nothing, and looks at no folder for results.
    pub fn embedded(scenarios: Vec<HeldScenario>, watch: Arc<Watch>) -> Session {
        Session { scenarios, watch: Some(watch) }
    }

    /// The same about the i-th scenario alone.
    pub(super) fn of(&self, i: usize) -> Session {
        Session { scenarios: self.scenarios.get(i).cloned().into_iter().collect(), watch: self.watch.clone() }
    }

    /// The monitor of its work.
    pub(super) fn monitor(&self) -> Arc<Monitor> {
        self.watch.as_ref().map_or_else(stoppable, |watch| Arc::clone(&watch.monitor))
    }

    /// Where its work is executed.
    pub(super) fn execution(&self, workers: Workers) -> Execution {
        Execution { workers, monitor: self.monitor() }
    }

    /// Refuses a folder that results could not be put into, before any work is done for them.
    pub(super) fn check(&self, out: &Path) -> Result<(), Failure> {
        if self.is_embedded() { Ok(()) } else { disk::check(out) }
    }

    /// What is laid over the scenario that is held, below what the command itself lays over it.
    pub(super) fn settings(&self) -> Result<Vec<Setting>, Failure> {
        self.scenarios.first().map_or(Ok(Vec::new()), |held| held.changes.settings())
    }

    /// Whether that is anything.
    pub(super) fn is_changed(&self) -> bool {
        self.scenarios.first().is_some_and(|held| held.changes.are_any())
    }

    /// The bytes of a scenario file, or of a table that one names.
    pub(super) fn open(&self, file: &Path) -> io::Result<Vec<u8>> {
        match self.scenarios.first() {
            Some(held) => held.open(file),
            None => open_up_to(file, MAX_FILE_BYTES),
        }
    }

    /// Whether another program calls, which does with results what it likes.
    pub(super) fn is_embedded(&self) -> bool {
        self.watch.is_some()
    }

    /// Tells how far a run is while `work` goes on: the program that called, or the terminal unless `quiet`. Every trial is played `times` before it is done.
    pub(super) fn shown<T: Send>(
        &self,
        monitor: &Monitor,
        (trials, times): (usize, usize),
        quiet: bool,
        work: impl FnOnce() -> T + Send,
    ) -> T {
        let done = || (monitor.done() / times as u64) as usize;
        self.counted(&Counted { of: trials, what: "futures", done: &done }, quiet, work)
    }

    /// The same of anything that is counted.
    pub(super) fn counted<T: Send>(&self, counted: &Counted, quiet: bool, work: impl FnOnce() -> T + Send) -> T {
        let Some(watch) = &self.watch else { return with_bar(counted, quiet, work) };
        watch.tell(0, counted.of);
        let result = watched(counted, |reached| watch.tell(reached, counted.of), work);
        watch.tell(counted.of, counted.of);
        result
    }
}

impl HeldScenario {
    /// All of its files that were read, so that it can be held elsewhere.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        self.all().iter().map(|(file, bytes)| (file.clone(), bytes.clone())).collect()
    }

    fn open(&self, file: &Path) -> io::Result<Vec<u8>> {
        if let Some(bytes) = self.all().get(file) {
            return Ok(bytes.clone());
        }
        let bytes = open_up_to(file, MAX_FILE_BYTES)?;
        self.all().insert(file.to_owned(), bytes.clone());
        Ok(bytes)
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Watch {
    /// How much is done, and of how much; both 0 until that is known.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }

    /// Asks the command to stop as soon as it can.
    pub fn stop(&self) {
        self.monitor.stop();
    }

    /// Tells how far the work is.
    pub(super) fn tell(&self, done: usize, of: usize) {
        self.done.store(done, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
    }
}

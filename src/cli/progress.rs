//! A progress bar with the time left, on a terminal; and Ctrl-C.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use super::exit::Failure;
use crate::engine::Monitor;
use crate::units::plain;

/// The monitors that Ctrl-C stops: those of the parts of a command that come one after the other.
static MONITORS: Mutex<Vec<Arc<Monitor>>> = Mutex::new(Vec::new());

/// A monitor that Ctrl-C stops.
pub(super) fn stoppable() -> Arc<Monitor> {
    let monitor = Arc::new(Monitor::default());
    let all = || MONITORS.lock().unwrap_or_else(PoisonError::into_inner);
    all().push(Arc::clone(&monitor));
    // It can be set once. Where it cannot be set at all, Ctrl-C ends the program, and the draft folder stays behind unnoticed until the next run.
    let _ = ctrlc::set_handler(move || all().iter().for_each(|monitor| monitor.stop()));
    monitor
}

/// Does `work` on a thread of its own, and leaves that to itself once `stop` says so: what is read may never end.
///
/// # Errors
/// [`Failure::Stopped`] where it was left.
pub(super) fn abandoned_when<T: Send + 'static>(
    stop: impl Fn() -> bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    const EVERY: Duration = Duration::from_millis(20);
    let (done, waiting) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        // Whoever waits may have gone.
        let _ = done.send(work());
    });
    loop {
        match waiting.recv_timeout(EVERY) {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) if stop() => return Err(Failure::Stopped),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => match thread.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => return Err(Failure::Stopped),
            },
        }
    }
}

/// Something that is counted while it goes on.
pub(super) struct Counted<'a> {
    /// How many there will be.
    pub(super) of: usize,
    /// What they are called.
    pub(super) what: &'static str,
    /// How many there are.
    pub(super) done: &'a (dyn Fn() -> usize + Sync),
}

/// Shows on the terminal how far work is while it goes on; nothing where standard error is none, or `quiet`.
pub(super) fn with_bar<T: Send>(counted: &Counted, quiet: bool, work: impl FnOnce() -> T + Send) -> T {
    if quiet || !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::new(counted.of as u64);
    let template = format!("{{bar:30}} {{percent:>3}} %  {{pos}} of {{len}} {}, {{msg}}", counted.what);
    bar.set_style(ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let show = |reached: usize| {
        bar.set_position(reached as u64);
        bar.set_message(if reached == counted.of {
            "summing up".to_owned()
        } else {
            format!("{} left", HumanDuration(bar.eta()))
        });
    };
    let result = watched(counted, show, work);
    bar.finish_and_clear();
    result
}

/// Shows on a thread of its own how much is done, again and again while `work` goes on.
pub(super) fn watched<T: Send>(counted: &Counted, show: impl Fn(usize) + Sync, work: impl FnOnce() -> T + Send) -> T {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                show((counted.done)().min(counted.of));
                std::thread::park_timeout(Duration::from_millis(80));
            }
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        // It may be waiting to look again.
        watcher.thread().unpark();
        result
    })
}

/// A remark on standard error; where that is closed, nobody wants it.
pub(super) fn note(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{}", plain(text));
}

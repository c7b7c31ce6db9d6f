//! The functions of the module. Each does its work on a thread of its own, without the interpreter's lock, while the one that called looks for Ctrl-C.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use revcast::cli::embedded::{self, CallError, HeldScenario, Merged, Session, Shards, Watch};

use crate::failure::exception;
use crate::results::{Analysis, Fit, Forecast};

/// How often whoever waits looks for Ctrl-C, and tells how far the work is.
const EVERY: Duration = Duration::from_millis(20);
/// How long work that was asked to stop is waited for; then it is left to end by itself.
const PATIENCE: Duration = Duration::from_millis(60);

/// A scenario that was read, with the bytes of its files.
#[pyclass(frozen, module = "revcast._revcast")]
pub(crate) struct Held {
    scenario: HeldScenario,
    /// The name of the scenario.
    #[pyo3(get)]
    name: String,
    /// How it was understood.
    #[pyo3(get)]
    understood: String,
    /// What an audit found in it.
    #[pyo3(get)]
    audit: String,
}

/// A file by its path.
type File = (PathBuf, Vec<u8>);

#[pymethods]
impl Held {
    /// All files that were read of it, with their bytes.
    fn files<'py>(&self, py: Python<'py>) -> Vec<(PathBuf, Bound<'py, PyBytes>)> {
        self.scenario.files().into_iter().map(|(file, bytes)| (file, PyBytes::new(py, &bytes))).collect()
    }
}

/// Does `work` elsewhere and waits for it; tells `progress` of how many units of work are done, and how many there are.
///
/// # Errors
/// What the work says; else what a signal or `progress` raised, which stops it.
pub(crate) fn wait<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(Arc<Watch>) -> Result<T, CallError> + Send + 'static,
) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let (done, waiting) = channel();
    let watched = Arc::clone(&watch);
    thread::spawn(move || {
        // Whoever waits may have gone.
        let _ = done.send(catch_unwind(AssertUnwindSafe(|| work(watched))));
    });
    // A receiver is handed over, since only one thread may hold it.
    let waiting = Mutex::new(waiting);
    let result = py.detach(|| {
        let waiting = waiting.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut told = (0, 0);
        let mut raised: Option<(PyErr, Instant)> = None;
        loop {
            match waiting.recv_timeout(EVERY) {
                // What was raised comes first, even where the work was done by then.
                Ok(_) if raised.is_some() => break,
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some((_, since)) = &raised {
                if since.elapsed() > PATIENCE {
                    break;
                }
                continue;
            }
            let looked = Python::attach(|py| {
                py.check_signals()?;
                let (reached, now) = (watch.progress(), &mut told);
                if let Some(progress) = progress.as_ref().filter(|_| reached.1 > 0 && reached != *now) {
                    *now = reached;
                    progress.call1(py, reached)?;
                }
                Ok(())
            });
            if let Err(error) = looked {
                watch.stop();
                raised = Some((error, Instant::now()));
            }
        }
        Err(raised.map(|(error, _)| error))
    });
    match result {
        Ok(Ok(result)) => {
            let done = result.map_err(|error| exception(py, error))?;
            // The end is always told.
            let reached = watch.progress();
            progress.filter(|_| reached.1 > 0).map_or(Ok(()), |progress| progress.call1(py, reached).map(drop))?;
            Ok(done)
        }
        Ok(Err(_)) | Err(None) => {
            Err(PyRuntimeError::new_err("a fault of revcast itself; please report it with the scenario"))
        }
        Err(Some(error)) => Err(error),
    }
}

/// The session of a call about some scenarios.
fn session(scenarios: &[Py<Held>], watch: Arc<Watch>) -> Session {
    Session::embedded(scenarios.iter().map(|held| held.get().scenario.clone()).collect(), watch)
}

/// Reads and checks a scenario: its file and what is laid over it. `files` are read in place of those on disk.
#[pyfunction]
pub(crate) fn load(py: Python<'_>, words: Vec<String>, files: Vec<File>) -> PyResult<Held> {
    let (scenario, checked) = wait(py, None, move |_| embedded::load(&words, files))?;
    Ok(Held { scenario, name: checked.name, understood: checked.understood, audit: checked.audit })
}

/// Plays a forecast.
#[pyfunction]
pub(crate) fn forecast(
    py: Python<'_>,
    words: Vec<String>,
    scenarios: Vec<Py<Held>>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Forecast> {
    wait(py, progress, move |watch| embedded::forecast(&words, &session(&scenarios, watch))).map(Forecast::of)
}

/// Asks the question of a command.
#[pyfunction]
pub(crate) fn ask(
    py: Python<'_>,
    command: String,
    words: Vec<String>,
    scenarios: Vec<Py<Held>>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Analysis> {
    wait(py, progress, move |watch| embedded::ask(&command, &words, &session(&scenarios, watch))).map(Analysis::of)
}

/// Plays a part, K/N, of a run's futures, and gives the bytes of its shard.
#[pyfunction]
pub(crate) fn shard<'py>(
    py: Python<'py>,
    portion: String,
    words: Vec<String>,
    scenarios: Vec<Py<Held>>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = wait(py, progress, move |watch| embedded::shard(&portion, &words, &session(&scenarios, watch)))?;
    Ok(PyBytes::new(py, &bytes))
}

/// Puts shards together, those in files or those in memory, each of these with a name: the forecast of a run, or the document of a sweep.
#[pyfunction]
pub(crate) fn merge<'py>(
    py: Python<'py>,
    files: Vec<PathBuf>,
    shards: Vec<(String, PyBackedBytes)>,
    words: Vec<String>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    // They are read where they are.
    let in_memory = || shards.into_iter().map(|(name, bytes)| (name, Bytes::from_owner(bytes))).collect();
    let shards = if files.is_empty() { Shards::Bytes(in_memory()) } else { Shards::Files(files) };
    let merged =
        wait(py, progress, move |watch| embedded::merge(shards, &words, &Session::embedded(Vec::new(), watch)))?;
    Ok(match merged {
        Merged::Forecast(forecast) => Bound::new(py, Forecast::of(forecast))?.into_any(),
        Merged::Sweep(sweep) => Bound::new(py, Analysis::of(sweep))?.into_any(),
    })
}

/// Fits a scenario to the export of a CRM.
#[pyfunction]
pub(crate) fn fit(py: Python<'_>, words: Vec<String>, progress: Option<Py<PyAny>>) -> PyResult<Fit> {
    wait(py, progress, move |watch| embedded::fit(&words, &Session::embedded(Vec::new(), watch))).map(Fit::of)
}

//! What calls give: a forecast, the analysis of a question, a fit.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use revcast::cli::embedded::{self, CallError, Session, Watch};

use crate::calls::wait;
use crate::failure::summary;
use crate::trials::Trials;

/// Something that one thread works with at a time; the others wait without the interpreter's lock.
struct Shared<T>(Arc<Mutex<T>>);

impl<T: Send + 'static> Shared<T> {
    fn of(value: T) -> Shared<T> {
        Shared(Arc::new(Mutex::new(value)))
    }

    /// Does `work` with it elsewhere.
    fn with<R: Send + 'static>(
        &self,
        py: Python<'_>,
        progress: Option<Py<PyAny>>,
        work: impl FnOnce(&mut T, &Session) -> Result<R, CallError> + Send + 'static,
    ) -> PyResult<R> {
        let shared = Arc::clone(&self.0);
        wait(py, progress, move |watch| work(&mut *lock(&shared), &plain(watch)))
    }

    /// What takes no time.
    fn read<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&lock(&self.0))
    }
}

/// What a panic left is still whole: nothing is taken apart in a call.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A session about nothing that would have to be read.
fn plain(watch: Arc<Watch>) -> Session {
    Session::embedded(Vec::new(), watch)
}

/// A forecast that was played.
#[pyclass(frozen, module = "revcast._revcast")]
pub(crate) struct Forecast(Shared<embedded::Forecast>);

impl Forecast {
    pub(crate) fn of(forecast: embedded::Forecast) -> Forecast {
        Forecast(Shared::of(forecast))
    }
}

#[pymethods]
impl Forecast {
    /// The bytes of forecast.json.
    fn json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.with(py, None, |forecast, _| forecast.json())?))
    }

    /// The bytes of bands.csv.
    fn bands_csv<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.with(py, None, |forecast, _| forecast.bands_csv())?))
    }

    /// The page.
    fn page(&self, py: Python<'_>, words: Vec<String>) -> PyResult<String> {
        self.0.with(py, None, move |forecast, _| forecast.page(&words))
    }

    /// The charts by their names, as SVG.
    fn charts(&self, py: Python<'_>, words: Vec<String>) -> PyResult<Vec<(String, String)>> {
        self.0.with(py, None, move |forecast, _| forecast.charts(&words))
    }

    /// The answer in a few lines.
    fn summary(&self, py: Python<'_>) -> PyResult<String> {
        self.0.with(py, None, |forecast, _| Ok(summary(&forecast.summary())))
    }

    /// What is behind the answer.
    fn details(&self, py: Python<'_>) -> PyResult<String> {
        self.0.with(py, None, |forecast, _| Ok(summary(&forecast.details())))
    }

    /// Metrics in every trial.
    fn trials(&self, py: Python<'_>, metrics: Vec<String>, progress: Option<Py<PyAny>>) -> PyResult<Trials> {
        let columns = self.0.with(py, progress, move |forecast, session| forecast.trials(&metrics, session))?;
        Trials::of(columns)
    }

    /// Writes its folder.
    fn save(&self, py: Python<'_>, out: PathBuf, words: Vec<String>) -> PyResult<()> {
        self.0.with(py, None, move |forecast, session| forecast.save(&out, &words, session))
    }
}

/// What a question found.
#[pyclass(frozen, module = "revcast._revcast")]
pub(crate) struct Analysis(Shared<embedded::Analysis>);

impl Analysis {
    pub(crate) fn of(analysis: embedded::Analysis) -> Analysis {
        Analysis(Shared::of(analysis))
    }
}

#[pymethods]
impl Analysis {
    /// The bytes of its document.
    fn json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &self.0.with(py, None, |analysis, _| analysis.json())?))
    }

    /// The charts by their names, as SVG.
    fn charts(&self, py: Python<'_>, words: Vec<String>) -> PyResult<Vec<(String, String)>> {
        self.0.with(py, None, move |analysis, _| analysis.charts(&words))
    }

    /// What was found, in words.
    fn summary(&self, py: Python<'_>) -> PyResult<String> {
        self.0.with(py, None, |analysis, _| Ok(summary(&analysis.summary())))
    }

    /// Writes its folder.
    fn save(&self, py: Python<'_>, out: PathBuf, words: Vec<String>) -> PyResult<()> {
        self.0.with(py, None, move |analysis, session| analysis.save(&out, &words, session))
    }
}

/// A scenario that was fitted to an export.
#[pyclass(frozen, module = "revcast._revcast")]
pub(crate) struct Fit(Shared<embedded::Fit>);

impl Fit {
    pub(crate) fn of(fit: embedded::Fit) -> Fit {
        Fit(Shared::of(fit))
    }
}

#[pymethods]
impl Fit {
    /// The bytes of fit.json.
    fn json<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.0.read(|fit| PyBytes::new(py, fit.json()))
    }

    /// What was found, in words.
    fn summary(&self, py: Python<'_>) -> PyResult<String> {
        self.0.with(py, None, |fit, _| Ok(summary(&fit.summary())))
    }

    /// The file of the scenario, and all files of the fit by the paths that they would have.
    fn scenario<'py>(&self, py: Python<'py>) -> (PathBuf, Vec<(PathBuf, Bound<'py, PyBytes>)>) {
        let (file, files) = self.0.read(embedded::Fit::scenario);
        (file, files.into_iter().map(|(file, bytes)| (file, PyBytes::new(py, &bytes))).collect())
    }

    /// The charts by their names, as SVG.
    fn charts(&self, py: Python<'_>, words: Vec<String>) -> PyResult<Vec<(String, String)>> {
        self.0.with(py, None, move |fit, _| fit.charts(&words))
    }

    /// Writes its folder.
    fn save(&self, py: Python<'_>, out: Option<PathBuf>) -> PyResult<()> {
        self.0.with(py, None, move |fit, session| fit.save(out.as_deref(), session))
    }
}

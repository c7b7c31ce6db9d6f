//! What can go wrong, as exceptions.

use pyo3::create_exception;
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use revcast::cli::embedded::CallError;

create_exception!(
    revcast,
    ScenarioError,
    PyValueError,
    "A scenario has faults, or the data that a scenario is made of. The text tells all of them; `faults` lists them, each a dict with `file`,
`path` (of the field), `found`, `allowed` and `hint`."
);

/// The exception of a call that failed.
pub(crate) fn exception(py: Python<'_>, error: CallError) -> PyErr {
    match error {
        CallError::Scenario { text, faults } => {
            let exception = ScenarioError::new_err(as_arguments(&text));
            let listed = faults.iter().map(|fault| {
                let entry = PyDict::new(py);
                entry.set_item("file", as_arguments(&fault.file))?;
                entry.set_item("path", &fault.path)?;
                entry.set_item("found", &fault.found)?;
                entry.set_item("allowed", as_arguments(&fault.allowed))?;
                entry.set_item("hint", as_arguments(&fault.hint))?;
                Ok(entry)
            });
            let listed = listed.collect::<PyResult<Vec<_>>>().and_then(|faults| PyList::new(py, faults));
            listed
                .and_then(|faults| exception.value(py).setattr("faults", faults))
                .map_or_else(|error| error, |()| exception)
        }
        CallError::Option(text) => PyValueError::new_err(as_arguments(&text)),
        CallError::Stopped => PyKeyboardInterrupt::new_err(error.to_string()),
        CallError::Disk { text, .. } => PyOSError::new_err(text),
        CallError::Failed(text) => PyRuntimeError::new_err(text),
    }
}

/// A text with the names of options as Python has them: `chart_size` for `--chart-size`.
pub(crate) fn as_arguments(text: &str) -> String {
    let text = &text.replace(" with -v", " by details()");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("--") {
        let (before, option) = rest.split_at(at);
        let name = &option[2..];
        let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(name.len());
        out.push_str(before);
        // What stands inside a word is no option.
        let begins = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        match name.chars().next() {
            Some(first) if begins && first.is_ascii_lowercase() => out.push_str(&name[..end].replace('-', "_")),
            _ => out.push_str(&option[..2 + end]),
        }
        rest = &name[end..];
    }
    out + rest
}

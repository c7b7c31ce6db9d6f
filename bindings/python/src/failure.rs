//! What can go wrong, as exceptions.

use std::io;

use pyo3::create_exception;
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError, PyValueError};
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
            let exception = ScenarioError::new_err(told(&text));
            let listed = faults.iter().map(|fault| {
                let entry = PyDict::new(py);
                entry.set_item("file", told(&fault.file))?;
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
        CallError::Option(text) => PyValueError::new_err(told(&text)),
        CallError::Stopped => PyKeyboardInterrupt::new_err(error.to_string()),
        // A PermissionError and the like, by its kind.
        CallError::Disk { text, error } => io::Error::new(error, told(&text)).into(),
        CallError::Failed(text) => PyRuntimeError::new_err(text),
    }
}

/// What is wrong, with options called as Python calls them: where a line begins with one, and in what is allowed and hinted. What was found is
/// quoted as it is.
fn told(text: &str) -> String {
    let line = |line: &str| {
        let quoted = line.starts_with("  found:") || !(line.starts_with("--") || line.starts_with("  "));
        if quoted { line.to_owned() } else { as_arguments(line) }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// What was found, in words that a terminal would show: the two options that it advises are called as Python calls them.
pub(crate) fn summary(text: &str) -> String {
    text.replace("run it with --deep", "run it with deep=True").replace("listed with -v", "listed by details()")
}

/// A text with the names of options as Python has them: `chart_size` for `--chart-size`.
fn as_arguments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
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

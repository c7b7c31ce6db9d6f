//! Reads a forecast back from its document. What is none, or does not agree with itself, is refused: whoever shows a forecast that was
//! read may rely on all that one just made keeps.

mod columns;
mod figures;
mod other;
mod sound;
mod type_fault;
mod whole;

use serde_json::error::Category;

pub(crate) use type_fault::misread;

use super::document::{Forecast, Manifest};
use crate::scenario::{Fault, Faults, Scenario, SyntaxFault, load, utf8};

impl Forecast {
    /// Reads the document that a run wrote; `file` names it in messages. Fields that it does not know are passed over.
    ///
    /// ```
    /// # use revcast::forecast::Forecast;
    /// let faults = Forecast::read("forecast.json", b"{\"name\": 1}").unwrap_err();
    /// assert!(faults.to_string().starts_with("forecast.json: name\n  found:   1\n  allowed: text in quotes"));
    /// ```
    ///
    /// # Errors
    /// [`Faults`] of a text that is no JSON, of the first field that has another type, or of everything in it that does not
    /// agree.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Forecast, Faults> {
        let text = utf8(file, bytes, "a forecast").map_err(Faults::Syntax)?;
        let forecast = serde_json::from_str(text).map_err(|error| unread(file, text, &error))?;
        let mut faults = sound::faults(file, &forecast);
        // What to do is the same for all.
        faults.iter_mut().skip(1).for_each(|fault| fault.hint.clear());
        if faults.is_empty() { Ok(forecast) } else { Err(Faults::Fields(faults)) }
    }
}

impl Manifest {
    /// The scenario that was played, read and checked again.
    ///
    /// # Errors
    /// [`Faults`] where this program reads other scenarios than the one that wrote it, or somebody has changed it.
    pub fn scenario(&self) -> Result<Scenario, Faults> {
        let file = std::path::Path::new("manifest.scenario");
        let text = self.scenario.to_string();
        // It is resolved: there is nothing besides that it could extend.
        load(file, &[], &|path| {
            if path == file { Ok(text.clone().into()) } else { Err(std::io::ErrorKind::NotFound.into()) }
        })
    }
}

/// Why a text was not read.
fn unread(file: &str, text: &str, error: &serde_json::Error) -> Faults {
    if let Some(kind) = other::kind(text) {
        return Faults::Fields(vec![kind.fault(file)]);
    }
    // What is JSON is faulty by a value of it, whatever the reader calls that.
    let json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if error.classify() == Category::Data || json {
        return Faults::Fields(vec![misread::<Forecast>(file, text)]);
    }
    let mut fault = SyntaxFault::of_json(file, text, error);
    if error.is_eof() {
        fault.message.push_str("; the file was cut off: copy it again, or run its scenario again");
    }
    Faults::Syntax(fault)
}

/// What can be done about a forecast that does not agree with itself.
pub(crate) const HINT: &str = "the file was changed or damaged after the run: copy it again, or run its scenario again";

/// A fault of a field.
fn fault(file: &str, path: String, found: String, allowed: String) -> Fault {
    Fault { file: file.to_owned(), path, found, allowed, hint: HINT.to_owned() }
}

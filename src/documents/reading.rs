//! Reads a document: what is none, of another kind or another form, or not as it was written, is refused in plain words.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::error::Category;

use super::document::{Document, FORMAT, Kind};
use super::misread::{damaged, misread};
use super::seal;
use crate::scenario::{Fault, Faults, SyntaxFault, utf8};

/// Where a reader may look for a forecast.
const ELSEWHERE: &str = "a forecast.json lies in the folder of a run, output/ and the scenario's name";

/// What is looked at of a file that is not the document that is wanted.
#[derive(Debug, Deserialize)]
struct Outline {
    kind: Option<Kind>,
    format: Option<u32>,
    /// Of documents of the first form.
    manifest: Option<Version>,
    /// A key that scenarios have and documents have not.
    regions: Option<IgnoredAny>,
    extends: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Version {
    version: String,
}

/// Reads the document of a kind; `file` names it in messages. Fields that are not known are passed over. Whether what it says agrees
/// is for `faults` to tell, of what was read.
///
/// # Errors
/// [`Faults`] of a text that is no JSON, of another document, of the first field that has another type, of everything in it that does
/// not agree, or of a checksum that does not hold.
pub(crate) fn read<T: DeserializeOwned, H: DeserializeOwned>(
    kind: Kind,
    file: &str,
    bytes: &[u8],
    faults: impl FnOnce(&mut Document<T, H>) -> Vec<Fault>,
) -> Result<Document<T, H>, Faults> {
    let text = utf8(file, bytes, "a document of revcast").map_err(Faults::Syntax)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize::<_, Document<T, H>>(&mut reader);
    let document = document.map_err(|error| (error.path().to_string(), error.into_inner()));
    let mut document = document
        .and_then(|document| reader.end().map(|()| document).map_err(|error| (String::new(), error)))
        .map_err(|(path, error)| unread(kind, file, text, &path, &error))?;
    if document.kind != kind || document.format != FORMAT {
        let is_list = || damaged(file, String::new(), "a list".to_owned(), "an object".to_owned());
        return Err(Faults::Fields(vec![other(kind, file, text).unwrap_or_else(is_list)]));
    }
    let mut found = faults(&mut document);
    if found.is_empty() {
        found.extend(seal::fault(file, bytes));
    }
    // What to do is the same for all.
    found.iter_mut().skip(1).for_each(|fault| fault.hint.clear());
    if found.is_empty() { Ok(document) } else { Err(Faults::Fields(found)) }
}

/// Why a text was not read.
fn unread(kind: Kind, file: &str, text: &str, path: &str, error: &serde_json::Error) -> Faults {
    if let Some(fault) = other(kind, file, text) {
        return Faults::Fields(vec![fault]);
    }
    // What is JSON is faulty by a value of it, whatever the reader calls that.
    let json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    if error.classify() == Category::Data || json {
        return Faults::Fields(vec![misread(file, path, &error.to_string())]);
    }
    let mut fault = SyntaxFault::of_json(file, text, error);
    if error.is_eof() {
        fault.message.push_str("; the file was cut off: copy it again, or run its scenario again");
    }
    Faults::Syntax(fault)
}

/// The fault of a file that is something else than a document of the wanted kind and of today's form.
fn other(wanted: Kind, file: &str, text: &str) -> Option<Fault> {
    // A struct is also read from a list, which nothing of this is.
    let outline: Outline = text.trim_start().starts_with('{').then(|| serde_json::from_str(text).ok())??;
    let own = env!("CARGO_PKG_VERSION");
    let (found, hint) = match outline {
        Outline { kind: Some(kind), .. } if kind != wanted => (kind.name().to_owned(), wanted.whereabouts().to_owned()),
        Outline { kind: Some(_), format, .. } if format != Some(FORMAT) => (
            format!("the form {} of the file", format.map_or_else(|| "without a number".to_owned(), |f| f.to_string())),
            format!("another version of revcast wrote it; this is revcast {own}: run its scenario again"),
        ),
        Outline { kind: None, manifest: Some(Version { version }), .. } => (
            format!("the form that revcast {version} wrote before files had a kind and a format"),
            format!("run its scenario again with this revcast {own}"),
        ),
        Outline { kind: None, regions, extends, .. } if regions.or(extends).is_some() => {
            ("this is a scenario".to_owned(), "play it: revcast run FILE".to_owned())
        }
        _ => return None,
    };
    Some(Fault {
        file: file.to_owned(),
        path: String::new(),
        found,
        allowed: format!("{} (format {FORMAT})", wanted.wanted()),
        hint,
    })
}

impl Kind {
    /// What a file of the kind is.
    fn name(self) -> &'static str {
        match self {
            Kind::Forecast => "the forecast of a run",
            Kind::Comparison => "what `revcast compare` found",
            Kind::Sensitivity => "what `revcast sensitivity` found",
            Kind::Solution => "what `revcast solve` found",
            Kind::Sweep => "what `revcast sweep` found",
            Kind::Pipeline => "what `revcast pipeline` found",
            Kind::History => "what `revcast history` found",
            Kind::Fit => "what `revcast fit` found",
            Kind::Backtest => "what `revcast backtest` found",
            Kind::Batch => "the document of a batch",
        }
    }

    /// What is asked for where one of the kind is.
    fn wanted(self) -> &'static str {
        match self {
            Kind::Forecast => "the forecast.json that a run wrote",
            Kind::Sweep => "a shard as `revcast run --shard K/N --out FILE`, or sweep, wrote it",
            other => other.name(),
        }
    }

    /// Where one of the kind is found.
    fn whereabouts(self) -> &'static str {
        match self {
            Kind::Forecast => ELSEWHERE,
            _ => "",
        }
    }
}

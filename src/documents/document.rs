//! A document: its kind, its format, its header and its body.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize};

use super::header::Header;
#[cfg(any(feature = "export", test))]
use crate::units::plain_json;

/// The version of the form of all documents. Version 1, which had no number, had the header's fields among those of the body.
pub const FORMAT: u32 = 2;

/// What a document tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a run found.
    Forecast,
    /// How scenarios differ.
    Comparison,
    /// What drives a figure.
    Sensitivity,
    /// What it takes to reach something.
    Solution,
    /// A figure over a grid of values.
    Sweep,
    /// What may become of each open deal.
    Pipeline,
    /// The successive forecasts of a figure.
    History,
    /// What was found in the export of a CRM.
    Fit,
    /// How forecasts of the past held.
    Backtest,
    /// What became of the scenarios of a batch.
    Batch,
}

impl Kind {
    /// The kinds of which one lists the files of a folder.
    pub const OF_FOLDERS: [Kind; 9] = [
        Kind::Forecast,
        Kind::Sensitivity,
        Kind::Comparison,
        Kind::Solution,
        Kind::Sweep,
        Kind::Pipeline,
        Kind::History,
        Kind::Fit,
        Kind::Backtest,
    ];

    /// The name of its file.
    pub const fn file(self) -> &'static str {
        match self {
            Kind::Forecast => "forecast.json",
            Kind::Comparison => "comparison.json",
            Kind::Sensitivity => "sensitivity.json",
            Kind::Solution => "solution.json",
            Kind::Sweep => "sweep.json",
            Kind::Pipeline => "pipeline.json",
            Kind::History => "history.json",
            Kind::Fit => "fit.json",
            Kind::Backtest => "backtest.json",
            Kind::Batch => "batch.json",
        }
    }
}

/// What can stand in a document.
pub trait Body {
    /// The kind of document that it makes.
    const KIND: Kind;
}

/// A document, which is written and read as one JSON object.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document<T, H = Header> {
    /// The kind of document, which says what its body holds.
    pub kind: Kind,
    /// The version of its form, [`FORMAT`].
    pub format: u32,
    /// How to repeat it, and what it is about.
    pub header: H,
    /// What the command found.
    pub body: T,
}

impl<T: Body, H> Document<T, H> {
    /// A document of what was found, in the form of today.
    pub fn new(header: H, body: T) -> Document<T, H> {
        Document { kind: T::KIND, format: FORMAT, header, body }
    }
}

impl<T, H> Deref for Document<T, H> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T, H> DerefMut for Document<T, H> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}

/// The bytes of a document: one line of JSON, which ends with a checksum of all before it.
///
/// # Errors
/// As of serde: none, for what is made of the types of this program.
#[cfg(any(feature = "export", test))]
pub(crate) fn write(document: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    Ok(super::seal::sealed(plain_json(serde_json::to_string(document)?).into_bytes()))
}

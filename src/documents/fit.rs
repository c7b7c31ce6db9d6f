//! The document of a fit: from what it was made, and what was found.

use std::collections::BTreeMap;

use serde::Serialize;

use super::document::{Body, Kind};
use crate::fit::{DataReport, Fit};

/// How a fit can be made again.
#[derive(Clone, Debug, Serialize)]
pub struct FitHeader {
    /// See there.
    pub manifest: FitManifest,
}

/// From what a fit was made, and which files were written.
#[derive(Clone, Debug, Serialize)]
pub struct FitManifest {
    /// The version of revcast.
    pub version: &'static str,
    /// The files that were read, the export first.
    pub read: Vec<FileRead>,
    /// The options, as they were typed.
    pub options: Vec<String>,
    /// The files of the folder.
    pub files: Vec<String>,
    /// The SHA-256 of those that people may go on with, by name: a fit that was changed by hand is not replaced.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sha256: BTreeMap<String, String>,
}

/// A file that was read.
#[derive(Clone, Debug, Serialize)]
pub struct FileRead {
    /// Its name.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct FitFound {
    /// What was made of the rows.
    pub data: DataReport,
    /// What was found in them.
    pub fit: Fit,
}

impl Body for FitFound {
    const KIND: Kind = Kind::Fit;
}

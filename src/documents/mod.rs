//! The JSON documents that the program writes: each has a kind, a format and a header, and is read and checked in one place.

mod document;
#[cfg(feature = "fit")]
mod fit;
mod fixed;
mod header;
mod manifest;
mod misread;
mod reading;
mod seal;

#[cfg(any(feature = "export", test))]
pub(crate) use document::write;
pub use document::{Body, Document, FORMAT, Kind};
#[cfg(feature = "fit")]
pub use fit::{FileRead, FitFound, FitHeader, FitManifest};
pub use fixed::{CorrelationInfo, FixedField};
pub(crate) use header::file_name;
pub use header::{EventInfo, Header, InputInfo, ScopeInfo};
pub use manifest::{KnownAmount, Manifest};
pub(crate) use reading::read;
pub(crate) use seal::{DAMAGED, is_sealed};

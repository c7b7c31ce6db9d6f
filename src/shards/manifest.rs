//! What a shard says of itself.

use serde::{Deserialize, Serialize};

use super::portion::Portion;
use crate::documents::Manifest;
use crate::forecast::Precision;

/// What a shard says of itself: the run that it is a part of, and which part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShardManifest {
    /// How to repeat the run.
    pub manifest: Manifest,
    /// The series that the run belongs to: the name of its scenario's file.
    pub series: String,
    /// The name of the scenario's file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Whether it is a what-if, which is apart from the record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub what_if: bool,
    /// The precision that its number of futures was found for, if one was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// The part of the run that the shard holds.
    pub portion: Portion,
}

/// Where the metadata says it.
pub(super) const KEY: &str = "revcast.shard";

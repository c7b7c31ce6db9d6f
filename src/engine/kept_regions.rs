//! Regions that are taken from trials that were played before.

use crate::outcomes::Outcomes;

/// Regions whose columns are those of other trials.
#[derive(Clone, Debug)]
pub(super) struct KeptRegions<'a> {
    pub(super) outcomes: &'a Outcomes,
    /// Whether each region is kept.
    pub(super) kept: Vec<bool>,
}

//! What is to be known of a field that may be uncertain.

use super::field_id::FieldId;
use super::quantity::{Domain, Quantity};
use super::region::Region;
use super::unit::Unit;

/// One row of the table: all that is to be known of a field.
#[derive(Debug)]
pub(crate) struct FieldSpec {
    /// The path below the region, `[]` standing for an element of a list: `stages[].pass`.
    pub(crate) path: &'static str,
    /// The identity, given which element of the list it is; of other fields the number means nothing.
    pub(crate) id: fn(usize) -> FieldId,
    /// The numbers that the field may hold, and their unit.
    pub(super) domain: Domain,
    /// Whether the object that it stands in must have it.
    pub(super) required: bool,
    /// What people call it, `{}` standing for the element.
    pub(crate) label: &'static str,
    /// Whether leads or deals differ in it, so that a list of values may have been meant as a mix of them.
    pub(crate) differs_by_deal: bool,
    /// What of it is for the worse.
    pub(crate) worse: Worse,
    pub(super) get: fn(&Region, usize) -> Option<&Quantity>,
    pub(super) set: fn(&mut Region, usize, Quantity),
}

/// Which way a field moves for the worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worse {
    /// Less of it is.
    Less,
    /// More of it is: what takes time, loses deals or has people leave.
    More,
    /// Neither is known to be: what only spreads, or says how parts are mixed.
    Neither,
}

impl FieldSpec {
    /// The list that the field is in the elements of: `stages` of `stages[].pass`.
    pub(super) fn list(&self) -> Option<&'static str> {
        self.path.split_once("[]").map(|(list, _)| list)
    }

    /// The object that the field stands in and the field's key there: `cycle` and `mean_days`, `stages[]` and `pass`, nothing
    /// and `retention`.
    pub(super) fn place(&self) -> (&'static str, &'static str) {
        self.path.rsplit_once('.').unwrap_or(("", self.path))
    }

    /// The unit that its numbers are told in.
    pub(crate) fn unit(&self) -> Unit {
        self.domain.unit
    }
}

/// Writes a quantity into a place of a list that there is.
pub(super) fn put(place: Option<&mut Quantity>, quantity: Quantity) {
    if let Some(place) = place {
        *place = quantity;
    }
}

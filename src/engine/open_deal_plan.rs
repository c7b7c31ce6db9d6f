//! A deal that is open on the as-of day, with what is the same for it in every trial.

use super::scope::Resampling;
use super::streams::open_deal_address;
use crate::chance::Address;
use crate::model::OpenDeal;

/// A deal with the address of its draws.
#[derive(Debug)]
pub(super) struct OpenDealPlan<'m> {
    pub(super) deal: &'m OpenDeal,
    /// Its place among the open deals of the model, region after region.
    pub(super) place: usize,
    pub(super) address: Address,
}

impl<'m> OpenDealPlan<'m> {
    pub(super) fn new((place, deal): (usize, &'m OpenDeal), seed: u64, resampling: Resampling) -> OpenDealPlan<'m> {
        OpenDealPlan { deal, place, address: open_deal_address(seed, resampling, &deal.id) }
    }
}

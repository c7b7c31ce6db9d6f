//! What the deals closed in a month are worth.

use super::trial::Scene;
use crate::chance::Stream;

impl Scene<'_> {
    /// The value of `count` deals in units of the mean deal size: deal by deal while that is needed for accuracy, one draw beyond.
    pub(super) fn value_of(&self, count: f64, stream: &mut Stream) -> f64 {
        let size = &self.region.size;
        if count > size.exact_up_to() {
            return size.sum_at(count, stream.normal());
        }
        size.add_up(count, 0.0, stream)
    }
}

//! Whether a forecast that was read agrees with itself: whoever shows one may rely on all that one just made keeps.

mod columns;
mod figures;
mod sound;
mod whole;

use super::document::Forecast;
use crate::scenario::Fault;

impl Forecast {
    /// What in it does not agree; `file` names it in messages.
    pub(crate) fn faults(&self, file: &str) -> Vec<Fault> {
        sound::faults(file, self)
    }
}

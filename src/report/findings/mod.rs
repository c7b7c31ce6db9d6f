//! What was found, as sentences and tables of data. Terminal, page and mail only render them, so that a finding is worded once.

mod drivers;
mod table;
mod whatif;

#[cfg(feature = "page")]
pub(super) use drivers::leader;
pub(super) use drivers::{ranking, split};
#[cfg(feature = "page")]
pub(super) use table::Table;
pub(super) use whatif::{adverse_step, best_lever, goal_seek};
#[cfg(feature = "page")]
pub(super) use whatif::{effect_table, lever_table, recommended_lever};

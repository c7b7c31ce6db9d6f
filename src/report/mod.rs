//! The forecast in words: words before numbers, no digit that the error does not support.

mod attribution;
mod audit;
mod bridge;
mod brief;
mod budget_and_calls;
mod cautions;
mod comparison;
mod drivers;
mod findings;
mod goal_seek;
mod interpretation;
#[cfg(feature = "page")]
mod page;
mod plan_table;
mod sentences;
mod summary;
mod sweep;
mod terminal;
mod trend;
mod whatif;

pub use attribution::{attribution, headline as attribution_headline};
pub use audit::audit;
pub use brief::{BriefStyle, brief};
pub use comparison::{all_differences, comparison};
pub use drivers::drivers;
pub use goal_seek::{goal_out_of_reach, goal_seek};
pub use interpretation::interpretation;
#[cfg(feature = "page")]
pub use page::page;
pub use summary::{details, summary, wrong_means};
pub use sweep::sweep;
#[cfg(feature = "cli")]
pub(crate) use terminal::{aligned, wrap};
pub use trend::{all_series, trend};
pub use whatif::whatif;

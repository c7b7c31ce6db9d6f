//! The forecast in words: words before numbers, no digit that the error does not support.

mod against;
mod audit;
mod bridge;
mod brief;
mod comparison;
mod deep;
mod drivers;
mod moved;
#[cfg(feature = "page")]
mod page;
mod plan_table;
mod sentences;
mod solution;
mod summary;
mod sweep;
mod trend;
mod understood;
mod words;

pub use audit::audit;
pub use brief::{BriefStyle, brief};
pub use comparison::{all_differences, comparison};
pub use deep::deep;
pub use drivers::drivers;
pub use moved::{headline as moved_headline, moved};
#[cfg(feature = "page")]
pub use page::page;
pub use solution::{solution, unreachable};
pub use summary::{details, summary};
pub use sweep::sweep;
pub use trend::{all_series, trend};
pub use understood::understood;
#[cfg(feature = "cli")]
pub(crate) use words::{aligned, wrap};

//! The forecast in words: words before numbers, no digit that the error does not support.

mod audit;
mod brief;
mod budget_and_calls;
mod cautions;
mod changes;
mod essentials;
mod interpretation;
#[cfg(feature = "markup")]
mod page;
mod people;
mod plan_table;
mod sentences;
mod summary;
mod terminal;

pub use audit::audit;
pub use brief::{BriefStyle, brief};
pub use interpretation::interpretation;
#[cfg(feature = "markup")]
pub use page::Tuning;
#[cfg(all(feature = "page", feature = "fit"))]
pub use page::backtest_page;
#[cfg(feature = "page")]
pub use page::{FILE as TUNING_PAGE, MOST_BYTES as MOST_TUNING_BYTES, TuningError, is_tuning_page, page, tuning_page};
pub use summary::{details, summary, wrong_means};
pub use terminal::terminal;
#[cfg(feature = "cli")]
pub(crate) use terminal::{rows, wrap};

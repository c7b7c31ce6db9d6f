//! The forecast in words: words before numbers, no digit that the error does not support.

mod against;
mod bridge;
mod comparison;
mod plan_table;
mod summary;
mod understood;
mod words;

pub use comparison::{all_differences, comparison};
pub use summary::{details, summary};
pub use understood::understood;

//! The forecast in words: words before numbers, no digit that the error does not support.

mod against;
mod audit;
mod bridge;
mod comparison;
mod deep;
mod drivers;
mod plan_table;
mod solution;
mod summary;
mod understood;
mod words;

pub use audit::audit;
pub use comparison::{all_differences, comparison};
pub use deep::deep;
pub use drivers::drivers;
pub use solution::{solution, unreachable};
pub use summary::{details, summary};
pub use understood::understood;

//! The scenario as it is written: read from JSON into typed values, with every fault of it gathered.

mod check;
mod fault;
mod json;
mod load;
mod metric;
mod path;
mod quantity;
mod read;
mod reader;
mod region;
#[cfg(feature = "schema")]
mod schema;
mod types;

pub use fault::{Fault, Faults, SyntaxFault};
pub use load::{Setting, load};
pub use metric::Metric;
pub use quantity::Quantity;
pub use region::*;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use types::*;

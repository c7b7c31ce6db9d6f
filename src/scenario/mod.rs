//! The scenario as it is written: read from JSON into typed values, with every fault of it gathered.

mod check;
mod fault;
#[cfg(feature = "export")]
mod inputs_sheet;
mod json;
mod label;
mod lever;
mod load;
mod metric;
mod path;
mod quantity;
mod read;
mod reader;
mod region;
mod scaling;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "export")]
mod sheet;
mod starter;
mod stated;
mod types;
mod unit;

pub use fault::{Fault, Faults, SyntaxFault};
#[cfg(feature = "export")]
pub use inputs_sheet::read_inputs;
#[cfg(feature = "export")]
pub(crate) use json::percentile;
pub(crate) use json::utf8;
pub(crate) use label::field_name;
pub use lever::Lever;
pub use load::{Setting, load};
pub use metric::{Metric, MetricSpec, MetricUnit, Source, UnknownMetric};
pub(crate) use path::closest;
pub use quantity::Quantity;
pub use region::*;
pub use scaling::{Field, Holds};
#[cfg(feature = "schema")]
pub use schema::schema;
#[cfg(feature = "export")]
pub use sheet::{Row, Sheet};
pub use starter::starter;
pub use stated::{
    Activity, Average, AverageKind, Averaged, Bound, BudgetLine, Coverage, Figure, Grows, Launch, Mix, MixOf, Per,
    Performers, Quota, Return, Said, Staffing, Stated,
};
pub use types::*;
pub(crate) use unit::Unit;

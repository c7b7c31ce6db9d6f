//! The scenario as it is written: read from JSON into typed values, with every fault of it gathered.

mod check;
mod fault;
mod fields;
#[cfg(feature = "export")]
mod inputs_sheet;
mod json;
mod label;
mod lever;
mod load;
mod merge;
mod metric;
mod path;
mod quantities;
mod quantity;
mod read;
mod reader;
mod region;
mod scaling;
#[cfg(feature = "schema")]
mod schema;
mod sections;
#[cfg(feature = "export")]
mod sheet;
mod starter;
mod stated;
mod types;
mod unit;

pub use fault::{Fault, Faults, SyntaxFault};
pub use fields::FieldId;
pub(crate) use fields::{NUMBERS, NumberSpec, holds_fields};
#[cfg(feature = "export")]
pub use inputs_sheet::read_inputs;
pub(crate) use json::utf8;
pub(crate) use label::field_name;
pub use lever::Lever;
pub use load::{Setting, load};
pub use metric::{Metric, MetricSpec, MetricUnit, Source, UnknownMetric};
pub(crate) use path::closest;
pub use quantity::Quantity;
#[cfg(feature = "export")]
pub(crate) use quantity::percentile;
pub use region::*;
pub use scaling::{Field, Holds};
#[cfg(feature = "schema")]
pub use schema::schema;
pub(crate) use sections::{Section, section};
#[cfg(feature = "export")]
pub use sheet::{Row, Sheet};
pub use starter::starter;
pub use stated::{
    Activity, Average, AverageKind, Averaged, Bound, BudgetLine, Coverage, Figure, Grows, Launch, Mix, MixOf, Per,
    Performers, Quota, Return, Said, Staffing, Stated,
};
pub use types::*;
pub(crate) use unit::Unit;

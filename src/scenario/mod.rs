//! The scenario as it is written: read from JSON into typed values, with every fault of it gathered.

mod apply;
mod backtest_record;
mod changed_fields;
mod changes;
mod check;
mod check_changes;
mod check_costs;
mod check_running;
mod check_team;
mod claims;
mod closing;
#[cfg(feature = "export")]
mod data_columns;
mod data_files;
mod draws;
mod event_paths;
mod field_id;
mod field_spec;
mod field_table;
mod fields;
#[cfg(feature = "export")]
mod from_pipeline;
#[cfg(feature = "export")]
mod inputs_sheet;
mod json;
mod label;
mod layers;
mod lever;
mod load;
mod merge;
mod metric;
mod metric_named;
mod metric_source;
mod metric_words;
mod needs;
mod parts;
mod path;
mod quantities;
mod quantity;
mod read;
mod read_changes;
mod read_closing;
mod read_quantities;
mod read_region;
mod read_running;
mod read_team;
mod reader;
mod region;
mod running;
mod scaling;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "schema")]
mod schema_types;
mod sections;
mod starter;
mod team;
mod team_fields;
mod types;
mod unit;

pub use backtest_record::BacktestRecord;
pub use changed_fields::ChangedField;
pub use changes::{Change, OneOff, Rate, Term};
#[cfg(feature = "fit")]
pub(crate) use check_running::is_closed;
pub use claims::{
    Activity, Average, AverageKind, Averaged, Bound, BudgetLine, Claims, Coverage, Launch, Mix, MixOf, Per, Performers,
    Quota, QuotedFigure, QuotedGrowth, QuotedNumber, Return, Staffing,
};
pub use closing::*;
#[cfg(feature = "history")]
pub(crate) use data_columns::RECORDED_ACTUALS;
#[cfg(feature = "export")]
pub(crate) use data_columns::columns;
#[cfg(feature = "fit")]
pub(crate) use data_columns::{OPPORTUNITIES, STAGE_HISTORY};
#[cfg(feature = "cli")]
pub(crate) use data_files::{tidy, unopened};
pub(crate) use draws::DRAWS;
pub(crate) use event_paths::{event_of, happens_path};
pub use field_id::FieldId;
pub(crate) use field_spec::Worse;
pub(crate) use fields::{FieldName, NUMBERS, holds_fields, in_region};
#[cfg(feature = "export")]
pub use from_pipeline::DealList;
#[cfg(feature = "export")]
pub use inputs_sheet::read_inputs;
pub(crate) use json::{MOST_VALUES, utf8};
pub(crate) use label::field_name;
pub use layers::Setting;
pub use lever::Lever;
pub(crate) use load::read_whole;
pub use load::{load, outline};
pub(crate) use merge::patch;
pub use metric::{Metric, MetricSpec, MetricUnit};
pub use metric_named::UnknownMetric;
pub use metric_source::Source;
pub use needs::Needs;
pub(crate) use quantities::place;
#[cfg(feature = "fit")]
pub(crate) use quantity::Domain;
pub use quantity::Quantity;
#[cfg(feature = "export")]
pub(crate) use quantity::percentile;
pub use region::*;
pub use running::{Actual, ContractInForce, DataFile, Due, JointDraws, OpenDeal, OtherColumn};
pub(crate) use scaling::counts_people;
pub use scaling::{Field, FieldValue};
#[cfg(feature = "schema")]
pub use schema::schema;
pub(crate) use sections::{Section, section};
pub use starter::starter;
pub use team::*;
pub use types::*;
pub(crate) use unit::Unit;

pub use crate::units::{Fault, Faults, SyntaxFault};

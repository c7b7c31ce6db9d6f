//! From outcomes to the forecast: the one document that the page, the charts and the files show.

mod answers;
mod bands;
mod budget;
mod build;
mod calls;
mod closed_form;
mod document;
mod inputs;
mod main_figure;
mod parts;
mod plan;
mod precision;
mod questions;
mod subject;
mod targets;
mod words;

pub use build::{bytes, forecast};
pub use closed_form::ClosedForm;
pub use document::*;
pub(crate) use plan::plan_line;

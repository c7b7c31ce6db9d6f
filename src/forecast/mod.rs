//! From outcomes to the forecast: the one document that the page, the charts and the files show.

mod bands;
mod build;
mod closed_form;
mod document;
mod inputs;
mod main_figure;
mod plan;
mod precision;
mod targets;

pub use build::forecast;
pub use closed_form::ClosedForm;
pub use document::*;

//! From outcomes to the forecast: the one document that the page, the charts and the files show.

mod achieved;
mod answers;
mod bands;
mod budget;
mod build;
mod calls;
mod closed_form;
mod contribution;
mod document;
mod main_figure;
mod months_inside;
mod parts;
mod plan;
mod portrait;
mod questions;
mod reading;
mod scope_index;
mod series;
mod subject;
mod summary;
mod targets;
mod words;
mod worst_tenth;

pub(crate) use achieved::precision as achieved;
pub use bands::Bands;
pub use build::{bytes, forecast};
pub use closed_form::ClosedForm;
pub use contribution::{At, Contribution};
pub use document::*;
pub use main_figure::{main_figure_resampled, passes};
pub(crate) use plan::plan_line;
pub(crate) use portrait::{Portrait, portrait};
pub(crate) use summary::{Summary, share};

//! From outcomes to the forecast: the one document that the page, the charts and the files show.

mod bands;
mod budget;
mod build;
mod by_source;
mod calls;
mod closed_form;
mod contributions;
mod document;
mod executive_classes;
mod figure_summary;
mod lookup;
mod main_figure;
mod metric_summary;
mod months_inside;
mod percentile;
mod plan;
mod plan_contracts;
mod plan_daily;
mod plan_running;
mod precision_goal;
mod reading;
mod scope_index;
mod series;
pub(crate) mod sources;
mod summaries;
mod summary;
mod summary_request;
mod targets;
mod words;
mod worst_tenth;

pub use bands::Bands;
pub use build::{bytes, document_bytes, forecast};
pub use by_source::{ActualLine, Gap, SourceBands, SourceContribution, SourceStack};
pub use closed_form::{ClosedForm, Comparison};
pub use document::*;
pub use executive_classes::ExecutiveClass;
pub(crate) use figure_summary::{FigureSummary, figure_summary};
#[cfg(any(feature = "page", feature = "xlsx"))]
pub(crate) use lookup::Place;
pub(crate) use lookup::find;
pub use main_figure::{main_figure_resampled, passes};
pub use percentile::At;
pub(crate) use plan::plan_line;
pub(crate) use precision_goal::precision as precision_goal;
pub(crate) use summary::{Summary, share};
pub(crate) use words::{Leaders, NEGLIGIBLE_SHARE, Range};

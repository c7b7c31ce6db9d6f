//! Charts of a forecast and of analyses, written as SVG and as PNG. They read the documents and nothing else.
//!
//! A chart of the `catalog` is put together of `marks` and `axes`, laid out on the `canvas`, and painted from there; what it says is
//! put into words in `wording`.

mod axes;
mod canvas;
mod catalog;
mod chart;
mod error;
mod marks;
#[cfg(test)]
mod samples;
mod wording;

pub use canvas::dark_theme::night_colours;
pub use canvas::size::Size;
#[cfg(feature = "fit")]
pub use catalog::{of_backtest, of_fit};
pub use catalog::{
    of_comparison, of_deep, of_forecast, of_moved, of_pipeline, of_sensitivity, of_solution, of_sweep, of_trend,
};
pub use chart::Chart;
pub use error::ChartError;

//! Charts of a forecast: each one a drawing laid out once and written as SVG and as PNG. They read the forecast document
//! and nothing else.

mod arrival;
mod axis;
mod bearings;
mod beside;
mod bitmap;
mod callout;
mod chart;
mod cumulative_fan;
mod drawing;
mod exceedance;
mod fan;
mod figures;
mod first_reached;
mod frame;
#[cfg(test)]
mod full_sample;
mod monthly_fan;
mod months;
mod paint;
mod panels;
mod pipeline;
mod placing;
mod repeated;
mod return_on_investment;
mod ribbon;
#[cfg(test)]
mod sample;
mod size;
mod style;
mod targets;
mod targets_by_month;
mod text;
mod vector;
mod words;

pub use chart::{Chart, ChartError, Sketch, draw, sketch};
pub use size::Size;

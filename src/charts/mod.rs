//! Charts of a forecast: each one a drawing laid out once and written as SVG and as PNG. They read the forecast document
//! and nothing else.

mod amounts;
mod arrival;
mod axis;
mod bearings;
mod beside;
mod bins;
mod bitmap;
mod budget;
mod callout;
mod chart;
#[cfg(test)]
mod checked;
mod contributions;
mod cumulative_fan;
mod drawing;
mod exceedance;
mod fan;
mod figures;
mod first_reached;
mod flags;
mod frame;
#[cfg(test)]
mod full_sample;
mod groups;
mod histogram;
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
#[cfg(test)]
mod sight;
mod size;
mod sources;
mod stack;
mod style;
mod targets;
mod targets_by_month;
mod text;
mod vector;
mod words;

pub use chart::{Chart, ChartError, Sketch, draw, sketch};
pub use size::Size;

//! Charts of a forecast: each one a drawing laid out once and written as SVG and as PNG. They read the forecast document
//! and nothing else.

mod amounts;
mod axis;
mod bearings;
mod beside;
mod bins;
mod bitmap;
mod budget;
mod callout;
mod chart;
mod contributions;
mod cumulative_fan;
mod drawing;
mod exceedance;
mod fan;
mod figures;
mod flags;
mod frame;
mod groups;
mod histogram;
mod monthly_fan;
mod months;
mod paint;
mod placing;
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
mod text;
mod vector;
mod words;

pub use chart::{Chart, ChartError, Sketch, draw, sketch};
pub use size::Size;

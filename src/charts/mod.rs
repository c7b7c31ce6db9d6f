//! Charts of a forecast and of analyses: each one a drawing laid out once and written as SVG and as PNG. They read the
//! documents and nothing else.

mod amounts;
mod analyses;
#[cfg(test)]
mod analysis_sample;
mod arrival;
mod axis;
mod beside;
mod bins;
mod bitmap;
mod bridge;
mod budget;
mod callout;
mod changed;
mod chart;
#[cfg(test)]
mod checked;
mod contributions;
mod cumulative_fan;
mod curve;
mod dates;
mod drawing;
mod exceedance;
mod exceedances;
mod fan;
mod fans;
mod figures;
mod first_reached;
mod flags;
mod font;
mod frame;
#[cfg(test)]
mod full_sample;
mod groups;
mod heat_map;
mod histogram;
mod history;
#[cfg(test)]
mod history_sample;
mod keys;
mod monthly_fan;
mod months;
mod moved;
mod night;
mod paint;
mod panels;
mod pipeline;
mod placing;
mod repeated;
mod return_on_investment;
mod ribbon;
mod rows;
#[cfg(test)]
mod sample;
mod sides;
#[cfg(test)]
mod sight;
mod size;
mod sources;
mod stack;
mod steps;
mod style;
mod subject;
mod targets;
mod targets_by_month;
mod text;
mod tornado;
mod variance;
mod vector;
mod waterfall;
mod words;

pub use analyses::{
    sketch_comparison, sketch_deep, sketch_history, sketch_moved, sketch_sensitivity, sketch_solution, sketch_sweep,
};
pub use chart::{Chart, ChartError, Sketch, draw, sketch};
pub use night::night_colours;
pub use size::Size;

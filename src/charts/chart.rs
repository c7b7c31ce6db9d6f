//! Every chart of a forecast.

use thiserror::Error;

use super::drawing::Drawing;
use super::{bitmap, cumulative_fan, exceedance, monthly_fan, style, vector};
use crate::forecast::Forecast;

/// A chart, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The stem of its file's name.
    pub name: &'static str,
    /// What it shows, in words.
    pub title: String,
    /// The text of its SVG file.
    pub svg: String,
    /// The bytes of its PNG file.
    pub png: Vec<u8>,
}

/// Why a chart could not be drawn.
#[derive(Debug, Error)]
pub enum ChartError {
    /// The font that is built in cannot be read.
    #[error("the built-in font cannot be read")]
    Font,
    /// A backend failed.
    #[error("a chart could not be drawn: {0}")]
    Drawing(String),
    /// The SVG that was drawn has no root element.
    #[error("a chart could not be drawn: its SVG has no root")]
    Svg,
    /// The PNG could not be encoded.
    #[error("a chart could not be encoded as PNG: {0}")]
    Png(#[from] png::EncodingError),
}

impl ChartError {
    pub(super) fn drawing(error: impl std::error::Error) -> ChartError {
        ChartError::Drawing(error.to_string())
    }
}

/// Draws the charts of `forecast`: those for which it knows enough, in the order of a page.
///
/// # Errors
/// [`ChartError`] when the font cannot be read or a picture cannot be written.
pub fn draw(forecast: &Forecast) -> Result<Vec<Chart>, ChartError> {
    if !style::font_is_ready() {
        return Err(ChartError::Font);
    }
    layouts(forecast)
        .into_iter()
        .map(|(name, drawing)| {
            Ok(Chart { name, title: drawing.title.clone(), svg: vector::svg(&drawing)?, png: bitmap::png(&drawing)? })
        })
        .collect()
}

/// The charts, laid out.
pub(super) fn layouts(forecast: &Forecast) -> Vec<(&'static str, Drawing)> {
    let all = [
        ("monthly-fan", monthly_fan::layout(forecast)),
        ("cumulative-fan", cumulative_fan::layout(forecast)),
        ("exceedance", exceedance::layout(forecast)),
    ];
    all.into_iter().filter_map(|(name, drawing)| Some((name, drawing?))).collect()
}

//! Why a chart could not be drawn.

use thiserror::Error;

/// Why a chart could not be drawn.
#[derive(Debug, Error)]
pub enum ChartError {
    /// The painter of SVG or of pixels failed.
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
    pub(in crate::charts) fn drawing(error: impl std::error::Error) -> ChartError {
        ChartError::Drawing(error.to_string())
    }
}

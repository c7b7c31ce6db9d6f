//! What a chart is laid out and painted on: marks in logical pixels, the font, the colours, and the two kinds of picture.

#[cfg(test)]
mod colour_vision;
pub(in crate::charts) mod dark_theme;
pub(in crate::charts) mod drawing;
pub(in crate::charts) mod font;
pub(in crate::charts) mod raster;
pub(in crate::charts) mod size;
pub(in crate::charts) mod style;
pub(in crate::charts) mod svg;
pub(in crate::charts) mod text;

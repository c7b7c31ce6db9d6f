//! A chart that is laid out, and what it can be written as.

use super::canvas::drawing::Drawing;
use super::canvas::{raster, svg};
use super::error::ChartError;

/// A chart, laid out but not yet painted: each picture is made when it is asked for. Charts do not depend on each other and may be
/// painted on several threads.
#[derive(Debug)]
pub struct Chart {
    name: String,
    pub(in crate::charts) drawing: Drawing,
}

impl Chart {
    pub(super) fn new(name: impl Into<String>, drawing: Drawing) -> Chart {
        Chart { name: name.into(), drawing }
    }

    /// The stem of the names of its files, such as `monthly-fan`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The title: the finding, as a sentence.
    pub fn title(&self) -> &str {
        &self.drawing.title
    }

    /// The subtitle: what is plotted, and how it is to be read.
    pub fn about(&self) -> &str {
        &self.drawing.about
    }

    /// The text of an SVG file, whose title and description have ids that begin with `id`, so that several charts can stand on a page.
    ///
    /// # Errors
    /// [`ChartError`] when it cannot be painted.
    pub fn svg(&self, id: &str) -> Result<String, ChartError> {
        svg::svg(id, &self.drawing)
    }

    /// The bytes of a PNG file, which has two pixels each way for each pixel of the SVG.
    ///
    /// # Errors
    /// [`ChartError`] when it cannot be painted or encoded.
    pub fn png(&self) -> Result<Vec<u8>, ChartError> {
        raster::png(&self.drawing)
    }
}

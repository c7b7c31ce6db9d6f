//! The charts of the page, wide and for a phone.

use crate::analysis::{Answer, Head};
use crate::charts::{ChartError, Size, Sketch, sketch, sketch_deep, sketch_moved};

/// A chart in both sizes.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) name: String,
    /// The finding, in words.
    pub(super) title: String,
    /// What is plotted, and how it is to be read.
    pub(super) about: String,
    pub(super) wide: String,
    pub(super) narrow: String,
}

/// All charts.
#[derive(Debug)]
pub(super) struct Pictures(Vec<Picture>);

impl Pictures {
    pub(super) fn of(answer: &Answer) -> Result<Pictures, ChartError> {
        let head = Head::from(&answer.forecast);
        let [wide, narrow] = Size::OF_FIGURES.map(|size| {
            let mut all = sketch(&answer.forecast, size)?;
            if let Some(deep) = &answer.deep {
                all.extend(sketch_deep(&head, deep, size)?);
            }
            if let Some(moved) = &answer.moved {
                all.extend(sketch_moved(&head, moved, size)?);
            }
            Ok::<_, ChartError>(all)
        });
        let (wide, narrow) = (wide?, narrow?);
        let pictures = wide.iter().map(|wide| {
            let same = narrow.iter().find(|narrow| narrow.name() == wide.name());
            Ok(Picture {
                name: wide.name().to_owned(),
                title: wide.title().to_owned(),
                about: wide.about().to_owned(),
                wide: svg(wide, "wide")?,
                narrow: same.map(|narrow| svg(narrow, "narrow")).transpose()?.unwrap_or_default(),
            })
        });
        Ok(Pictures(pictures.collect::<Result<_, ChartError>>()?))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Picture> {
        self.0.iter().find(|picture| picture.name == name)
    }
}

/// Its SVG with a class.
fn svg(sketch: &Sketch, class: &str) -> Result<String, ChartError> {
    let svg = sketch.svg(&format!("{}-{class}", sketch.name()))?;
    Ok(svg.replacen("<svg ", &format!("<svg class=\"{class}\" "), 1))
}

//! The charts of the page, wide and for a phone.

use crate::analysis::Answer;
use crate::charts::{Chart, ChartError, Size, of_deep, of_forecast, of_moved};

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

/// The charts that have their place and a table of their figures on the page.
const WITH_TABLES: [&str; 16] = [
    "monthly-fan",
    "cumulative-fan",
    "exceedance",
    "histogram",
    "contributions",
    "bookings-by-source",
    "sources-of-variance",
    "targets-by-month",
    "return-on-investment",
    "pipeline",
    "capacity",
    "attainment-by-class",
    "tornado",
    "what-it-takes",
    "moved-p50",
    "moved-chance",
];

/// The charts that the page shows.
#[derive(Debug)]
pub(super) struct Pictures(Vec<Picture>);

impl Pictures {
    pub(super) fn of(answer: &Answer) -> Result<Pictures, ChartError> {
        let head = answer.forecast.header.clone();
        Pictures::drawn(|size| {
            let mut all = of_forecast(&answer.forecast, size);
            if let Some(deep) = &answer.deep {
                all.extend(of_deep(&head, deep, size));
            }
            if let Some(moved) = &answer.moved {
                all.extend(of_moved(&head, moved, size));
            }
            all
        })
    }

    /// Charts that are laid out by size.
    pub(super) fn drawn(charts: impl Fn(Size) -> Vec<Chart>) -> Result<Pictures, ChartError> {
        let [wide, narrow] = Size::OF_FIGURES.map(charts);
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

    /// Those that no section has a table for, in the order of the list of charts.
    pub(super) fn others(&self) -> impl Iterator<Item = &Picture> {
        self.besides(&WITH_TABLES)
    }

    /// Those that are none of these, in the order of the list of charts.
    pub(super) fn besides<'a>(&'a self, placed: &'a [&str]) -> impl Iterator<Item = &'a Picture> {
        self.0.iter().filter(|picture| !placed.contains(&picture.name.as_str()))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Picture> {
        self.0.iter().find(|picture| picture.name == name)
    }
}

/// Its SVG with a class.
fn svg(chart: &Chart, class: &str) -> Result<String, ChartError> {
    let svg = chart.svg(&format!("{}-{class}", chart.name()))?;
    Ok(svg.replacen("<svg ", &format!("<svg class=\"{class}\" "), 1))
}

//! Open deals at the end of each month: what they are worth, what that is by their chances of being won, and how many.

use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::marks::band::values;
use crate::charts::marks::end_labels::Key;
use crate::charts::marks::frame::Headline;
use crate::charts::marks::panels::{self, Line, Panel, median};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::{Forecast, Series};
use crate::scenario::Metric;
use crate::units::{Frequency, Horizon};

/// What is known of open deals.
#[derive(Debug)]
struct Pipeline<'a> {
    forecast: &'a Forecast,
    value: &'a Series,
    weighted: Option<&'a Series>,
    deals: Option<&'a Series>,
    /// The months that are shown.
    horizon: Horizon,
    /// The last of them of which the value is known.
    last: usize,
}

/// The chart, laid out; `None` where the value of open deals is not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let pipeline = Pipeline::read(forecast)?;
    let weighted = pipeline.weighted.map(|series| Line { series, name: "weighted, median", key: Key::Weighted });
    let heading = format!("Value of {}", pipeline.what());
    let mut shown = vec![pipeline.panel((heading, 2.0, sheet.steps_up), pipeline.value, weighted)?];
    let deals = pipeline.deals.filter(|_| !sheet.is_preview());
    let heading = format!("Number of {}", pipeline.what());
    shown.extend(deals.and_then(|deals| pipeline.panel((heading, 1.0, 2), deals, None)));
    Some(panels::draw(forecast, pipeline.horizon, &shown, pipeline.headline(&sheet), size))
}

impl<'a> Pipeline<'a> {
    /// Of the main figure's scope.
    fn read(forecast: &'a Forecast) -> Option<Pipeline<'a>> {
        let of = |metric| forecast.series(metric, &forecast.main.scope, Frequency::Month);
        let value = of(Metric::PipelineValue)?;
        let horizon = forecast.main_horizon();
        let last = (0..horizon.months).rev().find(|month| values(value, *month).is_some())?;
        Some(Pipeline {
            forecast,
            value,
            weighted: of(Metric::WeightedPipeline).filter(|weighted| median(weighted, last).is_some()),
            deals: of(Metric::OpenDeals),
            horizon,
            last,
        })
    }

    /// What is in the pipeline: deals of the business's own list among it, or leads of the forecast alone.
    fn what(&self) -> &'static str {
        if self.forecast.as_of.is_some() { Metric::OpenDeals.name() } else { "leads in progress" }
    }

    /// A panel; `None` where no month is known.
    fn panel(&self, head: (String, f64, usize), series: &'a Series, line: Option<Line<'a>>) -> Option<Panel<'a>> {
        let lines = line.into_iter().collect();
        Panel::new((self.forecast, &self.horizon), head, (series, "median"), lines)
    }

    fn headline(&self, sheet: &Sheet) -> Headline {
        let main = &self.forecast.main;
        let month = self.forecast.start.plus(self.last);
        let named = |text: String| text.replacen(Metric::OpenDeals.name(), self.what(), 1);
        let subject = words::subject_of(self.forecast, Metric::OpenDeals, &main.scope, sheet);
        let subject = words::capital(&named(subject.replacen("Open deals", Metric::OpenDeals.name(), 1)));
        let value = about(self.forecast, self.value, self.last);
        let worth = estimate(self.forecast, self.value, self.last);
        let mut title = format!("{subject} are worth {worth} at the end of {}", month.name());
        if let Some(weighted) = self.weighted {
            let weighted = estimate(self.forecast, weighted, self.last);
            title += &format!("; weighted by their chance of being won {weighted}");
        }
        let mut subtitle = format!(
            "{} at the end of each month.",
            words::capital(&named(words::measured_of(self.forecast, Metric::OpenDeals, &main.scope, sheet))),
        );
        if self.weighted.is_some() {
            subtitle += " Weighted: each counts by its chance of being won.";
        }
        let brief = format!("{subject} worth {value}, end of {}", words::brief_month(month));
        Headline { title, brief, subtitle }
    }
}

/// The median of a month in words.
fn about(forecast: &Forecast, series: &Series, month: usize) -> String {
    let error = series.bands.p50.error.get(month).copied().flatten();
    Figures::Of(series.metric, &forecast.currency).about(median(series, month).unwrap_or_default(), error)
}

/// The median of a month in words, with "about" where futures differ.
fn estimate(forecast: &Forecast, series: &Series, month: usize) -> String {
    let differ = values(series, month).is_none_or(|values| values[0] != values[6]);
    format!("{}{}", if differ { "about " } else { "" }, about(forecast, series, month))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::drawing::Mark;
    use crate::charts::samples::forecast::Sample;
    use crate::charts::samples::full::full;

    fn says(drawing: &Drawing, words: &str) -> bool {
        drawing.marks.iter().any(|mark| matches!(mark, Mark::Text(text) if text.text == words))
    }

    #[test]
    fn the_title_says_what_open_deals_are_worth() {
        let forecast = full(&Sample { level: 9.1e6, name: "total", ..Sample::PLAIN }, None);
        let drawing = layout(&forecast, Size::Slide).unwrap();
        assert_eq!(
            drawing.title,
            "Leads in progress are worth about €9.10M at the end of December 2027; weighted by their chance of being won about €2.73M"
        );
        assert!(says(&drawing, "Number of leads in progress") && says(&drawing, "weighted, median"));
        let preview = layout(&forecast, Size::Thumb).unwrap();
        assert!(
            preview
                .marks
                .iter()
                .any(|mark| matches!(mark, Mark::Text(text) if text.text.starts_with("Leads in progress worth")))
        );
        assert!(!says(&preview, "Number of leads in progress"));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut forecast = full(&Sample::PLAIN, None);
        forecast
            .series
            .retain(|series| series.metric != Metric::WeightedPipeline && series.metric != Metric::OpenDeals);
        let drawing = layout(&forecast, Size::Slide).unwrap();
        assert_eq!(drawing.title, "Europe: leads in progress are worth about €2.00M at the end of December 2027");
        assert!(!says(&drawing, "Number of leads in progress") && !says(&drawing, "weighted, median"));
        forecast.series.retain(|series| series.metric != Metric::PipelineValue);
        assert!(layout(&forecast, Size::Slide).is_none());
    }
}

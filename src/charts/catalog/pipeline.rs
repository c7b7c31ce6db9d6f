//! Open deals at the end of each month: what they are worth, what that is by their chances of being won, and how many.

use crate::charts::axes::month::Months;
use crate::charts::axes::ticks::{Scale, ticks};
use crate::charts::axes::value;
use crate::charts::axes::value::extent;
use crate::charts::canvas::drawing::{Drawing, Rect, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::band::{Ribbon, Slice, stretches, values};
use crate::charts::marks::end_labels::{self, EndLabel, Key};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::small_multiples;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::{Forecast, Series};
use crate::scenario::Metric;
use crate::units::{Frequency, Horizon};

/// Heights of the panels of values and of numbers.
const SHARES: [f64; 2] = [2.0, 1.0];
/// Above a panel, on a slide.
const HEADING: f64 = 34.0;
/// Between panels, on a slide.
const BETWEEN: f64 = 12.0;

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

/// One panel, with what is measured upwards in it.
#[derive(Debug)]
struct Panel<'a> {
    heading: String,
    series: &'a Series,
    /// A line without a band.
    line: Option<&'a Series>,
    marks: Vec<f64>,
    labels: Vec<String>,
    extent: (f64, f64),
}

/// The chart, laid out; `None` where the value of open deals is not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let pipeline = Pipeline::read(forecast)?;
    let mut shown = vec![pipeline.panel(
        format!("Value of {}", pipeline.what()),
        pipeline.value,
        pipeline.weighted,
        sheet.steps_up,
    )?];
    let deals = pipeline.deals.filter(|_| !sheet.is_preview());
    shown.extend(deals.and_then(|deals| pipeline.panel(format!("Number of {}", pipeline.what()), deals, None, 2)));

    let (mut drawing, top) = pipeline.headline(&sheet).begin(forecast, size);
    let labels: Vec<String> = shown.iter().flat_map(|panel| panel.labels.clone()).collect();
    let above = if shown.len() > 1 { sheet.scaled(HEADING) } else { 0.0 };
    let whole = frame::plot(&sheet, top - 0.6 * above, &labels, end_labels::width(&sheet));
    let plots = small_multiples::stacked(&whole, &SHARES[..shown.len()], above, sheet.scaled(BETWEEN));
    let months = Months::by_middles(pipeline.horizon, &whole, sheet);
    let scales: Vec<Scale> =
        shown.iter().zip(&plots).map(|(panel, plot)| Scale::new(panel.extent, (plot.bottom, plot.top))).collect();
    for ((panel, plot), scale) in shown.iter().zip(&plots).zip(&scales) {
        value::upwards(&mut drawing, plot, scale, &panel.marks, &panel.labels);
    }
    small_multiples::months_below(&mut drawing, &months, &plots);
    for ((panel, plot), scale) in shown.iter().zip(&plots).zip(&scales) {
        panel.draw(&mut drawing, &months, plot, scale);
        if above > 0.0 {
            let at = (sheet.margin, plot.top - sheet.scaled(13.0));
            drawing.text(Text::new(&panel.heading, at, sheet.label).bold());
        }
    }
    Some(drawing)
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
    fn panel(&self, heading: String, series: &'a Series, line: Option<&'a Series>, steps: usize) -> Option<Panel<'a>> {
        let known: Vec<[f64; 7]> = (0..self.horizon.months).filter_map(|month| values(series, month)).collect();
        known.first()?;
        let medians = line.into_iter().flat_map(|line| (0..self.horizon.months).filter_map(|m| median(line, m)));
        let all = known.iter().flat_map(|values| [values[1], values[5]]).chain(medians);
        let (low, high) = all.fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)));
        let figures = Figures::Of(series.metric, &self.forecast.currency);
        let mut marks = ticks(low, high, steps, figures.are_counts());
        marks.retain(|mark| *mark >= low);
        let labels = figures.axis(&marks);
        let extent = (high - low).is_finite().then(|| extent(low, high, &marks))?;
        Some(Panel { heading, series, line, marks, labels, extent })
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

impl Panel<'_> {
    fn draw(&self, drawing: &mut Drawing, months: &Months, plot: &Rect, scale: &Scale) {
        let half = (0.4 * months.slot).min(drawing.sheet.scaled(120.0));
        let slices = (0..months.count()).map(|month| {
            let ys = values(self.series, month)?.map(|value| scale.at(value));
            Some(Slice { x: months.middle(month), ys })
        });
        let ribbon = Ribbon::new(slices, half);
        let Some(end) = ribbon.last().copied() else {
            return;
        };
        ribbon.draw_band(drawing, 1);
        value::base_line(drawing, plot, scale);
        let mut labels = vec![EndLabel { y: end.ys[3], text: "median".to_owned(), key: Key::Median }];
        if ribbon.has_width(1) {
            labels.push(EndLabel {
                y: (end.ys[5] + end.ys[3]) / 2.0,
                text: end_labels::EIGHT.to_owned(),
                key: Key::Band(style::BANDS[1]),
            });
        }
        if let Some(line) = self.line {
            let heights = |month| Some((months.middle(month), scale.at(median(line, month)?)));
            for run in stretches((0..months.count()).map(heights), half) {
                drawing.stroke(run, style::QUIET, style::PLAN_WIDTH);
            }
            let last = (0..months.count()).rev().find_map(heights);
            labels.extend(last.map(|(_, y)| EndLabel { y, text: "weighted, median".to_owned(), key: Key::Weighted }));
        }
        ribbon.draw_median(drawing);
        end_labels::write(drawing, labels, plot, Some(end.x));
    }
}

/// The median of a month, if it is known.
fn median(series: &Series, month: usize) -> Option<f64> {
    series.bands.p50.value.get(month).copied().flatten().filter(|x| x.is_finite())
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

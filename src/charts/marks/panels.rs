//! Panels one above another over the same months, each with the band of one figure and the medians of others.

use crate::charts::axes::month::Months;
use crate::charts::axes::ticks::{Scale, ticks};
use crate::charts::axes::value::{self, extent};
use crate::charts::canvas::drawing::{Drawing, Rect, Text};
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::marks::band::{Ribbon, Slice, stretches, values};
use crate::charts::marks::end_labels::{self, EndLabel, Key};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::small_multiples;
use crate::charts::wording::figures::Figures;
use crate::forecast::{Forecast, Series};
use crate::units::Horizon;

/// Above a panel, on a slide.
const HEADING: f64 = 34.0;
/// Between panels, on a slide.
const BETWEEN: f64 = 12.0;

/// One panel, with what is measured upwards in it.
#[derive(Debug)]
pub(in crate::charts) struct Panel<'a> {
    heading: String,
    /// How high it is, beside the others.
    share: f64,
    series: &'a Series,
    /// What its median is called.
    name: &'static str,
    lines: Vec<Line<'a>>,
    marks: Vec<f64>,
    labels: Vec<String>,
    extent: (f64, f64),
}

/// The medians of another figure: a line without a band.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Line<'a> {
    pub(in crate::charts) series: &'a Series,
    pub(in crate::charts) name: &'static str,
    pub(in crate::charts) key: Key,
}

impl<'a> Panel<'a> {
    /// A panel with about so many steps upwards; `None` where no month is known.
    pub(in crate::charts) fn new(
        (forecast, horizon): (&Forecast, &Horizon),
        (heading, share, steps): (String, f64, usize),
        (series, name): (&'a Series, &'static str),
        lines: Vec<Line<'a>>,
    ) -> Option<Panel<'a>> {
        let known: Vec<[f64; 7]> = (0..horizon.months).filter_map(|month| values(series, month)).collect();
        known.first()?;
        let medians = lines.iter().flat_map(|line| (0..horizon.months).filter_map(|m| median(line.series, m)));
        let all = known.iter().flat_map(|values| [values[1], values[5]]).chain(medians);
        let (low, high) = all.fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)));
        let figures = Figures::Of(series.metric, &forecast.currency);
        let mut marks = ticks(low, high, steps, figures.are_counts());
        marks.retain(|mark| *mark >= low);
        let labels = figures.axis(&marks);
        let extent = (high - low).is_finite().then(|| extent(low, high, &marks))?;
        Some(Panel { heading, share, series, name, lines, marks, labels, extent })
    }

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
        let mut labels = vec![EndLabel { y: end.ys[3], text: self.name.to_owned(), key: Key::Median }];
        if ribbon.has_width(1) {
            labels.push(EndLabel {
                y: (end.ys[5] + end.ys[3]) / 2.0,
                text: end_labels::EIGHT.to_owned(),
                key: Key::Band(style::BANDS[1]),
            });
        }
        for line in &self.lines {
            let heights = |month| Some((months.middle(month), scale.at(median(line.series, month)?)));
            for run in stretches((0..months.count()).map(heights), half) {
                line.key.stroke(drawing, run);
            }
            let last = (0..months.count()).rev().find_map(heights);
            labels.extend(last.map(|(_, y)| EndLabel { y, text: line.name.to_owned(), key: line.key }));
        }
        ribbon.draw_median(drawing);
        end_labels::write(drawing, labels, plot, Some(end.x));
    }
}

/// Draws panels under a headline.
pub(in crate::charts) fn draw(
    forecast: &Forecast,
    horizon: Horizon,
    shown: &[Panel],
    headline: Headline,
    size: Size,
) -> Drawing {
    let sheet = size.sheet();
    let (mut drawing, top) = headline.begin(forecast, size);
    let labels: Vec<String> = shown.iter().flat_map(|panel| panel.labels.clone()).collect();
    let above = if shown.len() > 1 { sheet.scaled(HEADING) } else { 0.0 };
    let whole = frame::plot(&sheet, top - 0.6 * above, &labels, end_labels::width(&sheet));
    let shares: Vec<f64> = shown.iter().map(|panel| panel.share).collect();
    let plots = small_multiples::stacked(&whole, &shares, above, sheet.scaled(BETWEEN));
    let months = Months::by_middles(horizon, &whole, sheet);
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
    drawing
}

/// The median of a month, if it is known.
pub(in crate::charts) fn median(series: &Series, month: usize) -> Option<f64> {
    series.bands.p50.value.get(month).copied().flatten().filter(|x| x.is_finite())
}

//! Every chart of a forecast.

use thiserror::Error;

use super::drawing::Drawing;
use super::size::Size;
use super::{
    bitmap, contributions, cumulative_fan, exceedance, histogram, monthly_fan, pipeline, return_on_investment, sources,
    targets_by_month, vector,
};
use crate::forecast::Forecast;

/// A chart, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// The stem of its file's name.
    pub name: String,
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

/// A chart, laid out but not yet drawn.
#[derive(Debug)]
pub struct Sketch {
    name: String,
    drawing: Drawing,
}

impl Sketch {
    /// Draws it. Sketches do not depend on each other and may be drawn on several threads.
    ///
    /// # Errors
    /// [`ChartError`] when a picture cannot be written.
    pub fn draw(&self) -> Result<Chart, ChartError> {
        Ok(Chart {
            name: self.name.clone(),
            title: self.drawing.title.clone(),
            svg: self.svg(&self.name)?,
            png: bitmap::png(&self.drawing)?,
        })
    }

    /// The stem of its file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it shows, in words.
    pub fn title(&self) -> &str {
        &self.drawing.title
    }

    /// What is plotted, and how it is to be read.
    pub fn about(&self) -> &str {
        &self.drawing.about
    }

    /// Its SVG alone, whose title and description are known by ids that begin with `id`.
    ///
    /// # Errors
    /// [`ChartError`] when it cannot be written.
    pub fn svg(&self, id: &str) -> Result<String, ChartError> {
        vector::svg(id, &self.drawing)
    }
}

/// Lays out the charts of `forecast`: those for which it knows enough, in the order of a page.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch(forecast: &Forecast, size: Size) -> Result<Vec<Sketch>, ChartError> {
    sketches(layouts(forecast, size))
}

/// Named drawings as they are handed out.
pub(super) fn sketches<N: Into<String>>(layouts: Vec<(N, Drawing)>) -> Result<Vec<Sketch>, ChartError> {
    Ok(layouts.into_iter().map(|(name, drawing)| Sketch { name: name.into(), drawing }).collect())
}

/// Lays out and draws the charts of `forecast`.
///
/// # Errors
/// As [`sketch`] and [`Sketch::draw`].
pub fn draw(forecast: &Forecast, size: Size) -> Result<Vec<Chart>, ChartError> {
    sketch(forecast, size)?.iter().map(Sketch::draw).collect()
}

/// The charts, laid out.
pub(super) fn layouts(forecast: &Forecast, size: Size) -> Vec<(&'static str, Drawing)> {
    let all = [
        ("monthly-fan", monthly_fan::layout(forecast, size)),
        ("cumulative-fan", cumulative_fan::layout(forecast, size)),
        ("exceedance", exceedance::layout(forecast, size)),
        ("histogram", histogram::layout(forecast, size)),
        ("contributions", contributions::layout(forecast, size)),
        ("sources-of-variance", sources::layout(forecast, size)),
        ("targets-by-month", targets_by_month::layout(forecast, size)),
        ("return-on-investment", return_on_investment::layout(forecast, size)),
        ("pipeline", pipeline::layout(forecast, size)),
    ];
    all.into_iter().filter_map(|(name, drawing)| Some((name, drawing?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::checked::{check_texts, texts};
    use super::super::drawing::Mark;
    use super::super::full_sample::full;
    use super::super::sample::Sample;
    use super::super::style;
    use super::*;
    use crate::scenario::Metric;

    #[test]
    fn no_text_touches_another_or_leaves_the_picture() {
        let targets: &[(&str, f64)] = &[
            ("2027", 9e6),
            ("to 2027-06", 4e6),
            ("total", 2.1e6),
            ("total", 2.2e6),
            ("each-month", 1.5e6),
            ("each-month", 1.5e6),
            ("2027-03", 0.6e6),
        ];
        let shapes = [
            (2e6, 0.4, 0.0),
            (2e6, 0.0, 0.0),
            (2e6, 1e-6, 0.0),
            (0.0, 0.0, 0.0),
            (4.0, 3.0, -1.0),
            (7e12, 5.0, 0.0),
            (3e-7, 0.5, 0.0),
        ];
        for metric in [Metric::TotalBookings, Metric::Arr, Metric::Roi, Metric::Customers, Metric::WonDeals] {
            let horizons = [1, 2, 3, 12, 13, 24, 36, 60, 120, 600];
            for (i, months) in horizons.into_iter().enumerate() {
                let start = ["2027-01", "2027-11"][i % 2];
                for (s, (level, spread, shift)) in shapes.into_iter().enumerate() {
                    for targets in [&[], targets] {
                        let sample = Sample {
                            metric,
                            start,
                            months,
                            level,
                            spread,
                            shift,
                            targets,
                            regions: [2, 3, 6, 7, 30][i % 5],
                            tagged: i % 4 > 1,
                            inputs: [0, 1, 15][i % 3],
                            // All, none or two thirds of the months.
                            budgeted: [months, 0, 2 * months / 3][i % 3],
                            name: "Österreich, Bayern und Südtirol – Großkunden",
                            ..Sample::PLAIN
                        };
                        let forecast = sample.forecast();
                        // Slides of all; the other sizes of a quarter each.
                        let other = [Size::Page, Size::Inset, Size::Thumb, Size::NarrowInset];
                        let other = Some(other[(i + s + targets.len() / 7) % 4]);
                        for size in [Some(Size::Slide), other].into_iter().flatten() {
                            for (name, drawing) in layouts(&forecast, size) {
                                check_texts(&drawing, &format!("{} {name} of {sample:?}", size.key()));
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_text_of_a_chart_by_month_touches_another_or_leaves_the_picture() {
        let targets: &[(&str, f64)] =
            &[("each-month", 1.5e6), ("2027", 9e6), ("each-quarter", 3e-7), ("each-month", 7e12)];
        let names = ["total", "Österreich, Bayern und Südtirol – Großkunden", "<script>alert(1)</script>\u{202E}\u{7}"];
        let shapes =
            [(2e6, 0.4, 0.0), (2e6, 0.0, 0.0), (0.0, 0.0, 0.0), (4.0, 3.0, -1.0), (7e12, 5.0, 0.0), (3e-7, 0.5, 0.0)];
        let metrics = [Metric::TotalBookings, Metric::Revenue, Metric::Customers];
        for (i, months) in [1, 2, 3, 5, 12, 13, 24, 36, 60, 120, 600].into_iter().enumerate() {
            let paid = [None, Some(0), Some(1), Some(months / 2), Some(months - 1)];
            for (j, (level, spread, shift)) in shapes.into_iter().enumerate() {
                for (k, paid) in paid.into_iter().enumerate() {
                    let sample = Sample {
                        metric: metrics[(i + j) % 3],
                        start: ["2027-01", "2027-09"][(i + k) % 2],
                        months,
                        level,
                        spread,
                        shift,
                        targets: &targets[..[4, 1][(j + k) % 2]],
                        gap: [None, Some(months / 3)][k % 2].filter(|_| months > 3),
                        name: names[(i + j + k) % 3],
                        ..Sample::PLAIN
                    };
                    let forecast = full(&sample, paid);
                    for size in Size::ALL.into_iter().chain(Size::OF_FIGURES) {
                        for layout in [targets_by_month::layout, return_on_investment::layout, pipeline::layout] {
                            let drawing = layout(&forecast, size).unwrap();
                            let of = format!("{} of {sample:?}, {paid:?}", size.key());
                            check_texts(&drawing, &of);
                            for text in texts(&drawing).into_iter().filter(|text| text.ink == style::QUIET) {
                                // The foot may cut the forecast's name; nothing else cuts what it has to say.
                                let foot = text.size == drawing.sheet.foot;
                                assert!(foot || !text.text.ends_with('…'), "{of}: {text:?}");
                            }
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_small_forecast_has_its_charts() {
        let sample = Sample { regions: 3, inputs: 2, ..Sample::PLAIN };
        let charts = draw(&sample.forecast(), Size::Slide).unwrap();
        let names: Vec<&str> = charts.iter().map(|chart| chart.name.as_str()).collect();
        let all = ["monthly-fan", "cumulative-fan", "exceedance", "histogram", "contributions", "sources-of-variance"];
        assert_eq!(names, all);
        for chart in &charts {
            let svg = &chart.svg;
            assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
            assert!(svg.contains("role=\"img\"") && svg.contains("viewBox=\"0 0 4480 2520\""));
            assert!(svg.contains(&format!("<title id=\"{}-title\">{}</title>", chart.name, chart.title)));
            assert!(svg.contains("-desc\">") && svg.contains("</text>"));
            assert!(!svg.contains("NaN") && !svg.contains("inf"));
            assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
            for tag in ["svg", "text", "title", "desc"] {
                let open = svg.matches(&format!("<{tag} ")).count();
                assert_eq!(open, svg.matches(&format!("</{tag}>")).count(), "{tag}");
            }
            let decoder = png::Decoder::new(std::io::Cursor::new(&chart.png));
            let reader = decoder.read_info().unwrap();
            assert_eq!(reader.info().size(), (2240, 1260));
        }
        assert_eq!(
            charts[0].title,
            "Europe: total bookings in December 2027: about €2.00M; 8 chances in 10 of €1.52M to €2.60M"
        );
        let titles: Vec<&str> = charts[3..].iter().map(|chart| chart.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "Europe: total bookings from January to December 2027: about €2.00M; 8 chances in 10 of €1.52M to €2.60M",
                "Europe 2 brings 50\u{A0}% of total bookings of Europe from January to December 2027 in the middle outcome and in a \
                 bad one",
                "70\u{A0}% of the variance of total bookings of Europe from January to December 2027 is chance; the strongest \
                 input is “Europe: growth of leads, phase 0”",
            ]
        );
        assert_eq!(charts, draw(&sample.forecast(), Size::Slide).unwrap());
    }

    #[test]
    fn each_size_has_pictures_of_its_own() {
        for (size, width, height) in [(Size::Slide, 1120, 630), (Size::Page, 680, 510), (Size::Thumb, 320, 200)] {
            let charts = draw(&Sample { regions: 3, inputs: 2, ..Sample::PLAIN }.forecast(), size).unwrap();
            assert_eq!(charts.len(), 6);
            for chart in charts {
                assert!(chart.svg.contains(&format!("width=\"{width}\" height=\"{height}\"")), "{}", chart.name);
                assert!(chart.svg.contains("<title id=") && chart.svg.contains("<desc id="));
                let reader = png::Decoder::new(std::io::Cursor::new(&chart.png)).read_info().unwrap();
                assert_eq!(reader.info().size(), (2 * width, 2 * height));
            }
        }
    }

    #[test]
    fn hostile_names_stay_names() {
        let sample = Sample {
            name: "<script>alert(\"1\")</script>\u{202E}\u{7}&",
            targets: &[("total", 3e6), ("each-month", 1e6)],
            regions: 3,
            inputs: 3,
            ..Sample::PLAIN
        };
        let charts = Size::ALL.map(|size| draw(&sample.forecast(), size).unwrap());
        for chart in charts[..2].iter().flatten() {
            assert!(chart.svg.contains("&lt;script&gt;"), "{}", chart.name);
        }
        for chart in charts.iter().flatten() {
            assert!(!chart.svg.contains("<script") && !chart.svg.contains('\u{202E}'));
            assert!(chart.svg.chars().all(|c| c == '\n' || !c.is_control()));
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let level = Sample { metric: Metric::Arr, ..Sample::PLAIN };
        let names = |sample: &Sample, change: &dyn Fn(&mut Forecast)| {
            let mut forecast = sample.forecast();
            change(&mut forecast);
            let found = layouts(&forecast, Size::Slide).into_iter().map(|(name, _)| name);
            found.collect::<Vec<_>>()
        };
        assert_eq!(names(&level, &|_| ()), ["monthly-fan", "exceedance", "histogram"]);
        let fans = ["monthly-fan", "cumulative-fan"];
        assert_eq!(names(&Sample::PLAIN, &|f| f.distributions.clear()), fans);
        let curve = ["exceedance", "histogram"];
        assert_eq!(names(&Sample::PLAIN, &|f| f.series.clear()), curve);
        let unknown = Sample { months: 1, gap: Some(0), ..Sample::PLAIN };
        assert_eq!(names(&unknown, &|_| ()), curve);
    }

    #[test]
    fn a_month_that_is_not_known_is_a_gap() {
        for gap in [0, 1, 5, 11] {
            let sample = Sample { metric: Metric::Roi, level: 4.0, gap: Some(gap), ..Sample::PLAIN };
            let (_, drawing) = layouts(&sample.forecast(), Size::Slide).remove(0);
            check_texts(&drawing, "gap");
            let areas =
                drawing.marks.iter().filter(|mark| matches!(mark, Mark::Area { fill, .. } if *fill == style::BANDS[0]));
            // One of the areas is the label's key.
            let runs = if gap == 0 || gap == 11 { 1 } else { 2 };
            assert_eq!(areas.count(), runs + 1, "{gap}");
        }
    }
}

//! Every chart of a forecast.

use thiserror::Error;

use super::drawing::Drawing;
use super::size::Size;
use super::{bitmap, contributions, cumulative_fan, exceedance, histogram, monthly_fan, sources, style, vector};
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

/// A chart, laid out but not yet drawn.
#[derive(Debug)]
pub struct Sketch {
    name: &'static str,
    drawing: Drawing,
}

impl Sketch {
    /// Draws it. Sketches do not depend on each other and may be drawn on several threads.
    ///
    /// # Errors
    /// [`ChartError`] when a picture cannot be written.
    pub fn draw(&self) -> Result<Chart, ChartError> {
        Ok(Chart {
            name: self.name,
            title: self.drawing.title.clone(),
            svg: vector::svg(self.name, &self.drawing)?,
            png: bitmap::png(&self.drawing)?,
        })
    }
}

/// Lays out the charts of `forecast`: those for which it knows enough, in the order of a page.
///
/// # Errors
/// [`ChartError::Font`] when the built-in font cannot be read.
pub fn sketch(forecast: &Forecast, size: Size) -> Result<Vec<Sketch>, ChartError> {
    if !style::font_is_ready() {
        return Err(ChartError::Font);
    }
    Ok(layouts(forecast, size).into_iter().map(|(name, drawing)| Sketch { name, drawing }).collect())
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
    ];
    all.into_iter().filter_map(|(name, drawing)| Some((name, drawing?))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::drawing::{Mark, Rect, Text};
    use super::super::sample::Sample;
    use super::*;
    use crate::scenario::Metric;

    fn texts(drawing: &Drawing) -> Vec<&Text> {
        let texts = drawing.marks.iter().filter_map(|mark| match mark {
            Mark::Text(text) => Some(text),
            _ => None,
        });
        texts.collect()
    }

    fn check_texts(drawing: &Drawing, of: &str) {
        let sheet = &drawing.sheet;
        let edge = sheet.margin / 4.0;
        let canvas = Rect { left: edge, top: edge, right: sheet.width - edge, bottom: sheet.height - edge };
        let texts = texts(drawing);
        let title = texts.iter().rfind(|text| text.bold && text.size == sheet.title);
        assert!(title.is_some_and(|line| !line.text.ends_with('…')), "{of}: the title is cut off: {title:?}");
        for (i, a) in texts.iter().enumerate() {
            assert!(canvas.holds(&a.rect()), "{of}: outside: {a:?}");
            assert!(!a.text.contains("NaN") && !a.text.contains("inf "), "{of}: {a:?}");
            for b in &texts[..i] {
                let (ra, rb) = (a.rect().grown(-1.5), b.rect().grown(-1.5));
                assert!(!ra.meets(&rb), "{of}: {:?} on {:?}", a.text, b.text);
            }
        }
    }

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
                        // Slides of all; pages of half, previews of the other half.
                        for size in [Size::Slide, [Size::Page, Size::Thumb][(i + s) % 2]] {
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
    fn a_small_forecast_has_its_charts() {
        let charts = draw(&Sample::PLAIN.forecast(), Size::Slide).unwrap();
        let names: Vec<&str> = charts.iter().map(|chart| chart.name).collect();
        assert_eq!(names, ["monthly-fan", "cumulative-fan", "exceedance", "histogram"]);
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
        assert_eq!(charts, draw(&Sample::PLAIN.forecast(), Size::Slide).unwrap());
    }

    #[test]
    fn hostile_names_stay_names() {
        let sample = Sample {
            name: "<script>alert(\"1\")</script>\u{202E}\u{7}&",
            targets: &[("total", 3e6), ("each-month", 1e6)],
            ..Sample::PLAIN
        };
        for chart in draw(&sample.forecast(), Size::Slide).unwrap() {
            assert!(chart.svg.contains("&lt;script&gt;"));
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

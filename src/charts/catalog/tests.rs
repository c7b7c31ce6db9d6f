//! Every chart of a forecast.

use std::io::Cursor;

use super::*;
use crate::charts::canvas::drawing::Mark;
use crate::charts::canvas::style;
use crate::charts::samples::checked::{check_texts, texts};
use crate::charts::samples::forecast::Sample;
use crate::charts::samples::full::full;
use crate::scenario::Metric;

/// A chart with its pictures.
#[derive(Debug, PartialEq)]
struct Painted {
    name: String,
    title: String,
    svg: String,
    png: Vec<u8>,
}

fn paint(forecast: &Forecast, size: Size) -> Vec<Painted> {
    let painted = |chart: Chart| Painted {
        name: chart.name().to_owned(),
        title: chart.title().to_owned(),
        svg: chart.svg(chart.name()).unwrap(),
        png: chart.png().unwrap(),
    };
    of_forecast(forecast, size).into_iter().map(painted).collect()
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
                        // On the first day of a month, within the first and, of two months, in the last.
                        as_of: [None, Some("2027-12-01"), Some("2027-01-20"), None][(i + s) % 4]
                            .filter(|day| months > 13 || day.starts_with(start)),
                        name: "Österreich, Bayern und Südtirol – Großkunden",
                        ..Sample::PLAIN
                    };
                    let forecast = sample.forecast();
                    // Slides of all; the other sizes of a quarter each.
                    let other = [Size::Page, Size::Inset, Size::Thumb, Size::NarrowInset];
                    let other = Some(other[(i + s + targets.len() / 7) % 4]);
                    for size in [Some(Size::Slide), other].into_iter().flatten() {
                        for chart in of_forecast(&forecast, size) {
                            check_texts(&chart.drawing, &format!("{} {} of {sample:?}", size.key(), chart.name()));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn no_text_of_a_chart_by_month_touches_another_or_leaves_the_picture() {
    let targets: &[(&str, f64)] = &[("each-month", 1.5e6), ("2027", 9e6), ("each-quarter", 3e-7), ("each-month", 7e12)];
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
                    for layout in [attainment::layout, return_on_investment::layout, pipeline::layout] {
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
    let charts = paint(&sample.forecast(), Size::Slide);
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
        let decoder = png::Decoder::new(Cursor::new(&chart.png));
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
            "70\u{A0}% of the variance of total bookings of Europe from January to December 2027 comes from luck; the strongest \
             input is “Europe: growth of leads, phase 0”",
        ]
    );
    assert_eq!(charts, paint(&sample.forecast(), Size::Slide));
}

#[test]
fn each_size_has_pictures_of_its_own() {
    for (size, width, height) in [(Size::Slide, 1120, 630), (Size::Page, 680, 510), (Size::Thumb, 320, 200)] {
        let charts = paint(&Sample { regions: 3, inputs: 2, ..Sample::PLAIN }.forecast(), size);
        assert_eq!(charts.len(), 6);
        for chart in charts {
            assert!(chart.svg.contains(&format!("width=\"{width}\" height=\"{height}\"")), "{}", chart.name);
            assert!(chart.svg.contains("<title id=") && chart.svg.contains("<desc id="));
            let reader = png::Decoder::new(Cursor::new(&chart.png)).read_info().unwrap();
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
    let charts = Size::ALL.map(|size| paint(&sample.forecast(), size));
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
        let charts = of_forecast(&forecast, Size::Slide);
        charts.iter().map(|chart| chart.name().to_owned()).collect::<Vec<_>>()
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
        let drawing = of_forecast(&sample.forecast(), Size::Slide).remove(0).drawing;
        check_texts(&drawing, "gap");
        let areas =
            drawing.marks.iter().filter(|mark| matches!(mark, Mark::Area { fill, .. } if *fill == style::BANDS[0]));
        // One of the areas is the label's key.
        let runs = if gap == 0 || gap == 11 { 1 } else { 2 };
        assert_eq!(areas.count(), runs + 1, "{gap}");
    }
}

#[test]
fn the_fan_opens_where_the_past_ends() {
    let days = [("2027-01-20", 0), ("2027-06-01", 5), ("2027-06-30", 5), ("2027-12-10", 11)];
    for (size, (day, known)) in Size::ALL.into_iter().flat_map(|size| days.map(|of| (size, of))) {
        let sample = Sample { as_of: Some(day), budgeted: 12, targets: &[("2027-03", 3e5)], ..Sample::PLAIN };
        for chart in of_forecast(&sample.forecast(), size).into_iter().take(2) {
            let (name, marks) = (chart.name(), &chart.drawing.marks);
            check_texts(&chart.drawing, name);
            let bands = marks.iter().filter_map(|mark| match mark {
                Mark::Area { points, fill } if *fill == style::BANDS[0] => Some(points),
                _ => None,
            });
            let begins = bands.flatten().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
            let lines = |of| {
                marks.iter().filter_map(move |mark| match mark {
                    Mark::Line { points, stroke, .. } if *stroke == of => Some(points),
                    _ => None,
                })
            };
            let past: Vec<&Vec<(f64, f64)>> = lines(style::ACTUAL).collect();
            // The line of the as-of day is the only upright one of its colour.
            let line = lines(style::QUIET).find(|points| points[0].0 == points[1].0).unwrap()[0].0;
            assert_eq!(past.len(), usize::from(known > 0), "{name} {day}");
            if let Some(past) = past.first() {
                let (last, before) = (past[past.len() - 1], past[past.len() - 2]);
                assert_eq!(past.len(), known + 1 + usize::from(name == "cumulative-fan"), "{name} {day}");
                assert!(last.0 == line && before.0 <= line && begins == line, "{name} {day}: {last:?} {begins} {line}");
            }
            // The month of the as-of day has its band.
            let median = lines(style::MEDIAN).map(Vec::len).max().unwrap();
            let opens = usize::from(known > 0 || name == "cumulative-fan");
            assert_eq!(median, (12 - known + opens).max(2), "{name} {day}");
            let named = texts(&chart.drawing)
                .iter()
                .any(|text| text.text.starts_with("as of ") && text.text.ends_with(" 2027"));
            assert_eq!(named, size != Size::Thumb, "{name} {day}");
        }
    }
}

#[test]
fn a_target_far_beyond_the_bands_flattens_no_chart() {
    let far: &[(&str, f64)] =
        &[("2027", 1e15), ("total", 1e15), ("2027-06", -1e15), ("to 2027-06", 1e15), ("each-month", 1e15)];
    let charts = |targets| of_forecast(&Sample { targets, ..Sample::PLAIN }.forecast(), Size::Slide);
    // How wide and high the lightest band is drawn, or what lies under the curve.
    let extent = |chart: &Chart| {
        let bands = chart.drawing.marks.iter().filter_map(|mark| match mark {
            Mark::Area { points, fill } if *fill == style::BANDS[0] => Some(points),
            _ => None,
        });
        let ends = |of: Vec<f64>| of.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        let spans = bands.map(|points| [0, 1].map(|way| ends(points.iter().map(|p| [p.0, p.1][way]).collect())));
        spans.map(|[x, y]| (x.1 - x.0, y.1 - y.0)).max_by(|a, b| a.0.total_cmp(&b.0))
    };
    for (with, without) in charts(far).iter().zip(&charts(&[])).take(3) {
        let name = with.name();
        let (far, alone) = (extent(with).unwrap(), extent(without).unwrap());
        assert!(far.0 > 0.9 * alone.0 && far.1 > 0.8 * alone.1, "{name}: {far:?} beside {alone:?}");
        assert!(texts(&with.drawing).iter().any(|text| text.text.contains("off the axis")), "{name}");
        check_texts(&with.drawing, name);
    }
}

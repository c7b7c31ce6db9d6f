//! The chance of at least so much of the main figure.

use super::amounts;
use super::axis::Scale;
use super::callout::{Callout, line};
use super::drawing::{Anchor, Drawing, Point, Rect, Text};
use super::figures::Figures;
use super::frame::{self, Headline};
use super::placing::Placer;
use super::size::{Sheet, Size};
use super::style;
use super::targets::{self, Goal};
use super::words;
use crate::forecast::{Forecast, Known};

/// The percentiles that are named, with the chance of at least that much.
const NAMED: [(f64, &str); 3] = [(0.1, "9 chances in 10"), (0.5, "5 chances in 10"), (0.9, "1 chance in 10")];

/// The chart, laid out; `None` where the distribution is not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let distribution = forecast.main_distribution()?;
    let grid = &distribution.quantiles;
    let (&least, &most) = (grid.first()?, grid.last()?);
    if grid.iter().any(|value| !value.is_finite()) || !(most - least).is_finite() {
        return None;
    }
    let figures = Figures::new(distribution.metric, &forecast.currency);
    let goals = targets::single(forecast, &sheet, |period| period.label == distribution.period);

    let (mut drawing, top) = headline(forecast, &figures, least == most, &sheet).begin(forecast, size);
    let chances: &[f64] = if sheet.is_preview() { &[0.0, 0.5, 1.0] } else { &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
    let labels: Vec<String> = chances.iter().map(|c| format!("{:.0}\u{A0}%", c * 100.0)).collect();
    let plot = frame::plot(&sheet, top, &labels, sheet.scaled(20.0));
    let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
    frame::value_axis(&mut drawing, &plot, &up, chances, &labels);
    let low = goals.iter().fold(least, |low, goal| low.min(goal.level));
    let high = goals.iter().fold(most, |high, goal| high.max(goal.level));
    let across = amounts::axis(&mut drawing, &plot, &figures, (low, high), 0.03 * (high - low));

    let curve = draw_curve(&mut drawing, &plot, grid, &across, &up);
    frame::base_line(&mut drawing, &plot, &up);
    drawing.stroke(curve.clone(), style::MEDIAN, style::MEDIAN_WIDTH);
    if !sheet.is_preview() {
        let caption = format!("{}: this much or more", words::capital(distribution.metric.name()));
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        drawing.text(Text::new(&caption, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }

    let named = named(forecast, &figures, least == most)
        .into_iter()
        .map(|(p, value, text)| ((across.at(value), up.at(1.0 - p)), text))
        .collect();
    let read =
        goals.into_iter().filter_map(|goal| Some(((across.at(goal.level), up.at(goal.probability?)), goal))).collect();
    draw_points(&mut drawing, &plot, &curve, named, read);
    Some(drawing)
}

/// Fills what lies under the curve, from edge to edge; gives the curve.
fn draw_curve(drawing: &mut Drawing, plot: &Rect, grid: &[f64], across: &Scale, up: &Scale) -> Vec<Point> {
    // Beyond the grid the chance is within half a percent of 1 or 0, which is a line's width.
    let mut curve = vec![(plot.left, plot.top)];
    curve.extend(points(grid).into_iter().map(|(value, chance)| (across.at(value), up.at(chance))));
    curve.push((plot.right, plot.bottom));
    let mut under = curve.clone();
    under.push((plot.left, plot.bottom));
    drawing.area(under, style::BANDS[0]);
    curve
}

/// Marks the named percentiles and reads off the targets.
fn draw_points(
    drawing: &mut Drawing,
    plot: &Rect,
    curve: &[Point],
    named: Vec<(Point, String)>,
    read: Vec<(Point, Goal)>,
) {
    let sheet = drawing.sheet;
    let mut placer =
        Placer::new(Rect { left: plot.left + 6.0, top: plot.top - 4.0, right: plot.right, bottom: plot.bottom - 6.0 });
    for ((x, y), _) in &read {
        drawing.stroke(vec![(*x, plot.bottom), (*x, *y)], style::TARGET, style::TARGET_WIDTH);
        placer.take(Rect { left: x - 3.0, top: *y, right: x + 3.0, bottom: plot.bottom });
        placer.take(Rect::around((*x, *y), 9.0));
    }
    for (dot, _) in &named {
        placer.take(Rect::around(*dot, 7.0));
    }
    let cost = |rect: &Rect| if rect.grown(3.0).crossed_by(curve) { 400.0 } else { 0.0 };
    // Under the curve there is most room for targets; the named percentiles stand above it.
    for (at, goal) in &read {
        goal.callout(&sheet, *at, (-0.9, 0.4)).write(drawing, &mut placer, cost);
    }
    for (dot, text) in &named {
        let lines = vec![line(text, &sheet)];
        Callout { point: *dot, lines, ink: style::INK, leader: style::AXIS_LINE, toward: (0.9, -0.4) }.write(
            drawing,
            &mut placer,
            cost,
        );
    }
    for (dot, _) in named {
        drawing.spot(dot, 5.0, style::MEDIAN);
    }
    for (at, _) in read {
        drawing.spot(at, 6.5, style::TARGET);
    }
}

/// Values with the chance of at least that much, from the grid of quantiles at equal steps.
pub(super) fn points(grid: &[f64]) -> Vec<(f64, f64)> {
    let steps = (grid.len() + 1) as f64;
    grid.iter().enumerate().map(|(i, value)| (*value, 1.0 - (i + 1) as f64 / steps)).collect()
}

/// The named percentiles: their place, value and words. Where the figure is certain there is but one value to name.
fn named(forecast: &Forecast, figures: &Figures<'_>, certain: bool) -> Vec<(f64, f64, String)> {
    let main = &forecast.main;
    let bands =
        [(main.bands.p10, main.errors.p10), (main.bands.p50, main.errors.p50), (main.bands.p90, main.errors.p90)];
    NAMED
        .into_iter()
        .zip(bands)
        .filter(|((p, _), _)| !certain || *p == 0.5)
        .filter_map(|((p, chance), (value, error))| {
            let value = value?;
            let reads = figures.about(value, error);
            let text = if certain {
                format!("{reads} in nearly every future")
            } else {
                format!("{chance} of at least {reads}")
            };
            Some((p, value, text))
        })
        .collect()
}

fn headline(forecast: &Forecast, figures: &Figures<'_>, certain: bool, sheet: &Sheet) -> Headline {
    let (title, brief) = findings(forecast, figures, certain, sheet);
    Headline { title, brief, subtitle: subtitle(forecast, sheet) }
}

/// What is found, at length and in brief.
fn findings(forecast: &Forecast, figures: &Figures<'_>, certain: bool, sheet: &Sheet) -> (String, String) {
    let main = &forecast.main;
    let subject = words::subject(forecast, sheet);
    let briefly = words::briefly_when(&forecast.horizon(), &main.period, main.metric);
    let when = words::when(&forecast.horizon(), &main.period, main.metric);
    let about = |value: Known, error: Known| figures.about(value.unwrap_or_default(), error);
    if certain {
        let value = about(main.bands.p50, main.errors.p50);
        let every = words::in_nearly_every(forecast);
        return (format!("{subject} {when}: {value} {every}"), format!("{subject} {briefly}: {value}"));
    }
    let least = about(main.bands.p10, main.errors.p10);
    let most = about(main.bands.p90, main.errors.p90);
    let title = format!("{subject} {when}: 9 chances in 10 of at least {least}, 1 in 10 of at least {most}");
    (title, format!("{subject} {briefly}: 9 in 10 of at least {least}"))
}

fn subtitle(forecast: &Forecast, sheet: &Sheet) -> String {
    format!(
        "The chance of reaching each level of {}. P10, the value that 10\u{A0}% of outcomes fall below, is reached with 9 \
         chances in 10; P90, which 90\u{A0}% fall below, with 1 in 10.",
        words::measured_when(forecast, sheet)
    )
}

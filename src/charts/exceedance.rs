//! The chance of at least so much of the main figure.

use super::axis::{Scale, ticks};
use super::callout::{call_out, line};
use super::drawing::{Anchor, Drawing, Point, Rect, Text};
use super::figures::Figures;
use super::frame;
use super::placing::Placer;
use super::style;
use super::targets::{self, Goal};
use super::words;
use crate::forecast::{Forecast, Known};

/// The percentiles that are named, with the chance of at least that much.
const NAMED: [(f64, &str); 3] = [(0.1, "9 chances in 10"), (0.5, "5 chances in 10"), (0.9, "1 chance in 10")];

/// The chart, laid out; `None` where the distribution is not known.
pub(super) fn layout(forecast: &Forecast) -> Option<Drawing> {
    let distribution = forecast.main_distribution()?;
    let grid = &distribution.quantiles;
    let (&least, &most) = (grid.first()?, grid.last()?);
    if !(least.is_finite() && most.is_finite()) {
        return None;
    }
    let figures = Figures::new(distribution.metric, &forecast.currency);
    let goals = targets::single(forecast, |period| period.label == distribution.period);

    let subtitle = subtitle(forecast);
    let mut drawing = Drawing::new(&title(forecast, &figures, least == most), &subtitle);
    let top = frame::surround(&mut drawing, &subtitle, forecast);
    let chances = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
    let labels: Vec<String> = chances.iter().map(|c| format!("{:.0}\u{A0}%", c * 100.0)).collect();
    let plot = frame::plot(top, &labels, 20.0);
    let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
    frame::value_axis(&mut drawing, &plot, &up, &chances, &labels);
    let across = amounts(&mut drawing, &plot, &figures, (least, most), &goals);

    // Beyond the grid the chance is within half a percent of 1 or 0, which is a line's width.
    let mut curve = vec![(plot.left, plot.top)];
    curve.extend(points(grid).into_iter().map(|(value, chance)| (across.at(value), up.at(chance))));
    curve.push((plot.right, plot.bottom));
    let mut under = curve.clone();
    under.push((plot.left, plot.bottom));
    drawing.area(under, style::BANDS[0]);
    drawing.line(curve.clone(), style::MEDIAN, 3.0);
    frame::base_line(&mut drawing, &plot, &up);
    let name = distribution.metric.name();
    let caption = format!("{}: this much or more", words::capital(name));
    drawing.text(Text::new(&caption, (plot.right, plot.bottom + 42.0), style::AXIS).at(Anchor::End).ink(style::QUIET));

    let mut placer =
        Placer::new(Rect { left: plot.left + 6.0, top: plot.top - 4.0, right: plot.right, bottom: plot.bottom - 6.0 });
    let read: Vec<(Goal, Point)> = goals
        .into_iter()
        .map(|goal| {
            let at = (across.at(goal.level), up.at(goal.probability));
            (goal, at)
        })
        .collect();
    for (_, (x, y)) in &read {
        drawing.line(vec![(*x, plot.bottom), (*x, *y)], style::TARGET, 2.0);
        placer.take(Rect { left: x - 3.0, top: *y, right: x + 3.0, bottom: plot.bottom });
        placer.take(Rect::around((*x, *y), 9.0));
    }
    let crossing = |rect: &Rect| crossing(&curve, rect);
    let named = named(forecast, &figures, least == most);
    let dots: Vec<Point> = named.iter().map(|(p, value, _)| (across.at(*value), up.at(1.0 - p))).collect();
    for dot in &dots {
        placer.take(Rect::around(*dot, 7.0));
    }
    for (goal, at) in &read {
        let inks = (style::TARGET, style::TARGET);
        let toward = (-0.9, 0.4);
        call_out(&mut drawing, &mut placer, *at, goal.lines(), inks, toward, crossing);
    }
    for ((_, _, text), dot) in named.iter().zip(&dots) {
        let inks = (style::INK, style::AXIS_LINE);
        let toward = (0.9, -0.4);
        call_out(&mut drawing, &mut placer, *dot, vec![line(text)], inks, toward, crossing);
    }
    for dot in dots {
        drawing.disc(dot, 6.5, plotters::style::WHITE);
        drawing.disc(dot, 5.0, style::MEDIAN);
    }
    for (_, at) in read {
        drawing.disc(at, 8.0, plotters::style::WHITE);
        drawing.disc(at, 6.5, style::TARGET);
    }
    Some(drawing)
}

/// The axis of amounts below the plot.
fn amounts(
    drawing: &mut Drawing,
    plot: &Rect,
    figures: &Figures<'_>,
    (least, most): (f64, f64),
    goals: &[Goal],
) -> Scale {
    let low = goals.iter().fold(least, |low, goal| low.min(goal.level));
    let high = goals.iter().fold(most, |high, goal| high.max(goal.level));
    // A certain amount stands in the middle of an axis with that amount alone.
    let marks = ticks(low, high, 7, matches!(figures, Figures::Count));
    let pad = 0.03 * (high - low);
    let (from, to) = if marks.len() == 1 {
        (low - 1.0_f64.max(low.abs()), low + 1.0_f64.max(low.abs()))
    } else {
        (low - pad, high + pad)
    };
    let scale = Scale::new((from, to), (plot.left, plot.right));
    let labels = figures.axis(&marks);
    for (mark, label) in marks.iter().zip(&labels) {
        let x = scale.at(*mark);
        if x < plot.left - 0.5 || x > plot.right + 0.5 {
            continue;
        }
        drawing.line(vec![(x, plot.bottom), (x, plot.bottom + 6.0)], style::AXIS_LINE, 1.0);
        drawing.text(Text::new(label, (x, plot.bottom + 21.0), style::AXIS).at(Anchor::Middle).ink(style::QUIET));
    }
    scale
}

/// Values with the chance of at least that much, from the grid of quantiles at equal steps.
fn points(grid: &[f64]) -> Vec<(f64, f64)> {
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

/// What it costs to write over the curve.
fn crossing(curve: &[Point], rect: &Rect) -> f64 {
    let rect = rect.grown(3.0);
    let crosses = curve.windows(2).any(|pair| {
        (0..=8).any(|i| {
            let t = f64::from(i) / 8.0;
            let at = (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t);
            rect.meets(&Rect::around(at, 1.0))
        })
    });
    if crosses { 400.0 } else { 0.0 }
}

fn title(forecast: &Forecast, figures: &Figures<'_>, certain: bool) -> String {
    let main = &forecast.main;
    let subject = words::subject(forecast);
    let when = words::when(&words::horizon(forecast), &main.period, main.metric);
    let about = |value: Known, error: Known| figures.about(value.unwrap_or_default(), error);
    if certain {
        let value = about(main.bands.p50, main.errors.p50);
        return format!("{subject} {when}: {value} in nearly every future");
    }
    let least = about(main.bands.p10, main.errors.p10);
    let most = about(main.bands.p90, main.errors.p90);
    format!("{subject} {when}: 9 chances in 10 of at least {least}, 1 in 10 of at least {most}")
}

fn measured_when(forecast: &Forecast) -> String {
    let main = &forecast.main;
    let when = words::when(&words::horizon(forecast), &main.period, main.metric);
    format!("{} {when}", words::measured(forecast))
}

fn subtitle(forecast: &Forecast) -> String {
    format!(
        "The chance of at least each amount of {}. P10, the value that 10\u{A0}% of outcomes fall below, is reached with 9 \
         chances in 10; P90, which 90\u{A0}% fall below, with 1 in 10.",
        measured_when(forecast)
    )
}

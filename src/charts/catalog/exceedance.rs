//! The chance of at least so much of the figure: of a forecast, and of scenarios beside each other.

use crate::analysis::{Comparison, Side};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value;
use crate::charts::canvas::drawing::{Anchor, Drawing, Point, Rect, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::callout::{Callout, line};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::label_placement::Placer;
use crate::charts::marks::legend::{self, Key};
use crate::charts::marks::scenarios;
use crate::charts::marks::series_style::SeriesStyle;
use crate::charts::marks::target_line::{self, TargetLine};
use crate::charts::marks::top_labels;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::Subject;
use crate::charts::wording::words;
use crate::documents::Document;
use crate::forecast::{Forecast, Range};
use crate::scenario::Metric;
use crate::stats::Estimate;

/// The chart, laid out; `None` where the distribution is not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let distribution = forecast.main_distribution()?;
    let grid = &distribution.quantiles;
    let (&least, &most) = (grid.first()?, grid.last()?);
    if grid.iter().any(|value| !value.is_finite()) || !(most - least).is_finite() {
        return None;
    }
    let figures = Figures::Of(distribution.metric, &forecast.currency);
    let goals = target_line::single(forecast, &sheet, |period| period.label == distribution.period);

    let (mut drawing, top) = headline(forecast, &figures, least == most, &sheet).begin(forecast, size);
    let ends = target_line::extent((least, most), &goals);
    let Axes { plot, up, across } = Axes::draw(&mut drawing, top, &figures, ends);

    let curve = draw_curve(&mut drawing, &plot, grid, &across, &up);
    value::base_line(&mut drawing, &plot, &up);
    drawing.stroke(curve.clone(), style::MEDIAN, style::MEDIAN_WIDTH);
    write_caption(&mut drawing, &plot, distribution.metric);

    let named = named_percentiles(forecast, &figures, least == most)
        .into_iter()
        .map(|(chance, value, text)| ((across.at(value), up.at(chance)), text))
        .collect();
    let read = goals
        .into_iter()
        .filter_map(|goal| Some(((across.at(goal.level), up.at(goal.probability?.known())), goal)))
        .collect();
    draw_points(&mut drawing, &plot, &curve, named, read);
    Some(drawing)
}

/// The axes of curves of exceedance: chances upwards, levels across.
struct Axes {
    plot: Rect,
    up: Scale,
    across: Scale,
}

impl Axes {
    /// Draws the axes below `top`, from the lowest level to the highest.
    fn draw(drawing: &mut Drawing, top: f64, figures: &Figures<'_>, (low, high): (f64, f64)) -> Axes {
        let sheet = drawing.sheet;
        let chances: &[f64] = if sheet.is_preview() { &[0.0, 0.5, 1.0] } else { &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
        let labels: Vec<String> = chances.iter().map(|c| format!("{:.0}\u{A0}%", c * 100.0)).collect();
        let plot = frame::plot(&sheet, top, &labels, sheet.scaled(20.0));
        let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
        value::upwards(drawing, &plot, &up, chances, &labels);
        let pad = 0.03 * (high - low);
        let across = value::across(drawing, &plot, figures, (low, high), pad);
        if high > low {
            value::write_start(drawing, &plot, figures, low - pad);
        }
        Axes { plot, up, across }
    }
}

/// Writes below the axis across what its levels are; a preview has no room for it.
fn write_caption(drawing: &mut Drawing, plot: &Rect, metric: Metric) {
    let sheet = drawing.sheet;
    if !sheet.is_preview() {
        let caption = format!("{}: this much or more", words::capital(metric.name()));
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        drawing.text(Text::new(&caption, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
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
    read: Vec<(Point, TargetLine)>,
) {
    let sheet = drawing.sheet;
    let mut placer =
        Placer::new(Rect { left: plot.left + 6.0, top: plot.top - 4.0, right: plot.right, bottom: plot.bottom - 6.0 });
    for ((x, y), _) in read.iter().filter(|(at, _)| target_line::holds(plot, *at)) {
        drawing.stroke(vec![(*x, plot.bottom), (*x, *y)], style::TARGET, style::TARGET_WIDTH);
        placer.take(Rect { left: x - 3.0, top: *y, right: x + 3.0, bottom: plot.bottom });
    }
    for (at, _) in &read {
        placer.take(Rect::around(plot.nearest(*at), 9.0));
    }
    for (dot, _) in &named {
        placer.take(Rect::around(*dot, 7.0));
    }
    let cost = |rect: &Rect| if rect.grown(3.0).crossed_by(curve) { 400.0 } else { 0.0 };
    // Under the curve there is most room for targets; the named percentiles stand above it.
    for (at, goal) in &read {
        goal.callout(&sheet, plot, *at, (-0.9, 0.4)).write(drawing, &mut placer, cost);
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
        if !target_line::arrow_beyond(drawing, plot, at) {
            drawing.spot(at, 6.5, style::TARGET);
        }
    }
}

/// Values with the chance of at least that much, from the grid of quantiles at equal steps.
pub(super) fn points(grid: &[f64]) -> Vec<(f64, f64)> {
    let steps = (grid.len() + 1) as f64;
    grid.iter().enumerate().map(|(i, value)| (*value, 1.0 - (i + 1) as f64 / steps)).collect()
}

/// The named percentiles: the chance of at least that much, the value, and both in words. Where the figure is certain there is but one
/// value to name.
fn named_percentiles(forecast: &Forecast, figures: &Figures<'_>, certain: bool) -> Vec<(f64, f64, String)> {
    let bands = &forecast.main.bands;
    let reads = |found: Estimate| Some((found.value?, figures.about(found.value?, found.error)));
    match forecast.range() {
        Some(Range::Wide(range)) if !certain => {
            let named = range.at_least.into_iter().zip([bands.p10, bands.p50, bands.p90]);
            let named = named.filter_map(|((chance, words), found)| Some((chance, words, reads(found)?)));
            named.map(|(chance, words, (value, text))| (chance, value, format!("{words} {text}"))).collect()
        }
        _ => {
            let nearly = if certain { "in nearly every future" } else { "in at least 8 futures in 10" };
            reads(bands.p50).map(|(value, text)| (0.5, value, format!("{text} {nearly}"))).into_iter().collect()
        }
    }
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
    let about = |value: Option<f64>, error: Option<f64>| figures.about(value.unwrap_or_default(), error);
    if certain {
        let value = about(main.bands.p50.value, main.bands.p50.error);
        let every = words::in_nearly_every(forecast);
        return (format!("{subject} {when}: {value} {every}"), format!("{subject} {briefly}: {value}"));
    }
    let Some(Range::Wide(range)) = forecast.range() else {
        let value = about(main.bands.p50.value, main.bands.p50.error);
        return (
            format!("{subject} {when}: {value} in at least 8 futures in 10"),
            format!("{subject} {briefly}: {value}"),
        );
    };
    let least = about(main.bands.p10.value, main.bands.p10.error);
    let most = about(main.bands.p90.value, main.bands.p90.error);
    let [(_, low), _, (_, high)] = range.at_least;
    let title = format!("{subject} {when}: {low} {least}, {high} {most}");
    let brief = match low.strip_suffix(" of at least") {
        Some(chances) => {
            format!("{subject} {briefly}: {} of at least {least}", chances.replace(" chances in ", " in "))
        }
        None => format!("{subject} {briefly}: {low} {least}"),
    };
    (title, brief)
}

fn subtitle(forecast: &Forecast, sheet: &Sheet) -> String {
    let reached = format!("The chance of reaching each level of {}.", words::measured_when(forecast, sheet));
    if forecast.main.is_lumpy(forecast.manifest.trials) {
        return format!("{reached} Many futures come to just the same: there the curve falls steeply.");
    }
    reached
}

/// A scenario whose distribution is known.
struct Curve<'a> {
    look: SeriesStyle,
    side: &'a Side,
    grid: &'a [f64],
}

/// The chart, laid out; `None` where fewer than two distributions are known.
pub(super) fn comparison(found: &Document<Comparison>, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = scenarios::subject(found, &sheet);
    let figures = subject.amounts();
    let curves = curves(found);
    let all = curves.iter().flat_map(|curve| curve.grid).copied();
    let goal = goal(found, &subject);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if curves.len() < 2 || !(high - low).is_finite() {
        return None;
    }
    let (low, high) = target_line::extent((low, high), &goal);
    let on_axis = |value: f64| (low..=high).contains(&value);
    let (mut drawing, mut top) =
        comparison_headline(found, &subject, &curves, goal.as_ref()).begin(&found.header, size);
    let read: Vec<_> = curves.iter().map(|curve| reading(curve, goal.as_ref(), &subject)).collect();
    if !sheet.is_preview() {
        let keys = curves.iter().zip(&read).map(|(curve, read)| {
            let read = read.as_ref().map_or_else(String::new, |(_, text)| format!(": {text}"));
            Key::side(curve.look, &curve.side.label, &read)
        });
        let keys: Vec<Key> = keys.collect();
        top = legend::write(&mut drawing, &keys, top) + sheet.scaled(22.0);
        top += if goal.is_some() { top_labels::height(&sheet, 1) - sheet.scaled(12.0) } else { 0.0 };
    }
    let Axes { plot, up, across } = Axes::draw(&mut drawing, top, &figures, (low, high));
    value::base_line(&mut drawing, &plot, &up);
    let target = goal.as_ref().map(|goal| plot.nearest((across.at(goal.level), plot.top)).0);
    if let Some(x) = target.filter(|_| goal.as_ref().is_some_and(|goal| on_axis(goal.level))) {
        drawing.stroke(vec![(x, plot.bottom), (x, plot.top)], style::TARGET, style::TARGET_WIDTH);
    }
    for curve in &curves {
        curve.look.stroke(&mut drawing, curve.line(&across, &up));
    }
    write_caption(&mut drawing, &plot, found.figure.metric);
    let read = curves.iter().zip(&read).filter_map(|(curve, read)| Some((curve, read.as_ref()?.0)));
    for (curve, (value, chance)) in read.filter(|(_, (value, _))| on_axis(*value)) {
        drawing.spot((across.at(value), up.at(chance)), 5.0, curve.look.colour);
    }
    let flag = goal.zip(target).map(|(goal, x)| goal.flag(&sheet, x, on_axis(goal.level)));
    top_labels::write(&mut drawing, Vec::from_iter(flag), (sheet.margin, sheet.width - sheet.margin), plot.top);
    Some(drawing)
}

/// The scenarios whose distributions are known.
fn curves(found: &Document<Comparison>) -> Vec<Curve<'_>> {
    let curves = scenarios::drawn(found).filter_map(|(look, side)| {
        let grid = side.distribution.as_ref()?.quantiles.as_slice();
        (!grid.is_empty() && grid.iter().all(|x| x.is_finite())).then_some(Curve { look, side, grid })
    });
    curves.collect()
}

/// The first target of the figure in its period.
fn goal(found: &Document<Comparison>, subject: &Subject<'_>) -> Option<TargetLine> {
    let figure = &found.figure;
    let targets =
        found.sides.first()?.targets.iter().filter(|target| {
            target.metric == figure.metric && target.scope == figure.scope && target.at_least.is_finite()
        });
    let goals =
        target_line::of_one_period(targets, &subject.horizon(), &found.header.currency, subject.sheet, |period| {
            period.label == figure.period
        });
    goals.into_iter().next().map(|goal| TargetLine { probability: None, ..goal })
}

impl Curve<'_> {
    /// The chance of each level from 99.5 % to 0.5 %.
    fn line(&self, across: &Scale, up: &Scale) -> Vec<Point> {
        points(self.grid).into_iter().map(|(value, chance)| (across.at(value), up.at(chance))).collect()
    }

    /// The chance of at least `level`, as the scenario's own targets tell it.
    fn chance(&self, goal: &TargetLine, subject: &Subject<'_>) -> Option<Estimate> {
        let figure = subject.figure;
        let target = self.side.targets.iter().find(|target| {
            target.metric == figure.metric
                && target.scope == figure.scope
                && target.period == figure.period
                && target.at_least == goal.level
        })?;
        Some(target.probability)
    }
}

/// The chance of the target under each scenario, or else each one's median: where it is read off, and in words.
fn reading(curve: &Curve<'_>, goal: Option<&TargetLine>, subject: &Subject<'_>) -> Option<((f64, f64), String)> {
    match goal {
        Some(goal) => {
            let chance = curve.chance(goal, subject)?;
            Some(((goal.level, chance.known()), format!("{} futures", chance.chance())))
        }
        None => {
            let median = curve.side.bands.p50.value?;
            let text = format!("median {}", subject.amounts().about(median, curve.side.bands.p50.error));
            Some(((median, 0.5), text))
        }
    }
}

fn comparison_headline(
    found: &Document<Comparison>,
    subject: &Subject<'_>,
    curves: &[Curve<'_>],
    goal: Option<&TargetLine>,
) -> Headline {
    let sheet = subject.sheet;
    let (title, brief) = match goal {
        Some(goal) => {
            let chances: Vec<(&str, f64, Option<f64>)> = curves
                .iter()
                .filter_map(|curve| Some((curve.side.label.as_str(), curve.chance(goal, subject)?)))
                .map(|(label, chance)| (label, chance.known(), chance.error))
                .collect();
            let level = subject.amounts().exact(goal.level);
            let title = format!("Chance of {} of at least {level}", subject.measured_when());
            let brief = format!("Chance of {level}");
            scenarios::finding((&title, &brief), &Figures::Chance, &chances, sheet)
        }
        None => {
            let medians: Vec<(&str, f64, Option<f64>)> = curves
                .iter()
                .filter_map(|curve| {
                    Some((curve.side.label.as_str(), curve.side.bands.p50.value?, curve.side.bands.p50.error))
                })
                .collect();
            scenarios::finding((&subject.title(), &subject.brief()), &subject.amounts(), &medians, sheet)
        }
    };
    let beats = match found.differences.as_slice() {
        [only] => only.beats.higher.value.map(|_| {
            format!(
                " On the same draws {} is higher than {} in {} futures.",
                scenarios::named(&only.label, sheet),
                scenarios::named(&found.sides[0].label, sheet),
                only.beats.higher.chance()
            )
        }),
        _ => None,
    };
    let subtitle = format!(
        "The chance of reaching each level of {}; the farther to the right a curve lies, the more.{}{}",
        subject.measured_when(),
        beats.unwrap_or_default(),
        scenarios::left_out(found)
    );
    Headline { title, brief, subtitle }
}

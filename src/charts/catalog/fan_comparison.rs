//! Scenarios beside each other by month: the band that holds 8 futures in 10, and the median.

use jiff::civil::Date;

use super::fan::PlotArea;
use crate::analysis::{Comparison, Side};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::{Drawing, Point, Rect};
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::marks::as_of_line;
use crate::charts::marks::band::{Ribbon, values};
use crate::charts::marks::end_labels::{self, EndLabel, Key};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::label_placement::Placer;
use crate::charts::marks::scenarios;
use crate::charts::marks::series_style::SeriesStyle;
use crate::charts::marks::target_line::{self, TargetLine};
use crate::charts::wording::subject::Subject;
use crate::charts::wording::words;
use crate::documents::Document;
use crate::forecast::Series;
use crate::units::{Frequency, Horizon, Period};

/// A scenario by month.
struct Line<'a> {
    look: SeriesStyle,
    label: &'a str,
    series: &'a Series,
}

/// Each month by itself; `None` where fewer than two scenarios are known.
pub(super) fn monthly(found: &Document<Comparison>, size: Size) -> Option<Drawing> {
    layout(found, size, Frequency::Month)
}

/// Added up from the first month; `None` for levels, which do not add up.
pub(super) fn cumulative(found: &Document<Comparison>, size: Size) -> Option<Drawing> {
    found.figure.metric.is_flow().then(|| layout(found, size, Frequency::Cumulative))?
}

fn layout(found: &Document<Comparison>, size: Size, every: Frequency) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = scenarios::subject(found, &sheet);
    let figures = subject.amounts();
    let lines = lines(found, every);
    let months = found.header.months;
    let known = lines.iter().flat_map(|line| (0..months).filter_map(|month| values(line.series, month)));
    let known: Vec<[f64; 7]> = known.collect();
    if lines.len() < 2 || known.is_empty() {
        return None;
    }
    let goals = goals(found, &subject, every);
    let banded = lines.len() <= scenarios::MAX_BANDS;
    let ends = if banded { 1..6 } else { 3..4 };
    let all = known.iter().flat_map(|values| &values[ends.clone()]).copied();
    let (low, high) = all.fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x)));
    let (low, high) = target_line::extent((low, high), &goals);
    if !(high - low).is_finite() {
        return None;
    }
    let mut marks = marks(low, high, &sheet, figures.are_counts());
    marks.retain(|mark| *mark >= low && (*mark <= high || !sheet.is_preview()));
    let labels = figures.axis(&marks);

    let (mut drawing, top) = headline(found, &subject, &lines, every, banded)?.begin(&found.header, size);
    let plot = frame::plot(&sheet, top, &labels, end_labels::width_of(&sheet, lines.iter().map(|line| line.label)));
    let scale = Scale::new(extent(low, high, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let ground =
        PlotArea::new(Horizon { months, ..found.header.horizon() }, every == Frequency::Cumulative, plot, scale, sheet);
    ground.months.draw(&mut drawing, &plot);

    let ribbons: Vec<(&Line<'_>, Ribbon)> = lines.iter().map(|line| (line, ground.ribbon(line.series))).collect();
    if banded {
        for (line, ribbon) in &ribbons {
            ribbon.draw_veil(&mut drawing, line.look.colour);
        }
    }
    value::base_line(&mut drawing, &plot, &scale);
    let past = as_of(found).map(|day| (day, ground.past_end(found.header.months_known())));
    if let Some((day, x)) = past {
        as_of_line::draw(&mut drawing, &plot, x, (day, true));
    }
    for (line, points) in ribbons.iter().flat_map(|(line, ribbon)| ribbon.lines(3).map(move |points| (line, points))) {
        line.look.stroke(&mut drawing, points);
    }
    let ends = ribbons.iter().filter_map(|(line, ribbon)| Some((line, *ribbon.last()?)));
    let end = ends.clone().map(|(_, last)| last.x).fold(plot.left, f64::max);
    let labels = ends.map(|(line, last)| EndLabel {
        y: last.ys[3],
        text: end_labels::name(line.label, &sheet),
        key: Key::Side(line.look),
    });
    end_labels::write(&mut drawing, labels.collect(), &plot, Some(end));
    draw_goals(&mut drawing, &ground, &ribbons, goals, end);
    Some(drawing)
}

/// The as-of day that all scenarios share, where they have one.
fn as_of(found: &Document<Comparison>) -> Option<Date> {
    let day = found.header.as_of?;
    let written = |side: &Side| side.manifest.scenario.get("as_of").and_then(|day| day.as_str().map(str::to_owned));
    found.sides.iter().all(|side| written(side) == Some(day.to_string())).then_some(day)
}

/// The scenarios of which any month is known.
fn lines(found: &Document<Comparison>, every: Frequency) -> Vec<Line<'_>> {
    let figure = &found.figure;
    scenarios::drawn(found)
        .filter_map(|(look, side)| {
            let wanted = |series: &&Series| {
                series.every == every && series.metric == figure.metric && series.scope == figure.scope
            };
            let series = side.series.iter().find(wanted)?;
            (0..found.header.months).any(|month| values(series, month).is_some()).then_some(())?;
            Some(Line { look, label: &side.label, series })
        })
        .collect()
}

/// The targets of the first scenario that have a place among the months.
fn goals(found: &Document<Comparison>, subject: &Subject<'_>, every: Frequency) -> Vec<TargetLine> {
    let figure = &found.figure;
    let flow = figure.metric.is_flow();
    let shown = |period: &Period| match every {
        Frequency::Cumulative => period.months.start == 0,
        _ => !flow || period.months.len() == 1,
    };
    let targets = found.sides.iter().take(1).flat_map(|side| &side.targets);
    let targets = targets
        .filter(|target| target.metric == figure.metric && target.scope == figure.scope && target.at_least.is_finite());
    let goals = target_line::of_one_period(targets, &subject.horizon(), &found.header.currency, subject.sheet, shown);
    // Its chance differs from scenario to scenario.
    goals.into_iter().map(|goal| TargetLine { probability: None, ..goal }).collect()
}

/// A diamond for each target, and its name where it covers least.
fn draw_goals(
    drawing: &mut Drawing,
    ground: &PlotArea,
    ribbons: &[(&Line<'_>, Ribbon)],
    goals: Vec<TargetLine>,
    end: f64,
) {
    let (plot, sheet) = (&ground.plot, drawing.sheet);
    let bounds = Rect { left: plot.left + 6.0, top: plot.top - 8.0, right: end, bottom: plot.bottom - 4.0 };
    let mut placer = Placer::new(bounds);
    let points: Vec<Point> = goals.iter().map(|goal| (ground.x(goal.month), ground.scale.at(goal.level))).collect();
    for point in &points {
        placer.take(Rect::around(plot.nearest(*point), 9.0));
    }
    let cost = |rect: &Rect| ribbons.iter().map(|(_, ribbon)| 800.0 * ribbon.covers(rect)).sum();
    for (goal, point) in goals.iter().zip(&points) {
        goal.callout(&sheet, plot, *point, (-0.8, -0.6)).write(drawing, &mut placer, cost);
    }
    for point in points {
        if !target_line::arrow_beyond(drawing, plot, point) {
            drawing.diamond(point, 7.0, style::TARGET);
        }
    }
}

fn headline(
    found: &Document<Comparison>,
    subject: &Subject<'_>,
    lines: &[Line<'_>],
    every: Frequency,
    banded: bool,
) -> Option<Headline> {
    let (head, figure, sheet) = (&found.header, &found.figure, subject.sheet);
    let last = head.start.plus(head.months.checked_sub(1)?);
    let named = words::subject_named(figure.metric, &figure.scope, &figure.label, sheet);
    let (when, briefly, by) = match every {
        Frequency::Cumulative => (
            format!("{named} by the end of {}", last.name()),
            format!("{named} by {}", words::brief_month(last)),
            format!("added up from the start of {}", head.start.name()),
        ),
        _ if figure.metric.is_flow() => (
            format!("{named} in {}", last.name()),
            format!("{named} in {}", words::brief_month(last)),
            "by month".to_owned(),
        ),
        _ => (
            format!("{named} at the end of {}", last.name()),
            format!("{named} end of {}", words::brief_month(last)),
            "at the end of each month".to_owned(),
        ),
    };
    let at = |column: &[Option<f64>]| column.get(head.months - 1).copied().flatten().filter(|x| x.is_finite());
    let levels: Vec<(&str, f64, Option<f64>)> = lines
        .iter()
        .filter_map(|line| Some((line.label, at(&line.series.bands.p50.value)?, at(&line.series.bands.p50.error))))
        .collect();
    let (title, brief) = scenarios::finding((&when, &briefly), &subject.amounts(), &levels, sheet);
    let drawn = if banded {
        "Thick: the median; band: 8 futures in 10 (P10 to P90), at any one month."
    } else {
        "Medians: half of the outcomes fall below, half above, at any one month."
    };
    let measured = words::capital(&subject.measured());
    let subtitle = format!("{measured} {by}, on the same draws. {drawn}{}", scenarios::left_out(found));
    Some(Headline { title, brief, subtitle })
}

//! How the futures of the main figure spread.

use crate::charts::axes::ticks::{Scale, ticks};
use crate::charts::axes::value;
use crate::charts::canvas::drawing::{Drawing, Rect};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::callout::line;
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::target_line::{self, TargetLine};
use crate::charts::marks::top_labels::{self, TopLabel};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::{Forecast, Histogram, Range};
use crate::units::thousands;

/// The chart, laid out; `None` where the distribution is not known.
pub(super) fn layout(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let distribution = forecast.main_distribution()?;
    let figures = Figures::Of(distribution.metric, &forecast.currency);
    let (&least, &most) = (distribution.quantiles.first()?, distribution.quantiles.last()?);
    let certain = least == most;
    let whole = figures.are_counts() && distribution.histogram.width < 1.0;
    let mut bars = bars(&distribution.histogram, whole);
    let (low, high) = if certain { (least, least) } else { (bars.first()?.from, bars.last()?.to) };
    let highest = if certain {
        bars.iter().map(|bar| bar.futures).sum()
    } else {
        bars.iter().map(|bar| bar.futures).max().unwrap_or(0)
    };
    if highest == 0 || !(high - low).is_finite() {
        return None;
    }
    let goals = target_line::in_order(forecast, &sheet, &distribution.period);

    let (mut drawing, top) = headline(forecast, &figures, &goals, certain, &sheet).begin(forecast, size);
    let marks = ticks(0.0, highest as f64, sheet.steps_up, true);
    let labels = futures(&marks, &sheet);
    let top = top + top_labels::height(&sheet, 2);
    let plot = frame::plot(&sheet, top, &labels, sheet.scaled(20.0));
    let end = if sheet.is_preview() { highest as f64 } else { marks.last().copied()? };
    let up = Scale::new((0.0, end), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &up, &marks, &labels);

    let (from, to) = target_line::extent((low, high), &goals);
    let pad = if certain { 0.2 } else { 0.02 } * (to - from);
    let across = value::across(&mut drawing, &plot, &figures, (from, to), pad);
    if !certain {
        value::write_start(&mut drawing, &plot, &figures, from - pad);
    }
    if certain {
        bars = vec![alone(least, highest, if to > from { to - from } else { 1.0_f64.max(least.abs()) })];
    }
    // A whole number that is the target reaches it with its whole bar.
    let cut = goals.first().map(|goal| if whole { goal.level.ceil() - 0.5 } else { goal.level });
    draw_bars(&mut drawing, &bars, &across, &up, cut);
    value::base_line(&mut drawing, &plot, &up);

    let named = percentiles(forecast, &figures, certain, &sheet);
    let shown = goals.iter().map(|goal| {
        let (x, _) = plot.nearest((across.at(goal.level), plot.top));
        goal.flag(&sheet, x, (from..=to).contains(&goal.level))
    });
    let stems = named.into_iter().map(|(value, flag)| (across.at(value), flag));
    write_flags(&mut drawing, &plot, stems.map(|(x, flag)| TopLabel { x, ..flag }).collect(), shown.collect());
    Some(drawing)
}

/// The one bar of a figure that is certain, narrow against what the axis spans.
fn alone(value: f64, futures: u64, span: f64) -> Bar {
    Bar { from: value - 0.06 * span, to: value + 0.06 * span, futures }
}

/// Labels of the axis of futures; a preview has none.
fn futures(marks: &[f64], sheet: &Sheet) -> Vec<String> {
    if sheet.is_preview() {
        return Vec::new();
    }
    let mut labels: Vec<String> = marks.iter().map(|mark| thousands(*mark)).collect();
    if let Some(label) = labels.last_mut() {
        label.push_str(" futures");
    }
    labels
}

/// Draws the bars, those that reach the target darker than the others.
fn draw_bars(drawing: &mut Drawing, bars: &[Bar], across: &Scale, up: &Scale, target: Option<f64>) {
    let (misses, reaches) = (style::BANDS[1], style::BANDS[2]);
    let mut draw = |bar: Option<Bar>, fill| {
        let Some(bar) = bar.filter(|bar| bar.futures > 0) else { return };
        let (left, right) = (across.at(bar.from), across.at(bar.to));
        // A gap between bars, where they are not as narrow as one.
        let gap = if right - left > 4.0 { 1.0 } else { 0.0 };
        let rect = Rect { left, right: right - gap, top: up.at(bar.futures as f64), bottom: up.at(0.0) };
        drawing.area(rect.corners(), fill);
    };
    for bar in bars {
        let (below, above) = target.map_or((None, Some(*bar)), |level| bar.split(level));
        draw(below, misses);
        draw(above, reaches);
    }
}

/// P10, P50 and P90, each with its value; of a certain figure the one value.
fn percentiles(forecast: &Forecast, figures: &Figures<'_>, certain: bool, sheet: &Sheet) -> Vec<(f64, TopLabel)> {
    let bands = &forecast.main.bands;
    let all = [("P10", bands.p10), ("P50", bands.p50), ("P90", bands.p90)];
    all.into_iter()
        .filter(|(name, _)| !certain || *name == "P50")
        .filter_map(|(name, found)| {
            let value = found.value.filter(|x| x.is_finite())?;
            let name = if certain { "nearly every future" } else { name };
            let lines = vec![line(name, sheet).bold(), line(&figures.about(value, found.error), sheet)];
            Some((value, TopLabel { x: 0.0, lines, ink: style::INK, leader: Some(style::MEDIAN) }))
        })
        .collect()
}

/// Writes the flags of the percentiles, and those of the targets for which there is room, and their lines through the bars.
fn write_flags(drawing: &mut Drawing, plot: &Rect, percentiles: Vec<TopLabel>, targets: Vec<TopLabel>) {
    let sheet = drawing.sheet;
    let mut flags = percentiles;
    let mut used: f64 = flags.iter().map(|flag| top_labels::width(&sheet, flag)).sum();
    for flag in targets {
        used += top_labels::width(&sheet, &flag);
        if used <= plot.width() {
            flags.push(flag);
        }
    }
    for flag in &flags {
        let (width, colour) = match flag.leader {
            Some(style::TARGET) => (style::TARGET_WIDTH, style::TARGET),
            Some(colour) => (1.5, colour),
            None => continue,
        };
        drawing.stroke(vec![(flag.x, plot.bottom), (flag.x, plot.top)], colour, width);
    }
    top_labels::write(drawing, flags, (plot.left, plot.right), plot.top);
}

fn headline(
    forecast: &Forecast,
    figures: &Figures<'_>,
    goals: &[TargetLine],
    certain: bool,
    sheet: &Sheet,
) -> Headline {
    let main = &forecast.main;
    let horizon = forecast.horizon();
    let subject = words::subject(forecast, sheet);
    let when = words::when(&horizon, &main.period, main.metric);
    let briefly = words::briefly_when(&horizon, &main.period, main.metric);
    let median = figures.about(main.bands.p50.value.unwrap_or_default(), main.bands.p50.error);
    let (title, brief) = match (goals.first(), forecast.range()) {
        (Some(goal), _) => {
            let (chance, level) = (goal.probability.unwrap_or_default().chance(), figures.exact(goal.level));
            (
                format!("{subject} {when}: {chance} futures reach the target of {level}"),
                format!("{subject} {briefly}: {chance} reach {level}"),
            )
        }
        (None, Some(Range::Wide(range))) if !certain => (
            format!("{subject} {when}: about {median}; {}", range.between),
            format!("{subject} {briefly}: about {median}"),
        ),
        (None, Some(Range::Same(same))) if !certain => {
            (format!("{subject} {when}: {same}"), format!("{subject} {briefly}: {median}"))
        }
        _ => (
            format!("{subject} {when}: {median} {}", words::in_nearly_every(forecast)),
            format!("{subject} {briefly}: {median}"),
        ),
    };
    Headline { title, brief, subtitle: subtitle(forecast, figures, goals, sheet) }
}

fn subtitle(forecast: &Forecast, figures: &Figures<'_>, goals: &[TargetLine], sheet: &Sheet) -> String {
    let measured = words::measured_when(forecast, sheet);
    let mut text = format!("How many of the simulated futures bring how much: {measured}.");
    let bars = forecast.main_distribution().map(|found| (found.quantiles.first(), found.quantiles.last()));
    if let (Some(goal), Some((Some(least), Some(most)))) = (goals.first(), bars)
        && *least < goal.level
        && goal.level <= *most
    {
        text.push_str(&format!(" Darker: {} or more.", figures.exact(goal.level)));
    }
    if forecast.main_distribution().is_some_and(|found| found.histogram.below + found.histogram.above > 0) {
        text.push_str(" The outermost futures are not drawn.");
    }
    text
}

/// A bar of a histogram, from one value to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) from: f64,
    pub(super) to: f64,
    /// The futures in it.
    pub(super) futures: u64,
}

/// The bars of a histogram. Of what is counted in whole numbers (`whole`) each number has a bar of its own where the bins
/// are narrower than that; otherwise they would stand apart like the teeth of a comb.
pub(super) fn bars(histogram: &Histogram, whole: bool) -> Vec<Bar> {
    let Histogram { from, width, .. } = *histogram;
    let bins = histogram.counts.iter().enumerate();
    let edge = |i: usize| from + width * i as f64;
    if !whole || width >= 1.0 {
        return bins.map(|(i, futures)| Bar { from: edge(i), to: edge(i + 1), futures: *futures }).collect();
    }
    let mut found: Vec<Bar> = Vec::new();
    for (i, futures) in bins.filter(|(_, futures)| **futures > 0) {
        // A number at an edge may have come to lie on either side of it.
        let number = (edge(i) - 1e-6).ceil();
        match found.last_mut() {
            Some(bar) if bar.from == number - 0.5 => bar.futures += futures,
            _ => found.push(Bar { from: number - 0.5, to: number + 0.5, futures: *futures }),
        }
    }
    found
}

impl Bar {
    /// What of the bar lies below `level`, and what at or above it.
    pub(super) fn split(self, level: f64) -> (Option<Bar>, Option<Bar>) {
        if level <= self.from {
            (None, Some(self))
        } else if level >= self.to {
            (Some(self), None)
        } else {
            (Some(Bar { to: level, ..self }), Some(Bar { from: level, ..self }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(from: f64, width: f64, counts: &[u64]) -> Histogram {
        Histogram { from, width, counts: counts.to_vec(), below: 0, above: 0 }
    }

    #[test]
    fn each_bin_has_its_bar() {
        let found = bars(&histogram(10.0, 2.5, &[1, 0, 4]), true);
        assert_eq!(found[2], Bar { from: 15.0, to: 17.5, futures: 4 });
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn whole_numbers_have_bars_of_their_own() {
        let found = bars(&histogram(2.0, 0.25, &[5, 0, 0, 0, 7, 0, 0, 0]), true);
        assert_eq!(found, [Bar { from: 1.5, to: 2.5, futures: 5 }, Bar { from: 2.5, to: 3.5, futures: 7 }]);
        assert_eq!(bars(&histogram(2.0, 0.25, &[5, 0]), false).len(), 2);
    }

    #[test]
    fn a_bar_is_cut_where_the_target_lies() {
        let bar = Bar { from: 1.0, to: 2.0, futures: 3 };
        assert_eq!(bar.split(0.5), (None, Some(bar)));
        assert_eq!(bar.split(2.0), (Some(bar), None));
        assert_eq!(bar.split(1.5), (Some(Bar { to: 1.5, ..bar }), Some(Bar { from: 1.5, ..bar })));
    }
}

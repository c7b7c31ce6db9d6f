//! Scenarios beside each other: the chance of at least so much of the figure.

use super::amounts;
use super::axis::Scale;
use super::drawing::{Anchor, Drawing, Point, Text};
use super::exceedance::points;
use super::figures::Figures;
use super::flags;
use super::frame::{self, Headline};
use super::keys::{self, Key};
use super::sides::{self, Look};
use super::size::Size;
use super::style;
use super::subject::Subject;
use super::targets::{self, Goal};
use super::words;
use crate::analysis::{Comparison, Side};
use crate::forecast::Known;

/// A scenario whose distribution is known.
struct Curve<'a> {
    look: Look,
    side: &'a Side,
    grid: &'a [f64],
}

/// The chart, laid out; `None` where fewer than two distributions are known.
pub(super) fn layout(found: &Comparison, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = sides::subject(found, &sheet);
    let figures = subject.amounts();
    let curves = curves(found);
    let all = curves.iter().flat_map(|curve| curve.grid).copied();
    let goal = goal(found, &subject);
    let all = all.chain(goal.iter().map(|goal| goal.level));
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if curves.len() < 2 || !(high - low).is_finite() {
        return None;
    }
    let (mut drawing, mut top) = headline(found, &subject, &curves, goal.as_ref()).begin(&found.head, size);
    let read: Vec<_> = curves.iter().map(|curve| reading(curve, goal.as_ref(), &subject)).collect();
    if !sheet.is_preview() {
        let keys = curves.iter().zip(&read).map(|(curve, read)| {
            let read = read.as_ref().map_or_else(String::new, |(_, text)| format!(": {text}"));
            Key::side(curve.look, &curve.side.label, &read)
        });
        let keys: Vec<Key> = keys.collect();
        top = keys::write(&mut drawing, &keys, top) + sheet.scaled(22.0);
        top += if goal.is_some() { flags::height(&sheet, 1) - sheet.scaled(12.0) } else { 0.0 };
    }
    let chances: &[f64] = if sheet.is_preview() { &[0.0, 0.5, 1.0] } else { &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
    let labels: Vec<String> = chances.iter().map(|c| format!("{:.0}\u{A0}%", c * 100.0)).collect();
    let plot = frame::plot(&sheet, top, &labels, sheet.scaled(20.0));
    let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
    frame::value_axis(&mut drawing, &plot, &up, chances, &labels);
    let across = amounts::axis(&mut drawing, &plot, &figures, (low, high), 0.03 * (high - low));
    frame::base_line(&mut drawing, &plot, &up);
    let target = goal.as_ref().map(|goal| across.at(goal.level));
    if let Some(x) = target {
        drawing.stroke(vec![(x, plot.bottom), (x, plot.top)], style::TARGET, style::TARGET_WIDTH);
    }
    for curve in &curves {
        curve.look.stroke(&mut drawing, curve.line(&across, &up));
    }
    if !sheet.is_preview() {
        let caption = format!("{}: this much or more", words::capital(found.figure.metric.name()));
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        drawing.text(Text::new(&caption, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
    for (curve, (value, chance)) in curves.iter().zip(&read).filter_map(|(curve, read)| Some((curve, read.as_ref()?.0)))
    {
        drawing.spot((across.at(value), up.at(chance)), 5.0, curve.look.colour);
    }
    let flag = goal.zip(target).map(|(goal, x)| goal.flag(&sheet, x, true));
    flags::write(&mut drawing, Vec::from_iter(flag), (sheet.margin, sheet.width - sheet.margin), plot.top);
    Some(drawing)
}

/// The scenarios whose distributions are known.
fn curves(found: &Comparison) -> Vec<Curve<'_>> {
    let curves = sides::drawn(found).filter_map(|(look, side)| {
        let grid = side.distribution.as_ref()?.quantiles.as_slice();
        (!grid.is_empty() && grid.iter().all(|x| x.is_finite())).then_some(Curve { look, side, grid })
    });
    curves.collect()
}

/// The first target of the figure in its period.
fn goal(found: &Comparison, subject: &Subject<'_>) -> Option<Goal> {
    let figure = &found.figure;
    let targets =
        found.sides.first()?.targets.iter().filter(|target| {
            target.metric == figure.metric && target.scope == figure.scope && target.at_least.is_finite()
        });
    let goals = targets::of_one_period(targets, &subject.horizon(), &found.head.currency, subject.sheet, |period| {
        period.label == figure.period
    });
    goals.into_iter().next().map(|goal| Goal { probability: None, ..goal })
}

impl Curve<'_> {
    /// The chance of each level from 99.5 % to 0.5 %.
    fn line(&self, across: &Scale, up: &Scale) -> Vec<Point> {
        points(self.grid).into_iter().map(|(value, chance)| (across.at(value), up.at(chance))).collect()
    }

    /// The chance of at least `level`, as the scenario's own targets tell it.
    fn chance(&self, goal: &Goal, subject: &Subject<'_>) -> Option<f64> {
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
fn reading(curve: &Curve<'_>, goal: Option<&Goal>, subject: &Subject<'_>) -> Option<((f64, f64), String)> {
    match goal {
        Some(goal) => {
            let chance = curve.chance(goal, subject)?;
            Some(((goal.level, chance), format!("{} futures", words::in_hundred(chance))))
        }
        None => {
            let median = curve.side.bands.p50?;
            let half =
                format!("5 chances in 10 of at least {}", subject.amounts().about(median, curve.side.errors.p50));
            Some(((median, 0.5), half))
        }
    }
}

fn headline(found: &Comparison, subject: &Subject<'_>, curves: &[Curve<'_>], goal: Option<&Goal>) -> Headline {
    let sheet = subject.sheet;
    let (title, brief) = match goal {
        Some(goal) => {
            let chances: Vec<(&str, f64, Known)> = curves
                .iter()
                .filter_map(|curve| Some((curve.side.label.as_str(), curve.chance(goal, subject)?, None)))
                .collect();
            let level = subject.amounts().exact(goal.level);
            let title = format!("Chance of {} of at least {level}", subject.measured_when());
            let brief = format!("Chance of {level}");
            sides::finding((&title, &brief), &Figures::Chance, &chances, sheet)
        }
        None => {
            let medians: Vec<(&str, f64, Known)> = curves
                .iter()
                .filter_map(|curve| Some((curve.side.label.as_str(), curve.side.bands.p50?, curve.side.errors.p50)))
                .collect();
            sides::finding((&subject.title(), &subject.brief()), &subject.amounts(), &medians, sheet)
        }
    };
    let beats = match found.differences.as_slice() {
        [only] => only.beats.higher.value.map(|higher| {
            format!(
                " On the same draws {} is higher than {} in {} futures.",
                sides::named(&only.label, sheet),
                sides::named(&found.sides[0].label, sheet),
                words::in_hundred(higher)
            )
        }),
        _ => None,
    };
    let subtitle = format!(
        "The chance of reaching each level of {}; the farther to the right a curve lies, the more.{}{}",
        subject.measured_when(),
        beats.unwrap_or_default(),
        sides::left_out(found)
    );
    Headline { title, brief, subtitle }
}

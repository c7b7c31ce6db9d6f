//! What was searched for: a statistic against what is varied, and where it reaches what is wanted.

use crate::analysis::{GoalStatistic, How, Outcome, Root, Solution};
use crate::charts::axes::ticks::{Scale, ticks};
use crate::charts::axes::value;
use crate::charts::canvas::drawing::{Anchor, Drawing, Point, Rect, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::short_name;
use crate::charts::marks::callout::{Callout, line};
use crate::charts::marks::end_labels::{self, EndLabel, Key};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::label_placement::Placer;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::{Subject, known};
use crate::charts::wording::words;
use crate::documents::Document;

/// How many standard errors lie between an estimate and the ends of its 95 % interval.
const ERRORS_OF_95_PERCENT: f64 = 1.96;

/// A solution, and how its two axes are written.
struct Search<'a> {
    found: &'a Document<Solution>,
    subject: Subject<'a>,
    /// How what is varied is written.
    varied: Figures<'a>,
    /// How the statistic is written.
    reached: Figures<'a>,
    /// The level that is wanted.
    level: f64,
}

/// The chart, laid out; `None` where fewer than two points of the curve are known.
pub(super) fn layout(found: &Document<Solution>, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let search = Search::new(found, &sheet);
    let curve: Vec<(f64, f64, Option<f64>)> = found
        .curve
        .iter()
        .filter(|point| point.at.is_finite())
        .filter_map(|point| known(&point.statistic).map(|(value, error)| (point.at, value, error)))
        .collect();
    if curve.len() < 2 || !search.level.is_finite() {
        return None;
    }
    let root = search.root();
    let now = found.varied.now.filter(|x| x.is_finite());
    let before = now.zip(known(&found.before).map(|(value, _)| value));

    let ends = root.and_then(|(_, root)| Some([root.low?, root.high?]));
    let at = curve.iter().map(|point| point.0).chain(root.map(|(x, _)| x)).chain(now).chain(ends.into_iter().flatten());
    let (left, right) = extent(at)?;
    let values = curve.iter().map(|point| point.1).chain([search.level]).chain(before.map(|(_, value)| value));
    let (low, high) = extent(values)?;

    let (mut drawing, top) = search.headline().begin(&found.header, size);
    let marks = match search.reached {
        Figures::Chance if sheet.is_preview() => vec![0.0, 0.5, 1.0],
        Figures::Chance => vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
        _ => ticks(low, high, sheet.steps_up, search.reached.are_counts()),
    };
    let labels = search.reached.axis(&marks);
    let wanted = format!("wanted: {}", search.reached.exact(search.level));
    let plot = frame::plot(&sheet, top, &labels, end_labels::width_of(&sheet, [wanted.as_str()].into_iter()));
    let (low, high) = extent(marks.iter().copied().chain([low, high]))?;
    let up = Scale::new(if high > low { (low, high) } else { (low, low + 1.0) }, (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &up, &marks, &labels);
    let across = value::across(&mut drawing, &plot, &search.varied, (left, right), 0.04 * (right - left));
    drawing.stroke(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], style::AXIS_LINE, 1.5);
    if !sheet.is_preview() {
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        drawing.text(Text::new(&search.caption(), at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }

    let y = up.at(search.level);
    drawing.stroke(vec![(plot.left, y), (plot.right, y)], style::TARGET, style::TARGET_WIDTH);
    let line: Vec<Point> = curve.iter().map(|(at, value, _)| (across.at(*at), up.at(*value))).collect();
    draw_errors(&mut drawing, &curve, (&across, &up), &plot);
    drawing.stroke(line.clone(), style::MEDIAN, style::MEDIAN_WIDTH);
    for point in &line {
        drawing.disc(*point, 3.0 * sheet.weight, style::MEDIAN);
    }
    let place = |x: f64, value: f64| (across.at(x), up.at(value));
    let now = before.map(|(x, value)| place(x, value));
    let root = root.map(|(x, root)| (place(x, search.given(root).0), ends.map(|ends| ends.map(|x| across.at(x)))));
    search.draw_places(&mut drawing, (&plot, y), &line, now, root);
    end_labels::write(&mut drawing, vec![EndLabel { y, text: wanted, key: Key::Target }], &plot, Some(plot.right));
    Some(drawing)
}

/// From the least to the greatest, where their distance is a number.
fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    (high - low).is_finite().then_some((low, high))
}

/// The 95 % interval of the statistic along the curve.
fn draw_errors(drawing: &mut Drawing, curve: &[(f64, f64, Option<f64>)], (across, up): (&Scale, &Scale), plot: &Rect) {
    let side = |by: f64| {
        curve.iter().map(move |(at, value, error)| {
            let y = up.at(value + by * error.unwrap_or(0.0));
            (across.at(*at), y.max(plot.top).min(plot.bottom))
        })
    };
    drawing.veil(side(ERRORS_OF_95_PERCENT).chain(side(-ERRORS_OF_95_PERCENT).rev()).collect(), style::MEDIAN);
}

impl<'a> Search<'a> {
    fn new(found: &'a Document<Solution>, sheet: &'a Sheet) -> Search<'a> {
        let subject = Subject { head: &found.header, figure: &found.figure, sheet };
        let varied = match found.varied.how {
            How::Factor => Figures::Factor(&found.header.currency),
            How::Value => {
                let path = found.varied.fields.first().map(|field| &field.path).or(found.varied.paths.first());
                Figures::of_field(path.map_or("", |path| path), &found.header.currency)
            }
        };
        let reached = match found.wanted {
            GoalStatistic::Probability(_) => Figures::Chance,
            GoalStatistic::Mean(_) | GoalStatistic::Percentile { .. } => subject.amounts(),
        };
        let level = found.wanted.level();
        Search { found, subject, varied, reached, level }
    }

    fn root(&self) -> Option<(f64, &'a Root)> {
        match &self.found.outcome {
            Outcome::Root(root) => known(&root.value).map(|(x, _)| (x, root)),
            Outcome::Unreachable { .. } => None,
        }
    }

    /// What is varied, with as much of its name as there is room for.
    fn what(&self, size: f64, bold: bool, room: f64) -> String {
        match self.found.varied.fields.as_slice() {
            [only] => format!("“{}”", short_name(&only.label, size, bold, room)),
            [] => "the input".to_owned(),
            _ => short_name(&self.found.varied.name(), size, bold, room),
        }
    }

    /// The caption of the axis across: what is varied, as a factor or as a value.
    fn caption(&self) -> String {
        let sheet = self.subject.sheet;
        let what = words::capital(&self.what(sheet.axis, false, 0.5 * sheet.room()));
        match self.found.varied.how {
            How::Factor => format!("{what}, times this factor"),
            How::Value => format!("{what} at this value"),
        }
    }

    /// The statistic at the root with how it is written: as wanted, or, where it jumps past that, what it jumps to.
    fn given(&self, root: &Root) -> (f64, String) {
        match known(&root.reached).filter(|_| self.found.jumps(root)) {
            Some((value, error)) => (value, self.reached.about(value, error)),
            None => (self.level, self.reached.exact(self.level)),
        }
    }

    /// What is wanted, or given: "an 80 % chance of “Year 1”", "a mean of €18M of total bookings in 2027".
    fn named(&self, level: &str) -> String {
        match self.found.wanted {
            GoalStatistic::Probability(_) => match &self.found.figure.target {
                Some(_) => format!("{} a chance of {level}", self.subject.brief()),
                None => format!("a chance of {level}"),
            },
            GoalStatistic::Mean(_) => format!("a mean of {level} of {}", self.subject.measured_when()),
            GoalStatistic::Percentile { p, .. } => {
                format!("a P{:.0} of {level} of {}", 100.0 * p, self.subject.measured_when())
            }
        }
    }

    /// Where things stand now, and where they would have to.
    fn draw_places(
        &self,
        drawing: &mut Drawing,
        (plot, wanted_at): (&Rect, f64),
        curve: &[Point],
        now: Option<Point>,
        root: Option<(Point, Option<[f64; 2]>)>,
    ) {
        let sheet = drawing.sheet;
        let mut placer = Placer::new(Rect {
            left: plot.left + 6.0,
            top: plot.top - 4.0,
            right: plot.right,
            bottom: plot.bottom - 8.0,
        });
        let wanted = root.map(|(at, _)| at);
        for ((x, y), ink) in now.map(|at| (at, style::QUIET)).into_iter().chain(wanted.map(|at| (at, style::TARGET))) {
            drawing.dashed(&[(x, y), (x, plot.bottom)], ink, 1.5);
            placer.take(Rect { left: x - 4.0, top: y - 8.0, right: x + 4.0, bottom: plot.bottom });
            placer.take(Rect::around((x, y), 8.0));
        }
        if let Some((_, ends)) = root {
            placer.take(Rect { top: wanted_at - 2.0, bottom: wanted_at + 2.0, ..*plot });
            if let Some([from, to]) = ends {
                // Thick along the axis, so that it is seen however narrow it is.
                drawing.stroke(vec![(from, plot.bottom), (to, plot.bottom)], style::TARGET, 5.0);
            }
        }
        let cost = |rect: &Rect| if rect.grown(4.0).crossed_by(curve) { 400.0 } else { 0.0 };
        let at = |text: String| line(&text, &sheet);
        if let (Some(point), Some((x, root))) = (wanted, self.root()) {
            let mut lines = vec![at(self.varied.about(x, root.value.error)).bold()];
            let interval = root
                .low
                .zip(root.high)
                .and_then(|(low, high)| self.varied.range((low, root.value.error), (high, root.value.error)));
            lines.extend(interval.map(|interval| at(format!("95\u{A0}% interval: {interval}"))));
            Callout { point, lines, ink: style::TARGET, leader: style::TARGET, toward: (0.7, 0.7) }.write(
                drawing,
                &mut placer,
                cost,
            );
        }
        if let (Some(point), Some(x), Some((value, error))) = (now, self.found.varied.now, known(&self.found.before)) {
            let reached = self.reached.about(value, error);
            let lines = vec![at(match self.found.varied.how {
                How::Factor => format!("now: {reached}"),
                How::Value => format!("now, at {}: {reached}", self.varied.about(x, None)),
            })];
            Callout { point, lines, ink: style::QUIET, leader: style::QUIET, toward: (-0.7, -0.7) }.write(
                drawing,
                &mut placer,
                cost,
            );
        }
        for (at, fill) in now.map(|at| (at, style::QUIET)).into_iter().chain(wanted.map(|at| (at, style::TARGET))) {
            drawing.spot(at, 6.0, fill);
        }
    }

    fn headline(&self) -> Headline {
        let sheet = self.subject.sheet;
        let found = self.found;
        let what = self.what(sheet.title, true, sheet.room() * if sheet.is_preview() { 0.5 } else { 0.4 });
        let times = match found.varied.how {
            How::Factor => "times",
            How::Value => "at",
        };
        let written = |x: f64, error: Option<f64>| match found.varied.how {
            How::Factor => self.varied.about(x, error).trim_end_matches('×').to_owned(),
            How::Value => self.varied.about(x, error),
        };
        let now = found.varied.now.zip(known(&found.before)).map(|(x, (value, error))| {
            let reached = self.reached.about(value, error);
            match found.varied.how {
                How::Factor => format!("now {reached}"),
                How::Value => format!("now {reached} at {}", self.varied.about(x, None)),
            }
        });
        let (title, short, brief) = match &found.outcome {
            Outcome::Root(root) => {
                let value =
                    root.value.value.map_or_else(|| "an unknown value".to_owned(), |x| written(x, root.value.error));
                let (_, level) = self.given(root);
                (
                    format!("{} {times} {value} gives {}", words::capital(&what), self.named(&level)),
                    format!("{} {times} {value} gives {level}", words::capital(&what)),
                    format!("{level} takes {what} {times} {value}"),
                )
            }
            Outcome::Unreachable { at_low, at_high } => {
                let tried = self.varied.range((found.varied.low, None), (found.varied.high, None));
                let tried = tried.map(|range| format!(" from {range}")).unwrap_or_default();
                let ends = [at_low, at_high].map(|end| known(end).map(|(x, error)| self.reached.about(x, error)));
                let between = match ends {
                    [Some(low), Some(high)] => format!("; the ends give {low} and {high}"),
                    _ => String::new(),
                };
                let factor = if found.varied.how == How::Factor { "factor on" } else { "value of" };
                let level = self.reached.exact(self.level);
                let none = format!("No {factor} {what}{tried} gives {}", self.named(&level));
                (
                    format!("{none}{between}"),
                    format!("No {factor} {what}{tried} gives {}", self.reached.exact(self.level)),
                    format!("{} is out of reach", self.reached.exact(self.level)),
                )
            }
        };
        let full = now.as_ref().map(|now| format!("{title}; {now}"));
        let titles = full.into_iter().chain([title.clone(), short]).collect();
        let statistic = match found.wanted {
            GoalStatistic::Probability(_) => match self.subject.demand() {
                Some(demand) => format!("The chance of {demand}"),
                None => words::capital(&self.subject.in_words()),
            },
            GoalStatistic::Mean(_) => format!("The mean of {}", self.subject.measured_when()),
            GoalStatistic::Percentile { p, .. } => format!("P{:.0} of {}", 100.0 * p, self.subject.measured_when()),
        };
        let subtitle = format!(
            "{statistic} at each value looked at, all else drawn as usual, on the same draws. Shaded: its 95\u{A0}% interval.{}",
            match self.root() {
                Some((_, Root { low: Some(_), high: Some(_), .. })) =>
                    " Thick along the axis: the 95\u{A0}% interval of the value found.",
                _ => "",
            }
        );
        Headline { title: frame::with_room(titles, sheet), brief: frame::with_room(vec![brief], sheet), subtitle }
    }
}

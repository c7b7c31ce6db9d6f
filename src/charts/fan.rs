//! A fan: bands that hold 5, 8 and 9 futures in 10, the median and the plan line, by month.

use super::axis::{Scale, ticks};
use super::callout::call_out;
use super::drawing::{Drawing, Point, Rect, Text};
use super::figures::Figures;
use super::frame;
use super::months::Months;
use super::placing::{Placer, spread};
use super::style;
use super::targets::Goal;
use super::text::fit;
use crate::forecast::{Forecast, Known, Series};

/// What a fan chart shows.
#[derive(Debug)]
pub(super) struct Fan<'a> {
    pub(super) forecast: &'a Forecast,
    pub(super) series: &'a Series,
    pub(super) title: String,
    pub(super) subtitle: String,
    /// Values run from the start to the end of a month, and so begin with 0; otherwise each is a month's own.
    pub(super) from_start: bool,
    /// Targets that hold for every month.
    pub(super) lines: Vec<Goal>,
    /// Targets that hold for one month.
    pub(super) points: Vec<Goal>,
}

/// A place in a fan: its x, and the values of p5, p10, p25, p50, p75, p90, p95.
type Slice = (f64, [f64; 7]);

/// A label beside the end of the fan.
struct Beside {
    y: f64,
    text: String,
    key: Key,
}

/// How a label shows what it means.
#[derive(Clone, Copy)]
enum Key {
    Band(usize),
    Median,
    Plan,
    Target,
}

/// From the fan's end to the labels' keys, and from there to their texts.
const LEAD: f64 = 34.0;
const KEY: f64 = 30.0;
const LINE: f64 = 21.0;
/// Width of the plan line.
const PLAN: f64 = 2.0;
/// Half the width of the box of a month by itself, and how much narrower a plot of one month is.
const BOX: f64 = 120.0;
const SPARE: f64 = 300.0;
/// Longest text at the right.
const ROOM: f64 = 186.0;

impl Fan<'_> {
    /// Lays the chart out; `None` where no month is known.
    pub(super) fn layout(&self) -> Option<Drawing> {
        let figures = Figures::new(self.series.metric, &self.forecast.currency);
        let (low, high) = self.range()?;
        let whole = matches!(figures, Figures::Count);
        let mut marks = ticks(low, high, 5, whole);
        // Nothing is drawn below the least value, where a round number may lie far away.
        marks.retain(|mark| *mark >= low);
        let labels = figures.axis(&marks);

        let mut drawing = Drawing::new(&self.title, &self.subtitle);
        let top = frame::surround(&mut drawing, &self.subtitle, self.forecast);
        let count = self.forecast.months;
        let alone = if count == 1 && !self.from_start { SPARE } else { 0.0 };
        let plot = frame::plot(top, &labels, LEAD + KEY + ROOM + alone);
        let scale = Scale::new(extent(low, &marks), (plot.bottom, plot.top));
        frame::value_axis(&mut drawing, &plot, &scale, &marks, &labels);

        let months = if self.from_start {
            Months::side_by_side(self.forecast.start, count, &plot)
        } else {
            Months::by_middles(self.forecast.start, count, &plot)
        };
        months.draw(&mut drawing, &plot);
        let runs = self.runs(&months);
        self.bands(&mut drawing, &runs, &scale);
        frame::base_line(&mut drawing, &plot, &scale);
        let end = runs.last()?.last()?.0;
        for goal in &self.lines {
            let y = scale.at(goal.level);
            drawing.line(vec![(plot.left, y), (end + 6.0, y)], style::TARGET, 2.0);
        }
        self.lines_of(&mut drawing, &runs, &months, &scale);
        self.label_end(&mut drawing, &runs, &plot, &scale, end);
        self.label_points(&mut drawing, &runs, &months, &plot, &scale, end);
        Some(drawing)
    }

    fn columns(&self) -> [&Vec<Known>; 7] {
        let bands = &self.series.bands;
        [&bands.p5, &bands.p10, &bands.p25, &bands.p50, &bands.p75, &bands.p90, &bands.p95]
    }

    /// The values of a month, if all of them are known.
    fn slice(&self, month: usize) -> Option<[f64; 7]> {
        let mut values = [0.0; 7];
        for (value, column) in values.iter_mut().zip(self.columns()) {
            *value = (*column.get(month)?).filter(|x| x.is_finite())?;
        }
        Some(values)
    }

    /// From the least to the greatest value, 0 among them.
    fn range(&self) -> Option<(f64, f64)> {
        let known: Vec<[f64; 7]> = (0..self.forecast.months).filter_map(|month| self.slice(month)).collect();
        known.first()?;
        let goals = self.lines.iter().chain(&self.points).map(|g| g.level);
        let plan = self.series.plan.iter().flatten().copied();
        let all = known.into_iter().flatten().chain(goals).chain(plan);
        Some(all.filter(|x| x.is_finite()).fold((0.0, 0.0), |(low, high): (f64, f64), x| (low.min(x), high.max(x))))
    }

    fn x(&self, months: &Months, month: usize) -> f64 {
        if self.from_start { months.edge(month + 1) } else { months.middle(month) }
    }

    /// Stretches of known months; a month by itself becomes a box.
    fn runs(&self, months: &Months) -> Vec<Vec<Slice>> {
        let mut runs: Vec<Vec<Slice>> = Vec::new();
        let mut open = false;
        if self.from_start && self.slice(0).is_some() {
            runs.push(vec![(months.edge(0), [0.0; 7])]);
            open = true;
        }
        for month in 0..months.count {
            let Some(values) = self.slice(month) else {
                open = false;
                continue;
            };
            let slice = (self.x(months, month), values);
            match runs.last_mut() {
                Some(run) if open => run.push(slice),
                _ => runs.push(vec![slice]),
            }
            open = true;
        }
        for run in &mut runs {
            if let [(x, values)] = run[..] {
                let half = alone(months);
                *run = vec![(x - half, values), (x + half, values)];
            }
        }
        runs
    }

    fn bands(&self, drawing: &mut Drawing, runs: &[Vec<Slice>], scale: &Scale) {
        for (band, fill) in style::BANDS.into_iter().enumerate() {
            for run in runs {
                let upper = run.iter().map(|(x, v)| (*x, scale.at(v[6 - band])));
                let lower = run.iter().rev().map(|(x, v)| (*x, scale.at(v[band])));
                drawing.area(upper.chain(lower).collect(), fill);
            }
        }
    }

    /// The median and the plan line.
    fn lines_of(&self, drawing: &mut Drawing, runs: &[Vec<Slice>], months: &Months, scale: &Scale) {
        for run in runs {
            let median = run.iter().map(|(x, v)| (*x, scale.at(v[3]))).collect();
            drawing.line(median, style::MEDIAN, 3.0);
        }
        let mut plan: Vec<Point> = Vec::new();
        if self.from_start {
            plan.push((months.edge(0), scale.at(0.0)));
        }
        let mut flush = |plan: &mut Vec<Point>| {
            if let [(x, y)] = plan[..] {
                let half = alone(months);
                *plan = vec![(x - half, y), (x + half, y)];
            }
            plan_line(drawing, plan);
            plan.clear();
        };
        for month in 0..months.count {
            match self.series.plan.get(month).copied().flatten() {
                Some(value) => plan.push((self.x(months, month), scale.at(value))),
                None => flush(&mut plan),
            }
        }
        flush(&mut plan);
    }

    /// Labels of bands and lines, beside the last known month.
    fn label_end(&self, drawing: &mut Drawing, runs: &[Vec<Slice>], plot: &Rect, scale: &Scale, end: f64) {
        let Some((_, last)) = runs.last().and_then(|run| run.last()) else {
            return;
        };
        let middle = |a: usize, b: usize| (scale.at(last[a]) + scale.at(last[b])) / 2.0;
        let mut labels: Vec<Beside> = ["9 futures in 10", "8 in 10", "5 in 10"]
            .into_iter()
            .enumerate()
            .map(|(band, text)| Beside { y: middle(6 - band, 5 - band), text: text.to_owned(), key: Key::Band(band) })
            .collect();
        labels.push(Beside { y: scale.at(last[3]), text: "median".to_owned(), key: Key::Median });
        if let Some(plan) = self.series.plan.iter().rev().copied().flatten().next() {
            labels.push(Beside { y: scale.at(plan), text: "average inputs, no luck".to_owned(), key: Key::Plan });
        }
        labels.extend(self.lines.iter().map(|goal| Beside {
            y: scale.at(goal.level),
            text: fit(&goal.name, style::LABEL, true, ROOM),
            key: Key::Target,
        }));
        labels.sort_by(|a, b| a.y.total_cmp(&b.y));
        let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
        let placed = spread(&wanted, LINE, plot.top, plot.bottom - 4.0);
        let left = plot.right + LEAD;
        for (label, y) in labels.iter().zip(placed) {
            label.draw(drawing, (end, left), y);
        }
    }

    /// Targets of one month: a diamond each, and its name where it covers nothing.
    fn label_points(
        &self,
        drawing: &mut Drawing,
        runs: &[Vec<Slice>],
        months: &Months,
        plot: &Rect,
        scale: &Scale,
        end: f64,
    ) {
        let mut placer = Placer::new(Rect {
            left: plot.left + 6.0,
            right: end.min(plot.right),
            top: plot.top - 8.0,
            bottom: plot.bottom - 4.0,
        });
        for goal in &self.lines {
            let y = scale.at(goal.level);
            placer.take(Rect { left: plot.left, right: plot.right, top: y - 2.0, bottom: y + 2.0 });
        }
        let points: Vec<Point> =
            self.points.iter().map(|goal| (self.x(months, goal.month), scale.at(goal.level))).collect();
        for point in &points {
            placer.take(Rect::around(*point, 9.0));
        }
        for (goal, point) in self.points.iter().zip(&points) {
            let inks = (style::TARGET, style::TARGET);
            let toward = (-0.8, -0.6);
            call_out(drawing, &mut placer, *point, goal.lines(), inks, toward, |rect| {
                let lines = months.lines().filter(|x| rect.left < *x && *x < rect.right);
                800.0 * covered(runs, scale, rect) + 20.0 * lines.count() as f64
            });
        }
        for point in points {
            drawing.diamond(point, 7.0, style::TARGET);
        }
    }
}

impl Beside {
    /// A leader from the end of the fan, a key in the colour of what is meant, the text.
    fn draw(&self, drawing: &mut Drawing, (end, left): (f64, f64), y: f64) {
        let leader = vec![(end + 6.0, self.y), (left - 6.0, y)];
        drawing.line(leader, style::AXIS_LINE, 1.0);
        let (from, to) = (left, left + KEY - 8.0);
        let ink = match self.key {
            Key::Band(band) => {
                let block = Rect { left: from, top: y - 7.0, right: to, bottom: y + 7.0 };
                drawing.area(block.corners(), style::BANDS[band]);
                style::INK
            }
            Key::Median => {
                drawing.line(vec![(from, y), (to, y)], style::MEDIAN, 3.0);
                style::INK
            }
            Key::Plan => {
                plan_line(drawing, &[(from, y), (to, y)]);
                style::INK
            }
            Key::Target => {
                drawing.line(vec![(from, y), (to, y)], style::TARGET, 2.0);
                style::TARGET
            }
        };
        let text = Text::new(&self.text, (left + KEY, y + 0.36 * style::LABEL), style::LABEL);
        let text = if matches!(self.key, Key::Target) { text.bold() } else { text };
        drawing.text(text.ink(ink));
    }
}

/// Dashes, cut out of what they cross: the plan line often lies on the median.
fn plan_line(drawing: &mut Drawing, points: &[Point]) {
    drawing.dashed(points, plotters::style::WHITE, PLAN + 1.8);
    drawing.dashed(points, style::PLAN, PLAN);
}

/// From the least value, or a little below it where it is negative, to the highest mark.
fn extent(low: f64, marks: &[f64]) -> (f64, f64) {
    let most = marks.last().copied().unwrap_or(low);
    if most <= low {
        // Nothing to measure: the value lies at the bottom.
        return (low, low + 1.0);
    }
    (if low < 0.0 { low - 0.03 * (most - low) } else { low }, most)
}

/// Half the width of a month by itself.
fn alone(months: &Months) -> f64 {
    (0.4 * months.slot).min(BOX)
}

/// The share of a rectangle that lies on the fan.
fn covered(runs: &[Vec<Slice>], scale: &Scale, rect: &Rect) -> f64 {
    let mut hits = 0;
    for i in 0..9 {
        let x = rect.left + rect.width() * f64::from(i) / 8.0;
        let Some((low, high)) = breadth(runs, x) else {
            continue;
        };
        let (top, bottom) = (scale.at(high) - 5.0, scale.at(low) + 5.0);
        for j in 0..5 {
            let y = rect.top + rect.height() * f64::from(j) / 4.0;
            if y >= top && y <= bottom {
                hits += 1;
            }
        }
    }
    f64::from(hits) / 45.0
}

/// From p5 to p95 at x.
fn breadth(runs: &[Vec<Slice>], x: f64) -> Option<(f64, f64)> {
    let (a, b) = runs
        .iter()
        .flat_map(|run| run.windows(2))
        .map(|pair| (pair[0], pair[1]))
        .find(|(a, b)| a.0 <= x && x <= b.0)?;
    let t = if b.0 > a.0 { (x - a.0) / (b.0 - a.0) } else { 0.0 };
    let between = |i: usize| a.1[i] + (b.1[i] - a.1[i]) * t;
    Some((between(0), between(6)))
}

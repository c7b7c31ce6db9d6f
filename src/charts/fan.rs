//! A fan: bands that hold 5, 8 and 9 futures in 10, the median and the plan line, by month.

use super::axis::{Scale, ticks};
use super::beside::{self, Beside, Key, plan_line};
use super::budget;
use super::drawing::{Drawing, Point, Rect};
use super::figures::Figures;
use super::flags;
use super::frame::{self, Headline};
use super::months::Months;
use super::placing::Placer;
use super::ribbon::{Ribbon, Slice, values};
use super::size::{Sheet, Size};
use super::style;
use super::targets::Goal;
use crate::forecast::{BudgetLine, Forecast, Series};

/// What a fan chart shows.
#[derive(Debug)]
pub(super) struct Fan<'a> {
    pub(super) forecast: &'a Forecast,
    pub(super) series: &'a Series,
    pub(super) size: Size,
    pub(super) headline: Headline,
    /// Values run from the start to the end of a month, and so begin with 0; otherwise each is a month's own.
    pub(super) from_start: bool,
    /// Targets that hold for every month.
    pub(super) lines: Vec<Goal>,
    /// What is budgeted.
    pub(super) budget: Option<&'a BudgetLine>,
    /// Targets that hold for one month.
    pub(super) points: Vec<Goal>,
    /// Whether those are named above the plot, and not beside their places.
    pub(super) named_above: bool,
}

/// Where things lie.
struct Ground {
    plot: Rect,
    scale: Scale,
    months: Months,
    /// Half the width of a month by itself.
    half: f64,
}

/// What labels should not cover.
struct Obstacles<'a> {
    ribbon: &'a Ribbon,
    budget: &'a [Vec<Point>],
}

impl Fan<'_> {
    /// Lays the chart out; `None` where no month is known.
    pub(super) fn layout(&self) -> Option<Drawing> {
        let sheet = self.size.sheet();
        let figures = Figures::new(self.series.metric, &self.forecast.currency);
        let (low, high) = self.range()?;
        let mut marks = marks(low, high, &sheet, matches!(figures, Figures::Count(_)));
        // Nothing is drawn below the least value, where a round number may lie far away; on a preview, nothing above.
        marks.retain(|mark| *mark >= low && (*mark <= high || !sheet.is_preview()));
        let labels = figures.axis(&marks);

        let (mut drawing, top) = self.headline.begin(self.forecast, self.size);
        let top = top + if self.named_above && !self.points.is_empty() { flags::height(&sheet, 1) } else { 0.0 };
        let plot = frame::plot(&sheet, top, &labels, beside::width(&sheet));
        let scale = Scale::new(extent(low, high, &marks), (plot.bottom, plot.top));
        frame::value_axis(&mut drawing, &plot, &scale, &marks, &labels);
        let ground = Ground::new(self, plot, scale);
        ground.months.draw(&mut drawing, &plot);

        let ribbon = self.ribbon(&ground);
        let last = *ribbon.last()?;
        ribbon.draw_bands(&mut drawing);
        frame::base_line(&mut drawing, &plot, &scale);
        self.draw_lines(&mut drawing, &ground, (plot.left, last.x + 6.0 * sheet.weight));
        ribbon.draw_median(&mut drawing);
        self.draw_plan(&mut drawing, &ground);
        let runs = self.budget_runs(&ground);
        budget::draw(&mut drawing, &runs);
        let budget = runs.last().and_then(|run| run.last().copied());
        let ends_with_fan = budget.is_some_and(|end| end.0 >= last.x - 0.5 * ground.months.slot);
        beside::write(
            &mut drawing,
            self.beside(&ground, (&ribbon, &last), budget.filter(|_| ends_with_fan)),
            &plot,
            last.x,
        );
        if self.forecast.months == 1 {
            // The month stands in the middle; the lines go on to their labels.
            self.draw_lines(&mut drawing, &ground, (last.x, plot.right));
        }
        let beside = Obstacles { ribbon: &ribbon, budget: &runs };
        self.draw_points(&mut drawing, &ground, &beside, last.x, budget.filter(|_| !ends_with_fan));
        Some(drawing)
    }

    /// p5, p10, p25, p50, p75, p90 and p95 of a month, if all are known.
    fn values(&self, month: usize) -> Option<[f64; 7]> {
        values(self.series, month)
    }

    /// From the least to the greatest value, 0 among them.
    fn range(&self) -> Option<(f64, f64)> {
        let known: Vec<[f64; 7]> = (0..self.forecast.months).filter_map(|month| self.values(month)).collect();
        known.first()?;
        let goals = self.lines.iter().chain(&self.points).map(|g| g.level);
        let plan = self.series.plan.iter().flatten().copied();
        let budget = self.budget.iter().flat_map(|line| line.amount.iter().flatten().copied());
        let all = known.into_iter().flatten().chain(goals).chain(plan).chain(budget);
        let from_zero = |(low, high): (f64, f64), x: f64| (low.min(x), high.max(x));
        let (low, high) = all.filter(|x| x.is_finite()).fold((0.0, 0.0), from_zero);
        (high - low).is_finite().then_some((low, high))
    }

    fn ribbon(&self, ground: &Ground) -> Ribbon {
        let slice = |x: f64, values: [f64; 7]| Slice { x, ys: values.map(|value| ground.scale.at(value)) };
        let start = self.from_start.then(|| Some(slice(ground.months.edge(0), [0.0; 7])));
        let months = (0..self.forecast.months).map(|month| Some(slice(ground.x(self, month), self.values(month)?)));
        Ribbon::new(start.into_iter().chain(months), ground.half)
    }

    /// Draws the targets that hold for every month.
    fn draw_lines(&self, drawing: &mut Drawing, ground: &Ground, (left, right): (f64, f64)) {
        for goal in &self.lines {
            let y = ground.scale.at(goal.level);
            drawing.stroke(vec![(left, y), (right, y)], style::TARGET, style::TARGET_WIDTH);
        }
    }

    fn draw_plan(&self, drawing: &mut Drawing, ground: &Ground) {
        let mut run: Vec<Point> = Vec::new();
        if self.from_start {
            run.push((ground.months.edge(0), ground.scale.at(0.0)));
        }
        for (month, value) in self.series.plan.iter().enumerate() {
            if let Some(value) = value.filter(|x| x.is_finite()) {
                run.push((ground.x(self, month), ground.scale.at(value)));
            } else {
                ground.plan_run(drawing, std::mem::take(&mut run));
            }
        }
        ground.plan_run(drawing, run);
    }

    /// The lines of the budget.
    fn budget_runs(&self, ground: &Ground) -> Vec<Vec<Point>> {
        let Some(amounts) = self.budget.map(|line| &line.amount) else {
            return Vec::new();
        };
        let at = |month: usize| Some(ground.scale.at(amounts[month].filter(|x| x.is_finite())?));
        let months = (0..self.forecast.months.min(amounts.len())).map(at);
        if self.from_start {
            let start = (ground.months.edge(0), ground.scale.at(0.0));
            budget::slope(start, months, |month| ground.x(self, month), ground.half)
        } else {
            budget::steps(months, |month| ground.slot(month))
        }
    }

    /// What is named beside the last known month.
    fn beside(&self, ground: &Ground, (ribbon, last): (&Ribbon, &Slice), budget: Option<Point>) -> Vec<Beside> {
        let bands = ["9 futures in 10", "8 in 10", "5 in 10"];
        let mut labels: Vec<Beside> = bands
            .into_iter()
            .enumerate()
            .filter(|(band, _)| ribbon.has_width(*band))
            .map(|(band, text)| Beside {
                // The middle of the band's upper part.
                y: (last.ys[6 - band] + last.ys[5 - band]) / 2.0,
                text: text.to_owned(),
                key: Key::Band(style::BANDS[band]),
            })
            .collect();
        labels.push(Beside { y: last.ys[3], text: "median".to_owned(), key: Key::Median });
        if let Some(plan) = self.series.plan.iter().rev().find_map(|value| value.filter(|x| x.is_finite())) {
            labels.push(Beside { y: ground.scale.at(plan), text: "plan line".to_owned(), key: Key::Plan });
        }
        labels.extend(budget.map(|(_, y)| Beside { y, text: "Budget".to_owned(), key: Key::Budget }));
        labels.extend(self.lines.iter().map(|goal| Beside {
            y: ground.scale.at(goal.level),
            text: goal.name.clone(),
            key: Key::Target,
        }));
        labels
    }

    /// Targets of one month: a diamond each, and its name where it covers nothing.
    fn draw_points(
        &self,
        drawing: &mut Drawing,
        ground: &Ground,
        obstacles: &Obstacles<'_>,
        end: f64,
        budget: Option<Point>,
    ) {
        let (plot, sheet) = (&ground.plot, drawing.sheet);
        let mut placer = Placer::new(Rect {
            left: plot.left + 6.0,
            right: end.min(plot.right),
            top: plot.top - 8.0,
            bottom: plot.bottom - 4.0,
        });
        for goal in &self.lines {
            let y = ground.scale.at(goal.level);
            placer.take(Rect { top: y - 2.0, bottom: y + 2.0, ..*plot });
        }
        let points: Vec<Point> =
            self.points.iter().map(|goal| (ground.x(self, goal.month), ground.scale.at(goal.level))).collect();
        for point in &points {
            placer.take(Rect::around(*point, 9.0));
        }
        let years: Vec<f64> = ground.months.lines().collect();
        let cost = |rect: &Rect| {
            let crossed = years.iter().filter(|x| rect.left < **x && **x < rect.right);
            let budgeted = obstacles.budget.iter().filter(|run| rect.grown(2.0).crossed_by(run));
            800.0 * obstacles.ribbon.covers(rect) + 400.0 * budgeted.count() as f64 + 20.0 * crossed.count() as f64
        };
        let mut flags = Vec::new();
        for (goal, point) in self.points.iter().zip(&points) {
            if self.named_above {
                flags.push(goal.flag(&sheet, point.0, true));
                continue;
            }
            goal.callout(&sheet, *point, (-0.8, -0.6)).write(drawing, &mut placer, cost);
        }
        if let Some(point) = budget {
            budget::callout(point, &sheet).write(drawing, &mut placer, cost);
        }
        if !sheet.is_preview() {
            for (x, y) in points.iter().filter(|_| self.named_above) {
                drawing.line(vec![(*x, plot.top), (*x, *y)], style::TARGET, 1.2);
            }
        }
        flags::write(drawing, flags, (sheet.margin, sheet.width - sheet.margin), plot.top);
        for point in points {
            drawing.diamond(point, 7.0, style::TARGET);
        }
    }
}

impl Ground {
    fn new(fan: &Fan<'_>, plot: Rect, scale: Scale) -> Ground {
        let (start, count) = (fan.forecast.start, fan.forecast.months);
        let months = if fan.from_start {
            Months::side_by_side(start, count, &plot, fan.size.sheet())
        } else {
            Months::by_middles(start, count, &plot, fan.size.sheet())
        };
        let half = (0.4 * months.slot).min(fan.size.sheet().scaled(120.0));
        Ground { plot, scale, months, half }
    }

    /// Where the value of a month stands.
    fn x(&self, fan: &Fan<'_>, month: usize) -> f64 {
        if fan.from_start { self.months.edge(month + 1) } else { self.months.middle(month) }
    }

    /// From where to where a month's own value is drawn.
    fn slot(&self, month: usize) -> (f64, f64) {
        let (left, right) = (self.months.edge(month), self.months.edge(month + 1));
        if self.months.count == 1 {
            let middle = (left + right) / 2.0;
            return (middle - self.half, middle + self.half);
        }
        // The plot begins and ends near the middles of the outer months.
        (left.max(self.plot.left), right.min(self.plot.right))
    }

    /// A stretch of the plan line; a month by itself reaches to both sides.
    fn plan_run(&self, drawing: &mut Drawing, run: Vec<Point>) {
        match run[..] {
            [(x, y)] => plan_line(drawing, &[(x - self.half, y), (x + self.half, y)]),
            _ => plan_line(drawing, &run),
        }
    }
}

/// The round numbers of the value axis. A page has few of them, or one more where that leaves less room empty.
pub(super) fn marks(low: f64, high: f64, sheet: &Sheet, whole: bool) -> Vec<f64> {
    let marks = ticks(low, high, sheet.steps_up, whole);
    let more = ticks(low, high, sheet.steps_up + 1, whole);
    if sheet.size == Size::Page && more.last() < marks.last() { more } else { marks }
}

/// From the least value, or a little below it where it is negative, to the greatest or the highest mark.
pub(super) fn extent(low: f64, high: f64, marks: &[f64]) -> (f64, f64) {
    let most = marks.last().copied().unwrap_or(low).max(high);
    if most <= low {
        // Nothing to measure: the value lies at the bottom.
        return (low, low + 1.0);
    }
    let room = if low < 0.0 { 0.03 * (most - low) } else { 0.0 };
    (low - room, most)
}

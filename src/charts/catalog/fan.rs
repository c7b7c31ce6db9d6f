//! A fan: bands that hold 5, 8 and 9 futures in 10, the median and the plan line, by month or added up from the first one.

use crate::charts::axes::month::Months;
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::{Drawing, Point, Rect};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::band::{Ribbon, Slice, stretches, values};
use crate::charts::marks::end_labels::{self, EndLabel, Key, plan_line};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::label_placement::Placer;
use crate::charts::marks::target_line::TargetLine;
use crate::charts::marks::{as_of_line, band, budget_line, event_marks, target_line, top_labels};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::words;
use crate::forecast::{BudgetLine, Forecast, Series};
use crate::units::format::count;
use crate::units::{Frequency, Horizon};

/// What a fan chart shows.
#[derive(Debug)]
pub(super) struct Fan<'a> {
    pub(super) forecast: &'a Forecast,
    pub(super) series: &'a Series,
    /// How its values are written.
    pub(super) figures: Figures<'a>,
    pub(super) size: Size,
    pub(super) headline: Headline,
    /// The months that are shown, from the first on.
    pub(super) horizon: Horizon,
    /// Values run from the start to the end of a month, and so begin with 0; otherwise each is a month's own.
    pub(super) from_start: bool,
    /// Targets that hold for every month.
    pub(super) lines: Vec<TargetLine>,
    /// The amounts that are budgeted, by month.
    pub(super) budget: Option<&'a BudgetLine>,
    /// Targets that hold for one month.
    pub(super) points: Vec<TargetLine>,
    /// Whether those are named above the plot, and not beside their places.
    pub(super) named_above: bool,
}

/// The plot of fans: its axis of values, and the months across it.
pub(super) struct PlotArea {
    pub(super) plot: Rect,
    pub(super) scale: Scale,
    pub(super) months: Months,
    /// Whether values run from the start to the end of a month, and so begin with 0; otherwise each is a month's own.
    from_start: bool,
    /// Half the width of a month by itself, in pixels.
    half: f64,
}

/// What labels should not cover.
struct Obstacles<'a> {
    ribbon: &'a Ribbon,
    lines: &'a [Vec<Point>],
    /// Where the as-of day is named.
    named: Option<Rect>,
}

impl Fan<'_> {
    /// Lays the chart out; `None` where no month is known.
    pub(super) fn layout(&self) -> Option<Drawing> {
        let sheet = self.size.sheet();
        let figures = self.figures;
        let (low, high) = self.range()?;
        let mut marks = marks(low, high, &sheet, figures.are_counts());
        // Nothing is drawn below the least value, where a round number may lie far away; on a preview, nothing above.
        marks.retain(|mark| *mark >= low && (*mark <= high || !sheet.is_preview()));
        let labels = figures.axis(&marks);

        let (mut drawing, top) = self.headline.begin(self.forecast, self.size);
        let top = top + if self.named_above && !self.points.is_empty() { top_labels::height(&sheet, 1) } else { 0.0 };
        let plot = frame::plot(&sheet, top, &labels, end_labels::width(&sheet));
        let scale = Scale::new(extent(low, high, &marks), (plot.bottom, plot.top));
        value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
        let ground = PlotArea::new(self.horizon, self.from_start, plot, scale, sheet);
        ground.months.draw(&mut drawing, &plot);

        let known = self.forecast.months_known();
        let ribbon = ground.ribbon_from(self.series, known);
        let last = *ribbon.last()?;
        ribbon.draw_bands(&mut drawing);
        value::base_line(&mut drawing, &plot, &scale);
        event_marks::draw(&mut drawing, &plot, &ground.months, self.forecast, self.horizon);
        let named = self.forecast.as_of.and_then(|day| {
            let inside = self.named_above && !self.points.is_empty();
            as_of_line::draw(&mut drawing, &plot, ground.past_end(known), (day, inside))
        });
        self.draw_lines(&mut drawing, &ground, (plot.left, last.x + 6.0 * sheet.weight));
        ribbon.draw_median(&mut drawing);
        let past = ground.past(self.series, known);
        for run in &past {
            drawing.stroke(run.clone(), style::ACTUAL, style::MEDIAN_WIDTH);
        }
        let plan = self.plan_runs(&ground, known);
        let plan_shows = plan.iter().any(|run| !ribbon.is_on_median(run));
        if plan_shows {
            plan.iter().for_each(|run| ground.plan_run(&mut drawing, run));
        }
        let runs = self.budget_runs(&ground);
        budget_line::draw(&mut drawing, &runs);
        let budget = runs.last().and_then(|run| run.last().copied());
        let ends_with_fan = budget.is_some_and(|end| end.0 >= last.x - 0.5 * ground.months.slot);
        end_labels::write(
            &mut drawing,
            self.beside(&ground, (&ribbon, &last), plan_shows, budget.filter(|_| ends_with_fan)),
            &plot,
            Some(last.x),
        );
        if self.horizon.months == 1 {
            // The month stands in the middle; the lines go on to their labels.
            self.draw_lines(&mut drawing, &ground, (last.x, plot.right));
        }
        let x = ground.past_end(known);
        let as_of = self.forecast.as_of.map(|_| vec![(x, plot.top), (x, plot.bottom)]);
        let lines: Vec<Vec<Point>> = runs.into_iter().chain(past).chain(as_of).collect();
        let beside = Obstacles { ribbon: &ribbon, lines: &lines, named };
        self.draw_points(&mut drawing, &ground, &beside, last.x, budget.filter(|_| !ends_with_fan));
        Some(drawing)
    }

    /// p5, p10, p25, p50, p75, p90 and p95 of a month, if all are known.
    fn values(&self, month: usize) -> Option<[f64; 7]> {
        values(self.series, month)
    }

    /// From the least to the greatest value, 0 among them, and to the targets that are not far from there.
    fn range(&self) -> Option<(f64, f64)> {
        let months = self.horizon.months;
        let known: Vec<[f64; 7]> = (0..months).filter_map(|month| self.values(month)).collect();
        known.first()?;
        let plan = self.series.plan.iter().take(months).flatten().copied();
        let budget = self.budget.iter().flat_map(|line| line.amount.iter().take(months).flatten().copied());
        let all = known.into_iter().flatten().chain(plan).chain(budget);
        let from_zero = |(low, high): (f64, f64), x: f64| (low.min(x), high.max(x));
        let (low, high) = all.filter(|x| x.is_finite()).fold((0.0, 0.0), from_zero);
        let (low, high) = target_line::extent((low, high), self.lines.iter().chain(&self.points));
        (high - low).is_finite().then_some((low, high))
    }

    /// Draws the targets that hold for every month.
    fn draw_lines(&self, drawing: &mut Drawing, ground: &PlotArea, (left, right): (f64, f64)) {
        for goal in &self.lines {
            let y = ground.scale.at(goal.level);
            if target_line::arrow_beyond(drawing, &ground.plot, (right, y)) {
                continue;
            }
            drawing.stroke(vec![(left, y), (right, y)], style::TARGET, style::TARGET_WIDTH);
        }
    }

    /// The plan line from the end of the known months on: of those it is what happened.
    fn plan_runs(&self, ground: &PlotArea, known: usize) -> Vec<Vec<Point>> {
        let mut run: Vec<Point> = Vec::from_iter(ground.opening(self.series, known));
        if self.from_start && known == 0 {
            run.push((ground.months.edge(0), ground.scale.at(0.0)));
        }
        let mut runs = Vec::new();
        for (month, value) in self.series.plan.iter().enumerate().take(self.horizon.months).skip(known) {
            if let Some(value) = value.filter(|x| x.is_finite()) {
                run.push((ground.x(month), ground.scale.at(value)));
            } else {
                runs.push(std::mem::take(&mut run));
            }
        }
        runs.push(run);
        runs.retain(|run| !run.is_empty());
        runs
    }

    /// The lines of the budget.
    fn budget_runs(&self, ground: &PlotArea) -> Vec<Vec<Point>> {
        let Some(amounts) = self.budget.map(|line| &line.amount) else {
            return Vec::new();
        };
        let at = |month: usize| Some(ground.scale.at(amounts[month].filter(|x| x.is_finite())?));
        let months = (0..self.horizon.months.min(amounts.len())).map(at);
        if self.from_start {
            let start = (ground.months.edge(0), ground.scale.at(0.0));
            budget_line::slope(start, months, |month| ground.x(month), ground.half)
        } else {
            budget_line::steps(months, |month| ground.slot(month))
        }
    }

    /// What is named beside the last known month.
    fn beside(
        &self,
        ground: &PlotArea,
        (ribbon, last): (&Ribbon, &Slice),
        plan_shows: bool,
        budget: Option<Point>,
    ) -> Vec<EndLabel> {
        let bands = ["9 futures in 10", end_labels::EIGHT, "5 in 10"];
        let mut labels: Vec<EndLabel> = bands
            .into_iter()
            .enumerate()
            .filter(|(band, _)| ribbon.has_width(*band))
            .map(|(band, text)| EndLabel {
                // The middle of the band's upper part.
                y: (last.ys[6 - band] + last.ys[5 - band]) / 2.0,
                text: text.to_owned(),
                key: Key::Band(style::BANDS[band]),
            })
            .collect();
        let plan =
            self.series.plan.iter().take(self.horizon.months).rev().find_map(|value| value.filter(|x| x.is_finite()));
        let median = if plan.is_some() && !plan_shows { "median and plan line" } else { "median" };
        labels.push(EndLabel { y: last.ys[3], text: median.to_owned(), key: Key::Median });
        labels.extend(plan.filter(|_| plan_shows).map(|plan| EndLabel {
            y: ground.scale.at(plan),
            text: "plan line".to_owned(),
            key: Key::Plan,
        }));
        labels.extend(budget.map(|(_, y)| EndLabel { y, text: "Budget".to_owned(), key: Key::Budget }));
        labels.extend(self.lines.iter().map(|goal| EndLabel {
            y: ground.edge(goal.level),
            text: goal.name.clone(),
            key: Key::Target,
        }));
        labels
    }

    /// Targets of one month: a diamond each, and its name where it covers nothing.
    fn draw_points(
        &self,
        drawing: &mut Drawing,
        ground: &PlotArea,
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
            let y = ground.edge(goal.level);
            placer.take(Rect { top: y - 2.0, bottom: y + 2.0, ..*plot });
        }
        let points: Vec<Point> =
            self.points.iter().map(|goal| (ground.x(goal.month), ground.scale.at(goal.level))).collect();
        for point in &points {
            placer.take(Rect::around(plot.nearest(*point), 9.0));
        }
        obstacles.named.into_iter().for_each(|rect| placer.take(rect));
        let years: Vec<f64> = ground.months.lines().collect();
        let cost = |rect: &Rect| {
            let crossed = years.iter().filter(|x| rect.left < **x && **x < rect.right);
            let covered = obstacles.lines.iter().filter(|run| rect.grown(2.0).crossed_by(run));
            800.0 * obstacles.ribbon.covers(rect) + 400.0 * covered.count() as f64 + 20.0 * crossed.count() as f64
        };
        let mut flags = Vec::new();
        for (goal, point) in self.points.iter().zip(&points) {
            if self.named_above {
                flags.push(goal.flag(&sheet, point.0, true));
                continue;
            }
            goal.callout(&sheet, plot, *point, (-0.8, -0.6)).write(drawing, &mut placer, cost);
        }
        if let Some(point) = budget {
            budget_line::callout(point, &sheet).write(drawing, &mut placer, cost);
        }
        if !sheet.is_preview() {
            for (x, y) in points.iter().filter(|_| self.named_above) {
                drawing.line(vec![(*x, plot.top), (*x, *y)], style::TARGET, 1.2);
            }
        }
        top_labels::write(drawing, flags, (sheet.margin, sheet.width - sheet.margin), plot.top);
        for point in points {
            if !target_line::arrow_beyond(drawing, plot, point) {
                drawing.diamond(point, 7.0, style::TARGET);
            }
        }
    }
}

impl PlotArea {
    /// Lays `count` months from `start` on over a plot.
    pub(super) fn new(horizon: Horizon, from_start: bool, plot: Rect, scale: Scale, sheet: Sheet) -> PlotArea {
        let lay = if from_start { Months::side_by_side } else { Months::by_middles };
        let months = lay(horizon, &plot, sheet);
        let half = (0.4 * months.slot).min(sheet.scaled(120.0));
        PlotArea { plot, scale, months, from_start, half }
    }

    /// The place across the plot at which the value of a month stands.
    pub(super) fn x(&self, month: usize) -> f64 {
        if self.from_start { self.months.edge(month + 1) } else { self.months.middle(month) }
    }

    /// The height of a target's level, or of the edge beyond which it lies.
    fn edge(&self, level: f64) -> f64 {
        self.plot.nearest((self.plot.left, self.scale.at(level))).1
    }

    /// The bands and the median of a series.
    pub(super) fn ribbon(&self, series: &Series) -> Ribbon {
        let slice = |x: f64, values: [f64; 7]| Slice { x, ys: values.map(|value| self.scale.at(value)) };
        let start = self.from_start.then(|| Some(slice(self.months.edge(0), [0.0; 7])));
        let months = (0..self.months.count()).map(|month| Some(slice(self.x(month), values(series, month)?)));
        Ribbon::new(start.into_iter().chain(months), self.half)
    }

    /// The same of a series of which the first `known` months have happened: it opens where they end.
    fn ribbon_from(&self, series: &Series, known: usize) -> Ribbon {
        if known == 0 {
            return self.ribbon(series);
        }
        let slice = |x: f64, ys: [f64; 7]| Slice { x, ys };
        let opening = self.opening(series, known).map(|(x, y)| Some(slice(x, [y; 7])));
        let months = (known..self.months.count())
            .map(|month| Some(slice(self.x(month), values(series, month)?.map(|value| self.scale.at(value)))));
        Ribbon::new(opening.into_iter().chain(months), self.half)
    }

    /// Where across the plot the first `known` months end.
    pub(super) fn past_end(&self, known: usize) -> f64 {
        self.months.edge(known).max(self.plot.left)
    }

    /// Where what has happened ends and the fan opens: on the way from the last known month to the median of the next one.
    fn opening(&self, series: &Series, known: usize) -> Option<Point> {
        let at = |month: usize| Some((self.x(month), self.scale.at(values(series, month)?[3])));
        let (last, next) = (at(known.checked_sub(1)?)?, at(known)?);
        let x = self.past_end(known);
        Some((x, last.1 + (next.1 - last.1) * (x - last.0) / (next.0 - last.0)))
    }

    /// What has happened in the first `known` months: stretches of months of which that is known.
    fn past(&self, series: &Series, known: usize) -> Vec<Vec<Point>> {
        let start = (self.from_start && known > 0).then(|| Some((self.months.edge(0), self.scale.at(0.0))));
        let months = (0..known).map(|month| Some((self.x(month), self.scale.at(values(series, month)?[3]))));
        stretches(start.into_iter().chain(months).chain(self.opening(series, known).map(Some)), self.half)
    }

    /// From where to where a month's own value is drawn.
    fn slot(&self, month: usize) -> (f64, f64) {
        let (left, right) = (self.months.edge(month), self.months.edge(month + 1));
        if self.months.count() == 1 {
            let middle = (left + right) / 2.0;
            return (middle - self.half, middle + self.half);
        }
        // The plot begins and ends near the middles of the outer months.
        (left.max(self.plot.left), right.min(self.plot.right))
    }

    /// A stretch of the plan line; a month by itself reaches to both sides.
    fn plan_run(&self, drawing: &mut Drawing, run: &[Point]) {
        match *run {
            [(x, y)] => plan_line(drawing, &[(x - self.half, y), (x + self.half, y)]),
            _ => plan_line(drawing, run),
        }
    }
}

/// The chart, laid out; `None` where no month is known.
pub(super) fn monthly(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let (main, sheet) = (&forecast.main, size.sheet());
    let series = forecast.series(main.metric, &main.scope, Frequency::Month)?;
    let flow = main.metric.is_flow();
    let (by, any) = if flow {
        ("by month", "for any one month")
    } else {
        ("at the end of each month", "at the end of any one month")
    };
    let horizon = forecast.main_horizon();
    let (title, brief) = monthly_findings(forecast, series, horizon.months, &sheet)?;
    let subtitle = format!("{} {by}; the bands hold {any}.", words::capital(&words::measured(forecast, &sheet)),);
    let subtitle = if band::varies(series) {
        subtitle
    } else {
        format!(
            "{} {by}, the same {}.",
            words::capital(&words::measured(forecast, &sheet)),
            words::in_how_many_each(series)
        )
    };
    Fan {
        forecast,
        series,
        figures: Figures::Of(series.metric, &forecast.currency),
        size,
        headline: Headline { title, brief, subtitle: subtitle + &event_marks::reading(forecast, horizon) },
        horizon,
        from_start: false,
        lines: target_line::each_month(forecast, &sheet),
        // A level stands at the end of its period; an amount belongs to a month only if it is that month's.
        budget: forecast.budgeted(main.metric, &main.scope, Frequency::Month),
        points: target_line::single(forecast, &sheet, |period| {
            period.months.end <= horizon.months && (!flow || period.months.len() == 1)
        }),
        named_above: false,
    }
    .layout()
}

/// The last known month in words, at length and in brief.
fn monthly_findings(forecast: &Forecast, series: &Series, months: usize, sheet: &Sheet) -> Option<(String, String)> {
    let bands = &series.bands;
    let month = (0..months).rev().find(|m| bands.p50.value.get(*m).is_some_and(Option::is_some))?;
    let known = |column: &[Option<f64>]| column.get(month).copied().flatten();
    let figures = Figures::Of(series.metric, &forecast.currency);
    let range = figures.range(
        (known(&bands.p10.value)?, known(&bands.p10.error)),
        (known(&bands.p90.value)?, known(&bands.p90.error)),
    );
    let label = forecast.start.plus(month).to_string();
    let when = words::when(&forecast.horizon(), &label, series.metric);
    let subject = words::subject(forecast, sheet);
    let median = figures.about(known(&bands.p50.value)?, known(&bands.p50.error));
    let title = match range {
        Some(range) => format!("{subject} {when}: about {median}; {} of {range}", series.bands.at(month).inside()),
        None => format!("{subject} {when}: {median} {}", words::in_how_many(series, month)),
    };
    let when = words::briefly_when(&forecast.horizon(), &label, series.metric);
    Some((title, format!("{subject} {when}: about {median}")))
}

/// The chart, laid out; `None` for levels, which do not add up, and where no month is known.
pub(super) fn cumulative(forecast: &Forecast, size: Size) -> Option<Drawing> {
    let (main, sheet) = (&forecast.main, size.sheet());
    if !main.metric.is_flow() {
        return None;
    }
    let series = forecast.series(main.metric, &main.scope, Frequency::Cumulative)?;
    let horizon = forecast.main_horizon();
    let (title, brief) = cumulative_findings(forecast, series, horizon.months, &sheet)?;
    let points =
        target_line::single(forecast, &sheet, |period| period.months.start == 0 && period.months.end <= horizon.months);
    let not_drawn = match forecast.targets.len() - points.len() {
        0 => String::new(),
        n => format!(
            " {} of other months or figures {} not drawn.",
            count(n, "target"),
            if n == 1 { "is" } else { "are" }
        ),
    };
    let subtitle = format!(
        "{}, added up from the start of {}; the bands hold at the end of any one month.",
        words::capital(&words::measured(forecast, &sheet)),
        forecast.start.name(),
    );
    let subtitle = if band::varies(series) {
        subtitle
    } else {
        format!(
            "{}, added up from the start of {}, the same {}.",
            words::capital(&words::measured(forecast, &sheet)),
            forecast.start.name(),
            words::in_how_many_each(series),
        )
    };
    Fan {
        forecast,
        series,
        figures: Figures::Of(series.metric, &forecast.currency),
        size,
        headline: Headline { title, brief, subtitle: subtitle + &not_drawn + &event_marks::reading(forecast, horizon) },
        horizon,
        from_start: true,
        lines: Vec::new(),
        budget: forecast.budgeted(main.metric, &main.scope, Frequency::Cumulative),
        points,
        named_above: false,
    }
    .layout()
}

/// The last month in words, at length and in brief.
fn cumulative_findings(forecast: &Forecast, series: &Series, months: usize, sheet: &Sheet) -> Option<(String, String)> {
    let bands = &series.bands;
    let last = months.checked_sub(1)?;
    let known = |column: &[Option<f64>]| column.get(last).copied().flatten();
    let figures = Figures::Of(series.metric, &forecast.currency);
    let range = figures.range(
        (known(&bands.p10.value)?, known(&bands.p10.error)),
        (known(&bands.p90.value)?, known(&bands.p90.error)),
    );
    let median = figures.about(known(&bands.p50.value)?, known(&bands.p50.error));
    let subject = format!("{} {}", words::subject(forecast, sheet), words::add_up(series.metric));
    let month = forecast.start.plus(last).name();
    let title = match range {
        Some(range) => format!("{subject} about {median} by {month}; {} of {range}", series.bands.at(last).inside()),
        None => format!("{subject} {median} by {month} {}", words::in_how_many(series, last)),
    };
    let brief = words::brief_month(forecast.start.plus(last));
    Some((title, format!("{subject} about {median} by {brief}")))
}

//! How the forecast of one figure moved: the fan of successive forecasts at their own times, what was asked for, and what happened.

use std::ops::Range;

use crate::analysis::{Discontinuity, Trend, TrendPoint, TrendTarget};
use crate::charts::axes::runs::{Runs, whole};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value;
use crate::charts::axes::value::marks;
use crate::charts::canvas::drawing::{Drawing, Point, Rect};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::fit;
use crate::charts::marks::band::{Ribbon, Slice};
use crate::charts::marks::end_labels::{self, EndLabel, Key};
use crate::charts::marks::frame::{self, Headline, Provenance};
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::{Subject, known};
use crate::charts::wording::words;
use crate::documents::Document;

/// Half the width of a run that stands alone, on a slide: of the only one, and of one among others.
const HALF_WIDTH_ALONE: f64 = 60.0;
const HALF_WIDTH_AMONG: f64 = 5.0;
/// Runs that are closer together than this are not marked one by one.
const LEAST_DISTANCE: f64 = 9.0;
/// After so many usual intervals without a run, each taken as a day at least, the fan is broken off.
const LONGEST_INTERVAL: f64 = 4.0;
const DAY: f64 = 86_400.0;

/// A run that knows the figure.
struct KnownRun<'a> {
    point: &'a TrendPoint,
    p10: f64,
    p50: (f64, Option<f64>),
    p90: f64,
    /// Whether runs are missing before it: that did not know the figure, or for far more time than usual.
    missing: bool,
}

/// The plot of a history: its axis of values, and the runs across it.
struct PlotArea {
    plot: Rect,
    scale: Scale,
    runs: Runs,
}

/// The chart, laid out; `None` where no run knows the figure.
pub(super) fn layout(trend: &Document<Trend>, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let subject = Subject { head: &trend.header, figure: &trend.figure, sheet: &sheet };
    let figures = subject.amounts();
    let shown = &trend.points[comparable(trend)];
    let runs = known_runs(shown);
    let last = runs.last()?;
    let actual = trend.actual.as_ref().map(|actual| actual.amount).filter(|x| x.is_finite());
    let (low, high) = range(&runs, actual)?;
    let room = 0.08 * (high - low);
    let mut marks = marks(low, high, &sheet, figures.are_counts());
    let (low, high) = (
        marks.first().copied().unwrap_or(low).clamp(low - room, low),
        marks.last().copied().unwrap_or(high).clamp(high, high + room),
    );
    marks.retain(|mark| (low..=high).contains(mark));
    let labels = figures.axis(&marks);

    let name = Provenance::new(&trend.header.name, made(trend));
    let (mut drawing, top) = headline(trend, &subject, &runs, actual).begin(name, size);
    let plot = frame::plot(&sheet, top, &labels, end_labels::width(&sheet));
    let scale = Scale::new((low, high), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let times = runs.iter().map(|run| run.point.when).collect();
    let ground = PlotArea { plot, scale, runs: Runs::new(times, &plot, sheet) };
    ground.runs.draw(&mut drawing, &plot);

    let ribbon = ground.ribbon(&runs, &sheet);
    ribbon.draw_band(&mut drawing, 1);
    value::base_line(&mut drawing, &plot, &scale);
    let levels = ground.levels(&runs);
    for level in &levels {
        drawing.stroke(level.clone(), style::TARGET, style::TARGET_WIDTH);
    }
    if let Some(amount) = actual {
        let y = scale.at(amount);
        drawing.stroke(vec![(plot.left, y), (plot.right, y)], style::ACTUAL, style::ACTUAL_WIDTH);
    }
    ribbon.draw_median(&mut drawing);
    ground.draw_runs(&mut drawing, &runs);
    let end = ribbon.last()?.x;
    end_labels::write(&mut drawing, beside_labels(&ground, last, actual, &figures, &sheet), &plot, Some(end));
    Some(drawing)
}

/// The runs since amounts have been in one currency and the period's name has meant the same months.
fn comparable(trend: &Trend) -> Range<usize> {
    let breaks =
        |point: &TrendPoint| point.unlike.iter().any(|u| matches!(u, Discontinuity::Currency | Discontinuity::Months));
    trend.points.iter().rposition(breaks).unwrap_or(0)..trend.points.len()
}

/// The runs that know the figure, by their own times: where a clock went back, the fan does not.
fn known_runs(points: &[TrendPoint]) -> Vec<KnownRun<'_>> {
    let mut all: Vec<&TrendPoint> = points.iter().collect();
    all.sort_by_key(|point| point.when);
    let mut runs: Vec<KnownRun<'_>> = Vec::new();
    let mut missing = false;
    for point in all {
        let Some((p10, p50, p90)) = known(&point.p10).zip(known(&point.p50)).zip(known(&point.p90)).map(flat) else {
            missing = true;
            continue;
        };
        runs.push(KnownRun {
            point,
            p10: p10.0,
            p50,
            p90: p90.0,
            missing: std::mem::take(&mut missing) && !runs.is_empty(),
        });
    }
    let usual = usual_interval(&runs);
    let late = |pair: &[KnownRun<'_>]| {
        let seconds = pair[1].point.when.as_second() - pair[0].point.when.as_second();
        usual.is_some_and(|usual| seconds as f64 > LONGEST_INTERVAL * usual.max(DAY))
    };
    let late: Vec<bool> = runs.windows(2).map(late).collect();
    runs.iter_mut().skip(1).zip(late).for_each(|(run, late)| run.missing |= late);
    runs
}

fn flat<T>(((a, b), c): ((T, T), T)) -> (T, T, T) {
    (a, b, c)
}

/// From the least to the greatest value that is drawn, with some room where they are the same. Unlike amounts by month, what moves here
/// is seldom seen beside 0.
fn range(runs: &[KnownRun<'_>], actual: Option<f64>) -> Option<(f64, f64)> {
    let levels = runs.iter().filter_map(|run| level(run)).map(|target| target.at_least);
    let all = runs.iter().flat_map(|run| [run.p10, run.p90]).chain(levels).chain(actual);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let room = if high - low > 1e-9 * high.abs().max(low.abs()) { 0.0 } else { (0.05 * high.abs()).max(1e-9) };
    (high - low).is_finite().then_some((low - room, high + room))
}

fn level<'a>(run: &KnownRun<'a>) -> Option<&'a TrendTarget> {
    run.point.target.as_ref().filter(|target| target.at_least.is_finite())
}

impl PlotArea {
    /// The fan, broken off where runs are missing.
    fn ribbon(&self, runs: &[KnownRun<'_>], sheet: &Sheet) -> Ribbon {
        let mut slices = Vec::new();
        for (place, run) in runs.iter().enumerate() {
            if run.missing {
                slices.push(None);
            }
            let [low, middle, high] = [run.p10, run.p50.0, run.p90].map(|value| self.scale.at(value));
            slices.push(Some(Slice { x: self.runs.x(place), ys: [low, low, low, middle, high, high, high] }));
        }
        Ribbon::new(slices, sheet.scaled(if runs.len() == 1 { HALF_WIDTH_ALONE } else { HALF_WIDTH_AMONG }))
    }

    /// The level that was asked for, from run to run: a step where it changed, nothing where there was none.
    fn levels(&self, runs: &[KnownRun<'_>]) -> Vec<Vec<Point>> {
        let mut lines: Vec<Vec<Point>> = Vec::new();
        let mut open = false;
        for (i, run) in runs.iter().enumerate() {
            let Some(target) = level(run) else {
                open = false;
                continue;
            };
            let (x, y) = (self.runs.x(i), self.scale.at(target.at_least));
            // Each run's level holds until the next one; the last one's to the end of the plot.
            let until = if i + 1 < runs.len() { self.runs.x(i + 1) } else { self.plot.right };
            let from = if i == 0 { self.plot.left } else { x };
            match lines.last_mut().filter(|_| open) {
                Some(line) => line.extend([(from, y), (until, y)]),
                None => lines.push(vec![(from, y), (until, y)]),
            }
            open = true;
        }
        lines
    }

    /// A spot for each run, as long as they can be told apart.
    fn draw_runs(&self, drawing: &mut Drawing, runs: &[KnownRun<'_>]) {
        let weight = drawing.sheet.weight;
        let step = self.runs.x(1) - self.runs.x(0);
        if step < LEAST_DISTANCE * weight && runs.len() > 2 {
            return;
        }
        for (place, run) in runs.iter().enumerate() {
            drawing.spot((self.runs.x(place), self.scale.at(run.p50.0)), 4.0, style::MEDIAN);
        }
    }
}

/// The median time from run to run, in seconds; unknown of fewer than four runs.
fn usual_interval(runs: &[KnownRun<'_>]) -> Option<f64> {
    let mut seconds: Vec<i64> = runs
        .windows(2)
        .map(|pair| pair[1].point.when.as_second() - pair[0].point.when.as_second())
        .filter(|seconds| *seconds > 0)
        .collect();
    seconds.sort_unstable();
    (seconds.len() > 2).then(|| seconds[seconds.len() / 2] as f64)
}

fn beside_labels(
    ground: &PlotArea,
    last: &KnownRun<'_>,
    actual: Option<f64>,
    figures: &Figures<'_>,
    sheet: &Sheet,
) -> Vec<EndLabel> {
    let label = |value: f64, text: String, key| EndLabel { y: ground.scale.at(value), text, key };
    let mut labels = vec![label(last.p50.0, "median".to_owned(), Key::Median)];
    if last.p90 > last.p10 {
        let middle = (last.p50.0 + last.p90) / 2.0;
        labels.push(label(middle, end_labels::EIGHT.to_owned(), Key::Band(style::BANDS[1])));
    }
    if let Some(target) = level(last) {
        let level = figures.exact(target.at_least);
        let room = end_labels::room(sheet) - font::width(&format!(": {level}"), sheet.label, true);
        let name = fit(&target.name, sheet.label, true, room);
        labels.push(label(target.at_least, format!("{name}: {level}"), Key::Target));
    }
    labels.extend(actual.map(|amount| label(amount, format!("actual: {}", figures.exact(amount)), Key::Actual)));
    labels
}

/// "12 runs; the last: 10,000 simulated futures, seed 1".
fn made(trend: &Document<Trend>) -> String {
    let simulated = frame::simulated(&trend.header.manifest);
    match trend.points.len() {
        1 => format!("1 run: {simulated}"),
        runs => format!("{runs} runs; the last: {simulated}"),
    }
}

fn headline(trend: &Document<Trend>, subject: &Subject<'_>, runs: &[KnownRun<'_>], actual: Option<f64>) -> Headline {
    let (figures, sheet) = (subject.amounts(), subject.sheet);
    let about = |run: &KnownRun<'_>| figures.about(run.p50.0, run.p50.1);
    let happened = actual.map_or_else(String::new, |amount| format!("; actual: {}", figures.exact(amount)));
    let (what, briefly) = (subject.title(), subject.brief());
    let (titles, briefs) = match (runs.first(), runs.last()) {
        (Some(first), Some(last)) if runs.len() > 1 => {
            let (from, to) = (about(first), about(last));
            let runs = runs.len();
            let (begin, end) = (whole(first.point.when), whole(last.point.when));
            let when = if begin == end { format!("on {end}") } else { format!("from {begin} to {end}") };
            let moved = if from == to {
                format!("the median stayed at about {to}")
            } else {
                format!("the median went from {from} to {to}")
            };
            let titles = vec![
                format!("{what}: {moved} in {runs} runs {when}{happened}"),
                format!("{what}: {moved} in {runs} runs{happened}"),
                format!("{what}: {moved}{happened}"),
                format!("{what}: {moved}"),
            ];
            (titles, vec![format!("{briefly}: {from} → {to}"), format!("{from} → {to}")])
        }
        (_, Some(last)) => {
            let level = about(last);
            let title = format!("{what}: about {level} in the only run so far");
            (vec![format!("{title}{happened}"), title], vec![format!("{briefly}: {level}"), level])
        }
        _ => (vec![what], vec![briefly]),
    };
    Headline {
        title: frame::with_room(titles, sheet),
        brief: frame::with_room(briefs, sheet),
        subtitle: subtitle(trend, subject, runs),
    }
}

fn subtitle(trend: &Document<Trend>, subject: &Subject<'_>, runs: &[KnownRun<'_>]) -> String {
    let measured = words::capital(&subject.measured());
    let mut text = format!("{measured} as forecast by each run, one after the other.");
    if runs.iter().any(|run| run.missing) {
        text.push_str(" Gaps: runs are missing.");
    }
    let before = comparable(trend).start;
    if before > 0 {
        let runs = if before == 1 { "One earlier run, of".to_owned() } else { format!("{before} earlier runs, of") };
        text.push_str(&format!(" {runs} other months or another currency, not drawn."));
    }
    let back = trend.clock_went_back();
    if back > 0 && runs.len() > 1 {
        text.push_str(if back == 1 {
            " Once the clock went back: runs stand in the order of their times."
        } else {
            " The clock went back several times: runs stand in the order of their times."
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::drawing::Mark;
    use crate::charts::samples::checked::check_texts;
    use crate::charts::samples::history::{Nights, nights};
    use crate::scenario::Metric;

    fn title(found: &Document<Trend>) -> String {
        layout(found, Size::Slide).unwrap().title
    }

    #[test]
    fn the_title_says_how_far_the_median_went_and_what_happened() {
        let found = nights(&Nights { runs: 12, ..Nights::PLAN });
        assert_eq!(
            title(&found),
            "Total bookings in 2027: the median went from €17.8M to €18.1M in 12 runs from 1 Nov 2026 to 12 Nov 2026"
        );
        let found = nights(&Nights { runs: 12, actual: Some(17.1e6), ..Nights::PLAN });
        assert!(title(&found).ends_with("; actual: €17.1M"), "{}", title(&found));
        let found = nights(&Nights { runs: 1, ..Nights::PLAN });
        assert_eq!(title(&found), "Total bookings in 2027: about €17.8M in the only run so far");
        let found = nights(&Nights { runs: 3, drift: 0.0, ..Nights::PLAN });
        assert!(title(&found).contains("stayed at about €17.8M"), "{}", title(&found));
        assert!(layout(&nights(&Nights { runs: 0, ..Nights::PLAN }), Size::Slide).is_none());
    }

    #[test]
    fn a_clock_that_goes_back_never_draws_backwards() {
        let mut found = nights(&Nights { runs: 6, ..Nights::PLAN });
        found.points[4].when = found.points[1].when;
        found.points[4].unlike.push(Discontinuity::ClockWentBack);
        let drawing = layout(&found, Size::Slide).unwrap();
        assert!(drawing.about.ends_with("Once the clock went back: runs stand in the order of their times."));
        for mark in &drawing.marks {
            if let Mark::Line { points, stroke, .. } = mark
                && *stroke == style::MEDIAN
            {
                assert!(points.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            }
        }
    }

    #[test]
    fn the_fan_is_broken_where_runs_are_missing_and_the_level_steps_where_it_changed() {
        let areas = |found: &Document<Trend>| {
            let drawing = layout(found, Size::Slide).unwrap();
            let bands =
                drawing.marks.iter().filter(|m| matches!(m, Mark::Area { fill, .. } if *fill == style::BANDS[1]));
            // One of them is the label's key.
            bands.count() - 1
        };
        let mut found = nights(&Nights { runs: 20, ..Nights::PLAN });
        assert_eq!(areas(&found), 1);
        found.points.drain(6..14);
        assert_eq!(areas(&found), 2);
        for point in &mut found.points[6..] {
            point.target.as_mut().unwrap().at_least = 17e6;
        }
        let drawing = layout(&found, Size::Slide).unwrap();
        let levels = drawing.marks.iter().filter_map(|mark| match mark {
            Mark::Line { points, stroke, .. } if *stroke == style::TARGET && points.len() > 2 => Some(points),
            _ => None,
        });
        let levels: Vec<&Vec<Point>> = levels.collect();
        assert_eq!(levels.len(), 1);
        assert!(levels[0].first().unwrap().1 < levels[0].last().unwrap().1, "a lower level lies lower");
    }

    #[test]
    fn runs_of_another_currency_or_other_months_are_not_drawn_beside_these() {
        let mut found = nights(&Nights { runs: 9, ..Nights::PLAN });
        found.points[5].unlike.push(Discontinuity::Currency);
        let drawing = layout(&found, Size::Slide).unwrap();
        assert!(drawing.title.contains("in 4 runs"), "{}", drawing.title);
        assert!(drawing.about.contains("5 earlier runs, of other months or another currency, not drawn."));
    }

    #[test]
    fn no_text_touches_another_or_leaves_the_picture() {
        let shapes = [
            (17.8e6, 0.1, 0.003),
            (17.8e6, 0.0, 0.0),
            (0.0, 0.0, 0.0),
            (-4.0, 3.0, 0.2),
            (7e12, 2.0, -0.01),
            (3e-7, 0.5, 0.0),
        ];
        for (i, runs) in [1, 2, 3, 5, 12, 40, 400].into_iter().enumerate() {
            for (j, (level, spread, drift)) in shapes.into_iter().enumerate() {
                for (k, hours) in [0, 1, 24, 24 * 7, 24 * 60].into_iter().enumerate() {
                    let asked = Nights {
                        runs,
                        hours,
                        level,
                        spread,
                        drift,
                        metric: [Metric::TotalBookings, Metric::Arr, Metric::Roi, Metric::Customers][(i + j) % 4],
                        actual: [None, Some(1.02 * level)][(j + k) % 2],
                        target: [Some("Year 1"), None, Some("Österreich, Bayern und Südtirol – Großkunden")]
                            [(i + k) % 3],
                        name: ["", "<script>alert(1)</script>\u{202E}", "Österreich, Bayern und Südtirol"]
                            [(i + j + k) % 3],
                    };
                    let found = nights(&asked);
                    for size in Size::ALL.into_iter().chain(Size::OF_FIGURES) {
                        let of = format!("{} {asked:?}", size.key());
                        check_texts(&layout(&found, size).unwrap(), &of);
                    }
                }
            }
        }
    }
}

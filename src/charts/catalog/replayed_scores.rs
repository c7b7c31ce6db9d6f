//! The scores of forecasts of the past beside those of the methods that a forecast has to beat.

use super::replayed::provenance;
use crate::backtest::{BacktestFound, Method, Replayed, Scores};
use crate::charts::axes::ticks::Scale;
use crate::charts::canvas::drawing::{Anchor, Drawing, Rect, Text};
use crate::charts::canvas::font;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::canvas::text::wrap;
use crate::charts::marks::bars::{Rows, bottom, most};
use crate::charts::marks::frame::{Headline, with_room};
use crate::charts::wording::figures::Figures;
use crate::findings::{ahead, times_best};
use crate::scenario::Unit;
use crate::units::format::{capitalize, count};

/// Between panels, between lines of a heading, and from a bar to its figure, on a slide.
const BETWEEN: f64 = 24.0;
const LINE: f64 = 19.0;
const GAP: f64 = 6.0;
/// How high a bar is, of its row.
const HIGH: f64 = 0.6;

/// The chart, laid out; `None` where nothing of the total was forecast, or a score is beyond all numbers.
pub(super) fn layout(found: &BacktestFound, export: &str, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let mut totals = found.totals();
    let first = *totals.first()?;
    if totals.iter().any(|scores| !scores.crps.is_finite() || scores.naive.values().any(|score| !score.is_finite())) {
        return None;
    }
    if sheet.is_preview() {
        totals.truncate(1);
    }
    let rows = rows(&totals, &sheet);
    let (mut drawing, top) = headline(first, &totals, &rows, &sheet).begin(provenance(found, export), size);
    let names: Vec<String> =
        rows.iter().map(|row| row.map_or_else(|| "The fit".to_owned(), |method| capitalize(method.name()))).collect();
    // Headings first need the width of the names, which does not hang on where rows begin.
    let whole = Rows::new(&sheet, &names, (top, bottom(&sheet)), 0.0).plot;
    let between = sheet.scaled(BETWEEN);
    let wide = (whole.width() + between) / totals.len() as f64 - between;
    let headings: Vec<Vec<String>> = match sheet.is_preview() {
        true => Vec::new(),
        false => totals.iter().map(|s| wrap(ahead(&s.horizon), sheet.label, true, 0.95 * wide, 2)).collect(),
    };
    let lines = headings.iter().map(Vec::len).max().unwrap_or(0);
    let begin = top + sheet.scaled(LINE * lines as f64);
    let layout = Rows::new(&sheet, &names, (begin, bottom(&sheet)), 0.0);
    layout.name(&mut drawing);
    for (i, scores) in totals.iter().enumerate() {
        let left = layout.plot.left + i as f64 * (wide + between);
        let panel = Rect { left, right: left + wide, ..layout.plot };
        for (line, text) in headings.get(i).into_iter().flatten().enumerate() {
            let above = sheet.scaled(LINE * (lines - line) as f64 - 8.0);
            drawing.text(Text::new(text, (left, begin - above), sheet.label).bold());
        }
        draw(&mut drawing, &layout, &panel, scores, &rows, &Figures::Field(Unit::Money, &found.currency));
    }
    Some(drawing)
}

/// The bars of what was forecast, on a scale of their own.
fn draw(
    drawing: &mut Drawing,
    layout: &Rows,
    panel: &Rect,
    scores: &Scores,
    rows: &[Option<Method>],
    figures: &Figures<'_>,
) {
    let sheet = drawing.sheet;
    let scored = |(row, method): (usize, &Option<Method>)| Some((row, *method, score(scores, *method)?));
    let known: Vec<(usize, Option<Method>, f64)> = rows.iter().enumerate().filter_map(scored).collect();
    // One error for all, so that they are rounded alike and none reads as more than one that is higher.
    let error = known.iter().filter_map(|(_, method, _)| error(scores, *method)).reduce(f64::min);
    let known: Vec<(usize, f64, String)> =
        known.into_iter().map(|(row, _, score)| (row, score, figures.about(score, error))).collect();
    let gap = sheet.scaled(GAP);
    let room = known.iter().map(|(.., text)| font::width(text, sheet.label, false)).fold(0.0, f64::max) + gap;
    let range = known.iter().fold((0.0_f64, 0.0_f64), |(low, high), (_, x, _)| (low.min(*x), high.max(*x)));
    let scale = Scale::new(range, (panel.left, panel.right - room));
    for (row, score, text) in known {
        let fill = match rows[row] {
            None => style::MEDIAN,
            Some(method) if method.is_naive() => style::BANDS[1],
            Some(_) => style::BANDS[2],
        };
        let bar = layout.bar(row, scale.at(0.0), scale.at(score), HIGH);
        drawing.area(bar.corners(), fill);
        let at = (bar.right + gap, layout.baseline(row, sheet.label));
        drawing.text(Text::new(&text, at, sheet.label).at(Anchor::Start));
    }
    let zero = scale.at(0.0);
    drawing.line(vec![(zero, panel.top), (zero, panel.bottom)], style::AXIS_LINE, 1.5 * sheet.weight.max(0.7));
}

/// The mean score of the fit, or of a method that could forecast all the periods.
fn score(scores: &Scores, method: Option<Method>) -> Option<f64> {
    match method {
        None => Some(scores.crps),
        Some(method) if scores.has_all_of(method) => scores.naive.get(method.key()).copied(),
        Some(_) => None,
    }
}

/// How far a mean score is off, by the spread of the periods' scores: its digits follow from it. That of one period may be off by as much as it is.
fn error(scores: &Scores, method: Option<Method>) -> Option<f64> {
    let of = |period: &Replayed| method.map_or(Some(period.crps), |method| period.naive.get(method.key()).copied());
    let each: Vec<f64> = scores.periods.iter().filter_map(of).collect();
    let n = each.len() as f64;
    let mean = each.iter().sum::<f64>() / n;
    let square: f64 = each.iter().map(|x| (x - mean) * (x - mean)).sum();
    match each.len() {
        0 => None,
        1 => Some(mean),
        _ => Some(libm::sqrt(square / (n - 1.0) / n)),
    }
}

/// The fit, and the methods that could forecast all periods of any span: as many of the lowest scores as there is room for.
fn rows(totals: &[&Scores], sheet: &Sheet) -> Vec<Option<Method>> {
    let of_first = |method: &Method| score(totals[0], Some(*method)).unwrap_or(f64::INFINITY);
    let mut methods: Vec<Method> = Method::ALL.into_iter().collect();
    methods.retain(|method| totals.iter().any(|scores| scores.has_all_of(*method)));
    methods.sort_by(|a, b| of_first(a).total_cmp(&of_first(b)));
    methods.truncate(most(sheet).saturating_sub(1));
    std::iter::once(None).chain(methods.into_iter().map(Some)).collect()
}

fn headline(first: &Scores, totals: &[&Scores], rows: &[Option<Method>], sheet: &Sheet) -> Headline {
    let span = ahead(&first.horizon);
    let (mut titles, mut told) = (Vec::new(), String::new());
    let brief = match (first.best_naive(), times_best(first)) {
        (Some((method, skill)), Some(times)) if first.is_told_apart(skill) => {
            titles.push(format!("{span}: the score of the fit is {times}"));
            let side = if skill.value < Some(1.0) { "lower" } else { "higher" };
            format!("The score is {side} than that of {}", method.name())
        }
        (Some((method, _)), times) => {
            let over = count(first.separate.n, "separate period");
            let title =
                format!("{span}: over {over} the score of the fit cannot be told from that of {}", method.name());
            titles.extend([format!("{title}, the lowest without a model"), title]);
            told = times.map_or_else(String::new, |times| format!(" That of the fit is {times}."));
            format!("The score cannot be told from that of {}", method.name())
        }
        (None, _) => {
            titles.push(format!("{span}: no method without a model could forecast all the periods that the fit did"));
            "No method without a model forecast as much".to_owned()
        }
    };
    let scales = if totals.len() > 1 { " Each span has a scale of its own." } else { "" };
    let has_no_bar = |scores: &&Scores| {
        let seen = |method: &Method| scores.naive.contains_key(method.key()) || rows.contains(&Some(*method));
        Method::ALL.into_iter().filter(seen).any(|method| !scores.has_all_of(method))
    };
    let some = if totals.iter().any(has_no_bar) {
        " A method that could not forecast all of these periods has no bar."
    } else {
        ""
    };
    let subtitle = format!(
        "Mean scores (CRPS) of the won value in all, over the same periods, smaller being better.{told}{scales}{some}"
    );
    Headline { title: with_room(titles, sheet), brief, subtitle }
}

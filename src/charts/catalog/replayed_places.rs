//! How high in its forecast each period of the past came out.

use super::replayed::provenance;
use crate::backtest::{BacktestFound, Scores};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::across;
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::bars::{Rows, bottom};
use crate::charts::marks::frame::{Headline, with_room};
use crate::charts::wording::figures::Figures;
use crate::findings::{ahead, nouns};
use crate::scenario::Unit;
use crate::stats::hits_range;
use crate::units::Currency;
use crate::units::format::between;

/// How high a band is, of its row and at most, and how large a dot is, on a slide.
const OF_ROW: f64 = 0.6;
const HIGHEST: f64 = 70.0;
const DOT: f64 = 5.0;
/// Below the rows, for the axis.
const AXIS: f64 = 26.0;

/// The chart, laid out; `None` where nothing of the total was forecast.
pub(super) fn layout(found: &BacktestFound, export: &str, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let mut totals = found.totals();
    let first = *totals.first()?;
    if sheet.is_preview() {
        totals.truncate(1);
    }
    let (mut drawing, top) = headline(first, totals.len(), &sheet).begin(provenance(found, export), size);
    let names: Vec<String> = totals.iter().map(|scores| ahead(&scores.horizon).to_owned()).collect();
    let end = bottom(&sheet) - sheet.scaled(AXIS);
    let mut rows = Rows::new(&sheet, &names, (top, end), sheet.scaled(20.0));
    // A few rows share all the room.
    rows.slot = (end - top) / totals.len() as f64;
    rows.plot.bottom = end;
    let high = OF_ROW.min(sheet.scaled(HIGHEST) / rows.slot);
    rows.name(&mut drawing);
    let currency = Currency::default();
    let scale = across(&mut drawing, &rows.plot, &Figures::Field(Unit::Share, &currency), (0.0, 1.0), 0.0);
    for (row, scores) in totals.iter().enumerate() {
        for ((from, to), fill) in [(0.1, 0.9), (0.25, 0.75)].into_iter().zip(&style::BANDS[1..]) {
            drawing.area(rows.bar(row, scale.at(from), scale.at(to), high).corners(), *fill);
        }
        draw(&mut drawing, &rows, &scale, row, scores);
    }
    let middle = scale.at(0.5);
    drawing.stroke(vec![(middle, rows.plot.top), (middle, rows.plot.bottom)], style::MEDIAN, style::MEDIAN_WIDTH);
    Some(drawing)
}

/// The dots of a row; the later one of two at one place lies in front.
fn draw(drawing: &mut Drawing, rows: &Rows, scale: &Scale, row: usize, scores: &Scores) {
    for period in &scores.periods {
        drawing.spot((scale.at(period.pit), rows.middle(row)), DOT, style::ACTUAL);
    }
}

fn headline(scores: &Scores, spans: usize, sheet: &Sheet) -> Headline {
    let (noun, nouns) = nouns(&scores.horizon);
    let n = scores.n;
    let above = scores.periods.iter().filter(|period| period.pit > 0.5).count();
    let (title, brief) = match n {
        1 => {
            let came = if above == 1 { "came out" } else { "did not come out" };
            let title = format!("The one {noun} {came} above the middle of its forecast");
            (title.clone(), title)
        }
        _ => (
            format!("{above} of {n} {nouns} came out above the middle of their forecast"),
            format!("{above} of {n} {nouns} above the middle"),
        ),
    };
    let mut titles = vec![title.clone()];
    // Of periods that share days no range is known.
    if n > 1
        && n == scores.separate.n
        && let Some((least, most)) = hits_range(n, 0.5)
    {
        titles.insert(0, format!("{title}; right forecasts give {}", between(least, most)));
    }
    let shared = if spans > 1 { " Spans that share days share their luck." } else { "" };
    Headline {
        title: with_room(titles, sheet),
        brief,
        subtitle: format!(
            "Dots: the share of futures that lay below what happened (PIT), a period each. In right forecasts they lie evenly from 0 to 100\u{A0}%: \
             8 in 10 on the bar, 5 in 10 on its darker part, half at each side of the line in the middle.{shared}"
        ),
    }
}

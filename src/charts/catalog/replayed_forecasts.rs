//! What was forecast of each period of the past, and what happened.

use jiff::civil::Date;

use super::replayed::provenance;
use crate::backtest::{BacktestFound, Replayed, Scores, Step, Verdict};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline, with_room};
use crate::charts::wording::figures::Figures;
use crate::findings::{ahead, inside_of};
use crate::scenario::Unit;
use crate::units::Month;
use crate::units::format::list;

/// How large a dot is, on a slide: of the place of its column at most, but never less than can be seen.
const DOT: f64 = 5.0;
const OF_SLOT: f64 = 0.3;
const LEAST_DOT: f64 = 1.5;

/// The chart of the shortest span that was forecast of the total, laid out; `None` where none was.
pub(super) fn layout(found: &BacktestFound, export: &str, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let scores = *found.totals().first()?;
    let (low, high) = range(&scores.periods)?;
    let figures = Figures::Field(Unit::Money, &found.currency);
    let (mut drawing, top) = headline(scores, &sheet).begin(provenance(found, export), size);
    let mut marks = marks(low, high, &sheet, false);
    // Nothing is drawn below the least value, where a round number may lie far away.
    marks.retain(|mark| *mark >= low);
    let labels = figures.axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let scale = Scale::new(extent(low, high, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    value::base_line(&mut drawing, &plot, &scale);
    let places = Columns::new(plot, scores.periods.len());
    let dot = DOT.min(OF_SLOT * places.slot() / sheet.weight).max(LEAST_DOT);
    for (i, period) in scores.periods.iter().enumerate() {
        let bands = &period.bands;
        for ((from, to), fill) in [(bands.p10, bands.p90), (bands.p25, bands.p75)].into_iter().zip(&style::BANDS[1..]) {
            let bar = places.bar(&drawing, i, scale.at(from), scale.at(to));
            drawing.area(bar.corners(), *fill);
        }
        let (bar, median) = (places.bar(&drawing, i, 0.0, 0.0), scale.at(bands.p50));
        drawing.stroke(vec![(bar.left, median), (bar.right, median)], style::MEDIAN, style::MEDIAN_WIDTH);
        drawing.spot((places.middle(i), scale.at(period.actual)), dot, style::ACTUAL);
    }
    let names: Vec<Name> = scores.periods.iter().map(|period| name(found.step, period.from, period.to)).collect();
    places.name(&mut drawing, &names);
    Some(drawing)
}

/// From the least to the greatest of what is drawn, and 0.
fn range(periods: &[Replayed]) -> Option<(f64, f64)> {
    let drawn = periods.iter().flat_map(|period| [period.bands.p10, period.bands.p90, period.actual]);
    let (low, high) = drawn.fold((0.0_f64, 0.0_f64), |(low, high), x| (low.min(x), high.max(x)));
    (!periods.is_empty() && (high - low).is_finite()).then_some((low, high))
}

/// "Mar", "Mar–May" or the first day of weeks, with the year below.
fn name(step: Step, from: Date, to: Date) -> Name {
    let (first, last) = (Month::of(from), Month::of(to));
    let own = match step {
        Step::Month if first == last => first.short().to_owned(),
        Step::Month => format!("{}–{}", first.short(), last.short()),
        Step::Week => format!("{} {}", from.day(), first.short()),
    };
    Name { own, shared: from.year().to_string() }
}

fn headline(scores: &Scores, sheet: &Sheet) -> Headline {
    let n = scores.separate.n;
    let [inside, give] = inside_of(scores);
    let brief = if n == 1 { inside.clone() } else { inside.replace("inside their", "inside the") };
    let mut titles = vec![format!("{inside}; {give}")];
    let verdict = match &scores.verdict {
        Verdict::Rejected(objections) => {
            let words = list(&objections.iter().map(|objection| objection.name()).collect::<Vec<_>>());
            let rejected = format!("by their normal scores the bands are rejected as {words}");
            titles = vec![format!("{inside}, and {give}; {rejected}"), format!("{inside}; {rejected}")];
            String::new()
        }
        Verdict::NotRejected => " Nothing speaks against the bands.".to_owned(),
        Verdict::TooFew => " So few periods cannot show whether bands are right.".to_owned(),
    };
    let shared = match scores.n == n {
        true => String::new(),
        false => format!(" Of {} forecasts at most {n} share no day, and only those are counted.", scores.n),
    };
    let range = if n == 1 { String::new() } else { " Right bands give that many in 95\u{A0}% of cases.".to_owned() };
    Headline {
        title: with_room(titles, sheet),
        brief,
        subtitle: format!(
            "Won value in all. {}, as forecast at each origin with what was known then. Bars: from P10 to P90, darker from P25 to P75, with a line at \
             the median; dots: what happened.{range}{shared}{verdict}",
            ahead(&scores.horizon)
        ),
    }
}

//! How often open deals of about one chance were won.

use super::replayed::provenance;
use crate::backtest::{BacktestFound, OpenDealScores, ReliabilityBin};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::{Anchor, Drawing, Text};
use crate::charts::canvas::size::{Sheet, Size};
use crate::charts::canvas::style;
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline, with_room};
use crate::charts::wording::figures::Figures;
use crate::units::format::{few_digits, thousands};

/// How large a dot is, on a slide.
const DOT: f64 = 5.0;

/// The chart of the shortest time within which open deals are won, laid out; `None` where none was open.
pub(super) fn layout(found: &BacktestFound, export: &str, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let scores = found.open_deals.first().filter(|scores| !scores.reliability.is_empty())?;
    let bins = &scores.reliability;
    let (mut drawing, top) = headline(scores, &sheet).begin(provenance(found, export), size);
    let of = |bin: &ReliabilityBin, count: usize| count as f64 / bin.n as f64;
    let shares = |bin: &ReliabilityBin| [of(bin, bin.won as usize), of(bin, bin.right_won.1), bin.mean];
    let high = bins.iter().flat_map(shares).fold(0.0, f64::max);
    let marks = marks(0.0, high, &sheet, false);
    let labels = Figures::Chance.axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let scale = Scale::new(extent(0.0, high, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    value::base_line(&mut drawing, &plot, &scale);
    let places = Columns::new(plot, bins.len());
    for (i, bin) in bins.iter().enumerate() {
        let [low, high] = [bin.right_won.0, bin.right_won.1].map(|count| scale.at(of(bin, count)));
        let bar = places.bar(&drawing, i, low, high);
        drawing.area(bar.corners(), style::BANDS[1]);
        let mean = scale.at(bin.mean);
        drawing.stroke(vec![(bar.left, mean), (bar.right, mean)], style::MEDIAN, style::MEDIAN_WIDTH);
        drawing.spot((places.middle(i), scale.at(of(bin, bin.won as usize))), DOT, style::ACTUAL);
    }
    let percent = |chance: f64| format!("{}\u{A0}%", few_digits((1000.0 * chance).round() / 10.0));
    let names: Vec<Name> = bins.iter().map(|bin| Name { own: percent(bin.mean), shared: String::new() }).collect();
    places.name(&mut drawing, &names);
    if !sheet.is_preview() {
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        let caption = format!("mean chance to be won within {}", scores.horizon);
        drawing.text(Text::new(&caption, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
    Some(drawing)
}

fn headline(scores: &OpenDealScores, sheet: &Sheet) -> Headline {
    let bins = &scores.reliability;
    let sum = |of: &dyn Fn(&ReliabilityBin) -> f64| thousands(bins.iter().map(of).sum::<f64>().round());
    let (deals, won, expected) =
        (sum(&|bin| bin.n as f64), sum(&|bin| bin.won as f64), sum(&|bin| bin.mean * bin.n as f64));
    let within = &scores.horizon;
    let counted = if scores.separate == 1 {
        "Deals that were open at the origin".to_owned()
    } else {
        let apart = if scores.separate == scores.origins.len() { "" } else { " whose periods share no day" };
        format!("Deals that were open at {} origins{apart}, counted at each", scores.separate)
    };
    Headline {
        title: with_room(
            vec![
                format!("Of {deals} open deals {won} were won within {within}; their chances came to {expected}"),
                format!("{won} open deals were won within {within}; chances came to {expected}"),
            ],
            sheet,
        ),
        brief: format!("{won} open deals won, {expected} expected"),
        subtitle: format!(
            "{counted}, by their chance to be won within {within}, put together with those of about the same. Lines: their mean chance; dots: the share that was won; bars: \
             where it lies in 95\u{A0}% of cases if each deal is won by that chance alone. Deals of one origin share its pace, so that right chances lie outside more often."
        ),
    }
}

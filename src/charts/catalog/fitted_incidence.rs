//! Won and lost leads by their age, as counted and as fitted.

use plotters::style::RGBColor;

use super::fitted::{RANGES, provenance, with_range};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value;
use crate::charts::canvas::drawing::{Drawing, Point};
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::legend::{self, Key};
use crate::charts::wording::figures::Figures;
use crate::documents::FitFound;
use crate::fit::Incidence;
use crate::scenario::Unit;
use crate::units::Currency;
use crate::units::format::count;

/// The height of the legend, on a slide.
const LEGEND: f64 = 22.0;

/// The chart, laid out; `None` where no draws are known.
pub(super) fn layout(found: &FitFound, currency: &Currency, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let both = found.fit.incidence();
    let ends = both.each_ref().map(|incidence| incidence.fitted.last().copied());
    let [Some((days, won)), Some((_, lost))] = ends else { return None };
    let highest = both.iter().map(highest).fold(0.0, f64::max);
    if highest <= 0.0 || !highest.is_finite() {
        return None;
    }
    let figures = Figures::Chance;
    let within = count(found.fit.oldest_decided() as usize, "day");
    let title = format!(
        "At the pace of the months seen {} of leads are won within {within} and {} lost",
        with_range(&figures, &won),
        with_range(&figures, &lost)
    );
    let headline = Headline {
        title,
        brief: format!("{} of leads won within {within}", figures.about(won.mean, Some(won.sd))),
        subtitle: format!(
            "Leads that are won, and that are lost, before they are so many days old. Solid: fitted, shaded {RANGES}; in steps: as counted, open deals \
             counting for the days that they were at risk. In the mean of a quarter's months, with a pace of 1, {} are won.",
            figures.about(found.fit.win_rate(), Some(won.sd))
        ),
    };
    let (mut drawing, top) = headline.begin(provenance(found), size);
    let marks = value::marks(0.0, highest, &sheet, false);
    let labels = figures.axis(&marks);
    let below = if sheet.is_preview() { 0.0 } else { sheet.scaled(LEGEND) };
    let plot = frame::plot(&sheet, top + below, &labels, sheet.scaled(20.0));
    let up = Scale::new(value::extent(0.0, highest, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &up, &marks, &labels);
    let across = value::across(&mut drawing, &plot, &Figures::Field(Unit::Days, currency), (0.0, f64::from(days)), 0.0);
    let sides = [(style::MEDIAN, "won"), (style::AGAINST, "lost")];
    for (incidence, (colour, _)) in both.iter().zip(sides) {
        draw(&mut drawing, incidence, colour, (&across, &up));
    }
    value::base_line(&mut drawing, &plot, &up);
    if !sheet.is_preview() {
        let keys: Vec<Key> = sides.iter().map(|(colour, name)| Key::line(*colour, name)).collect();
        legend::write(&mut drawing, &keys, top - sheet.scaled(4.0));
    }
    Some(drawing)
}

fn highest(incidence: &Incidence) -> f64 {
    let fitted = incidence.fitted.iter().map(|(_, spread)| spread.p90).fold(0.0, f64::max);
    incidence.counted.iter().copied().fold(fitted, f64::max)
}

fn draw(drawing: &mut Drawing, incidence: &Incidence, colour: RGBColor, (across, up): (&Scale, &Scale)) {
    let line = |of: fn(&crate::fit::Spread) -> f64| {
        incidence.fitted.iter().map(move |(day, spread)| (across.at(f64::from(*day)), up.at(of(spread))))
    };
    let mut band: Vec<Point> = line(|spread| spread.p10).collect();
    let upper: Vec<Point> = line(|spread| spread.p90).collect();
    band.extend(upper.into_iter().rev());
    drawing.veil(band, colour);
    let mut steps: Vec<Point> = Vec::with_capacity(2 * incidence.counted.len());
    for (day, share) in incidence.counted.iter().enumerate() {
        // Only where it rises, so that a long time takes few points.
        let y = up.at(*share);
        if steps.last().is_none_or(|(_, last)| *last != y) || day + 1 == incidence.counted.len() {
            let x = across.at(day as f64);
            steps.extend(steps.last().map(|(_, last)| (x, *last)));
            steps.push((x, y));
        }
    }
    drawing.stroke(steps, colour, style::EDGE_WIDTH + 0.3);
    drawing.stroke(line(|spread| spread.mean).collect(), colour, style::MEDIAN_WIDTH);
}

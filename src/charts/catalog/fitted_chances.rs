//! Chances a day of being won, and of being lost, by the age of deals: what was counted, and what was fitted with its range.

use super::fitted::{RANGES, provenance};
use crate::charts::axes::ticks::{Scale, ticks};
use crate::charts::axes::value::{self, extent};
use crate::charts::canvas::drawing::{Drawing, Text};
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::small_multiples;
use crate::charts::wording::figures::Figures;
use crate::documents::FitFound;
use crate::fit::{AgeChance, Outcome};
use crate::scenario::Unit;
use crate::units::Currency;
use crate::units::format::between;

/// The heading of a panel, and the space between panels, on a slide.
const HEADING: f64 = 34.0;
const BETWEEN: f64 = 26.0;
/// About how many steps a panel's axis has.
const STEPS: usize = 3;

/// A panel: an outcome, and the chances of it.
struct Panel {
    heading: &'static str,
    chances: Vec<AgeChance>,
    marks: Vec<f64>,
    labels: Vec<String>,
    extent: (f64, f64),
}

/// The chart, laid out; `None` where no draws are known.
pub(super) fn layout(found: &FitFound, currency: &Currency, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let figures = Figures::Field(Unit::Share, currency);
    let mut panels = Vec::new();
    for (outcome, heading) in
        [(Outcome::Won, "Chance a day of being won"), (Outcome::Lost, "Chance a day of being lost")]
    {
        let chances = found.fit.chances(outcome);
        let highest = chances.iter().map(highest).fold(0.0, f64::max);
        if highest <= 0.0 || !highest.is_finite() {
            return None;
        }
        let marks = ticks(0.0, highest, STEPS, false);
        let extent = extent(0.0, highest, &marks);
        panels.push(Panel { heading, chances, labels: figures.axis(&marks), marks, extent });
    }
    let (mut drawing, top) = headline(found, &figures, &panels).begin(provenance(found), size);
    if sheet.is_preview() {
        panels.truncate(1);
    }
    let labels: Vec<String> = panels.iter().flat_map(|panel| panel.labels.clone()).collect();
    let above = if panels.len() > 1 { sheet.scaled(HEADING) } else { 0.0 };
    let whole = frame::plot(&sheet, top - 0.6 * above, &labels, 0.0);
    let plots = small_multiples::stacked(&whole, &vec![1.0; panels.len()], above, sheet.scaled(BETWEEN));
    for (panel, plot) in panels.iter().zip(&plots) {
        let scale = Scale::new(panel.extent, (plot.bottom, plot.top));
        value::upwards(&mut drawing, plot, &scale, &panel.marks, &panel.labels);
        let places = Columns::new(*plot, panel.chances.len());
        for (i, chance) in panel.chances.iter().enumerate() {
            let bar = places.bar(&drawing, i, scale.at(0.0), scale.at(counted(chance)));
            drawing.area(bar.corners(), style::BANDS[1]);
            places.whisker(&mut drawing, i, scale.at(chance.fitted.p10), scale.at(chance.fitted.p90));
            let weight = drawing.sheet.weight;
            drawing.disc((places.middle(i), scale.at(chance.fitted.mean)), 4.0 * weight, style::MEDIAN);
        }
        value::base_line(&mut drawing, plot, &scale);
        if above > 0.0 {
            let at = (sheet.margin, plot.top - sheet.scaled(13.0));
            drawing.text(Text::new(panel.heading, at, sheet.label).bold());
        }
    }
    let last = panels.last()?;
    let names: Vec<Name> = names(&last.chances);
    Columns::new(*plots.last()?, last.chances.len()).name(&mut drawing, &names);
    Some(drawing)
}

fn counted(chance: &AgeChance) -> f64 {
    if chance.at_risk == 0 { 0.0 } else { chance.decided as f64 / chance.at_risk as f64 }
}

fn highest(chance: &AgeChance) -> f64 {
    counted(chance).max(chance.fitted.p90)
}

/// "0", "14", "60 on" with "days old" below.
fn names(chances: &[AgeChance]) -> Vec<Name> {
    let last = chances.len() - 1;
    let name = |(i, chance): (usize, &AgeChance)| {
        let own = match chances.get(i + 1) {
            Some(next) if next.from == chance.from + 1 => chance.from.to_string(),
            Some(next) => format!("{}–{}", chance.from, next.from - 1),
            None => format!("{} on", chance.from),
        };
        Name { own, shared: if i == last { "days old".to_owned() } else { String::new() } }
    };
    chances.iter().enumerate().map(name).collect()
}

fn headline(found: &FitFound, figures: &Figures<'_>, panels: &[Panel]) -> Headline {
    // The last interval is that of deals older than any that was decided.
    let range = |panel: &Panel| {
        let known = &panel.chances[..panel.chances.len().saturating_sub(1).max(1)];
        let ends = [f64::total_cmp as fn(&f64, &f64) -> std::cmp::Ordering, |a, b| b.total_cmp(a)];
        let [least, most] = ends.map(|order| {
            let end = known.iter().min_by(|a, b| order(&a.fitted.mean, &b.fitted.mean));
            end.map_or_else(String::new, |chance| figures.about(chance.fitted.mean, Some(chance.fitted.sd)))
        });
        between(least, most)
    };
    let [won, lost] = [0, 1].map(|i| range(&panels[i]));
    let oldest = found.fit.oldest_decided();
    Headline {
        title: format!(
            "By its age a deal is won with a chance of {won} a day, and lost with {lost}, up to {oldest} days"
        ),
        brief: format!("Won with {won} a day"),
        subtitle: format!(
            "Bars: deals decided at this age over the days that deals of this age were at risk. Dots: the fitted chance, at the \
             rhythm and pace of these days; whiskers: {RANGES}. No deal older than {oldest} days was decided."
        ),
    }
}

//! Leads by month, beside the rate that was fitted.

use super::fitted::{RANGES, provenance, with_range};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value::{self, extent, marks};
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::marks::columns::{Columns, Name};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::wording::figures::Figures;
use crate::documents::FitFound;
use crate::scenario::Unit;
use crate::units::format::count;
use crate::units::{Currency, Month};

/// The chart, laid out; `None` where no month was counted.
pub(super) fn layout(found: &FitFound, currency: &Currency, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let figures = Figures::Field(Unit::Number, currency);
    let (leads, rate) = found.fit.leads();
    let highest = leads.iter().map(|leads| *leads as f64).fold(rate.p90, f64::max);
    if leads.is_empty() || highest <= 0.0 || !highest.is_finite() {
        return None;
    }
    let recent: f64 = found.fit.regions.iter().map(|region| region.recent_leads).sum();
    let of = |n: usize| if n < 3 { count(n, "month") } else { "3 months".to_owned() };
    let fitted = with_range(&figures, &rate);
    let whole = if found.fit.lead_months.1 { "Whole months only." } else { "Not all of these months are whole." };
    let headline = Headline {
        title: format!(
            "{fitted} leads a month are expected; the last {} say {}",
            of(leads.len()),
            figures.about(recent, Some(rate.sd))
        ),
        brief: format!("{fitted} leads a month"),
        subtitle: format!(
            "Bars: deals created in each month. {whole} Line: the fitted rate, for a month of mean length, which the scenario goes on with; shaded {RANGES}."
        ),
    };
    let (mut drawing, top) = headline.begin(provenance(found), size);
    let marks = marks(0.0, highest, &sheet, true);
    let labels = figures.axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let scale = Scale::new(extent(0.0, highest, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let places = Columns::new(plot, leads.len());
    for (i, leads) in leads.iter().enumerate() {
        let bar = places.bar(&drawing, i, scale.at(0.0), scale.at(*leads as f64));
        drawing.area(bar.corners(), style::BANDS[1]);
    }
    let [low, mean, high] = [rate.p10, rate.mean, rate.p90].map(|rate| scale.at(rate));
    drawing.veil(vec![(plot.left, low), (plot.right, low), (plot.right, high), (plot.left, high)], style::MEDIAN);
    drawing.stroke(vec![(plot.left, mean), (plot.right, mean)], style::MEDIAN, style::MEDIAN_WIDTH);
    value::base_line(&mut drawing, &plot, &scale);
    let first = Month::of(found.fit.leads_from);
    let name = |i: usize| {
        let month = first.plus(i);
        Name { own: month.short().to_owned(), shared: month.year().to_string() }
    };
    places.name(&mut drawing, &(0..leads.len()).map(name).collect::<Vec<Name>>());
    Some(drawing)
}

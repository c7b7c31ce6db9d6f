//! How much faster deals are decided in the first, second and third months of quarters.

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
use crate::fit::{Outcome, Spread};
use crate::units::Currency;
use crate::units::format::{list, thousands};

const PLACES: [&str; 3] = ["first", "second", "third"];

/// The chart, laid out; `None` where no draws are known.
pub(super) fn layout(found: &FitFound, currency: &Currency, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let figures = Figures::Factor(currency);
    let both = [Outcome::Won, Outcome::Lost].map(|outcome| found.fit.rhythm(outcome));
    let all: Vec<&Spread> = both.iter().flatten().collect();
    let highest = all.iter().map(|factor| factor.p90).fold(0.0, f64::max);
    if highest <= 0.0 || !highest.is_finite() {
        return None;
    }
    let (mut drawing, top) = headline(found, &figures, &both[0]).begin(provenance(found), size);
    let marks = marks(0.0, highest, &sheet, false);
    let labels = figures.axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let scale = Scale::new(extent(0.0, highest, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let places = Columns::new(plot, all.len());
    for (i, factor) in all.iter().enumerate() {
        let fill = if i < 3 { style::BANDS[2] } else { style::BANDS[1] };
        let bar = places.bar(&drawing, i, scale.at(0.0), scale.at(factor.mean));
        drawing.area(bar.corners(), fill);
        places.whisker(&mut drawing, i, scale.at(factor.p10), scale.at(factor.p90));
    }
    let one = scale.at(1.0);
    drawing.dashed(&[(plot.left, one), (plot.right, one)], style::PLAN, style::PLAN_WIDTH);
    value::base_line(&mut drawing, &plot, &scale);
    let name = |outcome: &str| {
        let name = |place: &str| Name { own: format!("{place} month"), shared: outcome.to_owned() };
        ["1st", "2nd", "3rd"].map(name)
    };
    let names: Vec<Name> = [name("won"), name("lost")].concat();
    places.name(&mut drawing, &names);
    Some(drawing)
}

fn headline(found: &FitFound, figures: &Figures<'_>, won: &[Spread; 3]) -> Headline {
    // A month is told apart from the others only where its range lies on one side of 1.
    let place = (0..3).filter(|i| won[*i].p10 > 1.0).max_by(|a, b| won[*a].mean.total_cmp(&won[*b].mean));
    let (title, brief) = match place {
        Some(i) => {
            let told = with_range(figures, &won[i]);
            let title = format!(
                "In the {} months of quarters deals are won {told} as fast as in the mean of the three",
                PLACES[i]
            );
            (title, format!("{} months: {told} as fast", crate::units::format::capitalize(PLACES[i])))
        }
        None => (
            "No month of the quarter is clearly faster than the others at winning deals".to_owned(),
            "No clear rhythm of the quarter".to_owned(),
        ),
    };
    let counts = |outcome: usize| list(&found.fit.by_place[outcome].map(|n| thousands(n as f64)));
    let subtitle = format!(
        "Factors on the chances a day, with mean 1; whiskers: {RANGES}. Won in the first, second and third months of quarters: {}; lost: {}.",
        counts(0),
        counts(1)
    );
    Headline { title, brief, subtitle }
}

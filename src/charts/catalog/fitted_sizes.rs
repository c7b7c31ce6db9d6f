//! The amounts of won deals: how many lie in each class.

use super::fitted::provenance;
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
use crate::stats::quantile;
use crate::units::Currency;
use crate::units::format::{percent, thousands};

/// At most so many classes; what is smaller than all but the last are one.
const MOST: usize = 14;
/// The largest deals whose part of the value is told: a tenth, of at least so many deals.
const LARGEST: usize = 10;
const FEWEST: usize = 20;

/// The amounts from one bound to before the next.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Class {
    /// The least amount; none of the lowest class.
    from: Option<f64>,
    to: f64,
    deals: usize,
}

/// The chart, laid out; `None` where no amount is known.
pub(super) fn layout(found: &FitFound, currency: &Currency, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let amounts = found.fit.amounts();
    let classes = classes(amounts);
    let highest = classes.iter().map(|class| class.deals).max()? as f64;
    let money = Figures::Field(Unit::Money, currency);
    let (mut drawing, top) = headline(amounts, &money).begin(provenance(found), size);
    let marks = marks(0.0, highest, &sheet, true);
    let labels = Figures::Field(Unit::Number, currency).axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let scale = Scale::new(extent(0.0, highest, &marks), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &scale, &marks, &labels);
    let places = Columns::new(plot, classes.len());
    for (i, class) in classes.iter().enumerate() {
        let bar = places.bar(&drawing, i, scale.at(0.0), scale.at(class.deals as f64));
        drawing.area(bar.corners(), style::BANDS[2]);
    }
    value::base_line(&mut drawing, &plot, &scale);
    let name = |class: &Class| {
        let own = match class.from {
            Some(from) => money.exact(from),
            None => format!("<{}", money.exact(class.to)),
        };
        Name { own, shared: String::new() }
    };
    places.name(&mut drawing, &classes.iter().map(name).collect::<Vec<Name>>());
    Some(drawing)
}

/// Round bounds, each about twice the one below, or ten times where that makes too many; from that below the smallest amount on.
fn classes(amounts: &[f64]) -> Vec<Class> {
    let Some(largest) = amounts.last().copied() else { return Vec::new() };
    if largest <= 0.0 {
        return vec![Class { from: None, to: 1.0, deals: amounts.len() }];
    }
    let smallest = amounts.iter().copied().find(|amount| *amount > 0.0).unwrap_or(largest);
    let bounds = |steps: &[f64]| {
        let mut bounds = Vec::new();
        let mut ten = 10.0 * crate::units::power_of_ten_at_most(largest);
        while bounds.len() <= MOST && bounds.last().is_none_or(|bound| *bound > smallest) {
            bounds.extend(steps.iter().map(|step| step * ten).filter(|bound| *bound <= largest));
            ten /= 10.0;
        }
        bounds
    };
    let fine = bounds(&[5.0, 2.0, 1.0]);
    let needed = |bounds: &[f64]| bounds.iter().position(|bound| *bound <= smallest).map_or(usize::MAX, |at| at + 1);
    let mut bounds = if needed(&fine) < MOST { fine } else { bounds(&[1.0]) };
    bounds.truncate(needed(&bounds).min(MOST - 1));
    bounds.reverse();
    let below = |bound: f64| amounts.partition_point(|amount| *amount < bound);
    let mut found = Vec::new();
    let under = below(bounds[0]);
    if under > 0 {
        found.push(Class { from: None, to: bounds[0], deals: under });
    }
    for (i, from) in bounds.iter().enumerate() {
        let to = bounds.get(i + 1).copied().unwrap_or(f64::INFINITY);
        found.push(Class { from: Some(*from), to, deals: below(to) - below(*from) });
    }
    found
}

fn headline(amounts: &[f64], money: &Figures<'_>) -> Headline {
    let (least, most) = (amounts[0], amounts[amounts.len() - 1]);
    let deals = if amounts.len() == 1 {
        "1 won deal".to_owned()
    } else {
        format!("{} won deals", thousands(amounts.len() as f64))
    };
    let (title, brief) = if least == most {
        let each = if amounts.len() == 1 { "is" } else { "are each" };
        (
            format!("{deals} with an amount {each} worth {}", money.exact(least)),
            format!("Deals of {}", money.exact(least)),
        )
    } else {
        let half = money.about(quantile(amounts, 0.5), None);
        let brief = format!("Half of the won deals are below {half}");
        (format!("Half of the {deals} with an amount are below {half}{}", of_largest(amounts)), brief)
    };
    Headline {
        title,
        brief,
        subtitle: "Won deals by their amount, each bar from the amount below it to before that of the next. The scenario draws from these amounts as they \
                   are, near ones together; each region's own count most."
            .to_owned(),
    }
}

/// What part of the value the largest deals bring; nothing where they are few, or some amounts are below 0.
fn of_largest(amounts: &[f64]) -> String {
    let whole: f64 = amounts.iter().sum();
    if amounts.len() < FEWEST || amounts[0] < 0.0 || whole <= 0.0 {
        return String::new();
    }
    let largest = amounts.len() / LARGEST;
    let part: f64 = amounts[amounts.len() - largest..].iter().sum();
    format!("; the largest {} bring {} of the value", thousands(largest as f64), percent(part / whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_amount_lies_in_one_class_with_round_bounds() {
        let found = |amounts: &[f64]| -> Vec<(Option<f64>, usize)> {
            let classes = classes(amounts);
            assert_eq!(classes.iter().map(|class| class.deals).sum::<usize>(), amounts.len(), "{classes:?}");
            assert!(classes.len() <= MOST && classes.windows(2).all(|pair| Some(pair[0].to) == pair[1].from));
            classes.iter().map(|class| (class.from, class.deals)).collect()
        };
        assert_eq!(found(&[5.0, 7.0, 20.0, 99.0]), [(Some(5.0), 2), (Some(10.0), 0), (Some(20.0), 1), (Some(50.0), 1)]);
        assert_eq!(found(&[1234.0]), [(Some(1000.0), 1)]);
        assert_eq!(found(&[-7.0, 0.0, 3.0]), [(None, 2), (Some(2.0), 1)]);
        assert_eq!(found(&[-7.0, 0.0]), [(None, 2)]);
        // Seven decades: one bound a decade.
        let wide: Vec<f64> = (0..8).map(|k| 3.0 * libm::pow(10.0, f64::from(k))).collect();
        assert_eq!(found(&wide).len(), 8);
        // So many that the smallest are one.
        let wider: Vec<f64> = (0..30).map(|k| 3.0 * libm::pow(10.0, f64::from(k - 20))).collect();
        assert_eq!(found(&wider)[0], (None, 17));
        assert!(classes(&[]).is_empty());
    }

    #[test]
    fn the_title_tells_what_the_amounts_hold() {
        let currency = Currency::new("EUR").unwrap();
        let title = |amounts: &[f64]| headline(amounts, &Figures::Field(Unit::Money, &currency)).title;
        assert_eq!(title(&[500.0]), "1 won deal with an amount is worth €500");
        assert_eq!(title(&[500.0, 500.0]), "2 won deals with an amount are each worth €500");
        assert_eq!(title(&[500.0, 1500.0]), "Half of the 2 won deals with an amount are below €1,000");
        let many: Vec<f64> = (1..=100).map(f64::from).collect();
        assert!(title(&many).ends_with("; the largest 10 bring 19\u{A0}% of the value"), "{}", title(&many));
    }
}

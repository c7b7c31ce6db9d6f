//! Open deals by their age, each with its chance of being won.

use crate::analysis::{DealFlag, DealOutlook, Pipeline};
use crate::charts::axes::ticks::Scale;
use crate::charts::axes::value;
use crate::charts::canvas::drawing::{Anchor, Drawing, Point, Rect, Text};
use crate::charts::canvas::size::Size;
use crate::charts::canvas::style;
use crate::charts::canvas::text::short_name;
use crate::charts::marks::callout::{Callout, line};
use crate::charts::marks::frame::{self, Headline};
use crate::charts::marks::label_placement::Placer;
use crate::charts::wording::figures::Figures;
use crate::charts::wording::subject::known;
use crate::documents::Document;
use crate::scenario::Unit;
use crate::units::format::{between, count};

/// Of more deals only those of the largest amounts are drawn.
const MOST: usize = 1_000;
/// Deals that are named.
const NAMED: usize = 5;
/// The radius of a deal of no amount, and how much larger that of the largest is, on a slide.
const LEAST: f64 = 3.5;
const LARGEST: f64 = 13.0;
/// The largest part of the plot's width that a name takes.
const NAME: f64 = 0.2;

/// A deal with its place.
struct Spot<'a> {
    deal: &'a DealOutlook,
    chance: f64,
    error: Option<f64>,
    at: Point,
    radius: f64,
}

/// The chart, laid out; `None` where no deal is open.
pub(super) fn layout(found: &Document<Pipeline>, size: Size) -> Option<Drawing> {
    let sheet = size.sheet();
    let currency = &found.header.currency;
    let amount = |deal: &DealOutlook| deal.amount.unwrap_or(0.0);
    let mut deals: Vec<(&DealOutlook, f64, Option<f64>)> = found
        .deals
        .iter()
        .filter(|deal| deal.age_days.is_finite())
        .filter_map(|deal| known(&deal.chance).map(|(chance, error)| (deal, chance, error)))
        .collect();
    deals.sort_by(|a, b| amount(b.0).total_cmp(&amount(a.0)));
    let all = deals.len();
    deals.truncate(MOST);
    let largest = amount(deals.first()?.0);
    let ages = || deals.iter().map(|(deal, ..)| deal.age_days);
    let (young, old) = (ages().fold(f64::INFINITY, f64::min), ages().fold(0.0, f64::max));

    let (mut drawing, top) = headline(&deals, all, (young, old)).begin(&found.header, size);
    let marks: Vec<f64> = if sheet.is_preview() { vec![0.0, 0.5, 1.0] } else { vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0] };
    let labels = Figures::Chance.axis(&marks);
    let plot = frame::plot(&sheet, top, &labels, 0.0);
    let up = Scale::new((0.0, 1.0), (plot.bottom, plot.top));
    value::upwards(&mut drawing, &plot, &up, &marks, &labels);
    let across =
        value::across(&mut drawing, &plot, &Figures::Field(Unit::Days, currency), (young, old), 0.04 * (old - young));
    drawing.stroke(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], style::AXIS_LINE, 1.5);
    if !sheet.is_preview() {
        let at = (plot.right, plot.bottom + sheet.scaled(42.0));
        let what = "Days since the deal was created, or came into its stage";
        drawing.text(Text::new(what, at, sheet.axis).at(Anchor::End).ink(style::QUIET));
    }
    let spots: Vec<Spot> = deals
        .iter()
        .map(|(deal, chance, error)| Spot {
            deal,
            chance: *chance,
            error: *error,
            at: (across.at(deal.age_days), up.at(*chance)),
            radius: LEAST + if largest > 0.0 { LARGEST * libm::sqrt(amount(deal) / largest) } else { 0.0 },
        })
        .collect();
    for spot in &spots {
        drawing.spot(spot.at, spot.radius, if is_late(spot.deal) { style::TARGET } else { style::MEDIAN });
    }
    name_largest(&mut drawing, &plot, &spots, found);
    Some(drawing)
}

/// Whether its time is over: past its stated day, or older than any deal that is decided.
fn is_late(deal: &DealOutlook) -> bool {
    deal.flags.iter().any(|flag| matches!(flag, DealFlag::Slipped | DealFlag::Stale))
}

/// Names the largest deals, where there is room.
fn name_largest(drawing: &mut Drawing, plot: &Rect, spots: &[Spot], found: &Document<Pipeline>) {
    let sheet = drawing.sheet;
    let bounds = Rect { left: plot.left + 6.0, top: plot.top - 4.0, right: plot.right, bottom: plot.bottom - 6.0 };
    let mut placer = Placer::new(bounds);
    for spot in spots {
        placer.take(Rect::around(spot.at, (spot.radius + 1.5) * sheet.weight));
    }
    for spot in spots.iter().take(NAMED) {
        let name = spot.deal.label.as_deref().unwrap_or(&spot.deal.id);
        let name = short_name(name, sheet.label, false, NAME * plot.width());
        let chance = Figures::Chance.about(spot.chance, spot.error);
        let worth = spot.deal.amount.map_or_else(String::new, |amount| {
            format!("{}, ", Figures::Field(Unit::Money, &found.header.currency).about(amount, None))
        });
        let lines = vec![line(&name, &sheet), line(&format!("{worth}{chance}"), &sheet)];
        let callout = Callout { point: spot.at, lines, ink: style::INK, leader: style::AXIS_LINE, toward: (0.7, -0.7) };
        callout.write(drawing, &mut placer, |_| 0.0);
    }
}

fn headline(deals: &[(&DealOutlook, f64, Option<f64>)], all: usize, (young, old): (f64, f64)) -> Headline {
    let days = |x: f64| count(x as usize, "day");
    let chance = |(_, chance, error): &(&DealOutlook, f64, Option<f64>)| Figures::Chance.about(*chance, *error);
    let least = deals.iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(chance).unwrap_or_default();
    let most = deals.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(chance).unwrap_or_default();
    let (rows, number) = (deals.len(), deals.iter().map(|(deal, ..)| deal.count).sum());
    let drawn = if rows < all { format!("The {rows} largest rows of {all}") } else { count(number, "open deal") };
    let (are, ages) = (
        if number == 1 { "is" } else { "are" },
        if young == old { days(old) } else { format!("{young} to {}", days(old)) },
    );
    let chances = between(least, most);
    let late = deals.iter().filter(|(deal, ..)| is_late(deal)).count();
    let late = if late == 0 {
        String::new()
    } else {
        " In orange: past its stated close date, or older than any deal that is decided.".to_owned()
    };
    Headline {
        title: format!("{drawn} {are} {ages} old; the chance of being won is {chances}"),
        brief: format!("{drawn}: won with {chances}"),
        subtitle: format!("Each disc is a row of the list of open deals: the more it is worth, the larger.{late}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{DealGroup, WeightedPipeline};
    use crate::charts::samples::analysis::Asked;
    use crate::charts::samples::checked::check_texts;
    use crate::stats::Estimate;

    /// A deal of an age and a chance.
    fn deal(id: usize, age_days: f64, chance: f64, amount: Option<f64>) -> DealOutlook {
        DealOutlook {
            id: format!("D-{id}"),
            label: id.is_multiple_of(2).then(|| "A customer with a name that is longer than most".to_owned()),
            region: "europe".to_owned(),
            stage: None,
            count: 1,
            age_days,
            age_percentile: 0.5,
            close_date: None,
            amount,
            chance: Estimate::new(chance, Some(0.01)),
            chance_in_period: Estimate::new(chance, Some(0.01)),
            expected_value: Estimate::UNKNOWN,
            closes_p10: None,
            closes_p50: None,
            closes_p90: None,
            moves: Estimate::UNKNOWN,
            flags: if id.is_multiple_of(3) { vec![DealFlag::Slipped] } else { Vec::new() },
        }
    }

    fn pipeline(deals: Vec<DealOutlook>) -> Document<Pipeline> {
        let none = Estimate::UNKNOWN;
        let all = DealGroup {
            name: String::new(),
            deals: deals.len(),
            value: 0.0,
            expected_value: none,
            p10: none,
            p20: none,
            p50: none,
            p80: none,
            p90: none,
        };
        let body = Pipeline {
            target: None,
            target_chance: none,
            period: "2027".to_owned(),
            deals,
            all,
            by: None,
            groups: Vec::new(),
            weighted: WeightedPipeline { amount: 0.0, percentile: none },
            contracts: Vec::new(),
        };
        Document::new(Asked::PLAN.sensitivity().header, body)
    }

    #[test]
    fn few_deals_and_many_are_drawn_with_no_text_on_another() {
        assert!(layout(&pipeline(Vec::new()), Size::Slide).is_none());
        let spread = |i: usize| deal(i, (i * 37 % 301) as f64, (i * 13 % 100) as f64 / 100.0, Some(1e3 * i as f64));
        let of = [
            vec![deal(1, 1.0, 0.4, Some(20_000.0))],
            vec![deal(2, 30.0, 0.0, None), deal(3, 30.0, 1.0, None)],
            (0..40).map(spread).collect(),
            (0..1_200).map(spread).collect(),
        ];
        for deals in of {
            for size in Size::ALL {
                let drawing = layout(&pipeline(deals.clone()), size).expect("a deal is open");
                check_texts(&drawing, &format!("{} of {} deals", size.key(), deals.len()));
            }
        }
        let title = |deals: Vec<DealOutlook>| layout(&pipeline(deals), Size::Slide).expect("a deal is open").title;
        assert_eq!(
            title(vec![deal(1, 1.0, 0.4, None)]),
            "1 open deal is 1 day old; the chance of being won is 40\u{A0}%"
        );
        assert_eq!(
            title(vec![deal(1, 3.0, 0.2, None), deal(2, 93.0, 0.4, None)]),
            "2 open deals are 3 to 93 days old; the chance of being won is 20\u{A0}% to 40\u{A0}%"
        );
    }
}

//! The way from one scenario to another, change by change.

use super::waterfall::Waterfall;
use crate::analysis::{Comparison, Difference, Orders, Span};
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::Size;
use crate::charts::marks::scenarios;
use crate::charts::marks::series_style::SeriesStyle;
use crate::documents::Document;

/// What a bridge explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statistic {
    Mean,
    Median,
    /// Of the first scenario's first target.
    Chance,
}

impl Statistic {
    /// All of them, in their order.
    pub(super) const ALL: [Statistic; 3] = [Statistic::Mean, Statistic::Median, Statistic::Chance];

    /// The stem of the chart's name.
    pub(super) fn stem(self) -> &'static str {
        match self {
            Statistic::Mean => "bridge-mean",
            Statistic::Median => "bridge-p50",
            Statistic::Chance => "bridge-chance",
        }
    }

    fn span(self, of: &Difference) -> Option<&Span> {
        match self {
            Statistic::Mean => Some(&of.bridge.mean),
            Statistic::Median => Some(&of.bridge.p50),
            Statistic::Chance => of.bridge.chance.as_ref(),
        }
    }
}

/// The chart of the difference in a place, laid out; `None` where nothing changed or a step is not known.
pub(super) fn layout(found: &Document<Comparison>, place: usize, statistic: Statistic, size: Size) -> Option<Drawing> {
    waterfall(found, place, statistic, size)?.layout(size)
}

fn waterfall(found: &Document<Comparison>, place: usize, statistic: Statistic, size: Size) -> Option<Waterfall<'_>> {
    let sheet = size.sheet();
    let difference = &found.differences[place];
    let first = found.sides.first()?;
    let subject = scenarios::subject(found, &sheet);
    let what = match (statistic, first.targets.first()) {
        (Statistic::Mean, _) => (format!("Mean of {}", subject.measured_when()), "Mean"),
        (Statistic::Median, _) => (format!("Median of {}", subject.measured_when()), "Median"),
        (Statistic::Chance, Some(target)) => (format!("Chance of {}", scenarios::name(&target.name, &sheet)), "Chance"),
        (Statistic::Chance, None) => ("Chance of the target".to_owned(), "Chance"),
    };
    let orders = match difference.bridge.orders {
        Orders::All => "over all orders in which the changes can be made".to_owned(),
        Orders::Some(count) => format!("over {count} orders in which the changes can be made, taken at random"),
    };
    let reading = format!(
        "From {} to {}, on the same draws. What each change brings is its mean {orders}, so the steps add up.",
        scenarios::named(&first.label, &sheet),
        scenarios::named(&difference.label, &sheet),
    );
    Some(Waterfall {
        head: &found.header,
        figure: &found.figure,
        of_chance: statistic == Statistic::Chance,
        span: statistic.span(difference)?,
        changes: &difference.bridge.changes,
        ends: [
            (&first.label, SeriesStyle::of(0).colour),
            (&difference.label, SeriesStyle::of((place + 1) % scenarios::MAX_SCENARIOS).colour),
        ],
        what: (what.0, what.1.to_owned()),
        unmoved: "in both scenarios",
        reading,
    })
}

#[cfg(test)]
mod tests {
    use crate::charts::samples::analysis::Asked;
    use plotters::style::WHITE;

    use super::*;
    use crate::charts::canvas::drawing::Mark;

    #[test]
    fn many_changes_keep_the_largest_and_add_up() {
        let found = Asked { count: 40, ..Asked::PLAN }.comparison(2);
        let span = &found.differences[0].bridge.p50;
        let values = span.shown(Some(found.figure.metric)).unwrap().steps;
        let waterfall = waterfall(&found, 0, Statistic::Median, Size::Slide).unwrap();
        let told = waterfall.steps(&values, &found.header.currency, &Size::Slide.sheet()).unwrap();
        let sum = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>();
        let all = sum(&mut values.iter().copied());
        assert!((sum(&mut told.iter().map(|step| step.value)) - all).abs() < 1.0);
        let (kept, rest) = told.split_at(9);
        assert_eq!((rest[0].label.as_str(), rest[0].changes), ("31 others", 31));
        assert_eq!(kept[0].label, "Europe: win rate");
        assert!(kept.iter().all(|step| step.changes == 1));
    }

    #[test]
    fn totals_are_torn_where_their_axis_does_not_begin_at_0() {
        let torn = |part: f64| {
            let found = Asked { part, count: 3, ..Asked::PLAN }.comparison(2);
            let drawing = layout(&found, 0, Statistic::Median, Size::Slide).unwrap();
            let white =
                drawing.marks.iter().filter(|mark| matches!(mark, Mark::Line { stroke, .. } if *stroke == WHITE));
            (white.count(), drawing.about.contains("The axis does not begin at 0."))
        };
        assert_eq!(torn(0.08), (4, true));
        assert_eq!(torn(0.9), (0, false));
    }
}

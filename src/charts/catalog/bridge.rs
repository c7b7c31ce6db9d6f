//! The way from one scenario to another, change by change.

use super::waterfall::Waterfall;
use crate::analysis::{Comparison, Orders};
use crate::charts::canvas::drawing::Drawing;
use crate::charts::canvas::size::Size;
use crate::charts::marks::scenarios;
use crate::charts::marks::series_style::SeriesStyle;
use crate::documents::Document;

/// The chart of the difference in a place, laid out: how the median moves. `None` where nothing moved or a step is not known.
pub(super) fn layout(found: &Document<Comparison>, place: usize, size: Size) -> Option<Drawing> {
    waterfall(found, place, size)?.layout(size)
}

fn waterfall(found: &Document<Comparison>, place: usize, size: Size) -> Option<Waterfall<'_>> {
    let sheet = size.sheet();
    let difference = &found.differences[place];
    let first = found.sides.first()?;
    let subject = scenarios::subject(found, &sheet);
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
        of_chance: false,
        span: &difference.bridge.p50,
        changes: &difference.bridge.changes,
        ends: [
            (&first.label, SeriesStyle::of(0).colour),
            (&difference.label, SeriesStyle::of((place + 1) % scenarios::MAX_SCENARIOS).colour),
        ],
        what: (format!("Median of {}", subject.measured_when()), "Median".to_owned()),
        unmoved: "in both scenarios",
        reading,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charts::canvas::drawing::Mark;
    use crate::charts::catalog::waterfall::END;
    use crate::charts::samples::analysis::Asked;

    #[test]
    fn many_changes_keep_the_largest_and_add_up() {
        let found = Asked { count: 40, ..Asked::PLAN }.comparison(2);
        let span = &found.differences[0].bridge.p50;
        let values = span.shown(Some(found.figure.metric)).unwrap().steps;
        let waterfall = waterfall(&found, 0, Size::Slide).unwrap();
        let (told, nothing) = waterfall.steps(&values, &found.header.currency, &Size::Slide.sheet()).unwrap();
        assert_eq!(nothing, values.iter().filter(|value| **value == 0.0).count());
        let sum = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>();
        let all = sum(&mut values.iter().copied());
        assert!((sum(&mut told.iter().map(|step| step.value)) - all).abs() < 1.0);
        let (kept, rest) = told.split_at(9);
        assert_eq!((rest[0].label.as_str(), rest[0].changes), ("31 others", 31));
        assert_eq!(kept[0].label, "Europe: win rate");
        assert!(kept.iter().all(|step| step.changes == 1));
    }

    #[test]
    fn totals_are_bars_from_0_or_none() {
        let bars = |part: f64| {
            let found = Asked { part, count: 3, ..Asked::PLAN }.comparison(2);
            let steps = found.differences[0].bridge.p50.steps.iter().filter(|step| step.value != Some(0.0)).count();
            let drawing = layout(&found, 0, Size::Slide).unwrap();
            let wide = |points: &[(f64, f64)]| {
                let xs = || points.iter().map(|(x, _)| *x);
                xs().fold(f64::MIN, f64::max) - xs().fold(f64::MAX, f64::min) > 2.0 * END
            };
            let areas = drawing.marks.iter().filter_map(|mark| match mark {
                Mark::Area { points, .. } => Some(points),
                _ => None,
            });
            areas.filter(|points| wide(points)).count() - steps
        };
        assert_eq!((bars(0.08), bars(0.9)), (0, 2));
    }

    #[test]
    fn changes_that_bring_nothing_are_counted_and_not_drawn() {
        let mut found = Asked { count: 3, ..Asked::PLAN }.comparison(2);
        let whole = layout(&found, 0, Size::Slide).unwrap();
        assert!(!whole.about.contains("nothing"));
        let span = &mut found.differences[0].bridge.p50;
        let lost = span.steps[1].value.replace(0.0).unwrap();
        span.to.value = span.to.value.map(|to| to - lost);
        let drawing = layout(&found, 0, Size::Slide).unwrap();
        let label = &found.differences[0].bridge.changes[1].label;
        let says = |drawing: &Drawing| {
            drawing.marks.iter().any(|mark| matches!(mark, Mark::Text(text) if text.text.contains(label.as_str())))
        };
        assert!(says(&whole) && !says(&drawing));
        assert!(drawing.about.contains("1 change brings nothing."), "{}", drawing.about);
        let span = &mut found.differences[0].bridge.p50;
        span.steps.iter_mut().for_each(|step| step.value = Some(0.0));
        span.to = span.from;
        assert!(layout(&found, 0, Size::Slide).is_none());
    }
}

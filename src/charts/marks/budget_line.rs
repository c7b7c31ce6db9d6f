//! The budget on a fan: a thin line beside the bands, with gaps where nothing is budgeted.

use plotters::style::WHITE;

use super::callout::{Callout, line};
use crate::charts::canvas::drawing::{Drawing, Point};
use crate::charts::canvas::size::Sheet;
use crate::charts::canvas::style;

/// Amounts of months by themselves: a level stretch each, joined by steps to its neighbours. `months` has heights.
pub(in crate::charts) fn steps(
    months: impl Iterator<Item = Option<f64>>,
    slot: impl Fn(usize) -> (f64, f64),
) -> Vec<Vec<Point>> {
    runs(months, |run, month, y| {
        let (from, to) = slot(month);
        run.extend([(from, y), (to, y)]);
    })
}

/// Amounts added up from `start`: a line through the ends of the months. A month by itself reaches `half` to the left.
pub(in crate::charts) fn slope(
    start: Point,
    months: impl Iterator<Item = Option<f64>>,
    end: impl Fn(usize) -> f64,
    half: f64,
) -> Vec<Vec<Point>> {
    let mut found = runs(months, |run, month, y| {
        if month == 0 {
            run.push(start);
        }
        run.push((end(month), y));
    });
    for run in &mut found {
        if let [(x, y)] = run[..] {
            run.insert(0, (x - half, y));
        }
    }
    found
}

/// The stretches of known months.
fn runs(months: impl Iterator<Item = Option<f64>>, add: impl Fn(&mut Vec<Point>, usize, f64)) -> Vec<Vec<Point>> {
    let mut found = vec![Vec::new()];
    for (month, y) in months.enumerate() {
        match (y, found.last_mut()) {
            (Some(y), Some(run)) => add(run, month, y),
            _ => found.push(Vec::new()),
        }
    }
    found.retain(|run| !run.is_empty());
    found
}

/// Draws the stretches, cut out of what they cross.
pub(in crate::charts) fn draw(drawing: &mut Drawing, runs: &[Vec<Point>]) {
    for run in runs {
        drawing.stroke(run.clone(), WHITE, style::BUDGET_WIDTH + 1.8);
    }
    for run in runs {
        drawing.stroke(run.clone(), style::BUDGET, style::BUDGET_WIDTH);
    }
}

/// Its name, where it ends before the fan does.
pub(in crate::charts) fn callout(end: Point, sheet: &Sheet) -> Callout {
    Callout {
        point: end,
        lines: vec![line("Budget", sheet)],
        ink: style::BUDGET,
        leader: style::BUDGET,
        toward: (0.9, -0.4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_that_are_not_budgeted_are_gaps() {
        let months = || [Some(5.0), Some(7.0), None, Some(9.0)].into_iter();
        let at = |month: usize| month as f64;
        let found = steps(months(), |month| (at(month), at(month) + 1.0));
        assert_eq!(found, [vec![(0.0, 5.0), (1.0, 5.0), (1.0, 7.0), (2.0, 7.0)], vec![(3.0, 9.0), (4.0, 9.0)]]);
        let found = slope((0.0, 0.0), months(), |month| at(month) + 1.0, 0.5);
        assert_eq!(found, [vec![(0.0, 0.0), (1.0, 5.0), (2.0, 7.0)], vec![(3.5, 9.0), (4.0, 9.0)]]);
        assert!(steps([None, None].into_iter(), |_| (0.0, 1.0)).is_empty());
    }
}

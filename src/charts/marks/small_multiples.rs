//! Panels one above another over the same months.

use crate::charts::axes::month::Months;
use crate::charts::canvas::drawing::{Drawing, Rect};

/// Splits a plot into panels from top to bottom, their heights in proportion to `shares`, with `above` pixels free above each
/// one for its heading, and `between` more where another panel ends there.
pub(in crate::charts) fn stacked(plot: &Rect, shares: &[f64], above: f64, between: f64) -> Vec<Rect> {
    let free = plot.height() + between - (above + between) * shares.len() as f64;
    let whole: f64 = shares.iter().sum();
    let mut bottom = plot.top - between;
    shares
        .iter()
        .map(|share| {
            let top = bottom + between + above;
            bottom = top + free * share / whole;
            Rect { top, bottom, ..*plot }
        })
        .collect()
}

/// Draws years' lines through all panels, and the axis of months under the last.
pub(in crate::charts) fn months_below(drawing: &mut Drawing, months: &Months, panels: &[Rect]) {
    if let Some((last, others)) = panels.split_last() {
        for panel in others {
            months.draw_lines(drawing, panel);
        }
        months.draw(drawing, last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_share_what_their_headings_leave() {
        let plot = Rect { left: 10.0, top: 100.0, right: 90.0, bottom: 440.0 };
        let panels = stacked(&plot, &[2.0, 1.0], 20.0, 30.0);
        let heights: Vec<(f64, f64)> = panels.iter().map(|panel| (panel.top, panel.bottom)).collect();
        assert_eq!(heights, [(120.0, 300.0), (350.0, 440.0)]);
        assert!(panels.iter().all(|panel| panel.left == 10.0 && panel.right == 90.0));
    }
}

//! Texts and numbers as they stand on the page.

use maud::{Markup, html};

use crate::forecast::Forecast;
use crate::scenario::Metric;
use crate::stats::Estimate;
use crate::units::format::{percent, plain, shorten};

/// Longer names end in an ellipsis; the analyst finds them whole in `forecast.json`.
const LONGEST_NAME: usize = 90;

/// A text fit for the page: nothing that hides or turns it around, and no line that begins with a percent sign.
pub(super) fn text(of: &str) -> String {
    plain(of).replace(" %", "\u{A0}%").replace(" in 100", "\u{A0}in\u{A0}100").replace(" in 10 ", "\u{A0}in\u{A0}10 ")
}

/// A name, cut where it is too long to be one.
pub(super) fn name(of: &str) -> String {
    shorten(&text(of), LONGEST_NAME)
}

/// A cell with a value, which it carries whole beside what is read; empty where it is unknown.
pub(super) fn cell(forecast: &Forecast, metric: Metric, estimate: Estimate) -> Markup {
    html! {
        td.number {
            @if let Some(value) = estimate.value { data value=(value) { (forecast.said(metric, value, estimate.error)) } }
        }
    }
}

/// A cell with a share as a percentage.
pub(super) fn share_cell(share: Option<f64>) -> Markup {
    html! {
        td.number { @if let Some(share) = share { data value=(share) { (percent(share)) } } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_and_cannot_turn_a_line_around() {
        assert_eq!(name("Europe"), "Europe");
        assert_eq!(name(&"x".repeat(10_000)).chars().count(), LONGEST_NAME);
        assert_eq!(text("a\u{202E}b 5 %\0"), "a\u{FFFD}b 5\u{A0}%\u{FFFD}");
    }
}

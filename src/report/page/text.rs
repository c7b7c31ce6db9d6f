//! Texts and numbers as they stand on the page.

use maud::{Markup, html};

use crate::forecast::{Forecast, Known};
use crate::scenario::Metric;
use crate::units::plain;

/// Longer names end in an ellipsis; the analyst finds them whole in `forecast.json`.
const LONGEST_NAME: usize = 90;

/// A text fit for the page: nothing that hides or turns it around, and no line that begins with a percent sign.
pub(super) fn text(of: &str) -> String {
    plain(of).replace(" %", "\u{A0}%").replace(" in 100", "\u{A0}in\u{A0}100").replace(" in 10 ", "\u{A0}in\u{A0}10 ")
}

/// A name, cut where it is too long to be one.
pub(super) fn name(of: &str) -> String {
    let whole = text(of);
    if whole.chars().count() <= LONGEST_NAME {
        return whole;
    }
    whole.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

/// A value in a hurry: at most three digits.
pub(super) fn about(forecast: &Forecast, metric: Metric, value: f64, error: Known) -> String {
    metric.about(&forecast.currency, value, error)
}

/// A cell with a value, which it carries whole beside what is read; empty where it is unknown.
pub(super) fn cell(forecast: &Forecast, metric: Metric, value: Known, error: Known) -> Markup {
    html! {
        td.number { @if let Some(value) = value { data value=(value) { (about(forecast, metric, value, error)) } } }
    }
}

/// A cell with a share as a percentage.
pub(super) fn share_cell(share: Known) -> Markup {
    html! {
        td.number { @if let Some(share) = share { data value=(share) { (percent(share)) } } }
    }
}

/// "48 %", without a sign that says nothing.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0}\u{A0}%", (100.0 * share).round() + 0.0)
}

/// Parts of a sentence, joined by commas and "and".
pub(super) fn list(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
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
        assert_eq!(percent(-0.001), "0\u{A0}%");
    }

    #[test]
    fn lists_end_with_and() {
        let said = |parts: &[&str]| list(&parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>());
        assert_eq!([said(&["a"]), said(&["a", "b"]), said(&["a", "b", "c"])], ["a", "a and b", "a, b and c"]);
    }
}

//! What others have said: the budget and the calls, against the forecast.

use maud::{Markup, html};

use super::text::text;
use crate::forecast::Forecast;
use crate::report::against::{budget, call};
use crate::units::format::capitalize;

/// More calls than this would not fit a printed page.
const MOST: usize = 4;

pub(super) fn section(forecast: &Forecast) -> Markup {
    let (rows, more) = budget(forecast);
    let calls = &forecast.calls;
    if rows.is_empty() && calls.is_empty() {
        return html! {};
    }
    let left_out = more + calls.len().saturating_sub(MOST);
    html! {
        section aria-labelledby="against" {
            h2 #against { "Against budget and calls" }
            ul {
                @for (what, sentence) in &rows { li { (text(&format!("{}: {sentence}", capitalize(what)))) } }
                @for said in calls.iter().take(MOST) { li { (text(&call(forecast, said))) } }
            }
            @if left_out > 0 { p.quiet { (left_out) " more are in forecast.json." } }
        }
    }
}

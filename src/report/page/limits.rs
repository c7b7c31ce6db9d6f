//! What the page does not say.

use maud::{Markup, html};

use crate::forecast::Forecast;

pub(super) fn section(forecast: &Forecast) -> Markup {
    let assumed = forecast.inputs.iter().filter(|input| input.source.is_none()).count();
    let ranges = forecast.inputs.len();
    html! {
        section.limits aria-labelledby="limits" {
            h2 #limits { "What this does not say" }
            ul {
                li {
                    "Whether the assumptions are right. Every chance above holds if they do."
                    @if ranges == 1 { @if assumed == 1 { " The one range is assumed." } @else { " The one range lies about a stated figure." } }
                    @else if ranges > 1 { " Of the " (ranges) " ranges, " (ranges - assumed) " lie about a stated figure and " (assumed) " are assumed altogether." }
                }
                li { "What numbers without a range would do: errors in them are in no range above." }
                li { "Whether the team can do the work: leads are worked however many there are." }
                li { "What is in the pipeline today: it begins with no open deals and no customers." }
                li { "Profit or cash: bookings are counted when they are signed." }
            }
        }
    }
}

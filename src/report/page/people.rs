//! The people of a scenario: whether they bound the forecast, how busy they are, what they reach.

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::figure;
use super::table::rows;
use crate::findings::{classes_table, has_people, people_table};
use crate::forecast::Forecast;
use crate::units::format::when;

pub(super) fn section(forecast: &Forecast, pictures: &Pictures) -> Markup {
    if !has_people(forecast) {
        return html! {};
    }
    let table = rows(&people_table(forecast));
    html! {
        section aria-labelledby="people" {
            h2 #people { "People" }
            @match pictures.get("capacity") {
                Some(picture) => (figure(picture, &picture.name, &table)),
                None => div.scroll tabindex="0" role="region" aria-label="Table of people" { (table) },
            }
            p.quiet {
                "Medians " (when(&forecast.horizon(), &forecast.main.period, true))
                ", people at its end; leads started and days waiting on average over all futures. Where in some futures no executive with a quota is there throughout, "
                "nothing is said of those at quota."
            }
            @if let Some(picture) = pictures.get("attainment-by-class") {
                (figure(picture, &picture.name, &rows(&classes_table(forecast))))
            }
        }
    }
}

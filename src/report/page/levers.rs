//! What would raise the odds: the levers of the scenario with what they cost, and what it would take.

use maud::{Markup, html};

use super::table::table;
use super::text::{name, text};
use crate::analysis::WhatIf;
use crate::findings::{best_lever, lever_table, what_it_takes};
use crate::forecast::Forecast;

pub(super) fn section(forecast: &Forecast, deep: &WhatIf) -> Markup {
    let levers = lever_table(forecast, &deep.levers);
    let noted = deep.levers.iter().take(levers.rows()).filter_map(|lever| Some((lever, lever.note.as_ref()?)));
    html! {
        section.levers aria-labelledby="levers" {
            h2 #levers { "What would raise the odds" }
            @if deep.levers.is_empty() {
                p { "The scenario names nothing that could be done, with what it costs (" code { "levers" } "), so nothing is ranked here." }
            } @else {
                @if let Some(sentence) = best_lever(forecast, &deep.levers) { p { (text(&sentence)) } }
                (table("Table of levers", &levers))
                @for (lever, note) in noted { p.quiet.small { (name(&lever.name)) ": " (text(note)) } }
            }
            @if let Some(sentence) = what_it_takes(forecast, &deep.solution) { p { (text(&sentence)) } }
        }
    }
}

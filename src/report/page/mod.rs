//! The page that an executive reads: one file of HTML that asks no network for anything. What stands on it is in `forecast.json`;
//! without its script it says the same.

mod against;
mod analyst;
mod answer;
mod charts;
mod data;
mod drivers;
mod figure;
mod figure_names;
mod levers;
mod limits;
mod moved;
mod next;
mod periods;
mod places;
mod regions;
mod returns;
mod shell;
mod steps;
mod targets;
mod text;
mod worst;

use maud::html;

use crate::analysis::{Answer, Moved};
use crate::charts::ChartError;
use crate::units::Every;
use charts::Pictures;

/// With more regions and tags, or targets, than this a printed page leaves out what the screen has room for.
const FEW: usize = 6;

/// The page of what a run answered, with its table of periods by `every`: months, quarters or years.
///
/// # Errors
/// [`ChartError`] when one of its charts cannot be drawn.
pub fn page(answer: &Answer, every: Every) -> Result<String, ChartError> {
    let (forecast, deep) = (&answer.forecast, answer.deep.as_ref());
    let pictures = Pictures::of(answer)?;
    let fan = figure::fan(forecast, &pictures);
    let body = html! {
        (answer::header(forecast))
        main {
            (answer::answer(forecast))
            (targets::section(forecast, deep))
            @if let Some(moved) = &answer.moved { (moved::section(forecast, moved)) }
            (against::section(forecast))
            @if let Some(deep) = deep { (next::section(forecast, deep)) }
            (figure::fan_section(forecast, &fan))
            (drivers::section(forecast, deep, &pictures))
            @if let Some(deep) = deep { (levers::section(forecast, deep)) }
            (worst::section(forecast, deep))
            (regions::section(forecast))
            div.close {
                (periods::section(forecast, every))
                (returns::section(forecast))
            }
            (limits::section(forecast))
            (analyst::section(answer, &pictures))
        }
        (answer::footer(forecast))
    };
    let dense = deep.is_some()
        || answer.moved.as_ref().is_some_and(Moved::is_anything)
        || forecast.scopes.len() > FEW
        || forecast.targets.len() > FEW;
    Ok(shell::document(&forecast.name, dense, &body, &data::of(forecast, body.0.len())))
}

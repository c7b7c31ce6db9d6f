//! The page put together: every section in the order in which an executive asks.

use maud::html;

use super::charts::Pictures;
use super::explorer_data::explorer_data;
use super::{
    analyst, attribution, customers, downside, drivers, figure, headline, layout, levers, people, periods, regions,
    returns, sections, targets,
};
use crate::analysis::{Answer, Attribution};
use crate::charts::ChartError;
use crate::findings::has_people;
use crate::units::Frequency;

/// With more regions and tags, or targets, than this a printed page leaves out what the screen has room for.
const FEW: usize = 6;

/// The page of what a run answered, with its table of periods by `every`: months, quarters or years; `tune` is the page beside it whose inputs can be moved,
/// where there is one.
///
/// # Errors
/// [`ChartError`] when one of its charts cannot be drawn.
pub fn page(answer: &Answer, every: Frequency, tune: Option<&str>) -> Result<String, ChartError> {
    let (forecast, deep) = (&answer.forecast, answer.deep.as_ref());
    let pictures = Pictures::of(answer)?;
    let fan = figure::fan(forecast, &pictures);
    let sections = html! {
            (targets::section(forecast, deep))
            @if let Some(moved) = &answer.moved { (attribution::section(forecast, moved)) }
            (sections::budget_and_calls(forecast, answer.pipeline.as_ref()))
            div.beside {
                (figure::fan_section(forecast, &fan))
                (figure::source_section(forecast, &pictures))
            }
            (people::section(forecast, &pictures))
            (drivers::section(forecast, deep, &pictures))
            @if let Some(deep) = deep { (levers::section(forecast, deep)) }
            (downside::section(forecast, deep))
            (regions::section(forecast))
            div.close {
                (periods::section(forecast, every))
                (returns::section(forecast))
            }
            (customers::section(forecast))
            (sections::caveats(forecast, deep))
            (analyst::section(answer, &pictures))
    };
    let body = html! {
        (headline::header(forecast))
        main {
            (headline::headline(answer))
            (layout::contents(&sections, tune))
            (sections)
        }
        (headline::footer(forecast))
    };
    let dense = deep.is_some()
        || answer.moved.as_ref().is_some_and(Attribution::is_anything)
        || forecast.scopes.len() > FEW
        || forecast.targets.len() > FEW
        || customers::has_costs(forecast)
        || has_people(forecast);
    Ok(layout::document((&forecast.name, "forecast"), dense, &body, &explorer_data(forecast, body.0.len())))
}

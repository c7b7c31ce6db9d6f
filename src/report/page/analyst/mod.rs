//! For the analyst: what every figure rests on, and how to repeat it. Closed until it is asked for, and printed only when open.

mod effects;
mod findings;
mod fixed;
mod inputs;
mod pictures;
mod repeat;
mod simulation;

use maud::{Markup, html};

use super::charts::Pictures;
use super::moved;
use crate::analysis::Answer;

pub(super) fn section(answer: &Answer, pictures: &Pictures) -> Markup {
    let (forecast, deep) = (&answer.forecast, answer.deep.as_ref());
    html! {
        section.analyst aria-labelledby="analyst" {
            h2 #analyst { "For the analyst" }
            details {
                summary { "How sure the simulation is, every input and where it comes from, what is fixed, more charts, how to repeat it" }
                (simulation::section(forecast))
                (inputs::section(forecast))
                (fixed::section(forecast))
                @if let Some(deep) = deep { (effects::section(forecast, deep)) (findings::section(deep)) }
                @if let Some(found) = &answer.moved { (moved::details(forecast, found, pictures)) }
                (pictures::section(forecast, deep, pictures))
                (repeat::section(forecast))
            }
        }
    }
}

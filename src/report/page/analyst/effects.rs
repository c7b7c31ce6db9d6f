//! Small steps for the worse and levers with their errors.

use maud::{Markup, html};

use crate::analysis::WhatIf;
use crate::findings::effect_table;
use crate::forecast::Forecast;
use crate::report::page::table::table;

pub(super) fn section(forecast: &Forecast, deep: &WhatIf) -> Markup {
    html! {
        p {
            "Each played on the same draws as the forecast (a changed retention alone draws deal values anew); ± is the standard error of the change. A step is one percentage point of a share or a rate in the \
             first region that has it, 5\u{A0}% of anything else; the same factor applies to all regions. In grey: changes within the simulation's noise."
        }
        (table("Steps and levers", &effect_table(forecast, deep)))
    }
}

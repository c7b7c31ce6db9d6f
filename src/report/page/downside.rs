//! What bad outcomes look like.

use maud::{Markup, html};

use super::text::{name, text};
use crate::analysis::{ShiftKind, WhatIf};
use crate::findings::{scope_label, shift_sentence};
use crate::forecast::{At, Forecast};
use crate::units::format::capitalize;
use crate::units::format::{list, percent};

/// Most causes that are named.
const MOST_CAUSES: usize = 3;

pub(super) fn section(forecast: &Forecast, deep: Option<&WhatIf>) -> Markup {
    let main = &forecast.main;
    let Some(worst) =
        main.worst_tenth.filter(|worst| main.bands.p10.value != main.bands.p90.value && worst.error.is_some())
    else {
        return html! {};
    };
    let mut said = format!(
        "In the worst tenth of futures, {} come to {} on average",
        main.metric.name(),
        forecast.said(main.metric, worst.known(), worst.error)
    );
    if let Some(median) = main.bands.p50.value.filter(|median| *median > 0.0 && worst.known() >= 0.0) {
        said.push_str(&format!(", {} below the middle outcome", percent(1.0 - worst.known() / median)));
    }
    said.push('.');
    html! {
        section aria-labelledby="worst" {
            h2 #worst { "If things go badly" }
            div.side {
                div {
                    p { (text(&said)) }
                    @if let Some(sentence) = regions(forecast) { p { (text(&sentence)) } }
                }
                @let causes = different(forecast, deep);
                @if !causes.is_empty() {
                    div {
                        p { "What was different in those futures:" }
                        ul { @for cause in &causes { li { (text(cause)) } } }
                    }
                }
            }
        }
    }
}

/// What set the worst tenth apart, farthest first.
fn different(forecast: &Forecast, deep: Option<&WhatIf>) -> Vec<String> {
    let stress = deep.and_then(|deep| deep.sensitivity.as_ref()?.stress.as_ref());
    let shifts = stress.iter().flat_map(|stress| &stress.shifts);
    let clear = shifts.filter(|shift| shift.kind != ShiftKind::Month && shift.shift.is_clear());
    clear.take(MOST_CAUSES).map(|shift| capitalize(&shift_sentence(shift, &forecast.header)) + ".").collect()
}

/// Which region falls most from the middle outcome to a bad one.
fn regions(forecast: &Forecast) -> Option<String> {
    let main = &forecast.main;
    let at = |percentile: At, region: &str| {
        main.contributions.iter().find(|c| c.region == region && c.at == percentile).map(|c| (c.value, c.error))
    };
    let mut falls: Vec<(f64, f64, &str)> = main
        .contributions
        .iter()
        .filter(|c| c.at == At::P50)
        .filter_map(|c| {
            let (low, error) = at(At::P10, &c.region)?;
            Some((c.value - low, libm::hypot(c.error, error), c.region.as_str()))
        })
        .collect();
    falls.sort_by(|a, b| b.0.total_cmp(&a.0));
    let whole: f64 = falls.iter().map(|(fall, ..)| fall).sum();
    if falls.len() < 2 || whole <= 0.0 {
        return None;
    }
    let told: Vec<String> = falls
        .iter()
        .take(3)
        .filter(|(fall, error, _)| *fall > 2.0 * error)
        .map(|(fall, error, region)| {
            format!("{} {} less", name(&scope_label(forecast, region)), forecast.said(main.metric, *fall, Some(*error)))
        })
        .collect();
    if told.is_empty() {
        return None;
    }
    Some(format!(
        "In futures that come to about P10 (one in ten is lower still), the regions bring less than in the middle: {}.",
        list(&told)
    ))
}

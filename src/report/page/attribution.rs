//! What moved since an earlier run, and why.

use std::iter::once;

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::figure;
use super::table::table;
use super::text::text;
use crate::analysis::Attribution;
use crate::findings::{attribution_sentences, attribution_table, steps_said};
use crate::forecast::Forecast;

/// Reasons that the executive sees; all of them are listed for the analyst.
const MOST: usize = 5;

pub(super) fn section(forecast: &Forecast, moved: &Attribution) -> Markup {
    let shown = largest(moved);
    let left_out = moved.reasons.len() - shown.len();
    html! {
        section.moved aria-labelledby="moved" {
            h2 #moved { "What changed since the earlier run" }
            @for sentence in attribution_sentences(forecast, moved) { p { (text(&sentence)) } }
            @if !shown.is_empty() {
                (some_steps(forecast, moved, &shown, 1))
                @if left_out > 0 { p.quiet.small { (left_out) " smaller steps are listed for the analyst." } }
            }
        }
    }
}

/// Every step of the range and of each target's chance, and the way as pictures.
pub(super) fn details(forecast: &Forecast, moved: &Attribution, pictures: &Pictures) -> Markup {
    let all: Vec<usize> = (0..moved.reasons.len()).collect();
    html! {
        @if !all.is_empty() {
            p {
                "The earlier run: revcast " (text(&moved.since.version)) ", seed " (moved.since.seed) ", " (forecast.currency.count(moved.since.trials as f64))
                " futures, scenario " code { (moved.since.scenario_hash.chars().take(12).collect::<String>()) } ". Steps add up; " (steps_said(moved)) ". Monte Carlo noise is what other draws bring by themselves. In grey: steps within three standard errors of 0."
            }
            (some_steps(forecast, moved, &all, moved.targets.len()))
            @for picture in ["moved-p50", "moved-chance"].iter().filter_map(|name| pictures.get(name)) {
                (figure(picture, &picture.name, &some_steps(forecast, moved, &all, 1)))
            }
        }
    }
}

/// The reasons that move the median most, in the order of the steps.
fn largest(moved: &Attribution) -> Vec<usize> {
    let size = |i: &usize| {
        let step = moved.spans.as_ref().and_then(|spans| spans.p50.steps.get(*i)?.value);
        step.map_or(0.0, f64::abs)
    };
    let mut all: Vec<usize> = (0..moved.reasons.len()).collect();
    all.sort_by(|a, b| size(b).total_cmp(&size(a)));
    all.truncate(MOST);
    all.sort_unstable();
    all
}

/// Some of the steps between the ends, with the range and the chances of the first `targets` targets. Where not all are shown, they do not
/// add up.
fn some_steps(forecast: &Forecast, moved: &Attribution, shown: &[usize], targets: usize) -> Markup {
    let steps = shown.iter().map(|i| i + 1);
    let rows: Vec<usize> = once(0).chain(steps).chain(once(moved.reasons.len() + 1)).collect();
    table("What changed, step by step", &attribution_table(forecast, moved, targets).pick(&rows))
}

//! What moved since an earlier run, and why.

use maud::{Markup, html};

use super::charts::Pictures;
use super::figure::figure;
use super::text::{name, text};
use crate::analysis::{Attribution, ReasonKind, Span};
use crate::forecast::Forecast;
use crate::report::attribution::{columns, ends, reason_said, sentences};
use crate::report::bridge::Column;
use crate::stats::Estimate;

/// Reasons that the executive sees; all of them are listed for the analyst.
const MOST: usize = 5;

pub(super) fn section(forecast: &Forecast, moved: &Attribution) -> Markup {
    let shown = largest(moved);
    let left_out = moved.reasons.len() - shown.len();
    html! {
        section.moved aria-labelledby="moved" {
            h2 #moved { "What changed since the earlier run" }
            @for sentence in sentences(forecast, moved) { p { (text(&sentence)) } }
            @if !shown.is_empty() {
                (table(forecast, moved, &shown, 1))
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
            h3 { "What changed since the earlier run, step by step" }
            p {
                "The earlier run: revcast " (text(&moved.since.version)) ", seed " (moved.since.seed) ", " (forecast.currency.count(moved.since.trials as f64))
                " futures, scenario " code { (moved.since.scenario_hash.chars().take(12).collect::<String>()) } ". Steps add up; each input’s is its mean over the orders in which the \
                 inputs can change, on the same draws. Monte Carlo noise is what other draws bring by themselves. In grey: steps within three standard errors of 0."
            }
            (table(forecast, moved, &all, moved.targets.len()))
            @for picture in ["moved-p50", "moved-chance"].iter().filter_map(|name| pictures.get(name)) {
                (figure(picture, &picture.name, &table(forecast, moved, &all, 1)))
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

/// Some of the steps, with the range and the chances of the first `targets` targets. Where not all are shown, they do not add up.
fn table(forecast: &Forecast, moved: &Attribution, shown: &[usize], targets: usize) -> Markup {
    let columns = columns(forecast, moved, targets);
    let spans = known(moved, targets);
    let [before, now] = ends(moved);
    html! {
        div.scroll tabindex="0" role="region" aria-label="What changed, step by step" {
            table {
                thead { tr { th scope="col" { "Step" } @for column in &columns { th.number scope="col" { (text(column.heading())) } } } }
                tbody {
                    (row(&before, &columns, |column| &column.ends[0], &|_| false))
                    @for &i in shown {
                        @let reason = &moved.reasons[i];
                        @let noise = |place: usize| reason.kind == ReasonKind::Noise || !spans[place].steps.get(i).is_some_and(|step| step.is_clear());
                        (row(&reason_said(forecast, reason), &columns, |column| &column.steps[i], &noise))
                    }
                    (row(&now, &columns, |column| &column.ends[1], &|_| false))
                }
            }
        }
    }
}

fn row<'a>(
    label: &str,
    columns: &'a [Column],
    cell: impl Fn(&'a Column) -> &'a String,
    quiet: &dyn Fn(usize) -> bool,
) -> Markup {
    html! {
        tr {
            th scope="row" { (name(label)) }
            @for (place, column) in columns.iter().enumerate() { td.number.quiet[quiet(place)] { (text(cell(column))) } }
        }
    }
}

/// The spans of the columns, in their order: those that can be shown.
fn known(moved: &Attribution, targets: usize) -> Vec<&Span> {
    let of_figure = moved.spans.iter().flat_map(|spans| [&spans.p10, &spans.p50, &spans.p90]);
    let of_targets = moved.targets.iter().filter_map(|target| target.chance.as_ref()).take(targets);
    of_figure.chain(of_targets).filter(|span| is_known(span)).collect()
}

fn is_known(span: &Span) -> bool {
    let known = |estimate: &Estimate| estimate.value.is_some();
    known(&span.from) && known(&span.to) && span.steps.iter().all(known)
}

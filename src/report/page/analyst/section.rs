//! The analyst's section put together, with what the audit found and how to repeat the run.

use maud::{Markup, html};

use super::{effects, fixed, inputs, open_deals, pictures, simulation};
use crate::analysis::{Answer, WhatIf};
use crate::audit::{Finding, Kind};
use crate::forecast::Forecast;
use crate::report::page::attribution;
use crate::report::page::charts::Pictures;
use crate::report::page::text::text;

/// The section, closed until it is asked for, and printed only when open.
pub(in crate::report::page) fn section(answer: &Answer, pictures: &Pictures) -> Markup {
    let (forecast, deep) = (&answer.forecast, answer.deep.as_ref());
    html! {
        section.analyst aria-labelledby="analyst" {
            h2 #analyst { "For the analyst" }
            details {
                summary { "How sure the simulation is, every input and where it comes from, what is fixed, more charts, how to repeat it" }
                (part("How sure the simulation itself is", &simulation::section(forecast)))
                (part("Inputs with a range", &inputs::section(forecast)))
                (part("What is fixed, and what is taken as independent", &fixed::section(forecast)))
                @if let Some(pipeline) = &answer.pipeline { (part("Open deals and renewals", &open_deals::section(forecast, pipeline))) }
                @if let Some(deep) = deep {
                    (part("Small steps for the worse, and levers", &effects::section(forecast, deep)))
                    (part("Does the plan agree with itself?", &audit(deep)))
                }
                @if let Some(found) = &answer.moved { (part("What changed since the earlier run, step by step", &attribution::details(forecast, found, pictures))) }
                (part("More charts", &pictures::section(forecast, deep, pictures)))
                (part("How to repeat it", &reproduction(forecast)))
            }
        }
    }
}

/// A part that opens by itself; nothing where there is nothing in it.
fn part(title: &str, content: &Markup) -> Markup {
    html! { @if !content.0.is_empty() { details.part { summary { h3 { (title) } } (content) } } }
}

/// Whether the plan agrees with itself.
fn audit(deep: &WhatIf) -> Markup {
    let of = |kind: Kind| -> Vec<&Finding> { deep.findings.iter().filter(|finding| finding.kind == kind).collect() };
    let kinds =
        [(Kind::Contradiction, "Contradictions"), (Kind::Question, "Open questions"), (Kind::Warning, "Warnings")];
    html! {
        @if deep.findings.is_empty() { p { "Nothing was found that does not agree." } }
        @for (title, findings) in kinds.map(|(kind, title)| (title, of(kind))) {
            @if !findings.is_empty() {
                h4 { (title) }
                ol {
                    @for finding in findings {
                        li {
                            (text(&finding.sentence)) " " span.quiet { (text(&finding.consistent)) }
                            @if !finding.sources.is_empty() { span.quiet.small { " (" (text(&finding.sources.join("; "))) ")" } }
                        }
                    }
                }
            }
        }
    }
}

/// How to repeat the run.
fn reproduction(forecast: &Forecast) -> Markup {
    let manifest = &forecast.manifest;
    html! {
        p {
            "The same scenario, seed and number of futures give the same bytes on any number of threads. The scenario as it was played stands in "
            code { "forecast.json" } " under " code { "manifest.scenario" } "; saved as a file, it is run by"
        }
        pre tabindex="0" { code { "revcast run scenario.json --seed " (manifest.seed) " --trials " (manifest.trials) } }
        table {
            tbody {
                tr { th scope="row" { "revcast" } td { (manifest.version) } }
                tr { th scope="row" { "scenario hash (SHA-256)" } td.hash { (manifest.scenario_hash) } }
                tr { th scope="row" { "seed" } td { (manifest.seed) } }
                tr { th scope="row" { "number of futures" } td { (forecast.currency.count(manifest.trials as f64)) } }
            }
        }
    }
}

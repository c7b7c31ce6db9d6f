//! The open deals that move most, what those of an owner or a category come to, and contracts that come up.

use maud::{Markup, html};

use crate::analysis::Pipeline;
use crate::findings::{contracts_table, deals_table, groups_said, pipeline_sentences};
use crate::forecast::Forecast;
use crate::report::page::table::table;
use crate::report::page::text::text;

/// Deals and contracts that are listed.
const DEALS: usize = 10;
const CONTRACTS: usize = 5;

pub(super) fn section(forecast: &Forecast, pipeline: &Pipeline) -> Markup {
    let head = &forecast.header;
    let first = |n: usize, most: usize| (0..n.min(most)).collect::<Vec<usize>>();
    html! {
        @for sentence in pipeline_sentences(pipeline, head) { p { (text(&sentence)) } }
        @if !pipeline.deals.is_empty() {
            (table("Open deals", &deals_table(pipeline, head).pick(&first(pipeline.deals.len(), DEALS))))
        }
        @if let Some((what, groups)) = groups_said(pipeline, head) {
            p { (text(&what)) }
            ul { @for (name, said) in &groups { li { (text(&format!("{name}: {said}"))) } } }
        }
        @if !pipeline.contracts.is_empty() {
            p { "Renewals with the most at risk:" }
            (table("Renewals", &contracts_table(&pipeline.contracts, &head.currency).pick(&first(pipeline.contracts.len(), CONTRACTS))))
        }
        p.quiet { code { "revcast pipeline" } " lists all of them." }
    }
}

//! A finding as HTML, from top to bottom.

use maud::{Markup, html};

use super::table::table;
use super::text::{name, text};
use crate::findings::{Block, Finding};

/// Its sentences, lists and tables; a table is named by the sentence before it.
pub(super) fn finding(found: &Finding) -> Markup {
    html! {
        @for (at, block) in found.blocks.iter().enumerate() {
            @match block {
                Block::Sentence(said) => p { (text(said)) }
                Block::Gap => {}
                Block::List(rows) => table {
                    tbody { @for (what, said) in rows { tr { th scope="row" { (name(what)) } td { (text(said)) } } } }
                }
                Block::Table(of) => (table(&text(before(&found.blocks[..at])), of))
            }
        }
    }
}

/// The last sentence of these.
fn before(blocks: &[Block]) -> &str {
    fn said(block: &Block) -> Option<&str> {
        if let Block::Sentence(said) = block { Some(said.trim_end_matches(':')) } else { None }
    }
    blocks.iter().rev().find_map(said).unwrap_or_default()
}

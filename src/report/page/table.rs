//! A finding's table as HTML.

use maud::{Markup, html};

use super::text::{name, text};
use crate::report::findings::Table;

/// The table, which scrolls by itself where it is wider than the page; `label` names it to those who do not see it.
pub(super) fn table(label: &str, of: &Table) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(label) {
            table {
                thead {
                    tr { @for (at, head) in of.heads.iter().enumerate() { th.number[at > 0] scope="col" { (text(head)) } } }
                }
                tbody {
                    @for (row, cells) in &of.rows {
                        tr {
                            th scope="row" { (name(row)) }
                            @for cell in cells {
                                td.number.quiet[cell.is_noise] {
                                    @if let Some(value) = cell.value { data value=(value) { (text(&cell.text)) } } @else { (text(&cell.text)) }
                                }
                            }
                        }
                    }
                }
            }
        }
        @if of.left_out > 0 { p.quiet { (of.left_out) " more are in forecast.json." } }
    }
}

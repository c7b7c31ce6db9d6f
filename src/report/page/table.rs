//! A finding's table as HTML.

use maud::{Markup, html};

use super::text::{name, text};
use crate::findings::{Cell, Table, Value};

/// The table, which scrolls by itself where it is wider than the page; `label` names it to those who do not see it.
pub(super) fn table(label: &str, of: &Table) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(label) { (rows(of)) } @if let Some((_, rest)) = &of.left_out { p.quiet { (rest) } } }
}

/// The table alone: a row begins with its name, and a figure carries its value whole beside what is read.
pub(super) fn rows(of: &Table) -> Markup {
    let columns: Vec<(&str, &[Cell])> = of.heads().collect();
    html! {
        table {
            thead { tr { @for (at, (head, _)) in columns.iter().enumerate() { th.number[at > 0] scope="col" { (text(head)) } } } }
            tbody {
                @for row in 0..of.rows() {
                    tr {
                        @for (at, cell) in columns.iter().map(|(_, cells)| &cells[row]).enumerate() {
                            @if at == 0 { th scope="row" { (name(&cell.text)) } } @else {
                                td.number.quiet[cell.is_noise] {
                                    @if let Value::Number(Some(value)) = cell.value { data value=(value) { (text(&cell.text)) } } @else { (text(&cell.text)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

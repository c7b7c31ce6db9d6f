//! What a table lacks that an export of opportunities has.

use std::collections::BTreeSet;

use crate::tables::{CellRead, Columns};
use crate::units::{Fault, thousands};

/// What a table lacks without which no deal can be made of a row.
pub(super) fn lacking(table: &Columns) -> Vec<Fault> {
    let headings = table.headings().join(", ");
    let mut faults = Vec::new();
    let mut need = |keys: &[&str], what: &str, hint: &str| {
        if !keys.iter().any(|key| table.has(key)) {
            faults.push(table.head_fault(format!("no column of {what}"), &format!("one of {headings}"), hint));
        }
    };
    need(&["created"], "the day on which deals were created", "say which it is: --map created=COLUMN");
    need(
        &["closed", "won_on", "lost_on", "close_date"],
        "the day on which deals were won or lost",
        "say which it is: --map closed=COLUMN",
    );
    need(
        &["stage", "status", "is_won"],
        "what became of deals",
        "say which it is: --map stage=COLUMN, and what its words are: --won WORD --lost WORD",
    );
    faults.extend(["region", "stage", "status"].into_iter().filter_map(|key| grouped(table, key)));
    if table.len() == 0 {
        faults.push(table.head_fault("no rows below the names of the columns".to_owned(), "a row a deal", ""));
    }
    faults
}

/// Fewer rows than this show no groups.
const FEWEST_GROUPED: usize = 10;

/// What is wrong with a column in which each text stands once, at the head of its group, as reports with groups have it: the empty cells below
/// mean what stands above, which no table says.
fn grouped(table: &Columns, key: &str) -> Option<Fault> {
    let texts = || table.texts(key).enumerate().filter(|(_, text)| !text.is_empty());
    let (heads, rows) = (texts().count(), table.len());
    let (first, group) = texts().next()?;
    let mut seen = BTreeSet::new();
    if rows < FEWEST_GROUPED || first > 0 || 2 * heads >= rows || !texts().all(|(_, text)| seen.insert(text)) {
        return None;
    }
    let empty = table.texts(key).position(str::is_empty)?;
    let found = format!(
        "an empty cell, as are {} of {} in this column, and each text in it stands once",
        thousands((rows - heads) as f64),
        thousands(rows as f64)
    );
    let hint = format!(
        "a report with groups leaves out what is repeated: export it with details only, or name another column: --map {key}=COLUMN"
    );
    Some(table.fault(empty, key, found, &format!("what the row belongs to, such as \"{group}\", in each row"), &hint))
}

/// A fault where most cells of a column are something else than they should be.
pub(super) fn mostly_unread<T: Copy>(
    table: &Columns,
    key: &str,
    cells: &[CellRead<T>],
    allowed: &str,
) -> Option<Fault> {
    let filled = cells.iter().filter(|cell| !matches!(cell, CellRead::Empty)).count();
    let unread = cells.iter().filter(|cell| matches!(cell, CellRead::Unread)).count();
    let first = cells.iter().position(|cell| matches!(cell, CellRead::Unread)).filter(|_| 2 * unread > filled)?;
    let text = table.texts(key).nth(first).unwrap_or_default();
    let found = format!("\"{text}\", and {unread} of {filled} cells like it");
    Some(table.fault(first, key, found, allowed, &format!("say which column it is: --map {key}=COLUMN")))
}

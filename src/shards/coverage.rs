//! Whether parts make a whole.

use std::ops::Range;

use super::portion::Portion;
use crate::scenario::Fault;

/// A part in a file. Parts are in the order of what they hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Piece {
    start: usize,
    end: usize,
    /// The name of the file.
    pub(crate) name: String,
    portion: Portion,
}

impl Piece {
    /// A portion of so many.
    pub(crate) fn new(name: &str, portion: Portion, total: usize) -> Piece {
        let Range { start, end } = portion.range(total);
        Piece { start, end, name: name.to_owned(), portion }
    }
}

/// What of so many trials, or whatever is shared out, no part holds, or several hold; the parts are in their order.
pub(crate) fn uncovered<'p>(pieces: impl Iterator<Item = &'p Piece>, total: usize, what: &str) -> Vec<Fault> {
    let pieces: Vec<&Piece> = pieces.collect();
    let told = |start: usize, end: usize| format!("{what} {} to {end}", start + 1);
    let mut faults = Vec::new();
    let (mut end, mut before) = (0, None::<&Piece>);
    for piece in pieces.iter().copied() {
        if piece.start < end {
            let held = before.map_or_else(String::new, |before| format!(", which {} holds too", before.name));
            faults.push(Fault {
                file: piece.name.clone(),
                path: what.to_owned(),
                found: format!("{}{held}", told(piece.start, piece.end)),
                allowed: "each in one shard".to_owned(),
                hint: "leave one of the two out".to_owned(),
            });
        } else if piece.start > end {
            faults.push(missing(&pieces, before, end..piece.start, (total, what)));
        }
        if piece.end > end {
            (end, before) = (piece.end, Some(piece));
        }
    }
    if end < total {
        faults.push(missing(&pieces, before, end..total, (total, what)));
    }
    faults
}

/// What is in none of the parts, after one of them or before all.
fn missing(pieces: &[&Piece], before: Option<&Piece>, gap: Range<usize>, (total, what): (usize, &str)) -> Fault {
    /// Missing parts that are named one by one.
    const NAMED: usize = 10;
    let of = pieces.first().map_or(1, |piece| piece.portion.of);
    let mut absent: Vec<String> = Vec::new();
    if pieces.iter().all(|piece| piece.portion.of == of) {
        let all = (1..=of).map(|number| Portion { number, of });
        let within = |portion: &Portion| {
            let range = portion.range(total);
            range.start >= gap.start && range.end <= gap.end
        };
        absent.extend(all.filter(within).take(NAMED + 1).map(|portion| portion.to_string()));
    }
    if absent.len() > NAMED {
        absent[NAMED] = "…".to_owned();
    }
    Fault {
        file: before.or(pieces.first().copied()).map_or_else(String::new, |piece| piece.name.clone()),
        path: what.to_owned(),
        found: format!("no shard with the {what} {} to {}", gap.start + 1, gap.end),
        allowed: "shards that together hold all of them".to_owned(),
        hint: if absent.is_empty() { String::new() } else { format!("these are missing: {}", absent.join(", ")) },
    }
}

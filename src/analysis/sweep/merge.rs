//! Portions of a sweep that make the whole.

use super::document::Sweep;
use crate::documents::{Document, Kind, is_sealed, read};
use crate::scenario::{Fault, Faults};
use crate::shards::{Piece, uncovered};

/// Puts portions of one sweep together, in any order; each has the name that messages call it by.
///
/// # Errors
/// [`Faults`] with all that is wrong: portions of other scenarios, seeds, program versions or grids, and combinations that several hold, or none.
pub fn join(portions: Vec<(String, Document<Sweep>)>) -> Result<Document<Sweep>, Faults> {
    let mut faults = Vec::new();
    let mut sound: Vec<(Piece, Document<Sweep>)> = Vec::new();
    let Some((first, reference)) = portions.first().cloned() else { return Err(Faults::Fields(faults)) };
    let total = reference.combinations();
    for (name, sweep) in portions {
        let fault = |path: &str, found: String, allowed: String| Fault {
            file: name.clone(),
            path: path.to_owned(),
            found,
            allowed,
            hint: "merge only shards of one sweep: of one scenario with the same settings and the same grid".to_owned(),
        };
        let (own, other) = (&reference.header.manifest, &sweep.header.manifest);
        let version = env!("CARGO_PKG_VERSION");
        let as_in = |own: String| format!("{own}, as in {first}");
        let differs = if other.version != version {
            Some(fault("version", format!("a shard of revcast {}", other.version), format!("revcast {version}")))
        } else if other.seed != own.seed {
            Some(fault("seed", other.seed.to_string(), as_in(own.seed.to_string())))
        } else if other.trials != own.trials {
            Some(fault("trials", other.trials.to_string(), as_in(own.trials.to_string())))
        } else if other.scenario != own.scenario {
            Some(fault("scenario", "another scenario".to_owned(), as_in("the same scenario".to_owned())))
        } else if sweep.axes != reference.axes {
            Some(fault("axes", "another grid".to_owned(), as_in("the same grid".to_owned())))
        } else {
            None
        };
        let portion = sweep.portion.filter(|portion| (1..=portion.of).contains(&portion.number));
        match (differs, portion) {
            (Some(fault), _) => faults.push(fault),
            (None, Some(portion)) if portion.range(total).len() == sweep.rows.len() => {
                sound.push((Piece::new(&name, portion, total), sweep));
            }
            (None, None) => faults.push(fault("portion", "a whole sweep".to_owned(), "a shard of one".to_owned())),
            (None, Some(portion)) => faults.push(fault(
                "rows",
                format!("{} combinations", sweep.rows.len()),
                format!("{}, as {portion} of {total} has", portion.range(total).len()),
            )),
        }
    }
    sound.sort_by(|a, b| a.0.cmp(&b.0));
    if faults.is_empty() {
        faults = uncovered(sound.iter().map(|(piece, _)| piece), total, "combinations");
    }
    if !faults.is_empty() {
        return Err(Faults::Fields(faults));
    }
    let mut whole = reference;
    whole.portion = None;
    whole.rows = sound.into_iter().flat_map(|(_, sweep)| sweep.body.rows).collect();
    Ok(whole)
}

impl Document<Sweep> {
    /// Reads what a sweep wrote; `file` names it in messages.
    ///
    /// # Errors
    /// [`Faults`] of a text that is no sweep, or not as it was written.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Document<Sweep>, Faults> {
        let sweep = read(Kind::Sweep, file, bytes, |_| Vec::new())?;
        if is_sealed(bytes) {
            return Ok(sweep);
        }
        Err(Faults::Fields(vec![Fault {
            file: file.to_owned(),
            path: "checksum".to_owned(),
            found: "a file whose checksum does not hold: it was changed since it was written".to_owned(),
            allowed: "a shard as `revcast run --shard K/N --out FILE`, or sweep, wrote it".to_owned(),
            hint: "copy it again, or play its part again with the same command".to_owned(),
        }]))
    }
}

impl Sweep {
    /// How many combinations the grid has.
    pub fn combinations(&self) -> usize {
        self.axes.iter().fold(1, |all, axis| all.saturating_mul(axis.values.len()))
    }
}

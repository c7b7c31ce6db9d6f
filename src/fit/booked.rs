//! Won deals that rows are set aside of: no chances are learnt from them, but what they brought was booked.

use std::collections::BTreeSet;

use super::day::Day;
use super::region_names::RegionNames;
use crate::units::format::{count, thousands};

/// A row of a won deal whose day of creation nobody can tell.
#[derive(Clone, Copy, Debug)]
pub(super) struct WonRow<'a> {
    pub(super) id: &'a str,
    pub(super) region: &'a str,
    pub(super) closed: Day,
    pub(super) amount: f64,
}

/// What such a deal brought, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Booked {
    pub(super) region: u16,
    pub(super) closed: Day,
    pub(super) amount: f64,
}

/// What was booked beside the deals, which have these ids: each id once, in the regions that have deals.
pub(super) fn booked<'a>(
    rows: &[WonRow<'a>],
    ids: impl Iterator<Item = &'a str>,
    regions: &RegionNames,
) -> Vec<Booked> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut ids: BTreeSet<&str> = ids.collect();
    let known = rows.iter().filter(|row| row.id.is_empty() || ids.insert(row.id));
    let booked =
        |row: &WonRow| Some(Booked { region: regions.known(row.region)?, closed: row.closed, amount: row.amount });
    known.filter_map(booked).collect()
}

/// What is said of them.
pub(super) fn booked_told(booked: &[Booked]) -> Option<String> {
    let sum = thousands(booked.iter().map(|booked| booked.amount).sum());
    match booked.len() {
        0 => None,
        1 => Some(format!(
            "1 row set aside is a won deal with its day and amount, {sum}: it counts as booked, and in nothing else."
        )),
        n => Some(format!(
            "{} set aside are won deals with their days and amounts, {sum} in all: they count as booked, and in nothing else.",
            count(n, "row")
        )),
    }
}

//! Where the chances of an age stand.

use std::ops::Range;

/// Where the chances of an age stand.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The ages that are looked at.
    pub(super) ranges: Vec<Range<usize>>,
    /// For each age up to the last one the place of its chances; older ones have those of the last.
    of_age: Vec<u32>,
    /// For each of these places, which of the chances that are worked out it has.
    pub(super) cells: Vec<u32>,
}

impl Rows {
    /// The ages of a table, each one up to its last.
    pub(super) fn of_table(from: &[usize]) -> Rows {
        let last = from.last().copied().unwrap_or(0);
        let cell = |age: usize| from.partition_point(|from| *from <= age) as u32 - 1;
        Rows {
            ranges: std::iter::once(0..last + 1).collect(),
            of_age: (0..=last as u32).collect(),
            cells: (0..=last).map(cell).collect(),
        }
    }

    /// Some ages, each with chances of its own.
    pub(super) fn of_ages(ranges: Vec<Range<usize>>) -> Rows {
        let mut of_age = vec![0; ranges.last().map_or(1, |range| range.end)];
        let mut count = 0;
        for age in ranges.iter().cloned().flatten() {
            of_age[age] = count;
            count += 1;
        }
        Rows { ranges, of_age, cells: (0..count).collect() }
    }

    /// How many ages have a place.
    pub(super) fn count(&self) -> usize {
        self.cells.len()
    }

    /// The place of an age.
    #[inline]
    pub(super) fn place(&self, age: usize) -> usize {
        self.of_age[age.min(self.of_age.len() - 1)] as usize
    }
}

//! The bars of a histogram: what lies between two values, and how many futures that is.

use crate::forecast::Histogram;

/// A bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    pub(super) from: f64,
    pub(super) to: f64,
    /// The futures in it.
    pub(super) futures: u64,
}

/// The bars of a histogram. Of what is counted in whole numbers (`whole`) each number has a bar of its own where the bins
/// are narrower than that; otherwise they would stand apart like the teeth of a comb.
pub(super) fn bars(histogram: &Histogram, whole: bool) -> Vec<Bar> {
    let Histogram { from, width, .. } = *histogram;
    let bins = histogram.counts.iter().enumerate();
    let edge = |i: usize| from + width * i as f64;
    if !whole || width >= 1.0 {
        return bins.map(|(i, futures)| Bar { from: edge(i), to: edge(i + 1), futures: *futures }).collect();
    }
    let mut found: Vec<Bar> = Vec::new();
    for (i, futures) in bins.filter(|(_, futures)| **futures > 0) {
        // A number at an edge may have come to lie on either side of it.
        let number = (edge(i) - 1e-6).ceil();
        match found.last_mut() {
            Some(bar) if bar.from == number - 0.5 => bar.futures += futures,
            _ => found.push(Bar { from: number - 0.5, to: number + 0.5, futures: *futures }),
        }
    }
    found
}

impl Bar {
    /// What of the bar lies below `level`, and what at or above it.
    pub(super) fn split(self, level: f64) -> (Option<Bar>, Option<Bar>) {
        if level <= self.from {
            (None, Some(self))
        } else if level >= self.to {
            (Some(self), None)
        } else {
            (Some(Bar { to: level, ..self }), Some(Bar { from: level, ..self }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(from: f64, width: f64, counts: &[u64]) -> Histogram {
        Histogram { from, width, counts: counts.to_vec(), below: 0, above: 0 }
    }

    #[test]
    fn each_bin_has_its_bar() {
        let found = bars(&histogram(10.0, 2.5, &[1, 0, 4]), true);
        assert_eq!(found[2], Bar { from: 15.0, to: 17.5, futures: 4 });
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn whole_numbers_have_bars_of_their_own() {
        let found = bars(&histogram(2.0, 0.25, &[5, 0, 0, 0, 7, 0, 0, 0]), true);
        assert_eq!(found, [Bar { from: 1.5, to: 2.5, futures: 5 }, Bar { from: 2.5, to: 3.5, futures: 7 }]);
        assert_eq!(bars(&histogram(2.0, 0.25, &[5, 0]), false).len(), 2);
    }

    #[test]
    fn a_bar_is_cut_where_the_target_lies() {
        let bar = Bar { from: 1.0, to: 2.0, futures: 3 };
        assert_eq!(bar.split(0.5), (None, Some(bar)));
        assert_eq!(bar.split(2.0), (Some(bar), None));
        assert_eq!(bar.split(1.5), (Some(Bar { to: 1.5, ..bar }), Some(Bar { from: 1.5, ..bar })));
    }
}

//! Scales and the round numbers along them.

use crate::units::power_of_ten_at_most;

/// A straight line from values to pixels.
#[derive(Clone, Copy, Debug)]
pub(in crate::charts) struct Scale {
    values: (f64, f64),
    pixels: (f64, f64),
}

impl Scale {
    pub(in crate::charts) fn new(values: (f64, f64), pixels: (f64, f64)) -> Scale {
        Scale { values, pixels }
    }

    pub(in crate::charts) fn at(&self, value: f64) -> f64 {
        let ((from, to), (start, end)) = (self.values, self.pixels);
        if to == from {
            return start;
        }
        start + (value - from) / (to - from) * (end - start)
    }
}

/// Round numbers from at or below `low` to at or above `high`, about `count` of them; `whole` keeps to whole numbers.
///
/// Where low and high are the same there is nothing to measure: the number alone.
pub(in crate::charts) fn ticks(low: f64, high: f64, count: usize, whole: bool) -> Vec<f64> {
    ticks_by(&[1.0, 2.0, 2.5, 5.0, 10.0], (low, high), count, whole)
}

/// The same without steps of 2.5, for axes that end where their values do.
pub(in crate::charts) fn round_ticks(low: f64, high: f64, count: usize, whole: bool) -> Vec<f64> {
    ticks_by(&[1.0, 2.0, 5.0, 10.0], (low, high), count, whole)
}

fn ticks_by(steps: &[f64], (low, high): (f64, f64), count: usize, whole: bool) -> Vec<f64> {
    let span = high - low;
    // Differences beyond the twelfth digit are rounding; below 1e-300 a step would be nothing.
    if !span.is_finite() || span < 1e-300 || span <= 1e-12 * high.abs().max(low.abs()) || span <= 0.0 {
        return vec![low];
    }
    let raw = span / count.max(1) as f64;
    let ten = power_of_ten_at_most(raw);
    let mut step = steps
        .iter()
        .map(|by| by * ten)
        .find(|step| *step >= raw * (1.0 - 1e-9) && (!whole || step.fract() == 0.0))
        .unwrap_or(10.0 * ten);
    if whole {
        step = step.max(1.0);
    }
    let first = (low / step + 1e-9).floor();
    let last = (high / step - 1e-9).ceil();
    (0..=(last - first) as usize)
        // No negative zero.
        .map(|i| (first + i as f64) * step + 0.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover() {
        assert_eq!(ticks(0.0, 3.6, 5, false), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(ticks(-0.7, 1.2, 5, false), [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5]);
        assert_eq!(ticks(0.0, 2.0, 6, true), [0.0, 1.0, 2.0]);
        assert_eq!(ticks(0.0, 9.0, 5, true), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(0.0, 1e6, 4, false).len(), 5);
        for (low, high) in [(0.0, 1e-9), (-5e13, 3e14), (99.0, 101.0), (0.0, 17.3e6)] {
            let found = ticks(low, high, 5, false);
            assert!(found[0] <= low && found[found.len() - 1] >= high * (1.0 - 1e-9));
            assert!((2..=8).contains(&found.len()), "{found:?}");
        }
    }

    #[test]
    fn a_single_value_is_its_own_tick() {
        assert_eq!(ticks(0.0, 0.0, 5, false), [0.0]);
        assert_eq!(ticks(5e6, 5e6, 5, false), [5e6]);
        assert_eq!(ticks(0.0, f64::INFINITY, 5, false), [0.0]);
    }
}

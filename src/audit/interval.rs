//! Numbers with how far rounding, or a bound, lets the one meant lie from them.

use std::ops::{Add, Div, Mul, Sub};

use crate::scenario::{Bound, QuotedNumber};

/// A number and how far below and above it the one meant may lie; without end where a bound leaves a side open. First order:
/// what is rounded twice adds up. Factors and divisors are not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) at: f64,
    pub(super) below: f64,
    pub(super) above: f64,
}

impl Interval {
    pub(super) fn exactly(at: f64) -> Interval {
        Interval { at, below: 0.0, above: 0.0 }
    }

    /// What was said: "at least" lies open above.
    pub(super) fn of(quoted: &QuotedNumber) -> Interval {
        let level = Interval::level(quoted);
        match quoted.bound {
            Bound::Exactly => level,
            Bound::AtLeast => Interval { above: f64::INFINITY, ..level },
            Bound::AtMost => Interval { below: f64::INFINITY, ..level },
        }
    }

    /// The number as such, also where it was said as a bound: the level that is held to do.
    pub(super) fn level(quoted: &QuotedNumber) -> Interval {
        Interval { at: quoted.value, below: quoted.rounding, above: quoted.rounding }
    }

    /// Whether both can be the same number.
    pub(super) fn agrees(self, other: Interval) -> bool {
        !self.is_below(other) && !other.is_below(self)
    }

    /// Whether this is below `other` wherever both may lie.
    pub(super) fn is_below(self, other: Interval) -> bool {
        let slack = 1e-9 * self.at.abs().max(other.at.abs());
        self.at + self.above + slack < other.at - other.below
    }

    /// Whether this can be what was quoted.
    pub(super) fn meets(self, quoted: &QuotedNumber) -> bool {
        self.agrees(Interval::of(quoted))
    }

    /// `self` to the power `n`, both above 0.
    pub(super) fn power(self, n: f64) -> Interval {
        let at = libm::pow(self.at, n);
        let slope = n * at / self.at;
        Interval { at, below: times(slope, self.below), above: times(slope, self.above) }
    }
}

/// A product in which 0 times a side without end is 0.
fn times(x: f64, y: f64) -> f64 {
    if x == 0.0 || y == 0.0 { 0.0 } else { x * y }
}

impl Add for Interval {
    type Output = Interval;
    fn add(self, other: Interval) -> Interval {
        Interval { at: self.at + other.at, below: self.below + other.below, above: self.above + other.above }
    }
}

impl Sub for Interval {
    type Output = Interval;
    fn sub(self, other: Interval) -> Interval {
        Interval { at: self.at - other.at, below: self.below + other.above, above: self.above + other.below }
    }
}

impl Mul for Interval {
    type Output = Interval;
    fn mul(self, other: Interval) -> Interval {
        let (x, y) = (self.at.abs(), other.at.abs());
        Interval {
            at: self.at * other.at,
            below: times(x, other.below) + times(y, self.below),
            above: times(x, other.above) + times(y, self.above),
        }
    }
}

impl Mul<f64> for Interval {
    type Output = Interval;
    fn mul(self, factor: f64) -> Interval {
        self * Interval::exactly(factor)
    }
}

impl Div for Interval {
    type Output = Interval;
    fn div(self, other: Interval) -> Interval {
        let at = self.at / other.at;
        Interval {
            at,
            below: (self.below + times(at.abs(), other.above)) / other.at,
            above: (self.above + times(at.abs(), other.below)) / other.at,
        }
    }
}

impl std::iter::Sum for Interval {
    fn sum<I: Iterator<Item = Interval>>(all: I) -> Interval {
        all.fold(Interval::exactly(0.0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(at: f64, within: f64) -> Interval {
        Interval { at, below: within, above: within }
    }

    #[test]
    fn rounding_adds_up() {
        let (a, b) = (around(10.0, 0.5), around(4.0, 0.2));
        assert_eq!((a * b).below, 4.0);
        assert!(((a + b).above - 0.7).abs() < 1e-12 && ((a / b).above - 0.25).abs() < 1e-12);
        assert!(a.agrees(around(10.6, 0.1)) && !a.agrees(around(10.7, 0.1)));
        assert!(b.is_below(a) && !a.is_below(b) && !a.is_below(around(10.4, 0.0)));
    }

    #[test]
    fn what_is_at_least_so_much_contradicts_only_less() {
        let at_least = Interval { above: f64::INFINITY, ..around(5.0, 0.5) };
        assert!(at_least.agrees(around(100.0, 0.0)) && !at_least.agrees(around(4.0, 0.0)));
        let (twice, less) = (at_least * 2.0, Interval::exactly(20.0) - at_least);
        assert!(twice.agrees(around(50.0, 0.0)) && !twice.agrees(around(8.0, 0.0)));
        assert!(less.agrees(around(3.0, 0.0)) && !less.agrees(around(16.0, 0.0)));
    }
}

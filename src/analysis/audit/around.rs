//! Numbers with how far rounding, or a bound, lets the one meant lie from them.

use std::ops::{Add, Div, Mul, Sub};

use crate::scenario::{Bound, Said};

/// A number and how far below and above it the one meant may lie; without end where a bound leaves a side open. First order:
/// what is rounded twice adds up. Factors and divisors are not negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Around {
    pub(super) at: f64,
    pub(super) below: f64,
    pub(super) above: f64,
}

impl Around {
    pub(super) fn exactly(at: f64) -> Around {
        Around { at, below: 0.0, above: 0.0 }
    }

    /// What was said: "at least" lies open above.
    pub(super) fn said(said: &Said) -> Around {
        let level = Around::level(said);
        match said.bound {
            Bound::Exactly => level,
            Bound::AtLeast => Around { above: f64::INFINITY, ..level },
            Bound::AtMost => Around { below: f64::INFINITY, ..level },
        }
    }

    /// The number as such, also where it was said as a bound: the level that is held to do.
    pub(super) fn level(said: &Said) -> Around {
        Around { at: said.value, below: said.rounding, above: said.rounding }
    }

    /// Whether both can be the same number.
    pub(super) fn agrees(self, other: Around) -> bool {
        !self.is_below(other) && !other.is_below(self)
    }

    /// Whether this is below `other` wherever both may lie.
    pub(super) fn is_below(self, other: Around) -> bool {
        let slack = 1e-9 * self.at.abs().max(other.at.abs());
        self.at + self.above + slack < other.at - other.below
    }

    /// Whether this can be what was said.
    pub(super) fn meets(self, said: &Said) -> bool {
        self.agrees(Around::said(said))
    }

    /// `self` to the power `n`, both above 0.
    pub(super) fn power(self, n: f64) -> Around {
        let at = libm::pow(self.at, n);
        let slope = n * at / self.at;
        Around { at, below: times(slope, self.below), above: times(slope, self.above) }
    }
}

/// A product in which 0 times a side without end is 0.
fn times(x: f64, y: f64) -> f64 {
    if x == 0.0 || y == 0.0 { 0.0 } else { x * y }
}

impl Add for Around {
    type Output = Around;
    fn add(self, other: Around) -> Around {
        Around { at: self.at + other.at, below: self.below + other.below, above: self.above + other.above }
    }
}

impl Sub for Around {
    type Output = Around;
    fn sub(self, other: Around) -> Around {
        Around { at: self.at - other.at, below: self.below + other.above, above: self.above + other.below }
    }
}

impl Mul for Around {
    type Output = Around;
    fn mul(self, other: Around) -> Around {
        let (x, y) = (self.at.abs(), other.at.abs());
        Around {
            at: self.at * other.at,
            below: times(x, other.below) + times(y, self.below),
            above: times(x, other.above) + times(y, self.above),
        }
    }
}

impl Mul<f64> for Around {
    type Output = Around;
    fn mul(self, factor: f64) -> Around {
        self * Around::exactly(factor)
    }
}

impl Div for Around {
    type Output = Around;
    fn div(self, other: Around) -> Around {
        let at = self.at / other.at;
        Around {
            at,
            below: (self.below + times(at.abs(), other.above)) / other.at,
            above: (self.above + times(at.abs(), other.below)) / other.at,
        }
    }
}

impl std::iter::Sum for Around {
    fn sum<I: Iterator<Item = Around>>(all: I) -> Around {
        all.fold(Around::exactly(0.0), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(at: f64, within: f64) -> Around {
        Around { at, below: within, above: within }
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
        let at_least = Around { above: f64::INFINITY, ..around(5.0, 0.5) };
        assert!(at_least.agrees(around(100.0, 0.0)) && !at_least.agrees(around(4.0, 0.0)));
        let (twice, less) = (at_least * 2.0, Around::exactly(20.0) - at_least);
        assert!(twice.agrees(around(50.0, 0.0)) && !twice.agrees(around(8.0, 0.0)));
        assert!(less.agrees(around(3.0, 0.0)) && !less.agrees(around(16.0, 0.0)));
    }
}

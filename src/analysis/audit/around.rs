//! Numbers with how far rounding lets them lie apart.

use std::ops::{Add, Div, Mul, Sub};

use crate::scenario::{Bound, Said};

/// A number and how far the one meant may lie from it: first order, what is rounded twice adds up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Around {
    pub(super) at: f64,
    pub(super) within: f64,
}

impl Around {
    pub(super) fn exactly(at: f64) -> Around {
        Around { at, within: 0.0 }
    }

    /// The number as such, also where it was stated as a bound.
    pub(super) fn said(said: &Said) -> Around {
        Around { at: said.value, within: said.rounding }
    }

    /// Whether both can be the same number.
    pub(super) fn agrees(self, other: Around) -> bool {
        (self.at - other.at).abs() <= self.within + other.within + 1e-9 * self.at.abs().max(other.at.abs())
    }

    /// Whether this is below `other` however both are rounded.
    pub(super) fn is_below(self, other: Around) -> bool {
        self.at < other.at && !self.agrees(other)
    }

    /// Whether this is what was said, or beyond the bound that was said.
    pub(super) fn meets(self, said: &Said) -> bool {
        let other = Around::said(said);
        match said.bound {
            Bound::Exactly => self.agrees(other),
            Bound::AtLeast => !self.is_below(other),
            Bound::AtMost => !other.is_below(self),
        }
    }

    /// `self` to the power `n`, for `self` above 0.
    pub(super) fn power(self, n: f64) -> Around {
        let at = libm::pow(self.at, n);
        Around { at, within: (n * at / self.at * self.within).abs() }
    }
}

impl Add for Around {
    type Output = Around;
    fn add(self, other: Around) -> Around {
        Around { at: self.at + other.at, within: self.within + other.within }
    }
}

impl Sub for Around {
    type Output = Around;
    fn sub(self, other: Around) -> Around {
        Around { at: self.at - other.at, within: self.within + other.within }
    }
}

impl Mul for Around {
    type Output = Around;
    fn mul(self, other: Around) -> Around {
        Around { at: self.at * other.at, within: self.at.abs() * other.within + other.at.abs() * self.within }
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
        Around { at, within: (self.within + at.abs() * other.within) / other.at.abs() }
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

    #[test]
    fn rounding_adds_up() {
        let (a, b) = (Around { at: 10.0, within: 0.5 }, Around { at: 4.0, within: 0.2 });
        assert_eq!(a + b, Around { at: 14.0, within: 0.7 });
        assert_eq!(a * b, Around { at: 40.0, within: 4.0 });
        assert!(((a / b).within - 0.25).abs() < 1e-12);
        assert!(a.agrees(Around { at: 10.6, within: 0.1 }) && !a.agrees(Around { at: 10.7, within: 0.1 }));
        assert!(b.is_below(a) && !a.is_below(b) && !a.is_below(Around { at: 10.4, within: 0.0 }));
    }
}

//! A function of a uniform number tabulated over its whole range, ever finer towards both ends.

use std::sync::LazyLock;

use crate::stats::special::{normal_density, normal_quantile};

/// A smooth function of u in (0, 1) by cubic Hermite interpolation with exact slopes. Each octave of the distance to the
/// nearer end, from ½ … ¼ down to 2⁻⁵³ … 2⁻⁵⁴, has 32 cells, so that the relative width of a cell is the same everywhere and
/// a cell's number can be read off the bits of that distance.
#[derive(Clone, Debug)]
pub(super) struct OctaveTable {
    /// The cubic's coefficients in each cell: the lower half, then the upper half.
    cells: Vec<[f64; 4]>,
}

/// Bits of a number below those that tell its cell: 52 of the mantissa less 5.
const BELOW: u32 = 47;
/// 2⁻⁵⁴, the least distance to an end that a uniform number has, and where its cell's number begins.
const LEAST: f64 = 1.0 / (1u64 << 54) as f64;
const FIRST: u64 = LEAST.to_bits() >> BELOW;
/// Cells of one half: 53 octaves, and one for exactly ½.
const HALF: usize = 53 * 32 + 1;

impl OctaveTable {
    /// Tabulates a function given as value and slope in u at u = Φ(z).
    pub(super) fn new(at: impl Fn(f64) -> (f64, f64)) -> OctaveTable {
        let mut cells = Vec::with_capacity(2 * HALF);
        for upper in [false, true] {
            // Value and slope per cell, as functions of the distance to the end.
            let point = |cell: usize| {
                let distance = f64::from_bits((FIRST + cell as u64) << BELOW);
                let z = normal_quantile(distance);
                let (value, slope) = if upper { at(-z) } else { at(z) };
                (value, if upper { -slope } else { slope })
            };
            for cell in 0..HALF {
                let width =
                    f64::from_bits((FIRST + cell as u64 + 1) << BELOW) - f64::from_bits((FIRST + cell as u64) << BELOW);
                let ((y0, s0), (y1, s1)) = (point(cell), point(cell + 1));
                let (s0, s1, rise) = (s0 * width, s1 * width, y1 - y0);
                cells.push([y0, s0, 3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise]);
            }
        }
        OctaveTable { cells }
    }

    /// The value at `u`.
    #[inline]
    pub(super) fn at(&self, u: f64) -> f64 {
        let upper = u > 0.5;
        self.at_distance((if upper { 1.0 - u } else { u }).max(LEAST), upper)
    }

    /// The value at the uniform number that a stream makes of these bits.
    #[inline]
    pub(super) fn at_bits(&self, bits: u64) -> f64 {
        // The upper half is the lower one with all bits turned, as the distance to 1 is that to 0.
        let sign = bits as i64 >> 63;
        let distance = ((bits as i64 ^ sign) >> 11) as f64 + 0.5;
        self.at_distance(distance * (2.0 * LEAST), sign != 0)
    }

    #[inline]
    fn at_distance(&self, distance: f64, upper: bool) -> f64 {
        let bits = distance.to_bits();
        let cell = ((bits >> BELOW) - FIRST) as usize + if upper { HALF } else { 0 };
        // Where in the cell, from 0 to 1: the rest of the mantissa.
        let t = f64::from_bits((bits << (52 - BELOW)) & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
        let [a, b, c, d] = self.cells[cell];
        a + t * (b + t * (c + t * d))
    }
}

/// Φ⁻¹(u) to within [`QUICK_ERROR`].
#[inline]
pub(super) fn quick_normal(u: f64) -> f64 {
    static TABLE: LazyLock<OctaveTable> = LazyLock::new(|| OctaveTable::new(|z| (z, 1.0 / normal_density(z))));
    TABLE.at(u)
}

/// A bound on the error of [`quick_normal`], several times the largest found.
pub(super) const QUICK_ERROR: f64 = 1e-7;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Address, Purpose};

    /// Uniform numbers from the middle to both ends, inside the cells.
    fn everywhere() -> impl Iterator<Item = f64> {
        (0..53 * 200).flat_map(|i| {
            let distance = libm::exp2(-1.0 - f64::from(i) / 200.0);
            [distance, 1.0 - distance].into_iter().filter(|u| *u < 1.0)
        })
    }

    #[test]
    fn quick_normals_are_normal_and_ascend() {
        let (mut largest, mut before) = (0.0_f64, f64::NEG_INFINITY);
        for u in everywhere() {
            largest = largest.max((quick_normal(u) - normal_quantile(u)).abs());
        }
        assert!(largest < QUICK_ERROR / 4.0, "{largest:e}");
        for i in 1..200_000 {
            let z = quick_normal(f64::from(i) / 200_000.0);
            assert!(z > before);
            before = z;
        }
    }

    #[test]
    fn bits_and_the_uniform_number_made_of_them_give_the_same_but_for_rounding() {
        let mut stream = Address::new(4, 0, Purpose::Size, 0, 0).stream(0);
        let table = OctaveTable::new(|z| (z, 1.0 / normal_density(z)));
        for _ in 0..100_000 {
            let mut same = stream.clone();
            assert!((table.at_bits(stream.bits()) - table.at(same.uniform())).abs() < 1e-10);
        }
    }

    #[test]
    fn the_ends_are_finite() {
        assert!(quick_normal(1.0) < 8.4 && quick_normal(LEAST) > -8.4 && quick_normal(0.0) > -8.4);
    }
}

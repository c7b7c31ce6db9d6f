//! A function of a uniform number tabulated over its whole range, ever finer towards both ends.

use crate::stats::special::normal_quantile;

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
    #[inline(always)]
    pub(super) fn at(&self, u: f64) -> f64 {
        let upper = u > 0.5;
        self.at_distance((if upper { 1.0 - u } else { u }).max(LEAST), upper)
    }

    #[inline(always)]
    fn at_distance(&self, distance: f64, upper: bool) -> f64 {
        let bits = distance.to_bits();
        let cell = ((bits >> BELOW) - FIRST) as usize + if upper { HALF } else { 0 };
        // Where in the cell, from 0 to 1: the rest of the mantissa.
        let t = f64::from_bits((bits << (52 - BELOW)) & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
        let [a, b, c, d] = self.cells[cell];
        a + t * (b + t * (c + t * d))
    }
}

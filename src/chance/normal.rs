//! Φ⁻¹ from a table without a branch, so that lanes of it go through the processor side by side.

use std::sync::LazyLock;

use crate::stats::special::{normal_density, normal_quantile};

/// A bound on the error of [`quick`], several times the largest found.
pub(super) const ERROR: f64 = 1e-7;

/// Bits of a number below those that tell its cell: 52 of the mantissa less 5, so that each octave has 32 cells.
const BELOW: u32 = 47;
/// 2⁻⁵⁴, the least distance to an end that a uniform number has, and where its cell's number begins.
const LEAST: f64 = 1.0 / (1u64 << 54) as f64;
const FIRST: u64 = LEAST.to_bits() >> BELOW;
/// 53 octaves, and one cell for exactly ½.
const CELLS: usize = 53 * 32 + 1;

/// The coefficients of a cubic in each cell of the lower half. There are more than needed, so that eleven bits find one without
/// a check.
pub(super) type Cells = [[f64; 4]; 2048];

/// The table: Hermite's cubics with exact slopes.
pub(super) fn cells() -> &'static Cells {
    static TABLE: LazyLock<Box<Cells>> = LazyLock::new(|| {
        let edge = |cell: usize| f64::from_bits((FIRST + cell as u64) << BELOW);
        Box::new(std::array::from_fn(|cell| {
            let cell = cell.min(CELLS - 1);
            let (z0, z1) = (normal_quantile(edge(cell)), normal_quantile(edge(cell + 1)));
            let width = edge(cell + 1) - edge(cell);
            let (s0, s1, rise) = (width / normal_density(z0), width / normal_density(z1), z1 - z0);
            [z0, s0, 3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise]
        }))
    });
    &TABLE
}

/// Φ⁻¹(u) to within [`ERROR`]; infinite nearer to an end than any uniform number is, where nothing is to be settled by it.
#[inline(always)]
pub(super) fn quick(cells: &Cells, u: f64) -> f64 {
    let v = 1.0 - u;
    let distance = if u < v { u } else { v };
    let bits = (if distance > LEAST { distance } else { LEAST }).to_bits();
    // Where in the cell, from 0 to 1: the rest of the mantissa.
    let t = f64::from_bits((bits << (52 - BELOW)) & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
    let [a, b, c, d] = cells[((bits >> BELOW) - FIRST) as usize % 2048];
    let z = a + t * (b + t * (c + t * d));
    let z = if distance < LEAST { f64::NEG_INFINITY } else { z };
    // Turned over in the upper half, where ½ − u has a sign.
    f64::from_bits(z.to_bits() ^ ((0.5 - u).to_bits() & (1 << 63)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quick_normals_are_normal_and_ascend() {
        let cells = cells();
        for i in 0..53 * 200 {
            let distance = libm::exp2(-1.0 - f64::from(i) / 200.0);
            for u in [distance, 1.0 - distance] {
                let error = (quick(cells, u) - normal_quantile(u)).abs();
                assert!(u == 1.0 || error < ERROR / 4.0, "{u:e}: {error:e}");
            }
        }
        let mut before = f64::NEG_INFINITY;
        for i in 1..200_000 {
            let z = quick(cells, f64::from(i) / 200_000.0);
            assert!(z > before);
            before = z;
        }
    }

    #[test]
    fn the_last_uniform_numbers_are_finite_and_the_middle_is_0() {
        let cells = cells();
        assert!(quick(cells, 1.0 - f64::EPSILON / 2.0) < 8.4 && quick(cells, LEAST) > -8.4);
        assert_eq!((quick(cells, LEAST / 2.0), quick(cells, 1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(quick(cells, 0.5).abs(), 0.0);
    }
}

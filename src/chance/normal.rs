//! Φ⁻¹ from a table without a branch, so that lanes of it go through the processor side by side.

use std::sync::LazyLock;

use super::quantile_table::{CELLS, MIN_DISTANCE, cell_of, cell_start, hermite};
use crate::stats::special::{normal_density, normal_quantile};

/// A bound on the error of [`quick`], several times the largest found.
pub(super) const ERROR: f64 = 1e-7;

/// The coefficients of a cubic in each cell of the lower half. There are more than needed, so that eleven bits find one without
/// a check.
pub(super) type Cells = [[f64; 4]; 2048];

/// The table: Hermite's cubics with exact slopes.
pub(super) fn cells() -> &'static Cells {
    static TABLE: LazyLock<Box<Cells>> = LazyLock::new(|| {
        Box::new(std::array::from_fn(|cell| {
            let cell = cell.min(CELLS - 1);
            let (z0, z1) = (normal_quantile(cell_start(cell)), normal_quantile(cell_start(cell + 1)));
            let width = cell_start(cell + 1) - cell_start(cell);
            hermite((z0, width / normal_density(z0)), (z1, width / normal_density(z1)))
        }))
    });
    &TABLE
}

/// Φ⁻¹(u) to within [`ERROR`]; infinite nearer to an end than any uniform number is, where nothing is to be settled by it.
#[inline(always)]
pub(super) fn quick(cells: &Cells, u: f64) -> f64 {
    let v = 1.0 - u;
    let distance = if u < v { u } else { v };
    let (cell, t) = cell_of(if distance > MIN_DISTANCE { distance } else { MIN_DISTANCE });
    let [a, b, c, d] = cells[cell % 2048];
    let z = a + t * (b + t * (c + t * d));
    let z = if distance < MIN_DISTANCE { f64::NEG_INFINITY } else { z };
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
        assert!(quick(cells, 1.0 - f64::EPSILON / 2.0) < 8.4 && quick(cells, MIN_DISTANCE) > -8.4);
        assert_eq!((quick(cells, MIN_DISTANCE / 2.0), quick(cells, 1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(quick(cells, 0.5).abs(), 0.0);
    }
}

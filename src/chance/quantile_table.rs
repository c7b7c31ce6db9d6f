//! Functions tabulated once, for distributions that take many steps to compute: on an even grid, or in octaves of the distance of a
//! uniform number to its nearer end.

use crate::stats::simd::vectorized;
use crate::stats::special::{normal_cdf, normal_quantile};

/// y as a smooth increasing function of a standard normal z on an evenly spaced grid, by cubic Hermite
/// interpolation with exact slopes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct QuantileTable {
    /// Value and slope (per grid step) at each grid point.
    points: Vec<(f64, f64)>,
}

/// The grid runs from −END to END; |z| of one uniform draw is below 8.3.
const END: f64 = 8.5;
const STEPS_PER_UNIT: f64 = 32.0;

impl QuantileTable {
    /// Tabulates y(z) with P(Y ≤ y(z)) = Φ(z).
    ///
    /// `tails` gives ln P(Y ≤ y) and ln P(Y > y), `ln_density` ln of Y's density; `start` is some y near the median.
    pub(super) fn new(start: f64, tails: impl Fn(f64) -> (f64, f64), ln_density: impl Fn(f64) -> f64) -> QuantileTable {
        let count = (2.0 * END * STEPS_PER_UNIT) as usize + 1;
        let middle = count / 2;
        let mut points = vec![(0.0, 0.0); count];
        // Outwards from the median, each point predicted from its neighbour.
        let mut walk = |indices: &mut dyn Iterator<Item = usize>, mut guess: f64| {
            let mut previous: Option<(f64, f64)> = None;
            for i in indices {
                let z = (i as f64 - middle as f64) / STEPS_PER_UNIT;
                if let Some((y, slope)) = previous {
                    guess = y + slope * (z.signum() / STEPS_PER_UNIT);
                }
                let y = solve(z, guess, &tails, &ln_density);
                let ln_phi = -0.5 * z * z - 0.918_938_533_204_672_8;
                let slope = libm::exp(ln_phi - ln_density(y));
                points[i] = (y, slope / STEPS_PER_UNIT);
                previous = Some((y, slope));
            }
        };
        walk(&mut (middle..count), start);
        let median = start;
        walk(&mut (0..=middle).rev(), median);
        QuantileTable { points }
    }

    /// y(z); straight beyond the grid.
    #[inline]
    pub(super) fn at(&self, z: f64) -> f64 {
        let position = (z + END) * STEPS_PER_UNIT;
        let last = self.points.len() - 2;
        if position < 0.0 {
            let (y, slope) = self.points[0];
            return y + slope * position;
        }
        let cell = (position as usize).min(last);
        let t = position - cell as f64;
        let ((y0, s0), (y1, s1)) = (self.points[cell], self.points[cell + 1]);
        if t > 1.0 {
            return y1 + s1 * (t - 1.0);
        }
        let rise = y1 - y0;
        y0 + t * (s0 + t * (3.0 * rise - 2.0 * s0 - s1 + t * (s0 + s1 - 2.0 * rise)))
    }
}

/// Newton's method on the logarithm of the nearer tail, kept inside a shrinking bracket.
fn solve(z: f64, guess: f64, tails: &impl Fn(f64) -> (f64, f64), ln_density: &impl Fn(f64) -> f64) -> f64 {
    let lower = z <= 0.0;
    let goal = libm::log(normal_cdf(-z.abs()));
    // Positive when y is too large.
    let gap = |y: f64| {
        let (p, q) = tails(y);
        if lower { (p - goal, p) } else { (goal - q, q) }
    };
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let mut y = guess;
    let mut stride = 1.0;
    for _ in 0..200 {
        let (off, ln_tail) = gap(y);
        if off > 0.0 {
            high = y
        } else {
            low = y
        }
        let newton = y - off * libm::exp(ln_tail - ln_density(y));
        let next = if newton > low && newton < high && newton.is_finite() {
            newton
        } else if low.is_infinite() {
            stride *= 2.0;
            high - stride
        } else if high.is_infinite() {
            stride *= 2.0;
            low + stride
        } else {
            0.5 * (low + high)
        };
        if (next - y).abs() <= 1e-14 * (1.0 + y.abs()) {
            return next;
        }
        y = next;
    }
    y
}

/// A smooth function on an evenly spaced grid, by cubic Hermite interpolation with exact slopes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EvenTable {
    /// Where the grid begins, and cells a unit.
    from: f64,
    density: f64,
    /// The cubic's coefficients in each cell.
    cells: Vec<[f64; 4]>,
}

impl EvenTable {
    /// Tabulates a function given as value and slope, at so many points.
    pub(super) fn new([from, to]: [f64; 2], points: usize, at: impl Fn(f64) -> (f64, f64)) -> EvenTable {
        let density = (points - 1) as f64 / (to - from);
        let point = |i: usize| {
            let (value, slope) = at(from + i as f64 / density);
            (value, slope / density)
        };
        let mut before = point(0);
        let cells = (1..points).map(|i| {
            let after = point(i);
            let cell = hermite(before, after);
            before = after;
            cell
        });
        EvenTable { from, density, cells: cells.collect() }
    }

    /// The value at a place from the first to the last point.
    #[inline(always)]
    pub(super) fn at(&self, y: f64) -> f64 {
        let position = (y - self.from) * self.density;
        let cell = (position as usize).min(self.cells.len() - 1);
        let t = position - cell as f64;
        cubic(self.cells[cell], t)
    }

    /// The places between the points.
    pub(super) fn middles(&self) -> impl Iterator<Item = f64> {
        (0..self.cells.len()).map(|i| self.from + (i as f64 + 0.5) / self.density)
    }
}

/// The z of a probability, for laws given by their quantiles.
pub(super) fn z_of(p: f64) -> f64 {
    normal_quantile(p)
}

/// A smooth function of u in (0, 1) by cubic Hermite interpolation with exact slopes. Each octave of the distance to the
/// nearer end, from ½ … ¼ down to 2⁻⁵³ … 2⁻⁵⁴, has 32 cells, so that the relative width of a cell is the same everywhere and
/// a cell's number can be read off the bits of that distance.
#[derive(Clone, Debug)]
pub(super) struct OctaveTable {
    /// The cubic's coefficients in each cell: the lower half, then the upper half.
    cells: Vec<[f64; 4]>,
}

/// Bits of a number below those that tell its cell: 52 of the mantissa less 5, so that each octave has 32 cells.
const BELOW: u32 = 47;
/// 2⁻⁵⁴, the least distance to an end that a uniform number has, and where its cell's number begins.
pub(super) const MIN_DISTANCE: f64 = 1.0 / (1u64 << 54) as f64;
const FIRST: u64 = MIN_DISTANCE.to_bits() >> BELOW;
/// Cells of one half: 53 octaves, and one for exactly ½.
pub(super) const CELLS: usize = 53 * 32 + 1;

/// The distance to the end at which a cell of a half begins.
pub(super) fn cell_start(cell: usize) -> f64 {
    f64::from_bits((FIRST + cell as u64) << BELOW)
}

/// The cell in which a distance to the end lies, and where in it, from 0 to 1: the rest of the mantissa.
#[inline(always)]
pub(super) fn cell_of(distance: f64) -> (usize, f64) {
    let bits = distance.to_bits();
    let t = f64::from_bits((bits << (52 - BELOW)) & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
    (((bits >> BELOW) - FIRST) as usize, t)
}

/// The coefficients of Hermite's cubic through two values, with slopes in units of the cell's width.
pub(super) fn hermite((y0, s0): (f64, f64), (y1, s1): (f64, f64)) -> [f64; 4] {
    let rise = y1 - y0;
    [y0, s0, 3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise]
}

impl OctaveTable {
    /// Tabulates a function given as value and slope in u at u = Φ(z).
    pub(super) fn new(at: impl Fn(f64) -> (f64, f64)) -> OctaveTable {
        let mut cells = Vec::with_capacity(2 * CELLS);
        for upper in [false, true] {
            // Value and slope per cell, as functions of the distance to the end.
            let point = |cell: usize| {
                let z = normal_quantile(cell_start(cell));
                let (value, slope) = if upper { at(-z) } else { at(z) };
                (value, if upper { -slope } else { slope })
            };
            for cell in 0..CELLS {
                let width = cell_start(cell + 1) - cell_start(cell);
                let ((y0, s0), (y1, s1)) = (point(cell), point(cell + 1));
                cells.push(hermite((y0, s0 * width), (y1, s1 * width)));
            }
        }
        OctaveTable { cells }
    }

    /// The value at `u`.
    #[inline(always)]
    pub(super) fn at(&self, u: f64) -> f64 {
        let (distance, upper) = nearer_end(u);
        let (cell, t) = cell_of(distance);
        cubic(self.cells[if upper { CELLS + cell } else { cell }], t)
    }

    /// The values at each of some u, in their place: the same bits, and faster, since where they stand is found side by side.
    pub(super) fn at_all(&self, values: &mut [f64]) {
        const SIDE_BY_SIDE: usize = 64;
        vectorized!({
            let mut cells = [0; SIDE_BY_SIDE];
            for values in values.chunks_mut(SIDE_BY_SIDE) {
                for (value, place) in values.iter_mut().zip(&mut cells) {
                    let (distance, upper) = nearer_end(*value);
                    let (cell, t) = cell_of(distance);
                    (*place, *value) = (if upper { CELLS + cell } else { cell }, t);
                }
                for (value, place) in values.iter_mut().zip(&cells) {
                    *value = cubic(self.cells[*place], *value);
                }
            }
        });
    }
}

/// The distance of a uniform number to its nearer end, and whether that is 1.
#[inline(always)]
fn nearer_end(u: f64) -> (f64, bool) {
    let upper = u > 0.5;
    ((if upper { 1.0 - u } else { u }).max(MIN_DISTANCE), upper)
}

/// A cubic with these coefficients.
#[inline(always)]
fn cubic([a, b, c, d]: [f64; 4], t: f64) -> f64 {
    a + t * (b + t * (c + t * d))
}

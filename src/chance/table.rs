//! A quantile function tabulated once, for laws whose quantiles take many steps to compute.

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

/// The z of a probability, for laws given by their quantiles.
pub(super) fn z_of(p: f64) -> f64 {
    normal_quantile(p)
}

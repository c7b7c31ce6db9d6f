//! Exact rows: the quantiles of one sum on an even grid of standard normal numbers, and the row of two sums together.

use std::sync::LazyLock;

use crate::stats::special::{normal_cdf, normal_density, normal_quantile};

/// The grid runs from −END to END; |z| of one uniform number is below 8.3.
const END: f64 = 8.5;
/// Points in one unit of z.
pub(super) const PER_UNIT: f64 = 8.0;
/// Points of a row.
pub(super) const POINTS: usize = (2.0 * END * PER_UNIT) as usize + 1;
/// The point at z = 0.
const MIDDLE: usize = POINTS / 2;
/// Integrals begin this many points above the lower end, where the end's weights have room; the row of two sums reaches below.
const FIRST: usize = 8;

/// The quantile function of a sum: ln Q at the points of the grid, and its slope from point to point.
#[derive(Clone, Debug)]
pub(super) struct CountRow {
    pub(super) logs: Box<[f64]>,
    pub(super) slopes: Box<[f64]>,
}

/// What all rows have in common: at each point φ(z) times the step, and ln Φ(z).
struct Grid {
    weights: [f64; POINTS],
    ln_lower: [f64; POINTS],
}

static GRID: LazyLock<Grid> = LazyLock::new(|| Grid {
    weights: std::array::from_fn(|i| normal_density(z_at(i)) / PER_UNIT),
    ln_lower: std::array::from_fn(|i| {
        let z = z_at(i);
        if z < 0.0 { libm::log(normal_cdf(z)) } else { libm::log1p(-normal_cdf(-z)) }
    }),
});

/// z at a point of the grid.
pub(super) fn z_at(point: usize) -> f64 {
    (point as f64 - MIDDLE as f64) / PER_UNIT
}

impl CountRow {
    /// A row from ln Q as a function of z.
    pub(super) fn new(ln: impl Fn(f64) -> f64) -> CountRow {
        CountRow::from_logs((0..POINTS).map(|i| ln(z_at(i))).collect())
    }

    pub(super) fn from_logs(logs: Box<[f64]>) -> CountRow {
        let last = POINTS - 1;
        let slopes = (0..POINTS)
            .map(|i| {
                let rise = |k: usize| logs[i + k] - logs[i - k];
                match i.min(last - i) {
                    0 if i == 0 => logs[1] - logs[0],
                    0 => logs[last] - logs[last - 1],
                    1 => rise(1) / 2.0,
                    2 => (8.0 * rise(1) - rise(2)) / 12.0,
                    _ => (45.0 * rise(1) - 9.0 * rise(2) + rise(3)) / 60.0,
                }
            })
            .collect();
        CountRow { logs, slopes }
    }

    /// ln Q at z inside the grid, and its slope in z.
    pub(super) fn at(&self, z: f64) -> (f64, f64) {
        let position = (z + END) * PER_UNIT;
        let cell = (position as usize).min(POINTS - 2);
        let t = position - cell as f64;
        let (y0, s0, s1) = (self.logs[cell], self.slopes[cell], self.slopes[cell + 1]);
        let rise = self.logs[cell + 1] - y0;
        let (c, d) = (3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise);
        (y0 + t * (s0 + t * (c + t * d)), (s0 + t * (2.0 * c + t * (3.0 * d))) * PER_UNIT)
    }

    fn values(&self) -> Vec<f64> {
        self.logs.iter().map(|y| libm::exp(*y)).collect()
    }

    /// The row of the sum of two independent sums. With x = Q_a(z) + Q_b(z) at a point z,
    ///
    ///   P(A + B > x) = ∫ φ(v) P(B > x − Q_a(v)) dv + ∫ φ(v) P(A > x − Q_b(v)) dv + P(A > Q_a(z)) · P(B > Q_b(z)),
    ///
    /// both integrals up to z: where one of them is very large the other is not, so that no integrand turns within a step.
    /// For the lower tail likewise with ≤ in place of >, and the product taken off, which is at most half of what it is taken from.
    pub(super) fn plus(&self, other: &CountRow) -> CountRow {
        let one = Tail::new(self);
        let two = if std::ptr::eq(self, other) { None } else { Some(Tail::new(other)) };
        let (mut zs, mut logs) = (Vec::with_capacity(POINTS), Vec::with_capacity(POINTS));
        for j in FIRST..POINTS {
            let upper = j >= MIDDLE;
            let (parts, other) = match &two {
                None => (2.0 * one.part(&one, j, upper), &one),
                Some(two) => (one.part(two, j, upper) + two.part(&one, j, upper), two),
            };
            let tail = GRID.ln_lower[if upper { POINTS - 1 - j } else { j }];
            let both = libm::exp(2.0 * tail);
            let z =
                if upper { -normal_quantile(parts + both) } else { normal_quantile((parts - both).min(1.0 - both)) };
            if zs.last().is_none_or(|before| z > *before) {
                zs.push(z);
                logs.push(libm::log(one.values[j] + other.values[j]));
            }
        }
        CountRow::from_logs(resample(&zs, &logs))
    }

    /// The same row moved and stretched to this mean and, if given, standard deviation, which sums have exactly: what is left of
    /// the integrals' errors would add up from row to row.
    pub(super) fn with_moments(self, mean: f64, sd: Option<f64>) -> CountRow {
        let values = self.values();
        let average =
            |f: &dyn Fn(f64) -> f64| values.iter().zip(&GRID.weights).map(|(x, weight)| weight * f(*x)).sum::<f64>();
        let found = average(&|x| x) / average(&|_| 1.0);
        let stretch = sd.map_or(1.0, |sd| {
            sd / libm::sqrt(average(&|x| (x - found) * (x - found)) * (mean / found) * (mean / found))
        });
        // About the mean a wide row cannot be stretched at all: its lowest values would fall below 0.
        let lowest = values[0] * (mean / found);
        let stretch = if lowest + (stretch - 1.0) * (lowest - mean) > 0.0 { stretch } else { 1.0 };
        let logs = (self.logs.iter().zip(&values))
            .map(|(y, x)| {
                let scaled = x * (mean / found);
                y + libm::log(mean / found) + libm::log1p((stretch - 1.0) * (scaled - mean) / scaled)
            })
            .collect();
        CountRow::from_logs(logs)
    }
}

/// One of two sums that are added: its values, and its tails as functions of the value.
struct Tail {
    values: Vec<f64>,
    /// One over the width of each cell between points.
    inverse: Vec<f64>,
    /// ln P(X ≤ x) and ln P(X > x) in each cell, cubic in the place within it.
    lower: Vec<[f64; 4]>,
    upper: Vec<[f64; 4]>,
}

impl Tail {
    fn new(row: &CountRow) -> Tail {
        let values = row.values();
        let inverse = values.windows(2).map(|x| 1.0 / (x[1] - x[0])).collect();
        let tail = |ln: &dyn Fn(usize) -> f64, sign: f64| {
            // d ln P/dx at each point.
            let slopes: Vec<f64> =
                (0..POINTS).map(|i| sign * GRID.weights[i] * libm::exp(-ln(i)) / (values[i] * row.slopes[i])).collect();
            (0..POINTS - 1)
                .map(|i| {
                    let (width, rise) = (values[i + 1] - values[i], ln(i + 1) - ln(i));
                    let (s0, s1) = (slopes[i] * width, slopes[i + 1] * width);
                    [ln(i), s0, 3.0 * rise - 2.0 * s0 - s1, s0 + s1 - 2.0 * rise]
                })
                .collect()
        };
        let lower = tail(&|i| GRID.ln_lower[i], 1.0);
        let upper = tail(&|i| GRID.ln_lower[POINTS - 1 - i], -1.0);
        Tail { values, inverse, lower, upper }
    }

    /// ∫ φ(v) P(other > x − Q(v)) dv up to point `j` (or ≤), x being the two values there together: the trapezoidal rule, with
    /// Gregory's weights at the upper end.
    fn part(&self, other: &Tail, j: usize, upper: bool) -> f64 {
        let cells = if upper { &other.upper } else { &other.lower };
        let x = self.values[j] + other.values[j];
        let (mut sum, mut cell) = (0.0, j.min(POINTS - 2));
        for i in (0..=j).rev() {
            let rest = x - self.values[i];
            while cell < POINTS - 2 && rest > other.values[cell + 1] {
                cell += 1;
            }
            let t = (rest - other.values[cell]) * other.inverse[cell];
            let [a, b, c, d] = cells[cell];
            // Straight beyond the grid.
            let ln = if t <= 1.0 {
                a + t * (b + t * (c + t * d))
            } else {
                a + b + c + d + (t - 1.0) * (b + 2.0 * c + 3.0 * d)
            };
            let term = GRID.weights[i] * crate::stats::exp(ln.min(0.0)) * GREGORY.get(j - i).unwrap_or(&1.0);
            sum += term;
            if i < MIDDLE && term < 1e-18 * sum {
                break;
            }
        }
        sum
    }
}

/// Weights of the trapezoidal rule from an end inwards, with differences of the integrand up to the sixth.
const GREGORY: [f64; 7] = {
    let differences = [1.0 / 12.0, 1.0 / 24.0, 19.0 / 720.0, 3.0 / 160.0, 863.0 / 60_480.0, 275.0 / 24_192.0];
    let mut weights = [1.0; 7];
    weights[0] = 0.5;
    let mut k = 0;
    while k < 6 {
        // (−1)^i times the binomial coefficient of k + 1 and i.
        let (mut i, mut binomial) = (0, 1.0);
        while i <= k + 1 {
            weights[i] -= differences[k] * binomial;
            binomial *= -((k + 1 - i) as f64) / (i + 1) as f64;
            i += 1;
        }
        k += 1;
    }
    weights
};

/// ln Q on the grid, from pairs of z and ln Q that ascend: Lagrange's interpolation through the six nearest.
fn resample(zs: &[f64], logs: &[f64]) -> Box<[f64]> {
    let mut above = 0;
    (0..POINTS)
        .map(|point| {
            let z = z_at(point);
            while above < zs.len() && zs[above] < z {
                above += 1;
            }
            let first = above.saturating_sub(3).min(zs.len() - 6);
            lagrange(z, &zs[first..first + 6], |i| logs[first + i])
        })
        .collect()
}

/// The polynomial through points (`xs[i]`, `y(i)`) at `x`.
fn lagrange(x: f64, xs: &[f64], y: impl Fn(usize) -> f64) -> f64 {
    (0..xs.len())
        .map(|i| {
            let (mut top, mut bottom) = (1.0, 1.0);
            for k in (0..xs.len()).filter(|k| *k != i) {
                top *= x - xs[k];
                bottom *= xs[i] - xs[k];
            }
            y(i) * top / bottom
        })
        .sum()
}

/// A row between four others, by the polynomial in 1/√n that a standardised sum is close to.
pub(super) fn between(n: f64, four: [(f64, &CountRow); 4]) -> CountRow {
    let places = four.map(|(count, _)| 1.0 / libm::sqrt(count));
    let weights: [f64; 4] =
        std::array::from_fn(|k| lagrange(1.0 / libm::sqrt(n), &places, |i| if i == k { 1.0 } else { 0.0 }));
    let mix = |f: &dyn Fn(f64, &CountRow) -> f64| {
        weights.iter().zip(four).map(|(weight, (count, row))| weight * f(count, row)).sum::<f64>()
    };
    // Of ln(Q/n), which is near 0 for large n.
    let logs = (0..POINTS).map(|i| libm::log(n) + mix(&|count, row| row.logs[i] - libm::log(count))).collect();
    let slopes = (0..POINTS).map(|i| mix(&|_, row| row.slopes[i])).collect();
    CountRow { logs, slopes }
}

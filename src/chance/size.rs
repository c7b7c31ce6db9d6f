//! What a deal is worth, and what many are worth together.

use super::law::log_gamma_table;
use super::octaves::OctaveTable;
use super::stream::Stream;
use super::table::QuantileTable;
use crate::stats::exp;
use crate::stats::special::{normal_density, normal_quantile};

/// The shape of deal sizes, at a given coefficient of variation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeShape {
    /// Lognormal.
    Lognormal,
    /// Gamma.
    Gamma,
    /// Always the mean.
    Fixed,
}

/// A deal size with mean 1 and a shape; scaled by its mean wherever it is used.
#[derive(Clone, Debug)]
pub struct Size {
    kind: Kind,
    /// The size as a function of a uniform number; none where it is fixed or the table would be off by more than its bound.
    table: Option<OctaveTable>,
    cv: f64,
    /// Standardised cumulants κ₃/σ³, κ₄/σ⁴, κ₅/σ⁵ of one size.
    cumulants: [f64; 3],
    exact_up_to: f64,
}

#[derive(Clone, Debug)]
enum Kind {
    Fixed,
    Lognormal { sigma: f64 },
    Gamma { shape: f64, log: QuantileTable },
}

/// A gamma of a smaller shape falls too steeply towards 0, as u^(1/shape), for the table's cells; of a larger one the
/// density has too few digits left for the slopes.
const TABULATED_SHAPES: std::ops::RangeInclusive<f64> = 0.25..=1e9;

/// Beyond this many standard deviations the expansion goes on as a straight line.
const STRAIGHT_BEYOND: f64 = 5.0;

impl Size {
    /// A size of this shape whose standard deviation is `cv` times its mean; `cv` 0 is fixed.
    pub fn new(shape: SizeShape, cv: f64) -> Size {
        let square = cv * cv;
        let (kind, raw) = match shape {
            _ if cv == 0.0 => (Kind::Fixed, [0.0; 5]),
            SizeShape::Fixed => (Kind::Fixed, [0.0; 5]),
            SizeShape::Lognormal => {
                let q = 1.0 + square;
                // E Xʲ = q^(j(j − 1)/2) at mean 1.
                let moment = |j: f64| libm::pow(q, j * (j - 1.0) / 2.0);
                let (m2, m3, m4, m5) = (moment(2.0), moment(3.0), moment(4.0), moment(5.0));
                let k4 = m4 - 4.0 * m3 - 3.0 * m2 * m2 + 12.0 * m2 - 6.0;
                let k5 = m5 - 5.0 * m4 - 10.0 * m3 * m2 + 20.0 * m3 + 30.0 * m2 * m2 - 60.0 * m2 + 24.0;
                (
                    Kind::Lognormal { sigma: libm::sqrt(libm::log1p(square)) },
                    [1.0, m2 - 1.0, m3 - 3.0 * m2 + 2.0, k4, k5],
                )
            }
            SizeShape::Gamma => {
                let kind = Kind::Gamma { shape: 1.0 / square, log: log_gamma_table(1.0 / square) };
                // κⱼ = (j − 1)! cv^(2(j − 1)) at mean 1.
                (
                    kind,
                    [
                        1.0,
                        square,
                        2.0 * square * square,
                        6.0 * square * square * square,
                        24.0 * square * square * square * square,
                    ],
                )
            }
        };
        let cv = if matches!(kind, Kind::Fixed) { 0.0 } else { cv };
        let cumulants = if cv == 0.0 {
            [0.0; 3]
        } else {
            let sd = libm::sqrt(raw[1]);
            [raw[2] / (sd * sd * sd), raw[3] / (raw[1] * raw[1]), raw[4] / (raw[1] * raw[1] * sd)]
        };
        // The expansion's error grows with the tail: wide lognormals need far smaller skewness for the same error.
        let skewness = match kind {
            Kind::Lognormal { .. } if cv > 0.8 => 0.3 * (0.8 / cv) * (0.8 / cv),
            _ => 0.3,
        };
        let needed = libm::ceil(libm::pow(cumulants[0] / skewness, 2.0));
        let exact_up_to = if cv == 0.0 { 0.0 } else { needed.max(32.0) };
        let table = match &kind {
            Kind::Lognormal { sigma } => Some(OctaveTable::new(|z| {
                let x = libm::exp(sigma * (z - sigma / 2.0));
                (x, sigma * x / normal_density(z))
            })),
            Kind::Gamma { shape, log } if TABULATED_SHAPES.contains(shape) => Some(OctaveTable::new(|z| {
                let y = log.at(z);
                let x = libm::exp(y) / shape;
                (x, x / libm::exp(shape * y - libm::exp(y) - libm::lgamma(*shape)))
            })),
            _ => None,
        };
        Size { kind, table, cv, cumulants, exact_up_to }
    }

    /// The coefficient of variation (0 when fixed).
    pub fn cv(&self) -> f64 {
        self.cv
    }

    /// The size at a standard normal `z`.
    #[inline]
    pub fn at(&self, z: f64) -> f64 {
        match &self.kind {
            Kind::Fixed => 1.0,
            Kind::Lognormal { sigma } => exp(sigma * (z - sigma / 2.0)),
            Kind::Gamma { shape, log } => exp(log.at(z)) / shape,
        }
    }

    /// The size at a uniform number `u`, increasing in it.
    #[inline]
    pub fn draw(&self, u: f64) -> f64 {
        match &self.table {
            Some(table) => table.at(u),
            None => self.at(normal_quantile(u)),
        }
    }

    /// `sum` and the sizes at the stream's next `count` uniform numbers, added in their order.
    #[inline]
    pub fn add_up(&self, count: f64, mut sum: f64, stream: &mut Stream) -> f64 {
        let count = count as u64;
        match &self.table {
            Some(table) => (0..count).for_each(|_| sum += table.at_bits(stream.bits())),
            None => (0..count).for_each(|_| sum += self.at(normal_quantile(stream.uniform()))),
        }
        sum
    }

    /// Sums of up to this many sizes are to be added up deal by deal; larger ones are drawn by [`Size::sum_at`].
    pub fn exact_up_to(&self) -> f64 {
        self.exact_up_to
    }

    /// The sum of `n` independent sizes at a standard normal `z`, for `n` above [`Size::exact_up_to`].
    ///
    /// Cornish–Fisher expansion to order n^(−3/2) (Abramowitz and Stegun 26.2.49) of the standardised sum. At the smallest n
    /// allowed its quantiles from 0.1 % to 99.9 % are within 0.1 % of the sum's mean for cv 0.8, closer for smaller cv
    /// and larger n (docs/model.md has the measured map).
    pub fn sum_at(&self, n: f64, z: f64) -> f64 {
        if self.cv == 0.0 {
            return n;
        }
        let inside = z.clamp(-STRAIGHT_BEYOND, STRAIGHT_BEYOND);
        let mut w = self.standardised(n, inside);
        if inside != z {
            let slope = (w - self.standardised(n, 0.999 * inside)) / (0.001 * inside);
            w += slope.max(0.0) * (z - inside);
        }
        (n + self.cv * libm::sqrt(n) * w).max(0.0)
    }

    fn standardised(&self, n: f64, z: f64) -> f64 {
        let root = libm::sqrt(n);
        let [c3, c4, c5] = self.cumulants;
        let (g1, g2, g3) = (c3 / root, c4 / n, c5 / (n * root));
        let z2 = z * z;
        z + g1 * (z2 - 1.0) / 6.0
            + z * (g2 * (z2 - 3.0) / 24.0 - g1 * g1 * (2.0 * z2 - 5.0) / 36.0)
            + g3 * (z2 * (z2 - 6.0) + 3.0) / 120.0
            - g1 * g2 * (z2 * (z2 - 5.0) + 2.0) / 24.0
            + g1 * g1 * g1 * (z2 * (12.0 * z2 - 53.0) + 17.0) / 324.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_sums_have_the_quantiles_of_the_exact_convolution() {
        // Exact quantiles at 0.1, 1, 10, 50, 90, 99, 99.9 % by convolution on a grid of 2^21 cells (NumPy).
        let cases = [
            (
                SizeShape::Lognormal,
                0.8,
                95.0,
                0.001,
                [73.86992, 78.47716, 85.30534, 94.62345, 105.17022, 114.88898, 122.81475],
            ),
            (
                SizeShape::Lognormal,
                0.8,
                200.0,
                0.0002,
                [168.10281, 175.32770, 185.78703, 199.61802, 214.69888, 228.06914, 238.57181],
            ),
            (
                SizeShape::Lognormal,
                0.3,
                33.0,
                0.0003,
                [28.05575, 29.19260, 30.82420, 32.95383, 35.23504, 37.21527, 38.73598],
            ),
            (
                SizeShape::Gamma,
                0.8,
                33.0,
                0.0003,
                [20.59739, 23.25745, 27.26442, 32.78691, 39.00955, 44.62157, 49.04043],
            ),
            (
                SizeShape::Gamma,
                2.0,
                200.0,
                0.001,
                [123.83588, 140.12979, 164.71627, 198.66826, 236.99601, 271.61345, 298.89851],
            ),
            (
                SizeShape::Lognormal,
                1.2,
                2000.0,
                0.0003,
                [1842.60222, 1879.66427, 1931.98672, 1998.95108, 2069.34442, 2129.67619, 2175.83024],
            ),
        ];
        for (shape, cv, n, tolerance, wanted) in cases {
            let size = Size::new(shape, cv);
            assert!(n >= size.exact_up_to(), "{shape:?} {cv}: {}", size.exact_up_to());
            for (p, want) in [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999].into_iter().zip(wanted) {
                let got = size.sum_at(n, normal_quantile(p));
                assert!((got - want).abs() < tolerance * n, "{shape:?} cv {cv} n {n} p {p}: {got} is not {want}");
            }
        }
    }

    #[test]
    fn the_table_gives_the_sizes_that_it_stands_for() {
        for (shape, cv) in [
            (SizeShape::Lognormal, 0.1),
            (SizeShape::Lognormal, 0.8),
            (SizeShape::Lognormal, 3.0),
            (SizeShape::Lognormal, 20.0),
            (SizeShape::Gamma, 0.1),
            (SizeShape::Gamma, 0.5),
            (SizeShape::Gamma, 2.0),
            (SizeShape::Gamma, 4.0),
        ] {
            let size = Size::new(shape, cv);
            let mut largest = 0.0_f64;
            // From the middle to both ends.
            for i in 0..53 * 200 {
                let distance = libm::exp2(-1.0 - f64::from(i) / 200.0);
                for (u, z) in [(distance, normal_quantile(distance)), (1.0 - distance, -normal_quantile(distance))] {
                    if u < 1.0 - 1e-9 {
                        largest = largest.max((size.draw(u) / size.at(z) - 1.0).abs());
                    }
                }
            }
            println!("{shape:?} {cv}: {largest:e}");
            assert!(largest <= 3e-7, "{shape:?} {cv}: {largest:e}");
            let mut before = 0.0;
            for i in 1..100_000 {
                let found = size.draw(f64::from(i) / 100_000.0);
                assert!(found > before, "{shape:?} {cv} at {i}");
                before = found;
            }
        }
    }

    #[test]
    fn one_size_has_the_mean_and_cv_asked_for() {
        for shape in [SizeShape::Lognormal, SizeShape::Gamma, SizeShape::Fixed] {
            let size = Size::new(shape, 0.8);
            let n = 1_000_000;
            let draws = (0..n).map(|i| size.at(normal_quantile((f64::from(i) + 0.5) / f64::from(n))));
            let (sum, squares) = draws.fold((0.0, 0.0), |(s, q), x| (s + x, q + (x - 1.0) * (x - 1.0)));
            assert!((sum / f64::from(n) - 1.0).abs() < 1e-4);
            assert!((libm::sqrt(squares / f64::from(n)) - size.cv()).abs() < 2e-3);
        }
    }

    #[test]
    fn sums_rise_with_z_and_with_their_count() {
        for (shape, cv) in [(SizeShape::Lognormal, 0.8), (SizeShape::Lognormal, 0.2), (SizeShape::Gamma, 2.0)] {
            let size = Size::new(shape, cv);
            let n = size.exact_up_to() + 1.0;
            let mut before = 0.0;
            for i in -850..=850 {
                let z = f64::from(i) / 100.0;
                let sum = size.sum_at(n, z);
                assert!(sum >= before && size.sum_at(n + 1.0, z) > sum || sum == 0.0, "{shape:?} {cv} at {z}");
                before = sum;
            }
        }
    }
}

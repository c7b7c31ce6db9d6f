//! How long a deal or a stage takes.

use serde::Serialize;

use super::distribution::log_gamma_table;
use super::quantile_table::QuantileTable;
use crate::stats::special::{gamma_p, ln_gamma_tails, normal_cdf, normal_density, normal_quantile};
use crate::stats::{bisect, non_negative};

/// The shape of a cycle or a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum TimeShape {
    /// The duration is lognormal.
    #[default]
    Lognormal,
    /// A gamma duration; with cv 1, an exponential one.
    Gamma,
    /// The duration follows a Weibull law.
    Weibull,
    /// A duration that is always its mean.
    Fixed,
}

/// A duration D with mean 1 and a shape; scaled by its mean wherever it is used.
#[derive(Clone, Debug, PartialEq)]
pub struct SalesCycle(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Fixed,
    Lognormal {
        sigma: f64,
    },
    Gamma {
        shape: f64,
        log: QuantileTable,
    },
    /// A lead is still open after d days with the chance exp(−(d/scale)^shape).
    Weibull {
        shape: f64,
        scale: f64,
    },
    /// The corners of the distribution function, straight lines between them: times over their mean, ascending, and the part that
    /// is decided by each, from 0 to 1.
    Points {
        times: Vec<f64>,
        decided: Vec<f64>,
    },
}

impl SalesCycle {
    /// A duration of this shape whose standard deviation is `cv` times its mean; `cv` 0 is fixed.
    pub fn new(shape: TimeShape, cv: f64) -> SalesCycle {
        if cv == 0.0 {
            return SalesCycle(Kind::Fixed);
        }
        SalesCycle(match shape {
            TimeShape::Fixed => Kind::Fixed,
            TimeShape::Lognormal => Kind::Lognormal { sigma: libm::sqrt(libm::log1p(cv * cv)) },
            TimeShape::Gamma => Kind::Gamma { shape: 1.0 / (cv * cv), log: log_gamma_table(1.0 / (cv * cv)) },
            TimeShape::Weibull => {
                let shape = weibull_shape(cv);
                Kind::Weibull { shape, scale: libm::exp(-libm::lgamma(1.0 + 1.0 / shape)) }
            }
        })
    }

    /// A duration whose distribution function runs straight from point to point: `decided` of all by each of the `days`. The days
    /// ascend from 0 or later, `decided` never falls and runs from 0 to 1.
    pub fn through(days: &[f64], decided: &[f64]) -> SalesCycle {
        let mean = mean_of_points(days, decided);
        SalesCycle(Kind::Points { times: days.iter().map(|t| t / mean).collect(), decided: decided.to_vec() })
    }

    /// Whether it takes less time to compute than to look up.
    pub(super) fn is_quick(&self) -> bool {
        matches!(self.0, Kind::Fixed | Kind::Points { .. })
    }

    /// P(D ≤ t), for a duration of mean `mean`.
    pub fn cdf(&self, mean: f64, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let x = t / mean;
        match &self.0 {
            Kind::Fixed => f64::from(x >= 1.0),
            Kind::Lognormal { sigma } => normal_cdf(libm::log(x) / sigma + sigma / 2.0),
            Kind::Gamma { shape, .. } => gamma_p(*shape, shape * x),
            Kind::Weibull { shape, scale } => -libm::expm1(-libm::pow(x / scale, *shape)),
            Kind::Points { times, decided } => interpolated(times, decided, x),
        }
    }

    /// P(D > t), for a duration of mean `mean`; far out with the digits that 1 − P(D ≤ t) has lost.
    pub fn survival(&self, mean: f64, t: f64) -> f64 {
        if t <= 0.0 {
            return 1.0;
        }
        let x = t / mean;
        match &self.0 {
            Kind::Fixed => f64::from(x < 1.0),
            Kind::Lognormal { sigma } => normal_cdf(-(libm::log(x) / sigma + sigma / 2.0)),
            Kind::Gamma { shape, .. } => libm::exp(ln_gamma_tails(*shape, libm::log(shape * x)).1),
            Kind::Weibull { shape, scale } => libm::exp(-libm::pow(x / scale, *shape)),
            Kind::Points { times, decided } => 1.0 - interpolated(times, decided, x),
        }
    }

    /// The density at a time above 0, for mean 1; none where there are jumps or corners.
    pub(super) fn density(&self, x: f64) -> f64 {
        match &self.0 {
            Kind::Fixed | Kind::Points { .. } => f64::NAN,
            Kind::Lognormal { sigma } => normal_density(libm::log(x) / sigma + sigma / 2.0) / (sigma * x),
            Kind::Gamma { shape, .. } => {
                let ln_y = libm::log(shape * x);
                libm::exp(shape * ln_y - libm::exp(ln_y) - libm::lgamma(*shape)) / x
            }
            Kind::Weibull { shape, scale } => {
                let hazard = libm::pow(x / scale, *shape);
                shape * hazard * libm::exp(-hazard) / x
            }
        }
    }

    /// The duration at a standard normal `z`, for mean 1.
    pub(super) fn at(&self, z: f64) -> f64 {
        match &self.0 {
            Kind::Lognormal { sigma } => libm::exp(sigma * (z - sigma / 2.0)),
            Kind::Gamma { shape, log } => libm::exp(log.at(z)) / shape,
            // −ln P(D > x), without what 1 − Φ(z) loses.
            Kind::Weibull { shape, scale } => {
                let hazard = if z < 0.0 { -libm::log1p(-normal_cdf(z)) } else { -libm::log(normal_cdf(-z)) };
                scale * libm::pow(hazard, 1.0 / shape)
            }
            Kind::Fixed | Kind::Points { .. } => self.survived(1.0, normal_cdf(-z)),
        }
    }

    /// The time t at which P(D > t) is `s`, for mean `mean`: the quantile at 1 − s, and far out more exactly.
    pub fn survived(&self, mean: f64, s: f64) -> f64 {
        match &self.0 {
            Kind::Fixed => mean,
            Kind::Lognormal { sigma } => mean * libm::exp(sigma * (-normal_quantile(s) - sigma / 2.0)),
            Kind::Gamma { shape, log } => mean * libm::exp(log.at(-normal_quantile(s))) / shape,
            Kind::Weibull { shape, scale } => mean * scale * libm::pow(-libm::log(s), 1.0 / shape),
            Kind::Points { times, decided } => mean * interpolated(decided, times, 1.0 - s),
        }
    }

    /// ∫₀ᵗ P(D ≤ s) ds = t·F(t) − E[D; D ≤ t], for a duration of mean `mean` and in its units.
    ///
    /// The partial expectations are those of the usual closed forms: lognormal mean·Φ((ln t − μ − σ²)/σ), gamma
    /// mean·P(k + 1, t/θ), Weibull mean·P(1 + 1/k, (t/λ)ᵏ), fixed (t − mean)⁺ as a whole.
    ///
    /// ```
    /// # use revcast::chance::{SalesCycle, TimeShape};
    /// let fixed = SalesCycle::new(TimeShape::Fixed, 0.0);
    /// assert_eq!(fixed.integrated_cdf(45.0, 60.0), 15.0);
    /// ```
    pub fn integrated_cdf(&self, mean: f64, t: f64) -> f64 {
        if t <= 0.0 {
            return 0.0;
        }
        let x = t / mean;
        let integral = match &self.0 {
            Kind::Fixed => return non_negative(t - mean),
            Kind::Lognormal { sigma } => {
                let centred = libm::log(x) / sigma;
                x * normal_cdf(centred + sigma / 2.0) - normal_cdf(centred - sigma / 2.0)
            }
            Kind::Gamma { shape, .. } => {
                let y = shape * x;
                let ln_y = libm::log(y);
                let p = libm::exp(ln_gamma_tails(*shape, ln_y).0);
                // P(k + 1, y) = P(k, y) − yᵏ e⁻ʸ / Γ(k + 1)
                let step = libm::exp(shape * ln_y - y - libm::lgamma(shape + 1.0));
                (x - 1.0) * p + step
            }
            Kind::Weibull { shape, scale } => {
                let hazard = libm::pow(x / scale, *shape);
                -x * libm::expm1(-hazard) - gamma_p(1.0 + 1.0 / shape, hazard)
            }
            Kind::Points { times, decided } => {
                let lines = times.windows(2).zip(decided.windows(2));
                let inside: f64 = lines
                    .map(|(t, f)| {
                        let (from, to) = (t[0].min(x), t[1].min(x));
                        (to - from) * (f[0] + 0.5 * (f[1] - f[0]) * ((to - t[0]) + (from - t[0])) / (t[1] - t[0]))
                    })
                    .sum();
                inside + (x - times[times.len() - 1]).max(0.0)
            }
        };
        mean * non_negative(integral)
    }

    /// Of what arrives evenly over the last part f (0 to 1, 1 for all) of a month of so many days, the share that is decided by the end
    /// of each month from the one of arrival on: (G(j + f) − G(j))/f with G(x) the integral of the distribution function up to x
    /// months, over a month. [`super::SalesCycleTable`] has 1 less this, for any mean, from a table.
    pub fn decided_by_lag(&self, mean: f64, days_per_month: f64, part: f64, months: usize) -> Vec<f64> {
        let g = |x: f64| self.integrated_cdf(mean, days_per_month * x) / days_per_month;
        (0..months).map(|j| (g(j as f64 + part) - g(j as f64)) / part).collect()
    }

    /// The duration at probability `u`, for mean `mean`.
    pub fn quantile(&self, mean: f64, u: f64) -> f64 {
        match &self.0 {
            Kind::Fixed => mean,
            Kind::Lognormal { sigma } => mean * libm::exp(sigma * (normal_quantile(u) - sigma / 2.0)),
            Kind::Gamma { shape, log } => mean * libm::exp(log.at(normal_quantile(u))) / shape,
            Kind::Weibull { shape, scale } => mean * scale * libm::pow(-libm::log1p(-u), 1.0 / shape),
            Kind::Points { times, decided } => mean * interpolated(decided, times, u),
        }
    }
}

/// The mean of a time whose distribution function runs straight through these points.
pub(crate) fn mean_of_points(days: &[f64], decided: &[f64]) -> f64 {
    days.windows(2).zip(decided.windows(2)).map(|(t, f)| (f[1] - f[0]) * 0.5 * (t[0] + t[1])).sum()
}

/// The line through points (x, y) that ascend in both, at `at`; before the first and after the last it is level. Where x stands
/// still, y is that of the last such point.
fn interpolated(x: &[f64], y: &[f64], at: f64) -> f64 {
    let i = x.partition_point(|x| *x <= at);
    if i == 0 {
        return y[0];
    }
    match x.get(i) {
        None => y[i - 1],
        Some(next) => y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (next - x[i - 1]),
    }
}

/// The Weibull shape k with Γ(1 + 2/k)/Γ(1 + 1/k)² − 1 = cv², by bisection (cv falls as k rises).
fn weibull_shape(cv: f64) -> f64 {
    let excess = |k: f64| libm::expm1(libm::lgamma(1.0 + 2.0 / k) - 2.0 * libm::lgamma(1.0 + 1.0 / k)) - cv * cv;
    bisect([0.05, 5_000.0], 200, |low, high| libm::sqrt(low * high), |k| excess(k) <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [TimeShape; 4] = [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull, TimeShape::Fixed];

    #[test]
    fn the_integral_is_that_of_the_distribution_function() {
        for shape in SHAPES {
            for cv in [0.3, 0.5, 1.0, 2.0] {
                let delay = SalesCycle::new(shape, cv);
                for t in [3.0, 20.0, 45.0, 200.0] {
                    let n = 200_000;
                    let step = t / f64::from(n);
                    let sum: f64 = (0..n).map(|i| delay.cdf(35.0, (f64::from(i) + 0.5) * step)).sum();
                    assert!((sum * step - delay.integrated_cdf(35.0, t)).abs() < 2e-3, "{shape:?} {cv} {t}");
                }
            }
        }
    }

    #[test]
    fn mean_and_cv_are_those_asked_for() {
        for shape in SHAPES {
            for cv in [0.1, 0.5, 0.9] {
                let delay = SalesCycle::new(shape, cv);
                let n = 400_000;
                let draws = (0..n).map(|i| delay.quantile(35.0, (f64::from(i) + 0.5) / f64::from(n)));
                let (sum, squares) = draws.fold((0.0, 0.0), |(s, q), d| (s + d, q + d * d));
                let mean = sum / f64::from(n);
                let found = libm::sqrt((squares / f64::from(n) - mean * mean).max(0.0)) / mean;
                let wanted = if shape == TimeShape::Fixed { 0.0 } else { cv };
                assert!((mean - 35.0).abs() < 5e-3 && (found - wanted).abs() < 1e-3, "{shape:?} {cv}: {mean} {found}");
            }
        }
    }

    #[test]
    fn survival_is_what_is_left_and_has_an_inverse() {
        let points = SalesCycle::through(&[0.0, 7.0, 30.0, 90.0, 180.0], &[0.0, 0.3, 0.5, 0.9, 1.0]);
        let shapes =
            [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull].map(|shape| SalesCycle::new(shape, 0.7));
        for delay in shapes.iter().chain([&points]) {
            for t in [2.0, 20.0, 45.0, 110.0] {
                let s = delay.survival(40.0, t);
                assert!((s - (1.0 - delay.cdf(40.0, t))).abs() < 1e-12 && s > 0.0);
                assert!((delay.survived(40.0, s) - t).abs() < 1e-5, "{delay:?} {t}");
            }
        }
        let fixed = SalesCycle::new(TimeShape::Fixed, 0.0);
        assert_eq!(
            (fixed.survival(40.0, 39.0), fixed.survival(40.0, 40.0), fixed.survived(40.0, 0.3)),
            (1.0, 0.0, 40.0)
        );
    }

    /// Vector 6 of the law's second part: a table of times.
    #[test]
    fn times_through_points_are_those_of_the_lines_between_them() {
        let (days, decided) = ([0.0, 7.0, 30.0, 90.0, 180.0], [0.0, 0.3, 0.5, 0.9, 1.0]);
        let mean = 1.5 * mean_of_points(&days, &decided);
        let table = SalesCycle::through(&days, &decided);
        assert!((mean - 63.375).abs() < 1e-9);
        assert!((table.cdf(mean, 20.0) - 0.355_072_463_8).abs() < 1e-9);
        assert!((table.cdf(mean, 60.0) - 0.566_666_666_7).abs() < 1e-9);
        let wanted = [0.286_108_755_2, 0.498_204_500_6, 0.638_194_444_4, 0.773_472_222_2];
        for (found, wanted) in table.decided_by_lag(mean, 30.4375, 1.0, 4).iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
        }
        let s = table.survival(mean, 100.0);
        assert!((1.0 - table.survival(mean, 100.0 + 30.4375) / s - 0.529_347_826_1).abs() < 1e-9);
        assert!((table.survived(mean, s * 0.5) - 128.75).abs() < 1e-9);
        // A level part is jumped over.
        let level = SalesCycle::through(&[10.0, 20.0, 50.0, 60.0], &[0.0, 0.5, 0.5, 1.0]);
        let mean = mean_of_points(&[10.0, 20.0, 50.0, 60.0], &[0.0, 0.5, 0.5, 1.0]);
        assert_eq!(mean, 35.0);
        assert!(
            (level.quantile(mean, 0.5) - 50.0).abs() < 1e-9 && (level.quantile(mean, 0.499_999) - 20.0).abs() < 1e-3
        );
    }

    /// Vector 2 of the law's second part: leads of the month of the as-of day, of which a part is left.
    #[test]
    fn leads_of_a_part_of_a_month_are_decided_sooner() {
        let cycle = SalesCycle::new(TimeShape::Lognormal, 0.5);
        let part = 22.0 / 31.0;
        let first = cycle.decided_by_lag(45.0, 30.4375, part, 4);
        let whole = cycle.decided_by_lag(45.0, 30.4375, 1.0, 3);
        for (found, wanted) in first.iter().zip([0.017_303_931_5, 0.510_492_884_0, 0.883_583_634_2, 0.974_442_643_6]) {
            assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
        }
        for (found, wanted) in whole.iter().zip([0.064_653_744_9, 0.583_345_743_8, 0.902_265_882_3]) {
            assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
        }
        let table = super::super::SalesCycleTable::new(&cycle);
        let months: f64 = 45.0 / 30.4375;
        for (j, decided) in first.iter().enumerate() {
            assert!((1.0 - table.undecided((months, libm::log(months)), part, j + 1) - decided).abs() < 1e-8);
        }
    }

    #[test]
    fn quantiles_invert_the_distribution_function() {
        for shape in [TimeShape::Lognormal, TimeShape::Gamma, TimeShape::Weibull] {
            let delay = SalesCycle::new(shape, 0.7);
            for i in 1..100 {
                let u = f64::from(i) / 100.0;
                assert!((delay.cdf(35.0, delay.quantile(35.0, u)) - u).abs() < 1e-7);
            }
        }
    }
}

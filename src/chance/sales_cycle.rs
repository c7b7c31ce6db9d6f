//! How long a deal or a stage takes.

use serde::Serialize;

use super::distribution::log_gamma_table;
use super::quantile_table::QuantileTable;
use crate::stats::special::{gamma_p, ln_gamma_tails, normal_cdf, normal_quantile};
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

    /// Whether it always lasts its mean.
    pub fn is_fixed(&self) -> bool {
        matches!(self.0, Kind::Fixed)
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
        };
        mean * non_negative(integral)
    }

    /// Of what arrives evenly over a month of so many days, the share that is decided by the end of each month from the one of
    /// arrival on: G(j + 1) − G(j) with G(x) the integral of the distribution function up to x months, over a month.
    /// [`super::SalesCycleTable`] has 1 less this, for any mean, from a table.
    pub fn decided_by_lag(&self, mean: f64, days_per_month: f64, months: usize) -> Vec<f64> {
        let g = |x: usize| self.integrated_cdf(mean, days_per_month * x as f64) / days_per_month;
        (0..months).map(|j| g(j + 1) - g(j)).collect()
    }

    /// The duration at probability `u`, for mean `mean`.
    pub fn quantile(&self, mean: f64, u: f64) -> f64 {
        match &self.0 {
            Kind::Fixed => mean,
            Kind::Lognormal { sigma } => mean * libm::exp(sigma * (normal_quantile(u) - sigma / 2.0)),
            Kind::Gamma { shape, log } => mean * libm::exp(log.at(normal_quantile(u))) / shape,
            Kind::Weibull { shape, scale } => mean * scale * libm::pow(-libm::log1p(-u), 1.0 / shape),
        }
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

//! Why no law has the parameters given.

use thiserror::Error;

use super::quantile_table::z_of;
use crate::units::format::exact;

/// Why no law has the parameters given. The texts say what was found and what is allowed.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum DistributionError {
    /// A spread that is negative or not finite.
    #[error("a spread of {0} is not possible; it must be 0 or more")]
    Spread(f64),
    /// A mean outside the open interval that the law needs.
    #[error("a mean of {mean} is outside {low} … {high}, which this shape needs")]
    Mean {
        /// The mean that was given.
        mean: f64,
        /// The lower end of what is allowed.
        low: f64,
        /// The upper end of what is allowed.
        high: f64,
    },
    /// A beta cannot be as wide.
    #[error("no beta law with mean {mean} has a standard deviation of {sd}; it must be below {bound:.4}")]
    TooWide {
        /// The mean that was given.
        mean: f64,
        /// The standard deviation given.
        sd: f64,
        /// √(mean·(1 − mean)), which no law on 0 … 1 exceeds.
        bound: f64,
    },
    /// A spread so small against the mean or the range that the density cannot be computed, or so wide that almost all weight is at
    /// the ends: the shape parameters would not lie in 0.001 … 10⁹.
    #[error(
        "a {law} law with mean {mean} and a standard deviation of {sd}, which is too {} to compute",
        if *is_narrow { "narrow" } else { "wide" },
        mean = exact(*mean, 0),
        sd = exact(*sd, 0)
    )]
    Extreme {
        /// The name of the law.
        law: &'static str,
        /// The mean that was given.
        mean: f64,
        /// The standard deviation given.
        sd: f64,
        /// Whether the spread is too small, and not too large.
        is_narrow: bool,
    },
    /// low, mode and high out of order.
    #[error("{0} do not ascend")]
    Order(String),
    /// Percentiles that cross or do not lie inside the domain.
    #[error("{0}")]
    Percentiles(String),
    /// Values and weights that do not make a discrete law.
    #[error("{0}")]
    Discrete(String),
}

/// Refuses shape parameters at which a density has too few digits left.
pub(super) fn computable(law: &'static str, mean: f64, sd: f64, shapes: &[f64]) -> Result<(), DistributionError> {
    const LEAST: f64 = 1e-3;
    const MOST: f64 = 1e9;
    if shapes.iter().all(|shape| (LEAST..=MOST).contains(shape)) {
        return Ok(());
    }
    Err(DistributionError::Extreme { law, mean, sd, is_narrow: shapes.iter().any(|shape| *shape > MOST) })
}

pub(super) fn spread(sd: f64) -> Result<(), DistributionError> {
    if sd >= 0.0 && sd.is_finite() { Ok(()) } else { Err(DistributionError::Spread(sd)) }
}

pub(super) fn ascending(low: f64, mode: f64, high: f64) -> Result<(), DistributionError> {
    if low <= mode && mode <= high {
        Ok(())
    } else {
        Err(DistributionError::Order(if low == mode {
            format!("low {low} and high {high}")
        } else {
            format!("low {low}, mode {mode} and high {high}")
        }))
    }
}

/// Mean and standard deviation of the normal law through two percentiles.
pub(super) fn line_through(first: (f64, f64), second: (f64, f64)) -> Result<(f64, f64), DistributionError> {
    let ((p1, x1), (p2, x2)) = if first.0 <= second.0 { (first, second) } else { (second, first) };
    if p1 >= p2 || x1 > x2 {
        return Err(DistributionError::Percentiles(
            "percentiles cross: a higher percentile has a lower value".to_owned(),
        ));
    }
    let sd = (x2 - x1) / (z_of(p2) - z_of(p1));
    Ok((x1 - sd * z_of(p1), sd))
}

#[cfg(test)]
mod tests {
    use crate::chance::Distribution;

    #[test]
    fn impossible_parameters_are_refused() {
        assert!(
            Distribution::beta(0.25, 0.44).is_err()
                && Distribution::beta(1.2, 0.1).is_err()
                && Distribution::lognormal(-1.0, 1.0).is_err()
        );
        assert!(
            Distribution::pert(3.0, 2.0, 4.0).is_err()
                && Distribution::normal(0.0, -1.0).is_err()
                && Distribution::normal(0.0, f64::NAN).is_err()
        );
        assert!(
            Distribution::discrete(&[3.0, 2.0], &[1.0, 1.0]).is_err() && Distribution::discrete(&[1.0], &[]).is_err()
        );
        assert!(Distribution::logit_normal_through((0.1, 0.0), (0.9, 0.3)).is_err());
    }
}

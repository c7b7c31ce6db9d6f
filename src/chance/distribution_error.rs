//! Why no law has the parameters given.

use thiserror::Error;

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
    /// A spread so small against the range that the shape's density cannot be computed, or so wide that almost
    /// all weight is at the ends.
    #[error(
        "a beta law with shape parameters {a:.3e} and {b:.3e} is too extreme to compute; each must be 0.001 to 10⁹"
    )]
    Extreme {
        /// The first shape parameter that would follow.
        a: f64,
        /// The second shape parameter that would follow.
        b: f64,
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

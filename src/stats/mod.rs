//! Statistics of samples: quantiles and their errors, moments, ranks; and the special functions they rest on.

mod exponential;
mod moments;
mod quantile;
mod rank;
mod select;
mod sieve;
pub mod special;
pub(crate) mod wide;

pub use exponential::exp;
pub use moments::{MomentSums, Moments, covariance_share};
pub use quantile::{Order, QuantileRanks, quantile};
pub use rank::{ranks, spearman};
pub use select::Selection;
pub use sieve::Sieve;

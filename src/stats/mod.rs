//! Statistics of samples: quantiles and their errors, moments, ranks; and the special functions they rest on.

mod estimate;
mod exponential;
mod moments;
mod quantile;
mod rank;
mod rounding;
mod root;
mod select;
mod sieve;
pub mod special;
pub(crate) mod wide;

pub use estimate::{Estimate, Estimates};
pub use exponential::exp;
pub use moments::{MomentSums, Moments, covariance_share};
pub use quantile::{Order, QuantileRanks, quantile};
pub use rank::{ranks, spearman};
pub(crate) use rounding::{to_digits, to_step};
pub use root::{bisect, root};
pub use select::Selection;
pub use sieve::Sieve;

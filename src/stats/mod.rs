//! Statistics of samples: quantiles and their errors, moments, ranks; and the special functions they rest on.

mod exponential;
mod moments;
mod quantile;
mod rank;
mod select;
pub mod special;

pub use exponential::exp;
pub use moments::{Moments, covariance_share};
pub use quantile::{Order, QuantileRanks, quantile};
pub use rank::{ranks, spearman};
pub use select::Selection;

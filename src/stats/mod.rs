//! Statistics of samples: quantiles and their errors, moments, ranks; and the special functions they rest on.

mod calibration;
mod estimate;
mod exponential;
mod line;
mod moments;
mod odds;
mod quantile;
mod rank;
mod root;
mod rounding;
mod scores;
mod select;

pub(crate) mod simd;
pub mod special;
mod two_pass;

pub use calibration::{caught_by_hits, caught_by_spread, hits_range, separate, spread_range};
pub use estimate::{Estimate, Estimates};
pub use exponential::exp;
pub use line::{residuals, slope};
pub use moments::{MomentSums, Moments, VarianceShare, covariance_share};
pub use odds::shifted;
pub use quantile::{Order, QuantileRanks, quantile};
pub use rank::{correlation_ratio, ranks, spearman};
pub use root::{bisect, root};
pub(crate) use rounding::{non_negative, to_digits, to_step};
pub use scores::log_score;
pub use select::Selection;
pub use two_pass::TwoPassQuantiles;

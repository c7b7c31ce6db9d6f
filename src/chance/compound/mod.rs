//! The value of n independent deal sizes as one draw: the quantile function of the n-fold sum, tabulated over n and u.

mod gamma;
mod rows;
mod table;
#[cfg(test)]
mod tests;

pub(super) use table::{SumDistribution, Sums};

//! Chance: laws as values, drawn by inversion; how inputs depend on each other; streams of random numbers with an address.

mod compound;
mod copula;
mod counts;
mod deal_size;
mod distribution;
mod distribution_error;
mod gamma_draw;
mod half_samples;
mod joint_column;
mod normal;
mod quantile_table;
mod registry;
mod sales_cycle;
mod sales_cycle_table;
mod stream;
mod survival_table;

pub use copula::{Copula, CopulaError};
pub use counts::{Odds, binomial_quantile, binomial_quantiles, poisson_quantile, poisson_quantiles};
pub use deal_size::{DealSize, MoneyShape};
pub use distribution::Distribution;
pub use distribution_error::DistributionError;
pub use half_samples::{Half, HalfSamples, Halved};
pub(crate) use sales_cycle::mean_of_points;
pub use sales_cycle::{SalesCycle, TimeShape};
pub use sales_cycle_table::SalesCycleTable;
pub use stream::{Address, Purpose, Stream, TrialKey, name_key};
pub use survival_table::SurvivalTable;

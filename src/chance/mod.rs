//! Chance: laws as values, drawn by inversion; how inputs depend on each other; streams of random numbers with an address.

mod copula;
mod count;
mod delay;
mod delay_table;
mod law;
mod law_error;
mod normal;
mod octaves;
mod size;
mod stream;
mod sums;
mod table;

pub use copula::{Copula, CopulaError};
pub use count::{Odds, binomial_quantile, binomial_quantiles, poisson_quantile, poisson_quantiles};
pub use delay::{Delay, DelayShape};
pub use delay_table::DelayTable;
pub use law::Law;
pub use law_error::LawError;
pub use size::{Size, SizeShape};
pub use stream::{Address, Purpose, Stream, TrialKey, name_key};

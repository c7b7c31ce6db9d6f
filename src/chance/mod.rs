//! Chance: laws as values, drawn by inversion; how inputs depend on each other; streams of random numbers with an address.

mod copula;
mod count;
mod delay;
mod law;
mod octaves;
mod size;
mod stream;
mod table;

pub use copula::{Copula, CopulaError};
pub use count::{binomial_quantile, poisson_quantile};
pub use delay::{Delay, DelayShape};
pub use law::{Law, LawError};
pub use size::{Size, SizeShape};
pub use stream::{Address, Purpose, Stream, name_key};

//! The page that an executive reads: one file of HTML that asks no network for anything. What stands on it is in `forecast.json`;
//! without its script it says the same.

#[cfg(feature = "page")]
mod analyst;
#[cfg(feature = "page")]
mod attribution;
#[cfg(feature = "fit")]
mod backtest;
#[cfg(feature = "page")]
mod charts;
#[cfg(feature = "page")]
mod customers;
#[cfg(feature = "page")]
mod document;
#[cfg(feature = "page")]
mod downside;
#[cfg(feature = "page")]
mod drivers;
mod explorer_data;
#[cfg(feature = "page")]
mod figure;
#[cfg(feature = "fit")]
mod finding;
mod headline;
#[cfg(feature = "page")]
mod layout;
#[cfg(feature = "page")]
mod levers;
#[cfg(feature = "page")]
mod people;
#[cfg(feature = "page")]
mod periods;
#[cfg(feature = "page")]
mod regions;
#[cfg(feature = "page")]
mod returns;
#[cfg(feature = "page")]
mod sections;
#[cfg(feature = "page")]
mod table;
#[cfg(feature = "page")]
mod targets;
mod text;
mod tuning;

#[cfg(feature = "fit")]
pub use backtest::backtest_page;
#[cfg(feature = "page")]
pub use document::page;
pub use tuning::Tuning;
#[cfg(feature = "page")]
pub use tuning::{FILE, MOST_BYTES, TuningError, is_tuning_page, tuning_page};

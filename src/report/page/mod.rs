//! The page that an executive reads: one file of HTML that asks no network for anything. What stands on it is in `forecast.json`;
//! without its script it says the same.

mod analyst;
mod attribution;
#[cfg(feature = "fit")]
mod backtest;
mod charts;
mod customers;
mod document;
mod downside;
mod drivers;
mod explorer_data;
mod figure;
#[cfg(feature = "fit")]
mod finding;
mod headline;
mod layout;
mod levers;
mod people;
mod periods;
mod regions;
mod returns;
mod sections;
mod table;
mod targets;
mod text;

#[cfg(feature = "fit")]
pub use backtest::backtest_page;
pub use document::page;

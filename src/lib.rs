//! revcast: a Monte Carlo revenue forecaster.
//!
//! A [`scenario`] says how each sales region gets leads, wins them, how long that takes and what a deal is worth, with how
//! sure we are of each figure. [`model::resolve`] turns it into a [`model::Model`], an [`engine::Run`] simulates thousands
//! of trials of it into [`outcomes`], and [`forecast::forecast`] summarises them: what will we book, how sure are we, will we
//! make the plan, what moves it?
//!
//! The folders are the stages that the data passes, each importing only those before it:
//! [`units`], [`stats`], [`chance`], `tables`, [`scenario`], `fit`, [`model`], [`outcomes`], [`engine`], [`documents`], [`forecast`], [`shards`], [`audit`],
//! [`analysis`], `backtest`, [`findings`], then `export`,
//! `charts`, [`report`], `history` and `cli`. Without default features the library is the part up to [`report`]: no threads, no files,
//! no terminal.
//!
//! ```
//! use revcast::{engine::{Execution, Memory, Run}, forecast::forecast, model::resolve, scenario::load};
//!
//! let text = r#"{
//!     "name": "Minimal", "start": "2027-01", "months": 12, "simulation": {"trials": 1000},
//!     "regions": {"europe": {
//!         "leads": {"monthly": 100}, "conversion": {"low": 0.2, "mode": 0.25, "high": 0.32},
//!         "cycle": {"mean_days": 45}, "deal_size": {"mean": 15000}}}
//! }"#;
//! let scenario = load("minimal.json".as_ref(), &[], &|_| Ok(text.into()))?;
//! let model = resolve(&scenario)?;
//! let execution = Execution::new(None);
//! let run = Run::begin(model, &execution, Memory::default())?;
//! let forecast = forecast(&scenario, &run, None)?;
//! assert!(forecast.main.bands.p10.value < forecast.main.bands.p90.value);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where to look
//!
//! | for | in |
//! | --- | --- |
//! | what an export of a CRM says | `fit/`: `fit/opportunities.rs` reads it, `fit/exposure.rs` counts, `fit/closing.rs` finds the chances, `fit/to_scenario.rs` writes them |
//! | how forecasts of the past held | `backtest/`: `backtest/replay.rs` makes them, `backtest/scores.rs` sums up, `backtest/naive.rs` is what they have to beat; `stats/scores.rs`, `stats/calibration.rs` |
//! | the law of renewals | `engine/renewals.rs`; of the plan line `forecast/plan.rs`; its formulas in docs/model.md |
//! | leads, wins and losses | `engine/arrivals.rs`, then `engine/thinning.rs` for a sales cycle or `engine/stages.rs` for stages |
//! | what can be forecast | the table of metrics in `scenario/metric.rs`, formed from the measures of `outcomes/measure.rs` |
//! | a new chart | a file in `charts/catalog/`, and a line in the list of `charts/catalog/mod.rs` |
//! | the words and tables of an answer | `findings/`; `report/terminal.rs`, `report/page/table.rs` and `export/csv_table.rs` render them |
//! | the page whose inputs can be moved | `analysis/tune/` plays, `report/page/tuning/` asks, answers and shows; its module is made in bindings/web |
//! | who writes `bands.csv` | `export/bands.rs` makes its bytes; `cli/output_folder.rs` puts them with all other files into the run's folder |

// What only charts, page, program or history call stands beside what it belongs to; the program is held to have no dead code.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]

pub mod analysis;
pub mod audit;
#[cfg(feature = "fit")]
pub mod backtest;
#[cfg(feature = "cli")]
pub mod batch;
pub mod chance;
#[cfg(feature = "charts")]
pub mod charts;
#[cfg(feature = "cli")]
pub mod cli;
pub mod documents;
pub mod engine;
#[cfg(feature = "export")]
pub mod export;
pub mod findings;
#[cfg(feature = "fit")]
pub mod fit;
pub mod forecast;
#[cfg(feature = "history")]
pub mod history;
pub mod model;
pub mod outcomes;
pub mod report;
pub mod scenario;
pub mod shards;
pub mod stats;
#[cfg(feature = "export")]
pub mod tables;
pub mod units;

#[cfg(all(test, feature = "cli"))]
mod made_up_field;

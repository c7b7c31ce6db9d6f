//! Simulation of a model: one trial, blocks of trials on all threads, joined in the order of their indices.

mod arrivals;
mod changes;
mod compiled;
mod contract_columns;
mod contracts;
mod cost;
mod counted;
mod daily;
mod effects;
mod error;
mod execution;
mod inputs;
mod kept_regions;
mod monitor;
mod one_offs;
mod open_deal_counts;
mod open_deal_draw;
mod open_deal_ledger;
mod open_deal_plan;
mod open_deals;
mod open_deals_by_stage;
mod people;
mod people_scratch;
mod played_set;
mod renewals;
mod run;
mod scope;
mod scratch;
mod simulate;
mod size_rows;
mod stage_scratch;
mod stages;
mod streams;
mod team_plan;
mod thinning;
mod time_left;
mod trial_set;
mod winners;
mod won_deal;
mod workers;

pub use changes::{HeldShare, held_shares};
pub use cost::{make_tables, people_bytes, seconds, table_bytes};
pub use error::RunError;
pub use execution::Execution;
pub use monitor::Monitor;
pub use played_set::PlayedSet;
pub use run::{Memory, Run, Stored, Trials, each_chunk, trials_of};
pub use scope::{Resampling, SimulationScope};
pub use simulate::{
    each_block, each_block_counting_open_deals, each_block_of, each_block_with_won_deals, each_block_within, simulate,
};
pub use trial_set::{TrialSet, market_factor};
pub use won_deal::WonDeal;
pub use workers::Workers;

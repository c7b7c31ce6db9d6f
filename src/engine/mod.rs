//! Playing the model: one trial, blocks of trials on all cores, joined in the order of their indices.

mod arrivals;
mod cycle;
mod desk;
mod futures;
mod inputs;
mod play;
mod player;
mod renewals;
mod run;
mod stages;
mod workers;

pub use futures::{Futures, market_factor};
pub use play::{
    Monitor, Part, Pass, RunError, each_block, each_block_of, each_block_within, make_tables, play, seconds,
    table_bytes,
};
pub use run::{Memory, Run, Stored, Trials, each_chunk, trials_of};
pub use workers::Workers;

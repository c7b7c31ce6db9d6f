//! Trials in files: a run's trials, or some of them, each file with what it takes to put them together again.
//!
//! A shard is a [Parquet](https://parquet.apache.org/docs/file-format/) file with one row a trial and one column for each of the
//! engine's (`bookings:europe:2027-03`), which any reader of such files opens. What makes it a shard is said in its metadata
//! ([`About`]), and 32 bytes between its last row group and its footer are the SHA-256 of all its other bytes: a file that was
//! cut off or changed anywhere is known before any of it is believed.

#[cfg(feature = "parquet")]
mod about;
#[cfg(feature = "parquet")]
mod columns;
mod cover;
#[cfg(feature = "parquet")]
mod fault;
#[cfg(feature = "parquet")]
mod groups;
#[cfg(feature = "parquet")]
mod joined;
mod portion;
#[cfg(feature = "parquet")]
mod read;
#[cfg(feature = "parquet")]
mod seal;
#[cfg(feature = "parquet")]
mod write;

pub(crate) use cover::{Piece, uncovered};
#[cfg(feature = "parquet")]
pub(crate) use groups::Groups;
pub use portion::Portion;
#[cfg(feature = "parquet")]
pub use {
    about::About,
    joined::{Joined, Open, Unjoined},
    read::is_written,
    write::{ShardError, times_played, write},
};

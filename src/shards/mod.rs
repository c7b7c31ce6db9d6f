//! Trials in files: a run's trials, or some of them, each file with what it takes to put them together again.
//!
//! A shard is a [Parquet](https://parquet.apache.org/docs/file-format/) file with one row a trial and one column for each of the
//! engine's (`bookings:europe:2027-03`), which any reader of such files opens. What makes it a shard is said in its metadata
//! ([`ShardManifest`]), and 32 bytes between its last row group and its footer are the SHA-256 of all its other bytes: a file that was
//! cut off or changed anywhere is known before any of it is believed.

#[cfg(feature = "parquet")]
mod columns;
mod coverage;
#[cfg(feature = "parquet")]
mod fault;
#[cfg(feature = "parquet")]
mod manifest;
#[cfg(feature = "parquet")]
mod merge;
mod portion;
#[cfg(feature = "parquet")]
mod read;
#[cfg(feature = "parquet")]
mod row_groups;
#[cfg(feature = "parquet")]
mod seal;
#[cfg(feature = "parquet")]
mod shared_file;
#[cfg(feature = "parquet")]
mod write;

pub(crate) use coverage::{Piece, uncovered};
pub use portion::Portion;
#[cfg(feature = "parquet")]
pub(crate) use row_groups::RowGroups;
#[cfg(feature = "parquet")]
pub use {
    manifest::ShardManifest,
    merge::{MergeError, Merged, Open},
    read::is_written,
    write::{ShardError, times_played, write},
};

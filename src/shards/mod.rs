//! Trials in files: a run's trials, or some of them, each file with what it takes to put them together again.
//!
//! A shard is a [Parquet](https://parquet.apache.org/docs/file-format/) file with one row a trial and one column for each of the
//! engine's (`bookings:europe:2027-03`), which any reader of such files opens. What makes it a shard is said in its metadata
//! ([`About`]), and 32 bytes between its last row group and its footer are the SHA-256 of all its other bytes: a file that was
//! cut off or changed anywhere is known before any of it is believed.

mod about;
mod columns;
mod fault;
mod groups;
mod joined;
mod read;
mod seal;
mod write;

pub use about::{About, Portion};
pub(crate) use groups::Groups;
pub use joined::{Joined, Open, Unjoined};
pub use read::is_written;
pub use write::{ShardError, times_played, write};

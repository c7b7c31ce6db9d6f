//! What the program writes: a run's files appear together or not at all, and a new file never replaces another.
//!
//! Everything is made in a [`workshop`] beside its target, brought to disk, and put in place in one step. `docs/files.md`
//! says what that promises. Every operation on disk passes [`system`], so that the tests in `survival` can make each of them fail.

mod contents;
mod file;
mod folder;
#[cfg(test)]
mod mishap;
mod page;
mod parents;
mod platform;
#[cfg(test)]
mod survival;
mod system;
mod workshop;

pub(super) use contents::{MOST_BYTES as MOST_DOCUMENT_BYTES, check, night_before, recover};
pub(super) use file::{place, place_written, replace};
pub(super) use folder::Folder;
pub(super) use platform::names;
pub(super) use workshop::{drafted, parts};

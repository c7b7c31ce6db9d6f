//! What the program writes: a run's files appear together or not at all, and a new file never replaces another.
//!
//! Everything is made in a [`staging`] folder beside its target, brought to disk, and put in place in one step. `docs/files.md`
//! says what that promises. Every operation on disk passes [`system`], so that the tests in `crash_tests` can make each of them fail.

mod check;
#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod fault_injection;
mod file;
mod folder;
mod parent_dirs;
mod platform;
mod replaceable;
mod staged_file;
mod staging;
mod system;
mod target;

pub(super) use check::{check, check_fit, previous_batch, recover};
pub(super) use file::{place, place_written, replace};
pub(super) use folder::Folder;
pub(super) use platform::names;
pub(super) use replaceable::{MAX_BYTES as MAX_DOCUMENT_BYTES, is_tuning_page, kind, listed_files};
pub(super) use staging::{drafted, parts};

//! What is wrong with shards, each fault naming the file.

use crate::scenario::Fault;

/// What a shard has to be.
const ALLOWED: &str = "a shard as `revcast run --shard K/N --out FILE` wrote it";

/// A file that is none, or not as it was written.
pub(super) fn damaged(file: &str) -> Fault {
    let found = "a file whose checksum does not hold: it was cut off or changed, or is no shard";
    let hint = "copy it again, or play its part again with the same `revcast run --shard`";
    fault(file, "", found.to_owned(), ALLOWED, hint)
}

/// A sealed file of something else.
pub(super) fn not_a_shard(file: &str, found: &str) -> Fault {
    fault(file, "", found.to_owned(), ALLOWED, "")
}

/// A fault of one file.
pub(super) fn fault(file: &str, path: &str, found: String, allowed: &str, hint: &str) -> Fault {
    Fault { file: file.to_owned(), path: path.to_owned(), found, allowed: allowed.to_owned(), hint: hint.to_owned() }
}

//! Files that are read, each with the most bytes that it may have.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::disk::MAX_DOCUMENT_BYTES;
use super::exit::Failure;
use crate::scenario::unopened;

/// No scenario, with what it extends, and no table that is read has more bytes; reading one would only fill memory.
pub(super) const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// The bytes of a table that an option names.
pub(super) fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    open(file).map_err(|error| unreadable(file, &error, "a CSV file that can be read"))
}

/// No export that is read has more bytes.
const MAX_EXPORT_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// The bytes of an export, which may be far larger than a table that a scenario names.
pub(super) fn export_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    open_up_to(file, MAX_EXPORT_BYTES)
        .map_err(|error| unreadable(file, &error, "a CSV file or a workbook (.xlsx) that can be read"))
}

/// The bytes of a document that a run wrote.
pub(super) fn document(file: &Path) -> Result<Vec<u8>, Failure> {
    let allowed = "the forecast.json that a run wrote";
    open_up_to(file, MAX_DOCUMENT_BYTES).map_err(|error| unreadable(file, &error, allowed))
}

fn unreadable(file: &Path, error: &std::io::Error, allowed: &str) -> Failure {
    Failure::Option {
        option: file.display().to_string(),
        found: unopened(error),
        allowed: allowed.to_owned(),
        hint: "paths are relative to the folder that the command is run in; pipes are not read".to_owned(),
    }
}

fn open(path: &Path) -> io::Result<Vec<u8>> {
    open_up_to(path, MAX_FILE_BYTES)
}

/// The bytes of a file; what is none, such as a pipe or a device, is not opened at all, and what has no end is not read to its end.
pub(super) fn open_up_to(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        let folder = metadata.is_dir();
        return Err(if folder { io::ErrorKind::IsADirectory.into() } else { io::Error::other("it is no file") });
    }
    if metadata.len() > most {
        return Err(too_large(metadata.len(), "it has"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large(bytes.len() as u64, "it has more than")) } else { Ok(bytes) }
}

/// A file, or files together, that are larger than anything that is read.
pub(super) fn too_large(bytes: u64, it_has: &str) -> io::Error {
    io::Error::other(format!("{it_has} {} MB; nothing that is read here is that large", bytes >> 20))
}

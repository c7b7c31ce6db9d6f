//! One new file: it appears whole, and never in the place of another.

use std::io::{self, Write};
use std::path::Path;

use super::platform;
use super::staged_file::StagedFile;
use super::staging::Staging;
use super::system::{Disk, System};
use super::target::{existing_parent, look, named, parent};
use crate::cli::exit::{Doing, Failure};
use crate::engine::Monitor;

/// Writes what a file holds.
pub(in crate::cli) type Content<'a> = &'a mut dyn FnMut(&mut dyn Write) -> Result<(), Failure>;

/// Puts a new file at `path`, whose folder is made where it is missing. What is there already stays, and is an error.
pub(in crate::cli) fn place(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    place_on(&System, path, bytes)
}

/// Puts a file at `path`, in the place of an earlier one that the caller has looked at: the one or the other is there at every moment.
pub(in crate::cli) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace_on(&System, path, bytes)
}

pub(super) fn replace_on(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let path = named(path)?;
    let mut staging = Staging::enter(disk, &path, &Monitor::default())?;
    let what = || format!("write {}", path.display());
    fill(disk, &staging.draft(), &mut |out| out.write_all(bytes).doing(what))
        .map_err(|unfilled| unfilled.failure(what))?;
    staging.put_in_place().doing(what)?;
    disk.sync_folder(&parent(&path))
        .doing(|| format!("be sure that {}, which is in place, would outlast a power cut", path.display()))
}

/// The same of a file that is written piece by piece. On rare disks `content` is called twice.
pub(in crate::cli) fn place_written(path: &Path, content: Content<'_>) -> Result<(), Failure> {
    place_content(&System, path, content)
}

pub(super) fn place_on(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let what = || format!("write {}", path.display());
    place_content(disk, path, &mut |out| out.write_all(bytes).doing(what))
}

fn place_content(disk: &dyn Disk, path: &Path, content: Content<'_>) -> Result<(), Failure> {
    let path = named(path)?;
    let base = existing_parent(&path)?;
    free(&path)?;
    platform::writable(&base).doing(|| format!("write into {}", base.display()))?;
    let mut staging = Staging::enter(disk, &path, &Monitor::default())?;
    // A killed run may have left a folder's old content, which is back now.
    free(&path)?;
    let what = || format!("write {}", path.display());
    fill(disk, &staging.draft(), content).map_err(|unfilled| unfilled.failure(what))?;
    match staging.put_where_nothing_is() {
        // Such disks are rare: neither renaming without overwriting nor second names. A crash may leave part of the file here.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => {
            fill(disk, &path, content).map_err(|unfilled| match unfilled {
                Unfilled::Disk(error) if error.kind() == io::ErrorKind::AlreadyExists => exists(&path),
                unfilled => unfilled.failure(what),
            })
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&path)),
        placed => placed.doing(what),
    }?;
    disk.sync_folder(&parent(&path))
        .doing(|| format!("be sure that {}, which is in place, would outlast a power cut", path.display()))
}

/// Why a file was not filled.
enum Unfilled {
    /// The disk failed to take it.
    Disk(io::Error),
    /// Its content could not be made.
    Content(Failure),
}

impl Unfilled {
    fn failure(self, what: impl FnOnce() -> String) -> Failure {
        match self {
            Unfilled::Disk(error) => Failure::Disk { what: what(), error },
            Unfilled::Content(failure) => failure,
        }
    }
}

/// Creates a file and waits until it is on disk; where that fails, it goes again.
fn fill(disk: &dyn Disk, path: &Path, content: Content<'_>) -> Result<(), Unfilled> {
    let never = Monitor::default();
    let mut page = StagedFile::new(disk, &never, disk.create_file(path).map_err(Unfilled::Disk)?);
    let filled = content(&mut page);
    let StagedFile { file, failed, .. } = page;
    // What the disk said comes before what became of it on the way through a table's writer.
    let written = match (failed, filled) {
        (Some(error), _) => Err(Unfilled::Disk(error)),
        (None, Err(failure)) => Err(Unfilled::Content(failure)),
        (None, Ok(())) => disk.sync_file(&file).map_err(Unfilled::Disk),
    };
    drop(file);
    written.inspect_err(|_| {
        let _ = disk.remove(path);
    })
}

fn free(path: &Path) -> Result<(), Failure> {
    look(path)?.map_or(Ok(()), |_| Err(exists(path)))
}

fn exists(path: &Path) -> Failure {
    Failure::Option {
        option: path.display().to_string(),
        found: "a file of that name, which exists already".to_owned(),
        allowed: "a name that is free".to_owned(),
        hint: "give another name, or move it away; it was not touched".to_owned(),
    }
}

//! One new file: it appears whole, and never in the place of another.

use std::io;
use std::path::Path;

use super::contents::{existing_parent, look, named, parent};
use super::platform;
use super::system::{Disk, System};
use super::workshop::Workshop;
use crate::cli::exit::{Doing, Failure};
use crate::engine::Monitor;

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
    let mut workshop = Workshop::enter(disk, &path, &Monitor::default())?;
    let what = || format!("write {}", path.display());
    fill(disk, &workshop.draft(), bytes).doing(what)?;
    workshop.put_in_place().doing(what)?;
    disk.sync_folder(&parent(&path))
        .doing(|| format!("be sure that {}, which is in place, would outlast a power cut", path.display()))
}

pub(super) fn place_on(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let path = named(path)?;
    let base = existing_parent(&path)?;
    free(&path)?;
    platform::writable(&base).doing(|| format!("write into {}", base.display()))?;
    let mut workshop = Workshop::enter(disk, &path, &Monitor::default())?;
    // A killed run may have left a folder's old content, which is back now.
    free(&path)?;
    let what = || format!("write {}", path.display());
    fill(disk, &workshop.draft(), bytes).doing(what)?;
    let placed = match workshop.put_where_nothing_is() {
        // Such disks are rare: neither renaming without overwriting nor second names. A crash may leave part of the file here.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => fill(disk, &path, bytes),
        placed => placed,
    };
    match placed {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(&path)),
        placed => placed.doing(what),
    }?;
    disk.sync_folder(&parent(&path))
        .doing(|| format!("be sure that {}, which is in place, would outlast a power cut", path.display()))
}

/// Creates a file and waits until it is on disk; where that fails, it goes again.
fn fill(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = disk.create_file(path)?;
    let mut write = || {
        let mut rest = bytes;
        while !rest.is_empty() {
            match disk.write(&mut file, rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        disk.sync_file(&file)
    };
    let written = write();
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

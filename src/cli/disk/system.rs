//! The disk: the few things that are ever done to it.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::platform;

/// What a run does to the disk. A trait so that a test can let each single operation fail.
pub(super) trait Disk: Debug {
    /// Creates a folder in an existing one.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    /// Creates a file that is not there yet.
    fn create_file(&self, path: &Path) -> io::Result<File>;

    /// Opens a file to lock it; creates it where it is absent.
    fn open_lock(&self, path: &Path) -> io::Result<File>;

    /// Writes some of the bytes.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<usize>;

    /// Waits until a file's content is on disk.
    fn sync_file(&self, file: &File) -> io::Result<()>;

    /// Waits until a folder's entries are on disk.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;

    /// Renames a file or folder to a name that is free; never replaces anything but an empty folder.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Lets two folders swap their names in one step; `Unsupported` where the system cannot.
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()>;

    /// Removes a file, or a folder with all that is in it. Follows no symbolic link.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes a folder that is empty.
    fn remove_empty(&self, path: &Path) -> io::Result<()>;
}

/// The disk as the system offers it.
#[derive(Debug)]
pub(super) struct System;

impl Disk for System {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<File> {
        File::create_new(path)
    }

    fn open_lock(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        file.write(bytes)
    }

    fn sync_file(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        platform::sync_folder(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        match platform::rename_to_free(from, to) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => rename_carefully(from, to),
            done => done,
        }
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        platform::exchange(one, other)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if fs::symlink_metadata(path)?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
    }

    fn remove_empty(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}

/// Renames without overwriting where the system has no such call: a folder cannot replace a file or a full folder anyway, and
/// a second name for a file is only given where that name is free.
pub(super) fn rename_carefully(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    if fs::symlink_metadata(from)?.is_dir() {
        return fs::rename(from, to);
    }
    fs::hard_link(from, to).map_err(|error| match error.kind() {
        // What disks without second names say.
        io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput => io::ErrorKind::Unsupported.into(),
        _ => error,
    })?;
    // The file is in place; its other name goes with the staging folder.
    let _ = fs::remove_file(from);
    Ok(())
}

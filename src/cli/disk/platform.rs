//! What differs between systems: swapping two names, renaming without overwriting, synchronising a folder.

use std::fs::File;
use std::io;
use std::path::Path;

/// Lets two names swap in one step; `Unsupported` where the system or the disk's file system cannot.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    rename(one, other, Manner::Exchange)
}

/// Renames to a name that is free, in one step; `Unsupported` where the system or the disk's file system cannot.
pub(super) fn rename_to_free(from: &Path, to: &Path) -> io::Result<()> {
    rename(from, to, Manner::ToFree)
}

#[derive(Clone, Copy, Debug)]
enum Manner {
    Exchange,
    ToFree,
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename(from: &Path, to: &Path, manner: Manner) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;

    let flags = match manner {
        Manner::Exchange => RenameFlags::EXCHANGE,
        Manner::ToFree => RenameFlags::NOREPLACE,
    };
    renameat_with(CWD, from, CWD, to, flags).map_err(|error| match error {
        // File systems that do not know the flag say invalid argument; so do emulated kernels.
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        error => error.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename(_: &Path, _: &Path, _: Manner) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A folder's entries are on disk once the folder itself is synchronised; only Unix lets one do that.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if !cfg!(unix) {
        return Ok(());
    }
    let opened = match File::open(folder) {
        // A folder that may be written but not read cannot be opened; what is in it works all the same.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(()),
        opened => opened?,
    };
    match opened.sync_all() {
        // Some network file systems synchronise files but no folders, and say so.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Whether one may write into a folder, asked without writing; where the system cannot say, the writing will.
#[cfg(unix)]
pub(super) fn writable(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)?)
}

#[cfg(not(unix))]
pub(super) fn writable(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Whether a folder is the root of a mounted disk, which nothing can be swapped with.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn mounted(folder: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};

    statx(CWD, folder, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::TYPE)
        .is_ok_and(|found| found.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn mounted(_: &Path) -> bool {
    // The swap itself then says that the folder is busy, and nothing is touched.
    false
}

/// Whether `path` still names the opened `file`, not another that took its place.
#[cfg(unix)]
pub(in crate::cli) fn names(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let (opened, named) = (file.metadata()?, std::fs::symlink_metadata(path)?);
    Ok((opened.dev(), opened.ino()) == (named.dev(), named.ino()))
}

#[cfg(not(unix))]
pub(in crate::cli) fn names(path: &Path, _: &File) -> io::Result<bool> {
    std::fs::symlink_metadata(path).map(|named| named.is_file())
}

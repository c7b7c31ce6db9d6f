//! Fault injection: a disk on which one operation fails, or is the last before a crash.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::system::{Disk, System, rename_carefully};

/// What happens at one operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Nothing,
    /// This operation fails, the next ones succeed.
    Once(ErrorKind),
    /// This operation and all after it fail: the disk went read-only.
    EverAfter(ErrorKind),
    /// The process dies in the middle of this operation: half of it is done, and nothing more ever.
    Crash,
}

/// Every kind that is tried at every operation.
pub(super) const KINDS: [Kind; 6] = [
    Kind::Once(ErrorKind::StorageFull),
    Kind::Once(ErrorKind::Other),
    Kind::Once(ErrorKind::PermissionDenied),
    Kind::EverAfter(ErrorKind::ReadOnlyFilesystem),
    Kind::EverAfter(ErrorKind::StorageFull),
    Kind::Crash,
];

/// A disk with one fault. It never waits for the real disk, and writes in small pieces.
#[derive(Debug)]
pub(super) struct FaultyDisk {
    kind: Kind,
    at: usize,
    /// Whether two folders can swap names in one step.
    swaps: bool,
    /// How many operations there were.
    pub(super) done: Cell<usize>,
    /// The operation that failed.
    pub(super) struck: Cell<Option<&'static str>>,
}

impl FaultyDisk {
    pub(super) fn new(kind: Kind, at: usize, swaps: bool) -> FaultyDisk {
        FaultyDisk { kind, at, swaps, done: Cell::new(0), struck: Cell::new(None) }
    }

    pub(super) fn none(swaps: bool) -> FaultyDisk {
        FaultyDisk::new(Kind::Nothing, 0, swaps)
    }

    /// One operation: `half` is what a crash in the middle of it leaves.
    fn step<T>(&self, name: &'static str, half: impl FnOnce(), whole: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let now = self.done.get();
        self.done.set(now + 1);
        let strikes = match self.kind {
            Kind::Nothing => None,
            Kind::Once(error) => (now == self.at).then_some(error),
            Kind::EverAfter(error) => (now >= self.at).then_some(error),
            Kind::Crash => (now >= self.at).then_some(ErrorKind::Other),
        };
        let Some(error) = strikes else { return whole() };
        if now == self.at {
            self.struck.set(Some(name));
            if self.kind == Kind::Crash {
                half();
            }
        }
        Err(error.into())
    }
}

impl Disk for FaultyDisk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.step("create folder", || {}, || System.create_folder(path))
    }

    fn create_file(&self, path: &Path) -> io::Result<File> {
        self.step("create file", || drop(System.create_file(path)), || System.create_file(path))
    }

    fn open_lock(&self, path: &Path) -> io::Result<File> {
        self.step("open lock", || drop(System.open_lock(path)), || System.open_lock(path))
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        let piece = &bytes[..bytes.len().min(4096)];
        let mut again = file.try_clone()?;
        self.step("write", || drop(again.write(&piece[..piece.len() / 2])), || file.write(piece))
    }

    fn sync_file(&self, _: &File) -> io::Result<()> {
        self.step("sync file", || {}, || Ok(()))
    }

    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        self.step("sync folder", || {}, || Ok(()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let whole = || if self.swaps { System.rename(from, to) } else { rename_carefully(from, to) };
        self.step("rename", || {}, whole)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<()> {
        let whole = || if self.swaps { System.exchange(one, other) } else { Err(ErrorKind::Unsupported.into()) };
        self.step("exchange", || {}, whole)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let half = || {
            for entry in fs::read_dir(path).into_iter().flatten().flatten().step_by(2) {
                let _ = System.remove(&entry.path());
            }
        };
        self.step("remove", half, || System.remove(path))
    }

    fn remove_empty(&self, path: &Path) -> io::Result<()> {
        self.step("remove empty", || {}, || System.remove_empty(path))
    }
}
